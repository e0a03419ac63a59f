"""The tables of status: last readings, since when targets are as they are, announcements, silences."""

from datetime import datetime

from bot.database import Row, Store, moment
from bot.status.model import Level, SourceKind, SourceReading
from bot.status.source import Watched
from bot.status.trouble import Announcement, ToldTrouble
from bot.stored import Stored

READINGS = Stored[SourceReading](SourceReading)
_SEEN = Stored[tuple[ToldTrouble, ...]](tuple[ToldTrouble, ...])
_ANNOUNCEMENTS = Stored[Announcement](Announcement, json=("seen",))


class StatusStore(Store):
    """Questions and verbs of readings and announcements; transactions are the service's."""

    def read(self, source: str, reading: SourceReading) -> None:
        now = self._clock()
        self._database.run(
            """INSERT INTO status_sources (source, read_at, reading) VALUES (?1, ?2, ?3)
               ON CONFLICT (source) DO UPDATE SET read_at = ?2, reading = ?3, failing_since = NULL, failure = ''""",
            source,
            now,
            READINGS.write(reading),
        )

    def failed(self, source: str, reason: str) -> None:
        self._database.run(
            """INSERT INTO status_sources (source, failing_since, failure) VALUES (?1, ?2, ?3)
               ON CONFLICT (source) DO UPDATE SET failing_since = coalesce(failing_since, ?2), failure = ?3""",
            source,
            self._clock(),
            reason,
        )

    def source(self, source: str) -> tuple[SourceReading, datetime | None, datetime | None, str]:
        """The last reading, when it was made, since when the source does not answer, and why."""
        row = self._database.row("SELECT * FROM status_sources WHERE source = ?", source)
        if not row:
            return SourceReading(), None, None, ""
        reading = READINGS.read(row["reading"]) if row["reading"] else SourceReading()
        return reading, _maybe(row["read_at"]), _maybe(row["failing_since"]), row["failure"]

    def level(self, source: str, target: str) -> tuple[Level, datetime] | None:
        row = self._database.row("SELECT * FROM status_levels WHERE source = ? AND target = ?", source, target)
        return (Level(row["level"]), moment(row["since"])) if row else None

    def now_at(self, source: str, target: str, level: Level, since: datetime) -> None:
        self._database.run(
            """INSERT INTO status_levels (source, target, level, since) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (source, target) DO UPDATE SET level = ?3, since = ?4""",
            source,
            target,
            level,
            since,
        )

    def announce(self, target: str, *, channel: str, began_at: datetime, seen: tuple[ToldTrouble, ...]) -> int:
        """A new row; raises Taken where the target has an announcement that is not closed."""
        row: Row = {"target": target, "channel": channel, "began_at": began_at}
        row |= {"announced_at": self._clock(), "seen": _SEEN.write(seen)}
        return self._database.insert("status_announcements", row)

    def announcement(self, announcement_id: int) -> Announcement | None:
        row = self._database.row("SELECT * FROM status_announcements WHERE id = ?", announcement_id)
        return _ANNOUNCEMENTS.maybe(row)

    def open_announcements(self) -> list[Announcement]:
        """Returns the announcements whose trouble is not over, or only just."""
        return _ANNOUNCEMENTS.rows(self._database.rows("SELECT * FROM status_announcements WHERE closed = 0"))

    def lately(self, at_most: int) -> list[Announcement]:
        """The newest first."""
        last = "(SELECT max(id) FROM status_announcements)"
        rows = self._database.rows(
            f"SELECT * FROM status_announcements WHERE id > {last} - ? ORDER BY id DESC", at_most
        )
        return _ANNOUNCEMENTS.rows(rows)

    def update(self, announcement: Announcement) -> None:
        """Stores the newest state of an announcement."""
        state: Row = {"seen": _SEEN.write(announcement.seen), "over_at": announcement.over_at}
        state |= {"returns": announcement.returns, "closed": int(announcement.closed)}
        self._database.update("status_announcements", {"id": announcement.id}, **state)


def name_of(watched: Watched) -> str:
    """A page and an Alertmanager may have the same key."""
    return f"{watched.kind}/{watched.key}"


def is_page(name: str) -> bool:
    """Whether a page as a whole has this name; targets have no slash in theirs."""
    return name.startswith(f"{SourceKind.PAGE}/")


def _maybe(text: str | None) -> datetime | None:
    return moment(text) if text else None
