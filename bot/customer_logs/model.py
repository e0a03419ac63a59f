"""What was read of a log, and the record of it. Pure, and light: the program that reads logs imports it too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

FINDINGS_MAX = 3
"""What is told of one log."""


class Role(StrEnum):
    """What a line is in the story of what went wrong."""

    CAUSE = "cause"
    CONSEQUENCE = "consequence"
    """Something else failed before it; it is never shown as the cause."""
    NORMAL = "normal"
    """Looks like trouble, and isn't."""


class LimitKind(StrEnum):
    """What the log itself can't tell, and why."""

    CUT = "cut"
    """It is longer than what is read."""
    ENDS_EARLY = "ends early"
    BEGINS_LATE = "begins late"
    QUIET = "quiet"
    """Written with too little detail."""
    CLOCK_BACK = "clock back"
    CLOCK_FORWARD = "clock forward"
    ZONES = "zones"
    """Two clocks, or two zones, in one log."""
    LONG_LINES = "long lines"
    OTHERS = "others"
    """More logs in the archive than are read."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`amount` is in seconds, lines or logs, by its kind; `text` is what to ask the customer for."""

    kind: LimitKind
    line: int = 0
    amount: float = 0.0
    text: str = ""


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line, masked; numbers begin at 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A known line. `at` is by the log's own clock ("2026-11-20T14:02:11"), "" where it has none."""

    signature: str
    title: str
    role: str
    meaning: str
    likely: str
    tries: tuple[str, ...]
    tell: str
    known: str = ""
    symptom: str = ""
    line: LogLine
    count: int = 1
    at: str = ""
    last_at: str = ""
    writers: tuple[str, ...] = ()
    """The programs that could have written it, where it is not clear which one did."""
    own: bool = False
    source: tuple[str, ...] = ()
    excerpt: tuple[LogLine, ...] = ()
    issue_id: int = 0
    """The known issue that its words find."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Lines that differ in numbers only."""

    line: LogLine
    count: int
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReport:
    """What one log says, masked. `zone` is minutes east of UTC, None where nobody says."""

    name: str
    lines: int = 0
    size: int = 0
    program: str = ""
    program_title: str = ""
    version: str = ""
    platform: str = ""
    system: str = ""
    first_at: str = ""
    last_at: str = ""
    zone: int | None = None
    findings: tuple[Finding, ...] = ()
    consequences: tuple[Finding, ...] = ()
    unusual: tuple[LogLine, ...] = ()
    unusual_excerpt: tuple[LogLine, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    troubles: tuple[Repeat, ...] = ()
    """Lines that say that something failed, each kind once: what is new in this log is among them."""
    limits: tuple[Limit, ...] = ()
    shapes: tuple[str, ...] = ()
    """Digests of its kinds of lines."""

    @property
    def cause(self) -> Finding | None:
        """What is told first."""
        return self.findings[0] if self.findings else None


class Problem(StrEnum):
    """Why a file could not be read."""

    EMPTY = "empty"
    DAMAGED = "damaged"
    TAR = "tar"
    NO_TEXT = "no text"
    PASSWORD = "password"
    TOO_LARGE = "too large"
    TOO_LONG = "too long"
    """Reading took longer than it may, or more memory."""
    GONE = "gone"
    """Slack has it no more."""
    NO_ACCESS = "no access"
    UNREACHABLE = "unreachable"


class LogState(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    FAILED = "failed"
    EMPTIED = "emptied"
    """Its excerpts have had their time."""


@dataclass(frozen=True, slots=True)
class SentLog:
    """The log that another one is the same as."""

    log_id: int
    name: str
    by: str
    at: datetime
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLog:
    """A file, or what was pasted: the reading of one log each is in `reports`."""

    id: int
    drop_id: int
    file_id: str = ""
    state: LogState = LogState.WAITING
    problem: str = ""
    reports: tuple[LogReport, ...] = ()
    ticket_id: int | None = None
    """From whose ticket it is, where somebody said so."""
    digest: str = ""
    """Of its bytes, under a key: the same ones are one log."""
    same_as: SentLog | None = None
    """The one with the same bytes that is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """One message with logs in it. Without an investigation it was sent to the bot: it is read for the sender alone."""

    id: int
    investigation_id: int | None
    by: str
    channel: str
    ts: str
    thread_ts: str = ""
    at: datetime
    logs: Sequence[CustomerLog] = ()

    @property
    def tickets(self) -> tuple[int, ...]:
        """From which tickets its logs are, as far as people said, each once."""
        return tuple(dict.fromkeys(log.ticket_id for log in self.logs if log.ticket_id is not None))

    @property
    def of_nobody(self) -> bool:
        """Whether nobody said of some log of it from which ticket it is, where there are tickets."""
        return self.investigation_id is not None and any(log.ticket_id is None for log in self.logs)


class SignatureState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureDraft:
    """A line that somebody knows."""

    title: str
    meaning: str
    role: Role
    tries: tuple[str, ...] = ()
    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSignature:
    """A line that somebody of the team knows; it counts when a lead has accepted it."""

    id: int
    title: str
    meaning: str
    role: Role
    tries: tuple[str, ...] = ()
    pattern: str
    proposed_by: str
    state: SignatureState
    decided_by: str = ""

    def as_read(self) -> dict[str, object]:
        """As the reading takes it."""
        return {
            "id": f"own-{self.id}",
            "title": self.title,
            "role": str(self.role),
            "meaning": self.meaning,
            "tries": list(self.tries),
            "lines": [self.pattern],
        }
