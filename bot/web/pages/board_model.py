"""What the board shows, as data: the state of each target, worst first, and what somebody should know now. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.briefings.model import Ongoing
from bot.investigations.model import State
from bot.status.model import BROKEN, LEVEL_WORDS, Level, TargetStatus
from bot.targets.model import Target


class Tone(StrEnum):
    """Green is for what was checked and is fine, grey for what is not known."""

    RED = "red"
    YELLOW = "yellow"
    GREY = "grey"
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class RisingCustomers:
    """Customers write more than is usual: `words` say about what and how many."""

    target: str
    """Its key, "" where they write about no target."""
    words: str
    since: datetime


@dataclass(frozen=True, slots=True)
class TargetState:
    """How support should speak of a target: one word, since when, and why."""

    key: str
    title: str
    tone: Tone
    word: str
    since: datetime | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenInvestigation:
    """`owner` is a name, "" for nobody; `customers` are tickets that match, None where nobody knows."""

    number: int
    name: str
    title: str
    tone: Tone
    state: str
    owner: str
    opened_at: datetime
    next: str
    next_since: datetime | None = None
    customers: int | None = None
    growth: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class IssueOnBoard:
    number: int
    name: str
    title: str
    workaround: str
    eta: date | None
    eta_passed: bool
    stage: str
    priority: str
    customers: int


@dataclass(frozen=True, slots=True)
class WaitingForNews:
    """Customers whose fix is out and who haven't been told."""

    about: str
    version: str
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class RecentChange:
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class ReadSource:
    """Where something comes from and how old it is; `stale_since` is set while it can't be believed."""

    title: str
    read_at: datetime | None
    stale_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Board:
    targets: tuple[TargetState, ...]
    rising: tuple[RisingCustomers, ...]
    """Of no target: a symptom, a version, a word, or all of the desk."""
    investigations: tuple[OpenInvestigation, ...]
    issues: tuple[IssueOnBoard, ...]
    waiting: tuple[WaitingForNews, ...]
    changes: tuple[RecentChange, ...]
    sources: tuple[ReadSource, ...]


_ORDER = {Tone.RED: 0, Tone.YELLOW: 1, Tone.GREY: 2, Tone.GREEN: 3}


def target_states(
    targets: Iterable[Target],
    status: Sequence[TargetStatus],
    investigations: Sequence[tuple[str, Ongoing]],
    rising: Sequence[RisingCustomers],
) -> tuple[TargetState, ...]:
    """All of them, worst first, otherwise in the order of the configuration. `investigations` are with their target."""
    said = {each.target: each for each in status}
    states = [
        target_state(
            target,
            said.get(target.key),
            next((ongoing for key, ongoing in investigations if key == target.key), None),
            next((rise for rise in rising if rise.target == target.key), None),
        )
        for target in targets
    ]
    return tuple(sorted(states, key=lambda state: _ORDER[state.tone]))


def target_state(
    target: Target, status: TargetStatus | None, ongoing: Ongoing | None, rise: RisingCustomers | None
) -> TargetState:
    """The worst that is known of it decides; everything else that is known says why."""
    level = status.level if status else None
    why = (*_said(status), *((rise.words,) if rise else ()), *((f"{ongoing.name} is open",) if ongoing else ()))
    since = [moment for moment in (_since(status), rise.since if rise else None) if moment]
    since += [ongoing.opened_at] if ongoing and not since else []

    def state(tone: Tone, word: str) -> TargetState:
        return TargetState(target.key, target.title, tone, word, min(since, default=None), why)

    if level in BROKEN:
        return state(Tone.RED, "Down" if level is Level.MAJOR_OUTAGE else "Partly down")
    if ongoing and ongoing.state is State.ESCALATED:
        return state(Tone.RED, "Escalated")
    if rise:
        return state(Tone.YELLOW, "Customers report trouble")
    if level is Level.DEGRADED:
        return state(Tone.YELLOW, "Degraded")
    if ongoing:
        return state(Tone.YELLOW, "Being looked into")
    if level is Level.MAINTENANCE:
        return state(Tone.GREY, "Maintenance")
    if level is Level.OPERATIONAL:
        return TargetState(target.key, target.title, Tone.GREEN, "Fine", None, ())
    return TargetState(
        target.key, target.title, Tone.GREY, "Not known", _since(status) if status else None, _said(status)
    )


def _since(status: TargetStatus | None) -> datetime | None:
    if not status or status.level is Level.OPERATIONAL:
        return None
    return min((each.since for each in status.reports if each.since and each.level is status.level), default=None)


def _said(status: TargetStatus | None) -> tuple[str, ...]:
    """What its sources say, as far as it is not well."""
    if not status:
        return ()
    said = list[str]()
    for report in status.reports:
        if report.stale:
            said.append(f"{report.title} does not answer")
        elif report.firing:
            names = sorted({alert.name for alert in report.firing})
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            said.append(f"{report.title}: {', '.join(names[:3])}{more}")
        elif report.level is not Level.OPERATIONAL:
            titles = ", ".join(f"“{incident.title}”" for incident in report.incidents[:2])
            said.append(f"{report.title}: {titles or LEVEL_WORDS[report.level]}")
    return tuple(said)
