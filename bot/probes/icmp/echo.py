"""One echo request that was sent, and the one answer that belongs to it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.probes.icmp.packets import Kind


@dataclass(frozen=True, slots=True)
class Answer:
    """`source` is the address that answered; `words` say why where it is "unreachable"."""

    kind: Kind
    source: str
    rtt_ms: float
    words: str = ""


@dataclass(slots=True, eq=False)
class Echo:
    """One probe packet. `answer` is set when it comes, however late; `error` where it could not be sent."""

    destination: str
    packed: bytes
    ttl: int
    sequence: int
    on_answer: Callable[["Echo"], None]
    sent_ns: int = 0
    sent_monotonic_ns: int = 0
    answer: Answer | None = None
    error: str = ""
