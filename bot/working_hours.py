"""When people are at work: hours of some days in a zone. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from bot.zones import first_moment

_AHEAD_DAYS = 400


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """`days` are weekdays, 0 for Monday. An `end` that is not after `start` is on the next day: a night shift belongs
    to the day on which it begins.
    """

    start: time
    end: time
    days: frozenset[int]
    zone: tzinfo

    def in_zone(self, zone: tzinfo) -> "WorkingHours":
        """The same hours for somebody who lives elsewhere."""
        return replace(self, zone=zone)

    def contain(self, moment: datetime) -> bool:
        """Whether people are at work; the end itself is over."""
        return self.start_of(moment) is not None

    def start_of(self, moment: datetime) -> datetime | None:
        """When the working time began that contains `moment`, in UTC; None outside."""
        begins, _ = next((begins, ends) for begins, ends in self._shifts(moment) if ends > moment)
        return begins if begins <= moment else None

    def next_start(self, moment: datetime) -> datetime:
        """`moment` itself while people are at work, else when they begin, in UTC."""
        return next(max(begins, moment) for begins, ends in self._shifts(moment) if ends > moment)

    def end_after(self, moment: datetime) -> datetime:
        """The end of the working time that contains `moment`, or of the next one, in UTC."""
        return next(ends for _, ends in self._shifts(moment) if ends > moment)

    def after(self, moment: datetime, span: timedelta) -> datetime:
        """When `span` of working time has passed since `moment`, in UTC."""
        begins = self.next_start(moment)
        while begins + span > (ends := self.end_after(begins)):
            span -= ends - begins
            begins = self.next_start(ends)
        return begins + span

    def _shifts(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """In order, from the day before on. A shift that a change of the clocks leaves nothing of is none."""
        first = moment.astimezone(self.zone).date() - timedelta(days=1)
        for day in (first + timedelta(days=number) for number in range(_AHEAD_DAYS)):
            shift = self._shift(day) if day.weekday() in self.days else None
            if shift and shift[0] < shift[1]:
                yield shift

    def _shift(self, day: date) -> tuple[datetime, datetime] | None:
        last = day if self.start < self.end else day + timedelta(days=1)
        begins, ends = first_moment(day, self.start, self.zone), first_moment(last, self.end, self.zone)
        return (begins, ends) if begins and ends else None
