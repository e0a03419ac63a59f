"""Whether tickets come faster than before, and since when: counts compared with what chance makes of them. Pure.

Customers who write independently of each other are a Poisson process. Given how many tickets there are in all, how many
of them fall into a part of the time is then binomial, whatever the rate is (the conditional test of Przyborowski and
Wilenski, 1940): neither the usual rate nor a threshold has to be known.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

CHANCE = 0.005
"""So rarely a part of a steady stream may look like a rise; as rarely like a fall."""
UNUSUAL = 0.05
"""So many of all hours have more or fewer tickets than is called usual, by chance."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Counts:
    """Tickets of the last hour, and those of the `hours` before it; and how many customers wrote them.

    Whoever writes twelve tickets is one customer: whether more come than before is judged by customers, where they are
    known.
    """

    last_hour: int
    before: int
    hours: float
    customers_last_hour: int | None = None
    customers_before: int | None = None

    @property
    def per_hour_before(self) -> float:
        return self.before / self.hours if self.hours > 0 else 0.0

    @property
    def rises(self) -> bool:
        """Whether the last hour has more than the hours before it would make it have by chance."""
        return self.hours > 0 and at_least(self._last_hour, self._all, self._share) < CHANCE

    @property
    def falls(self) -> bool:
        return self.hours > 0 and at_least(self._before, self._all, 1 - self._share) < CHANCE

    @property
    def _last_hour(self) -> int:
        return self.last_hour if self.customers_last_hour is None else self.customers_last_hour

    @property
    def _before(self) -> int:
        return self.before if self.customers_before is None else self.customers_before

    @property
    def _all(self) -> int:
        return self._last_hour + self._before

    @property
    def _share(self) -> float:
        return 1 / (1 + self.hours)


def at_least(hits: int, among: int, share: float) -> float:
    """The chance that `hits` or more of `among` fall where each does with the chance `share` (binomial)."""
    if hits <= 0 or share >= 1:
        return 1.0
    if hits > among or share <= 0:
        return 0.0
    if hits > among * share:
        return min(1.0, _sum_away(hits, among, share, step=1))
    return max(0.0, 1.0 - _sum_away(hits - 1, among, share, step=-1))


def began(created: Sequence[datetime], *, since: datetime, now: datetime, earlier: int = 0) -> datetime | None:
    """The first ticket of the rise that lasts until `now`; None where the tickets since `since` come evenly.

    `earlier` tickets lie between `since` and the first of `created`, nobody knows where. Of all moments from which on
    more came than before beyond chance, the one with the greatest likelihood (two Poisson rates against one) is taken;
    as each ticket could have been the first, chance is counted once for each.
    """
    times = sorted(moment for moment in created if since <= moment <= now)
    whole_s = (now - since).total_seconds()
    best: tuple[float, datetime] | None = None
    for place, moment in enumerate(times):
        after, share = len(times) - place, (now - moment).total_seconds() / whole_s if whole_s > 0 else 1.0
        before = place + earlier
        # The first of them lies at its own time by choice; the others fall before or after it by chance.
        if at_least(after - 1, before + after - 1, share) * len(times) < CHANCE:
            gain = _gain(after, before, share)
            best = max(best or (gain, moment), (gain, moment), key=lambda candidate: candidate[0])
    return best[1] if best else None


def usual_counts(per_hour: float) -> tuple[int, int]:
    """How few and how many tickets 19 of 20 hours have where so many come in an hour on average (Poisson)."""
    low, count, below = 0, 0, 0.0
    term = math.exp(-per_hour)
    while below + term < 1 - UNUSUAL / 2 and term > 0:
        below += term
        low = count + 1 if below < UNUSUAL / 2 else low
        count += 1
        term *= per_hour / count
    return low, count


def _gain(after: int, before: int, share: float) -> float:
    """How much likelier two rates make the counts than one (a logarithm)."""
    among = after + before
    parts = ((after, share), (before, 1 - share))
    return sum(count * math.log(count / among / part) for count, part in parts if count and part > 0)


def _sum_away(first: int, among: int, share: float, *, step: int) -> float:
    """The binomial terms from `first` on, away from the mean: they fall, so few of them matter."""
    odds = share / (1 - share)
    ways = math.lgamma(among + 1) - math.lgamma(first + 1) - math.lgamma(among - first + 1)
    term = math.exp(ways + first * math.log(share) + (among - first) * math.log1p(-share))
    total, k = 0.0, first
    while 0 <= k <= among and term > total * 1e-12:
        total += term
        term *= (among - k) / (k + 1) * odds if step > 0 else k / (among - k + 1) / odds
        k += step
    return total
