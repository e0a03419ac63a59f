"""The index of what can be searched: known issues, and what our own investigations found out. SQLite FTS5."""

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.database import Database, Row, StorageError, moment
from bot.known_issues.model import Learned
from bot.known_issues.search.query import LONGEST_WORD, slips, words_of

COMMON = 400
"""A word that more documents have says little: of its documents only the newest are looked at."""
PLACES = ("title", "symptom", "workaround", "aliases")


@dataclass(frozen=True, slots=True)
class Document:
    """The searchable text of a record. `targets` are keys; `live` says whether it matters still."""

    kind: str
    record_id: int
    targets: tuple[str, ...]
    at: datetime
    live: bool
    title: str
    symptom: str
    workaround: str
    aliases: str


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """A document without its text."""

    id: int
    kind: str
    record_id: int
    targets: tuple[str, ...]
    at: datetime
    live: bool


class Index:
    """Writes join the caller's transaction. Questions come in FTS5's syntax, made by `query.py` only."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def put(self, document: Document) -> None:
        """Insert or replace; what came last has the highest id, so that newest first costs nothing."""
        self.drop(document.kind, document.record_id)
        row: Row = {"kind": document.kind, "record_id": document.record_id, "targets": " ".join(document.targets)}
        row |= {"at": document.at, "live": int(document.live), "title": document.title}
        row |= {"symptom": document.symptom, "workaround": document.workaround, "aliases": document.aliases}
        self._database.insert("known_documents", row)
        self._learn(f"{document.title} {document.symptom} {document.workaround} {document.aliases}")

    def drop(self, kind: str, record_id: int) -> None:
        self._database.run("DELETE FROM known_documents WHERE kind = ? AND record_id = ?", kind, record_id)

    def total(self) -> int:
        """How many documents there have been: near enough for weights, and costs nothing."""
        return int(self._database.value("SELECT max(id) FROM known_documents") or 0)

    def having(self, query: str, limit: int = COMMON) -> list[int]:
        """Ids of documents, the newest first; no work is spent on those beyond `limit`."""
        return self._database.column(
            "SELECT rowid FROM known_search WHERE known_search MATCH ? ORDER BY rowid DESC LIMIT ?", query, limit
        )

    def texts(self, ids: Sequence[int]) -> dict[int, dict[str, str]]:
        """What documents say, by place."""
        marks = ", ".join("?" * len(ids))
        rows = self._database.rows(
            f"SELECT id, title, symptom, workaround, aliases FROM known_documents WHERE id IN ({marks})", *ids
        )
        return {row["id"]: {place: row[place] for place in PLACES} for row in rows}

    def heads(self, ids: Sequence[int]) -> list[DocumentHead]:
        marks = ", ".join("?" * len(ids))
        rows = self._database.rows(
            f"SELECT id, kind, record_id, targets, at, live FROM known_documents WHERE id IN ({marks})", *ids
        )
        return [_head(row) for row in rows]

    def learned(self, investigation_ids: Sequence[int]) -> dict[int, Learned]:
        """Returns what investigations taught by their number; the document is all that is stored of it here."""
        marks = ", ".join("?" * len(investigation_ids))
        rows = self._database.rows(
            f"SELECT * FROM known_documents WHERE kind = 'investigation' AND record_id IN ({marks})", *investigation_ids
        )
        return {row["record_id"]: _learned(row) for row in rows}

    def read_as(self, marks: Mapping[int, str]) -> dict[int, str]:
        """What issues were read as before, as far as they were read by these marks; see `keep_read`."""
        rows = self._database.rows(
            "SELECT issue_id, mark, told FROM known_told WHERE issue_id IN (SELECT value FROM json_each(?))",
            list(marks),
        )
        return {row["issue_id"]: row["told"] for row in rows if row["mark"] == marks[row["issue_id"]]}

    def keep_read(self, readings: Mapping[int, tuple[str, str]]) -> None:
        """Stores what issues are read as, by a mark of their text and of who reads.

        It belongs to no delivery: nothing that a person wanted is done by it. What can't be written is read again.
        """
        rows = [[number, mark, text] for number, (mark, text) in readings.items()]
        with contextlib.suppress(StorageError):
            self._database.run(
                """INSERT OR REPLACE INTO known_told SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'),
                   json_extract(value, '$[2]') FROM json_each(?)""",
                rows,
            )

    def has(self, word: str) -> bool:
        """Whether any document has it now."""
        return bool(self.having(f'"{word}"', limit=1))

    def like(self, word: str) -> list[str]:
        """Words that are a slip away, of documents that there are or were."""
        left = tuple(slips(word))
        marks = ", ".join("?" * len(left))
        rows = self._database.rows(f"SELECT DISTINCT word FROM known_slips WHERE slip IN ({marks}) LIMIT 500", *left)
        return [row["word"] for row in rows]

    def _learn(self, text: str) -> None:
        """Remember each new word under its slips."""
        words = [word for word in dict.fromkeys(words_of(text)) if len(word) <= LONGEST_WORD]
        new = self._database.rows(
            """SELECT value AS word FROM json_each(?1)
               WHERE NOT EXISTS (SELECT 1 FROM known_slips WHERE slip = value AND word = value)""",
            json.dumps(words),
        )
        if new:
            pairs = [(slip, row["word"]) for row in new for slip in slips(row["word"])]
            self._database.run(
                """INSERT OR IGNORE INTO known_slips
                   SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)""",
                json.dumps(pairs),
            )


def _head(row: Row) -> DocumentHead:
    targets, live = tuple(row["targets"].split()), bool(row["live"])
    return DocumentHead(row["id"], row["kind"], row["record_id"], targets, moment(row["at"]), live)


def _learned(row: Row) -> Learned:
    return Learned(row["record_id"], row["targets"], row["symptom"], row["title"], row["workaround"], moment(row["at"]))
