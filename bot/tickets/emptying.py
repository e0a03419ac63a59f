"""Tickets that only a search suggested are let go a while after their investigation; those that people named stay."""

import json
from collections.abc import Callable, Collection
from datetime import datetime

from bot.database import Database

AT_ONCE = 5
"""Investigations, with at most a thousand tickets each."""


Waiting = Callable[[], Collection[int]]
"""The investigations whose tickets may still be answered: they belong to a known issue."""


class SuggestedTickets:
    """Nobody decided about them, and reopening finds them again."""

    def __init__(self, *, database: Database, waiting: Waiting) -> None:
        self._database = database
        self._waiting = waiting

    def empty(self, before: datetime) -> int:
        """Let go of those of some investigations whose search ended before then; how many investigations."""
        with self._database.transaction():
            ended = self._database.column(
                """SELECT investigation_id FROM ticket_watches INDEXED BY watches_to_empty
                   WHERE active = 0 AND emptied = 0 AND next_at < ?
                     AND investigation_id NOT IN (SELECT value FROM json_each(?)) ORDER BY next_at LIMIT ?""",
                before,
                json.dumps(sorted(self._waiting())),
                AT_ONCE,
            )
            for investigation_id in ended:
                self._database.run(
                    """DELETE FROM ticket_links WHERE investigation_id = ? AND state = 'suggested' AND added_by = ''
                         AND tagged = 0 AND tag_wanted = 0""",
                    investigation_id,
                )
                self._database.run("UPDATE ticket_watches SET emptied = 1 WHERE investigation_id = ?", investigation_id)
        return len(ended)
