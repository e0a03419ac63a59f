"""What one briefing says: a situation as it was at one moment, and what was amended since. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from bot.investigations.model import Investigation, State
from bot.known_issues.model import ChangeKind, Priority

WORKAROUND_MAX = 300


class Stage(StrEnum):
    """How far an issue is, in one word for people."""

    OPEN = "open"
    IN_PROGRESS = "in progress"
    FIXED = "fixed, not released"
    RELEASED = "released"
    DECLINED = "closed without a fix"
    GONE = "no longer in the tracker"


class NextStepKind(StrEnum):
    """What an investigation needs next."""

    CLAIM = "claim"
    ANSWER = "answer"
    MANAGEMENT = "management"
    CALL = "call"
    """Everybody of management was asked, and nobody answered."""
    TRIAGE = "triage"
    DEVELOPMENT = "development"
    GIVEN_BACK = "given_back"
    VENDOR = "vendor"
    """A vendor is waited for."""
    FOR_VENDOR = "for_vendor"
    """A vendor waits for us, or a letter for a person."""
    TICKETS = "tickets"
    PROBE = "probe"
    TRY = "try"
    ESCALATE = "escalate"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What helps an investigation most now."""

    step: NextStepKind
    since: datetime | None = None
    """Since when somebody is waited for."""
    count: int = 0
    """How many tickets wait for a decision."""
    whom: str = ""
    """The vendor's title."""


@dataclass(frozen=True, slots=True)
class Ongoing:
    """A live investigation."""

    id: int
    title: str
    """The target and what people see."""
    state: State
    channel: str
    opened_at: datetime
    next_step: NextStep
    owner: str | None = None
    helpers: tuple[str, ...] = ()
    link: str = ""
    """The address of its card, "" if unknown."""
    tickets: int | None = None
    """How many match, None where that is not known."""
    about: bool = False
    """Whether that is an estimate."""
    confirmed: int = 0
    more: int | None = None
    """How many came since the last briefing, None where that is not known."""
    growth: str = ""
    """The last hour in words."""
    new: bool = False
    """Whether the last briefing could not tell of it."""
    said: str = ""
    """What customers were told last."""
    said_at: datetime | None = None
    bonds: tuple[str, ...] = ()
    """What it has to do with, such as what caused it."""
    escalated_at: datetime | None = None
    """Of the last time."""

    @property
    def name(self) -> str:
        return f"INV-{self.id}"


@dataclass(frozen=True, slots=True)
class Ended:
    """An investigation that was closed since the last briefing, with what the next one should know."""

    id: int
    title: str
    state: State
    by: str
    words: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """A known issue as it was told."""

    id: int
    title: str
    url: str
    stage: Stage = Stage.OPEN
    symptom: str = ""
    workaround: str = ""
    eta: date | None = None
    priority: Priority | None = None
    customer_facing: bool | None = None
    tickets: int = 0
    """How many confirmed links it has."""
    more: int = 0
    """How many of these came since the last briefing."""
    investigations: tuple[int, ...] = ()
    """Ids of the live ones that are linked to it."""
    also: tuple[tuple[str, str], ...] = ()
    """Key and address of the same bug in other trackers."""

    @property
    def name(self) -> str:
        return f"KI-{self.id}"


@dataclass(frozen=True, slots=True)
class News:
    """What became of an issue since the last briefing, several changes of one kind taken together."""

    issue_id: int
    title: str
    url: str
    kind: ChangeKind
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class ServiceTrouble:
    """A service that is not all well, or not known; `broken` does not work now. `line` is a sentence."""

    name: str
    line: str
    known: bool = True
    since: datetime | None = None
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A maintenance that goes on or is to come; `of_page` where a status page says so."""

    name: str
    titles: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    why: str = ""
    of_page: bool = False


@dataclass(frozen=True, slots=True)
class Rose:
    """More customers than usual wrote about `name`: up to `most` in `window_h` hours. Nobody has looked into it."""

    name: str
    at: datetime
    most: int
    window_h: float


@dataclass(frozen=True, slots=True)
class Elevated:
    """Tickets that were given to management or development. `numbers` are (number, address)."""

    investigation_id: int
    to: str
    at: datetime
    numbers: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class CustomersWaiting:
    """Customers who wait to be told of a fix that is out."""

    about: str
    """The known issue that is fixed: "KI-31"."""
    title: str
    version: str
    count: int
    since: datetime
    link: str = ""
    """The address of the card that asks for their answer; "" if unknown."""

    @property
    def key(self) -> str:
        return f"{self.about} {self.version}"


@dataclass(frozen=True, slots=True)
class Impact:
    """How much a known issue hurts."""

    tickets: int
    """Confirmed ones."""
    more: int = 0
    """How many of these came since the moment asked about."""
    investigations: frozenset[int] = frozenset()
    """The live ones that people linked to it."""


class Due(StrEnum):
    """Why somebody should look again."""

    UNTOUCHED = "untouched"
    UNANSWERED = "unanswered"
    OVERDUE = "overdue"
    OPEN_TICKETS = "open_tickets"
    CAUSE_OVER = "cause_over"
    """What caused it is resolved."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something of an investigation that is due. `since` is a moment or, where an ETA has passed, its day.

    `tickets` are (number, address) of those that are still open.
    """

    due: Due
    investigation_id: int
    title: str
    link: str = ""
    who: str | None = None
    since: datetime | date | None = None
    tickets: tuple[tuple[int, str], ...] = ()
    cause: str = ""
    """What caused it, with its name."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A source that does not answer: what it said is as of then, None where it never said anything."""

    title: str
    as_of: datetime | None
    failing_since: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """How many more there are of what is listed up to a number only: a briefing that is too long is not read."""

    news: int = 0
    issues: int = 0
    pending: int = 0
    found_by_qa: int = 0


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that one briefing says, as it was `at` that moment. `since` is the moment of the one before."""

    at: datetime
    since: datetime | None = None
    investigations: tuple[Ongoing, ...] = ()
    ended: tuple[Ended, ...] = ()
    news: tuple[News, ...] = ()
    issues: tuple[Issue, ...] = ()
    pending: tuple[Issue, ...] = ()
    found_by_qa: tuple[Issue, ...] = ()
    troubles: tuple[ServiceTrouble, ...] = ()
    rises: tuple[Rose, ...] = ()
    planned: tuple[Planned, ...] = ()
    elevated: tuple[Elevated, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    not_told: tuple[CustomersWaiting, ...] = ()
    customers_not_told: int = 0
    doubts: tuple[Doubt, ...] = ()
    unlisted: Unlisted = Unlisted()

    @property
    def told_issues(self) -> dict[int, Issue]:
        """Every issue of which it tells, by id."""
        return {issue.id: issue for issue in (*self.issues, *self.pending, *self.found_by_qa)}


class AmendedPart(StrEnum):
    """What of an issue is amended during the day."""

    ETA = "ETA"
    WORKAROUND = "workaround"
    STAGE = "state"


@dataclass(frozen=True, slots=True)
class Amendment:
    """Since `at`, a part of an issue is not what the briefing said; dates are ISO 8601, "" is nothing."""

    issue_id: int
    part: AmendedPart
    before: str
    after: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Briefing:
    """One sent briefing: the record of what was said. `day` is the local day, `due_at` when it was due."""

    id: int
    channel: str
    day: date
    due_at: datetime
    said: Situation


@dataclass(frozen=True, slots=True)
class BriefingOverview:
    """A briefing with everything that changes on its message. `now` are its investigations as they are, `steps` what
    the live ones need now, by id; `not_told` is how many customers still wait, by the key of what they wait for, None
    where nobody asked.
    """

    briefing: Briefing
    amendments: tuple[Amendment, ...] = ()
    readers: tuple[str, ...] = ()
    now: dict[int, Investigation] = field(default_factory=dict)
    steps: dict[int, NextStep] = field(default_factory=dict)
    not_told: dict[str, int] | None = None


def briefing_key(briefing_id: int) -> str:
    return f"briefing/{briefing_id}"


def excerpt(text: str, limit: int = 200) -> str:
    """The first words of a text on one line: what is said of it, and so all that is kept."""
    line = " ".join(text[: limit * 4].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def amend(said: Issue, now: Issue, at: datetime) -> tuple[Amendment, ...]:
    """What of an issue is no longer as it was said."""
    before, after = _parts(said), _parts(now)
    return tuple(
        Amendment(said.id, part, before[part], after[part], at) for part in AmendedPart if before[part] != after[part]
    )


def amended(issue: Issue, amendments: Iterable[Amendment]) -> Issue:
    """The issue with everything that was amended, the latest last."""
    for amendment in amendments:
        if amendment.issue_id == issue.id:
            issue = _with(issue, amendment.part, amendment.after)
    return issue


def _parts(issue: Issue) -> dict[AmendedPart, str]:
    eta = issue.eta.isoformat() if issue.eta else ""
    return {AmendedPart.ETA: eta, AmendedPart.WORKAROUND: issue.workaround, AmendedPart.STAGE: issue.stage.value}


def _with(issue: Issue, part: AmendedPart, text: str) -> Issue:
    match part:
        case AmendedPart.ETA:
            return replace(issue, eta=date.fromisoformat(text) if text else None)
        case AmendedPart.WORKAROUND:
            return replace(issue, workaround=text)
        case AmendedPart.STAGE:
            return replace(issue, stage=Stage(text))
