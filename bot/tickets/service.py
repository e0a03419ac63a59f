"""Tickets of investigations: searched again and again, confirmed or rejected by people, tagged in the desk."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.errors import BadInput
from bot.messages.model import Place
from bot.records import Loop, Records
from bot.signals import Signal
from bot.targets.model import Catalog, Target
from bot.tickets.collection import (
    KeptTickets,
    LinkState,
    NamedTickets,
    Receipt,
    TicketMove,
    TicketWatch,
    symptom_words,
)
from bot.tickets.desk import DeskError, HelpDesk
from bot.tickets.fitting import Read, TicketFitting
from bot.tickets.listing import list_order
from bot.tickets.model import SearchResult, Ticket, TicketQuery, TicketSettings
from bot.tickets.store import TicketStore
from bot.tickets.stream_model import StreamPart
from bot.tickets.stream_store import StreamStore

logger = logging.getLogger(__name__)

LISTED = 100
"""How many of the newest tickets are offered; the count is the desk's own."""
RETRY_S = 15.0
TAG_RETRY_S = 60.0
TAG_REFUSED_RETRY_S = 600.0


class NoDesk(BadInput):
    """There is no Zendesk in the configuration."""

    def __init__(self) -> None:
        super().__init__("Zendesk isn't set up, so tickets can't be collected. Ask your admin to look at `/t2 check`.")


def tickets_key(investigation_id: int) -> str:
    return f"tickets/{investigation_id}"


def tag_of(investigation_id: int) -> str:
    return f"inv-{investigation_id}"


class TicketService(Loop):
    """What people do with tickets, and the loop that keeps desk and records in step."""

    def __init__(
        self,
        *,
        records: Records,
        store: TicketStore,
        desk: HelpDesk | None,
        catalog: Catalog,
        settings: TicketSettings,
        read: Read,
        stream: StreamStore,
    ) -> None:
        super().__init__(records=records)
        self._store = store
        self._desk = desk
        self._window = timedelta(hours=settings.window_h)
        self._refresh_s = settings.refresh_s
        self._fitting = TicketFitting(catalog=catalog, read=read)
        self._stream = stream
        # What others ask of the records is the store's to answer.
        self.of, self.customers, self.confirmed_of = store.of, store.customers, store.confirmed_of
        self.confirmed_numbers, self.decided_since = store.confirmed_numbers, store.decided_since
        self.failing, self.untagged = store.failing, store.untagged
        self.linked = Signal[int, NamedTickets, str]()
        """Kept tickets were linked: the investigation, what became of them, and who named them."""
        self.searched = Signal[int]()
        """The tickets of an investigation are in."""
        self.counted = Signal[int]()
        """Other tickets than before are an investigation's: its card shows their number."""

    def watch(self, investigation_id: int, *, target: Target, symptom: str, place: Place) -> bool:
        """Begin to collect, in the caller's transaction; False where there is no desk."""
        if not self._desk:
            return False
        since = self._clock() - self._window
        self._store.watch(investigation_id, target=target.key, phrases=target.search, symptom=symptom, since=since)
        key = tickets_key(investigation_id)
        self._owed.card(key, view="tickets", record_id=investigation_id, place=place, human=False)
        self._wake.set()
        return True

    def of_trend(self, investigation_id: int, ticket_ids: Collection[int]) -> None:
        """These are the trend that is looked into: they are read by number and listed, in the caller's transaction.

        Nobody has confirmed them. Those that are on the list stay what they are, and each counts once.
        """
        if not self._desk or not ticket_ids:
            return
        new = self._store.of_trend(investigation_id, ticket_ids)
        self._store.keep(investigation_id, new, "", confirmed=False, of_trend=True)
        self._owed.changed(tickets_key(investigation_id), human=False)
        self._wake.set()

    def stop(self, investigation_id: int) -> None:
        self._store.active(investigation_id, False)
        self._owed.changed(tickets_key(investigation_id), human=False)
        self._show_others(investigation_id, self._store.confirmed(investigation_id))

    def resume(self, investigation_id: int) -> None:
        self._store.active(investigation_id, True)
        self._show_others(investigation_id, self._store.confirmed(investigation_id))
        self._wake.set()

    def bring(self, number: int, into: int) -> dict[int, LinkState]:
        """Tickets of one that goes on in another, with what people decided of them; in the caller's transaction.

        Its own search goes on, and brings what it finds. Which of the other's own were decided by that, and how.
        """
        joins, own = self._store.joins, dict[int, LinkState]()
        added = joins.bring(number, into)
        for ticket_id, state, by, came in joins.decided_there(number, into):
            self._store.decide(into, [ticket_id], state, by)
            own |= {} if came else {ticket_id: state}
        if added or own:
            self._list_where_nothing_waits(into)
            self._show(into)
            self._wake.set()
        self._owed.changed(tickets_key(number), human=False)
        return own

    def take_out(self, number: int, into: int, decided: Sequence[int], *, by: str) -> None:
        """They go back, with what people decided of them meanwhile; in the caller's transaction.

        `decided` are those of the other's own that were confirmed or taken off by the merge.
        """
        joins = self._store.joins
        self._store.decide(into, joins.still_decided(number, into, decided), LinkState.SUGGESTED, by)
        for ticket_id, state, decided_by in joins.decided_since(number, into):
            self._store.decide(number, [ticket_id], state, decided_by)
        joins.take_out(number, into)
        self._show(number)
        self._show(into)
        self._wake.set()

    def give(self, number: int, into: int, ticket_ids: Sequence[int], *, by: str) -> TicketMove | None:
        """These belong to another investigation, in the caller's transaction; None where the first has none of them.

        What people decided of them goes along, and no search of the first one brings them back.
        """
        move = self._store.places.give(number, into, ticket_ids, by=by)
        if move:
            self._gave(move)
        return move

    def given(self, move_id: int) -> TicketMove:
        """Raises BadInput."""
        move = self._store.places.move(move_id)
        if not move:
            raise BadInput("There is nothing to undo any more.")
        return move

    def give_back(self, move: TicketMove, *, by: str) -> list[int]:
        """Which stand as before in both, in the caller's transaction; what was decided since is left."""
        back = [] if move.undone_at else self._store.places.take_back(move, by=by)
        self._gave(move)
        return back

    def _gave(self, move: TicketMove) -> None:
        self._list_where_nothing_waits(move.into_id)
        for number in (move.investigation_id, move.into_id):
            self._show(number)
            self._show_others(number, [int(ticket_id) for ticket_id in move.kept])
        self._wake.set()

    def unconfirmed(self, investigation_ids: Iterable[int], *, without: Collection[int] = ()) -> int:
        """How many tickets match any of these investigations and nobody said whether they belong to it, each once.

        What a desk counts and does not list is added for each investigation.
        """
        collected = [tickets for number in investigation_ids if (tickets := self._store.of(number))]
        confirmed = {ticket.ticket_id for tickets in collected for ticket in tickets.confirmed}
        listed = {ticket.ticket_id for tickets in collected for ticket in tickets.suggested} - confirmed - set(without)
        return len(listed) + sum(tickets.more for tickets in collected)

    def decide(self, investigation_id: int, ticket_ids: Sequence[int], state: LinkState, *, by: str) -> list[int]:
        """Confirm or reject tickets, in the caller's transaction; those for which it is a change.

        It can be taken back as a whole until somebody decides again.
        """
        before = self._store.decided(investigation_id, ticket_ids)
        changed = self._decide(investigation_id, ticket_ids, state, by)
        self._receipt(investigation_id, by, state, changed, before)
        return changed

    def _decide(self, investigation_id: int, ticket_ids: Sequence[int], state: LinkState, by: str) -> list[int]:
        changed = self._store.decide(investigation_id, ticket_ids, state, by)
        self._show_others(investigation_id, changed)
        self._owed.changed(tickets_key(investigation_id), human=True)
        self._wake.set()
        return changed

    async def read(self, ticket_ids: Sequence[int]) -> list[Ticket]:
        """Tickets by number, since the search index lags behind. Raises DeskError, or NoDesk."""
        if not self._desk:
            raise NoDesk
        tickets = self._store.remembered(await self._desk.tickets(list(ticket_ids)))
        return await asyncio.to_thread(self._fitting.told, tickets)

    def link(
        self, investigation_id: int, tickets: Sequence[Ticket], *, by: str, confirmed: bool = True
    ) -> NamedTickets:
        """Tickets that a person named, in the caller's transaction: confirmed, or suggested for others to decide."""
        ticket_ids = [ticket.id for ticket in tickets]
        before = self._store.decided(investigation_id, ticket_ids)
        self._store.linked(investigation_id, tickets, by)
        if confirmed:
            taken = self._decide(investigation_id, ticket_ids, LinkState.CONFIRMED, by)
        else:
            taken = [number for number in ticket_ids if number not in before]
            self._list_where_nothing_waits(investigation_id)
            self._owed.changed(tickets_key(investigation_id), human=True)
        became = LinkState.CONFIRMED if confirmed else LinkState.SUGGESTED
        no = {} if confirmed else {n: who for n, (state, who) in before.items() if state is LinkState.REJECTED}
        return NamedTickets(
            confirmed=confirmed,
            taken=tuple(taken),
            same=tuple(number for number in ticket_ids if number not in taken and number not in no),
            ruled_out=no,
            receipt=self._receipt(investigation_id, by, became, taken, before),
        )

    def reject(self, investigation_id: int, ticket_ids: Sequence[int], *, by: str) -> NamedTickets:
        """Tickets that a person takes off the list, in the caller's transaction; `missing` are not on it."""
        before = self._store.decided(investigation_id, ticket_ids)
        self._store.kept_no_longer(investigation_id, ticket_ids)
        taken = self._decide(investigation_id, ticket_ids, LinkState.REJECTED, by)
        return NamedTickets(
            confirmed=False,
            taken=tuple(taken),
            same=tuple(number for number in ticket_ids if number in before and number not in taken),
            missing=tuple(number for number in ticket_ids if number not in before),
            receipt=self._receipt(investigation_id, by, LinkState.REJECTED, taken, before),
        )

    def receipt(self, receipt_id: int) -> Receipt:
        """Raises BadInput."""
        receipt = self._store.receipt_of(receipt_id)
        if not receipt:
            raise BadInput("There is nothing to undo any more.")
        return receipt

    def undo(self, receipt: Receipt) -> tuple[list[int], list[int]]:
        """Take back what a person did, in the caller's transaction: which tickets, and which somebody decided since."""
        now = self._store.decided(receipt.investigation_id, list(receipt.before))
        back = [number for number, (state, who) in now.items() if (state, who) == (receipt.became, receipt.by)]
        self._store.undone(receipt, [] if receipt.undone else back)
        self._show_others(receipt.investigation_id, back)
        self._owed.changed(tickets_key(receipt.investigation_id), human=True)
        self._wake.set()
        return ([] if receipt.undone else back), [number for number in now if number not in back]

    def _receipt(
        self,
        investigation_id: int,
        by: str,
        became: LinkState,
        taken: Sequence[int],
        before: Mapping[int, tuple[LinkState, str]],
    ) -> int:
        states = {number: str(before[number][0]) if number in before else "" for number in taken}
        return self._store.receipt(investigation_id, by, became, states) if taken else 0

    def solved(self, ticket_ids: Sequence[int]) -> None:
        """These were answered and solved in the desk by us, in the caller's transaction."""
        for investigation_id in self._store.became(dict.fromkeys(ticket_ids, "solved")):
            self._owed.changed(tickets_key(investigation_id), human=False)

    def opened(self, ticket_ids: Sequence[int]) -> None:
        """These were answered and opened again in the desk by us, in the caller's transaction."""
        for investigation_id in self._store.became(dict.fromkeys(ticket_ids, "open")):
            self._owed.changed(tickets_key(investigation_id), human=False)

    def streamed(self, part: StreamPart) -> None:
        """The desk's stream tells of the status of tickets on lists, in the transaction that stores it."""
        for investigation_id in self._store.became({ticket.id: ticket.status for ticket in part.tickets}):
            self._show(investigation_id)

    def turn_page(self, investigation_id: int, page: int) -> None:
        with self._database.transaction():
            self._store.turn_page(investigation_id, page)
            self._owed.changed(tickets_key(investigation_id), human=True)

    def show_newer(self, investigation_id: int) -> None:
        """Put what came since the list was made where it belongs on it."""
        with self._database.transaction():
            self._list_anew(investigation_id)
            self._owed.changed(tickets_key(investigation_id), human=True)

    def _list_where_nothing_waits(self, investigation_id: int) -> None:
        """In the caller's transaction: while somebody may be ticking, the list stays as it is."""
        collected = self._store.of(investigation_id)
        if collected and collected.newer and not collected.waiting:
            self._list_anew(investigation_id)

    def _list_anew(self, investigation_id: int) -> None:
        if collected := self._store.of(investigation_id):
            self._store.list_anew(investigation_id, list_order(collected))
            self._store.turn_page(investigation_id, 0)

    def keep(self, investigation_id: int, ticket_ids: Sequence[int], *, by: str, confirmed: bool = True) -> None:
        """Link these as soon as the desk answers again, in the caller's transaction."""
        self._store.keep(investigation_id, ticket_ids, by, confirmed=confirmed)
        self._wake.set()

    async def turn(self) -> datetime | None:
        """Search where that is due, tag what was decided, link what could not be linked before."""
        if not self._desk:
            return None
        now = self._clock()
        for kept in self._store.kept(now):  # before the first search, which makes the list
            await self._link_kept(self._desk, kept)
        for watch in self._store.due(now):
            await self._collect(self._desk, watch)
        for investigation_id, ticket_id, present in self._store.tags_due(now):
            await self._tag(self._desk, investigation_id, ticket_id, present)
        return self._store.next_due_at()

    async def _link_kept(self, desk: HelpDesk, kept: KeptTickets) -> None:
        try:
            named = self._store.remembered(await desk.tickets(list(kept.ticket_ids)))
            tickets = await asyncio.to_thread(self._fitting.told, named)
        except DeskError as error:
            wait_s = error.retry_after_s or RETRY_S
            self._store.kept_until(self._clock() + timedelta(seconds=wait_s))
            return
        number = kept.investigation_id
        with self._database.transaction():
            self._store.kept_no_longer(number, kept.ticket_ids)
            if kept.of_trend:
                self._link_trend(number, tickets)
            if kept.by:
                linked = self.link(number, tickets, by=kept.by, confirmed=kept.confirmed)
                there = {ticket.id for ticket in tickets}
                missing = tuple(number for number in kept.ticket_ids if number not in there)
                self.linked.tell(number, replace(linked, missing=missing), kept.by)

    def _link_trend(self, investigation_id: int, tickets: Sequence[Ticket]) -> None:
        """In the caller's transaction."""
        self._store.linked(investigation_id, tickets, "")
        self._store.of_trend(investigation_id, [ticket.id for ticket in tickets])
        self._list_where_nothing_waits(investigation_id)
        self._show(investigation_id)

    async def _collect(self, desk: HelpDesk, watch: TicketWatch) -> None:
        try:
            added = await self._search(desk, watch)
        except DeskError as error:
            logger.warning("tickets of %s: %s", watch.investigation_id, error.sentence)
            wait_s = error.retry_after_s or (RETRY_S if error.retry else self._refresh_s)
            with self._database.transaction():
                self._store.failed(watch, reason=error.reason, next_at=self._clock() + timedelta(seconds=wait_s))
                self._show(watch.investigation_id)
            return
        if added or watch.last_ok_at is None or watch.failing_since:
            logger.info("tickets of %s: %d new", watch.investigation_id, added)

    async def _search(self, desk: HelpDesk, watch: TicketWatch) -> int:
        now = self._clock()
        query = TicketQuery(watch.phrases, watch.since)
        found_there = await desk.search(query, limit=LISTED)
        known = self._store.remembered(found_there.tickets)
        result = SearchResult(known, found_there.total - len(found_there.tickets) + len(known))
        hour_ago = now - timedelta(hours=1)
        last_hour = sum(ticket.created_at > hour_ago for ticket in result.tickets)
        if last_hour == len(result.tickets) < result.total:
            last_hour = await desk.count(TicketQuery(watch.phrases, hour_ago))
        words = symptom_words(watch.symptom)
        also = replace(query, also=words)
        said = (await desk.search(also, limit=LISTED)).tickets if words and result.tickets else ()
        saying = self._store.remembered(said)
        numbers = {ticket.id for ticket in (*result.tickets, *saying)}
        streamed = set(self._streamed(watch)) - numbers
        by_number = await self._by_number(desk, watch, numbers, streamed)
        judged = partial(self._fitting.judged, saying={ticket.id for ticket in saying})
        fits = await asyncio.to_thread(judged, watch, [*result.tickets, *saying, *by_number])
        with self._database.transaction():
            self._show(watch.investigation_id)
            added = self._store.collected(
                watch,
                result,
                last_hour=last_hour,
                saying=saying,
                by_number=by_number,
                streamed=streamed,
                next_at=now + timedelta(seconds=self._refresh_s),
            )
            self._store.fits(watch.investigation_id, fits)
            if watch.last_ok_at is None:
                self._list_anew(watch.investigation_id)
            self._list_where_nothing_waits(watch.investigation_id)
            self.searched.tell(watch.investigation_id)
        return added

    def _streamed(self, watch: TicketWatch) -> list[int]:
        """Tickets that the desk's stream tells of: other words and languages, which no phrase finds."""
        rows = self._stream.newest(target=watch.target, since=watch.since, limit=LISTED) if watch.target else []
        return self._fitting.fitting(watch, rows)

    async def _by_number(
        self, desk: HelpDesk, watch: TicketWatch, numbers: Collection[int], streamed: Collection[int]
    ) -> list[Ticket]:
        """Those that count although no search names them: their status matters too."""
        collected = self._store.of(watch.investigation_id)
        kept = [ticket.ticket_id for ticket in collected.tickets if ticket.kept] if collected else []
        missing = sorted({*kept, *streamed} - {*numbers})
        return list(self._store.remembered(await desk.tickets(missing))) if missing else []

    async def _tag(self, desk: HelpDesk, investigation_id: int, ticket_id: int, present: bool) -> None:
        change = desk.add_tag if present else desk.remove_tag
        self._store.tagging(investigation_id, ticket_id)
        try:
            await change(ticket_id, tag_of(investigation_id))
        except DeskError as error:
            logger.warning("tag of ticket %d: %s", ticket_id, error.sentence)
            wait_s = error.retry_after_s or (TAG_RETRY_S if error.retry else TAG_REFUSED_RETRY_S)
            with self._database.transaction():
                self._store.tag_failed(investigation_id, ticket_id, reason=error.reason, wait_s=wait_s)
                self._owed.changed(tickets_key(investigation_id), human=False)
        else:
            with self._database.transaction():
                self._store.tagged(investigation_id, ticket_id, present)
                self._owed.changed(tickets_key(investigation_id), human=False)

    def _show_others(self, investigation_id: int, ticket_ids: Sequence[int]) -> None:
        """Other investigations no longer offer what belongs to this one."""
        for other in self._store.also_listed(investigation_id, ticket_ids):
            self._show(other)

    def _show(self, investigation_id: int) -> None:
        """The investigation's own card shows the counts too."""
        self._owed.changed(tickets_key(investigation_id), human=False)
        self.counted.tell(investigation_id)
