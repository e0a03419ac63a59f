"""The details of probes are let go after a while; the verdicts are kept for ever."""

import json
from collections.abc import Callable, Collection
from datetime import datetime

from bot.database import Database

AT_ONCE = 5
"""Batches: a playbook has some twenty runs."""
DETAILS = ("readings", "columns", "report", "report_name")
LISTS = ("addresses", "hosts", "urls", "tls", "names", "ports", "vpn", "wireguard_keys")
"""A target can have thousands of addresses, and each run has all of them."""

Kept = Callable[[datetime], Collection[int]]
"""The investigations that are open, or were closed later than that."""


class ProbeDetails:
    """Tables and reports of runs; Slack has them as files."""

    def __init__(self, *, database: Database, kept: Kept) -> None:
        self._database = database
        self._kept = kept

    def empty(self, before: datetime) -> int:
        """Let go of those of some batches that were asked for before then; how many batches."""
        batches = self._database.column(
            """SELECT id FROM probe_batches INDEXED BY batches_to_empty WHERE emptied = 0 AND requested_at < ?
                 AND state NOT IN ('pending', 'queued', 'running')
                 AND coalesce(investigation_id, 0) NOT IN (SELECT value FROM json_each(?))
               ORDER BY requested_at LIMIT ?""",
            before,
            json.dumps(sorted(self._kept(before))),
            AT_ONCE,
        )
        with self._database.transaction():
            for batch_id in batches:
                self._empty(batch_id)
        return len(batches)

    def _empty(self, batch_id: int) -> None:
        self._database.run(
            f"""UPDATE probe_runs SET result = json_remove(result{_paths(DETAILS)}),
                  subject = json_remove(subject{_paths(LISTS)}) WHERE batch_id = ?""",
            batch_id,
        )
        self._database.run("UPDATE probe_batches SET emptied = 1 WHERE id = ?", batch_id)


def _paths(names: tuple[str, ...]) -> str:
    return "".join(f", '$.{name}'" for name in names)
