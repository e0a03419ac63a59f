"""Probe runs that belong together: what one request or one playbook started, and who may start how much. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.errors import BadInput, TooMuch
from bot.messages.model import Place
from bot.probes.manual import Trial
from bot.probes.model import ProbePlace, ProbeResult, Shape, Subject
from bot.stored import Stored


class RunState(StrEnum):
    """`interrupted`: the program stopped while it ran; `cancelled`: a person stopped it.

    `pending`: it waits for what decides whether and how it runs; `left_out`: that said no, and `reason` says why.
    """

    PENDING = "pending"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class ProbeRun:
    """One execution of one probe. `step` says why it is in the batch; `result` is the newest, also on the way.

    `place` is where it looks from, as somebody typed it; "" for here. `refining` is true while an MTR goes on after its
    first result, to say more of it.
    """

    id: int
    batch_id: int
    step: str
    kind: str
    label: str
    state: RunState
    subject: Subject
    started_at: datetime | None = None
    finished_at: datetime | None = None
    result: ProbeResult | None = None
    place: str = ""
    refining: bool = False

    @property
    def name(self) -> str:
        """What was measured, and from where unless from here: "mtr U.S. East from Berlin, DE (AS3320)"."""
        return f"{self.kind} {self.label}" + (f" from {self.seen_from.name}" if self.seen_from else "")

    @property
    def fails(self) -> bool:
        """Whether it was measured, and found not to be as it should."""
        return bool(self.result and self.result.measured and not self.result.ok)

    @property
    def shape(self) -> Shape | None:
        """What the rows of its result are; None while it has none."""
        return self.result.verdict.shape if self.result else None

    @property
    def seen_from(self) -> ProbePlace | None:
        """The place of the probe that looked, the one that was asked for where none has answered; None for here."""
        if not self.place:
            return None
        return (self.result and self.result.place) or ProbePlace(self.place)


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A run as it is asked for; the fields are those of ProbeRun."""

    step: str
    kind: str
    subject: Subject
    place: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A step of a playbook that is not taken, and why, in a few words."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """What a batch begins with; the fields are those of Batch. `host` is one of somebody else that a person typed."""

    title: str
    place: Place
    by: str | None
    investigation_id: int | None = None
    target: str = ""
    playbook: str = ""
    left_out: tuple[LeftOut, ...] = ()
    by_hand: str = ""
    on_demand: bool = True
    host: str = ""
    again: bool = False
    repeats: int | None = None
    sweep_id: int | None = None
    fleet: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What somebody asked for: one probe, or the playbook of a kind of target (`playbook` is its name, else "").

    `on_demand` is false for what an investigation's opening brings: its playbook and the part of it for the customers.
    `by_hand` is what a playbook asks somebody to try, "" for nothing.
    `ahead` is how many others wait before it. `customers` is the part of a playbook that looks from the places of the
    reporting customers: a batch of its own, since it begins with the tickets and keeps nothing else waiting. It is
    shown in the message of the playbook, its `parent_id`. `again` is true for what had failed and is run once more.
    `repeats` is the batch that measured the same before. `sweep_id` is the smoke sweep that it is a part of,
    which has the message; it gives way to what people ask for.
    `fleet` is one sweep of several targets at once.
    `emptied` is one that is so old that only verdicts are left.
    """

    id: int
    title: str
    playbook: str
    target: str
    channel: str
    state: RunState
    requested_at: datetime
    investigation_id: int | None = None
    requested_by: str | None = None
    thread_key: str | None = None
    thread_ts: str | None = None
    finished_at: datetime | None = None
    reason: str = ""
    cancelled_by: str | None = None
    ahead: int = 0
    runs: tuple[ProbeRun, ...] = ()
    trials: tuple[Trial, ...] = ()
    parent_id: int | None = None
    left_out: tuple[LeftOut, ...] = ()
    on_demand: bool = True
    by_hand: str = ""
    customers: "Batch | None" = None
    emptied: bool = False
    again: bool = False
    repeats: int | None = None
    sweep_id: int | None = None
    fleet: bool = False

    @property
    def gives_way(self) -> bool:
        """Whether it begins when nothing else waits: it is large, and nobody waits for it alone."""
        return bool(self.sweep_id) or self.fleet

    @property
    def card_key(self) -> str:
        """The message that shows it."""
        if self.sweep_id:
            return f"smoke/{self.sweep_id}"
        return batch_key(self.parent_id or self.id)

    @property
    def is_live(self) -> bool:
        """Whether it waits for its turn, or runs."""
        return self.state in (RunState.QUEUED, RunState.RUNNING)

    @property
    def ended(self) -> bool:
        return self.state is RunState.DONE

    @property
    def refining(self) -> bool:
        return any(run.refining for run in self.runs)

    @property
    def results(self) -> tuple[ProbeResult, ...]:
        return tuple(run.result for run in self.runs if run.result)

    @property
    def all_runs(self) -> tuple[ProbeRun, ...]:
        """With those of its part for the customers."""
        return (*self.runs, *(self.customers.runs if self.customers else ()))

    @property
    def all_results(self) -> tuple[ProbeResult, ...]:
        return tuple(run.result for run in self.all_runs if run.result)

    @property
    def place(self) -> Place:
        """Where it was asked for."""
        return Place(self.channel, thread_key=self.thread_key, thread_ts=self.thread_ts)

    @property
    def thread(self) -> Place:
        """Where what follows from it goes: its own thread where it is in none."""
        return replace(self.place, thread_key=self.thread_key or self.card_key)


def measured_before(run: ProbeRun, before: Batch | None) -> ProbeResult | None:
    """The result of the same step in the batch before, where it was measured."""
    runs = before.runs if before else ()
    same = (other for other in runs if (other.kind, other.step, other.place) == (run.kind, run.step, run.place))
    return next((other.result for other in same if other.result and other.result.measured), None)


def batch_key(batch_id: int) -> str:
    return f"probes/{batch_id}"


def files_key(batch_id: int) -> str:
    """The file with all that a batch measured, in its thread."""
    return f"probes/{batch_id}/files"


def reports_key(runs: Sequence[ProbeRun]) -> str:
    """The file with the reports of these runs together, in the thread where somebody wanted just these."""
    return f"runs/{'-'.join(str(run.id) for run in sorted(runs, key=lambda run: run.id))}/reports"


def report_key(run_id: int) -> str:
    """The file with the report of a run, in the thread where it was asked for."""
    return f"run/{run_id}/report"


SUBJECTS = Stored[Subject](Subject)
LEFT_OUT = Stored[tuple[LeftOut, ...]](tuple[LeftOut, ...])
_RESULT = Stored[ProbeResult](ProbeResult)


def stored_result(result: ProbeResult) -> str:
    """A result as JSON, without its picture; `read_result` is the inverse."""
    return _RESULT.write(replace(result, picture=None))


def read_result(text: str) -> ProbeResult:
    return _RESULT.read(text)


@dataclass(frozen=True, slots=True)
class Caps:
    """Batches at the same time, in all, for one person and in one channel; and how many one person may have waiting.

    `per_host_and_hour` are the probes of one host that is no target's, by everybody together: it is somebody else's.
    The playbook of an opening counts in all and for its channel, but not for the person, who did not ask for it.
    `of_sweeps` are parts of smoke sweeps, which begin when nothing else waits.
    """

    at_once: int = 12
    per_person: int = 3
    per_channel: int = 6
    waiting_per_person: int = 10
    per_host_and_hour: int = 20
    of_sweeps: int = 4


class QueueFull(TooMuch):
    """The person has as many probes waiting as one person may."""

    def __init__(self, waiting: int) -> None:
        sentence = f"You have {waiting} probes waiting already. Let some finish, or cancel some."
        super().__init__(sentence, topic="probes waiting")


class RunningAlready(BadInput):
    """The same is being measured in the same place: one measurement, one message."""

    def __init__(self, title: str) -> None:
        super().__init__(f"{title} is being measured already. The result comes in the message above.")


class FleetRunning(BadInput):
    """Many targets are being swept: two of these at once would measure each other."""

    def __init__(self) -> None:
        super().__init__("A smoke test of many targets is running already. Wait until its message says what it found.")


class HostFull(BadInput):
    """A host that is no target's was measured often enough; `minutes` until it may be again."""

    def __init__(self, host: str, measured: int, minutes: int) -> None:
        times = f"{measured} times in the last hour, by all of us"
        super().__init__(f"{host} was measured {times}. It belongs to somebody else: try again in {minutes} min.")
        self.minutes = minutes


def startable(waiting: Sequence[Batch], running: Sequence[Batch], caps: Caps) -> list[Batch]:
    """Those that may start now, first come first served among those whose person and channel have room.

    Parts of sweeps come after all others, and leave room for what may be asked for next.
    """
    chosen: list[Batch] = []
    own = [batch for batch in running if not batch.sweep_id]
    people = Counter(batch.requested_by for batch in own if batch.on_demand)
    channels = Counter(batch.channel for batch in own)
    swept = len(running) - len(own)
    for batch in sorted(waiting, key=lambda batch: batch.gives_way):
        if len(running) + len(chosen) >= caps.at_once:
            break
        if batch.sweep_id:
            if swept < caps.of_sweeps:
                chosen.append(batch)
                swept += 1
            continue
        theirs = people[batch.requested_by] if batch.on_demand else 0
        if theirs >= caps.per_person or channels[batch.channel] >= caps.per_channel:
            continue
        chosen.append(batch)
        channels[batch.channel] += 1
        people[batch.requested_by] += 1 if batch.on_demand else 0
    return chosen
