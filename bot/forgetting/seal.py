"""The file itself: bytes of what went leave it, and what is forgotten is noted beside it, for when it is restored."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.database import Database, patiently
from bot.forgetting.model import Customer

CHUNK_BYTES = 4_000_000


class Seal:
    """The database's file; of one in memory there is none."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def remember(self, customer: Customer, *, until: datetime) -> None:
        """Note it where a restored backup does not take it away."""

    async def close(self, forms: Sequence[bytes]) -> bool:
        """Bring what went out of the write-ahead log; whether the file still has some of `forms` all the same."""
        await patiently(self._database.write_back)
        path = self._database.path
        if path is None or not forms:
            return False
        return await asyncio.to_thread(stands_in_file, path, tuple(forms))


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
