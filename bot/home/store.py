"""The table of looks: when somebody opened the App Home last."""

import json
from datetime import datetime

from bot.database import Database, Row
from bot.home.model import Look
from bot.people import DmKind, OwnHours, PersonalSettings
from bot.stored import Stored

_LOOKS = Stored[Look](Look)
_HOURS = Stored[OwnHours](OwnHours)


class HomeStore:
    def __init__(self, *, database: Database) -> None:
        self._database = database

    def look(self, user: str) -> Look | None:
        return _LOOKS.maybe(self._database.row("SELECT * FROM home_looks WHERE user = ?", user))

    def save(self, look: Look) -> None:
        sql = """INSERT INTO home_looks (user, looked_at, new_since) VALUES (?, ?, ?)
                 ON CONFLICT (user) DO UPDATE SET looked_at = excluded.looked_at, new_since = excluded.new_since"""
        self._database.run(sql, look.user, look.looked_at, look.new_since)

    def looked_since(self, moment: datetime) -> list[str]:
        """Who looked since then, the last one first."""
        return self._database.column("SELECT user FROM home_looks WHERE looked_at >= ? ORDER BY looked_at DESC", moment)

    def personal(self) -> dict[str, PersonalSettings]:
        """What everybody has set who has set something."""
        rows = self._database.rows("SELECT user, silent, hours FROM personal_settings")
        return {row["user"]: _read(row) for row in rows}

    def save_personal(self, user: str, settings: PersonalSettings, at: datetime) -> None:
        silent, hours = json.dumps(sorted(settings.silent)), _HOURS.write(settings.hours) if settings.hours else ""
        sql = "INSERT OR REPLACE INTO personal_settings (user, silent, hours, at) VALUES (?, ?, ?, ?)"
        self._database.run(sql, user, silent, hours, at)


def _read(row: Row) -> PersonalSettings:
    """A kind that another version of the bot had is left out."""
    known = {kind.value for kind in DmKind}
    silent = frozenset(DmKind(kind) for kind in json.loads(row["silent"]) if kind in known)
    return PersonalSettings(silent, _HOURS.read(row["hours"]) if row["hours"] else None)
