"""Echo requests that were sent, the one answer that belongs to each, and the port that sends them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.probes.icmp.packets import IcmpKind
from bot.probes.icmp.sockets import Access


@dataclass(frozen=True, slots=True)
class EchoAnswer:
    """`source` is the address that answered; `words` say why it is "unreachable", `filtered` whether by a firewall."""

    kind: IcmpKind
    source: str
    rtt_ms: float
    words: str = ""
    filtered: bool = False


@dataclass(slots=True, eq=False)
class Echo:
    """One probe packet. `answer` is set when it comes, however late; `error` where it could not be sent.

    `sent_ns` is wall time, as the kernel's receive times are; `sent_monotonic_ns` is the event loop's clock. Packets of
    one `flow` take the same one of several equal paths.
    """

    destination: str
    packed: bytes
    ttl: int
    sequence: int
    on_answer: Callable[["Echo"], None]
    flow: int = 0
    sent_ns: int = 0
    sent_monotonic_ns: int = 0
    answer: EchoAnswer | None = None
    error: str = ""

    @property
    def outstanding(self) -> bool:
        """Whether it is on its way, or lost."""
        return self.answer is None and not self.error

    @property
    def sent_s(self) -> float:
        """When it was sent, in loop time."""
        return self.sent_monotonic_ns / 1e9


class Icmp(Protocol):
    """Sends single echo requests; see IcmpEngine."""

    @property
    def drops(self) -> int: ...

    def access(self, address: str = ...) -> Access: ...

    def echo(self, address: str, *, ttl: int = ..., flow: int = ..., on_answer: Callable[[Echo], None]) -> Echo: ...
