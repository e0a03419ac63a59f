"""The ladder of an escalation: which one holds, whom it tells when, and what may happen to it. Pure.

A ladder is configuration, a *run* is one escalation going up it, and a *step* of a run is one telling: a direct message
to three people in order is three steps. A run is in rounds: the first has all steps, a repeat those from
`repeat_from` on. The rows of a round are written when it begins, so what is shown as the plan is what will be done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.escalations.telling import Failure, FailureKind, WayKind
from bot.working_hours import WorkingHours

LATE = timedelta(seconds=60)
"""A step that is told so long after its time was missed, and says so."""
LAST_WAIT = timedelta(minutes=10)
"""How long the last step has where it has no wait of its own, before it is said that nobody answered."""
DEFAULT = "default"
"""The ladder that holds where no other does."""


class When(StrEnum):
    """When a ladder may be chosen."""

    ALWAYS = "always"
    WORKING = "working"
    """While the team is at work."""
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One line of a configured ladder: after `wait` since the step before, somebody is told by `way`.

    `recipients` of a direct message are people who are asked in order, or all at once. `in_hours` waits for the team's
    working hours. `title` is what people call it ("phone bridge"), "" where the way and its recipients say enough.
    """

    way: WayKind
    wait: timedelta = timedelta()
    recipients: tuple[str, ...] = ()
    mention: str = ""
    """What a message in a channel mentions: "@here" or a group's handle."""
    all_at_once: bool = False
    in_hours: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """`repeat_from` is the number of a step, from 1; `repeats` how often the ladder begins again there.

    `asks_outside_hours` is whether people are asked in their turn although their own working day is over.
    """

    name: str
    steps: tuple[LadderStep, ...]
    when: When = When.ALWAYS
    days: frozenset[int] = frozenset(range(7))
    priorities: frozenset[str] = frozenset()
    """None means all, and those without one."""
    repeat_from: int = 1
    repeats: int = 0
    asks_outside_hours: bool = False

    def holds(self, moment: datetime, priority: str, hours: WorkingHours) -> bool:
        """Whether an escalation of this moment and priority may go up it; days are those of the team's zone."""
        if self.priorities and priority not in self.priorities:
            return False
        if moment.astimezone(hours.zone).weekday() not in self.days:
            return False
        return self.when is When.ALWAYS or hours.contain(moment) is (self.when is When.WORKING)


GROUP_ONLY = Ladder(DEFAULT, (LadderStep(WayKind.GROUP),))
"""Where nothing is configured: management is mentioned in the thread, and then people wait."""


@dataclass(frozen=True, slots=True)
class LadderSettings:
    """`expires` is how long an acknowledgement holds without news, None for ever; `answer_within` how long whoever gave
    it has to say that it still does; `overdue` after how long the watchdog says that a step was not taken."""

    hours: WorkingHours
    group: str = "ltm"
    ladders: tuple[Ladder, ...] = ()
    expires: timedelta | None = timedelta(minutes=60)
    answer_within: timedelta = timedelta(minutes=10)
    overdue: timedelta = timedelta(minutes=3)

    @property
    def by_priority(self) -> bool:
        """Whether the form asks for one."""
        return any(ladder.priorities for ladder in self.ladders)

    def chosen(self, moment: datetime, priority: str) -> Ladder:
        """The first in the order of the file that holds."""
        return next((ladder for ladder in self.ladders if ladder.holds(moment, priority, self.hours)), GROUP_ONLY)


class RunState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    """Management asked something: nobody else is called until it is answered."""
    ACKNOWLEDGED = "acknowledged"
    ENDED = "ended"
    """Every step was taken, and nobody answered."""
    STOPPED = "stopped"
    """Taken back, or its investigation needs management no more."""


class StepState(StrEnum):
    PLANNED = "planned"
    TELLING = "telling"
    """It is being told: a message waits for Slack, or a system outside was called and has not answered yet."""
    TOLD = "told"
    FAILED = "failed"
    STOPPED = "stopped"
    """It was not needed any more."""


LIVE_RUNS = (RunState.RUNNING, RunState.PAUSED, RunState.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class Rung:
    """One telling of a ladder, before it has a time."""

    way: WayKind
    wait: timedelta
    recipients: tuple[str, ...] = ()
    mention: str = ""
    in_hours: bool = False
    title: str = ""
    line: int = 1
    """Which of the ladder's lines it comes from, from 1."""
    names: tuple[str, ...] = ()
    """What people, groups and channels are called; a mention in the plan would call them all at once."""
    mentions: str = ""
    """What `mention` is called, "" where it was not asked."""


@dataclass(frozen=True, slots=True)
class Step:
    """A row: one telling of a run. `place` orders them; `next_at` is when it is due, while it is planned."""

    id: int
    run_id: int
    round: int
    place: int
    rung: Rung
    state: StepState = StepState.PLANNED
    next_at: datetime | None = None
    told_at: datetime | None = None
    """When it was begun to be told."""
    ended_at: datetime | None = None
    recipients: tuple[str, ...] = ()
    """Those of its way, as they were found when it was told: ids of people."""
    members: tuple[str, ...] = ()
    """Of a group: whom it reaches."""
    mention: str = ""
    """What notifies them in a channel, as Slack knew it when it was told."""
    waiting: tuple[str, ...] = ()
    """Those of its recipients of whom Slack has said nothing yet."""
    reached: tuple[str, ...] = ()
    failure: Failure | None = None
    sure: bool = True
    late: bool = False
    postponed: str = ""
    """Why it was moved behind the others of its round ("away", "off work"), "" where it stands in its place."""
    is_post: bool = False
    """The post itself, which mentions the group."""
    warned_at: datetime | None = None
    """When the watchdog said that it is overdue."""

    @property
    def outside(self) -> bool:
        return self.rung.way in OUTSIDE


OUTSIDE = frozenset({WayKind.MAIL, WayKind.APPRISE, WayKind.WEBHOOK})
"""Those that are told by another system than Slack."""


@dataclass(frozen=True, slots=True)
class LadderRun:
    """A row: one escalation going up its ladder. `rungs` is the ladder as it was when the run began."""

    id: int
    escalation_id: int
    ladder: str
    rungs: tuple[Rung, ...]
    state: RunState
    started_at: datetime
    round: int = 1
    repeat_from: int = 1
    repeats_left: int = 0
    repeats: int = 0
    asks_outside_hours: bool = False
    next_at: datetime | None = None
    """When something else is due: the end of the last step's wait, the question whether somebody is still on it, or the
    end of the time for its answer."""
    asked_at: datetime | None = None
    """When whoever acknowledged was asked whether they still are on it."""
    ended_at: datetime | None = None
    because: str = ""
    """Why it was stopped."""
    post_url: str = ""
    steps: tuple[Step, ...] = ()
    """Oldest first."""

    @property
    def planned(self) -> tuple[Step, ...]:
        """In the order in which they will be told."""
        return tuple(sorted((step for step in self.steps if step.state is StepState.PLANNED), key=lambda s: s.place))

    @property
    def begun(self) -> tuple[Step, ...]:
        """Those that were begun, in the order of that."""
        return tuple(sorted((step for step in self.steps if step.told_at), key=lambda s: (s.told_at, s.place)))

    @property
    def configured(self) -> bool:
        """Whether there is more to it than the post: where nothing is configured nothing is planned, and nothing
        expires."""
        return self.ladder != DEFAULT or len(self.rungs) > 1

    @property
    def reached(self) -> frozenset[str]:
        """Whom it reached: these people may acknowledge, and whoever presses in these channels."""
        return frozenset(name for step in self.steps for name in step.reached)


def rungs(ladder: Ladder) -> tuple[Rung, ...]:
    """A ladder's tellings: people who are asked in order are one each, all with the wait of their line."""
    listed: list[Rung] = []
    for line, step in enumerate(ladder.steps, start=1):
        one = Rung(step.way, step.wait, step.recipients, step.mention, step.in_hours, step.title, line)
        apart = step.way is WayKind.DM and not step.all_at_once
        listed += [replace(one, recipients=(recipient,)) for recipient in step.recipients] if apart else [one]
    return tuple(listed)


def from_line(listed: Sequence[Rung], line: int) -> tuple[Rung, ...]:
    """The tellings of a repeat."""
    return tuple(rung for rung in listed if rung.line >= line)


def has_post(listed: Sequence[Rung]) -> bool:
    """Whether the ladder begins with the post itself: the group in the thread, at once."""
    first = listed[0] if listed else None
    return bool(first and first.way is WayKind.GROUP and not first.wait and not first.recipients)


def put_off(absent: Sequence[str]) -> tuple[int, ...]:
    """The order in which a round is told: those who are absent behind all others, each in their own order.

    `absent` says of each why, "" for those who can be asked. Where nobody can be, everybody is asked in their order:
    it is better to be told on a holiday than never.
    """
    there = [place for place, why in enumerate(absent) if not why]
    return tuple([*there, *(place for place, why in enumerate(absent) if why)]) if there else tuple(range(len(absent)))


def due_times(
    listed: Iterable[Rung], begin: datetime, hours: WorkingHours, *, at_once: bool = False
) -> tuple[datetime, ...]:
    """When each is due: its wait after the one before, and where it waits for working hours not before they begin.

    `at_once` is without the wait of the first, where the step before it told nobody.
    """
    times: list[datetime] = []
    moment = begin
    for rung in listed:
        moment += rung.wait if times or not at_once else timedelta()
        moment = hours.next_start(moment) if rung.in_hours else moment
        times.append(moment)
    return tuple(times)


def replanned(
    steps: Sequence[Step], begin: datetime, hours: WorkingHours, *, at_once: bool = False
) -> dict[int, datetime]:
    """New times of planned steps, by id."""
    times = due_times([step.rung for step in steps], begin, hours, at_once=at_once)
    return {step.id: moment for step, moment in zip(steps, times, strict=True)}


def due(run: LadderRun, now: datetime) -> Step | None:
    """The one step that is told next, if its time has come: never a later one before an earlier."""
    first = next(iter(run.planned), None)
    return first if first and run.state is RunState.RUNNING and first.next_at and first.next_at <= now else None


def is_late(step: Step, now: datetime) -> bool:
    return bool(step.next_at and now - step.next_at > LATE)


def may_be_put_off(run: LadderRun, step: Step) -> bool:
    """Whether somebody else of the round can be asked in their place: each is put off once, and not for those who
    can't be asked either."""
    others = [other for other in run.planned if other.round == step.round and other.id != step.id]
    return not step.postponed and any(not other.postponed for other in others)


def outcome_of(reached: int, failures: Sequence[Failure]) -> tuple[StepState, Failure | None]:
    """What became of a step when all its recipients are known: told where anybody was; the first failure is shown."""
    failure = next(iter(failures), None)
    return (StepState.TOLD, failure) if reached else (StepState.FAILED, failure or Failure(FailureKind.UNKNOWN))


def end_of_last(run: LadderRun, now: datetime) -> datetime:
    """How long the last step has."""
    waits = [rung.wait for rung in run.rungs if rung.wait]
    return now + (waits[-1] if waits else LAST_WAIT)
