"""What a tracker says of an issue, what support reads from it, and what changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum

_BEFORE_VERSION = re.compile(r"^(?:release|version|rel|ver|v)?[\s._/-]*(?=\d)")
_OUR_NAME = re.compile(
    r"""\A[\s*_~`'"(\[#]{0,9}+ki[\s\u2010-\u2015\u2212-]?(\d{1,9})[\s*_~`'")\].,:;!?]{0,9}\Z""", re.IGNORECASE
)
"""As people type and paste it: phones put other dashes for the hyphen, and a full stop behind."""
_ANY_NAME = re.compile(r"\A(?:https?://\S++|[\w./-]{0,140}#\d{1,9}|[A-Za-z]\w{1,9}-\d{1,9})\Z")


BODY_MAX = 2_000
"""Characters of a body that are searched."""


class IssueState(StrEnum):
    """`declined` is closed without a fix: GitHub's "not planned" and "duplicate", Jira's "Won't Do" and the like."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DECLINED = "declined"


class Priority(StrEnum):
    """Support's own words for how bad it is; PRIORITY_WORDS says them to people."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


PRIORITY_WORDS = {
    Priority.P0: "Business Halted",
    Priority.P1: "Business Impacted",
    Priority.P2: "Standard",
    Priority.P3: "Service Request",
}


class EtaSource(StrEnum):
    """Where an ETA can come from; they count in this order, unless a mapping has another one."""

    MILESTONE = "milestone"
    FIX_VERSION = "fix_version"
    DUE_DATE = "due_date"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class TrackerIssue:
    """One issue as its tracker tells it, before any mapping.

    `tracker` is the configured name; `uid` the tracker's own identity, which survives moves and renames; `key` what
    people write ("app#31", "VPN-31"). `body` is Markdown, whatever the tracker keeps. `fields` are named values that
    a mapping may ask for ("priority": "High", "components": "Android, iOS"). `fix_version` is the milestone or version
    that will have the fix, `released` whether that is out and the issue done. `eta_dates` are the dates that it has.
    """

    tracker: str
    uid: str
    key: str
    url: str
    title: str
    body: str
    state: IssueState
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    labels: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    assignees: tuple[str, ...] = ()
    fix_version: str = ""
    released: bool = False
    eta_dates: Mapping[EtaSource, date] = field(default_factory=dict)

    @property
    def closed(self) -> bool:
        return self.state in (IssueState.DONE, IssueState.DECLINED)


@dataclass(frozen=True, slots=True)
class IssueReading:
    """What a mapping reads from an issue; "" and None are what it does not say, and are shown as missing.

    `known` is whether support should find it by itself; every other issue is kept for handoffs only. `targets` are keys
    of configured targets. `customer_facing` is None where nothing says so or denies it.
    """

    known: bool
    symptom: str = ""
    workaround: str = ""
    eta: date | None = None
    eta_source: EtaSource | None = None
    priority: Priority | None = None
    targets: tuple[str, ...] = ()
    customer_facing: bool | None = None
    found_by_qa: bool = False
    pending: bool = False
    """New, and waiting for development to say what it is."""


@dataclass(frozen=True, slots=True)
class Twin:
    """The same bug in another tracker."""

    id: int
    tracker: str
    uid: str
    key: str
    url: str


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """A stored issue. `id` is ours and stays: KI-31. `gone_at` is since when its tracker does not have it any more.

    `also` is the same bug in other trackers.
    """

    id: int
    issue: TrackerIssue
    reading: IssueReading
    first_seen_at: datetime
    gone_at: datetime | None = None
    also: tuple[Twin, ...] = ()

    @property
    def name(self) -> str:
        return f"KI-{self.id}"

    @property
    def described(self) -> str:
        """What is searched beside the title: the symptom, or where nothing is called so what the body begins with."""
        if self.reading.symptom:
            return self.reading.symptom
        workaround = self.reading.workaround.partition("\n")[0]
        return (self.issue.body.partition(workaround)[0] if workaround else self.issue.body)[:BODY_MAX]


class ChangeKind(StrEnum):
    """What can change in an issue that support wants to hear of."""

    NEW = "new"
    TITLE = "title"
    SYMPTOM = "symptom"
    WORKAROUND = "workaround"
    ETA = "eta"
    PRIORITY = "priority"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    FIX_VERSION = "fix_version"
    DONE = "done"
    DECLINED = "declined"
    RELEASED = "released"
    REGRESSED = "regressed"
    """Customers write about it again although its fix is out."""
    REOPENED = "reopened"
    MOVED = "moved"
    GONE = "gone"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed, from `before` to `after` in words ("" where there was or is nothing)."""

    issue_id: int
    at: datetime
    kind: ChangeKind
    before: str = ""
    after: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Release:
    """Something that went out: a GitHub release, a Jira version. `issue_uids` are those that it says it closes.

    `uid` is the tracker's own identity of it, `name` its tag or version, `notes` Markdown.
    """

    tracker: str
    uid: str
    name: str
    url: str
    notes: str
    published_at: datetime
    issue_uids: tuple[str, ...] = ()

    @property
    def undated(self) -> bool:
        """Whether its tracker says that it is out, and not since when; `published_at` is the first of days then."""
        return self.published_at.date() == date.min

    def since(self, moment: datetime) -> bool:
        """Whether it came out at `moment` or later; of some trackers only the day is known, which is midnight."""
        day_only = self.published_at.time() == time()
        return self.published_at >= moment or (day_only and self.published_at.date() == moment.date())


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """An issue to be made. `body` is Markdown; `priority` becomes the label or field that the mapping names for it."""

    title: str
    body: str
    labels: tuple[str, ...] = ()
    priority: Priority | None = None


class LinkVerdict(StrEnum):
    """`suggested` is the bot's guess and counts for nothing; only a person makes it one of the others."""

    SUGGESTED = "suggested"
    IT_IS = "it_is"
    IT_ISNT = "isnt"


@dataclass(frozen=True, slots=True)
class Link:
    """Says whether an investigation is about a known issue. `by` is "" for what the bot suggested."""

    investigation_id: int
    issue_id: int
    verdict: LinkVerdict
    by: str
    at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True)
class Learned:
    """What a resolved investigation of our own leaves for the next one. `at` is when it was resolved."""

    investigation_id: int
    target: str
    symptom: str
    root_cause: str
    workaround: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Age:
    """How old the data of a tracker is. `failing_since` is set while it does not answer, `reason` says why."""

    tracker: str
    title: str
    as_of: datetime | None = None
    failing_since: datetime | None = None
    reason: str = ""

    def at_rest(self) -> "Age":
        """For a message that nobody waits on any more: it is not edited when the tracker fails or answers again."""
        return replace(self, failing_since=None, reason="")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A guess of the bot, or what somebody decided about it."""

    link: Link
    issue: KnownIssue
    age: Age


@dataclass(frozen=True, slots=True)
class IssuePage:
    """One whole issue: `affected` confirmed tickets, `investigations` by name, `changes` oldest first."""

    issue: KnownIssue
    affected: int
    investigations: tuple[str, ...]
    changes: tuple[Change, ...]
    age: Age


def version_name(text: str) -> str:
    """The form in which versions are compared: milestone "2.14.1", tag "v2.14.1" and "release-2.14.1" are one."""
    return _BEFORE_VERSION.sub("", text.strip().casefold())


def is_name(text: str) -> bool:
    """Whether a text may name one issue: "KI-31", "VPN-31", "app#31", "#31", an address."""
    return bool(_ANY_NAME.fullmatch(text.strip()))


def name_in(text: str) -> int | None:
    """The number in "KI-31", however it is typed; None for other texts."""
    match = _OUR_NAME.fullmatch(text)
    return int(match[1]) if match else None
