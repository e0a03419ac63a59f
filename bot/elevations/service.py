"""What people do with elevated tickets: look at them, look into them, and see how it goes."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from attrs import define

from bot.elevations.gathering import Gatherings
from bot.elevations.model import (
    ElevationSettings,
    ElevationState,
    ElevationStatus,
    GatheredTickets,
    Gathering,
    GatheringKind,
    Mode,
    TakenBy,
    mode_at,
)
from bot.elevations.store import ElevationStore
from bot.errors import existing
from bot.investigations.evidence import EvidenceService, TicketsKept
from bot.investigations.model import OpenedInvestigation
from bot.investigations.service import InvestigationService
from bot.records import Service
from bot.targets.model import Catalog
from bot.tickets.service import TicketService

DAY = timedelta(days=1)
LINKED_MAX = 200
"""Tickets that one press puts on an investigation's list; another press brings the next ones."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class ElevationService(Service):
    """Reads the records of elevation, and opens investigations from them."""

    _store: ElevationStore
    _gatherings: Gatherings
    _investigations: InvestigationService
    _evidence: EvidenceService
    _tickets: TicketService
    _catalog: Catalog
    _settings: ElevationSettings

    def __attrs_post_init__(self) -> None:
        self.missing: Callable[[], tuple[str, ...]] = tuple
        """Groups that the desk does not have, as far as it was asked."""

    def gathered(self, gathering_id: int, *, listed: int = 0) -> GatheredTickets:
        """What a message shows, and so many of its tickets. Raises NotFound."""
        gathering = existing(self._store.gathering(gathering_id), "That message is about nothing that is kept.")
        dry = gathering.kind is GatheringKind.DRY
        return GatheredTickets(
            gathering=gathering,
            tallies=tuple(self._store.tallies(gathering_id)),
            tickets=tuple(self._store.first_of(gathering_id, listed)),
            after=self._settings.after,
            oldest=self._settings.oldest,
            earlier=self._store.untaken_before(gathering) if gathering.kind is GatheringKind.MOVED else 0,
            old=self._store.count_of_team(ElevationState.OLD, gathering.team) if dry else 0,
            ends_at=self._dry_run_ends() if dry else None,
        )

    async def investigate(self, gathering_id: int, target_key: str, *, by: str) -> OpenedInvestigation:
        """Open the target's investigation, or find it, and suggest the tickets that name it.

        They are suggested and not confirmed: their target was read from their words, and what is confirmed is answered
        in rounds, so a person says which of them belong to it. Raises NotFound, TicketsKept where the desk is away.
        """
        gathering: Gathering = self.gathered(gathering_id).gathering
        target = existing(
            self._catalog.get(target_key), "That target is no longer configured. Type `/investigate` to choose another."
        )
        opened = await self._investigations.open(target, symptom="", by=by, channel=gathering.channel)
        number, waiting = opened.investigation.id, self._store.waiting_about(gathering_id, target_key, LINKED_MAX)
        ids = [ticket.ticket_id for ticket in waiting]
        try:
            if ids:
                await self._evidence.add_tickets(number, ids, by=by, decides=False)
        except TicketsKept:
            self._investigated(gathering_id, ids, number)
            raise
        self._investigated(gathering_id, ids, number)
        return opened

    def _investigated(self, gathering_id: int, ticket_ids: Sequence[int], investigation_id: int) -> None:
        """Only once they are on its list, or will be: after a crash in between the message still offers them."""
        with self._database.transaction():
            for ticket_id in ticket_ids:
                self._store.taken(ticket_id, TakenBy.INVESTIGATED, investigation_id)
            self._gatherings.changed(gathering_id)

    def decided(self, investigation_id: int) -> None:
        """People said which tickets belong to an investigation, in the transaction that says so."""
        collected = self._tickets.of(investigation_id)
        if not collected:
            return
        rejected = {ticket.ticket_id for ticket in collected.rejected}
        for ticket in self._store.of_investigation(investigation_id):
            if ticket.ticket_id in rejected:
                back = TakenBy.NO if ticket.taken is TakenBy.INVESTIGATED else ticket.taken
                self._store.taken(ticket.ticket_id, back)
                self._gatherings.changed(ticket.gathering_id)
        confirmed = [ticket.ticket_id for ticket in collected.confirmed]
        for ticket in self._store.waiting_among(confirmed):
            self._store.taken(ticket.ticket_id, TakenBy.INVESTIGATED, investigation_id)
            self._gatherings.changed(ticket.gathering_id)

    def status(self) -> ElevationStatus:
        progress, now = self._store.progress(), self._clock()
        mode = mode_at(self._settings, progress, now)
        if mode is Mode.OFF:
            return ElevationStatus(mode, self._settings.after)
        would = self._store.count((ElevationState.WOULD,))
        return ElevationStatus(
            mode=mode,
            after=self._settings.after,
            today=would if mode is Mode.DRY else len(self._store.elevated_since(now - DAY)),
            waiting=self._store.count((ElevationState.WAITING, ElevationState.UNSURE), now),
            ends_at=self._dry_run_ends() if mode is Mode.DRY else None,
            failing_since=progress.failing_since,
            failure=progress.failure,
            refused=self._store.refusals(),
            problems=self.missing(),
        )

    def _dry_run_ends(self) -> datetime | None:
        """None where the settings say that it never does."""
        if self._settings.dry_run:
            return None
        began = self._store.progress().dry_at or self._clock()
        return began + timedelta(days=self._settings.dry_run_days)
