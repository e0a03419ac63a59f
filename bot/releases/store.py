"""The tables of announced releases and of who follows what."""

import json
from collections.abc import Sequence
from datetime import datetime

from bot.clock import Clock
from bot.database import Database, Row, moment
from bot.known_issues.model import Release
from bot.releases.model import Follow


class ReleaseStore:
    """Questions and verbs of releases; transactions are the service's."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def number_of(self, release: Release) -> int | None:
        number: int | None = self._database.value(
            "SELECT id FROM releases WHERE tracker = ? AND uid = ?", release.tracker, release.uid
        )
        return number

    def came(self, release: Release, issue_ids: Sequence[int], *, announced: bool) -> int:
        """A release that was not known. `announced` is false for those that were out before the bot looked."""
        return self._database.insert(
            "releases", _row(release, issue_ids) | {"announced": int(announced), "seen_at": self._clock()}
        )

    def is_now(self, number: int, release: Release, issue_ids: Sequence[int]) -> bool:
        """Bring a known release up to date; whether that changed what people see."""
        row = _row(release, issue_ids)
        marks = " AND ".join(f"{name} = ?" for name in row)
        same = self._database.value(f"SELECT 1 FROM releases WHERE id = ? AND {marks}", number, *row.values())
        if same:
            return False
        names = ", ".join(f"{name} = ?" for name in row)
        self._database.run(f"UPDATE releases SET {names} WHERE id = ?", *row.values(), number)
        return True

    def release(self, number: int) -> tuple[Release, tuple[int, ...]] | None:
        row = self._database.row("SELECT * FROM releases WHERE id = ?", number)
        return (_release(row), tuple(json.loads(row["issue_ids"]))) if row else None

    def since(self, moment_: datetime) -> list[int]:
        """The announced ones that came after `moment_`, oldest first."""
        rows = self._database.rows("SELECT id FROM releases WHERE announced = 1 AND seen_at > ? ORDER BY id", moment_)
        return [row["id"] for row in rows]

    def knows(self, tracker: str) -> bool:
        """Whether anything of this tracker has come before."""
        return bool(self._database.value("SELECT 1 FROM releases WHERE tracker = ? LIMIT 1", tracker))

    def with_issue(self, issue_id: int) -> list[int]:
        """The announced releases that close this issue."""
        rows = self._database.rows(
            """SELECT r.id FROM releases r, json_each(r.issue_ids) e WHERE e.value = ? AND r.announced = 1""", issue_id
        )
        return [row["id"] for row in rows]

    def follow(self, follow: Follow) -> bool:
        """False where it was so before."""
        return bool(
            self._database.run(
                """INSERT INTO follows (who, tracker, issue_id, active, since) VALUES (?1, ?2, ?3, 1, ?4)
                   ON CONFLICT DO UPDATE SET active = 1, since = ?4 WHERE active = 0""",
                follow.who,
                follow.tracker,
                follow.issue_id or 0,
                self._clock(),
            )
        )

    def unfollow(self, follow: Follow) -> bool:
        """Remembered, so that a channel which follows by configuration does not begin again; False where it was so."""
        return bool(
            self._database.run(
                """INSERT INTO follows (who, tracker, issue_id, active, since) VALUES (?1, ?2, ?3, 0, ?4)
                   ON CONFLICT DO UPDATE SET active = 0, since = ?4 WHERE active = 1""",
                follow.who,
                follow.tracker,
                follow.issue_id or 0,
                self._clock(),
            )
        )

    def following_tracker(self, tracker: str, usual: Sequence[str]) -> list[str]:
        """The channels that hear of a tracker's releases; `usual` are those that do unless they said no."""
        rows = self._database.rows(
            "SELECT who, tracker, active FROM follows WHERE issue_id = 0 AND tracker IN ('', ?) ORDER BY tracker",
            tracker,
        )
        wanted = dict.fromkeys(usual, True) | {row["who"]: bool(row["active"]) for row in rows}
        return [who for who, active in wanted.items() if active]

    def following_issue(self, issue_id: int) -> list[str]:
        rows = self._database.rows("SELECT who FROM follows WHERE issue_id = ? AND active = 1", issue_id)
        return [row["who"] for row in rows]

    def follow_number(self, follow: Follow) -> int:
        """The row of a follow, which its message shows."""
        return int(
            self._database.value(
                "SELECT id FROM follows WHERE who = ? AND tracker = ? AND issue_id = ?",
                follow.who,
                follow.tracker,
                follow.issue_id or 0,
            )
        )

    def follow_at(self, number: int) -> tuple[Follow, datetime] | None:
        row = self._database.row("SELECT * FROM follows WHERE id = ?", number)
        return (Follow(row["who"], row["tracker"], row["issue_id"] or None), moment(row["since"])) if row else None

    def followed_by(self, who: Sequence[str]) -> list[Follow]:
        """What these channels and people follow."""
        marks = ", ".join("?" * len(who))
        rows = self._database.rows(f"SELECT * FROM follows WHERE active = 1 AND who IN ({marks}) ORDER BY id", *who)
        return [Follow(row["who"], row["tracker"], row["issue_id"] or None) for row in rows]


def _row(release: Release, issue_ids: Sequence[int]) -> Row:
    return {
        "tracker": release.tracker,
        "uid": release.uid,
        "name": release.name,
        "url": release.url,
        "notes": release.notes,
        "published_at": release.published_at.isoformat(),
        "issue_uids": json.dumps(sorted(release.issue_uids)),
        "issue_ids": json.dumps(sorted(issue_ids)),
    }


def _release(row: Row) -> Release:
    return Release(
        tracker=row["tracker"],
        uid=row["uid"],
        name=row["name"],
        url=row["url"],
        notes=row["notes"],
        published_at=moment(row["published_at"]),
        issue_uids=tuple(json.loads(row["issue_uids"])),
    )
