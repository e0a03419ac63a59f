"""How often the traces of a process together ask one router."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

BURST = 5
"""Probes that a router answers at once: one less than Linux allows, for probes that bunch up on the way."""

# While nobody knows who answers at a distance, all first probes to it are taken for one router's. A further look comes
# so long after the one before; the numbers are how many bursts may have been sent by then. They are even at first, as
# paths of several lengths may begin at once, then grow, as still no router has shown up.
_LOOK_CYCLES = 0.5
_LOOKS = (1, 2, 3, 4, 8, 16, 32)
# A trace that asked and was refused is in the queue for so long; each asks once a cycle at least.
_QUEUED_CYCLES = 2.5
# How long a distance is taken for the router that answered there last. A drained router has recovered by then.
_REMEMBERED_CYCLES = 6.0

Distance = tuple[bool, int]


@dataclass(slots=True, eq=False)
class TraceHop:
    """One distance (whether IPv6, and TTL) of one trace. `router` answered there last; `is_end` is the destination."""

    distance: Distance
    router: str = ""
    is_end: bool = False
    asked: bool = False
    charged: str = ""


class SharedRouters:
    """Lets each router be asked once each `interval_s` by all traces together, after a burst of `BURST`, in turns.

    Linux answers one address that often by default, and what it does not answer would look like loss. The turn goes
    by router, wherever in a path it stands. The destination is never held back: echo replies have no such limit.
    """

    def __init__(self, interval_s: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.interval_s = interval_s
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._latest: dict[Distance, tuple[str, float]] = {}
        self._looks: dict[Distance, _Look] = {}

    def router_of(self, place: TraceHop) -> str:
        """Who answers there: known, or probable as others heard it at that distance; "" where nobody knows."""
        router, heard_at = self._latest.get(place.distance, ("", 0.0))
        recent = self._clock() - heard_at < _REMEMBERED_CYCLES * self.interval_s
        return place.router or (router if recent else "")

    def may_ask(self, place: TraceHop) -> bool:
        """Whether to send a probe there now; a yes counts as sent, a no keeps the place in the queue."""
        if place.is_end:
            return True
        router = self.router_of(place)
        may = self._bucket(router).take(place, self._cycles()) if router else self._may_look(place)
        if may:
            place.asked, place.charged = True, router
        return may

    def heard(self, place: TraceHop, source: str, *, is_end: bool) -> None:
        """`source` answered a probe to `place`, as the destination itself or on the way."""
        place.is_end, place.router = is_end, "" if is_end else source
        if is_end:
            return
        self._latest[place.distance] = (source, self._clock())
        if look := self._looks.get(place.distance):
            self._bucket(source).queue(look)
        if place.charged != source:
            self._bucket(source).charge(self._cycles())
            place.charged = source

    def rejected(self, place: TraceHop, source: str) -> None:
        """`source`, somewhere before `place`, rejected a probe to it: that is one of its answers too."""
        if place.is_end or place.charged != source:
            self._bucket(source).charge(self._cycles())

    def release(self, places: Iterable[TraceHop]) -> None:
        """A trace has ended: nobody waits for its turn any more."""
        gone, now = set(places), self._cycles()
        for look in self._looks.values():
            look.leave(gone)
        for router, bucket in list(self._buckets.items()):
            bucket.leave(gone)
            if bucket.is_idle(now):
                del self._buckets[router]

    def _may_look(self, place: TraceHop) -> bool:
        """A place that stays silent, where nobody else hears a router either, has none to be spared."""
        look = self._looks.setdefault(place.distance, _Look())
        return place.asked or look.take(place, self._cycles())

    def _bucket(self, router: str) -> "_Bucket":
        return self._buckets.setdefault(router, _Bucket(filled_at=self._cycles()))

    def _cycles(self) -> float:
        return self._clock() / self.interval_s


@dataclass(slots=True)
class _Queue:
    """Who was refused, first come first, and when last. Times are in cycles."""

    waiting: dict[TraceHop, float] = field(default_factory=dict)

    def leave(self, places: set[TraceHop]) -> None:
        self.waiting = {place: at for place, at in self.waiting.items() if place not in places}


@dataclass(slots=True)
class _Bucket(_Queue):
    """What one router can answer now, and who waits for it."""

    filled_at: float = 0.0
    tokens: float = BURST

    def take(self, place: TraceHop, now: float) -> bool:
        self._fill(now)
        if self.tokens < 1:
            if now - self.waiting.get(place, now) >= _QUEUED_CYCLES:
                del self.waiting[place]
            self.waiting[place] = now
            return False
        self.waiting = {place: at for place, at in self.waiting.items() if now - at < _QUEUED_CYCLES}
        order = list(self.waiting)
        ahead = order.index(place) if place in self.waiting else len(order)
        if self.tokens < 1 + ahead:
            self.waiting[place] = now
            return False
        self.tokens -= 1
        self.waiting.pop(place, None)
        return True

    def charge(self, now: float) -> None:
        """Counts a probe that was sent before this router was known to answer it."""
        self._fill(now)
        self.tokens = max(-1.0, self.tokens - 1)

    def queue(self, look: "_Look") -> None:
        """Those who waited to know who answers go before those who have an answer already."""
        self.waiting = look.waiting | self.waiting
        look.waiting = {}

    def is_idle(self, now: float) -> bool:
        self._fill(now)
        return self.tokens >= BURST and not self.waiting

    def _fill(self, now: float) -> None:
        self.tokens = min(BURST, self.tokens + now - self.filled_at)
        self.filled_at = now


@dataclass(slots=True)
class _Look(_Queue):
    """First probes to a distance where no router is known."""

    began: float = 0.0
    last: float = float("-inf")
    sent: int = 0

    def take(self, place: TraceHop, now: float) -> bool:
        if now - self.last > 2 * _LOOK_CYCLES:
            self.began, self.sent = now, 0
        look = min(len(_LOOKS) - 1, int((now - self.began) / _LOOK_CYCLES))
        if self.sent >= BURST * _LOOKS[look]:
            self.waiting[place] = now
            return False
        self.sent, self.last = self.sent + 1, now
        self.waiting.pop(place, None)
        return True
