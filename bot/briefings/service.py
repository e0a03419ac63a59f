"""Briefings: sent once a day, amended while the day lasts, read by people."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import define

from bot.briefings.gather import Gatherer
from bot.briefings.model import Amendment, Briefing, BriefingOverview, NextStep, Situation, amend, amended, briefing_key
from bot.briefings.planning import Schedules
from bot.briefings.schedule import PlannedBriefing
from bot.briefings.store import BriefingStore
from bot.database import Taken
from bot.errors import existing
from bot.investigations.model import Investigation
from bot.investigations.service import InvestigationService
from bot.messages.model import Place
from bot.records import Service

logger = logging.getLogger(__name__)

SHIFT = timedelta(hours=14)
"""So long a briefing is kept true; the next one follows it, and on Monday nobody reads Friday's."""


Now = tuple[dict[int, Investigation], dict[int, NextStep], dict[str, int] | None]


def page_key(briefing_id: int, number: int) -> str:
    """The key of a post in the thread; 0 is the message in the channel."""
    return f"{briefing_key(briefing_id)}/page/{number}" if number else briefing_key(briefing_id)


@define(kw_only=True, eq=False, repr=False, slots=False)
class BriefingService(Service):
    """The unique row of a channel's day is written in the transaction that owes the message, so a day has one briefing:
    after a restart, a change of the clock, and with two processes too.

    `pages` says over how many messages a briefing goes.
    """

    _store: BriefingStore
    schedules: Schedules
    _gatherer: Gatherer
    _investigations: InvestigationService
    _pages: Callable[[BriefingOverview], int]

    def __attrs_post_init__(self) -> None:
        self._latest: dict[int, Now] = {}

    async def now(self, channel: str) -> BriefingOverview:
        """What a briefing of the channel would say now; nothing is kept of it."""
        planned, now = await self.schedules.of(channel), self._clock()
        day = now.astimezone(ZoneInfo(planned.schedule.zone)).date() if planned else now.date()
        said = await self._gather(planned.names if planned else (channel,), day)
        return BriefingOverview(Briefing(0, channel, day, now, said))

    async def tick(self) -> None:
        """Send what is due by the records, amend what was sent; called each minute, and once at the start."""
        await self.send_due()
        await self.keep_true()

    async def send_due(self) -> None:
        """Owe every briefing that is due and was not sent, also late after a restart."""
        for planned in await self.schedules.all():
            due = planned.due(self._clock())
            if due and due[0] not in self._store.days_taken(planned.names, since=due[0]):
                await self._send(planned, *due)

    async def keep_true(self) -> None:
        """Amend what has changed since today's briefings were sent, and show what became of their investigations."""
        for briefing in self._store.latest_since(self._clock() - SHIFT):
            with self._database.transaction():
                new = self._amendments(briefing)
                for amendment in new:
                    self._store.amend(briefing.id, amendment)
                now = self._now(briefing)
                if new or self._latest.get(briefing.id) != now:
                    self._changed(briefing.id, human=False)
            self._latest[briefing.id] = now

    async def read(self, briefing_id: int, *, by: str) -> tuple[bool, tuple[str, ...]]:
        """Somebody has read it: whether for the first time, and everybody who has. Raises NotFound."""
        self._get(briefing_id)
        with self._database.transaction():
            first = self._store.read(briefing_id, by)
            if first:
                self._owed.changed(briefing_key(briefing_id), human=True)
        return first, self._store.readers(briefing_id)

    async def join(self, briefing_id: int, investigation_id: int, *, by: str) -> None:
        """Join an investigation from a briefing, whose message then shows it."""
        await self._investigations.join(investigation_id, by=by)
        self._changed(briefing_id, human=True)

    async def claim(self, briefing_id: int, investigation_id: int, *, by: str) -> None:
        """Become the owner of an investigation from a briefing. Raises AlreadyOwned, NotTier2."""
        await self._investigations.claim(investigation_id, by=by)
        self._changed(briefing_id, human=True)

    def overview(self, briefing_id: int) -> BriefingOverview:
        """A briefing with all that was amended since. Raises NotFound."""
        briefing = self._get(briefing_id)
        amendments, readers = self._store.amendments(briefing_id), self._store.readers(briefing_id)
        return BriefingOverview(briefing, amendments, readers, *self._now(briefing))

    def page(self, page_id: int) -> tuple[BriefingOverview, int] | None:
        """A post in the thread of a briefing, and its number."""
        place = self._store.page(page_id)
        return (self.overview(place[0]), place[1]) if place else None

    async def _send(self, planned: PlannedBriefing, day: date, due_at: datetime) -> None:
        said = await self._gather(planned.names, day)
        try:
            with self._database.transaction():
                number = self._store.begin(planned.names, day, due_at=due_at, said=said)
                self._owe(number, Place(planned.channel), planned.set_by or "")
        except Taken:
            logger.info("the briefing of %s in %s was sent already", day, planned.channel)

    async def _gather(self, names: tuple[str, ...], day: date) -> Situation:
        last = self._store.latest_of(names)
        return await self._gatherer.situation(names[0], now=self._clock(), day=day, before=last.said if last else None)

    def _owe(self, briefing_id: int, place: Place, for_user: str) -> None:
        """The message, and in its thread what does not fit into it, one after the other."""
        root = briefing_key(briefing_id)
        self._owed.post(root, view="briefing", record_id=briefing_id, place=place, for_user=for_user)
        for number in range(1, self._pages(self.overview(briefing_id))):
            self._owed.post(
                page_key(briefing_id, number),
                view="briefing_page",
                record_id=self._store.add_page(briefing_id, number),
                place=Place(place.channel, thread_key=root),
                for_user=for_user,
                after=page_key(briefing_id, number - 1),
            )

    def _changed(self, briefing_id: int, *, human: bool) -> None:
        self._owed.changed(briefing_key(briefing_id), human=human)
        for number in self._store.pages_of(briefing_id):
            self._owed.changed(page_key(briefing_id, number), human=human)

    def _amendments(self, briefing: Briefing) -> list[Amendment]:
        issues, before = briefing.said.told_issues, self._store.amendments(briefing.id)
        current, now = self._gatherer.current(issues), self._clock()
        return [
            amendment
            for number, issue in issues.items()
            if number in current
            for amendment in amend(amended(issue, before), current[number], now)
        ]

    def _now(self, briefing: Briefing) -> Now:
        """Its investigations as they are, what they need, and who still waits to be told."""
        investigations = {ongoing.id: self._investigations.get(ongoing.id) for ongoing in briefing.said.investigations}
        waiting = self._gatherer.not_told() if briefing.said.not_told else None
        return investigations, self._gatherer.next_steps(investigations.values()), waiting

    def _get(self, briefing_id: int) -> Briefing:
        return existing(self._store.get(briefing_id), "There is no such briefing.")
