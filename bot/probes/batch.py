"""Probe runs that belong together: what one request or one playbook started, shown in one message."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter

from bot.probes.manual import Trial
from bot.probes.model import ProbePlace, ProbeResult, Subject
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
    def seen_from(self) -> ProbePlace | None:
        """The place of the probe that looked, the one that was asked for where none has answered; None for here."""
        if not self.place:
            return None
        return (self.result and self.result.place) or ProbePlace(self.place)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A step of a playbook that is not taken, and why, in a few words."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What somebody asked for: one probe, or the playbook of a kind of target (`playbook` is its name, else "").

    `on_demand` is false for what an investigation's opening brings: its playbook and the part of it for the customers.
    `by_hand` is what a playbook asks somebody to try, "" for nothing.
    `ahead` is how many others wait before it. `customers` is the part of a playbook that looks from the places of the
    reporting customers: a batch of its own, since it begins with the tickets and keeps nothing else waiting. It is
    shown in the message of the playbook, its `parent_id`. `again` is true for what had failed and is run once more.
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

    @property
    def card_key(self) -> str:
        """The message that shows it."""
        return batch_key(self.parent_id or self.id)

    @property
    def ended(self) -> bool:
        return self.state is RunState.DONE

    @property
    def refining(self) -> bool:
        return any(run.refining for run in self.runs)

    @property
    def results(self) -> tuple[ProbeResult, ...]:
        return tuple(run.result for run in self.runs if run.result)


def batch_key(batch_id: int) -> str:
    return f"probes/{batch_id}"


def report_key(run_id: int) -> str:
    """The file with the report of a run, in the thread where it was asked for."""
    return f"run/{run_id}/report"


SUBJECTS = Stored[Subject](Subject)
LEFT_OUT = Stored[tuple[LeftOut, ...]](tuple[LeftOut, ...])
_RESULT = TypeAdapter(ProbeResult)


def stored_result(result: ProbeResult) -> str:
    """A result as JSON, without its picture; `read_result` is the inverse."""
    return _RESULT.dump_json(result.without_picture(), exclude_defaults=True).decode()


def read_result(text: str) -> ProbeResult:
    return _RESULT.validate_json(text)
