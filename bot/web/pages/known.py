"""Known issues by the words of customers: one field with results as somebody types, and a page for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.briefings.issues import issue_as_told
from bot.briefings.model import Stage
from bot.errors import NotFound, existing
from bot.exports.addresses import web_address
from bot.investigations.evidence import EvidenceService
from bot.investigations.knowledge import KnowledgeService
from bot.known_issues.model import PRIORITY_WORDS, Change, ChangeKind, KnownIssue, Learned
from bot.known_issues.search.query import Match
from bot.known_issues.wording import in_one_line, plain
from bot.logins.model import PEOPLE
from bot.reading.devices import Devices
from bot.targets.model import Catalog
from bot.web.pages.page import Page, PageRequest, PageRoute, number_in

RESULTS = 10
WORDS_MAX = 400
"""Characters of a question that are looked for."""


@dataclass(frozen=True, slots=True)
class FoundIssue:
    """One row: a known issue (`number`), or what an investigation of our own found out (`investigation`)."""

    name: str
    number: int | None
    investigation: int | None
    title: str
    workaround: str
    stage: str
    eta: date | None
    priority: str
    customers: int
    why: tuple[str, ...] = ()
    """The words of the question that it has."""


@dataclass(frozen=True, slots=True)
class KnownSearch:
    words: str
    results: tuple[FoundIssue, ...]
    instead: tuple[str, ...] = ()
    """How misspelt words were read: "teh as the"."""


@dataclass(frozen=True, slots=True)
class IssueChange:
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class WholeIssue:
    """`workaround` is for a customer's eyes, `workaround_markdown` as the tracker has it. `tell` is what customers were
    told last of an investigation that is about it."""

    name: str
    title: str
    url: str
    also: tuple[tuple[str, str], ...]
    symptom: str
    workaround: str
    workaround_markdown: str
    tell: str
    stage: str
    eta: date | None
    priority: str
    fix_version: str
    targets: tuple[str, ...]
    platforms: tuple[str, ...]
    customers: int
    since: datetime
    investigations: tuple[tuple[str, int], ...]
    changes: tuple[IssueChange, ...]
    tracker: str
    old_since: datetime | None


_CHANGED = {
    ChangeKind.NEW: "Support heard of it",
    ChangeKind.IN_PROGRESS: "Development works on it",
    ChangeKind.DONE: "Fixed, not released yet",
    ChangeKind.DECLINED: "Closed without a fix",
    ChangeKind.RELEASED: "Released",
    ChangeKind.REGRESSED: "Regressed: customers write again although its fix is out",
    ChangeKind.REOPENED: "Reopened",
    ChangeKind.GONE: "No longer in the tracker",
    ChangeKind.BACK: "Back in the tracker",
}
_PLATFORMS = {
    "ios": "iOS",
    "android": "Android",
    "windows": "Windows",
    "macos": "macOS",
    "linux": "Linux",
    "router": "router",
    "tv": "TV",
    "console": "console",
}


class KnownPages:
    def __init__(
        self,
        *,
        knowledge: KnowledgeService,
        evidence: EvidenceService,
        catalog: Catalog,
        devices: Callable[..., Devices],
    ) -> None:
        """`devices` reads what texts say that they run on."""
        self._devices = devices
        self._knowledge = knowledge
        self._evidence = evidence
        self._catalog = catalog

    @property
    def routes(self) -> Sequence[PageRoute]:
        return (
            PageRoute("/known", self.search, menu="Known issues"),
            PageRoute("/known/{number}", self.issue, live=True, same_for=PEOPLE),
        )

    async def search(self, asked: PageRequest) -> Page:
        """Without words: what affects most customers, then what changed last."""
        words = asked.query.get("q", "").strip()[:WORDS_MAX]
        matches = await self._knowledge.search(words, limit=RESULTS) if words else await self._knowledge.newest(RESULTS)
        instead = tuple(f"“{said}” as “{', '.join(meant)}”" for said, meant in matches.instead.items())
        return Page("known.html", "Known issues", KnownSearch(words, tuple(map(_row, matches.best)), instead))

    async def issue(self, asked: PageRequest) -> Page:
        missing = "There is no such known issue. Look for its words on the page of known issues."
        whole = self._knowledge.page(existing(number_in(asked.params["number"]), missing))
        known, reading = whole.issue, whole.issue.reading
        told, numbers = issue_as_told(known), [int(name.rpartition("-")[2]) for name in whole.investigations]
        shown = WholeIssue(
            name=known.name,
            title=known.issue.title,
            url=web_address(known.issue.url),
            also=tuple((twin.key, web_address(twin.url)) for twin in known.also),
            symptom=plain(reading.symptom),
            workaround=plain(reading.workaround),
            workaround_markdown=reading.workaround,
            tell=self._told(numbers),
            stage=told.stage.value,
            eta=reading.eta,
            priority=f"{reading.priority} {PRIORITY_WORDS[reading.priority]}" if reading.priority else "",
            fix_version=known.issue.fix_version,
            targets=tuple(self._catalog.named(key).title for key in reading.targets),
            platforms=_platforms(self._devices(known.issue.title, known.reading.symptom)),
            customers=whole.affected,
            since=known.issue.created_at,
            investigations=tuple(zip(whole.investigations, numbers, strict=True)),
            changes=tuple(map(_change, reversed(whole.changes))),
            tracker=whole.age.title,
            old_since=whole.age.failing_since,
        )
        return Page("known_issue.html", f"{known.name} {known.issue.title}"[:80], shown)

    def _told(self, numbers: Sequence[int]) -> str:
        """What was said last of the newest investigation about it that said anything."""
        for number in sorted(numbers, reverse=True):
            said = self._evidence.overview(number).said_so_far
            if said:
                return said[-1].text
        return ""


def _platforms(devices: Devices) -> tuple[str, ...]:
    return tuple(_PLATFORMS.get(key, key) for key in sorted(devices.platforms.affected))


def _row(match: Match) -> FoundIssue:
    return _of_issue(match, match.issue) if match.issue else _of_lesson(match, match.learned)


def _of_issue(match: Match, known: KnownIssue) -> FoundIssue:
    told = issue_as_told(known)
    return FoundIssue(
        name=known.name,
        number=known.id,
        investigation=None,
        title=in_one_line(told.symptom) or told.title,
        workaround=in_one_line(told.workaround),
        stage="" if told.stage is Stage.OPEN else told.stage.value,
        eta=told.eta,
        priority=told.priority or "",
        customers=match.affected,
        why=match.why,
    )


def _of_lesson(match: Match, lesson: Learned | None) -> FoundIssue:
    if not lesson:
        raise NotFound("It is no longer there.")
    name, number = f"INV-{lesson.investigation_id}", lesson.investigation_id
    title = lesson.symptom or lesson.root_cause
    return FoundIssue(name, None, number, title, in_one_line(lesson.workaround), "resolved", None, "", 0, match.why)


def _change(change: Change) -> IssueChange:
    if change.kind in _CHANGED:
        return IssueChange(
            change.at,
            _CHANGED[change.kind] + (f": {plain(change.after)}" if change.kind is ChangeKind.RELEASED else ""),
        )
    before, after = (in_one_line(text)[:160] or "none" for text in (change.before, change.after))
    what = change.kind.value.replace("_", " ")
    return IssueChange(change.at, f"{'ETA' if what == 'eta' else what.capitalize()}: {before} → {after}")
