"""What an investigation collects: notes, messages, tickets, probe runs; and the whole of it for the cards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from attrs import define

from bot.errors import BadInput, SecondLineError
from bot.field_limits import require_short
from bot.investigations.correction_model import require_possible
from bot.investigations.model import Earlier, Event, EventKind, Investigation, SourceMessage, card_key, standing
from bot.investigations.overview import Overview
from bot.investigations.relation_model import Neighbour
from bot.investigations.service import InvestigationService
from bot.investigations.store import InvestigationStore
from bot.known_issues.model import Age, KnownIssue
from bot.known_issues.service import KnownIssueService
from bot.names import few_named
from bot.probes.batch import Batch
from bot.probes.conclusion import conclusion
from bot.probes.manual import Trial, trial_line
from bot.probes.places import CUSTOMERS, CUSTOMERS_MAX
from bot.probes.registry import PLAYBOOK
from bot.probes.service import ProbeService
from bot.records import Service
from bot.signals import Signal
from bot.status.service import StatusService
from bot.targets.model import Catalog
from bot.tickets.collection import LinkState, NamedTickets, TicketMove
from bot.tickets.desk import DeskError
from bot.tickets.places import reporting
from bot.tickets.service import TicketService

KEPT = 256
"""So many records that were read are kept."""
KEPT_FOR = timedelta(seconds=15)
"""What only the clock changes is seen within this time."""
_ON_BOTH = (EventKind.MERGED, EventKind.UNMERGED, EventKind.RELATED, EventKind.UNRELATED)


class TicketsKept(SecondLineError):
    """Tickets that a person named wait for the desk; `count` is how many."""

    def __init__(self, count: int, reason: str) -> None:
        what = "The ticket is" if count == 1 else f"The {count} tickets are"
        super().__init__(f"Zendesk can't be asked now ({reason}). {what} saved, and added when it answers.")
        self.count = count


@dataclass(frozen=True, slots=True)
class _Kept:
    """A record as it was read, and what it was then."""

    overview: Overview
    version: object
    at: datetime


@define(kw_only=True, eq=False, repr=False, slots=False)
class EvidenceService(Service):
    """Adds to the record of an investigation, and reads all of it."""

    _store: InvestigationStore
    _catalog: Catalog
    _investigations: InvestigationService
    _tickets: TicketService
    _probes: ProbeService
    _status: StatusService
    _known: KnownIssueService

    def __attrs_post_init__(self) -> None:
        self.event, self.decided_since = self._store.event, self._tickets.decided_since
        self._kept: dict[int, _Kept] = {}
        self.decided = Signal[int]()
        """Tickets of an investigation were confirmed or rejected."""

    def overview(self, investigation_id: int, *, details: bool = True) -> Overview:
        """Without details its probes are verdicts alone, for whoever reads many of them, and the same record is given
        again as long as nothing of it was written. Raises NotFound."""
        if details or self._database.in_transaction:
            return self._read(investigation_id, details=details)
        now, kept = self._store.now(), self._kept.get(investigation_id)
        if kept and abs(now - kept.at) < KEPT_FOR and kept.version == self._version(kept.overview):
            return kept.overview
        overview = self._read(investigation_id, details=False)
        if overview.merged:
            return overview
        if len(self._kept) >= KEPT:
            self._kept.clear()
        self._kept[investigation_id] = _Kept(overview, self._version(overview), now)
        return overview

    def _version(self, overview: Overview) -> object:
        """Another one where it would be read as something else, also what it has to do with."""
        investigation, touched = overview.investigation, self._database.touched
        numbers = (investigation.id, *(each.number for each in overview.neighbours))
        written = [touched.record(number, investigation.target) for number in numbers]
        return written, self._status.of(investigation.target)

    def _read(self, investigation_id: int, *, details: bool) -> Overview:
        investigation = self._investigations.get(investigation_id)
        before = self._investigations.resolved_before(investigation)
        target, about = self._catalog.named(investigation.target), list(self._known.about(investigation_id))
        suggested = self._known.suggested(investigation_id) if investigation.live else None
        merged = [self._investigations.get(number) for number in self._investigations.merged_ids(investigation_id)]
        for each in merged:
            about += [issue for issue in self._known.about(each.id) if issue not in about]
        shown_issues = [*about, *([suggested.issue] if suggested else [])]
        events = self._store.timeline(investigation_id)
        return Overview(
            investigation=investigation,
            target=target,
            events=tuple(standing(events)),
            collected=self._tickets.of(investigation_id),
            batches=self._batches([investigation_id, *(each.id for each in merged)], details=details),
            status=self._status.of(investigation.target),
            known=tuple(about),
            ages=tuple(age if investigation.live else age.at_rest() for age in self._ages(shown_issues)),
            earlier=Earlier(before, self._store.now()) if before else None,
            suggested=suggested,
            words=self._store.updates.words(investigation_id),
            withdrawn=tuple(event for event in events if event.withdrawn_at),
            merged=tuple(f"{each.name} {self._catalog.named(each.target).title}" for each in merged),
            came=self._came([each.id for each in merged], events),
            neighbours=tuple(self._neighbours([investigation_id, *(each.id for each in merged)])),
        )

    def neighbours(self, investigation_id: int) -> tuple[Neighbour, ...]:
        """What it has to do with, the causes first."""
        return tuple(self._neighbours([investigation_id, *self._investigations.merged_ids(investigation_id)]))

    def _neighbours(self, own: Sequence[int]) -> Iterator[Neighbour]:
        for relation, bond, number in self._store.around(own):
            other = self._investigations.get(number)
            title = self._catalog.named(other.target).title
            yield Neighbour(relation.id, bond, number, title, other.state, relation.how)

    def _came(self, merged_ids: Sequence[int], own: Sequence[Event]) -> tuple[Event, ...]:
        """What happened in those that go on in one; what stands on both records is told once."""
        told, came = {(event.kind, event.at, event.text) for event in own if event.kind in _ON_BOTH}, list[Event]()
        for event in (event for number in merged_ids for event in self._store.timeline(number)):
            same = (event.kind, event.at, event.text)
            if event.kind not in _ON_BOTH or same not in told:
                came.append(event)
            told.add(same)
        return tuple(came)

    def _batches(self, investigation_ids: Sequence[int], *, details: bool) -> tuple[Batch, ...]:
        """Of one, and of those that go on in it, oldest first."""
        every = [batch for number in investigation_ids for batch in self._probes.of(number, details=details)]
        return tuple(sorted(every, key=lambda batch: batch.id))

    def note(self, investigation_id: int, text: str, *, by: str, at: datetime | None = None) -> None:
        """`at` is when it happened, where that was before. Raises BadInput, TooLong."""
        if not text.strip():
            raise BadInput("A note needs words: `note customers on 2.4 only`.")
        require_short(text, "A note")
        if at:
            require_possible(at, self._investigations.get(investigation_id), self._store.now())
        with self._database.transaction():
            self._investigations.record_event(investigation_id, EventKind.NOTE, by=by, text=text, at=at)

    def add_message(self, investigation_id: int, source: SourceMessage, *, by: str) -> bool:
        """Put a Slack message on the timeline; False where it is there already."""
        with self._database.transaction():
            self._investigations.get(investigation_id)
            added = self._store.record(
                investigation_id, EventKind.MESSAGE, actor=by, about=source.author, text=source.text, source=source
            )
            self._owed.changed(card_key(investigation_id), human=True)
        return added is not None

    def message_edited(self, source: SourceMessage) -> None:
        with self._database.transaction():
            self._changed(self._store.reworded(source))

    def message_removed(self, source: SourceMessage) -> None:
        with self._database.transaction():
            self._changed(self._store.removed(source))

    async def decide(self, investigation_id: int, ticket_ids: Sequence[int], state: LinkState, *, by: str) -> list[int]:
        """Confirm or reject tickets; those for which it was a change."""
        await self._people.require_tier2(by)
        with self._database.transaction():
            changed = self._tickets.decide(investigation_id, ticket_ids, state, by=by)
            if changed:
                self._told_tickets(investigation_id, state, changed, by)
        return changed

    async def confirm_all(self, investigation_id: int, *, shown_at: datetime, by: str) -> list[int]:
        """What the person saw, `shown_at` the search before it: nobody confirms what came while they were reading."""
        collected = self._tickets.of(investigation_id)
        suggested = [ticket.ticket_id for ticket in collected.suggested_by(shown_at)] if collected else []
        return await self.decide(investigation_id, suggested, LinkState.CONFIRMED, by=by)

    async def add_tickets(
        self, investigation_id: int, ticket_ids: Sequence[int], *, by: str, decides: bool = True
    ) -> NamedTickets:
        """Tickets that a person named: Tier 2 confirms them so, others suggest them, and so does who decides nothing.

        Raises TicketsKept where the desk can't be asked now, whatever the reason: they are linked when it can.
        """
        self._investigations.get(investigation_id)
        confirmed = decides and await self._people.is_tier2(by)
        try:
            tickets = await self._tickets.read(ticket_ids)
        except DeskError as error:
            with self._database.transaction():
                self._tickets.keep(investigation_id, ticket_ids, by=by, confirmed=confirmed)
            raise TicketsKept(len(ticket_ids), error.reason) from error
        there = {ticket.id for ticket in tickets}
        missing = tuple(number for number in dict.fromkeys(ticket_ids) if number not in there)
        with self._database.transaction():
            named = replace(self._tickets.link(investigation_id, tickets, by=by, confirmed=confirmed), missing=missing)
            self.linked(investigation_id, replace(named, missing=()), by)
        return named

    async def remove_tickets(self, investigation_id: int, ticket_ids: Sequence[int], *, by: str) -> NamedTickets:
        """Take tickets off the list. Whoever is not of Tier 2 can do that with what they suggested themselves.

        Raises NotTier2.
        """
        self._investigations.get(investigation_id)
        collected = self._tickets.of(investigation_id)
        own = {ticket.ticket_id for ticket in collected.suggested if ticket.added_by == by} if collected else set()
        if not own >= set(ticket_ids):
            await self._people.require_tier2(by)
        with self._database.transaction():
            named = self._tickets.reject(investigation_id, ticket_ids, by=by)
            if named.taken:
                self._told_tickets(investigation_id, LinkState.REJECTED, named.taken, by)
        return named

    async def undo_tickets(self, receipt_id: int, *, by: str) -> tuple[list[int], list[int]]:
        """Take back what somebody did to tickets: which, and which others decided about since. Raises NotTier2."""
        receipt = self._tickets.receipt(receipt_id)
        if by != receipt.by:
            await self._people.require_tier2(by)
        with self._database.transaction():
            back, kept = self._tickets.undo(receipt)
            if back:
                self._told_tickets(receipt.investigation_id, "took back", back, by)
        return back, kept

    async def move_tickets(
        self, investigation_id: int, into: int, ticket_ids: Sequence[int], *, by: str
    ) -> TicketMove | None:
        """Give tickets to another investigation with what was decided of them; None where none of them is here.

        Raises NotTier2, NotFound, BadInput.
        """
        await self._people.require_tier2(by)
        with self._database.transaction():
            one, other = self._investigations.survivor(investigation_id), self._investigations.survivor(into)
            if one.id == other.id:
                raise BadInput(f"They are in {one.name} already. Name the other one: `move 4711 to INV-9`.")
            self._investigations.require_live(other.id)
            move = self._tickets.give(one.id, other.id, ticket_ids, by=by)
            if move:
                self._told_move(move, [*map(int, move.kept), *move.pasted], by, back=False)
        return move

    async def undo_move(self, move_id: int, *, by: str) -> tuple[list[int], list[int]]:
        """Which tickets are back, and which somebody decided about since. Raises NotTier2, BadInput."""
        await self._people.require_tier2(by)
        with self._database.transaction():
            move = self._tickets.given(move_id)
            back = self._tickets.give_back(move, by=by)
            if back:
                self._told_move(move, back, by, back=True)
        named = [*map(int, move.kept), *move.pasted]
        return back, [] if move.undone_at else [number for number in named if number not in back]

    def _told_move(self, move: TicketMove, ticket_ids: Sequence[int], by: str, *, back: bool) -> None:
        """On both timelines, the one that has them no longer first: what others make of tickets follows."""
        count, listed = len(ticket_ids), _numbers(ticket_ids)
        what = f"{count} ticket{'' if count == 1 else 's'}"
        gone, has = (move.into_id, move.investigation_id) if back else (move.investigation_id, move.into_id)
        again = "back " if back else ""
        texts = {gone: f"moved {what} {again}to INV-{has}", has: f"moved {what} {again}here from INV-{gone}"}
        for number, text in texts.items():
            self._investigations.record_event(number, EventKind.TICKETS, by=by, text=f"{text}: {listed}")
            self.decided.tell(number)

    def linked(self, investigation_id: int, named: NamedTickets, by: str) -> None:
        """Tickets were linked, in the caller's transaction."""
        if named.taken:
            state = LinkState.CONFIRMED if named.confirmed else LinkState.SUGGESTED
            self._told_tickets(investigation_id, state, named.taken, by)
        if named.missing:
            listed = ", ".join(f"#{number}" for number in named.missing)
            text = f"not in Zendesk, so left out: {listed}"
            self._investigations.record_event(investigation_id, EventKind.TICKETS, by=by, text=text)

    def probe(self, investigation_id: int, kind: str, what: str, *, by: str, places: Sequence[str] = ()) -> None:
        """Run one probe of the investigation's target, or of what the person named, in its thread."""
        investigation = self._investigations.get(investigation_id)
        place = investigation.thread
        if CUSTOMERS in places:
            places = self._with_customers(investigation_id, places)
        with self._database.transaction():
            self._probes.request(
                kind,
                what or investigation.target,
                place=place,
                by=by,
                investigation_id=investigation_id,
                places=places,
                no_tickets=self._no_tickets(investigation, what),
            )
            if kind == PLAYBOOK:
                self._customers_now(investigation)

    def probe_again(self, batch_id: int, *, by: str) -> None:
        """Run once more what a batch measured, also one outside of investigations, beside it."""
        batch = self._probes.get(batch_id)
        if not batch or batch.investigation_id is None:
            self._probes.run_again(batch_id, by=by)
            return
        investigation = self._investigations.get(batch.investigation_id)
        with self._database.transaction():
            self._probes.run_again(batch_id, by=by, no_tickets=self._no_tickets(investigation, batch.target))
            if batch.playbook:
                self._customers_now(investigation)

    def adopt(self, investigation_id: int, batch_id: int) -> None:
        """What was measured outside of investigations, by a smoke sweep, is evidence of one."""
        with self._database.transaction():
            batch = self._probes.adopt(batch_id, investigation_id)
            if batch:
                text = f"the smoke check. {conclusion(batch)}"
                self._investigations.record_event(investigation_id, EventKind.PROBE, by=None, text=text)

    def customers(self, investigation_id: int) -> tuple[str, ...]:
        """The places that the tickets name most, as far as people did not reject them."""
        collected = self._tickets.of(investigation_id)
        return reporting(collected.tickets, at_most=CUSTOMERS_MAX) if collected else ()

    def searched(self, investigation_id: int) -> None:
        """The tickets are in, in the transaction of their search: the playbook may have waited for them."""
        self._probes.from_customers(investigation_id, self.customers(investigation_id))

    def _no_tickets(self, investigation: Investigation, what: str) -> str:
        """Why no tickets say from where a playbook should look; "" where they do, or will."""
        target = self._catalog.find(what) if what else None
        if target and target.key != investigation.target:
            return f"the tickets are about {self._catalog.named(investigation.target).title}"
        return "" if self._tickets.of(investigation.id) else "no Zendesk is configured"

    def _customers_now(self, investigation: Investigation) -> None:
        """A playbook that comes after the tickets does not wait for the next search."""
        collected = self._tickets.of(investigation.id)
        if collected and collected.watch.last_ok_at:
            self.searched(investigation.id)
        elif not investigation.live:
            self._probes.not_from_customers(investigation.id, "the investigation ended before the tickets were in")

    def _with_customers(self, investigation_id: int, places: Sequence[str]) -> list[str]:
        """The places that were typed, with those of the tickets in the place of the word. Raises BadInput."""
        customers = self.customers(investigation_id)
        if not customers:
            raise BadInput("No ticket of this investigation names a place. Name one: `probe mtr from Brisbane`.")
        rest = [place for place in places if place != CUSTOMERS]
        return [*(place for place in customers if place not in rest), *rest]

    def tried(self, batch_id: int, trial: Trial) -> None:
        """A step of the playbook that somebody did by hand is evidence too."""
        with self._database.transaction():
            batch = self._probes.tried(batch_id, trial)
            if batch.investigation_id:
                text = trial_line(trial)
                self._investigations.record_event(batch.investigation_id, EventKind.PROBE, by=trial.by, text=text)

    def probed(self, batch: Batch) -> None:
        """A batch has ended, in the probe service's own transaction."""
        if batch.investigation_id:
            ran = "the playbook" if batch.playbook else batch.title
            text = f"{ran}. {conclusion(batch)}"
            self._investigations.record_event(batch.investigation_id, EventKind.PROBE, by=None, text=text)

    def _told_tickets(self, investigation_id: int, did: str, ticket_ids: Sequence[int], by: str) -> None:
        text = f"{did} {_numbers(ticket_ids)}"
        self._investigations.record_event(investigation_id, EventKind.TICKETS, by=by, text=text)
        self.decided.tell(investigation_id)

    def _ages(self, about: Sequence[KnownIssue]) -> list[Age]:
        return [self._known.age(name) for name in dict.fromkeys(issue.issue.tracker for issue in about)]

    def _changed(self, investigation_ids: Sequence[int]) -> None:
        for investigation_id in investigation_ids:
            self._owed.changed(card_key(investigation_id), human=False)


def _numbers(ticket_ids: Sequence[int]) -> str:
    return few_named(ticket_ids, 20, name="#{}".format)
