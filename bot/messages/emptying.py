"""What sent messages showed is let go after a while; that they were sent, and where, is kept for ever."""

from datetime import datetime

from bot.database import Database

AT_ONCE = 20
"""A picture takes some dozens of pages of the file: more at a time would keep everything else waiting."""


class SentContent:
    """Texts, reports and pictures that Slack has. What is rendered anew from its record has none."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def empty(self, before: datetime) -> int:
        """Let go of some that were owed before then; how many. What Slack never took goes too, and stays untaken.

        A row with content is written anew: one that only becomes shorter keeps its page of the file for itself.
        """
        with self._database.transaction():
            rows = self._database.rows(
                """SELECT * FROM messages INDEXED BY messages_to_empty WHERE emptied = 0 AND created_at < ?
                     AND (state = 'sent' OR (state = 'refused' AND view = '')) ORDER BY created_at LIMIT ?""",
                before,
                AT_ONCE,
            )
            for row in rows:
                if row["content"]:
                    self._database.run("DELETE FROM messages WHERE id = ?", row["id"])
                    self._database.insert("messages", row | {"content": "", "emptied": 1})
                else:
                    self._database.run("UPDATE messages SET emptied = 1 WHERE id = ?", row["id"])
        return len(rows)
