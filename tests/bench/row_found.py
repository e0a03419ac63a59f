"""How often what customers write finds the right known issue, beside FTS5's bm25, and how long that takes."""

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.database import Database
from bot.known_issues.model import TrackerIssue
from bot.known_issues.search.meaning.mini_lm import NAME, MiniLm, installed
from bot.known_issues.search.meaning.vectors import Vectors
from bot.known_issues.service import KnownIssueService
from bot.migrations import migrations
from tests.bench.figures import Figure, median, percentile
from tests.bench.row_known import fill, plain_bm25, service_on, words
from tests.known_issues.search.labelled import TARGETS, Answer, Found, answer, known_issues, measured, reports

TITLE = "known issues: found by what customers write"
SIZES = (0, 2_000, 20_000)
"""How many other issues there are beside those of the set."""
BOUND_MS = 50.0
HOW = (
    "tests/known_issues/search/found: 44 issues, 135 reports with the right one and 32 with none, "
    "restated from public threads; the second half is about issues that the first is not"
)
TIME = "CPU time, best of three for each report; the others have 60 words by Zipf's law over 20,000"


async def measure() -> list[Figure]:
    figures = list[Figure]()
    for others in SIZES:
        with tempfile.TemporaryDirectory(prefix="secondline-bench-") as folder:
            database = Database(Path(folder) / "known.db")
            migrations.apply(database.tables)
            service = _filled(database, others)
            figures += await _quality(service, database) if not others else []
            figures.append(_time(service, others))
            database.close()
    return figures


async def _quality(service: KnownIssueService, database: Database) -> list[Figure]:
    by_rowid = {
        row["id"]: service.get(row["record_id"]).issue.key
        for row in database.rows("SELECT id, record_id FROM known_documents")
    }
    ways: dict[str, Callable[[str], Answer]] = {
        "": lambda text: answer(service, text),
        "  FTS5's bm25 over any of the words": lambda text: Answer(
            [by_rowid[number] for number in plain_bm25(database, text)], sure=True
        ),
    }
    if installed():
        vectors = Vectors(database=database, make=MiniLm, name=NAME)
        await vectors.begin()
        by_meaning = service_on(database, TARGETS, vectors)
        ways["  with secondline[semantic]"] = lambda text: answer(by_meaning, text)
    return [
        Figure(name or f"half {half}: first / among three / silent", _shares(half, way), note=HOW)
        for half in (1, 2)
        for name, way in ways.items()
    ]


def _shares(half: int, way: Callable[[str], Answer]) -> str:
    found: Found = measured([(report, way(report.text)) for report in reports(half)])
    return f"{found.first:.2f} / {found.among_three:.2f} / {found.silent:.2f}"


def _time(service: KnownIssueService, others: int) -> Figure:
    texts = [report.text for half in (1, 2) for report in reports(half)]
    spent = [_best(service, text) for text in texts]
    p99 = percentile(spent, 0.99)
    what = f"a report among {others:,} others, p99" if others else "a report, p99"
    return Figure(what, f"{p99:.1f} ms (p50 {median(spent):.1f})", f"{BOUND_MS:g} ms", p99 <= BOUND_MS, TIME)


def _best(service: KnownIssueService, text: str) -> float:
    spent = list[float]()
    for _ in range(3):
        began = time.thread_time()
        service.search(text)
        spent.append(1000 * (time.thread_time() - began))
    return min(spent)


def _filled(database: Database, others: int) -> KnownIssueService:
    """The issues of the set, and others before them."""
    service, chance = service_on(database, TARGETS), random.Random(7)
    fill(service, words(chance), chance, others)
    service.intake.applied("app", [_apart(issue) for issue in known_issues()], cursor="x")
    return service


def _apart(issue: TrackerIssue) -> TrackerIssue:
    return replace(issue, uid=f"set-{issue.uid}", url=f"https://tracker.test/set/{issue.uid}")
