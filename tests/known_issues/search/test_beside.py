"""Searching beside the bot finds what the bot finds, and the bot keeps what was read on the way."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.beside import Beside, ProgramGone
from bot.database import Database, StorageError
from bot.known_issues.model import IssueState, TrackerIssue
from bot.known_issues.search.beside import FOUND_IN, SearchBeside
from bot.known_issues.search.index import Index
from bot.known_issues.search.program import ANSWERS, QUESTIONS, SETUPS, SearchProgram, SearchSetup
from bot.known_issues.search.query import Match
from bot.migrations import migrations
from tests.bench.row_known import TARGETS, service_on
from tests.known_issues.search.test_told import ISSUE, searched, told
from tests.world import APP, World

CRASHES = ((1, "iOS 17"), (2, "Android 15"))


class Here(Beside):
    """The program, in this process; it counts the questions."""

    def __init__(self, setup: SearchSetup) -> None:
        super().__init__(module="", setup={})
        self._program = SearchProgram(SETUPS.read(SETUPS.write(setup)))
        self.asked = 0
        self.gone = False
        self.starts = False

    @property
    def answers(self) -> bool:
        return not self.starts

    async def ask(self, question: Mapping[str, Any]) -> bytes:
        if self.gone:
            raise ProgramGone
        self.asked += 1
        return ANSWERS.write(self._program.answer(QUESTIONS.read(json.dumps(dict(question))))).encode()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(tmp_path / "bot.db")
    migrations.apply(database.tables)
    return database


def beside(database: Database, path: Path) -> tuple[SearchBeside, Here]:
    program = Here(SearchSetup(str(path), TARGETS.targets, words={}, symptoms={}))
    version = database.touched
    search = SearchBeside(program=program, index=Index(database=database), version=lambda: version.tables(*FOUND_IN))
    return search, program


async def test_it_finds_the_same(database: Database, tmp_path: Path) -> None:
    service = searched(database)
    search, _ = beside(database, tmp_path / "bot.db")
    for words in ("login spins", "login spinns", "login spins on iPhone", "nothing of it"):
        found, own = await search.find(words, limit=5), service.search(words)
        assert (_without_age(found.hits), found.instead) == (_without_age(own.best), own.instead), words


def _without_age(hits: Sequence[Match]) -> list[Match]:
    """Each is a moment older than the other."""
    return [replace(hit, score=0.0) for hit in hits]


async def test_what_it_reads_of_an_issue_the_bot_keeps(database: Database, tmp_path: Path) -> None:
    searched(database)
    before = told(database)
    database.run("DELETE FROM known_told")
    search, _ = beside(database, tmp_path / "bot.db")
    await search.find("login spins", limit=5)
    assert not told(database), "whoever asked need not wait for a write"
    await search.close()
    assert told(database) == before


async def test_issues_are_read_before_anybody_asks(database: Database, tmp_path: Path) -> None:
    """Newest first, all of them; and later what is new."""
    service = service_on(database)
    service.intake.applied("app", [_numbered(number) for number in range(1, 31)], cursor="x")
    search, _ = beside(database, tmp_path / "bot.db")
    await search.read_ahead()
    assert database.value("SELECT max(issue_id) FROM known_told") == 30
    while await search.read_ahead():
        pass
    assert len(told(database)) == 30

    service.intake.applied("app", [_numbered(31)], cursor="y")
    while await search.read_ahead():
        pass
    assert len(told(database)) == 31


def _numbered(number: int) -> TrackerIssue:
    text = f"Login spins on Android {number}"
    return replace(ISSUE, uid=str(number), key=f"app#{number}", url=f"https://tracker.test/{number}", title=text)


async def test_the_same_question_is_asked_once_until_something_is_written(database: Database, tmp_path: Path) -> None:
    searched(database)
    search, program = beside(database, tmp_path / "bot.db")
    for words in ("login spins", "  Login SPINS ", "login spins"):
        await search.find(words, limit=5)
    assert program.asked == 1
    database.run("UPDATE known_issues SET state = 'done'")
    await search.find("login spins", limit=5)
    assert program.asked == 2


async def test_without_the_program_there_is_no_answer(database: Database, tmp_path: Path) -> None:
    search, program = beside(database, tmp_path / "bot.db")
    program.gone = True
    with pytest.raises(ProgramGone):
        await search.find("login", limit=5)


async def test_whoever_searches_is_answered_with_it_and_without_it(database: Database, tmp_path: Path) -> None:
    """In a thread what is investigated says what the words leave open; a program that is gone keeps nobody waiting."""
    search, program = beside(database, tmp_path / "bot.db")
    world = World(database=database, search=search)
    ios, android = (replace(_numbered(number), title=f"Crash at login on {app}") for number, app in CRASHES)
    world.known.intake.applied("app", [ios, android], cursor="x")
    opened = await world.opened(APP, symptom="crashes on iOS 17")

    async def asked() -> list[str]:
        best = (await world.knowledge.search("login crash", here=opened.id)).best
        return [match.issue.issue.key for match in best if match.issue]

    assert await asked() == [ios.key] and program.asked == 1
    world.known.intake.applied("app", [replace(ios, state=IssueState.IN_PROGRESS)], cursor="y")
    program.starts = True
    assert await asked() == [ios.key] and program.asked == 1, "nobody waits for its start"
    program.starts, program.gone = False, True
    assert await asked() == [ios.key] and program.asked == 1


def test_it_can_write_nothing(database: Database, tmp_path: Path) -> None:
    own = Database(tmp_path / "bot.db", read_only=True)
    with pytest.raises(StorageError):
        own.run("DELETE FROM known_issues")
