"""The tables of issues, their twins, releases and trackers."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from bot.database import Database, Row, Store, moment
from bot.known_issues.changes import is_same, worth_telling
from bot.known_issues.model import (
    Age,
    Change,
    IssueReading,
    KnownIssue,
    LinkVerdict,
    Priority,
    Release,
    TrackerIssue,
    Twin,
)
from bot.known_issues.rows import ISSUES, READINGS, release_row
from bot.known_issues.twins import mentions, names_of, title_marks
from bot.stored import Stored

RECHECK_AFTER = timedelta(hours=6)
"""An issue that was told about since then needs no asking."""

_ALL = """SELECT *, (SELECT json_group_array(json_array(t.id, t.tracker, t.uid, t.key, t.url))
    FROM known_twins w JOIN known_issues t ON t.id = w.twin_id
    WHERE w.issue_id = known_issues.id AND t.gone_at IS NULL) AS also FROM known_issues"""
_LINKED = f"(SELECT issue_id FROM known_links WHERE verdict = '{LinkVerdict.IT_IS}')"

_AGES, _KNOWN = Stored[Age](Age), Stored[KnownIssue](KnownIssue)


NEWER_THAN_ALL = 2**63 - 1
"""The highest id that there can be (https://www.sqlite.org/autoinc.html)."""


class KnownIssueStore(Store):
    """Questions and verbs of known issues; transactions are the service's."""

    def get(self, issue_id: int) -> KnownIssue | None:
        """Also by a number that became another's."""
        return self._one("id = ?", issue_id) or self._formerly(f"KI-{issue_id}")

    def several(self, issue_ids: Sequence[int]) -> dict[int, KnownIssue]:
        known = self._all("id IN (SELECT value FROM json_each(?))", list(issue_ids))
        return {each.id: each for each in known}

    def older(self, issue_id: int | None, limit: int) -> dict[int, KnownIssue]:
        """So many that came before an issue, or the newest ones, newest first."""
        known = self._all(f"id < coalesce(?1, {NEWER_THAN_ALL}) ORDER BY id DESC LIMIT ?2", issue_id, limit)
        return {each.id: each for each in known}

    def by_uid(self, tracker: str, uid: str) -> KnownIssue | None:
        return self._one("tracker = ? AND uid = ?", tracker, uid)

    def with_uids(self, tracker: str, uids: Sequence[str]) -> list[KnownIssue]:
        """The stored ones among these."""
        among = "uid IN (SELECT value FROM json_each(?))"
        return self._all(f"tracker = ? AND {among} ORDER BY id", tracker, list(uids))

    def by_key(self, text: str) -> KnownIssue | None:
        """Returns an issue by key or address, also a former one; one that is not gone counts first."""
        named = "key = ?1 COLLATE NOCASE OR url = ?1 ORDER BY gone_at IS NOT NULL, id DESC LIMIT 1"
        return self._one(named, text) or self._formerly(text)

    def elsewhere(self, issue: TrackerIssue) -> KnownIssue | None:
        """Returns the same issue under another identity, as after a move between two projects."""
        like_it = "(uid = ?1 OR url = ?2) AND NOT (tracker = ?3 AND uid = ?1) ORDER BY gone_at IS NOT NULL, id"
        known = self._all(like_it, issue.uid, issue.url, issue.tracker)
        return next((each for each in known if is_same(each.issue, issue)), None)

    def rehome(self, issue_id: int, issue: TrackerIssue) -> None:
        """Gives it to another tracker, or another identity in the same one."""
        self._database.update("known_issues", {"id": issue_id}, tracker=issue.tracker, uid=issue.uid)

    def called(self, issue_id: int, *names: str) -> None:
        """Stores former names, under which it is found too."""
        for name in names:
            self._database.run("INSERT OR REPLACE INTO known_former (name, issue_id) VALUES (?, ?)", name, issue_id)

    def join(self, other: KnownIssue, *, into: int) -> None:
        """Two records were of one issue: all that is known of `other` is of `into`, and it is found by its number."""
        self._database.run(  # what people decided of it counts before a guess
            """DELETE FROM known_links WHERE issue_id = ?1 AND verdict = ?3 AND investigation_id IN
                 (SELECT investigation_id FROM known_links WHERE issue_id = ?2 AND verdict <> ?3)""",
            into,
            other.id,
            LinkVerdict.SUGGESTED,
        )
        of_issues = ("known_links", "known_changes", "known_asks", "known_former", "known_mentions", "known_twins")
        for table, column in (*((table, "issue_id") for table in of_issues), ("known_twins", "twin_id")):
            self._database.run(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?", into, other.id)
            self._database.run(f"DELETE FROM {table} WHERE {column} = ?", other.id)
        self._database.run("DELETE FROM known_twins WHERE issue_id = twin_id")
        self._database.run("DELETE FROM known_issues WHERE id = ?", other.id)
        self.called(into, other.name)

    def _formerly(self, name: str) -> KnownIssue | None:
        return self._one("id = (SELECT issue_id FROM known_former WHERE name = ?)", name)

    def _one(self, where: str, *values: object) -> KnownIssue | None:
        row = self._database.row(f"{_ALL} WHERE {where}", *values)
        return _known(row) if row else None

    def _all(self, where: str, *values: object) -> list[KnownIssue]:
        return [_known(row) for row in self._database.rows(f"{_ALL} WHERE {where}", *values)]

    def all_of(self, tracker: str, *, after: int = 0, limit: int = 500) -> list[KnownIssue]:
        """A page of a tracker's issues by id."""
        return self._all("tracker = ? AND id > ? ORDER BY id LIMIT ?", tracker, after, limit)

    def recent(self, limit: int) -> list[KnownIssue]:
        """Known ones, the newest change first."""
        return self._all("known = 1 AND gone_at IS NULL ORDER BY updated_at DESC LIMIT ?", limit)

    def marked(self) -> list[KnownIssue]:
        """Open ones that support hears of by itself and that are urgent, wait for development, or were found by QA."""
        return self._all("marked = 1 AND gone_at IS NULL ORDER BY id")

    def urgent_and_linked(self) -> list[int]:
        """Open ones of the first two priorities that people say any investigation is about."""
        return self._database.column(
            f"""SELECT id FROM known_issues INDEXED BY known_issues_urgent
                WHERE gone_at IS NULL AND state IN ('open', 'in_progress')
                  AND json_extract(reading, '$.priority') IN ('P0', 'P1') AND id IN {_LINKED}"""
        )

    def groups(self, issue_ids: Collection[int]) -> dict[int, list[int]]:
        """Each of these with the same bug in other trackers."""
        rows = self._database.rows(
            """SELECT w.issue_id AS id, w.twin_id AS twin FROM known_twins w JOIN known_issues t ON t.id = w.twin_id
               WHERE w.issue_id IN (SELECT value FROM json_each(?)) AND t.gone_at IS NULL""",
            list(issue_ids),
        )
        groups = {number: [number] for number in issue_ids}
        for row in rows:
            groups[row["id"]].append(row["twin"])
        return groups

    def put(self, issue: TrackerIssue, reading: IssueReading) -> KnownIssue:
        """Insert, or bring up to date; an issue that was gone is back."""
        now = self._clock()
        identity: Row = {"tracker": issue.tracker, "uid": issue.uid}
        row: Row = {"key": issue.key, "url": issue.url, "state": issue.state, "known": int(reading.known)}
        row |= {"marked": int(_marked(issue, reading)), "updated_at": issue.updated_at, "checked_at": now}
        row |= {"gone_at": None, "issue": ISSUES.write(issue), "reading": READINGS.write(reading)}
        if not self._database.update("known_issues", identity, **row):
            row |= {**identity, "first_seen_at": now}
            return KnownIssue(self._database.insert("known_issues", row), issue, reading, now)
        known = self.by_uid(issue.tracker, issue.uid)
        assert known
        return known

    def checked(self, issue_id: int) -> None:
        self._database.update("known_issues", {"id": issue_id}, checked_at=self._clock())

    def gone(self, issue_id: int, at: datetime | None = None) -> None:
        """Since now, where no earlier time is known."""
        now = self._clock()
        self._database.update("known_issues", {"id": issue_id}, gone_at=at or now, checked_at=now)

    def stale(self, tracker: str, limit: int) -> list[TrackerIssue]:
        """Returns the open or linked issues that were not heard of for longest."""
        rows = self._database.rows(
            f"""SELECT * FROM known_issues WHERE tracker = ? AND checked_at < ?
                AND (state IN ('open', 'in_progress') OR id IN {_LINKED}) ORDER BY checked_at LIMIT ?""",
            tracker,
            self._clock() - RECHECK_AFTER,
            limit,
        )
        return [ISSUES.read(row["issue"]) for row in rows]

    def labelled_otherwise(
        self, tracker: str, labels: Sequence[str], *, after: int, limit: int
    ) -> tuple[list[TrackerIssue], int]:
        """Returns those of a page by id that matter and have other labels; and the last id, 0 at the end."""
        page = "SELECT id FROM known_issues WHERE tracker = ? AND id > ? AND gone_at IS NULL ORDER BY id LIMIT ?"
        ids = self._database.column(page, tracker, after, limit)
        if not ids:
            return [], 0
        rows = self._database.rows(
            f"""SELECT issue FROM known_issues WHERE tracker = ? AND id > ? AND id <= ? AND gone_at IS NULL
                AND (known = 1 OR state IN ('open', 'in_progress') OR id IN {_LINKED})
                AND EXISTS (SELECT 1 FROM json_each(issue, '$.labels')
                            WHERE lower(value) NOT IN (SELECT lower(value) FROM json_each(?))) ORDER BY id""",
            tracker,
            after,
            ids[-1],
            list(labels),
        )
        return [ISSUES.read(row["issue"]) for row in rows], ids[-1] if len(ids) == limit else 0

    def put_release(self, release: Release) -> bool:
        """False where it is known; what it says is brought up to date."""
        row = release_row(release)
        if self._database.update("known_releases", {"tracker": release.tracker, "uid": release.uid}, **row):
            return False
        self._database.insert("known_releases", row | {"seen_at": self._clock()})
        return True

    def has_releases(self, tracker: str) -> bool:
        return bool(self._database.value("SELECT 1 FROM known_releases WHERE tracker = ? LIMIT 1", tracker))


class TrackerStore(Store):
    """The table of trackers: how far they were read, and whether they answer."""

    def begin(self, names: Iterable[str]) -> None:
        """Trackers that are configured; one that was here before goes on where it was."""
        for name in names:
            self._database.run(
                "INSERT OR IGNORE INTO known_trackers (name, began_at) VALUES (?, ?)", name, self._clock()
            )

    def began_at(self, name: str) -> datetime:
        text = self._database.value("SELECT began_at FROM known_trackers WHERE name = ?", name)
        return moment(text) if text else self._clock()

    def cursor(self, name: str) -> str:
        return str(self._database.value("SELECT cursor FROM known_trackers WHERE name = ?", name) or "")

    def reached(self, name: str, cursor: str) -> None:
        self._database.update("known_trackers", {"name": name}, cursor=cursor)

    def accounts(self, tracker: str) -> frozenset[str]:
        """Implements Accounts."""
        return frozenset(self._database.column("SELECT account FROM known_accounts WHERE tracker = ?", tracker))

    def acted_as(self, tracker: str, account: str) -> None:
        self._database.run("INSERT OR IGNORE INTO known_accounts VALUES (?, ?, ?)", tracker, account, self._clock())

    def mapping(self, name: str) -> str:
        """Returns the version of the mapping that its issues were last read by."""
        return str(self._database.value("SELECT mapping FROM known_trackers WHERE name = ?", name) or "")

    def mapped(self, name: str, mapping: str) -> None:
        self._database.update("known_trackers", {"name": name}, mapping=mapping)

    def failed(self, name: str, reason: str) -> None:
        self._database.run(
            "UPDATE known_trackers SET failing_since = coalesce(failing_since, ?), failure = ? WHERE name = ?",
            self._clock(),
            reason,
            name,
        )

    def answered(self, name: str) -> None:
        self._database.update("known_trackers", {"name": name}, as_of=self._clock(), failing_since=None, failure="")

    def age(self, name: str, title: str) -> Age:
        row = self._database.row("SELECT * FROM known_trackers WHERE name = ?", name)
        return _AGES.row(row, tracker=name, title=title, reason=row["failure"]) if row else Age(name, title)


def _marked(issue: TrackerIssue, reading: IssueReading) -> bool:
    urgent = reading.priority in (Priority.P0, Priority.P1)
    return worth_telling(reading) and not issue.closed and (urgent or reading.pending or reading.found_by_qa)


def _known(row: Row) -> KnownIssue:
    also = tuple(Twin(*twin) for twin in json.loads(row["also"]))
    return _KNOWN.row(row, issue=ISSUES.read(row["issue"]), reading=READINGS.read(row["reading"]), also=also)


CANDIDATES_MAX = 30
"""A template may name one issue in thousands."""


class TwinStore:
    """Questions and verbs of twins; they join the caller's transaction."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def names(self, known: KnownIssue) -> None:
        """Stores what an issue is called and what it names."""
        self._database.run("DELETE FROM known_mentions WHERE issue_id = ?", known.id)
        named = (mention.name for mention in mentions(known.issue))
        for name in dict.fromkeys([*names_of(known.issue), *named, *title_marks(known.issue)]):
            self._database.run("INSERT INTO known_mentions (issue_id, name) VALUES (?, ?)", known.id, name)

    def candidates(self, issue_id: int) -> list[int]:
        """Returns the issues that it names, that name it, or that name the same ones, the newest first."""
        return self._database.column(
            """SELECT DISTINCT b.issue_id FROM known_mentions a JOIN known_mentions b ON b.name = a.name
               WHERE a.issue_id = ?1 AND b.issue_id <> ?1 ORDER BY b.issue_id DESC LIMIT ?2""",
            issue_id,
            CANDIDATES_MAX,
        )

    def twins(self, issue_id: int, twin_ids: list[int]) -> None:
        """Stores that these are the same as an issue, and no others."""
        self._database.run("DELETE FROM known_twins WHERE issue_id = ?1 OR twin_id = ?1", issue_id)
        for twin_id in twin_ids:
            self._database.run("INSERT INTO known_twins VALUES (?1, ?2), (?2, ?1)", issue_id, twin_id)


_CHANGES = Stored[Change](Change)


class ChangeLog:
    """The table of changes; everything joins the caller's transaction."""

    def __init__(self, *, database: Database, store: KnownIssueStore) -> None:
        self._database = database
        self._store = store

    def add(self, change: Change) -> Change:
        row = asdict(change)
        del row["id"]
        return replace(change, id=self._database.insert("known_changes", row))

    def get(self, change_id: int) -> Change | None:
        return _CHANGES.maybe(self._database.row("SELECT * FROM known_changes WHERE id = ?", change_id))

    def of(self, issue_id: int) -> list[Change]:
        """Everything that changed in one issue, oldest first."""
        rows = self._database.rows("SELECT * FROM known_changes WHERE issue_id = ? ORDER BY at, id", issue_id)
        return _CHANGES.rows(rows)

    def since(self, moment: datetime) -> list[tuple[KnownIssue, Change]]:
        """Everything that changed after `moment`, oldest first, each with its issue as it is now."""
        rows = self._database.rows("SELECT * FROM known_changes WHERE at > ? ORDER BY at, id", moment)
        issues = self._store.several(sorted({row["issue_id"] for row in rows}))
        return [(issues[row["issue_id"]], _CHANGES.row(row)) for row in rows]
