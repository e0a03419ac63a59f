"""When backups were made: kept in the database that they are of."""

from pathlib import Path

from bot.backups.model import Backup
from bot.database import Store
from bot.stored import Stored

KEPT = 50


_BACKUPS: Stored[Backup] = Stored(Backup)


class BackupStore(Store):
    def made(self, path: Path, size_bytes: int) -> None:
        with self._database.transaction():
            row = {"at": self._clock(), "path": str(path), "bytes": size_bytes}
            last = self._database.insert("backups", row)
            self._database.run("DELETE FROM backups WHERE id <= ?", last - KEPT)

    def last(self) -> Backup | None:
        return _BACKUPS.maybe(self._database.row("SELECT at, path, bytes FROM backups ORDER BY id DESC LIMIT 1"))
