"""What the answers to a trace's packets say of the way to its destination: who stands where, and where it ends."""

import ipaddress
from collections.abc import Callable, Iterator

from bot.probes.icmp.circles import Circle, circle
from bot.probes.icmp.distance import Distance
from bot.probes.icmp.echo import Echo, EchoAnswer
from bot.probes.icmp.flows import Flows
from bot.probes.icmp.loss import Tally
from bot.probes.icmp.packets import IcmpKind
from bot.probes.icmp.path import Hop
from bot.probes.icmp.path_facts import Rejects
from bot.probes.icmp.rejections import Rejections
from bot.probes.icmp.routers import TraceHop

IsAwaited = Callable[[Echo], bool]
"""Whether an answer may still come."""

Settled = list[tuple[Echo, bool]]
"""Packets that were answered or are too late, with whether they were lost."""


class TracedRoute:
    """The way to `address` over at most `max_hops` distances.

    An "unreachable" of a router is no answer of what lies behind it, and wipes nothing that is known. One of the
    destination itself is: the packet arrived. What counts at a distance is the latest packet, as they were sent.
    """

    def __init__(self, address: str, max_hops: int) -> None:
        self._destination = str(ipaddress.ip_address(address))
        self._circle: Circle | None = None
        self._rejections = Rejections()
        self.distances = [Distance(ttl, TraceHop((":" in address, ttl))) for ttl in range(1, max_hops + 1)]
        self.flows = Flows()
        self.looks: list[Echo] = []
        """Packets past a router that rejects all, meant for no distance."""
        self.reach = 0
        """The distance at which the destination itself answered last; 0 while it never has."""
        self.end_ttl = 0
        """The same as far as the latest answers say; 0 where a router answers there now."""
        self.highest = 0
        """The farthest distance from which somebody answered."""
        self.rejecting = ""
        """The router that rejected the last packet past it, while nothing behind it answers."""

    # What is answered.

    def is_from_destination(self, answer: EchoAnswer) -> bool:
        return answer.kind is IcmpKind.REPLY or self._refuses(answer)

    def is_reject(self, answer: EchoAnswer) -> bool:
        return answer.kind is IcmpKind.UNREACHABLE and answer.source != self._destination

    def _refuses(self, answer: EchoAnswer) -> bool:
        return answer.kind is IcmpKind.UNREACHABLE and answer.source == self._destination

    def heard(self, echo: Echo, answer: EchoAnswer) -> bool:
        """Who stands at the distance of `echo` answered it. Says whether something is new, so more may be asked."""
        distance = self.distances[echo.ttl - 1]
        passed = bool(self.rejecting) and echo.ttl > self.places()[self.rejecting]
        if passed:
            self.rejecting = ""
        was_end = distance.is_end
        if not distance.learn(echo, answer):
            return passed
        if was_end and not distance.is_end:
            self._forget_behind(distance, echo)
        self._find()
        return True

    def rejected(self, echo: Echo, answer: EchoAnswer) -> None:
        """A router before the distance of `echo` said "unreachable"."""
        self._rejections.add(answer.source, echo)
        if not self.end_ttl and echo.ttl > self.highest:
            self.rejecting = answer.source

    def _forget_behind(self, distance: Distance, echo: Echo) -> None:
        """Where a router stands now, the destination is farther; what answered behind it before may not be true."""
        for later in self.distances[distance.ttl :]:
            if later.is_end and later.latest and later.latest.sent_monotonic_ns < echo.sent_monotonic_ns:
                later.forget()

    def _find(self) -> None:
        self.end_ttl = next((distance.ttl for distance in self.distances if distance.is_end), 0)
        self.highest = max((distance.ttl for distance in self.distances if distance.latest), default=0)
        self.reach = self.end_ttl or self.reach
        self._circle = None if self.end_ttl else circle(self._routers())

    # What is known.

    def end(self) -> int:
        """The last distance that is worth asking; 0 where that is not known."""
        if self.end_ttl:
            return self.end_ttl
        if self._circle:
            return self._circle.last
        return max(self.highest, self.places()[self.rejecting]) if self.rejecting else 0

    @property
    def answers_elsewhere(self) -> bool:
        """Whether the destination answers, though it was not found on the path of flow 0."""
        answers = (echo.answer for echo in self.flows.echoes)
        return not self.reach and any(answer and self.is_from_destination(answer) for answer in answers)

    @property
    def loop(self) -> tuple[int, ...]:
        """Returns the TTLs of the hops before the destination at which the same routers answer again and again."""
        if not self._circle:
            return ()
        last = min(self._circle.last, self.reach - 1) if self.reach else self._circle.last
        return tuple(range(self._circle.first, last + 1))

    @property
    def beyond(self) -> bool:
        """Whether the farthest hop that may be asked is a router, so that the path goes on behind it."""
        return not self.reach and not self._circle and bool(self.distances[-1].router)

    def places(self) -> dict[str, int]:
        """Returns the distances of the routers that reject packets."""
        return self._rejections.places(self._routers()) if self._rejections else {}

    def _routers(self) -> list[str]:
        return [distance.router for distance in self.distances]

    # How it is counted.

    def hops(self, to_end: Settled, is_awaited: IsAwaited) -> tuple[Hop, ...]:
        """It ends at the destination; while that is unknown, at a router that rejects all that goes on, with a loop
        that was seen often enough, or one distance past the last hop that answers.
        """
        places = self.places()
        end = self.reach or self.end() or self.highest + 1

        hops = []
        for distance in self.distances[:end]:
            if distance.ttl == self.reach:
                answers = tuple(echo.answer.rtt_ms for echo, lost in to_end if echo.answer and not lost)
                rejected = sum(1 for echo, _ in to_end if echo.answer and self.is_reject(echo.answer))
                hops.append(Hop(distance.ttl, (self._destination,), Tally(len(to_end), answers), rejected))
            elif distance.echoes or distance.ttl < end:
                hops.append(distance.hop(places, is_awaited))
        return tuple(hops)

    def to_end(self, is_awaited: IsAwaited) -> Settled:
        """The packets to the destination and whether they were lost, as they were sent.

        None where it never answered. Those on their way are left out, and those whose time was over at a router.
        """
        if not self.reach and not self.answers_elsewhere:
            return []
        packets = [*self._own_to_end(), *self.flows.to_end(self.reach)]
        settled = [echo for echo in packets if not echo.error and not (echo.outstanding and is_awaited(echo))]
        settled.sort(key=lambda echo: echo.sent_monotonic_ns)
        return [(echo, not (echo.answer and self.is_from_destination(echo.answer))) for echo in settled]

    def _own_to_end(self) -> list[Echo]:
        """From after the last one that a router in its place answered, as the path was longer then.

        Where the destination answers other flows alone, the farthest packets of flow 0 stand for those to it.
        """
        asked = [distance for distance in self.distances if distance.echoes]
        if not asked:
            return []
        distance = self.distances[self.reach - 1] if self.reach else asked[-1]
        echoes: list[Echo] = []
        is_found = False
        for echo in distance.echoes:
            exceeded = echo.answer is not None and echo.answer.kind is IcmpKind.TTL_EXCEEDED
            is_found = is_found or (echo.answer is not None and self.is_from_destination(echo.answer))
            if exceeded and not is_found:
                echoes.clear()
            elif not exceeded:
                echoes.append(echo)
        return echoes

    def rejects(self, to_end: Settled, is_awaited: IsAwaited) -> tuple[Rejects, ...]:
        """Returns who rejected packets, as `Rejections.counted` does."""
        if not self._rejections:
            return ()
        everything = [echo for echo in self.sent() if not echo.error and not is_awaited(echo)]
        return self._rejections.counted(self.places(), frozenset(echo for echo, _ in to_end), everything)

    def refusals(self, to_end: Settled) -> list[str]:
        """What the destination itself said to packets to it, instead of replying."""
        return [echo.answer.words for echo, _ in to_end if echo.answer and self._refuses(echo.answer)]

    def sent(self) -> Iterator[Echo]:
        for distance in self.distances:
            yield from distance.echoes
        yield from self.flows.echoes
        yield from self.looks
