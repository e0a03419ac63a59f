"""A sweep: every address pinged at once, round by round."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.probes.icmp.echo import Echo
from bot.probes.icmp.packets import Kind
from bot.probes.icmp.port import Icmp
from bot.probes.icmp.waiting import FIRST_ANSWER_S, patience_s, until, until_over
from bot.probes.loss import Tally

# Sends between two looks at the sockets: more would let answers pile up in the kernel.
_BURST = 64
_LOOKED_AT = 300
"""Of so many more addresses the picture is shown one round less often."""


@dataclass(slots=True)
class Pinged:
    """One address of a sweep. `unsent` and `unreachable` are the last reasons of packets that failed so."""

    address: str
    echoes: list[Echo] = field(default_factory=list)
    worst_ms: float = 0.0
    unsent: str = ""
    unreachable: str = ""

    @property
    def tally(self) -> Tally:
        """Packets that left this machine, and their replies."""
        left = [echo for echo in self.echoes if not echo.error]
        return Tally(len(left), tuple(echo.answer.rtt_ms for echo in left if _replied(echo) and echo.answer))


def _replied(echo: Echo) -> bool:
    return echo.answer is not None and echo.answer.kind is Kind.REPLY


class Sweep:
    """Pings `addresses` (IP literals) `count` times, one round each `interval_s`.

    `on_round` is called after each round but the last when its answers are in, or as late as the next round begins: of
    many addresses, for which a look takes its time, after every few rounds. It ends when no outstanding answer can
    still come: an address that has never answered gets `first_answer_s` from the start.
    """

    def __init__(
        self,
        engine: Icmp,
        addresses: Sequence[str],
        *,
        count: int,
        interval_s: float,
        on_round: Callable[[], None],
        first_answer_s: float = FIRST_ANSWER_S,
    ) -> None:
        self._engine = engine
        self._count = count
        self._interval_s = interval_s
        self._on_round = on_round
        self._first_answer_s = first_answer_s
        self._started = 0.0
        self._changed = asyncio.Event()
        self._alive: set[str] = set()
        self._open: set[Echo] = set()
        self._pinged = {address: Pinged(address) for address in addresses}

    @property
    def pinged(self) -> list[Pinged]:
        """One record per address, in the order given."""
        return list(self._pinged.values())

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        started = self._started = loop.time()
        for number in range(self._count):
            await self._round()
            due = started + (number + 1) * self._interval_s
            if number == self._count - 1:
                await until_over(self._over_at, changed=self._changed)
            else:
                await until(self._settled, changed=self._changed, deadline=due)
                if number % (1 + len(self._pinged) // _LOOKED_AT) == 0:
                    self._on_round()
                await asyncio.sleep(due - loop.time())

    async def _round(self) -> None:
        for number, pinged in enumerate(self.pinged):
            if number % _BURST == _BURST - 1:
                await asyncio.sleep(0)
            echo = self._engine.echo(pinged.address, on_answer=self._answered)
            pinged.echoes.append(echo)
            if echo.error:
                pinged.unsent = echo.error
            else:
                self._open.add(echo)

    def _answered(self, echo: Echo) -> None:
        self._open.discard(echo)
        if echo.answer and echo.answer.kind is Kind.REPLY:
            self._alive.add(echo.destination)
            pinged = self._pinged[echo.destination]
            pinged.worst_ms = max(pinged.worst_ms, echo.answer.rtt_ms)
        elif echo.answer:
            words = echo.answer.words or echo.answer.kind.value
            self._pinged[echo.destination].unreachable = f"{echo.answer.source} says {words}"
        self._changed.set()

    def _settled(self) -> bool:
        if not self._open:
            return True
        return bool(self._alive) and not any(echo.destination in self._alive for echo in self._open)

    def _over_at(self) -> float:
        """The loop time at which no packet on its way can still be answered; 0 where none is."""
        return max(map(self._awaited_until, self._open), default=0.0)

    def _awaited_until(self, echo: Echo) -> float:
        end = echo.awaited_until(patience_s(self._pinged[echo.destination].worst_ms))
        return end if echo.destination in self._alive else max(end, self._started + self._first_answer_s)
