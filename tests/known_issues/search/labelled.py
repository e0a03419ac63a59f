"""Known issues and what customers write about them, each report with the issue that is right, or with none.

All of it is restated from public threads in words of our own. The first half is there to work with. The second half is
about other issues, and is for measuring only: whoever changes the search looks at the figure, not at the reports.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.known_issues.model import TrackerIssue
from bot.known_issues.search.query import MatchLevel
from bot.known_issues.service import KnownIssueService
from bot.targets.model import Catalog, Target
from tests.fake_tracker import issue

FOLDER = Path(__file__).parent / "found"
TARGETS = Catalog(
    (
        Target("us-east", "U.S. East", "gateway", aliases=("new york", "ashburn", "virginia")),
        Target("us-west", "U.S. West", "gateway", aliases=("los angeles", "california")),
        Target("website", "Website", "website", aliases=("checkout",)),
        Target("app", "App", "app"),
    )
)
AT = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Report:
    """What a customer wrote. `issue` is the key of the right one, "" where there is none."""

    issue: str
    half: int
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """Shares (0 to 1): the right issue is first, or among three; of questions without one, nothing is said to match."""

    first: float
    among_three: float
    silent: float


def known_issues() -> list[TrackerIssue]:
    rows = [json.loads(line) for line in (FOLDER / "issues.ndjson").read_text("utf-8").splitlines()]
    return [
        issue(
            number,
            row["title"],
            symptom=row["symptom"],
            workaround=row["workaround"],
            key=row["key"],
            labels=("known-issue", *row["labels"]),
            created_at=AT,
            updated_at=AT,
        )
        for number, row in enumerate(rows, 1)
    ]


def reports(half: int) -> list[Report]:
    rows = [json.loads(line) for line in (FOLDER / "reports.ndjson").read_text("utf-8").splitlines()]
    return [report for row in rows if (report := Report(**row)).half == half]


@dataclass(frozen=True, slots=True)
class Answer:
    """The keys of the issues that are found, best first, and whether the first is said to match."""

    keys: Sequence[str]
    sure: bool


def answer(service: KnownIssueService, text: str, limit: int = 3) -> Answer:
    best = [match for match in service.search(text, limit=limit).best if match.issue]
    keys = [match.issue.issue.key for match in best if match.issue]
    return Answer(keys, any(match.level is MatchLevel.WORDS for match in best))


def measured(found: Sequence[tuple[Report, Answer]]) -> Found:
    about = [(report, given.keys) for report, given in found if report.issue]
    none = [given for report, given in found if not report.issue]
    first = sum(list(keys[:1]) == [report.issue] for report, keys in about) / len(about)
    three = sum(report.issue in keys[:3] for report, keys in about) / len(about)
    return Found(first, three, sum(not given.sure for given in none) / len(none))
