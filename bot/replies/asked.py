"""Which customers were asked about already: rounds by their keys, and the tickets in them."""

import json
from collections.abc import Iterable, Mapping

from bot.database import Database, moment
from bot.replies.model import Asking, Untold


class AskedStore:
    """Questions about keys. A key is a path such as "lane/12/planning/1"; a prefix of it names all below."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def opened(self, key: str) -> int | None:
        found: int | None = self._database.value("SELECT id FROM reply_rounds WHERE key = ?", key)
        return found

    def count(self, prefix: str) -> int:
        """How many rounds there were."""
        return int(
            self._database.value("SELECT count(*) FROM reply_rounds WHERE substr(key, 1, length(?1)) = ?1", prefix)
        )

    def free_key(self, prefix: str) -> str:
        """A key of no round yet."""
        number = self.count(prefix) + 1
        while self.opened(f"{prefix}{number}") is not None:
            number += 1
        return f"{prefix}{number}"

    def unapproved(self, prefix: str) -> list[int]:
        """Rounds that wait for a person, or will; the newest first."""
        return self._database.column(
            """SELECT id FROM reply_rounds WHERE substr(key, 1, length(?1)) = ?1
                 AND state IN ('reading', 'ready', 'put_off') ORDER BY id DESC""",
            prefix,
        )

    def asked_with(self, prefix: str, version: str) -> set[int]:
        """Tickets that hear of this version, without those that were left out."""
        return self._tickets(
            """SELECT r.ticket_id FROM reply_rounds o JOIN replies r ON r.round_id = o.id
               WHERE substr(o.key, 1, length(?1)) = ?1 AND json_extract(o."values", '$.version') = ?2
                 AND r.state <> 'left_out'""",
            prefix,
            version,
        )

    def asked_below(self, prefix: str) -> set[int]:
        """Tickets of all rounds whose key begins so, without those that were left out."""
        return self._tickets(
            """SELECT r.ticket_id FROM reply_rounds o JOIN replies r ON r.round_id = o.id
               WHERE substr(o.key, 1, length(?1)) = ?1 AND r.state <> 'left_out'""",
            prefix,
        )

    def settled(self, purpose: str, investigation_id: int) -> set[int]:
        """Tickets of an investigation in rounds that were approved, those that were left out there among them."""
        return self._tickets(
            """SELECT r.ticket_id FROM reply_rounds o JOIN replies r ON r.round_id = o.id
               WHERE o.purpose = ? AND r.investigation_id = ? AND o.state IN ('running', 'stopped', 'ended')""",
            purpose,
            investigation_id,
        )

    def offered(self, prefix: str, version: str) -> set[int]:
        """Tickets of rounds that tell of this version, those that somebody left out among them."""
        return self._tickets(
            """SELECT r.ticket_id FROM reply_rounds o JOIN replies r ON r.round_id = o.id
               WHERE substr(o.key, 1, length(?1)) = ?1 AND json_extract(o."values", '$.version') = ?2""",
            prefix,
            version,
        )

    def untold(self, purpose: str) -> list[Untold]:
        """Tickets whose newest answer of this purpose was not sent, and of which nobody decided that it is not."""
        rows = self._database.rows(
            """SELECT r.ticket_id, r.about, r.round_id, o."values", o.opened_at
               FROM replies r JOIN reply_rounds o ON o.id = r.round_id
               WHERE r.state IN ('listed', 'waiting', 'sending', 'unsure', 'changed', 'failed')
                 AND (r.state <> 'failed' OR r.kind = 'refused') AND o.purpose = ?1
                 AND NOT EXISTS (SELECT 1 FROM replies n JOIN reply_rounds p ON p.id = n.round_id
                   WHERE n.ticket_id = r.ticket_id AND n.round_id > r.round_id AND n.about = r.about AND p.purpose = ?1)
               ORDER BY r.round_id, r.place""",
            purpose,
        )
        return [
            Untold(
                each["ticket_id"],
                each["about"],
                each["round_id"],
                json.loads(each["values"]),
                moment(each["opened_at"]),
            )
            for each in rows
        ]

    def unfinished(self, prefix: str) -> list[int]:
        """Rounds of which some ticket may still be answered."""
        return self._database.column(
            """SELECT id FROM reply_rounds o WHERE substr(key, 1, length(?1)) = ?1 AND (state <> 'ended'
                 OR EXISTS (SELECT 1 FROM replies WHERE round_id = o.id
                   AND (state = 'changed' OR state = 'failed' AND kind = 'refused')))""",
            prefix,
        )

    def listing(self, prefix: str) -> list[int]:
        """Rounds of which tickets may still be taken off: nobody is told twice, and nobody is called back."""
        return self._database.column(
            """SELECT DISTINCT o.id FROM reply_rounds o JOIN replies r ON r.round_id = o.id
               WHERE substr(o.key, 1, length(?1)) = ?1 AND r.state IN ('listed', 'waiting', 'changed', 'failed')""",
            prefix,
        )

    def with_investigation(self, investigation_id: int) -> list[int]:
        """Rounds that nobody approved yet and that have tickets of an investigation."""
        return self._database.column(
            """SELECT DISTINCT o.id FROM reply_rounds o JOIN replies r ON r.round_id = o.id
               WHERE r.investigation_id = ? AND o.state IN ('reading', 'ready', 'put_off')""",
            investigation_id,
        )

    def join(
        self, round_id: int, asking: Iterable[Asking], values: Mapping[str, str], problem_id: int | None = None
    ) -> int:
        """Further tickets, values and problem as they are now; how many tickets are new."""
        self._database.run(
            'UPDATE reply_rounds SET "values" = ?, problem_id = coalesce(?, problem_id) WHERE id = ?',
            json.dumps(dict(values)),
            problem_id,
            round_id,
        )
        return sum(
            self._database.run(
                """INSERT OR IGNORE INTO replies (round_id, ticket_id, place, state, investigation_id, about)
                   SELECT ?1, ?2, count(*), 'listed', ?3, ?4 FROM replies WHERE round_id = ?1""",
                round_id,
                each.ticket_id,
                each.investigation_id,
                each.about,
            )
            for each in asking
        )

    def _tickets(self, sql: str, *values: object) -> set[int]:
        return set(map(int, self._database.column(sql, *values)))
