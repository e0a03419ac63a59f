"""What an MTR says of the way to its target, as data: a part of its verdict. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class PathHop:
    """One distance of a path with who answers there: `host` is "" for a silent one, `network` its configured name."""

    ttl: int
    host: str = ""
    network: str = ""
    lost: int = 0
    sent: int = 0


@dataclass(frozen=True, slots=True)
class LossBegins:
    """Where loss to the target begins: the first hop that loses is one from `first` to `last`. Counts are (lost, sent).

    `before` and `after` are pooled; `packets` were sent to the least asked of the hops in question, `silent` are TTLs
    from `first` to `last` that tell nothing, `hosts` the addresses that answer there.
    """

    first: PathHop
    last: PathHop
    before: tuple[int, int]
    after: tuple[int, int]
    clean_before: bool
    packets: int = 0
    silent: tuple[int, ...] = ()
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DelayRise:
    """Delay that begins at `at` and stays behind it; `unsure` are hops directly before that tell nothing."""

    at: PathHop
    after_ms: float
    before_ms: float | None = None
    unsure: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejects:
    """Packets that `by` answered with an "unreachable" (`words`), as a firewall does where `filtered`.

    `lost` of `sent` are packets to the target, so that the count explains its loss. Where it rejected none of these, or
    the target was not reached, they are all packets that had to pass it.
    """

    by: PathHop
    words: str
    lost: int
    sent: int
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which a target that replies otherwise did not: `lost` packets in a row, more than chance.

    It begins with the first that was lost and ends with the first that was answered again; `until` is None where it
    lasts. So many of the packets were `rejected` on the way.
    """

    since: datetime
    until: datetime | None
    lost: int
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class PathWays:
    """Packets to the target by flow, where some flows lose and others do not. Counts are (lost, sent).

    Routers hash a flow to choose between equal paths, so several flows may take the same one. `shown` is whether the
    hops of the MTR, which are all of one flow, lie on a way that loses.
    """

    flows: int
    losing: int
    lost: tuple[int, int]
    others: tuple[int, int]
    shown: bool


class Confidence(StrEnum):
    """How sure the place of a loss is, by the rule in bot/probes/README.md."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class PathEnd(StrEnum):
    """How the way to a target ends; the first four say that the target is there."""

    REPLIES = "replies"
    REFUSES = "refuses"
    """The target itself answers that it takes no pings."""
    FAR = "far"
    """It answers, behind more hops than were asked."""
    ELSEWHERE = "elsewhere"
    """It answers on another of several equal ways than the one of the hops."""
    REJECTED = "rejected"
    """A router answers that it does not pass the packets on."""
    LOOP = "loop"
    BEYOND = "beyond"
    """There are more hops than were asked, and nothing of the target."""
    SILENT = "silent"
    """Hops answer, and the target does not: it may be down, or ignore pings."""
    NOTHING = "nothing"
    """Neither the target nor any hop answers."""


@dataclass(frozen=True, slots=True)
class PathFacts:
    """What an MTR says of the way to its target beside the target's own numbers.

    `hops` is the distance of the target, `at_most` that where hops before it were not asked, or of the last hop that
    was asked. `limited` are routers that limit their own answers, `unclear` ones may do so or show loss that hardly
    reaches the target: too few packets tell. `loop` are the hops that repeat. `outages` are times
    without any reply that are more than chance; `otherwise` are packets to the target (lost, sent) that neither fell
    into one nor were rejected. `pooled` is how many other MTRs over the same routers were counted in.
    """

    hops: int
    cycles: int
    end: PathEnd = PathEnd.REPLIES
    at_most: bool = False
    begins: LossBegins | None = None
    confidence: Confidence | None = None
    delays: tuple[DelayRise, ...] = ()
    rejects: tuple[Rejects, ...] = ()
    limited: tuple[PathHop, ...] = ()
    unclear: tuple[PathHop, ...] = ()
    loop: tuple[PathHop, ...] = ()
    outages: tuple[Outage, ...] = ()
    otherwise: tuple[int, int] = (0, 0)
    ways: PathWays | None = None
    last_answering: PathHop | None = None
    pooled: int = 0

    @property
    def reached(self) -> bool:
        return self.end in (PathEnd.REPLIES, PathEnd.REFUSES, PathEnd.FAR, PathEnd.ELSEWHERE)

    @property
    def lost_unexplained(self) -> bool:
        """Whether packets to the target were lost of which nobody said who rejects them."""
        return self.otherwise[0] > 0 or any(outage.lost > outage.rejected for outage in self.outages)
