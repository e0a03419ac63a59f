"""The vectors of all documents, kept beside them in the database and in memory, and brought up to date in turns."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.database import Database, Row
from bot.known_issues.search.meaning.likeness import Likeness
from bot.tasks import others_first

logger = logging.getLogger(__name__)

AT_ONCE = 16
"""How many documents are read by the model between two looks at the database."""
EVERY_S = 20.0
"""How often new documents are looked for."""
READ_MAX = 1_200
"""Characters of a document, and of a question, that are read: the rest is about something else."""


class Model(Protocol):
    """Made in a thread, and asked in one, or for a single question at once."""

    def vector(self, text: str) -> Any: ...

    def vectors(self, texts: Sequence[str]) -> list[bytes]: ...


@dataclass(frozen=True, slots=True)
class _Compared:
    """Implements Likeness over an array of cosines."""

    rows: Mapping[int, int]
    ids: Sequence[int]
    cosines: Any

    def of(self, document_id: int) -> float:
        row = self.rows.get(document_id)
        return max(0.0, float(self.cosines[row])) if row is not None else 0.0

    def best(self, limit: int) -> list[int]:
        order = self.cosines.argsort()[::-1][:limit]
        return [self.ids[row] for row in order]


class Vectors:
    """Implements Meaning. A vector is stored by the text that it is of: a text that comes again costs nothing.

    Documents never change, so each is looked at once; those that are gone leave at the next start.
    """

    def __init__(self, *, database: Database, make: Callable[[], Model], name: str) -> None:
        self._database = database
        self._make = make
        self._name = name
        self._model: Model | None = None
        self._ids: list[int] = []
        self._rows: dict[int, int] = {}
        self._matrix: Any = None

    def compare(self, text: str) -> Likeness | None:
        """Takes the time of one text in the model, some milliseconds."""
        if self._model is None or not self._ids:
            return None
        cosines = self._matrix[: len(self._ids)] @ self._model.vector(text[:READ_MAX])
        return _Compared(self._rows, self._ids, cosines)

    async def run(self) -> None:
        """Keeps the vectors up to date. Ends where the model can't be read."""
        if not await self.begin():
            return
        while True:
            await asyncio.sleep(EVERY_S)
            await self.refresh()

    async def begin(self) -> bool:
        """Reads the model in a thread, then all documents; whether it could."""
        try:
            self._model = await asyncio.to_thread(self._make)
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            logger.warning("Known issues are found by words only: the model can't be read: %s", error)
            return False
        await self.refresh()
        self._forget()
        return True

    async def refresh(self) -> None:
        """Brings in the documents that are new; the loop is free between two portions."""
        model = self._model
        while model and (rows := self._new()):
            texts = {row["id"]: _text(row) for row in rows}
            stored = self._stored(texts.values())
            missing = list(dict.fromkeys(text for text in texts.values() if _key(text) not in stored))
            if missing:
                made = await asyncio.to_thread(model.vectors, missing)
                fresh = {_key(text): vector for text, vector in zip(missing, made, strict=True)}
                self._store(fresh)
                stored |= fresh
            self._add({number: stored[_key(text)] for number, text in texts.items()})
            await others_first()

    def _new(self) -> list[Row]:
        last = self._ids[-1] if self._ids else 0
        return self._database.rows(
            "SELECT id, title, symptom FROM known_documents WHERE id > ? ORDER BY id LIMIT ?", last, AT_ONCE
        )

    def _stored(self, texts: Iterable[str]) -> dict[str, bytes]:
        rows = self._database.rows(
            "SELECT text, vector FROM known_vectors WHERE model = ? AND text IN (SELECT value FROM json_each(?))",
            self._name,
            json.dumps([_key(text) for text in texts]),
        )
        return {row["text"]: row["vector"] for row in rows}

    def _store(self, vectors: Mapping[str, bytes]) -> None:
        with self._database.transaction():
            for key, vector in vectors.items():
                self._database.run(
                    "INSERT OR REPLACE INTO known_vectors (model, text, vector) VALUES (?, ?, ?)",
                    self._name,
                    key,
                    vector,
                )

    def _add(self, vectors: Mapping[int, bytes]) -> None:
        import numpy

        new = numpy.stack([numpy.frombuffer(vector, dtype=numpy.float32) for vector in vectors.values()])
        if self._matrix is None:
            self._matrix = numpy.empty((max(64, len(new)), new.shape[1]), dtype=numpy.float32)
        count = len(self._ids)
        if count + len(new) > len(self._matrix):
            larger = numpy.empty((2 * (count + len(new)), new.shape[1]), dtype=numpy.float32)
            larger[:count] = self._matrix[:count]
            self._matrix = larger
        self._matrix[count : count + len(new)] = new
        for number in vectors:
            self._rows[number] = len(self._ids)
            self._ids.append(number)

    def _forget(self) -> None:
        """Vectors of other models; and all, to be made anew, where many are of texts that no document has."""
        self._database.run("DELETE FROM known_vectors WHERE model <> ?", self._name)
        if int(self._database.value("SELECT count(*) FROM known_vectors") or 0) > 2 * len(self._ids) + 1_000:
            self._database.run("DELETE FROM known_vectors")


def _text(row: Row) -> str:
    return f"{row['title']}. {row['symptom']}"[:READ_MAX]


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
