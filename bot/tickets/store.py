"""The tables of ticket searches and of tickets linked to investigations."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.database import Database, Row, Store, moment
from bot.stored import Stored
from bot.tickets.collection import (
    Collected,
    Customers,
    KeptTickets,
    LinkedTicket,
    LinkState,
    ListPart,
    Receipt,
    TicketWatch,
)
from bot.tickets.fitting import Fit
from bot.tickets.join_store import JoinStore
from bot.tickets.model import SearchResult, Ticket
from bot.tickets.place_store import PlaceStore

_ELSEWHERE = """(SELECT min(o.investigation_id) FROM ticket_watches o
    WHERE o.active = 1 AND o.investigation_id <> l.investigation_id AND l.state = 'suggested' AND (
        EXISTS (SELECT 1 FROM ticket_links x WHERE x.ticket_id = l.ticket_id
                AND x.investigation_id = o.investigation_id AND x.state = 'confirmed')
        OR o.investigation_id IN (SELECT value FROM json_each(l.tagged_for))))"""
"""The open investigation that a ticket belongs to already: people said so, or it has its tag in the desk."""

DECISIONS_MAX = 2_000
"""How many of the newest decisions are looked at for what changed: more than a day has."""

_WATCHES = Stored[TicketWatch](TicketWatch, json=("phrases",))
_LINKED = Stored[LinkedTicket](LinkedTicket, json=("places", "plans", "versions", "shared"))
_RECEIPTS = Stored[Receipt](Receipt, json=("before",))


class TicketStore(Store):
    """Questions and verbs of collected tickets."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        super().__init__(database=database, clock=clock)
        self.joins = JoinStore(database=database, clock=clock)
        self.places = PlaceStore(database=database, clock=clock)

    def watch(
        self, investigation_id: int, *, target: str, phrases: Sequence[str], symptom: str, since: datetime
    ) -> None:
        row: Row = {"investigation_id": investigation_id, "target": target, "phrases": list(phrases)}
        self._database.insert("ticket_watches", row | {"symptom": symptom, "since": since, "next_at": self._clock()})

    def active(self, investigation_id: int, active: bool) -> None:
        self._watch(investigation_id, active=int(active), next_at=self._clock(), emptied=0)

    def due(self, now: datetime) -> list[TicketWatch]:
        sql = "SELECT * FROM ticket_watches WHERE active = 1 AND next_at <= ? ORDER BY next_at LIMIT 10"
        return _WATCHES.rows(self._database.rows(sql, now))

    def next_due_at(self) -> datetime | None:
        sql = """SELECT min(at) FROM (SELECT min(next_at) AS at FROM ticket_watches WHERE active = 1
            UNION ALL SELECT min(tag_next_at) FROM ticket_links WHERE tagged <> tag_wanted
            UNION ALL SELECT min(next_at) FROM ticket_pastes)"""
        return self._database.time(sql)

    def of(self, investigation_id: int) -> Collected | None:
        """What was collected: confirmed last, what people suggested first, then unsolved, then those with the symptom's
        words, then the newest. None where there is no desk.
        """
        row = self._database.row("SELECT * FROM ticket_watches WHERE investigation_id = ?", investigation_id)
        if not row:
            return None
        sql = f"""SELECT l.*, coalesce(l.found_at > w.first_ok_at, 0)
                AND l.found_at = (SELECT max(found_at) FROM ticket_links WHERE investigation_id = ?1) AS new,
                {_ELSEWHERE} AS elsewhere
            FROM ticket_links l JOIN ticket_watches w USING (investigation_id) WHERE investigation_id = ?1
            ORDER BY state = 'confirmed', state = 'suggested' AND added_by <> '' DESC,
                status IN ('solved', 'closed', 'deleted'), says DESC, created_at DESC"""
        rows = self._database.rows(sql, investigation_id)
        linked = [_LINKED.row(row) for row in rows]
        kept = [ticket for ticket in linked if ticket.state is not LinkState.REJECTED]
        return Collected(
            _WATCHES.row(row),
            tuple(ticket for ticket in kept if ticket.offered),
            tuple(ticket for ticket in linked if ticket.state is LinkState.REJECTED),
            tuple(ticket for ticket in kept if not ticket.offered),
            self._last_decision(investigation_id),
        )

    def _last_decision(self, investigation_id: int) -> Receipt | None:
        sql = """SELECT * FROM ticket_receipts WHERE investigation_id = ? AND undone = 0 AND became <> 'suggested'
            ORDER BY id DESC LIMIT 1"""
        row = self._database.row(sql, investigation_id)
        return _receipt(row) if row else None

    def list_anew(self, investigation_id: int, order: Sequence[tuple[int, ListPart]]) -> None:
        """Make the list that people tick: these, in this order; what was decided leaves it."""
        self._database.update("ticket_links", {"investigation_id": investigation_id}, rank=None)
        for rank, (ticket_id, part) in enumerate(order):
            sql = """UPDATE ticket_links SET rank = ?, listed_as = ?, listed_at = coalesce(listed_at, ?)
                WHERE investigation_id = ? AND ticket_id = ?"""
            self._database.run(sql, rank, part, self._clock(), investigation_id, ticket_id)

    def also_listed(self, investigation_id: int, ticket_ids: Sequence[int]) -> list[int]:
        """The other investigations whose search found any of these too."""
        sql = """SELECT DISTINCT investigation_id FROM ticket_links WHERE ticket_id IN (SELECT value FROM json_each(?))
            AND investigation_id <> ? AND state = 'suggested'"""
        return self._database.column(sql, list(ticket_ids), investigation_id)

    def confirmed(self, investigation_id: int) -> list[int]:
        sql = "SELECT ticket_id FROM ticket_links WHERE investigation_id = ? AND state = 'confirmed'"
        return self._database.column(sql, investigation_id)

    def fits(self, investigation_id: int, fits: Mapping[int, Fit]) -> None:
        for ticket_id, fit in fits.items():
            read = {"unfit": fit.unfit, "near": fit.near, "shared": fit.shared, "versions": fit.versions}
            self._link(investigation_id, ticket_id, tagged_for=fit.tagged_for, **read)

    def confirmed_of(self, investigation_ids: Sequence[int]) -> list[LinkedTicket]:
        """Tickets that people confirmed for any of these, each once, newest first."""
        sql = """SELECT *, 0 AS new, NULL AS elsewhere FROM ticket_links
            WHERE investigation_id IN (SELECT value FROM json_each(?)) AND state = 'confirmed'
            GROUP BY ticket_id ORDER BY created_at DESC, ticket_id DESC"""
        return _LINKED.rows(self._database.rows(sql, list(investigation_ids)))

    def confirmed_numbers(
        self, investigation_ids: Collection[int], since: datetime
    ) -> dict[int, tuple[list[int], list[int]]]:
        """By investigation those that were named since then, and those of before: for counting many at once."""
        sql = """SELECT investigation_id, json_group_array(ticket_id) FILTER (WHERE found_at > ?1) AS since,
              json_group_array(ticket_id) FILTER (WHERE found_at <= ?1) AS earlier FROM ticket_links
            WHERE investigation_id IN (SELECT value FROM json_each(?2)) AND state = 'confirmed' GROUP BY 1"""
        rows = self._database.rows(sql, since, list(investigation_ids))
        return {row["investigation_id"]: (json.loads(row["since"]), json.loads(row["earlier"])) for row in rows}

    def decided_since(self, since: datetime) -> list[int]:
        """The investigations of whose tickets somebody decided later than that, among the newest decisions."""
        newest = f"SELECT max(id) - {DECISIONS_MAX} FROM ticket_receipts"
        sql = f"SELECT DISTINCT +investigation_id FROM ticket_receipts WHERE id > ({newest}) AND at > ?"
        return self._database.column(sql, since)

    def collected(
        self,
        watch: TicketWatch,
        result: SearchResult,
        *,
        last_hour: int,
        saying: Sequence[Ticket],
        by_number: Sequence[Ticket],
        streamed: Collection[int],
        next_at: datetime,
    ) -> int:
        """Store the outcome of a search, and what was read of tickets `by_number`; how many tickets are new.

        `streamed` are those of `by_number` of which the desk's stream tells.
        """
        now, number = self._clock(), watch.investigation_id
        matching, complete = {*result.tickets, *saying}, len(result.tickets) >= result.total
        oldest = watch.since if complete else min((ticket.created_at for ticket in result.tickets), default=now)
        with self._database.transaction():
            if complete:
                self._database.update("ticket_links", {"investigation_id": number}, matches=0, streamed=0)
            added = sum(self._found(number, ticket, now, matches=True) for ticket in matching)
            for ticket in by_number:
                is_streamed = ticket.id in streamed
                # What is older than the end of a search that ends early counts in its total.
                beyond = not is_streamed and watch.since <= ticket.created_at < oldest
                added += self._found(number, ticket, now, matches=is_streamed or beyond, streamed=is_streamed)
            for ticket in saying:
                self._link(number, ticket.id, says=1)
            sql = """UPDATE ticket_watches SET last_ok_at = ?1, first_ok_at = coalesce(first_ok_at, ?1),
                  failing_since = NULL, failure = '', total = ?, last_hour = ?, next_at = ?
                WHERE investigation_id = ?"""
            self._database.run(sql, now, result.total, last_hour, next_at, watch.investigation_id)
        return added

    def failed(self, watch: TicketWatch, *, reason: str, next_at: datetime) -> None:
        sql = """UPDATE ticket_watches SET failing_since = coalesce(failing_since, ?), failure = ?, next_at = ?
            WHERE investigation_id = ?"""
        self._database.run(sql, self._clock(), reason, next_at, watch.investigation_id)

    def linked(self, investigation_id: int, tickets: Sequence[Ticket], by: str) -> None:
        """Links tickets that a person named, also where no search finds them."""
        for ticket in tickets:
            self._found(investigation_id, ticket, self._clock(), added_by=by)

    def remembered(self, tickets: Sequence[Ticket]) -> tuple[Ticket, ...]:
        """Without those that are forgotten: they are not taken up again, whatever finds them."""
        sql = "SELECT ticket_id FROM forgotten_tickets WHERE ticket_id IN (SELECT value FROM json_each(?))"
        gone = frozenset(self._database.column(sql, [ticket.id for ticket in tickets]))
        return tuple(ticket for ticket in tickets if ticket.id not in gone)

    def decided(self, investigation_id: int, ticket_ids: Sequence[int]) -> dict[int, tuple[LinkState, str]]:
        """How each that is linked stands now, and who decided that ("" for nobody)."""
        sql = """SELECT ticket_id, state, decided_by, added_by FROM ticket_links
            WHERE investigation_id = ? AND ticket_id IN (SELECT value FROM json_each(?))"""
        rows = self._database.rows(sql, investigation_id, list(ticket_ids))
        return {row["ticket_id"]: (LinkState(row["state"]), row["decided_by"] or row["added_by"]) for row in rows}

    def receipt(self, investigation_id: int, by: str, became: LinkState, before: Mapping[int, str]) -> int:
        row: Row = {"investigation_id": investigation_id, "by": by, "at": self._clock(), "became": became}
        return self._database.insert("ticket_receipts", row | {"earlier": dict(before)})

    def receipt_of(self, receipt_id: int) -> Receipt | None:
        row = self._database.row("SELECT * FROM ticket_receipts WHERE id = ?", receipt_id)
        return _receipt(row) if row else None

    def undone(self, receipt: Receipt, ticket_ids: Sequence[int]) -> None:
        """These are again what they were before, on the list too; one that was not there goes, unless the desk may
        have its tag.
        """
        for ticket_id in ticket_ids:
            if receipt.before[ticket_id]:
                self.decide(receipt.investigation_id, [ticket_id], LinkState(receipt.before[ticket_id]), receipt.by)
                self._back_on_list(receipt.investigation_id, ticket_id)
            elif not self._database.run(
                "DELETE FROM ticket_links WHERE investigation_id = ? AND ticket_id = ? AND tagged = 0",
                receipt.investigation_id,
                ticket_id,
            ):
                self.decide(receipt.investigation_id, [ticket_id], LinkState.REJECTED, receipt.by)
        self._database.run("UPDATE ticket_receipts SET undone = 1 WHERE id = ?", receipt.id)

    def _back_on_list(self, investigation_id: int, ticket_id: int) -> None:
        """At its end, where it left the list because that was made anew."""
        sql = """UPDATE ticket_links SET listed_at = coalesce(listed_at, ?1), rank = coalesce(rank,
              (SELECT coalesce(max(rank), -1) + 1 FROM ticket_links WHERE investigation_id = ?2))
            WHERE investigation_id = ?2 AND ticket_id = ?3 AND state = 'suggested'"""
        self._database.run(sql, self._clock(), investigation_id, ticket_id)

    def of_trend(self, investigation_id: int, ticket_ids: Collection[int]) -> list[int]:
        """Marks those that are linked; the others."""
        return [number for number in ticket_ids if not self._link(investigation_id, number, of_trend=1)]

    def keep(
        self, investigation_id: int, ticket_ids: Sequence[int], by: str, *, confirmed: bool, of_trend: bool = False
    ) -> None:
        """Named while the desk could not be asked, or of a trend; of two people the one who decides counts."""
        for ticket_id in ticket_ids:
            sql = """INSERT INTO ticket_pastes (investigation_id, ticket_id, by, next_at, confirmed, of_trend)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET of_trend = max(of_trend, excluded.of_trend),
                  by = iif(excluded.by <> '' AND (by = '' OR excluded.confirmed > confirmed), excluded.by, by),
                  confirmed = max(confirmed, excluded.confirmed)"""
            self._database.run(sql, investigation_id, ticket_id, by, self._clock(), int(confirmed), int(of_trend))

    def kept(self, now: datetime) -> list[KeptTickets]:
        """What is to be asked about now."""
        rows = self._database.rows("SELECT * FROM ticket_pastes WHERE next_at <= ? LIMIT 100", now)
        groups: dict[tuple[int, str, bool, bool], list[int]] = {}
        for row in rows:
            key = (row["investigation_id"], row["by"], bool(row["confirmed"]), bool(row["of_trend"]))
            groups.setdefault(key, []).append(row["ticket_id"])
        return [KeptTickets(*key, tuple(ticket_ids)) for key, ticket_ids in groups.items()]

    def kept_no_longer(self, investigation_id: int, ticket_ids: Sequence[int]) -> None:
        for ticket_id in ticket_ids:
            sql = "DELETE FROM ticket_pastes WHERE investigation_id = ? AND ticket_id = ?"
            self._database.run(sql, investigation_id, ticket_id)

    def kept_until(self, next_at: datetime) -> None:
        """Puts them off, since the desk is still down."""
        self._database.run("UPDATE ticket_pastes SET next_at = ?", next_at)

    def decide(self, investigation_id: int, ticket_ids: Sequence[int], state: LinkState, by: str) -> list[int]:
        """Confirm or reject; the tickets for which that is a change. The tag follows later."""
        tag_wanted = int(state is LinkState.CONFIRMED)
        changed = []
        for ticket_id in ticket_ids:
            sql = """UPDATE ticket_links SET state = ?1, decided_by = ?2, tag_wanted = ?3, tag_failure = '',
                  tag_next_at = ?4, decided_at = ?4, moved_to = NULL
                WHERE investigation_id = ?5 AND ticket_id = ?6 AND state <> ?1"""
            count = self._database.run(sql, state, by, tag_wanted, self._clock(), investigation_id, ticket_id)
            changed += [ticket_id] if count else []
        return changed

    def tags_due(self, now: datetime) -> list[tuple[int, int, bool]]:
        """(investigation, ticket, whether the tag is wanted) where the desk does not have it so yet."""
        sql = """SELECT investigation_id, ticket_id, tag_wanted FROM ticket_links
            WHERE tagged <> tag_wanted AND tag_next_at <= ? ORDER BY tag_next_at LIMIT 20"""
        rows = self._database.rows(sql, now)
        return [(row["investigation_id"], row["ticket_id"], bool(row["tag_wanted"])) for row in rows]

    def tagging(self, investigation_id: int, ticket_id: int) -> None:
        """Until an answer is stored it is unknown whether the desk has the tag (-1)."""
        self._link(investigation_id, ticket_id, tagged=-1)

    def tagged(self, investigation_id: int, ticket_id: int, present: bool) -> None:
        self._link(investigation_id, ticket_id, tagged=int(present), tag_failure="")

    def tag_failed(self, investigation_id: int, ticket_id: int, *, reason: str, wait_s: float) -> None:
        next_at = self._clock() + timedelta(seconds=wait_s)
        self._link(investigation_id, ticket_id, tag_failure=reason, tag_next_at=next_at)

    def customers(self, investigation_id: int, *, after: datetime | None = None) -> Customers:
        """Who wrote tickets that belong or match and are open; later ones than `after` only."""
        sql = """SELECT count(DISTINCT coalesce(requester_id, -ticket_id)) AS count, min(created_at) AS first_at
            FROM ticket_links
            WHERE investigation_id = ?1
              AND (state = 'confirmed' OR state = 'suggested' AND (of_trend = 1 OR matches = 1 AND unfit = ''))
              AND status NOT IN ('solved', 'closed', 'deleted') AND (?2 IS NULL OR created_at > ?2)"""
        row = self._database.row(sql, investigation_id, after)
        assert row
        return Customers(row["count"], moment(row["first_at"]) if row["first_at"] else None)

    def failing(self) -> tuple[datetime, str] | None:
        """Since when the desk does not answer searches, and why; None where it does."""
        sql = """SELECT failing_since, failure FROM ticket_watches WHERE active = 1 AND failing_since IS NOT NULL
            ORDER BY failing_since LIMIT 1"""
        row = self._database.row(sql)
        return (moment(row["failing_since"]), row["failure"]) if row else None

    def untagged(self) -> int:
        """How many tickets the desk would not tag."""
        refused = "SELECT count(*) FROM ticket_links WHERE tagged <> tag_wanted AND tag_failure <> ''"
        return int(self._database.value(refused))

    def became(self, statuses: Mapping[int, str]) -> list[int]:
        """Tickets by number have these statuses; the investigations for which that is a change.

        What the desk has closed is never solved again.
        """
        sql = """UPDATE ticket_links SET status = value FROM json_each(?)
            WHERE ticket_id = CAST(key AS INTEGER) AND status <> value
              AND NOT (status = 'closed' AND value = 'solved') RETURNING investigation_id"""
        return list(dict.fromkeys(self._database.column(sql, dict(statuses))))

    def turn_page(self, investigation_id: int, page: int) -> None:
        self._watch(investigation_id, page=max(0, page))

    def _watch(self, investigation_id: int, **values: object) -> None:
        self._database.update("ticket_watches", {"investigation_id": investigation_id}, **values)

    def _link(self, investigation_id: int, ticket_id: int, **values: object) -> int:
        row: Row = {"investigation_id": investigation_id, "ticket_id": ticket_id}
        return self._database.update("ticket_links", row, **values)

    def _found(
        self,
        investigation_id: int,
        ticket: Ticket,
        now: datetime,
        *,
        matches: bool = False,
        streamed: bool = False,
        added_by: str = "",
    ) -> int:
        """1 where the ticket was not linked before; its subject and status are brought up to date.

        `matches` where a search found it; that a person names it does not make it one that no search finds.
        """
        state: Row = {"subject": ticket.subject, "status": ticket.status, "url": ticket.url}
        state |= {"places": ticket.places, "plans": ticket.plans}
        state |= {"versions": ticket.versions} if ticket.versions else {}
        state |= {"requester_id": ticket.requester_id}
        state |= {"matches": 1, "streamed": int(streamed)} if matches else {}
        if self._link(investigation_id, ticket.id, **state):
            return 0
        row: Row = {"investigation_id": investigation_id, "ticket_id": ticket.id, "state": LinkState.SUGGESTED}
        row |= {"matches": int(matches), "added_by": added_by, "created_at": ticket.created_at, "found_at": now}
        self._database.insert("ticket_links", row | state)
        return 1


def _receipt(row: Row) -> Receipt:
    return _RECEIPTS.row(row | {"before": row["earlier"]})


EMPTIED_AT_ONCE = 5
"""Investigations, with at most a thousand tickets each."""


class SuggestedTickets:
    """Tickets that only a search suggested: nobody decided about them, and reopening finds them again.

    `waiting` gives the investigations whose tickets may still be answered: they belong to a known issue.
    """

    def __init__(self, *, database: Database, waiting: Callable[[], Collection[int]]) -> None:
        self._database = database
        self._waiting = waiting

    def empty(self, before: datetime) -> int:
        """Let go of those of some investigations whose search ended before then; how many investigations."""
        with self._database.transaction():
            sql = """SELECT investigation_id FROM ticket_watches INDEXED BY watches_to_empty
                WHERE active = 0 AND emptied = 0 AND next_at < ?
                  AND investigation_id NOT IN (SELECT value FROM json_each(?)) ORDER BY next_at LIMIT ?"""
            ended = self._database.column(sql, before, sorted(self._waiting()), EMPTIED_AT_ONCE)
            for investigation_id in ended:
                sql = """DELETE FROM ticket_links WHERE investigation_id = ? AND state = 'suggested' AND added_by = ''
                    AND tagged = 0 AND tag_wanted = 0"""
                self._database.run(sql, investigation_id)
                self._database.run("UPDATE ticket_watches SET emptied = 1 WHERE investigation_id = ?", investigation_id)
        return len(ended)
