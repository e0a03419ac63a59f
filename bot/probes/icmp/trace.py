"""An MTR: cycles of echo requests to every distance, until the path's numbers are known."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from bot.clock import Clock, system_clock
from bot.probes.icmp.echo import Answer, Echo
from bot.probes.icmp.packets import Kind
from bot.probes.icmp.port import Icmp
from bot.probes.icmp.routers import Place, SharedRouters
from bot.probes.icmp.waiting import FIRST_ANSWER_S, patience_s, until, until_over
from bot.probes.loss import Tally
from bot.probes.path import Hop, Quiet, Rejected, Way

# Several routers in a row may be silent; this many distances past the last answer are tried.
_BEYOND_LAST_ANSWER = 8
# The destination is asked more often than routers may be: hosts answer echo requests without a limit.
_END_INTERVAL_S = 0.2


@dataclass(slots=True)
class _Distance:
    """What one TTL has seen. `current` is this cycle's own echo."""

    ttl: int
    place: Place
    echoes: list[Echo] = field(default_factory=list)
    current: Echo | None = None
    cycle: int = 0
    latest: Answer | None = None

    def answers(self) -> list[Answer]:
        return [echo.answer for echo in self.echoes if echo.answer]

    def hop(self, is_awaited: Callable[[Echo], bool]) -> Hop:
        """What is known now: where answers come, a packet that may still be answered is not counted as lost."""
        answers = self.answers()
        hosts = tuple(dict.fromkeys(answer.source for answer in reversed(answers)))
        sent = len([echo for echo in self.echoes if not echo.error])
        if answers and len(answers) < sent:
            sent -= sum(map(is_awaited, self.echoes))
        return Hop(self.ttl, hosts, Tally(sent, tuple(answer.rtt_ms for answer in answers)))


class Trace:
    """Probes all distances to `address` (an IP literal) together, `cycles` times, one cycle each `interval_s`.

    `on_cycle` is called after each cycle. Routers answer about one probe a second (Linux's default limit):
    a shorter interval than 1 s shows loss that is not there, and `routers` lets all traces of the process take turns,
    so a hop may be asked in fewer cycles, or in none. The destination, once found, is asked up to five times a
    second. It ends when no outstanding answer can still come.
    """

    def __init__(
        self,
        engine: Icmp,
        address: str,
        *,
        routers: SharedRouters,
        cycles: int,
        interval_s: float,
        max_hops: int,
        on_cycle: Callable[[], None],
        clock: Clock = system_clock,
    ) -> None:
        self._engine = engine
        self._address = address
        self._routers = routers
        self._cycles = cycles
        self._interval_s = interval_s
        self._on_cycle = on_cycle
        self._clock = clock
        self._changed = asyncio.Event()
        self._distances = [_Distance(ttl, Place((":" in address, ttl))) for ttl in range(1, max_hops + 1)]
        self._cycle = 0
        self._started = 0.0
        self._began = -interval_s
        self._worst_ms = 0.0
        self.unsent = ""
        self.reach = 0
        """The distance at which the destination itself replies; 0 while it has not."""

    async def run(self) -> None:
        """All the cycles that it was made for."""
        await self.until(self._cycles)

    async def until(self, cycles: int) -> None:
        """Runs on until so many cycles are done in all and their answers are in; with a larger number it goes on."""
        if cycles <= self._cycle:
            return
        self._began = max(asyncio.get_running_loop().time(), self._began + self._interval_s)
        self._started = self._started or self._began
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._between_cycles(cycles - self._cycle))
                await self._ask_every_hop(cycles)
        finally:
            self._routers.release(distance.place for distance in self._distances)

    async def _ask_every_hop(self, cycles: int) -> None:
        loop = asyncio.get_running_loop()
        for number in range(self._cycle + 1, cycles + 1):
            self._cycle = number
            self._send_up_to_horizon()
            due = self._began + self._interval_s
            if number == cycles:
                await until_over(self._over_at, changed=self._changed)
                self._on_cycle()
            else:
                await until(self._settled, changed=self._changed, deadline=due)
                self._on_cycle()
                await asyncio.sleep(due - loop.time())
                self._began = due

    async def _between_cycles(self, cycles: int) -> None:
        """Further probes to the destination, evenly between those of the cycles; and hops whose turn has come."""
        a_cycle = max(1, int(self._interval_s / _END_INTERVAL_S + 1e-6))
        began = self._began
        for tick in range((cycles - 1) * a_cycle):
            if tick % a_cycle:
                due = began + tick * self._interval_s / a_cycle
                await asyncio.sleep(due - asyncio.get_running_loop().time())
                if self.reach:
                    self._send(self._distances[self.reach - 1])
                self._send_up_to_horizon()

    @property
    def reached(self) -> bool:
        """Whether the destination itself answered at any time."""
        return bool(self.reach)

    @property
    def refused(self) -> str:
        """What the destination itself says instead of replying; "" where it does not."""
        return ""

    @property
    def rejects(self) -> tuple[Rejected, ...]:
        """Routers that rejected packets, the one that rejected most first."""
        return ()

    @property
    def loop(self) -> tuple[int, ...]:
        """The TTLs at which the same routers answer again and again."""
        return ()

    @property
    def beyond(self) -> bool:
        """Whether there are more hops than were asked."""
        return False

    @property
    def quiet(self) -> tuple[Quiet, ...]:
        """Times in which the destination, which answered before, did not."""
        return ()

    @property
    def ways(self) -> tuple[Way, ...]:
        """The packets to the destination by flow."""
        return ()

    @property
    def unreachable(self) -> str:
        """What a hop says instead of passing the packets on; "" where none does or the destination replies."""
        stop = self._stop()
        return stop.latest.words if stop and stop.latest else ""

    def hops(self) -> tuple[Hop, ...]:
        """The path so far: up to the destination, or one distance past the last hop that answers."""
        end = self._end() or self._highest_answered() + 1
        return tuple(d.hop(self._is_awaited) for d in self._distances[:end] if d.echoes or d.ttl < end)

    def _found(self) -> int:
        return next((d.ttl for d in self._distances if d.latest and d.latest.kind is Kind.REPLY), 0)

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
        """Sends what this cycle has not sent yet, as far as the path is known to go or may go.

        Where others are just finding out who answers, it waits for them. Where others hear a router, silence is no
        sign that the path ends.
        """
        end, answered, beyond = self._end(), self._highest_answered(), 0
        for distance in self._distances[: end or None]:
            if beyond == _BEYOND_LAST_ANSWER:
                return
            if distance.cycle < self._cycle and self._routers.may_ask(distance.place):
                distance.cycle = self._cycle
                distance.current = self._send(distance)
            if not self._routers.router_of(distance.place):
                if not distance.echoes:
                    return
                beyond += not end and distance.ttl > answered

    def _send(self, distance: _Distance) -> Echo:
        echo = self._engine.echo(self._address, ttl=distance.ttl, on_answer=self._answered)
        distance.echoes.append(echo)
        self.unsent = echo.error or self.unsent
        return echo

    def _answered(self, echo: Echo) -> None:
        if echo.answer is None:
            return
        distance = self._distances[echo.ttl - 1]
        before, distance.latest = distance.latest, echo.answer
        self._worst_ms = max(self._worst_ms, echo.answer.rtt_ms)
        self._routers.heard(distance.place, echo.answer.source, is_end=echo.answer.kind is Kind.REPLY)
        if before is None or before.kind is not echo.answer.kind:
            self.reach = self._found()
            self._send_up_to_horizon()
        self._changed.set()

    def _settled(self) -> bool:
        """Whether every hop that ever answered has answered in this cycle, the end among them."""
        end = self._end()
        heard_from = [d for d in self._distances[:end] if d.latest and d.cycle == self._cycle]
        return bool(end) and not any(d.current and d.current.outstanding for d in heard_from)

    def _over_at(self) -> float:
        """The loop time at which no packet on its way can still be answered.

        A hop that has never answered costs nothing once its first packet has had its time.
        """
        end = self._end()
        if not end:
            first_s = max(FIRST_ANSWER_S, patience_s(self._worst_ms))
            return max([self._started + first_s, *map(self._awaited_until, self._all_sent(self._distances))])
        heard_from = [d for d in self._distances[:end] if d.latest]
        first_sent = [d.echoes[0] for d in self._distances[:end] if d.echoes and not d.latest]
        awaited = [echo for echo in (*self._all_sent(heard_from), *first_sent) if echo.outstanding]
        return max(map(self._awaited_until, awaited), default=0.0)

    @staticmethod
    def _all_sent(distances: Iterable[_Distance]) -> Iterator[Echo]:
        return (echo for distance in distances for echo in distance.echoes if echo.outstanding)

    def _awaited_until(self, echo: Echo) -> float:
        return echo.awaited_until(patience_s(self._worst_ms))

    def _is_awaited(self, echo: Echo) -> bool:
        return echo.outstanding and self._awaited_until(echo) > asyncio.get_running_loop().time()
