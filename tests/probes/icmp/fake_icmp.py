"""An ICMP port whose network is a function: what answers to an address, a TTL and the how-manieth packet."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.probes.icmp.echo import Echo, EchoAnswer
from bot.probes.icmp.packets import IcmpKind
from bot.probes.icmp.sockets import Access


@dataclass(frozen=True)
class Says:
    """An answer `after_s` on the way."""

    source: str
    kind: IcmpKind = IcmpKind.REPLY
    after_s: float = 0.0
    words: str = ""
    filtered: bool = False


Network = Callable[[str, int, int], Says | None]


@dataclass
class FakeIcmp:
    """Answers as `network(address, ttl, number)` says; `number` counts packets of that address and TTL from 0.

    What is lost whatever the network says is in `loses`: a flow that takes another path, or a time.
    """

    network: Network
    mode: Access = field(default_factory=lambda: Access("raw"))
    unsent: str = ""
    drops: int = 0
    loses: Callable[[Echo], bool] = lambda _echo: False
    sent: list[Echo] = field(default_factory=list)
    _numbers: Counter[tuple[str, int]] = field(default_factory=Counter)

    def access(self, address: str = "0.0.0.0") -> Access:
        return self.mode

    def echo(self, address: str, *, ttl: int = 64, flow: int = 0, on_answer: Callable[[Echo], None]) -> Echo:
        number = self._numbers[address, ttl]
        self._numbers[address, ttl] += 1
        echo = Echo(address, b"", ttl, len(self.sent), on_answer, flow, error=self.unsent)
        echo.sent_monotonic_ns = time.monotonic_ns()
        self.sent.append(echo)
        says = None if self.unsent else self.network(address, ttl, number)
        if says and not self.loses(echo):
            asyncio.get_running_loop().call_later(says.after_s, self._answer, echo, says)
        return echo

    @staticmethod
    def _answer(echo: Echo, says: Says) -> None:
        echo.answer = EchoAnswer(says.kind, says.source, says.after_s * 1000 or 0.1, says.words, says.filtered)
        echo.on_answer(echo)


def path_of(*routers: str, to: str) -> Network:
    """A path of `routers` ("" is a silent one) to a destination that always replies."""

    def network(address: str, ttl: int, number: int) -> Says | None:
        if ttl > len(routers):
            return Says(to)
        return Says(routers[ttl - 1], IcmpKind.TTL_EXCEEDED) if routers[ttl - 1] else None

    return network
