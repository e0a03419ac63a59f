"""Which channels have a briefing, and when: what people set wins over what the configuration says."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from attrs import define

from bot.briefings.schedule import PlannedBriefing, Schedule, parse, render
from bot.briefings.store import BriefingStore, ScheduleRow
from bot.records import Service


@dataclass(frozen=True, slots=True)
class Defaults:
    """The configuration: `schedule` for these channels (names or ids) unless people set another; `zone` for whoever
    names none; `holidays` on which no channel has a briefing."""

    zone: str
    schedule: Schedule | None = None
    channels: tuple[str, ...] = ()
    holidays: tuple[date, ...] = ()


@define(kw_only=True, eq=False, repr=False, slots=False)
class Schedules(Service):
    """`channel_id` answers with the id of a channel's name, or the name where it has none."""

    _store: BriefingStore
    _defaults: Defaults
    _channel_id: Callable[[str], Awaitable[str]]

    async def set(self, channel: str, text: str, *, by: str) -> PlannedBriefing:
        """Read what somebody typed and keep it for a channel. Raises NotTier2, NotASchedule."""
        await self._people.require_tier2(by)
        before = await self.of(channel)
        schedule = parse(text, zone=before.schedule.zone if before else self._defaults.zone)
        with self._database.transaction():
            self._store.set_schedule(channel, render(schedule), by=by)
        return self._planned((channel,), schedule, by, self._clock())

    async def stop(self, channel: str, *, by: str) -> bool:
        """End the briefings of a channel; False where it had none. Raises NotTier2."""
        await self._people.require_tier2(by)
        had = await self.of(channel)
        with self._database.transaction():
            self._store.set_schedule(channel, "", by=by)
        return had is not None

    async def of(self, channel: str) -> PlannedBriefing | None:
        return next((planned for planned in await self.all() if channel in planned.names), None)

    async def all(self) -> list[PlannedBriefing]:
        """Every channel that has a briefing, once."""
        rows = {row.channel: row for row in self._store.schedules()}
        planned = {channel: self._from_row(row) for channel, row in rows.items() if row.schedule}
        for name in self._defaults.channels if self._defaults.schedule else ():
            channel = await self._channel_id(name)
            if channel not in rows and channel not in planned and self._defaults.schedule:
                names = tuple(dict.fromkeys((channel, name)))
                planned[channel] = self._planned(names, self._defaults.schedule)
        return list(planned.values())

    def _from_row(self, row: ScheduleRow) -> PlannedBriefing:
        schedule = parse(row.schedule, zone=self._defaults.zone)
        return self._planned((row.channel,), schedule, row.set_by, row.set_at)

    def _planned(
        self, names: tuple[str, ...], schedule: Schedule, by: str | None = None, at: datetime | None = None
    ) -> PlannedBriefing:
        now, holidays = self._clock(), self._defaults.holidays
        done = self._store.days_taken(names, since=now.date() - timedelta(days=2))
        next_at = schedule.but_on(holidays).next_after(now, done=done)
        return PlannedBriefing(names, schedule, next_at, holidays=holidays, set_by=by, set_at=at)
