"""The loop: the stream's tickets go to the detector, and what it finds each minute becomes trends."""

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from attrs import define

from bot.clock import Clock
from bot.due_loop import work_off
from bot.tasks import others_first
from bot.tickets.stream_model import ReadTicket, StreamPart
from bot.trends.model import Rise, TrendMode, TrendSettings, facts_of
from bot.trends.noticing import Noticing
from bot.trends.ports import RiseDetector, StoredTickets
from bot.trends.reports import TrendReports
from bot.trends.resolved import ResolvedWatch
from bot.trends.shadow import Chronicle

logger = logging.getLogger(__name__)

REPLAYED = timedelta(minutes=5)
"""How often the detector looks while it replays weeks that are past."""
LOOKS_AT_ONCE = 12
WARM = timedelta(hours=4)
"""So far back it looks at each start, to know what goes on: more than its longest window."""
FROZEN = 20
"""Parts of the history, some 5,000 tickets, after which the garbage collector leaves alone what is there: the detector
lives as long as the bot, and a walk through all that it has learned would stop everybody for a tenth of a second."""
TURN_S = 60.0
UP_TO_DATE = timedelta(seconds=110)
"""The stream is a minute behind, and asks once a minute."""

After = Callable[[RiseDetector, datetime], Awaitable[None]]
"""What is done after each look: pictures, subjects, messages to agents."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class TrendWatch:
    """Owns the detector. It is not known before the history is read, and each start builds it from what is stored."""

    _clock: Clock
    _new_detector: Callable[[], RiseDetector]
    _stored: StoredTickets
    _noticing: Noticing
    _resolved: ResolvedWatch
    _reports: TrendReports
    _after: Sequence[After]
    _settings: TrendSettings

    def __attrs_post_init__(self) -> None:
        self._detector: RiseDetector | None = None
        self._came: list[ReadTicket] = []
        self._left = set[int]()
        self._looked_at: datetime | None = None
        self._gaps_at: datetime | None = None
        self._up_to_date = False
        self._wake = asyncio.Event()

    @property
    def speaks_from(self) -> datetime | None:
        """When it has learned enough, None before that is known."""
        return self._detector.speaks_from() if self._detector else None

    def heard(self, part: StreamPart) -> None:
        """Tickets were stored, in the transaction that stored them; the history is read from the tables instead."""
        if self._settings.mode is not TrendMode.OFF and part.complete_until:
            self._came += part.tickets
            self._left = (self._left - {ticket.id for ticket in part.tickets}) | set(part.left)
            self._wake.set()

    async def run(self) -> None:
        """Never returns."""
        await work_off(self.turn, wake=self._wake, clock=self._clock, idle_s=TURN_S)

    async def turn(self) -> datetime | None:
        """Look once where the stream is further than it was."""
        until = self._stored.state().complete_until
        if self._settings.mode is TrendMode.OFF or not self._stored.enabled or not until:
            return None
        if not self._detector:
            await self._build(until)
        detector = self._detector
        if not detector or (self._looked_at and until <= self._looked_at):
            return None
        (came, left), (self._came, self._left) = (self._came, self._left), ([], set())
        self._note_gaps(detector, until)
        rises = await asyncio.to_thread(_look, detector, came, left, until)
        self._looked_at = until
        self._resolved.look(detector, until)
        await self._noticing.noticed(rises, until, speaks=self._settings.mode is TrendMode.ON)
        for follow in self._after:
            await follow(detector, until)
        self._reports.daily(self._clock())
        self._note_up_to_date(until)
        return None

    def _note_up_to_date(self, until: datetime) -> None:
        """Once after each start: before that it has looked at what the bot had read when it ended."""
        if not self._up_to_date and self._clock() - until < UP_TO_DATE:
            self._up_to_date = True
            logger.info("trends: up to date, looked up to %s", until)

    async def _build(self, until: datetime) -> None:
        """From what is stored; before the first report with a look every few minutes, as if it had been there."""
        detector, begins_at = self._new_detector(), self._stored.state().begins_at or until
        self._note_gaps(detector, until, since=begins_at)
        chronicle = None if self._reports.reported_at else Chronicle()
        looks_from = begins_at if chronicle else max(begins_at, until - WARM)
        at, parts = looks_from, 0
        async for part in self._stored.history(begins_at, until):
            await asyncio.to_thread(detector.add, part)
            parts += 1
            if parts % FROZEN == 0:
                gc.freeze()
            at = await self._replay(detector, chronicle, at, part[-1].created_at)
            await others_first()
        await self._replay(detector, chronicle, at, until)
        if chronicle:
            await self._report(detector, chronicle, begins_at, until)
        self._detector = detector
        logger.info("trends: learned from %s on, speaks from %s", begins_at, detector.speaks_from())

    async def _replay(
        self, detector: RiseDetector, chronicle: Chronicle | None, at: datetime, until: datetime
    ) -> datetime:
        """Look every few minutes from `at` on, as it would have; up to when it did."""
        while at + REPLAYED <= until:
            looks = [at + REPLAYED * number for number in range(1, LOOKS_AT_ONCE + 1)]
            looks = [look for look in looks if look <= until]
            for look, rises in await asyncio.to_thread(_looks, detector, looks):
                if chronicle:
                    chronicle.look(rises, look)
            at = looks[-1]
            await others_first()
        return at

    async def _report(self, detector: RiseDetector, chronicle: Chronicle, since: datetime, until: datetime) -> None:
        speaks_from = detector.speaks_from()
        said = []
        for trend in chronicle.said(until=until):
            facts = asdict(facts_of(self._stored.tickets(trend.ticket_ids)))
            said.append(replace(trend, **facts, words=self._noticing.words(trend.series)))
        later = speaks_from if speaks_from and speaks_from > until else None
        await self._reports.set_up(said, since=since, until=until, speaks_from=later)

    def _note_gaps(self, detector: RiseDetector, until: datetime, *, since: datetime | None = None) -> None:
        """Those that are new since the last look."""
        for gap in self._stored.gaps(since=since or self._gaps_at or until):
            detector.gap(gap.since, gap.until)
        self._gaps_at = until


def _look(detector: RiseDetector, came: Sequence[ReadTicket], left: Collection[int], at: datetime) -> Sequence[Rise]:
    detector.add(ticket for ticket in came if ticket.id not in left)
    detector.leave(left)
    return detector.step(at)


def _looks(detector: RiseDetector, moments: Sequence[datetime]) -> list[tuple[datetime, Sequence[Rise]]]:
    return [(moment, detector.step(moment)) for moment in moments]
