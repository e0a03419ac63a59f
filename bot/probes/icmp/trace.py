"""An MTR: cycles of echo requests to every distance, until the path's numbers are known."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.probes.icmp.echo import Answer, Echo
from bot.probes.icmp.packets import Kind
from bot.probes.icmp.port import Icmp
from bot.probes.icmp.waiting import PATIENCE_MAX_S, patience_s, until
from bot.probes.loss import Tally
from bot.probes.path import Hop

# Several routers in a row may be silent; this many distances past the last answer are tried.
_BEYOND_LAST_ANSWER = 8


@dataclass(slots=True)
class _Distance:
    """What one TTL has seen."""

    ttl: int
    echoes: list[Echo] = field(default_factory=list)
    cycle: int = 0
    latest: Answer | None = None

    def answers(self) -> list[Answer]:
        return [echo.answer for echo in self.echoes if echo.answer]

    def hop(self) -> Hop:
        answers = self.answers()
        hosts = tuple(dict.fromkeys(answer.source for answer in reversed(answers)))
        sent = sum(not echo.error for echo in self.echoes)
        return Hop(self.ttl, hosts, Tally(sent, tuple(answer.rtt_ms for answer in answers)))


class Trace:
    """Probes all distances to `address` (an IP literal) together, `cycles` times, one cycle each `interval_s`.

    `on_cycle` is called after each cycle. Routers answer about one probe a second (Linux's default limit):
    a shorter interval than 1 s shows loss that is not there.
    """

    def __init__(
        self,
        engine: Icmp,
        address: str,
        *,
        cycles: int,
        interval_s: float,
        max_hops: int,
        on_cycle: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._address = address
        self._cycles = cycles
        self._interval_s = interval_s
        self._on_cycle = on_cycle
        self._changed = asyncio.Event()
        self._distances = [_Distance(ttl) for ttl in range(1, max_hops + 1)]
        self._cycle = 0
        self._worst_ms = 0.0
        self.unsent = ""

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        for number in range(self._cycles):
            self._cycle = number + 1
            self._send_up_to_horizon()
            due = started + self._cycle * self._interval_s
            if self._cycle == self._cycles:
                await self._outstanding(started)
            else:
                await until(self._settled, changed=self._changed, deadline=due)
            self._on_cycle()
            if self._cycle < self._cycles:
                await asyncio.sleep(due - loop.time())

    @property
    def reach(self) -> int:
        """The distance at which the destination itself replies; 0 while it has not."""
        now = [d.ttl for d in self._distances if d.latest and d.latest.kind is Kind.REPLY]
        return now[0] if now else 0

    @property
    def unreachable(self) -> str:
        """What a hop says instead of passing the packets on; "" where none does or the destination replies."""
        stop = self._stop()
        return stop.latest.words if stop and stop.latest else ""

    def hops(self) -> tuple[Hop, ...]:
        """The path so far: up to the destination, or one distance past the last hop that answers."""
        end = self._end() or self._highest_answered() + 1
        return tuple(distance.hop() for distance in self._distances[:end] if distance.echoes)

    def _stop(self) -> _Distance | None:
        if self.reach:
            return None
        return next((d for d in self._distances if d.latest and d.latest.kind is Kind.UNREACHABLE), None)

    def _end(self) -> int:
        stop = self._stop()
        return self.reach or (stop.ttl if stop else 0)

    def _highest_answered(self) -> int:
        return max((d.ttl for d in self._distances if d.latest), default=0)

    def _send_up_to_horizon(self) -> None:
        """Sends what this cycle has not sent yet, as far as the path is known to go or may go."""
        horizon = self._end() or self._highest_answered() + _BEYOND_LAST_ANSWER
        for distance in self._distances[:horizon]:
            if distance.cycle < self._cycle:
                distance.cycle = self._cycle
                echo = self._engine.echo(self._address, ttl=distance.ttl, on_answer=self._answered)
                distance.echoes.append(echo)
                self.unsent = echo.error or self.unsent

    def _answered(self, echo: Echo) -> None:
        if echo.answer is None:
            return
        self._distances[echo.ttl - 1].latest = echo.answer
        self._worst_ms = max(self._worst_ms, echo.answer.rtt_ms)
        self._send_up_to_horizon()
        self._changed.set()

    def _settled(self) -> bool:
        """Whether every hop that ever answered has answered in this cycle, the end among them."""
        end = self._end()
        heard_from = [d for d in self._distances[:end] if d.latest and d.cycle == self._cycle]
        return bool(end) and all(d.echoes[-1].answer or d.echoes[-1].error for d in heard_from)

    async def _outstanding(self, started: float) -> None:
        """The last wait: as long as an answer can still come. Hops that never answered cost nothing."""
        deadline = asyncio.get_running_loop().time() + patience_s(self._worst_ms)
        if not self._end():
            deadline = max(deadline, started + PATIENCE_MAX_S)
        await until(self._settled, changed=self._changed, deadline=deadline)
