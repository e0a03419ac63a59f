"""What sent messages showed is let go after a while; that they were sent, and where, is kept for ever."""

from datetime import datetime

from bot.database import Database

AT_ONCE = 1
"""The picture of a web page takes hundreds of pages of the file: more would keep everything else waiting."""


class SentContent:
    """Texts, reports, pictures and signs that Slack has. What is rendered anew from its record has no content."""

    def __init__(self, *, database: Database) -> None:
        self._database = database
        columns = database.column("SELECT name FROM pragma_table_info('messages')")
        self._kept = ", ".join(name for name in columns if name not in ("content", "emptied"))

    def empty(self, before: datetime) -> int:
        """Let go of some that were owed before then; how many. What Slack never took goes too, and stays untaken.

        A row is written anew: one that only becomes shorter keeps its page of the file for itself.
        """
        with self._database.transaction():
            rows = self._database.rows(
                f"""SELECT {self._kept} FROM messages INDEXED BY messages_to_empty
                    WHERE emptied = 0 AND view = '' AND created_at < ? AND state IN ('sent', 'refused')
                    ORDER BY created_at LIMIT ?""",
                before,
                AT_ONCE,
            )
            for row in rows:
                self._database.run("DELETE FROM messages WHERE id = ?", row["id"])
                self._database.insert("messages", row | {"emptied": 1})
        return len(rows)
