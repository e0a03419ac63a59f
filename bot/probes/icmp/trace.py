"""An MTR: cycles of echo requests to every distance, until the path's numbers are known."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from attrs import define

from bot.clock import Clock, system_clock
from bot.probes.icmp.echo import Echo, EchoAnswer, Icmp
from bot.probes.icmp.flows import FULL_TTL, by_flow
from bot.probes.icmp.path import Path
from bot.probes.icmp.path_facts import Outage
from bot.probes.icmp.quiet import quiet_times
from bot.probes.icmp.route import Settled, TracedRoute
from bot.probes.icmp.routers import SharedRouters, TraceHop
from bot.probes.icmp.waiting import FIRST_ANSWER_S, patience_s, until, until_over

# Several routers in a row may be silent; this many distances past the last answer are tried.
_BEYOND_LAST_ANSWER = 8
# The destination is asked more often than routers may be: hosts answer echo requests without a limit.
_END_INTERVAL_S = 0.2
# So many looks in a row without any answer: the router does not reject any more, and what lies behind it is silent.
_LOOKS_UNANSWERED = 2


@define(eq=False, repr=False, slots=False)
class Trace:
    """Probes all distances to `address` (an IP literal) together, one cycle each `interval_s`.

    `on_cycle` is called after each cycle. Routers answer about one probe a second (Linux's default limit):
    a shorter interval than 1 s shows loss that is not there, and `routers` lets all traces of the process take turns,
    so a hop may be asked in fewer cycles, or in none. The destination, once found, is asked up to five times a
    second, in several flows. While a router rejects all that was ever sent past it, one packet in some cycles looks
    whether it still does. It ends when no outstanding answer can still come.
    """

    _engine: Icmp
    _address: str
    _routers: SharedRouters
    _interval_s: float
    _max_hops: int
    _on_cycle: Callable[[], None]
    _clock: Clock = system_clock

    def __attrs_post_init__(self) -> None:
        self._changed = asyncio.Event()
        self._route = TracedRoute(self._address, self._max_hops)
        is_v6 = ":" in self._address
        self._looking, self._beside = TraceHop((is_v6, 0)), TraceHop((is_v6, 0))
        self._looked_in = self._sought_in = self._looks_judged = self._cycle = 0
        self._started = self._due = self._worst_ms = 0.0
        self._started_at = self._clock()
        self._unsent = ""
        """Why a packet could not leave this machine, the last time that one could not."""

    async def until(self, cycles: int) -> None:
        """Runs until `cycles` are done, counted from the first one, and their answers are in.

        Called again with a larger number it goes on as if it had not stopped: cycles, counts and pace are the same.
        """
        loop = asyncio.get_running_loop()
        if not self._cycle:
            self._started = self._due = loop.time()
            self._started_at = self._clock()
        try:
            if 0 < self._cycle < cycles:
                await self._between_cycles(reported=True)
            while self._cycle < cycles:
                self._begin_cycle(loop.time())
                if self._cycle < cycles:
                    await self._between_cycles(reported=False)
                else:
                    await until_over(self._over_at, changed=self._changed)
                    self._on_cycle()
        finally:
            self._routers.release([self._looking, *(distance.place for distance in self._route.distances)])

    @property
    def cycles(self) -> int:
        """Returns how many cycles have begun."""
        return self._cycle

    def path(self) -> Path:
        """What is known of the way so far, by this machine's name; names of its hosts and networks are not here."""
        route, to_end = self._route, self._route.to_end(self._is_awaited)
        refusals = route.refusals(to_end)
        return Path(
            destination=self._address,
            source=socket.gethostname(),
            started_at=self._started_at,
            cycles=self._cycle,
            hops=route.hops(to_end, self._is_awaited),
            reached=bool(route.reach),
            refused=refusals[-1] if refusals else "",
            refusals=len(refusals),
            rejects=route.rejects(to_end, self._is_awaited),
            loop=route.loop,
            beyond=route.beyond,
            quiet=self._outages(to_end),
            ways=by_flow(to_end),
            unsent=self._unsent,
        )

    def _outages(self, to_end: Settled) -> tuple[Outage, ...]:
        rejected = [
            self._time_of_day(echo.sent_s) for echo, _ in to_end if echo.answer and self._route.is_reject(echo.answer)
        ]
        return tuple(
            replace(gap, rejected=sum(gap.since <= at and (not gap.until or at < gap.until) for at in rejected))
            for gap in quiet_times([(echo.sent_s, lost) for echo, lost in to_end], self._time_of_day)
        )

    def _begin_cycle(self, now: float) -> None:
        """On an absolute schedule; after a stall of the process it begins anew, as routers answer no two at once."""
        on_time = now - self._due < self._interval_s / 2
        self._due = (self._due if on_time else now) + self._interval_s
        self._cycle += 1
        self._ask_hops()

    async def _between_cycles(self, *, reported: bool) -> None:
        """Until the next cycle is due: asks the destination evenly, and hops whose turn has come.

        The cycle is `reported` as soon as its answers are in, or when the next one begins.
        """
        loop = asyncio.get_running_loop()
        ticks = max(1, int(self._interval_s / _END_INTERVAL_S + 1e-6))
        for tick in reversed(range(ticks)):
            due = self._due - tick * self._interval_s / ticks
            if tick and due + self._interval_s / ticks < loop.time():
                continue
            if not reported and await until(self._is_settled, changed=self._changed, deadline=due):
                reported = True
                self._on_cycle()
            await asyncio.sleep(due - loop.time())
            if tick:
                self._ask_end()
                self._ask_hops()
        if not reported:
            self._on_cycle()

    def _ask_hops(self) -> None:
        """Sends what this cycle has not sent yet, as far as the path is known to go or may go.

        Where others are just finding out who answers, it waits for them. Where others hear a router, silence is no
        sign that the path ends.
        """
        route, beyond = self._route, 0
        end, answered = route.end(), route.highest
        for distance in route.distances[: end or None]:
            if beyond == _BEYOND_LAST_ANSWER:
                break
            if distance.cycle < self._cycle and self._routers.may_ask(distance.place):
                distance.cycle = self._cycle
                distance.current = self._send(distance.ttl, self._answered)
                distance.echoes.append(distance.current)
            if not self._routers.router_of(distance.place):
                if not distance.echoes:
                    break
                beyond += not end and distance.ttl > answered
        if route.rejecting:
            self._look_past(route.rejecting)

    def _look_past(self, router: str) -> None:
        """Asks whether a router still rejects all that goes on, in turns with its own distance, as it answers both."""
        looks, self._looking.router = self._route.looks, router
        under_way = bool(looks) and self._is_awaited(looks[-1])
        if self._looked_in == self._cycle or under_way or not self._routers.may_ask(self._looking):
            return
        self._looked_in = self._cycle
        latest = looks[self._looks_judged :][-_LOOKS_UNANSWERED:]
        if len(latest) == _LOOKS_UNANSWERED and all(echo.outstanding for echo in latest):
            self._looks_judged = len(looks)
            self._route.rejecting = ""
            self._ask_hops()
        else:
            looks.append(self._send(FULL_TTL, self._look_answered))

    def _ask_end(self) -> None:
        """Also while it is not found and nothing says why: on another of several equal paths it may answer.

        But then only once a cycle, as a router on the way may answer instead.
        """
        if not self._route.reach and (self._route.end() or self._sought_in == self._cycle):
            return
        self._sought_in = self._cycle
        flow, ttl = self._route.flows.following(self._route.reach)
        echo = self._send(ttl, self._end_answered, flow)
        self._route.flows.echoes.append(echo)
        if not self._route.reach:
            self._route.flows.sought.add(echo)

    def _send(self, ttl: int, on_answer: Callable[[Echo], None], flow: int = 0) -> Echo:
        echo = self._engine.echo(self._address, ttl=ttl, flow=flow, on_answer=on_answer)
        self._unsent = echo.error or self._unsent
        return echo

    def _answered(self, echo: Echo) -> None:
        """A packet of a cycle was answered: by who stands at its distance, or by a router before it that rejects it."""
        answer, place = echo.answer, self._route.distances[echo.ttl - 1].place
        if answer is None or self._is_rejected(echo, answer, place):
            return
        self._routers.heard(place, answer.source, is_end=self._route.is_from_destination(answer))
        if self._route.heard(echo, answer):
            self._ask_hops()
        if echo.ttl == self._route.reach:
            self._replace_exceeded(echo, answer)

    def _end_answered(self, echo: Echo) -> None:
        reach = self._route.reach
        place = self._route.distances[reach - 1].place if reach else self._beside
        if echo.answer is None or self._is_rejected(echo, echo.answer, place):
            return
        self._replace_exceeded(echo, echo.answer)

    def _replace_exceeded(self, echo: Echo, answer: EchoAnswer) -> None:
        """A packet to the destination ended at a router: with time enough it arrives, unless it goes in circles."""
        flows = self._route.flows
        if not self._route.is_from_destination(answer) and flows.exceeded(echo):
            flows.echoes.append(self._send(FULL_TTL, self._end_answered, echo.flow))

    def _look_answered(self, echo: Echo) -> None:
        if echo.answer and not self._is_rejected(echo, echo.answer, self._looking):
            self._route.rejecting = ""
            self._ask_hops()

    def _is_rejected(self, echo: Echo, answer: EchoAnswer, place: TraceHop) -> bool:
        """Notes that an answer has come, and who rejects the packet if somebody does."""
        self._worst_ms = max(self._worst_ms, answer.rtt_ms)
        self._changed.set()
        rejected = self._route.is_reject(answer)
        if rejected:
            self._routers.rejected(place, answer.source)
            self._route.rejected(echo, answer)
        return rejected

    def _is_settled(self) -> bool:
        """Whether every hop that ever answered has answered in this cycle, the end among them."""
        end = self._route.end()
        heard_from = [
            distance for distance in self._route.distances[:end] if distance.latest and distance.cycle == self._cycle
        ]
        return bool(end) and not any(distance.current and distance.current.outstanding for distance in heard_from)

    def _over_at(self) -> float:
        """The loop time at which no packet on its way can still be answered.

        A hop that has never answered costs nothing once its first packet has had its time.
        """
        end = self._route.end()
        if not end:
            outstanding = (echo for echo in self._route.sent() if echo.outstanding)
            first = self._started + FIRST_ANSWER_S
            return max((max(first, self._awaited_until(echo)) for echo in outstanding), default=0.0)
        awaited = list(self._route.flows.echoes)
        for distance in self._route.distances[:end]:
            awaited += distance.echoes if distance.latest else distance.echoes[:1]
        return max((self._awaited_until(echo) for echo in awaited if echo.outstanding), default=0.0)

    def _awaited_until(self, echo: Echo) -> float:
        return echo.sent_s + patience_s(self._worst_ms)

    def _is_awaited(self, echo: Echo) -> bool:
        return echo.outstanding and self._awaited_until(echo) > asyncio.get_running_loop().time()

    def _time_of_day(self, loop_s: float) -> datetime:
        return self._started_at + timedelta(seconds=loop_s - self._started)
