"""The tables of the stream: tickets without text and names, and the words that several customers use."""

import secrets
import sys
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.database import Database, Row, moment
from bot.stored import Stored
from bot.tickets.stream import LeftRow
from bot.tickets.stream_hash import KEY_BYTES
from bot.tickets.stream_model import ReadTicket, StreamGap, StreamState

DAY_S = 86_400
RARE_DAYS = 7
"""So long after its last use a term is forgotten that less than three customers used."""
READ_AT_ONCE, FORGOTTEN_AT_ONCE = 500, 500
ALWAYS = datetime.max.replace(tzinfo=UTC)

_STATE = Stored[StreamState](StreamState)
_COLUMNS = """id, created_at, updated_at, status, customer, assignee_id, affected, elsewhere, symptom, platform,
    versions, codes, language, terms"""
_NEWEST_FIRST = "ORDER BY created_at DESC, id DESC"
_PUT = f"INSERT OR REPLACE INTO stream_tickets ({_COLUMNS}) VALUES ({', '.join('?' * 14)})"
_USED = """
    INSERT INTO stream_terms (term, first, day) VALUES (?1, ?2, ?4)
    ON CONFLICT (term) DO UPDATE SET
        second = CASE WHEN second IS NULL AND first <> ?2 THEN ?2 ELSE second END,
        word = CASE WHEN word IS NULL AND second IS NOT NULL AND ?2 NOT IN (first, second) THEN ?3 ELSE word END,
        day = max(day, ?4)
    WHERE day < ?4 OR (second IS NULL AND first <> ?2)
       OR (word IS NULL AND second IS NOT NULL AND ?2 NOT IN (first, second))
"""
"""The third customer's ticket brings the word: those of the first two were read and forgotten."""


class StreamStore:
    """Questions and verbs of the stream."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def state(self) -> StreamState:
        row = self._database.row("SELECT * FROM stream_state WHERE id = 1")
        return _STATE.row({name: value for name, value in row.items() if name not in ("id", "key")}) if row else _NEW

    def created(
        self, *, since: datetime, until: datetime, after: int = 0, limit: int = READ_AT_ONCE
    ) -> list[ReadTicket]:
        """Tickets created from `since` on and before `until`, the oldest first, as many as `limit`.

        The next ones are those `since` the last one's time `after` its id.
        """
        part = "(created_at, id) > (?, ?) AND created_at < ? ORDER BY created_at, id LIMIT ?"
        return self._tickets(part, _seconds(since), after, _seconds(until), limit)

    def tickets(self, ids: Collection[int]) -> list[ReadTicket]:
        """These tickets, the newest first; those that the stream does not have are left out."""
        return self._tickets(f"id IN (SELECT value FROM json_each(?)) {_NEWEST_FIRST}", list(ids))

    def newest(
        self,
        *,
        since: datetime,
        until: datetime = ALWAYS,
        target: str = "",
        symptom: str = "",
        version: str = "",
        term: int = 0,
        limit: int = 100,
    ) -> list[ReadTicket]:
        """The newest tickets of a series in a span of time; what is not given is not asked for."""
        terms = _packed((term,)) if term else b""
        series = f"""created_at >= ?1 AND created_at < ?2
            AND (?3 = '' OR instr(char(10) || affected || char(10), char(10) || ?3 || char(10)))
            AND (?4 = '' OR symptom = ?4)
            AND (?5 = '' OR instr(char(10) || versions || char(10), char(10) || ?5 || char(10)))
            AND (?6 = x'' OR instr(terms, ?6)) {_NEWEST_FIRST} LIMIT ?7"""
        found = self._tickets(series, _seconds(since), _seconds(until), target, symptom, version, terms, limit)
        # Eight bytes may also be found in the middle of two terms.
        return [ticket for ticket in found if not term or term in ticket.terms]

    def words(self, terms: Iterable[int]) -> Mapping[int, str]:
        """The words of these terms, as far as at least three customers used them."""
        sql = """SELECT term, word FROM stream_terms WHERE word IS NOT NULL
            AND term IN (SELECT value FROM json_each(?))"""
        rows = self._database.rows(sql, list(terms))
        return {row["term"]: row["word"] for row in rows}

    def gaps(self, *, since: datetime) -> list[StreamGap]:
        """Spans of time that were read late and end after `since`, the oldest first."""
        rows = self._database.rows("SELECT * FROM stream_gaps WHERE until > ? ORDER BY until", since)
        return [StreamGap(moment(row["since"]), moment(row["until"]), bool(row["desk"])) for row in rows]

    def begin(self, begins_at: datetime, *, version: str = "") -> bytes:
        """Begin anew, with what is created from `begins_at` on; the key of the hashes, which stays the same."""
        key = self._database.value("SELECT key FROM stream_state WHERE id = 1")
        with self._database.transaction():
            self._database.run("DELETE FROM stream_state")
            kept = key or secrets.token_bytes(KEY_BYTES)
            self._database.insert("stream_state", {"id": 1, "key": kept, "begins_at": begins_at, "version": version})
        return bytes(kept)

    def key(self) -> bytes:
        return bytes(self._database.value("SELECT key FROM stream_state WHERE id = 1") or b"")

    def note(self, **state: object) -> None:
        """Set fields of the state."""
        self._database.update("stream_state", {"id": 1}, **state)

    def late(self, gap: StreamGap) -> None:
        """Keep that these tickets came late; a gap that goes on becomes longer."""
        same = "UPDATE stream_gaps SET until = max(until, ?), desk = max(desk, ?) WHERE since = ?"
        if self._database.run(same, gap.until, int(gap.desk), gap.since):
            return
        self._database.insert("stream_gaps", {"since": gap.since, "until": gap.until, "desk": int(gap.desk)})

    def put(self, tickets: Sequence[ReadTicket]) -> tuple[ReadTicket, ...]:
        """Store tickets, in the caller's transaction; those that are new or other than before.

        What is older than what is stored, or than a ticket's leaving, changes nothing.
        """
        ids = [ticket.id for ticket in tickets]
        known = {ticket.id: ticket for ticket in self.tickets(ids)}
        left = self._left(ids)
        changed: dict[int, ReadTicket] = {}
        for ticket in tickets:
            before = changed.get(ticket.id) or known.get(ticket.id)
            gone_at = left.get(ticket.id)
            if (gone_at and ticket.updated_at <= gone_at) or (before and ticket.updated_at < before.updated_at):
                continue
            if before != ticket:
                changed[ticket.id] = ticket
        if back := [number for number in changed if number in left]:
            self._database.run("DELETE FROM stream_left WHERE id IN (SELECT value FROM json_each(?))", back)
        self._database.run_many(_PUT, map(_row, changed.values()))
        return tuple(changed.values())

    def used(self, words: Iterable[tuple[int, int, str, datetime]]) -> None:
        """Note who used which terms, in the caller's transaction: term, customer, word, time.

        The word itself is kept once three customers have used it.
        """
        rows = ((term, customer, word, _seconds(at) // DAY_S) for term, customer, word, at in words)
        self._database.run_many(_USED, rows)

    def leave(self, rows: Sequence[LeftRow]) -> tuple[int, ...]:
        """Let go of tickets, in the caller's transaction; those that were stored. A later change brings one back."""
        known = {ticket.id: ticket.updated_at for ticket in self.tickets([row.id for row in rows])}
        gone = [row for row in rows if row.id not in known or row.changed_at >= known[row.id]]
        sql = """INSERT INTO stream_left (id, changed_at) VALUES (?1, ?2)
            ON CONFLICT (id) DO UPDATE SET changed_at = max(changed_at, ?2)"""
        self._database.run_many(sql, ((row.id, _seconds(row.changed_at)) for row in gone))
        ids = [row.id for row in gone if row.id in known]
        self._database.run("DELETE FROM stream_tickets WHERE id IN (SELECT value FROM json_each(?))", ids)
        return tuple(dict.fromkeys(ids))

    def _tickets(self, which: str, *values: object) -> list[ReadTicket]:
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM stream_tickets WHERE {which}", *values)
        return [_ticket(row) for row in rows]

    def _left(self, ids: Sequence[int]) -> dict[int, datetime]:
        sql = "SELECT id, changed_at FROM stream_left WHERE id IN (SELECT value FROM json_each(?))"
        rows = self._database.rows(sql, list(ids))
        return {row["id"]: _time(row["changed_at"]) for row in rows}


class ForgottenTickets:
    """What the stream lets go of after a while."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def empty(self, before: datetime) -> int:
        """Forget some of the tickets created before then, and the words that nobody has used since; how many."""
        seconds = _seconds(before)
        with self._database.transaction():
            gone = self._some("stream_tickets", "id", "created_at", seconds)
            gone += self._some("stream_left", "id", "changed_at", seconds)
            gone += self._terms(seconds // DAY_S, rare=False) + self._terms(seconds // DAY_S, rare=True)
            self._database.run("DELETE FROM stream_gaps WHERE until < ?", before)
        return gone

    def empty_rare(self, before: datetime) -> int:
        """Forget some of the terms that less than three customers used, the last of them before then."""
        day = _seconds(before) // DAY_S
        with self._database.transaction():
            return self._terms(day, rare=True)

    def _terms(self, before: int, *, rare: bool) -> int:
        return self._some("stream_terms", "term", f"(word IS NULL) = {int(rare)} AND day", before)

    def _some(self, table: str, key: str, column: str, before: int) -> int:
        sql = f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {column} < ? LIMIT ?)"
        return self._database.run(sql, before, FORGOTTEN_AT_ONCE)


RARE = timedelta(days=RARE_DAYS)
_NEW = StreamState()


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _joined(keys: Sequence[str]) -> str:
    return "\n".join(keys)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


def _packed(terms: Sequence[int]) -> bytes:
    """Eight bytes each, the lowest first, on every machine."""
    numbers = array("q", terms)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _unpacked(blob: bytes) -> tuple[int, ...]:
    numbers = array("q", blob)
    if sys.byteorder == "big":
        numbers.byteswap()
    return tuple(numbers)


def _row(ticket: ReadTicket) -> tuple[object, ...]:
    return (
        ticket.id,
        _seconds(ticket.created_at),
        _seconds(ticket.updated_at),
        ticket.status,
        ticket.customer,
        ticket.assignee_id,
        _joined(ticket.affected),
        _joined(ticket.elsewhere),
        ticket.symptom,
        ticket.platform,
        _joined(ticket.versions),
        _joined(ticket.codes),
        ticket.language,
        _packed(ticket.terms),
    )


def _ticket(row: Row) -> ReadTicket:
    return ReadTicket(
        row["id"],
        _time(row["created_at"]),
        _time(row["updated_at"]),
        row["status"],
        row["customer"],
        row["assignee_id"],
        _parts(row["affected"]),
        _parts(row["elsewhere"]),
        row["symptom"],
        row["platform"],
        _parts(row["versions"]),
        _parts(row["codes"]),
        row["language"],
        _unpacked(row["terms"]),
    )
