"""What one distance of a path has seen, and how its packets are counted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.probes.icmp.echo import Echo, EchoAnswer
from bot.probes.icmp.loss import Tally
from bot.probes.icmp.packets import IcmpKind
from bot.probes.icmp.path import Hop
from bot.probes.icmp.routers import TraceHop


@dataclass(slots=True)
class Distance:
    """The packets with one TTL. `current` is that of cycle number `cycle`.

    `latest` is the last one, as they were sent, that was answered by who stands here: a router whose time was exceeded,
    or the destination.
    """

    ttl: int
    place: TraceHop
    echoes: list[Echo] = field(default_factory=list)
    current: Echo | None = None
    cycle: int = 0
    latest: Echo | None = None
    router: str = ""
    """The router that stands here, "" for silence or the destination."""
    is_end: bool = False
    """Whether the destination stands here."""

    def learn(self, echo: Echo, answer: EchoAnswer) -> bool:
        """Takes in that `echo` was answered from here; says whether somebody else answered before, or nobody."""
        before = self.latest
        if before and before.sent_monotonic_ns > echo.sent_monotonic_ns:
            return False
        stood = before is not None, self.router
        self.latest, self.is_end = echo, answer.kind is not IcmpKind.TTL_EXCEEDED
        self.router = "" if self.is_end else answer.source
        return stood != (True, self.router)

    def forget(self) -> None:
        """Who answered here may be elsewhere now."""
        self.latest, self.router, self.is_end = None, "", False

    def hop(self, rejecters: Mapping[str, int], is_awaited: Callable[[Echo], bool]) -> Hop:
        """What is known now. Of the routers that reject packets, by distance, one that stands here answers so."""

        def counts(answer: EchoAnswer) -> bool:
            return answer.kind is not IcmpKind.UNREACHABLE or rejecters.get(answer.source, self.ttl) == self.ttl

        sources = [echo.answer.source for echo in reversed(self.echoes) if echo.answer and counts(echo.answer)]
        rejected = sum(1 for echo in self.echoes if echo.answer and not counts(echo.answer))
        return Hop(self.ttl, tuple(dict.fromkeys(sources)), tally(self.echoes, counts, is_awaited), rejected)


def tally(echoes: Sequence[Echo], counts: Callable[[EchoAnswer], bool], is_awaited: Callable[[Echo], bool]) -> Tally:
    """Packets that left, and the answers that count; where some do, one that may still be answered is not yet lost."""
    rtts_ms = tuple(echo.answer.rtt_ms for echo in echoes if echo.answer and counts(echo.answer))
    sent = len([echo for echo in echoes if not echo.error])
    if rtts_ms and len(rtts_ms) < sent:
        sent -= sum(map(is_awaited, echoes))
    return Tally(sent, rtts_ms)
