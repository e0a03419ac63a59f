"""A sweep: every address pinged at once, round by round."""

import asyncio
import ipaddress
from array import array
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from attrs import define

from bot.clock import Clock, system_clock
from bot.probes.icmp.echo import Echo, EchoAnswer, Icmp
from bot.probes.icmp.loss import Tally
from bot.probes.icmp.packets import IcmpKind
from bot.probes.icmp.path_facts import Outage
from bot.probes.icmp.peers import compared, judged, worst_address
from bot.probes.icmp.quiet import END_PACKETS, gaps, quiet_times
from bot.probes.icmp.waiting import FIRST_ANSWER_S, patience_s, until, until_over

# Sends between two looks at the sockets: more would let answers pile up in the kernel.
_BURST = 64
_SPREAD = 0.8
"""Of the time between two rounds: thousands at once would keep everybody else of the bot waiting."""
_LOOKED_AT = 300
"""Of so many more addresses the picture is shown one round less often."""


_ON_ITS_WAY, _UNSENT, _REFUSED = -1.0, -2.0, -3.0


class Pinged:
    """One address of a sweep. `unsent` and `unreachable` are the last reasons of packets that failed so.

    Of a packet two numbers are kept: when it was sent, and how long its reply took, or what became of it instead: the
    records of a hundred thousand packets would be 50 MB. `awaited_until` says until what loop time one that was sent
    then may be answered, `time_of_day` what time a loop time is.
    """

    __slots__ = (
        *("address", "answers", "refused", "unreachable", "unsent", "worst_ms"),
        *("_awaited_until", "_became", "_sent_s", "_silent", "_time_of_day"),
    )

    def __init__(
        self, address: str, awaited_until: Callable[["Pinged", float], float], time_of_day: Callable[[float], datetime]
    ) -> None:
        self.address = address
        self.worst_ms = 0.0
        self.unsent = ""
        self.unreachable = ""
        self.refused = ""  # what the address itself said instead of replying; a router's word is only in `unreachable`
        self.answers = 0
        self._awaited_until = awaited_until
        self._time_of_day = time_of_day
        self._sent_s = array("d")
        self._became = array("d")
        self._silent: tuple[tuple[int, int], float | None] = ((0, 0), None)

    def sent(self, echo: Echo) -> int:
        """Notes a packet, and says which of this address it is."""
        self._sent_s.append(echo.sent_s)
        self._became.append(_UNSENT if echo.error else _ON_ITS_WAY)
        self.unsent = echo.error or self.unsent
        return len(self._became) - 1

    def answered(self, place: int, answer: EchoAnswer) -> None:
        self.answers += 1
        if answer.kind is IcmpKind.REPLY:
            self._became[place] = answer.rtt_ms
            self.worst_ms = max(self.worst_ms, answer.rtt_ms)
            return
        self._became[place] = _REFUSED
        words = answer.words or answer.kind.value
        self.unreachable = f"{answer.source} says {words}"
        if answer.source == str(ipaddress.ip_address(self.address)):
            self.refused = words

    @property
    def tally(self) -> Tally:
        """Packets that left this machine, and their replies; where some come, one on its way is not lost yet."""
        rtts_ms = tuple(became for became in self._became if became >= 0)
        left = sum(became != _UNSENT for became in self._became)
        awaited = sum(map(self._is_awaited, range(len(self._became)))) if 0 < len(rtts_ms) < left else 0
        return Tally(left - awaited, rtts_ms)

    @property
    def quiet(self) -> tuple[Outage, ...]:
        """Times in which the address, which replies otherwise, did not; see `gaps`."""
        if self.unanswered < END_PACKETS and not self.unreachable:
            return ()
        settled = [place for place in self._left() if not self._is_awaited(place)]
        return quiet_times([(self._sent_s[place], self._became[place] < 0) for place in settled], self._time_of_day)

    @property
    def unanswered(self) -> int:
        return len(self._became) - self.answers

    def silent_since(self) -> float | None:
        """When the first of the last packets was sent, none of them answered, where those are too many to be chance."""
        if self.unanswered < END_PACKETS or any(became != _ON_ITS_WAY for became in self._became[-END_PACKETS:]):
            return None
        known = len(self._became), self.answers
        if self._silent[0] != known:
            left = self._left()
            end = gaps([self._became[place] < 0 for place in left])[-1:]
            is_end = bool(end) and end[0].behind == len(left)
            self._silent = known, self._sent_s[left[end[0].first]] if is_end else None
        return self._silent[1]

    def _left(self) -> list[int]:
        """The packets that left this machine."""
        return [place for place, became in enumerate(self._became) if became != _UNSENT]

    def _is_awaited(self, place: int) -> bool:
        """Whether a packet may still be answered."""
        if self._became[place] != _ON_ITS_WAY:
            return False
        return self._awaited_until(self, self._sent_s[place]) > asyncio.get_running_loop().time()


@define(eq=False, repr=False, slots=False)
class Sweep:
    """Pings `addresses` (IP literals) `count` times, one round each `interval_s`.

    `on_round` is called after each round but the last when its answers are in, or as late as the next round begins: of
    many addresses, for which a look takes its time, after every few rounds. It ends when no outstanding answer can
    still come: an address that has never answered gets `first_answer_s` from the start, and one that has stopped to
    answer as long from there on, as it may only have become slow.
    """

    _engine: Icmp
    _addresses: Sequence[str]
    _count: int
    _interval_s: float
    _on_round: Callable[[], None]
    _first_answer_s: float = FIRST_ANSWER_S
    _clock: Clock = system_clock

    def __attrs_post_init__(self) -> None:
        self._started = 0.0
        self._started_at = self._clock()
        self._changed = asyncio.Event()
        self._alive: set[str] = set()
        self._open: dict[Echo, int] = {}
        """Packets on their way, each with which one of its address it is."""
        self._pinged = {address: Pinged(address, self._awaited_until, self._time_of_day) for address in self._addresses}

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
        on_answer = self._answered  # one for all packets
        loop = asyncio.get_running_loop()
        began, gap_s = loop.time(), _SPREAD * self._interval_s / max(1, len(self._pinged))
        for number, pinged in enumerate(self.pinged):
            if number % _BURST == _BURST - 1:
                await asyncio.sleep(max(0.0, began + number * gap_s - loop.time()))
            echo = self._engine.echo(pinged.address, on_answer=on_answer)
            place = pinged.sent(echo)
            if not echo.error:
                self._open[echo] = place

    def _answered(self, echo: Echo) -> None:
        place = self._open.pop(echo, None)
        if place is None or echo.answer is None:
            return
        self._pinged[echo.destination].answered(place, echo.answer)
        if echo.answer.kind is IcmpKind.REPLY:
            self._alive.add(echo.destination)
        self._changed.set()

    def _settled(self) -> bool:
        if not self._open:
            return True
        return bool(self._alive) and not any(echo.destination in self._alive for echo in self._open)

    def _over_at(self) -> float:
        """The loop time at which no packet on its way can still be answered; 0 where none is."""
        return max(
            (self._awaited_until(self._pinged[each.destination], each.sent_s) for each in self._open), default=0.0
        )

    def _awaited_until(self, pinged: Pinged, sent_s: float) -> float:
        end = sent_s + patience_s(pinged.worst_ms)
        if pinged.address not in self._alive:
            return max(end, self._started + self._first_answer_s)
        since = pinged.silent_since()
        return end if since is None else max(end, since + self._first_answer_s)

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
