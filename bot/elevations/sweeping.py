"""Finding the tickets of Tier 1's groups that may wait for too long."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from attrs import define

from bot.elevations.model import Aim, ElevationProgress, ElevationSettings, ElevationState
from bot.elevations.reading import AimReader
from bot.elevations.store import ElevationStore
from bot.records import Service
from bot.tickets.desk import HelpDesk
from bot.tickets.model import Ticket
from bot.tickets.waiting import DeskGroup

NEWEST = 100
"""One page of the newest is read each time."""
OLDER = 400
"""Of a longer list so many more, and the next time the ones behind them: ten thousand are seen in half an hour."""
SECOND = timedelta(seconds=1)
SWEEP_EVERY = timedelta(minutes=1)

_ON_THEIR_WAY = (ElevationState.ELEVATED, ElevationState.WRITING, ElevationState.UNSURE)


@define(kw_only=True, eq=False, repr=False, slots=False)
class ElevationSweep(Service):
    """Searches for candidates; what they are is decided when they are read."""

    _store: ElevationStore
    _reader: AimReader
    _settings: ElevationSettings

    async def sweep(self, desk: HelpDesk, groups: Sequence[DeskGroup], progress: ElevationProgress) -> None:
        """Raises DeskError."""
        newest = await desk.in_groups(groups, created_before=self._clock() - self._settings.after, limit=NEWEST)
        tickets, walk = list(newest.tickets), None
        if newest.more_before:
            start = progress.walk_before or newest.more_before
            # Those that were created in the same second may be on both sides of the page's end.
            older = await desk.in_groups(groups, created_before=start + SECOND, limit=OLDER)
            tickets += older.tickets
            walk = min(older.more_before, start - SECOND) if older.more_before else None
        began_at = min(progress.began_at or self._clock(), self._clock())
        known = self._store.known([ticket.id for ticket in tickets])
        fresh = {ticket.id: ticket for ticket in tickets if ticket.id not in known}
        aims = await asyncio.to_thread(
            self._aims, [ticket for ticket in fresh.values() if self._is_old(ticket, began_at)]
        )
        with self._database.transaction():
            for ticket in tickets:
                row = known.get(ticket.id)
                if row is None:
                    state = ElevationState.OLD if ticket.id in aims else ElevationState.READ
                    self._store.found(ticket, state, aims.get(ticket.id))
                elif row.state not in (*_ON_THEIR_WAY, ElevationState.READ) and ticket.updated_at > row.updated_at:
                    self._store.found(ticket, ElevationState.READ)
            self._store.seen(known)
            now = self._clock()
            self._store.progressed(swept_at=now, sweep_next_at=now + SWEEP_EVERY, walk_before=walk)
            if walk is None and not progress.walked_at:
                self._store.progressed(walked_at=self._clock())

    def _is_old(self, ticket: Ticket, began_at: datetime) -> bool:
        """Nothing was said in it since: whoever waits there, waits for so long that it is not moved."""
        return ticket.updated_at < began_at - self._settings.oldest

    def _aims(self, tickets: Sequence[Ticket]) -> dict[int, Aim]:
        return {ticket.id: self._reader.read(ticket) for ticket in tickets}
