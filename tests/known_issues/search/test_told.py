"""What an issue says is read once, and stored: reading it takes longer than finding it."""

import random
from dataclasses import replace
from datetime import timedelta

from bot.clock import system_clock
from bot.database import Database
from bot.known_issues.model import IssueState, TrackerIssue
from bot.known_issues.service import KnownIssueService
from bot.targets.model import Catalog, Target
from tests.bench.row_known import TARGETS, fill, service_on, words
from tests.database import memory_database

ISSUE = TrackerIssue(
    tracker="app",
    uid="1",
    key="app#1",
    url="https://tracker.test/1",
    title="Login spins on Android after an update",
    body="## Symptoms\nThe login screen spins for ever on Android",
    state=IssueState.OPEN,
    created_at=system_clock(),
    updated_at=system_clock(),
    labels=("known-issue",),
)


def searched(database: Database, issue: TrackerIssue = ISSUE, catalog: Catalog = TARGETS) -> KnownIssueService:
    """A bot that has the issue, and has been asked about it."""
    service = service_on(database, catalog)
    service.intake.applied("app", [issue], cursor="x")
    assert [match.issue.name for match in service.search("login spins").best if match.issue] == ["KI-1"]
    return service


def told(database: Database) -> list[tuple[str, str]]:
    return [(row["mark"], row["told"]) for row in database.rows("SELECT mark, told FROM known_told")]


def test_what_it_says_is_there_after_a_restart() -> None:
    """And says the same: an Android issue is no answer about an iPhone."""
    database = memory_database()
    searched(database)
    before = told(database)
    service = searched(database)

    assert told(database) == before and "android" in before[0][1]
    assert not service.search("login spins on iPhone").best


def test_another_text_or_another_reader_reads_it_anew() -> None:
    """A stored reading counts for the text and the targets that it was read by."""
    database = memory_database()
    searched(database)
    first = told(database)
    later = ISSUE.updated_at + timedelta(minutes=1)
    searched(database, replace(ISSUE, title="Login spins on iPhone", body="It spins on iOS.", updated_at=later))
    second = told(database)
    searched(database, catalog=Catalog((Target("app", "App", "app", aliases=("login screen",)),)))

    assert len({mark for mark, _ in (*first, *second, *told(database))}) == 3
    assert "ios" in second[0][1] and len(told(database)) == 1


def test_what_is_stored_ranks_as_what_is_read() -> None:
    """The second search of each question finds what the first one found, in the same order."""
    service, chance = service_on(memory_database()), random.Random(5)
    vocabulary = words(chance)
    fill(service, vocabulary, chance, 1_000)
    questions = [" ".join(chance.choices(vocabulary[:60], k=3)) for _ in range(30)]

    def found() -> list[list[tuple[str, float]]]:
        return [
            [(match.issue.name, round(match.score, 3)) for match in service.search(each, limit=10).best if match.issue]
            for each in questions
        ]

    first = found()

    assert first == found() and any(first)


def test_a_database_that_takes_nothing_is_no_reason_not_to_answer() -> None:
    """Who searches writes nothing that anybody misses."""
    database = memory_database()
    service = service_on(database)
    service.intake.applied("app", [ISSUE], cursor="x")
    database.run("PRAGMA query_only = 1")

    assert service.search("login spins").best and not told(database)
