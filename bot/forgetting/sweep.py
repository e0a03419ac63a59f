"""Going through every table: counting what is of a customer, and taking it out, in small steps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.database import Database, Row
from bot.forgetting.matching import Words
from bot.forgetting.model import Customer, Found, Kind
from bot.forgetting.places import HELD, Held
from bot.investigations.model import card_key
from bot.messages.model import MessageKind, MessageState
from bot.messages.owed import Owed

MERGED = 2
"""Fewer changes than these mean that the index is one part: SQLite notes each step."""
ROWS_AT_ONCE = 100
"""Rows that go whole, in one step."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A row with something of the customer; `values` are its columns without that, none where the row goes whole."""

    row: Row
    values: Row = field(default_factory=dict)


class Sweep:
    """One customer and the whole database. A step is a transaction of its own, and is harmless to do again."""

    def __init__(self, *, database: Database, owed: Owed, customer: Customer) -> None:
        self._database = database
        self._owed = owed
        self._customer = customer
        self._words = self.words_of(customer)

    @staticmethod
    def words_of(customer: Customer) -> Words:
        return Words(phrases=customer.phrases, hashed=customer.hashed, tickets=customer.tickets, typed=customer.typed)

    def count(self) -> Iterator[Found]:
        """What is there, step by step."""
        for held in HELD:
            for hits in self._steps(held):
                yield self._found(held, hits)

    def remove(self, held: Held) -> Iterator[Found]:
        """Take out what a table has, step by step, each within the caller's transaction; what went."""
        while hits := self._whole_rows(held):
            yield self._removed(held, hits)
        for hits in self._with_words(held):
            yield self._removed(held, hits)

    def finish(self, kinds: frozenset[str], now: datetime) -> None:
        """What is kept beside the tables above: hashes beside words of many, and what is made of known issues.

        A round of replies that nobody is left in is over.
        """
        if Kind.REPLY in kinds:
            sql = """UPDATE reply_rounds SET state = 'ended', ended_at = ?
                WHERE state IN ('reading', 'ready', 'put_off')
                AND NOT EXISTS (SELECT 1 FROM replies r WHERE r.round_id = reply_rounds.id)"""
            self._database.run(sql, now)
        for hashed in self._customer.hashes:
            self._database.run("DELETE FROM stream_terms WHERE first = ? AND second IS NULL", hashed)
            self._database.run("UPDATE stream_terms SET first = second, second = NULL WHERE first = ?", hashed)
            self._database.run("UPDATE stream_terms SET second = NULL WHERE second = ?", hashed)
        tokens = sorted(self._words.tokens)
        if tokens:
            self._database.run("DELETE FROM stream_terms WHERE word IN (SELECT value FROM json_each(?))", tokens)
        if Kind.KNOWN in kinds:
            self._database.run("DELETE FROM known_told")
            self._database.run("DELETE FROM known_slips WHERE word IN (SELECT value FROM json_each(?))", tokens)

    def merge_index(self, pages: int) -> bool:
        """Make the parts of the index of known issues one, some pages at a time; whether there is more to do.

        Words of rows that went stay in its old parts until then, also of those that went before anybody asked. `pages`
        are less than 0 for the first step, as SQLite has it: all parts are merged, not only where many are alike.
        """
        before = self._database.value("SELECT total_changes()")
        self._database.run("INSERT INTO known_search (known_search, rank) VALUES ('merge', ?)", pages)
        return int(self._database.value("SELECT total_changes()")) - int(before) >= MERGED

    def unread(self, investigations: Sequence[int]) -> int:
        """Stories of these investigations that Slack has as files, and of which no text is kept; how many.

        Nobody can tell whether they name the customer, so they are deleted there.
        """
        gone = 0
        for number in investigations:
            sql = """SELECT key, file_id FROM messages WHERE key >= ? AND key < ? AND emptied = 1 AND state = 'sent'
                AND kind = ? AND file_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM messages r WHERE r.key = 'removal/' || messages.file_id)"""
            rows = self._database.rows(sql, f"export/{number}/", f"export/{number}0", MessageKind.FILE)
            for row in rows:
                self._owed.removal(row["file_id"], after=row["key"])
            gone += len(rows)
        return gone

    def _steps(self, held: Held) -> Iterator[Sequence[Hit]]:
        whole = self._whole_rows(held, limit=-1)
        yield whole
        yield from self._with_words(held, besides=whole)

    def _whole_rows(self, held: Held, limit: int = ROWS_AT_ONCE) -> list[Hit]:
        """Rows that are the customer's own."""
        asked = (
            (held.ticket, self._customer.tickets),
            (held.requester, self._customer.requesters),
            (held.hashed, self._customer.hashes),
        )
        conditions = [(column, list(values)) for column, values in asked if column and values]
        if not conditions:
            return []
        where = " OR ".join(f"{column} IN (SELECT value FROM json_each(?))" for column, _ in conditions)
        sql = f"SELECT *, {held.of or 'NULL'} AS found_in FROM {held.table} WHERE {where} LIMIT ?"
        rows = self._database.rows(sql, *(values for _, values in conditions), limit)
        return [Hit(row) for row in rows]

    def _with_words(self, held: Held, besides: Sequence[Hit] = ()) -> Iterator[list[Hit]]:
        """Rows in whose columns something of the customer stands, part by part."""
        columns = tuple(dict.fromkeys((*held.lists, *held.words)))
        if not columns:
            return
        keys = self._keys(held.table)
        known = {tuple(hit.row[key] for key in keys) for hit in besides}
        wanted = ", ".join(f'"{name}"' for name in dict.fromkeys((*keys, *columns)))
        order = ", ".join(keys)
        last: tuple[object, ...] = ()
        while True:
            after = f"WHERE ({order}) > ({', '.join('?' * len(keys))})" if last else ""
            sql = f"SELECT {wanted} FROM {held.table} {after} ORDER BY {order} LIMIT ?"
            rows = self._database.rows(sql, *last, held.at_once)
            if not rows:
                return
            last = tuple(rows[-1][key] for key in keys)
            changed = [
                (tuple(row[key] for key in keys), values)
                for row in rows
                if (values := self._values(held, row)) and tuple(row[key] for key in keys) not in known
            ]
            yield [hit for key, values in changed if (hit := self._hit(held, keys, key, values))]

    def _values(self, held: Held, row: Row) -> Row:
        values: Row = {}
        for name in dict.fromkeys((*held.lists, *held.words)):
            text = row[name]
            if not isinstance(text, str) or not text:
                continue
            left = self._words.without_numbers(text) if name in held.lists else text
            left = self._words.taken_out(left) if name in held.words else left
            if left != text:
                values[name] = left
        return values

    def _hit(self, held: Held, keys: Sequence[str], key: Sequence[object], values: Row) -> Hit | None:
        where = " AND ".join(f"{name} = ?" for name in keys)
        row = self._database.row(f"SELECT *, {held.of or 'NULL'} AS found_in FROM {held.table} WHERE {where}", *key)
        return Hit(row, values) if row else None

    def _removed(self, held: Held, hits: Sequence[Hit]) -> Found:
        keys = self._keys(held.table)
        for hit in hits:
            where = {name: hit.row[name] for name in keys}
            whole = {name: value for name, value in hit.row.items() if name != "found_in"}
            if not hit.values:
                self._delete(held.table, where)
            elif held.anew:
                self._delete(held.table, where)
                self._database.insert(held.table, whole | hit.values)
            elif held.table == "messages":
                self._message(hit)
            else:
                quoted: Row = {f'"{name}"': value for name, value in hit.values.items()}
                self._database.update(held.table, where, **quoted)
        found = self._found(held, hits)
        self._show(held, hits, found)
        return found

    def _delete(self, table: str, where: Row) -> None:
        conditions = " AND ".join(f"{name} = ?" for name in where)
        self._database.run(f"DELETE FROM {table} WHERE {conditions}", *where.values())

    def _message(self, hit: Hit) -> None:
        """A message of fixed words is edited where Slack has it. A file can't be: it is deleted there."""
        row = hit.row
        is_file, there = row["kind"] == MessageKind.FILE, row["state"] == MessageState.SENT
        emptied: Row = {"content": "", "emptied": 1} if is_file and there else {"content": hit.values["content"]}
        self._database.update("messages", {"id": row["id"]}, **emptied)
        if is_file and row["file_id"]:
            self._owed.removal(row["file_id"], after=row["key"])
        elif row["kind"] == MessageKind.POST:
            self._owed.changed(row["key"], human=False)

    def _found(self, held: Held, hits: Sequence[Hit]) -> Found:
        if not hits:
            return Found()
        investigations = tuple(dict.fromkeys(int(hit.row["found_in"]) for hit in hits if hit.row["found_in"]))
        links = tuple(link for hit in hits for link in _links(held, hit.row))
        sent = sum(1 for hit in hits if held.table == "vendor_letters" and hit.row["state"] == "sent")
        return Found({held.kind: len(hits)}, investigations, links, sent)

    def _show(self, held: Held, hits: Sequence[Hit], found: Found) -> None:
        """Whatever shows one of these rows is out of date; Slack gets an edit where it looks different now."""
        for investigation_id in found.investigations:
            self._owed.changed(card_key(investigation_id), human=False)
            self._owed.thread_changed(card_key(investigation_id), human=False)
        for hit in hits:
            for view, column in held.shown:
                if hit.row[column] is not None:
                    self._owed.all_changed(view, int(hit.row[column]), human=False)

    def _keys(self, table: str) -> tuple[str, ...]:
        columns = self._database.rows(f"SELECT name, pk FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk")
        return tuple(row["name"] for row in columns)


def _links(held: Held, row: Row) -> list[str]:
    """Where it stays, as an address: what a person wrote in Slack, an issue or a comment in a tracker."""
    if held.table == "events" and row["permalink"]:
        return [row["permalink"]]
    if held.table in ("known_issues", "tracker_copies") and row["url"]:
        return [row["url"]]
    return []
