"""Tickets that only a search suggested are let go a while after their investigation; those that people named stay."""

from datetime import datetime

from bot.database import Database

AT_ONCE = 5
"""Investigations, with at most a thousand tickets each."""


class SuggestedTickets:
    """Nobody decided about them, and reopening finds them again."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def empty(self, before: datetime) -> int:
        """Let go of those of some investigations whose search ended before then; how many investigations."""
        with self._database.transaction():
            ended = self._database.column(
                """SELECT investigation_id FROM ticket_watches INDEXED BY watches_to_empty
                   WHERE active = 0 AND emptied = 0 AND next_at < ? ORDER BY next_at LIMIT ?""",
                before,
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
