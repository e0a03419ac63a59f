"""A ticket on its way from Tier 1 to Tier 2, the message that gathers several, and when each is due. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.tickets.model import Ticket
from bot.tickets.waiting import ON_AGENTS, DeskGroup, Wait
from bot.working_hours import WorkingHours

REFUSALS_MAX = 5
"""So often one ticket is tried that the desk will not have moved; it is looked at again when it changes."""


class Mode(StrEnum):
    OFF = "off"
    DRY = "dry"
    """It says what it would do, and changes nothing."""
    LIVE = "live"


class ElevationState(StrEnum):
    READ = "read"
    """It is to be read since when its customer waits."""
    WAITING = "waiting"
    """It is due later, or now."""
    WRITING = "writing"
    UNSURE = "unsure"
    """The update may have been done or not."""
    ELEVATED = "elevated"
    WOULD = "would"
    """A dry run would have elevated it."""
    OLD = "old"
    """It waited for too long already when elevation began: it is named, and stays where it is."""
    QUIET = "quiet"
    """Nobody waits for us there; it is looked at again when it changes."""


class TakenBy(StrEnum):
    """Why an elevated ticket no longer waits to be taken."""

    NO = ""
    ASSIGNED = "assigned"
    REPLIED = "replied"
    """It waits for the customer, or for somebody else."""
    SOLVED = "solved"
    MOVED = "moved"
    """To another group."""
    GONE = "gone"
    INVESTIGATED = "investigated"


@dataclass(frozen=True, slots=True)
class ElevationSettings:
    """`groups` are the desk's groups by team, names or numbers; no `from_groups` means that nothing is elevated."""

    from_groups: tuple[str, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    default_team: str = ""
    after: timedelta = timedelta(minutes=15)
    hours: WorkingHours | None = None
    """Where it is set only working time counts, and nothing is moved outside of it."""
    report_hours: WorkingHours | None = None
    """When a dry run may say what it would have done: once each day, as work begins."""
    per_minute: float = 10
    per_hour: int = 100
    oldest: timedelta = timedelta(hours=24)
    gather: timedelta = timedelta(hours=1)
    dry_run: bool = False
    dry_run_days: float = 7


@dataclass(frozen=True, slots=True)
class ElevationProgress:
    """How far elevation is. `began_at` is since when it is in its mode; older waits than that are not moved."""

    mode: Mode = Mode.OFF
    began_at: datetime | None = None
    dry_at: datetime | None = None
    """When it began for the first time at all."""
    swept_at: datetime | None = None
    sweep_next_at: datetime | None = None
    walk_before: datetime | None = None
    """Where the walk through older tickets goes on; None at its beginning."""
    walked_at: datetime | None = None
    """When all of them had been seen for the first time in this mode."""
    reported_at: datetime | None = None
    hold_next_at: datetime | None = None
    """When the desk may be asked again."""
    failing_since: datetime | None = None
    failure: str = ""
    writes_next_at: datetime | None = None
    refusals: int = 0
    """Tickets in a row that the desk would not have moved."""


@dataclass(frozen=True, slots=True)
class Aim:
    """Whose a ticket is: the target that it names, "" for none, and the team."""

    target: str
    team: str


@dataclass(frozen=True, slots=True)
class ElevatedTicket:
    """A ticket that waits or waited in Tier 1."""

    ticket_id: int
    state: ElevationState
    subject: str
    url: str
    updated_at: datetime
    """As it was when it was last looked at."""
    next_at: datetime
    target: str = ""
    team: str = ""
    since: datetime | None = None
    touched_at: datetime | None = None
    attempts: int = 0
    failure: str = ""
    group_id: int | None = None
    elevated_at: datetime | None = None
    gathering_id: int | None = None
    taken: TakenBy = TakenBy.NO
    investigation_id: int | None = None

    @property
    def wait(self) -> Wait | None:
        return Wait(self.since, self.touched_at) if self.since else None

    @property
    def stamp(self) -> str:
        return f"elevation/{self.ticket_id}"


@dataclass(frozen=True, slots=True)
class MatchedGroups:
    """The desk's groups that the settings mean, and what they name that the desk does not have."""

    sources: tuple[DeskGroup, ...] = ()
    of_team: Mapping[str, DeskGroup] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def matched(settings: ElevationSettings, groups: Iterable[DeskGroup]) -> MatchedGroups:
    """By number, or by name whatever its capitals."""
    known = {key: group for group in groups for key in (str(group.id), _plain(group.name))}
    sources = [known.get(_plain(name)) for name in settings.from_groups]
    of_team = {team: known_group for team, name in settings.groups.items() if (known_group := known.get(_plain(name)))}
    names = dict.fromkeys([*settings.from_groups, *settings.groups.values()])
    distinct = {group.id: group for group in sources if group}
    return MatchedGroups(
        tuple(distinct.values()), of_team, tuple(name for name in names if not known.get(_plain(name)))
    )


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


class GatheringKind(StrEnum):
    MOVED = "moved"
    DRY = "dry"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Gathering:
    """One message in a team's channel about several tickets."""

    id: int
    kind: GatheringKind
    channel: str
    team: str
    opened_at: datetime
    closed: bool = False
    """All its tickets are taken, or nobody follows them any more."""


@dataclass(frozen=True, slots=True)
class ElevationTally:
    """How many tickets of a message name a target and are taken in one way."""

    target: str
    taken: TakenBy
    investigation_id: int | None
    count: int


@dataclass(frozen=True, slots=True)
class AboutTarget:
    """How many tickets name a target, "" for none, and how many of them nobody took."""

    target: str
    count: int
    waiting: int


@dataclass(frozen=True, slots=True)
class GatheredTickets:
    """What its message shows; `earlier` tickets of messages before it still wait."""

    gathering: Gathering
    tallies: tuple[ElevationTally, ...]
    after: timedelta
    oldest: timedelta
    tickets: tuple[ElevatedTicket, ...] = ()
    """The first of them, by target, where somebody wants to see them."""
    earlier: int = 0
    old: int = 0
    """Of a dry run: those that would stay with Tier 1 since they wait for too long already."""
    ends_at: datetime | None = None
    """When a dry run ends; None where nobody has said."""

    @property
    def count(self) -> int:
        return sum(tally.count for tally in self.tallies)

    @property
    def waiting(self) -> int:
        """How many of them nobody took."""
        return sum(tally.count for tally in self.tallies if not tally.taken)

    @property
    def by_target(self) -> list[AboutTarget]:
        """Those first of which most wait; who names none is the last."""
        counts: dict[str, int] = {}
        waiting: dict[str, int] = {}
        for tally in self.tallies:
            counts[tally.target] = counts.get(tally.target, 0) + tally.count
            waiting[tally.target] = waiting.get(tally.target, 0) + (0 if tally.taken else tally.count)
        about = [AboutTarget(target, count, waiting[target]) for target, count in counts.items()]
        return sorted(about, key=lambda row: (not (row.target and row.waiting), -row.waiting, -row.count, row.target))


@dataclass(frozen=True, slots=True)
class ElevationStatus:
    """How it goes, for `/t2 status`."""

    mode: Mode
    after: timedelta
    today: int = 0
    """Tickets elevated in the last 24 hours, or that would have been."""
    waiting: int = 0
    """Tickets past their time that are not moved yet."""
    ends_at: datetime | None = None
    failing_since: datetime | None = None
    failure: str = ""
    refused: int = 0
    """Tickets that the desk will not have moved."""
    problems: tuple[str, ...] = ()
    """What the settings name and the desk does not have."""


def mode_at(settings: ElevationSettings, progress: ElevationProgress, now: datetime) -> Mode:
    """A dry run that is over stays so, also where the clock is set back; only `dry_run` begins it again."""
    if not settings.from_groups:
        return Mode.OFF
    if settings.dry_run:
        return Mode.DRY
    ends_at = (progress.dry_at or now) + timedelta(days=settings.dry_run_days)
    return Mode.LIVE if progress.mode is Mode.LIVE or now >= ends_at else Mode.DRY


def due_at(wait: Wait, after: timedelta, hours: WorkingHours | None) -> datetime:
    """When a ticket has waited for so long, in working time where there are `hours`; a touch begins it anew."""
    begins = max(wait.since, wait.touched_at or wait.since)
    return hours.after(begins, after) if hours else begins + after


def too_old(wait: Wait, settings: ElevationSettings, began_at: datetime) -> bool:
    """Whether it waited for so long when elevation began that it is not moved: nobody wants all of them at once."""
    return wait.since < began_at - settings.oldest


def taken_by(ticket: Ticket | None, group_id: int | None) -> TakenBy:
    """Who has taken a ticket since it was put into a group, as the desk shows it."""
    if ticket is None or ticket.status == "deleted":
        return TakenBy.GONE
    if ticket.status in ("solved", "closed"):
        return TakenBy.SOLVED
    if ticket.group_id != group_id:
        return TakenBy.MOVED
    if ticket.assignee_id is not None:
        return TakenBy.ASSIGNED
    return TakenBy.NO if ticket.status in ON_AGENTS else TakenBy.REPLIED


def takes_more(gathering: Gathering, waiting: int, now: datetime, gather: timedelta) -> bool:
    """Whether what is elevated now is added to this message by an edit, which notifies nobody.

    That is so for an hour after it was posted, while `waiting` of its tickets were taken by nobody: who was called by
    it finds the others there. After that, or once all of them are taken, people have read it and look elsewhere, so the
    next ticket is a new message. The hour counts from its beginning, not from its last edit: else one ticket every
    fifty minutes would keep a morning's message alive all day, and nobody would notice.
    """
    return waiting > 0 and not gathering.closed and gathering.opened_at <= now < gathering.opened_at + gather
