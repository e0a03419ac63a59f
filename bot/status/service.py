"""The status of targets: sources read again and again, trouble announced, silenced by people."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from attrs import define

from bot.due_loop import backoff_s, work_off
from bot.records import Service
from bot.signals import Signal
from bot.status.announcements import Announcements
from bot.status.board import StatusBoard
from bot.status.model import Expected, Level, PlannedWork, SourceState, TargetStatus
from bot.status.source import SourceError
from bot.status.store import is_page
from bot.targets.model import Catalog

logger = logging.getLogger(__name__)

TICK_S = 15.0
"""How soon changes that only time brings are seen: a silence that ends, an alert that has fired long enough."""
LONGEST_WAIT_S = 600.0
SPREAD = 0.1
"""Readings come up to so much later than they are due, so that sources are not all asked at the same moment."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class StatusService(Service):
    """Reads all sources. `announcements` says what is announced and silenced; `spread` gives numbers from 0 to 1."""

    _board: StatusBoard
    announcements: Announcements
    _catalog: Catalog
    _team_channel: Callable[[str], Awaitable[str]]
    _spread: Callable[[], float] = random.random

    def __attrs_post_init__(self) -> None:
        self._next: dict[str, datetime] = {}
        self._failures: dict[str, int] = {}
        self.changed = Signal[str]()
        """Something else is shown of a target, or of a page as a whole, than before."""

    def of(self, target: str) -> TargetStatus | None:
        """What all sources say about a target; None where none says anything about it."""
        return self._board.of(target)

    def all(self) -> list[TargetStatus]:
        """Returns every target that a source concerns or that is in maintenance, in the order of the configuration,
        then the pages that have something open which is about all of them.
        """
        targets = [status for target in self._board.shown if (status := self._board.of(target))]
        pages = [status for page in self._board.pages if (status := self._board.of(page))]
        return [*targets, *(status for status in pages if _has_news(status))]

    def page_called(self, subject: str) -> str:
        """The title of the page that an announcement is about as a whole, "" where it is about a target."""
        watched = self._board.watched.get(subject)
        return watched.title if watched else "status page" if is_page(subject) else ""

    def planned(self) -> list[PlannedWork]:
        """Every maintenance that pages announce, as they said last."""
        return self._board.planned()

    def is_current(self, page: str) -> bool:
        """Whether a page, by its name, has answered and does."""
        return self._board.is_current(page)

    def announces(self, page: str) -> bool:
        """Whether what a page says is told in channels."""
        watched = self._board.watched.get(page)
        return bool(watched and watched.announce)

    def expected(self, target: str) -> Expected | None:
        """The maintenance that a target is in now."""
        return self._board.expected.get(target)

    def expect(self, expected: Mapping[str, Expected]) -> None:
        """These targets are in maintenance from now on, and no others: it is shown, and what is no longer expected is
        announced, soon.
        """
        if expected != self._board.expected:
            self._board.expected = expected
            self.announcements.wake.set()

    def sources(self) -> list[SourceState]:
        return self._board.states()

    async def run(self) -> None:
        """Reads what is due, announces and silences, without end."""
        await work_off(self.turn, wake=self.announcements.wake, clock=self._clock, idle_s=TICK_S)

    async def turn(self) -> datetime | None:
        """Runs one round; returns when the next source is due."""
        now = self._clock()
        due = [name for name in self._board.watched if self._next.get(name, now) <= now]
        await asyncio.gather(*(self._read(name) for name in due))
        with self._database.transaction():
            self._tell()
        channels = {target: await self._channel(target) for target in self.announcements.due()}
        self.announcements.judge(channels)
        await self.announcements.work()
        return min(self._next.values(), default=None)

    async def _channel(self, subject: str) -> str:
        """A page as a whole is told to the team of the first target that it has a component for."""
        page = self._board.watched.get(subject)
        target = next(iter(page.concerns), "") if page else subject
        return await self._team_channel(self._catalog.named(target).team)

    async def _read(self, name: str) -> None:
        watched = self._board.watched[name]
        try:
            reading = await watched.source.read()
        except SourceError as error:
            logger.warning("status: %s", error.sentence)
            self._failures[name] = self._failures.get(name, 0) + 1
            first_s, longest_s = watched.refresh_s, max(LONGEST_WAIT_S, watched.refresh_s)
            wait_s = backoff_s(self._failures[name], first_s=first_s, longest_s=longest_s, asked_s=error.retry_after_s)
            with self._database.transaction():
                self._board.failed(name, error.reason)
                self._tell()
        else:
            self._failures[name], wait_s = 0, watched.refresh_s
            concerned = await asyncio.to_thread(self._board.concerned, name, reading)
            with self._database.transaction():
                self._board.read(name, reading, concerned)
                self._tell()
        self._next[name] = self._clock() + timedelta(seconds=wait_s * (1 + SPREAD * self._spread()))

    def _tell(self) -> None:
        for target in self._board.changed():
            self.changed.tell(target)
            self.announcements.show(target)


def _has_news(status: TargetStatus) -> bool:
    return any(report.trouble or report.level is Level.MAINTENANCE for report in status.reports)
