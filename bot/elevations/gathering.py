"""The messages that tell a team of several tickets at once, and who has taken which."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from attrs import define

from bot.elevations.model import (
    ElevationProgress,
    ElevationSettings,
    ElevationState,
    Gathering,
    GatheringKind,
    Mode,
    TakenBy,
    taken_by,
    takes_more,
)
from bot.elevations.store import ElevationStore
from bot.investigations.service import InvestigationService
from bot.messages.model import Place
from bot.records import Service
from bot.tickets.desk import HelpDesk

VIEW = "elevations"
LOOK_S, LATER_LOOK_S = 30.0, 600.0
"""How often the desk is asked who has taken tickets, in the first hours and after that."""
FIRST_HOURS = timedelta(hours=2)
FOLLOWED = timedelta(days=7)
READ_FIRST = timedelta(hours=1)
"""A report waits so long for what is still to be read: it is said once."""


def gathering_key(gathering_id: int) -> str:
    return f"{VIEW}/{gathering_id}"


@define(kw_only=True, eq=False, repr=False, slots=False)
class Gatherings(Service):
    """Adds tickets to messages, and follows them. Everything is one transaction with what it tells."""

    _store: ElevationStore
    _investigations: InvestigationService
    channel: Callable[[str], Awaitable[str]]
    """The channel of a team."""
    _settings: ElevationSettings

    def place_for(self, team: str, channel: str) -> int:
        """The message that tells of a ticket that is moved now, in the caller's transaction."""
        newest, now = self._store.newest_gathering(channel), self._clock()
        if newest and takes_more(newest, self._store.untaken(newest.id), now, self._settings.gather):
            self._changed(newest.id)
            return newest.id
        return self._open(GatheringKind.MOVED, team, channel)

    async def report(self, progress: ElevationProgress) -> bool:
        """Tell once of what is not moved; False where nothing is to be told now."""
        if not progress.walked_at or not self._read_all(progress):
            return False
        if progress.mode is Mode.DRY:
            return await self._report_dry_run(progress)
        return await self._report_old(progress)

    async def follow(self, desk: HelpDesk) -> bool:
        """Look who has taken the tickets of a message that is due; False where none is."""
        now = self._clock()
        for gathering in self._store.to_look_at(now):
            tickets = self._store.unsettled(gathering.id)
            by_number = {ticket.id: ticket for ticket in await desk.tickets([ticket.ticket_id for ticket in tickets])}
            with self._database.transaction():
                for ticket in tickets:
                    taken = taken_by(by_number.get(ticket.ticket_id), ticket.group_id)
                    if taken is TakenBy.NO and self._is_investigated(ticket.investigation_id):
                        taken = TakenBy.INVESTIGATED
                    if self._store.taken(ticket.ticket_id, taken, ticket.investigation_id):
                        self._changed(gathering.id)
                self._look_again(gathering)
            return True
        return False

    def changed(self, gathering_id: int | None) -> None:
        """In the caller's transaction."""
        if gathering_id is not None:
            self._changed(gathering_id)

    def _look_again(self, gathering: Gathering) -> None:
        now = self._clock()
        age = now - gathering.opened_at
        settled = all(self._is_settled(tally.taken) for tally in self._store.tallies(gathering.id))
        wait_s = LOOK_S if age < FIRST_HOURS else LATER_LOOK_S
        closed = settled or age > FOLLOWED
        self._store.looked(gathering.id, next_at=now + timedelta(seconds=wait_s), closed=closed)

    def _is_settled(self, taken: TakenBy) -> bool:
        """An investigation can end, or say that a ticket does not belong to it."""
        return taken not in (TakenBy.NO, TakenBy.INVESTIGATED)

    def _is_investigated(self, investigation_id: int | None) -> bool:
        return investigation_id is not None and self._investigations.get(investigation_id).live

    def _read_all(self, progress: ElevationProgress) -> bool:
        """Whether what was found is read too; in a dry run also what is due, which is read once more."""
        now, dry = self._clock(), progress.mode is Mode.DRY
        if progress.walked_at and now > progress.walked_at + READ_FIRST:
            return True
        unread = (ElevationState.READ, ElevationState.WAITING) if dry else (ElevationState.READ,)
        return not self._store.count(unread, now)

    async def _report_dry_run(self, progress: ElevationProgress) -> bool:
        """Once a working day: what was found since the last one."""
        now, hours = self._clock(), self._settings.report_hours
        began = hours.start_of(now) if hours else now.replace(hour=0, minute=0, second=0, microsecond=0)
        if not began or (progress.reported_at and began <= progress.reported_at <= now):
            return False
        if await self._report(ElevationState.WOULD, GatheringKind.DRY, since=began):
            return True
        self._store.progressed(reported_at=now)
        return False

    async def _report_old(self, progress: ElevationProgress) -> bool:
        return await self._report(ElevationState.OLD, GatheringKind.OLD, since=progress.began_at or self._clock())

    async def _report(self, state: ElevationState, kind: GatheringKind, *, since: datetime) -> bool:
        """Put some of them into the message of that kind; False where there are none left."""
        teams = self._store.ungathered(state)
        channels = {team: await self.channel(team) for team in teams}
        with self._database.transaction():
            for team, ticket_ids in teams.items():
                number = self._store.told_before(kind, channels[team], since)
                number = number or self._open(kind, team, channels[team])
                self._store.put_into(number, ticket_ids)
                self._changed(number)
        return bool(teams)

    def _open(self, kind: GatheringKind, team: str, channel: str) -> int:
        look_at = self._clock() + timedelta(seconds=LOOK_S)
        number = self._store.gather(kind, channel=channel, team=team, look_at=look_at)
        if kind is not GatheringKind.MOVED:
            self._store.looked(number, next_at=look_at, closed=True)
        self._owed.card(gathering_key(number), view=VIEW, record_id=number, place=Place(channel), human=False)
        return number

    def _changed(self, gathering_id: int) -> None:
        self._owed.changed(gathering_key(gathering_id), human=False)
