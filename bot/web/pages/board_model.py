"""What the board shows, as data: the state of each target, worst first, and what somebody should know now. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.briefings.model import Ongoing
from bot.investigations.model import State
from bot.names import few_named
from bot.probes.conclusion import Light
from bot.probes.last_look import LastLook
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
    probe: LastLook | None = None


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
    bonds: tuple[str, ...] = ()
    """What it has to do with, such as what caused it."""


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
    """`investigation` and `issue` are the numbers of what it is about, 0 for none."""

    at: datetime
    words: str
    investigation: int = 0
    issue: int = 0


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
PROBE_HOLDS = timedelta(hours=1)
"""So long what was measured says how a target does; after that it says how it did."""
TROUBLE_STAYS = timedelta(hours=24)
"""So long trouble that was measured keeps a target from being called fine, unless somebody says that it is over."""


@dataclass(frozen=True, slots=True)
class TargetSigns:
    """All that is known of a target. `over_at` is when its last investigation ended, as far as that was lately."""

    status: TargetStatus | None = None
    ongoing: Ongoing | None = None
    rise: RisingCustomers | None = None
    probe: LastLook | None = None
    over_at: datetime | None = None


def target_states(
    targets: Iterable[Target], signs: Mapping[str, TargetSigns], now: datetime
) -> tuple[TargetState, ...]:
    """All of them, worst first, otherwise in the order of the configuration. `signs` are by key."""
    states = [target_state(target, signs.get(target.key, TargetSigns()), now) for target in targets]
    return tuple(sorted(states, key=lambda state: _ORDER[state.tone]))


def target_state(target: Target, signs: TargetSigns, now: datetime) -> TargetState:
    """The worst that is known of it decides; everything else that is known says why."""
    tone, word, since = _judged(signs, now)
    if tone is Tone.GREEN:
        return TargetState(target.key, target.title, tone, word, probe=signs.probe)
    status, rise, ongoing = signs.status, signs.rise, signs.ongoing
    why = (*_said(status), *((rise.words,) if rise else ()), *((f"{ongoing.name} is open",) if ongoing else ()))
    return TargetState(target.key, target.title, tone, word, since, why, signs.probe)


def _judged(signs: TargetSigns, now: datetime) -> tuple[Tone, str, datetime | None]:
    """The last is since when that word holds: whatever else began earlier did not make it so."""
    level, ongoing = signs.status.level if signs.status else None, signs.ongoing
    fails, lately = _probe_fails(signs, now), bool(signs.probe and now - signs.probe.at <= PROBE_HOLDS)
    said, opened = _since(signs.status), ongoing.opened_at if ongoing else None
    rising, escalated = signs.rise.since if signs.rise else None, ongoing.escalated_at if ongoing else None
    verdicts = (
        (level is Level.MAJOR_OUTAGE, Tone.RED, "Down", said),
        (level in BROKEN, Tone.RED, "Partly down", said),
        (ongoing and ongoing.state is State.ESCALATED, Tone.RED, "Escalated", escalated),
        (signs.status and signs.status.as_planned, Tone.GREY, "Maintenance", said),
        (fails and lately, Tone.RED, "Trouble measured", None),
        (signs.rise, Tone.YELLOW, "Customers report trouble", rising),
        (level is Level.DEGRADED, Tone.YELLOW, "Degraded", said),
        (ongoing, Tone.YELLOW, "Being looked into", opened),
        (level is Level.MAINTENANCE, Tone.GREY, "Maintenance", said),
        (fails, Tone.GREY, "Trouble when last measured", None),
        (lately and signs.probe and signs.probe.light is Light.SOON, Tone.YELLOW, "Works, with a warning", None),
        (level is Level.OPERATIONAL, Tone.GREEN, "Fine", None),
        (level is None and lately, Tone.GREEN, "Fine", None),
    )
    return next(((tone, word, since) for holds, tone, word, since in verdicts if holds), (Tone.GREY, "Not known", None))


def _probe_fails(signs: TargetSigns, now: datetime) -> bool:
    """Whether trouble was measured last, and nobody said since that it is over."""
    probe = signs.probe
    if not probe or probe.light is not Light.BROKEN or now - probe.at > TROUBLE_STAYS:
        return False
    return not signs.over_at or signs.over_at < probe.at


def _since(status: TargetStatus | None) -> datetime | None:
    if not status or status.level is Level.OPERATIONAL:
        return None
    if status.expected:
        return status.expected.since
    return min((each.since for each in status.reports if each.since and each.level is status.level), default=None)


def _said(status: TargetStatus | None) -> tuple[str, ...]:
    """What its sources say, as far as it is not well."""
    if not status:
        return ()
    said = [f"{status.expected.name}: {status.expected.why}".removesuffix(": ")] if status.expected else list[str]()
    for report in status.reports:
        if report.stale:
            said.append(f"{report.title} does not answer")
        elif report.firing:
            names = sorted({alert.name for alert in report.firing})
            said.append(f"{report.title}: {few_named(names, 3)}")
        elif report.level is not Level.OPERATIONAL:
            titles = ", ".join(f"“{incident.title}”" for incident in report.incidents[:2])
            said.append(f"{report.title}: {titles or LEVEL_WORDS[report.level]}")
    return tuple(said)
