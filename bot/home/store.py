"""The table of looks: when somebody opened the App Home last."""

from dataclasses import asdict
from datetime import datetime

from bot.database import Database, Row
from bot.home.model import Look
from bot.stored import Stored

_LOOKS = Stored[Look](Look)


class HomeStore:
    def __init__(self, *, database: Database) -> None:
        self._database = database

    def look(self, user: str) -> Look | None:
        row = self._database.row("SELECT * FROM home_looks WHERE user = ?", user)
        return _LOOKS.row(row) if row else None

    def save(self, look: Look) -> None:
        row: Row = asdict(look)
        self._database.run(
            """INSERT INTO home_looks (user, looked_at, new_since) VALUES (?, ?, ?)
               ON CONFLICT (user) DO UPDATE SET looked_at = excluded.looked_at, new_since = excluded.new_since""",
            row["user"],
            row["looked_at"],
            row["new_since"],
        )

    def looked_since(self, moment: datetime) -> list[str]:
        """Who looked since then, the last one first."""
        return self._database.column("SELECT user FROM home_looks WHERE looked_at >= ? ORDER BY looked_at DESC", moment)
