"""The file itself: bytes of what went leave it, and what is forgotten is noted beside it, for when it is restored."""

import asyncio
import contextlib
import json
import logging
import os
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bot.database import PRIVATE, Database, patiently
from bot.forgetting.matching import hashed
from bot.forgetting.model import Customer, Note
from bot.stored import Stored

logger = logging.getLogger(__name__)

NOTES = ".forgotten"
"""What the name of the file beside the database ends with."""
_NOTES = Stored[Note](Note)

CHUNK_BYTES = 4_000_000


class Seal:
    """The database's file; of one in memory there is none."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def remember(self, customer: Customer, *, token: str, until: datetime) -> None:
        """Note it where a restored backup does not take it away: numbers and digests, and a key that is in no backup.

        A note of the same order takes the place of the earlier one. Raises OSError where the file can't be written.
        """
        path = self._notes_path
        if path is None:
            return
        key = self._key() or secrets.token_hex(32)
        phrases = tuple(told for phrase in customer.phrases if (told := hashed(phrase, key)))
        note = Note(token, until, customer.tickets, customer.hashes, phrases)
        lines = [json.dumps({"key": key}), *map(_NOTES.write, [*(n for n in self.notes() if n.token != token), note])]
        part = path.with_name(path.name + ".part")
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
        with part.open("w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)

    def notes(self) -> list[Note]:
        """All that were ever forgotten with this file beside the database."""
        return [_NOTES.read(line) for line in self._lines() if '"token"' in line]

    @property
    def _notes_path(self) -> Path | None:
        path = self._database.path
        return path.with_name(path.name + NOTES) if path else None

    def _key(self) -> str:
        return next((str(json.loads(line)["key"]) for line in self._lines() if '"token"' not in line), "")

    def _lines(self) -> Iterator[str]:
        path = self._notes_path
        with contextlib.suppress(FileNotFoundError):
            yield from path.read_text("utf-8").splitlines() if path else []

    async def close(self, forms: Sequence[bytes]) -> bool:
        """Bring what went out of the write-ahead log; whether the file still has some of `forms` all the same."""
        await patiently(self._database.write_back)
        path = self._database.path
        if path is None or not forms:
            return False
        return await asyncio.to_thread(stands_in_file, path, tuple(forms))


def compact(database: Database) -> bool:
    """Write the whole file anew where free pages of an older version have something of who was forgotten.

    Only while nothing else runs: a file of 500 MB takes some seconds. Whether there was a need.
    """
    if not database.value("SELECT 1 FROM forget_orders WHERE leftover = 1 LIMIT 1"):
        return False
    with database.unhurried():
        database.run("VACUUM")
        database.run("UPDATE forget_orders SET leftover = 0 WHERE leftover = 1")
        database.write_back()
    return True


def stands_in_file(path: Path, forms: Sequence[bytes]) -> bool:
    """Whether any of the forms stands somewhere in the file's bytes, or in its log's."""
    return any(_stands_in(each, forms) for each in (path, path.with_name(path.name + "-wal")) if each.exists())


def _stands_in(path: Path, forms: Sequence[bytes]) -> bool:
    overlap = max(map(len, forms)) - 1
    with path.open("rb") as file:
        tail = b""
        while chunk := file.read(CHUNK_BYTES):
            piece = tail + chunk
            if any(form in piece for form in forms):
                return True
            tail = piece[-overlap:] if overlap else b""
    return False
