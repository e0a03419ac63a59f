"""The loop that finds tickets past their time and moves them: paced, resumed after a crash, each exactly once."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from attrs import define

from bot.database import patiently
from bot.due_loop import backoff_s
from bot.elevations.gathering import Gatherings
from bot.elevations.model import (
    REFUSALS_MAX,
    ElevatedTicket,
    ElevationProgress,
    ElevationSettings,
    ElevationState,
    MatchedGroups,
    Mode,
    due_at,
    matched,
    mode_at,
    too_old,
)
from bot.elevations.reading import AimReader
from bot.elevations.store import ElevationStore
from bot.elevations.sweeping import ElevationSweep
from bot.elevations.wording import note
from bot.records import Loop
from bot.tickets.desk import DeskError, HelpDesk, OutcomeUnknown, TicketChanged, TicketRefused
from bot.tickets.pace import Pace
from bot.tickets.waiting import (
    ELEVATED_TAG,
    DeskGroup,
    Elevated,
    ElevationOrder,
    ElevationResult,
    TicketWait,
    Wait,
)

logger = logging.getLogger(__name__)

PUT_OFF_S = 60.0
GROUPS_S = 600.0
READS_PER_MINUTE = 20.0
"""Each takes two or three requests, of the 200 a minute that the smallest account has for everybody."""
RETRY_S, LONGEST_RETRY_S = 15.0, 600.0
UNSURE_S = 20.0
"""A request without an answer may still be worked on; after this long the ticket tells."""
REFUSED_RETRY_S, LONGEST_REFUSED_S = 600.0, 3600.0
REFUSED_IN_A_ROW = 3
"""After so many refusals it is no longer about one ticket: the bot may not do it, and somebody has to mend that."""
OTHERS_FIRST = 4
"""So much slower it writes while customers are answered, for whom people wait."""
HOUR = timedelta(hours=1)

_MOVABLE = {
    Mode.OFF: (),
    Mode.DRY: (ElevationState.WAITING,),  # what may have been moved before it is left until it is looked at for good
    Mode.LIVE: (ElevationState.WAITING, ElevationState.UNSURE),
}


@define(kw_only=True, eq=False, repr=False, slots=False)
class ElevationRunner(Loop):
    """One request after the other, so that others find a free thread; everything that it knows is in the database."""

    _store: ElevationStore
    _desk: HelpDesk | None
    _gatherings: Gatherings
    _reader: AimReader
    _settings: ElevationSettings
    _others_write: Callable[[], bool]

    def __attrs_post_init__(self) -> None:
        self._sweep = ElevationSweep(
            records=self._records, store=self._store, reader=self._reader, settings=self._settings
        )
        self._writes, self._reads = Pace(self._settings.per_minute), Pace(READS_PER_MINUTE)
        self._groups, self._groups_at = MatchedGroups(), datetime.min.replace(tzinfo=self._clock().tzinfo)
        self._failures = 0

    @property
    def missing(self) -> tuple[str, ...]:
        """Groups that the settings name and the desk did not have when it was asked last."""
        return self._groups.missing

    async def run(self) -> None:
        """Never returns. Looks first at the tickets that an earlier run was moving when it ended."""
        self.take_up()
        await super().run()

    def take_up(self) -> None:
        """Marks what was being moved when the program ended: it is looked at before anything else is moved."""
        self._store.interrupted()

    async def turn(self) -> datetime | None:
        """Move what is due."""
        if not self._desk or not self._settings.from_groups:
            return None
        try:
            while await self.step(self._desk):
                pass
        except DeskError as error:
            self._desk_failed(error)
        return self.due_at()

    async def step(self, desk: HelpDesk) -> bool:
        """Do the next thing that is due; False where nothing is. Raises DeskError."""
        progress = self._progress()
        now = self._clock()
        if progress.hold_next_at and now < progress.hold_next_at:
            return False
        if not self._groups_at <= now < self._groups_at + timedelta(seconds=GROUPS_S):
            self._groups, self._groups_at = matched(self._settings, await desk.groups()), now
            self._answers(progress)
            return True
        if not self._groups.sources:
            return False
        if now >= self._sweep_at(progress):
            await self._sweep.sweep(desk, self._groups.sources, progress)
            self._answers(progress)
            return True
        did = await self._move_one(desk, progress, now) or await self._read_one(desk, progress, now)
        if did or await self._gatherings.follow(desk):
            self._answers(progress)
            return True
        return await self._gatherings.report(progress)

    def due_at(self) -> datetime:
        """When `step` has something to do again."""
        progress, now = self._store.progress(), self._clock()
        moments: list[datetime | None] = [self._groups_at + timedelta(seconds=GROUPS_S)]
        if self._groups.sources:
            moments += [self._sweep_at(progress), self._move_at(progress, now), self._read_at(now)]
            moments += [self._store.next_look_at()]
        first = min(moment for moment in moments if moment)
        return max(first, progress.hold_next_at or first)

    def _progress(self) -> ElevationProgress:
        """How far it is; begins anew where its mode changed, or where it was off for longer than tickets may wait."""
        progress, now = self._store.progress(), self._clock()
        mode = mode_at(self._settings, progress, now)
        slept = progress.swept_at and now - progress.swept_at > self._settings.oldest
        if mode is progress.mode and not slept:
            return progress
        logger.info("elevation: %s", mode)
        with self._database.transaction():
            self._store.began(mode)
            self._store.progressed(swept_at=None, sweep_next_at=None)
        return self._store.progress()

    def _sweep_at(self, progress: ElevationProgress) -> datetime:
        return progress.sweep_next_at or progress.began_at or self._clock()

    def _move_at(self, progress: ElevationProgress, now: datetime) -> datetime | None:
        """When the next ticket may be moved: it is due, people are at work, the minute and the hour have room."""
        first = self._store.next_at(_MOVABLE[progress.mode])
        if not first:
            return None
        hours = self._settings.hours
        pace = self._reads if progress.mode is Mode.DRY else self._writes
        moment = max(first, now + timedelta(seconds=pace.wait_s(now)), progress.writes_next_at or first)
        if progress.mode is Mode.LIVE:
            last = self._store.elevated_since(now - HOUR)[-self._settings.per_hour :]
            moment = max(moment, last[0] + HOUR) if len(last) >= self._settings.per_hour else moment
        return hours.next_start(moment) if hours else moment

    def _read_at(self, now: datetime) -> datetime | None:
        first = self._store.next_at((ElevationState.READ,))
        return max(first, now + timedelta(seconds=self._reads.wait_s(now))) if first else None

    async def _move_one(self, desk: HelpDesk, progress: ElevationProgress, now: datetime) -> bool:
        move_at = self._move_at(progress, now)
        if not move_at or move_at > now:
            return False
        for ticket in self._store.due(_MOVABLE[progress.mode], now):
            if progress.mode is Mode.DRY:
                await self._read(desk, ticket, progress)
            elif (group := self._groups.of_team.get(ticket.team)) and ticket.wait:
                await self._move(desk, ticket, ticket.wait, group)
            else:  # the settings name no group for it that there is: `/t2 check` says so
                self._store.later(ticket.ticket_id, ticket.state, next_at=now + timedelta(seconds=GROUPS_S))
            return True
        return False

    async def _read_one(self, desk: HelpDesk, progress: ElevationProgress, now: datetime) -> bool:
        read_at = self._read_at(now)
        if not read_at or read_at > now:
            return False
        for ticket in self._store.due((ElevationState.READ,), now):
            await self._read(desk, ticket, progress)
            return True
        return False

    async def _read(self, desk: HelpDesk, row: ElevatedTicket, progress: ElevationProgress) -> None:
        """Since when its customer waits. What a dry run finds due and still the same it would have moved."""
        self._reads.used(self._clock())
        try:
            current = await desk.wait(row.ticket_id)
        except DeskError:
            self._put_off(row)
            raise
        aim = await asyncio.to_thread(self._reader.read, current.ticket) if current else None
        with self._database.transaction():
            wait = self._waits(current)
            if not current or not aim or not wait:
                self._store.quiet(row.ticket_id, current.ticket if current else None)
                return
            due = due_at(wait, self._settings.after, self._settings.hours)
            state = ElevationState.WAITING
            now = self._clock()
            if too_old(wait, self._settings, min(progress.began_at or now, now)):
                state = ElevationState.OLD
            elif row.state is ElevationState.WAITING and wait == row.wait and due <= self._clock():
                state = ElevationState.WOULD
            self._store.judged(current.ticket, aim, wait, state, next_at=due)

    def _waits(self, current: TicketWait | None) -> Wait | None:
        """Who waits, and in one of Tier 1's groups, with a ticket that was never elevated."""
        sources = {group.id for group in self._groups.sources}
        ours = current and current.ticket.group_id in sources and ELEVATED_TAG not in current.ticket.tags
        return current.wait if current and ours else None

    async def _move(self, desk: HelpDesk, ticket: ElevatedTicket, wait: Wait, group: DeskGroup) -> None:
        channel, now = await self._gatherings.channel(ticket.team), self._clock()
        self._writes.used(now)
        if self._others_write():
            self._writes.hold(until=now + OTHERS_FIRST * timedelta(seconds=60 / self._settings.per_minute))
        unsure = ticket.state is ElevationState.UNSURE
        if not self._store.writing(ticket.ticket_id):
            return
        try:
            result = await desk.elevate(ticket.ticket_id, self._order(ticket, wait, group), again=unsure)
        except TicketChanged:
            self._outrun(ticket, unsure=unsure)
        except TicketRefused as error:
            self._refused(ticket, error)
        except OutcomeUnknown:
            self._store.later(ticket.ticket_id, ElevationState.UNSURE, next_at=now + timedelta(seconds=UNSURE_S))
            raise
        except DeskError:
            self._put_off(ticket)
            raise
        else:
            await patiently(partial(self._became, ticket, result, group, channel))

    def _order(self, ticket: ElevatedTicket, wait: Wait, group: DeskGroup) -> ElevationOrder:
        target = self._reader.target(ticket.target)
        left = " or ".join(source.name for source in self._groups.sources[:3])
        words = note(
            lasted=self._clock() - wait.since, left=left, group=group.name, target=target.title if target else ""
        )
        sources = frozenset(source.id for source in self._groups.sources)
        return ElevationOrder(wait, sources, group.id, words, ticket.stamp)

    def _became(self, ticket: ElevatedTicket, result: ElevationResult, group: DeskGroup, channel: str) -> None:
        with self._database.transaction():
            if self._store.progress().refusals >= REFUSED_IN_A_ROW:
                self._store.try_refused_now()
            self._store.progressed(refusals=0, writes_next_at=None)
            if result.kind is Elevated.DONE or result.ours:
                number = self._gatherings.place_for(ticket.team, channel)
                self._store.elevated(ticket.ticket_id, result.ticket, group_id=group.id, gathering_id=number)
            elif result.kind is Elevated.CHANGED and result.wait and result.ticket:
                wait, aim = result.wait, self._reader.read(result.ticket)
                due = due_at(wait, self._settings.after, self._settings.hours)
                self._store.judged(result.ticket, aim, wait, ElevationState.WAITING, next_at=due)
            else:
                self._store.quiet(ticket.ticket_id, result.ticket)

    def _put_off(self, ticket: ElevatedTicket) -> None:
        """One ticket that can't be read must not keep the others waiting."""
        next_at = self._clock() + timedelta(seconds=PUT_OFF_S)
        self._store.later(ticket.ticket_id, ticket.state, next_at=next_at)

    def _outrun(self, ticket: ElevatedTicket, *, unsure: bool) -> None:
        """Somebody changed it at that very moment: it is left alone, and looked at again when that is some time ago.

        Where an earlier attempt may have been done it may have been just that one: the ticket tells soon.
        """
        now = self._clock()
        if unsure:
            self._store.later(ticket.ticket_id, ElevationState.UNSURE, next_at=now + timedelta(seconds=UNSURE_S))
        else:
            self._store.read_again(ticket.ticket_id, at=now + self._settings.after)

    def _refused(self, ticket: ElevatedTicket, error: TicketRefused) -> None:
        """Nothing is lost: it is tried again, ever later; where others are refused too all of them wait."""
        logger.warning("ticket %d is not elevated: %s", ticket.ticket_id, error.reason)
        now, refusals = self._clock(), self._store.progress().refusals + (ticket.attempts == 0)
        over = ticket.attempts + 1 >= REFUSALS_MAX and ticket.state is ElevationState.WAITING
        wait_s = backoff_s(ticket.attempts + 1, first_s=REFUSED_RETRY_S, longest_s=LONGEST_REFUSED_S, asked_s=None)
        with self._database.transaction():
            state = ElevationState.QUIET if over and refusals < REFUSED_IN_A_ROW else ticket.state
            self._store.refused(ticket, state, error.reason, next_at=now + timedelta(seconds=wait_s))
            hold = now + timedelta(seconds=REFUSED_RETRY_S) if refusals >= REFUSED_IN_A_ROW else None
            self._store.progressed(refusals=refusals, writes_next_at=hold)

    def _answers(self, progress: ElevationProgress) -> None:
        self._failures = 0
        if progress.failing_since or progress.hold_next_at:
            self._store.progressed(failing_since=None, failure="", hold_next_at=None)

    def _desk_failed(self, error: DeskError) -> None:
        """Everything waits: a desk that is asked too often by all of us must not be asked by this first."""
        logger.warning("elevation waits: %s", error.sentence)
        self._failures += 1
        wait_s = backoff_s(self._failures, first_s=RETRY_S, longest_s=LONGEST_RETRY_S, asked_s=error.retry_after_s)
        now, progress = self._clock(), self._store.progress()
        self._store.progressed(
            hold_next_at=now + timedelta(seconds=wait_s),
            failing_since=progress.failing_since or now,
            failure=error.reason,
        )
