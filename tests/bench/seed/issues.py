"""Known issues as trackers have them after years: words by Zipf's law, most done, a few that matter today."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.known_issues.model import ChangeKind, IssueReading, IssueState, Priority, TrackerIssue
from bot.known_issues.rows import ISSUES, READINGS
from bot.known_issues.search.query import LONGEST_WORD, slips, words_of
from tests.bench.row_known import words, zipf
from tests.bench.seed.rows import Rows, stamp

TRACKER = "app"
PLATFORMS = ("android", "ios", "windows", "macos", "linux")
PRIORITIES = (*[None] * 30, *[Priority.P3] * 12, *[Priority.P2] * 6, Priority.P1)
RECENT_SHARE = 0.005
"""So many changed within the last two days."""


@dataclass(frozen=True, slots=True)
class SeededIssues:
    """How many issues there are, and the words that they are made of: for questions that find something."""

    count: int
    vocabulary: Sequence[str]


def add_issues(rows: Rows, count: int, *, now: datetime, targets: Sequence[str]) -> SeededIssues:
    """Add so many known issues, their documents, their words and what changed in them."""
    chance = random.Random(23)
    vocabulary = words(chance)
    met: set[str] = set()
    for number in range(1, count + 1):
        issue, reading = _issue(number, count, chance, vocabulary, now, targets)
        _store(rows, number, issue, reading)
        met |= _document(rows, number, issue, reading)
        for change in _changes(chance, issue, now):
            rows.add("known_changes", {"issue_id": number, **change})
    for word in sorted(met):
        for slip in dict.fromkeys(slips(word)):
            rows.add("known_slips", {"slip": slip, "word": word})
    rows.add("known_trackers", {"name": TRACKER, "began_at": stamp(now - timedelta(days=400)), "as_of": stamp(now)})
    return SeededIssues(count, vocabulary)


def _issue(
    number: int, count: int, chance: random.Random, vocabulary: Sequence[str], now: datetime, targets: Sequence[str]
) -> tuple[TrackerIssue, IssueReading]:
    said = [zipf(vocabulary, chance) for _ in range(60)]
    symptom, workaround = " ".join(said[8:40]), " ".join(said[40:])
    age = (
        timedelta(days=2 * chance.random()) if chance.random() < RECENT_SHARE else timedelta(days=900 * chance.random())
    )
    updated_at = now - min(age, timedelta(minutes=9 * (count - number)) + timedelta(minutes=3))
    issue = TrackerIssue(
        tracker=TRACKER,
        uid=str(number),
        key=f"app#{number}",
        url=f"https://tracker.test/{number}",
        title=" ".join(said[:8]),
        body=f"## Symptoms\n{symptom}\n\n## Workaround\n{workaround}",
        state=IssueState.OPEN,
        created_at=updated_at - timedelta(days=30 * chance.random()),
        updated_at=updated_at,
        labels=("known-issue", *chance.choice(((), (chance.choice(PLATFORMS),)))),
    )
    reading = IssueReading(
        known=True,
        symptom=symptom,
        workaround=workaround,
        eta=(updated_at + timedelta(days=20)).date() if chance.random() < 0.1 else None,
        priority=chance.choice(PRIORITIES) if age < timedelta(days=60) else None,
        targets=(chance.choice(targets),) if chance.random() < 0.3 else (),
    )
    if chance.random() < 0.4:
        return issue, reading
    return replace(issue, state=IssueState.DONE, closed_at=updated_at, fix_version=f"9.{number % 40}"), reading


def _store(rows: Rows, number: int, issue: TrackerIssue, reading: IssueReading) -> None:
    urgent = not issue.closed and reading.priority in (Priority.P0, Priority.P1)
    row = {"id": number, "tracker": issue.tracker, "uid": issue.uid, "key": issue.key, "url": issue.url}
    row |= {"state": issue.state, "known": 1, "marked": int(urgent), "updated_at": stamp(issue.updated_at)}
    row |= {"first_seen_at": stamp(issue.created_at), "checked_at": stamp(issue.updated_at)}
    rows.add("known_issues", row | {"issue": ISSUES.write(issue), "reading": READINGS.write(reading)})
    for name in (issue.key, issue.url):
        rows.add("known_mentions", {"issue_id": number, "name": name})


def _document(rows: Rows, number: int, issue: TrackerIssue, reading: IssueReading) -> set[str]:
    """Adds what is searched; returns its words."""
    row = {"kind": "issue", "record_id": number, "targets": " ".join(reading.targets), "at": stamp(issue.updated_at)}
    row |= {"live": int(not issue.closed), "title": issue.title, "symptom": reading.symptom}
    row |= {"workaround": reading.workaround, "aliases": " ".join((*issue.labels, *reading.targets))}
    rows.add("known_documents", row)
    text = f"{row['title']} {row['symptom']} {row['workaround']} {row['aliases']}"
    return {word for word in words_of(text) if len(word) <= LONGEST_WORD}


def _changes(chance: random.Random, issue: TrackerIssue, now: datetime) -> Iterator[dict[str, str]]:
    recent = now - issue.updated_at < timedelta(days=2)
    if issue.closed:
        yield {"at": stamp(issue.updated_at), "kind": ChangeKind.DONE, "before": "", "after": issue.fix_version}
    elif recent or chance.random() < 0.3:
        kind = chance.choice((ChangeKind.NEW, ChangeKind.ETA, ChangeKind.WORKAROUND, ChangeKind.PRIORITY))
        yield {"at": stamp(issue.updated_at), "kind": kind, "before": "", "after": "2026-12-24"}
