"""The tables of announced releases and of who follows what."""

import json
from collections.abc import Sequence
from datetime import datetime

from bot.database import Store, moment
from bot.known_issues.model import Release, version_name
from bot.known_issues.rows import RELEASES, release_row
from bot.releases.model import Follow


class ReleaseStore(Store):
    """Questions and verbs of releases; transactions are the service's."""

    def announce(self, release: Release, issue_ids: Sequence[int]) -> int | None:
        """A new row with what it closes; None where it was announced before (the unique index decides)."""
        sql = """INSERT INTO announcements (tracker, uid, release, announced_at) VALUES (?, ?, ?, ?)
            ON CONFLICT DO NOTHING RETURNING id"""
        text = json.dumps(release_row(release), default=str)
        number: int | None = self._database.value(sql, release.tracker, release.uid, text, self._clock())
        if number is not None:
            self.closes(number, issue_ids)
        return number

    def closes(self, number: int, issue_ids: Sequence[int]) -> None:
        """It closes these too; which were known before does not matter."""
        for issue_id in issue_ids:
            self._database.run("INSERT OR IGNORE INTO announced_issues VALUES (?, ?)", number, issue_id)

    def announced(self, number: int) -> tuple[Release, tuple[int, ...]] | None:
        row = self._database.row("SELECT release FROM announcements WHERE id = ?", number)
        if not row:
            return None
        sql = "SELECT issue_id FROM announced_issues WHERE announcement_id = ? ORDER BY issue_id"
        closed = self._database.rows(sql, number)
        return RELEASES.row(json.loads(row["release"])), tuple(issue["issue_id"] for issue in closed)

    def with_issue(self, issue_id: int) -> list[int]:
        """The announcements that show this issue."""
        return self._database.column("SELECT announcement_id FROM announced_issues WHERE issue_id = ?", issue_id)

    def newest(self, tracker: str, limit: int) -> list[int]:
        """The last announcements of a tracker."""
        sql = "SELECT id FROM announcements WHERE tracker = ? ORDER BY id DESC LIMIT ?"
        return [row["id"] for row in self._database.rows(sql, tracker, limit)]

    def named(self, tracker: str, name: str) -> int | None:
        """The announcement of a version, whatever prefix its tag has."""
        rows = self._database.rows("SELECT id, release FROM announcements WHERE tracker = ? ORDER BY id DESC", tracker)
        version = version_name(name)
        return next((row["id"] for row in rows if version_name(json.loads(row["release"])["name"]) == version), None)

    def follow(self, follow: Follow) -> bool:
        """False where it was so before."""
        return self._set(follow, active=True)

    def without_exceptions(self, follow: Follow) -> int:
        """Who follows everything has said no to no tracker; to how many that was."""
        if follow.tracker or follow.issue_id is not None:
            return 0
        sql = "DELETE FROM follows WHERE who = ? AND tracker <> '' AND issue_id = 0 AND active = 0"
        return self._database.run(sql, follow.who)

    def unfollow(self, follow: Follow) -> bool:
        """Remembered, so that a channel which follows by configuration does not begin again; False where it was so."""
        return self._set(follow, active=False)

    def _set(self, follow: Follow, *, active: bool) -> bool:
        sql = """INSERT INTO follows (who, tracker, issue_id, active, since) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT DO UPDATE SET active = ?4, since = ?5 WHERE active <> ?4"""
        return self._database.run(sql, follow.who, follow.tracker, follow.issue_id or 0, active, self._clock()) > 0

    def following_tracker(self, tracker: str, usual: Sequence[str]) -> list[str]:
        """The channels that hear of a tracker's releases; `usual` are those that do unless they said no."""
        sql = "SELECT who, tracker, active FROM follows WHERE issue_id = 0 AND tracker IN ('', ?) ORDER BY tracker"
        rows = self._database.rows(sql, tracker)
        channels = dict.fromkeys(usual, True) | {row["who"]: bool(row["active"]) for row in rows}
        return [who for who, active in channels.items() if active]

    def following_issue(self, issue_id: int) -> list[str]:
        return self._database.column("SELECT who FROM follows WHERE issue_id = ? AND active = 1", issue_id)

    def followed_issues(self) -> list[Follow]:
        """Every known issue with everybody who follows it."""
        rows = self._database.rows("SELECT who, issue_id FROM follows WHERE issue_id <> 0 AND active = 1 ORDER BY id")
        return [Follow(row["who"], issue_id=row["issue_id"]) for row in rows]

    def joined(self, issue_id: int, into: int) -> None:
        """A known issue turned out to be another one."""
        for table in ("follows", "announced_issues"):
            self._database.run(f"UPDATE OR IGNORE {table} SET issue_id = ? WHERE issue_id = ?", into, issue_id)
            self._database.run(f"DELETE FROM {table} WHERE issue_id = ?", issue_id)

    def follow_number(self, follow: Follow) -> int:
        """The row of a follow, which its message shows."""
        sql = "SELECT id FROM follows WHERE who = ? AND tracker = ? AND issue_id = ?"
        return int(self._database.value(sql, follow.who, follow.tracker, follow.issue_id or 0))

    def follow_at(self, number: int) -> tuple[Follow, datetime] | None:
        row = self._database.row("SELECT * FROM follows WHERE id = ?", number)
        return (Follow(row["who"], row["tracker"], row["issue_id"] or None), moment(row["since"])) if row else None

    def followed_by(self, who: Sequence[str]) -> list[Follow]:
        """What these channels and people follow."""
        marks = ", ".join("?" * len(who))
        rows = self._database.rows(f"SELECT * FROM follows WHERE active = 1 AND who IN ({marks}) ORDER BY id", *who)
        return [Follow(row["who"], row["tracker"], row["issue_id"] or None) for row in rows]
