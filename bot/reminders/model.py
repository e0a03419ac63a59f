"""When the owner of an investigation is reminded of what, how often, and what became of it: rules as data."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.investigations.model import Investigation, State
from bot.working_hours import WorkingHours

TOGETHER = timedelta(minutes=15)
"""What is due within so long of each other is one message."""
SPAN_MAX = timedelta(days=30)
"""The longest that somebody may be reminded after."""
ASKED_MAX = 10
"""So many reminders one person may have asked for and not had yet, of one investigation."""
TEXT_MAX = 500


class ReminderKind(StrEnum):
    """What somebody is reminded of."""

    UNCLAIMED = "unclaimed"
    NO_UPDATE = "no_update"
    NOT_TOLD = "not_told"
    FIX_NOT_TOLD = "fix_not_told"
    LONG_OPEN = "long_open"
    ASKED = "asked"
    """Somebody said `remind me in 30 min`."""
    FREED = "freed"
    """Whoever had it has it no more: offered to the team. No row of its own, only a line of a message."""


@dataclass(frozen=True, slots=True)
class Pace:
    """When the first one comes, when the next, and how many at most; no time is never."""

    after: timedelta
    again: timedelta
    times: int

    @property
    def on(self) -> bool:
        return self.after > timedelta() and self.times > 0


@dataclass(frozen=True, slots=True)
class ReminderSettings:
    """`hours` are the team's. A claim is asked about after `stale_after` of them, and has `answer_within` of them."""

    hours: WorkingHours
    paces: Mapping[ReminderKind, Pace] = field(default_factory=dict)
    stale_after: timedelta = timedelta()
    answer_within: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderFacts:
    """What of a record decides whether anybody is reminded."""

    state: State
    live: bool = True
    owner: str | None = None
    opened_at: datetime
    """Or opened again."""
    free_since: datetime
    news_at: datetime
    """The last word of a person since it was escalated."""
    told_at: datetime | None = None
    """When customers heard the last word."""
    wrote_at: datetime | None = None
    """When the first of the customers wrote who wait; None where nobody does."""
    waiting: int = 0
    """How many customers that is."""
    released_at: datetime | None = None
    """Since when a fix is out that customers wait to be told of."""
    to_tell: int = 0
    """How many customers that is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`begins` is since when it is so, None as long as it isn't: that is also its end."""

    kind: ReminderKind
    begins: Callable[[ReminderFacts], datetime | None]
    usual: Pace


def _minutes(after: float, again: float, times: int) -> Pace:
    return Pace(timedelta(minutes=after), timedelta(minutes=again), times)


RULES = (
    Rule(ReminderKind.UNCLAIMED, lambda facts: None if facts.owner else facts.free_since, _minutes(5, 15, 4)),
    Rule(
        ReminderKind.NO_UPDATE,
        lambda facts: facts.news_at if facts.state is State.ESCALATED else None,
        _minutes(30, 30, 4),
    ),
    Rule(ReminderKind.FIX_NOT_TOLD, lambda facts: facts.released_at if facts.to_tell else None, _minutes(30, 120, 3)),
    Rule(ReminderKind.NOT_TOLD, lambda facts: _silent_since(facts), _minutes(60, 60, 4)),
    Rule(ReminderKind.LONG_OPEN, lambda facts: facts.opened_at, _minutes(1440, 1440, 5)),
)
"""Everything that an investigation's owner, or the team where it has none, is reminded of; the most urgent first."""
BEGINS = {rule.kind: rule.begins for rule in RULES} | {ReminderKind.FREED: RULES[0].begins}
_ORDER = [ReminderKind.FREED, ReminderKind.ASKED, *(rule.kind for rule in RULES)]


def _silent_since(facts: ReminderFacts) -> datetime | None:
    """While customers wait who wrote. A fix that is out is a reminder of its own."""
    if not facts.wrote_at or facts.to_tell:
        return None
    return max(facts.opened_at, facts.wrote_at, facts.told_at or facts.opened_at)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One kind of an investigation, or what somebody asked for; `next_at` is None once it has come often enough."""

    investigation_id: int
    kind: ReminderKind
    since: datetime
    next_at: datetime | None
    id: int = 0
    sent: int = 0
    snoozed_until: datetime | None = None
    stopped_by: str | None = None
    whom: str = ""
    asked_by: str = ""
    text: str = ""

    @property
    def any_time(self) -> bool:
        """Whoever asked for their own reminder chose its time; everybody else is at work or left alone."""
        return self.kind is ReminderKind.ASKED and self.whom == self.asked_by

    @property
    def waiting(self) -> bool:
        return self.next_at is not None and not self.stopped_by


@dataclass(frozen=True, slots=True)
class NudgeLine:
    """One thing that a message reminds of, as it was then."""

    kind: ReminderKind
    since: datetime
    reminder_id: int = 0
    whom: str = ""
    asked_by: str = ""
    text: str = ""
    count: int = 0
    """How many customers it is about."""


class NudgeState(StrEnum):
    """What became of a message that reminds."""

    OPEN = "open"
    SNOOZED = "snoozed"
    STOPPED = "stopped"
    DONE = "done"
    """It isn't so any more."""
    REPLACED = "replaced"
    """A newer one says it."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """One message that reminds. Only the newest of an investigation can be open."""

    id: int
    investigation_id: int
    at: datetime
    lines: tuple[NudgeLine, ...]
    owner: str = ""
    team: str = ""
    """What notifies the team, where nobody owns it or its owner is away."""
    state: NudgeState = NudgeState.OPEN
    by: str = ""
    until: datetime | None = None
    ended_at: datetime | None = None

    @property
    def asked_only(self) -> bool:
        return all(line.kind is ReminderKind.ASKED for line in self.lines)


class Snooze(StrEnum):
    """For how long a reminder may be put off."""

    SHORT = "short"
    LONG = "long"
    TOMORROW = "tomorrow"


SPANS = {Snooze.SHORT: timedelta(minutes=30), Snooze.LONG: timedelta(hours=2)}


@dataclass(frozen=True, slots=True)
class ShownNudge:
    """A message that reminds, with what it is about."""

    nudge: Nudge
    investigation: Investigation
    title: str


def begun(kind: ReminderKind, since: datetime, before: Reminder | None, pace: Pace) -> tuple[datetime, bool]:
    """When the first one is due, and whether it begins anew: what was reminded of goes on while it is the same.

    An earlier beginning than that which is known is the same one, better known.
    """
    anew = before is None or since > before.since
    return since + pace.after, anew


def after_sending(reminder: Reminder, now: datetime, pace: Pace, hours: WorkingHours) -> Reminder:
    """Counted; the next one, if there may be one more, comes in working hours."""
    sent = reminder.sent + 1
    more = reminder.kind is not ReminderKind.ASKED and sent < pace.times
    next_at = hours.next_start(now + pace.again) if more else None
    return replace(reminder, sent=sent, next_at=next_at, snoozed_until=None)


def snoozed(reminder: Reminder, until: datetime) -> Reminder:
    """Puts off the next one alone: what comes after it comes as it did before."""
    return replace(reminder, next_at=until, snoozed_until=until)


def due_now(reminders: Iterable[Reminder], now: datetime, hours: WorkingHours) -> list[Reminder]:
    """Those whose time has come, and that may come now."""
    at_work = hours.contain(now)
    return [
        reminder
        for reminder in reminders
        if reminder.waiting and reminder.next_at and reminder.next_at <= now and (at_work or reminder.any_time)
    ]


def gathered(reminders: Sequence[Reminder], now: datetime, hours: WorkingHours) -> tuple[Reminder, ...]:
    """What is due, with what will be within a quarter of an hour; none of it where nothing is due.

    What a person put off, or asked for at a time, doesn't come sooner.
    """
    due = due_now(reminders, now, hours)
    if not due:
        return ()
    soon = [
        reminder
        for reminder in reminders
        if reminder.waiting
        and reminder.next_at
        and reminder.next_at <= now + TOGETHER
        and reminder.kind is not ReminderKind.ASKED
        and not reminder.snoozed_until
        and hours.contain(now)
    ]
    return tuple({reminder.id: reminder for reminder in (*due, *soon)}.values())


def carried(nudge: Nudge | None, lines: Sequence[NudgeLine], now: Mapping[int, NudgeLine]) -> tuple[NudgeLine, ...]:
    """What a new message says: these, and what the one that it replaces says of the record, as it is `now`, in order.

    The message would be there anyway, so what is only carried on comes no sooner and no more often for it.
    """
    new = {line.reminder_id for line in lines}
    old = nudge.lines if nudge and nudge.state is NudgeState.OPEN else ()
    kept = [
        line if line.kind is ReminderKind.FREED else now.get(line.reminder_id, line)
        for line in old
        if line.reminder_id not in new and line.kind is not ReminderKind.ASKED
    ]
    return tuple(sorted((*lines, *kept), key=lambda line: (_ORDER.index(line.kind), line.reminder_id)))


def too_soon(due: Sequence[Reminder], last_at: datetime | None, now: datetime) -> datetime | None:
    """When these may come, where the last message was a moment ago; None where they may now.

    What somebody asked for, and what somebody put off, comes at its time.
    """
    by_person = any(reminder.kind is ReminderKind.ASKED or reminder.snoozed_until for reminder in due)
    if not last_at or by_person or not last_at <= now < last_at + TOGETHER:
        return None
    return last_at + TOGETHER


def line_of(reminder: Reminder, facts: ReminderFacts) -> NudgeLine:
    """What a message says of a reminder."""
    counts = {ReminderKind.NOT_TOLD: facts.waiting, ReminderKind.FIX_NOT_TOLD: facts.to_tell}
    count, whom, asked_by = counts.get(reminder.kind, 0), reminder.whom, reminder.asked_by
    return NudgeLine(reminder.kind, reminder.since, reminder.id, whom, asked_by, reminder.text, count)


def still_true(line: NudgeLine, facts: ReminderFacts) -> bool:
    """Whether what a message says is still so; what somebody asked for is until the end."""
    if not facts.live:
        return False
    if line.kind is ReminderKind.ASKED:
        return True
    since = BEGINS[line.kind](facts)
    return since is not None and since <= line.since


def tomorrow(hours: WorkingHours, now: datetime) -> datetime:
    """When work begins again after today."""
    start = hours.next_start(now)
    return hours.next_start(hours.end_after(now)) if start == now else start
