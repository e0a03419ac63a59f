"""Keyed hashes: who wrote, and what words they used, told apart without being known."""

from hashlib import blake2b

from bot.reading.model import Reading
from bot.tickets.stream import StreamRow
from bot.tickets.stream_model import ReadTicket

KEY_BYTES = 32


class StreamHash:
    """Hashes of one installation: without its key nobody can try out customers' numbers or words."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def customer(self, row: StreamRow) -> int:
        """Who wrote the ticket. A ticket without a requester is a customer of its own."""
        return self.requester(row.requester_id) if row.requester_id is not None else self._hashed(f"t{row.id}")

    def requester(self, requester_id: int) -> int:
        """A customer by the desk's number."""
        return self._hashed(f"u{requester_id}")

    def term(self, word: str) -> int:
        return self._hashed(f"w{word}")

    def ticket(self, row: StreamRow) -> ReadTicket:
        """The row as it is stored."""
        reading: Reading = row.reading
        return ReadTicket(
            id=row.id,
            created_at=row.created_at,
            updated_at=row.changed_at,
            status=row.status,
            customer=self.customer(row),
            assignee_id=row.assignee_id,
            affected=tuple(said.key for said in reading.affected),
            elsewhere=tuple(said.key for said in reading.elsewhere),
            symptom=reading.symptom.key if reading.symptom else "",
            platform=reading.platform.key if reading.platform else "",
            versions=reading.versions,
            codes=reading.codes,
            language=reading.language,
            terms=tuple(map(self.term, reading.terms)),
        )

    def _hashed(self, text: str) -> int:
        digest = blake2b(text.encode("utf-8", "replace"), digest_size=8, key=self._key).digest()
        return int.from_bytes(digest, "big") >> 1
