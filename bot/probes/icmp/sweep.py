"""A sweep: every address pinged at once, round by round."""

import asyncio
import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock, system_clock
from bot.probes.icmp.echo import Echo, Icmp
from bot.probes.icmp.loss import Tally
from bot.probes.icmp.packets import IcmpKind
from bot.probes.icmp.path import Quiet
from bot.probes.icmp.peers import compared, judged, worst_address
from bot.probes.icmp.quiet import END_PACKETS, gaps, quiet_times
from bot.probes.icmp.waiting import FIRST_ANSWER_S, patience_s, until, until_over

# Sends between two looks at the sockets: more would let answers pile up in the kernel.
_BURST = 64
_LOOKED_AT = 300
"""Of so many more addresses the picture is shown one round less often."""


@dataclass(slots=True)
class Pinged:
    """One address of a sweep. `unsent` and `unreachable` are the last reasons of packets that failed so.

    `is_awaited` says whether a packet may still be answered, `time_of_day` what time a loop time is.
    """

    address: str
    is_awaited: Callable[[Echo], bool]
    time_of_day: Callable[[float], datetime]
    echoes: list[Echo] = field(default_factory=list)
    worst_ms: float = 0.0
    unsent: str = ""
    unreachable: str = ""
    refused: str = ""
    """What the address itself said instead of replying; a router's word is only in `unreachable`."""
    answers: int = 0
    _silent: tuple[tuple[int, int], Echo | None] = ((0, 0), None)

    @property
    def tally(self) -> Tally:
        """Packets that left this machine, and their replies; where some come, one on its way is not lost yet."""
        left = [echo for echo in self.echoes if not echo.error]
        rtts_ms = tuple(echo.answer.rtt_ms for echo in left if echo.answer and echo.answer.kind is IcmpKind.REPLY)
        awaited = 0
        if 0 < len(rtts_ms) < len(left):
            awaited = sum(self.is_awaited(echo) for echo in left if echo.answer is None)
        return Tally(len(left) - awaited, rtts_ms)

    @property
    def quiet(self) -> tuple[Quiet, ...]:
        """Times in which the address, which replies otherwise, did not; see `gaps`."""
        if self.unanswered < END_PACKETS and not self.unreachable:
            return ()
        settled = [echo for echo in self.echoes if not echo.error and not self.is_awaited(echo)]
        return quiet_times([(echo.sent_s, not _replied(echo)) for echo in settled], self.time_of_day)

    @property
    def unanswered(self) -> int:
        return len(self.echoes) - self.answers

    def silent_since(self) -> Echo | None:
        """The first of the last packets, none of them answered, where those are too many to be chance."""
        if self.unanswered < END_PACKETS or not all(echo.outstanding for echo in self.echoes[-END_PACKETS:]):
            return None
        known = len(self.echoes), self.answers
        if self._silent[0] != known:
            sent = [echo for echo in self.echoes if not echo.error]
            end = gaps([not _replied(echo) for echo in sent])[-1:]
            self._silent = known, sent[end[0].first] if end and end[0].behind == len(sent) else None
        return self._silent[1]


def _replied(echo: Echo) -> bool:
    return echo.answer is not None and echo.answer.kind is IcmpKind.REPLY


class Sweep:
    """Pings `addresses` (IP literals) `count` times, one round each `interval_s`.

    `on_round` is called after each round but the last when its answers are in, or as late as the next round begins: of
    many addresses, for which a look takes its time, after every few rounds. It ends when no outstanding answer can
    still come: an address that has never answered gets `first_answer_s` from the start, and one that has stopped to
    answer as long from there on, as it may only have become slow.
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
        clock: Clock = system_clock,
    ) -> None:
        self._engine = engine
        self._count = count
        self._interval_s = interval_s
        self._on_round = on_round
        self._first_answer_s = first_answer_s
        self._started = 0.0
        self._clock = clock
        self._started_at = clock()
        self._changed = asyncio.Event()
        self._alive: set[str] = set()
        self._open: set[Echo] = set()
        self._pinged = {address: Pinged(address, self._is_awaited, self._time_of_day) for address in addresses}

    @property
    def pinged(self) -> list[Pinged]:
        """One record per address, in the order given."""
        return list(self._pinged.values())

    @property
    def answering(self) -> int:
        """How many addresses have answered so far."""
        return len(self._alive)

    def forget(self) -> None:
        """Let go of every packet: records of them know each other, and would wait for the search for garbage."""
        for pinged in self._pinged.values():
            pinged.echoes.clear()
        self._pinged.clear()
        self._open.clear()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        started = self._started = loop.time()
        self._started_at = self._clock()
        for number in range(self._count):
            await self._round()
            due = started + (number + 1) * self._interval_s
            if number == self._count - 1:
                await until_over(self._over_at, changed=self._changed)
            else:
                await until(self._settled, changed=self._changed, deadline=due)
                if number % min(3, 1 + len(self._pinged) // _LOOKED_AT) == 0:
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
        pinged = self._pinged[echo.destination]
        pinged.answers += 1
        self._open.discard(echo)
        if echo.answer and echo.answer.kind is IcmpKind.REPLY:
            self._alive.add(echo.destination)
            pinged.worst_ms = max(pinged.worst_ms, echo.answer.rtt_ms)
        elif echo.answer:
            words = echo.answer.words or echo.answer.kind.value
            pinged.unreachable = f"{echo.answer.source} says {words}"
            if echo.answer.source == str(ipaddress.ip_address(echo.destination)):
                pinged.refused = words
        self._changed.set()

    def _settled(self) -> bool:
        if not self._open:
            return True
        return bool(self._alive) and not any(echo.destination in self._alive for echo in self._open)

    def _over_at(self) -> float:
        """The loop time at which no packet on its way can still be answered; 0 where none is."""
        return max(map(self._awaited_until, self._open), default=0.0)

    def _awaited_until(self, echo: Echo) -> float:
        pinged = self._pinged[echo.destination]
        end = echo.awaited_until(patience_s(pinged.worst_ms))
        if echo.destination not in self._alive:
            return max(end, self._started + self._first_answer_s)
        since = pinged.silent_since()
        return max(end, since.sent_s + self._first_answer_s) if since else end

    def _is_awaited(self, echo: Echo) -> bool:
        return echo.outstanding and self._awaited_until(echo) > asyncio.get_running_loop().time()

    def _time_of_day(self, loop_s: float) -> datetime:
        return self._started_at + timedelta(seconds=loop_s - self._started)


_ROUNDS = 5
_INTERVAL_S = 0.1
_FIRST_ANSWER_S = 1.0


async def worst_of(icmp: Icmp, addresses: tuple[str, ...]) -> tuple[str, str]:
    """The address that answers worst, and how IPv4 and IPv6 compare where there are both.

    It is the first address where none can be pinged from here.
    """
    if len(addresses) == 1:
        return addresses[0], ""
    sweep = Sweep(
        icmp,
        addresses,
        count=_ROUNDS,
        interval_s=_INTERVAL_S,
        on_round=lambda: None,
        first_answer_s=_FIRST_ANSWER_S,
    )
    await sweep.run()
    readings = [judged(pings.address, pings.tally) for pings in sweep.pinged if not pings.unsent]
    return worst_address(readings) or addresses[0], compared(readings)
