"""The tables of forgetting: orders, and what is not taken up again."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.database import Row, Store
from bot.forgetting.model import PENDING, Customer, ForgetOrder, Found, Note, OrderState, Scope, Sought
from bot.stored import Stored

_ORDERS = Stored[ForgetOrder](ForgetOrder)
_SOUGHT, _FOUND = Stored[Sought](Sought), Stored[Found](Found)
_FOUNDS = ("of_ticket", "of_customer", "done")


class ForgettingStore(Store):
    """Orders of people, and marks of what is forgotten."""

    def now(self) -> datetime:
        return self._clock()

    def order(self, typed: str, *, by: str) -> int:
        now = self._clock()
        row: Row = {"by": by, "at": now, "state": OrderState.LOOKING, "typed": typed, "next_at": now}
        return self._database.insert("forget_orders", row)

    def get(self, order_id: int) -> ForgetOrder | None:
        row = self._database.row("SELECT * FROM forget_orders WHERE id = ?", order_id)
        return _order(row) if row else None

    def due(self, now: datetime) -> list[ForgetOrder]:
        rows = self._database.rows("SELECT * FROM forget_orders WHERE next_at <= ? ORDER BY next_at", now)
        return [_order(row) for row in rows]

    def next_due_at(self) -> datetime | None:
        return self._database.time("SELECT min(next_at) FROM forget_orders WHERE next_at IS NOT NULL")

    def pending(self) -> int:
        """How many orders are not done yet."""
        states = list(PENDING)
        sql = "SELECT count(*) FROM forget_orders WHERE state IN (SELECT value FROM json_each(?))"
        return int(self._database.value(sql, states))

    def set(self, order_id: int, **values: object) -> None:
        """Set columns of an order; what was found is stored as JSON."""
        written = {name: _FOUND.write(value) if isinstance(value, Found) else value for name, value in values.items()}
        sought = values.get("sought")
        written |= {"sought": _SOUGHT.write(sought)} if isinstance(sought, Sought) else {}
        self._database.update("forget_orders", {"id": order_id}, **written)

    def move(self, order_id: int, state: OrderState, *, among: Collection[OrderState], **values: object) -> bool:
        """Whether it was in one of these states, and is in the new one now."""
        with self._database.transaction():
            order = self.get(order_id)
            if not order or order.state not in among:
                return False
            self.set(order_id, state=state, **values)
        return True

    def add_done(self, order_id: int, found: Found) -> None:
        """Count what went, in the caller's transaction."""
        order = self.get(order_id)
        assert order
        self.set(order_id, done=order.done.plus(found))

    def ended(self, order_id: int, state: OrderState, **values: object) -> None:
        """Nothing of whom it meant is kept."""
        empty: Row = {"typed": "", "sought": "", "next_at": None, "ended_at": self._clock()}
        self.set(order_id, **empty | {"state": state, "of_ticket": "", "of_customer": ""} | values)

    # What is not taken up again

    def mark(self, customer: Customer, *, until: datetime) -> None:
        sql = "INSERT OR IGNORE INTO forgotten_tickets (ticket_id) VALUES (?)"
        self._database.run_many(sql, [(number,) for number in customer.tickets])
        sql = "INSERT OR REPLACE INTO forgotten_customers (customer, until) VALUES (?, ?)"
        self._database.run_many(sql, [(hashed, int(until.timestamp())) for hashed in customer.hashes])

    def unknown(self, notes: Sequence[Note]) -> list[Note]:
        """Notes of orders that this database does not know, neither done nor on their way."""
        known = set(self._database.column("SELECT token FROM forgotten_notes"))
        return [note for note in notes if note.token not in known]

    def noted(self, token: str) -> None:
        """The order with this note is done here."""
        self._database.run("INSERT OR IGNORE INTO forgotten_notes (token) VALUES (?)", token)

    def again(self, note: Note) -> None:
        """Order what was forgotten before a backup was restored, in nobody's name."""
        if self._database.value("SELECT 1 FROM forget_orders WHERE token = ?", note.token):
            return
        now = self._clock()
        sought = Sought(customer=Customer(tickets=note.tickets, hashes=note.hashes, hashed=note.phrases))
        row: Row = {"by": "", "at": now, "state": OrderState.WANTED, "scope": Scope.CUSTOMER, "next_at": now}
        row |= {"sought": _SOUGHT.write(sought), "token": note.token, "confirmed_at": note.until}
        self._database.insert("forget_orders", row)

    # Whom a ticket or a customer is

    def known_tickets(self, *, requesters: Collection[int] = (), hashes: Collection[int] = ()) -> list[int]:
        """Tickets of these customers that are stored."""
        sql = "SELECT DISTINCT ticket_id FROM ticket_links WHERE requester_id IN (SELECT value FROM json_each(?))"
        linked = self._database.column(sql, list(requesters))
        sql = "SELECT id FROM stream_tickets WHERE customer IN (SELECT value FROM json_each(?))"
        streamed = self._database.column(sql, list(hashes))
        return list(dict.fromkeys([*linked, *streamed]))

    def requester_of(self, ticket_id: int) -> int:
        """The desk's number of whoever wrote a ticket, 0 where that is not stored."""
        sql = "SELECT requester_id FROM ticket_links WHERE ticket_id = ? AND requester_id IS NOT NULL LIMIT 1"
        return int(self._database.value(sql, ticket_id) or 0)

    def hash_of(self, ticket_id: int) -> list[int]:
        """What the stream has in place of whoever wrote a ticket."""
        return self._database.column("SELECT customer FROM stream_tickets WHERE id = ?", ticket_id)

    def subjects(self, ticket_ids: Collection[int]) -> list[str]:
        """What is stored of the subjects of these tickets."""
        sql = """SELECT DISTINCT subject FROM (
              SELECT ticket_id, subject FROM ticket_links UNION SELECT ticket_id, subject FROM elevations
              UNION SELECT ticket_id, subject FROM replies)
            WHERE ticket_id IN (SELECT value FROM json_each(?)) AND subject <> ''"""
        return self._database.column(sql, list(ticket_ids))

    def shared(self, subjects: Collection[str], ticket_ids: Collection[int]) -> list[str]:
        """Those of the subjects that other tickets than these have too."""
        sql = """SELECT DISTINCT subject FROM ticket_links WHERE subject IN (SELECT value FROM json_each(?))
            AND ticket_id NOT IN (SELECT value FROM json_each(?))"""
        return self._database.column(sql, list(subjects), list(ticket_ids))

    def backups(self) -> int:
        """How many copies of the database are known."""
        return int(self._database.value("SELECT count(DISTINCT path) FROM backups"))

    def let_go(self, before: datetime) -> int:
        """Ends orders that somebody asked for before then and nobody has confirmed; how many."""
        states = [OrderState.ASKED, OrderState.NOBODY]
        sql = "SELECT id FROM forget_orders WHERE state IN (SELECT value FROM json_each(?)) AND typed <> '' AND at < ?"
        old = self._database.column(sql, states, before)
        for order_id in old:
            self.ended(order_id, OrderState.EXPIRED)
        return len(old)

    def let_go_of_links(self, before: datetime) -> int:
        """Orders that were done before then say no more where something stayed, or which investigations it was."""
        sql = """SELECT id FROM forget_orders WHERE ended_at < ? AND state = 'done'
            AND coalesce(json_extract(done, '$.links[0]'), json_extract(done, '$.investigations[0]')) IS NOT NULL"""
        rows = self._database.column(sql, before)
        for order_id in rows:
            order = self.get(order_id)
            assert order
            self.set(order_id, done=replace(order.done, links=(), investigations=()))
        return len(rows)


def _order(row: Row) -> ForgetOrder:
    read: Row = {name: _FOUND.read(row[name]) if row[name] else Found() for name in _FOUNDS}
    read |= {"sought": _SOUGHT.read(row["sought"]) if row["sought"] else Sought()}
    return _ORDERS.row(row | read | {"scope": Scope(row["scope"]) if row["scope"] else None})
