"""What was written of late, counted by record: who keeps what they made asks whether it can still be the same.

The counters live in this process and are moved by temporary triggers (https://www.sqlite.org/lang_createtrigger.html),
which only this connection has. They move with every write, also one that is taken back, and never stand still for one.
"""

from collections import Counter
from collections.abc import Iterator

QUIET = frozenset(
    (
        *("deliveries", "mentions", "messages", "message_places", "pictures", "refused_blocks", "slack_answers"),
        *("sessions", "home_looks", "personal_settings", "backups", "log_masks", "investigation_moments"),
        *("known_told", "known_vectors", "known_slips", "known_documents", "known_mentions", "sqlite_sequence"),
    )
)
"""Tables of which no page shows anything, or nothing that does not stand in another too. `known_documents` changes with
each issue; `investigation_moments` with each event."""
ABOUT_NO_RECORD = ("stream_", "trend", "elevation", "briefing", "log_", "customer_logs", "smoke_")
"""Beginnings of the names of tables that an investigation's record does not tell of."""
_OF_BATCH = "(SELECT investigation_id FROM probe_batches WHERE id = {row}.batch_id)"
_PROBED = "(SELECT 'probes of ' || target FROM probe_batches WHERE id = {row}.batch_id)"
_KEYS: dict[str, tuple[str, ...]] = {
    "investigations": ("{row}.id", "{row}.target"),
    "merges": ("{row}.investigation_id", "{row}.into_id"),
    "ticket_moves": ("{row}.investigation_id", "{row}.into_id"),
    "relations": ("{row}.investigation_id", "{row}.other_id"),
    "probe_batches": ("{row}.investigation_id", "'probes of ' || {row}.target"),
    "probe_runs": (_OF_BATCH, _PROBED),
    "probe_trials": (_OF_BATCH, _PROBED),
}


class Touched:
    """`shown` grows with everything that a page may show."""

    def __init__(self) -> None:
        self.shown = 0
        self._elsewhere = 0
        self._records: Counter[object] = Counter()
        self._tables: Counter[str] = Counter()

    def record(self, investigation_id: int, target: str) -> tuple[int, int, int]:
        """Another one where something of an investigation, its target's past, or what all records tell was written."""
        return self._records[investigation_id], self._records[target], self._elsewhere

    def probes(self, target: str) -> int:
        """Grows with everything that is written of the probes of a target."""
        return self._records[f"probes of {target}"]

    def tables(self, *names: str) -> int:
        """Grows with each row of these that is written."""
        return sum(self._tables[name] for name in names)

    def note(self, table: str, *keys: object) -> None:
        """A row was written that belongs to the records `keys`, which may be nobody's."""
        self.shown += 1
        self._tables[table] += 1
        for key in keys:
            if key is not None:
                self._records[key] += 1
        if not keys and not table.startswith(ABOUT_NO_RECORD):
            self._elsewhere += 1


def triggers(table: str, columns: frozenset[str]) -> Iterator[str]:
    """The statements that let a table be counted."""
    if table in QUIET or table.startswith(("known_search", "_", "sqlite_")):
        return
    keys = _KEYS.get(table) or (("{row}.investigation_id",) if "investigation_id" in columns else ())
    for verb, rows in (("INSERT", ("new",)), ("DELETE", ("old",)), ("UPDATE", ("old", "new"))):
        noted = [f"SELECT {_noted(table, keys, row)};" for row in (rows if keys else rows[:1])]
        yield f"CREATE TEMP TRIGGER touched_{table}_{verb.lower()} AFTER {verb} ON {table} BEGIN {' '.join(noted)} END"


def _noted(table: str, keys: tuple[str, ...], row: str) -> str:
    values = ", ".join((f"'{table}'", *(key.format(row=row) for key in keys)))
    return f"touched({values})"
