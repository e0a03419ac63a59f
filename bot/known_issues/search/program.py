"""The program that searches beside the bot: people who type ask fifty times a second, and each answer is milliseconds
of Python. It reads the database and writes nothing; what it read of an issue it tells, so that the bot keeps it. While
nobody asks, it reads issues ahead, newest first: reading one takes longer than finding it.
"""

import sys
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from bot.clock import system_clock
from bot.database import Database
from bot.known_issues.search.index import Index
from bot.known_issues.search.matcher import IssueMatcher
from bot.known_issues.search.meaning.likeness import NoMeaning
from bot.known_issues.search.query import Found
from bot.known_issues.store import KnownIssueStore
from bot.memory import keep_all
from bot.reading.reader import TicketReader
from bot.stored import Stored
from bot.targets.model import Catalog, Target

READ_BEFORE = 4_000
"""Documents and readings that stay in memory: ten megabytes."""
AHEAD_S = 0.003
"""So long it reads ahead at a time: whoever asks meanwhile waits for that."""
AHEAD_AT_ONCE = 8
Reading = tuple[str, str]
"""By which mark an issue was read, and what as."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, as KnownIssueService.search has it; or `ahead`: nobody asks, and some issues can be read ahead."""

    words: str = ""
    limit: int = 0
    target: str = ""
    context: tuple[str, ...] = ()
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, what issues were read as that the database has not, and whether all that there were are read."""

    found: Found
    read: Mapping[int, Reading]
    all_read: bool = False


@dataclass(frozen=True, slots=True)
class SearchSetup:
    """All that the program has to know: where the database is, and how the configuration wants texts to be read."""

    database: str
    targets: tuple[Target, ...]
    words: Mapping[str, tuple[str, ...]]
    symptoms: Mapping[str, tuple[str, ...]]
    usual_symptoms: bool = True


SETUPS, QUESTIONS, ANSWERS = Stored[SearchSetup](SearchSetup), Stored[Asked](Asked), Stored[Answer](Answer)


class ReadingIndex(Index):
    """Keeps readings in memory; `fresh` are those that nobody has stored."""

    def __init__(self, *, database: Database) -> None:
        super().__init__(database=database)
        self._kept: OrderedDict[int, Reading] = OrderedDict()
        self.fresh: dict[int, Reading] = {}

    def read_as(self, marks: Mapping[int, str]) -> dict[int, str]:
        kept = {number: self._kept[number] for number in marks if number in self._kept}
        told = {number: told for number, (mark, told) in kept.items() if mark == marks[number]}
        missing = {number: mark for number, mark in marks.items() if number not in told}
        stored = super().read_as(missing) if missing else {}
        self._keep({number: (marks[number], text) for number, text in stored.items()})
        return told | stored

    def keep_read(self, readings: Mapping[int, Reading]) -> None:
        self._keep(readings)
        self.fresh |= readings

    def _keep(self, readings: Mapping[int, Reading]) -> None:
        self._kept |= readings
        while len(self._kept) > READ_BEFORE:
            self._kept.popitem(last=False)


class SearchProgram:
    """Answers questions as KnownIssueService does."""

    def __init__(self, setup: SearchSetup) -> None:
        database, catalog = Database(setup.database, read_only=True), Catalog(setup.targets)
        self._index = ReadingIndex(database=database)
        self._matcher = IssueMatcher(
            store=KnownIssueStore(database=database, clock=system_clock),
            index=self._index,
            catalog=catalog,
            words=setup.words,
            reader=TicketReader(catalog=catalog, symptoms=setup.symptoms, usual_symptoms=setup.usual_symptoms),
            clock=system_clock,
            meaning=NoMeaning(),
            read_before=READ_BEFORE,
        )
        self._read_to: int | None = None
        self._been_through = False

    def answer(self, asked: Asked) -> Answer:
        self._index.fresh = {}
        if asked.ahead:
            return self._ahead()
        hits, instead = self._matcher.search(asked.words, target=asked.target, limit=asked.limit, context=asked.context)
        return Answer(Found(tuple(hits), instead), self._index.fresh)

    def _ahead(self) -> Answer:
        """Goes on where it was. Once it has been through all, it ends where nothing is new: what comes has the highest
        numbers."""
        end = time.monotonic() + AHEAD_S
        while time.monotonic() < end:
            self._read_to = self._matcher.read_ahead(self._read_to, AHEAD_AT_ONCE)
            if self._read_to is None or (self._been_through and not self._index.fresh):
                self._read_to, self._been_through = None, True
                return Answer(Found((), {}), self._index.fresh, all_read=True)
        return Answer(Found((), {}), self._index.fresh)


def main() -> None:
    program = SearchProgram(SETUPS.read(sys.stdin.readline()))
    ANSWERS.write(program.answer(Asked("what is only made when it is first used", 1)))
    keep_all()
    for line in sys.stdin:
        sys.stdout.write(f"{ANSWERS.write(program.answer(QUESTIONS.read(line)))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
