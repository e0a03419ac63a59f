"""What becomes of trends when the detector has looked: which rise is which trend, and which is new. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.tickets.rise import CHANCE
from bot.trends.model import (
    DISMISSED_FOR,
    KEPT_TICKETS,
    OVER_AFTER,
    RESUMED_WITHIN,
    SHARED,
    Rise,
    Trend,
    TrendState,
    beyond_chance,
    clearly_larger,
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look changes: rises that are new, each with the dismissed trend that it is larger than or None; trends
    as they are now, those alone that changed."""

    new: tuple[tuple[Rise, Trend | None], ...]
    changed: tuple[Trend, ...]


def looked(known: Sequence[Trend], rises: Iterable[Rise], now: datetime) -> Looked:
    """`known` are the trends that are live, or were until lately."""
    seen: dict[int, Rise] = {}
    new: list[tuple[Rise, Trend | None]] = []
    for rise in sorted(rises, key=_first):
        trend = _trend_of(rise, known, now)
        if trend:
            own = rise.series == trend.series
            seen[trend.id] = rise if own else seen.get(trend.id, rise)
        elif _is_above(rise) and not any(is_of(rise, other) for other, _ in new):
            new.append((rise, None))
    changed = []
    for trend in known:
        of_it = seen.get(trend.id)
        after = _going(trend, of_it) if of_it else _quiet(trend, now)
        if of_it and trend.dismissed_at and clearly_larger(of_it, trend):
            after = _over(trend, now)
            new.append((of_it, trend))
        changed += [after] if after != trend else []
    return Looked(tuple(new), tuple(changed))


def begun(rise: Rise, at: datetime) -> Trend:
    """A trend that nobody has seen before, as its rise alone tells; without a number, and nobody's."""
    return Trend(
        id=0,
        series=rise.series,
        state=TrendState.RISING,
        team="",
        channel="",
        began_at=rise.since,
        noticed_at=at,
        last_at=at,
        window_h=rise.window_h,
        customers=rise.customers,
        expected=rise.expected,
        most=rise.customers,
        most_window_h=rise.window_h,
        fleet=rise.fleet,
        ticket_ids=_kept_tickets(rise.ticket_ids, ()),
    )


def is_of(rise: Rise, other: Rise | Trend) -> bool:
    """Whether a rise is what another one, or a trend, is: the same series, or mostly the same tickets."""
    if rise.fleet or other.fleet:
        return rise.fleet and other.fleet
    return rise.series == other.series or _share(rise.ticket_ids, other.ticket_ids)


def _kept_tickets(newer: Iterable[int], older: Iterable[int]) -> tuple[int, ...]:
    """The newest first, each once; ids grow with time."""
    return tuple(sorted({*newer, *older}, reverse=True)[:KEPT_TICKETS])


def _is_above(rise: Rise) -> bool:
    """Whether more write now than chance explains: the detector goes on with what began until it was calm for long."""
    return beyond_chance(rise.customers, rise.expected, CHANCE)


def _first(rise: Rise) -> tuple[bool, bool, bool, float]:
    """What names most comes first, and gives the others that share its tickets its name: targets before symptoms."""
    series = rise.series
    return (not rise.fleet, not series.target, not (series.symptom or series.version), -rise.score)


def _trend_of(rise: Rise, known: Sequence[Trend], now: datetime) -> Trend | None:
    """The live one, else the one that ended lately; its own series before those that only share tickets."""
    candidates = [trend for trend in known if is_of(rise, trend) and _counts(trend, now)]
    return min(candidates, key=lambda trend: (not trend.live, rise.series != trend.series, -trend.id), default=None)


def _counts(trend: Trend, now: datetime) -> bool:
    if trend.live:
        return True
    if trend.dismissed_at:
        return now < trend.last_at + DISMISSED_FOR
    return bool(trend.over_at) and now < (trend.over_at or now) + RESUMED_WITHIN and not trend.investigation_id


def _share(one: Sequence[int], other: Sequence[int]) -> bool:
    fewer = min(len(one), len(other))
    return fewer > 0 and len({*one} & {*other}) >= SHARED * fewer


def _going(trend: Trend, rise: Rise) -> Trend:
    """It goes on: what the newest look found. What had ended has not."""
    ended = trend.state is TrendState.OVER and not trend.dismissed_at
    more = rise.customers * trend.most_window_h > trend.most * rise.window_h
    return replace(
        trend,
        state=TrendState.RISING if ended else trend.state,
        over_at=None if ended else trend.over_at,
        last_at=max(rise.at, trend.last_at),
        window_h=rise.window_h,
        customers=rise.customers,
        expected=rise.expected,
        most=rise.customers if more else trend.most,
        most_window_h=rise.window_h if more else trend.most_window_h,
        began_at=min(trend.began_at, rise.since),
        ticket_ids=_kept_tickets(rise.ticket_ids, trend.ticket_ids),
    )


def _quiet(trend: Trend, now: datetime) -> Trend:
    """Nothing of it was seen now."""
    rests = now >= trend.last_at + OVER_AFTER
    match trend.state:
        case TrendState.RISING if rests:
            return _over(trend, now)
        case TrendState.SNOOZED if rests and trend.snoozed_until and now >= trend.snoozed_until:
            return _over(trend, now)
        case TrendState.DISMISSED if now >= trend.last_at + DISMISSED_FOR:
            return _over(trend, now)
        case _:
            return trend


def _over(trend: Trend, now: datetime) -> Trend:
    return replace(trend, state=TrendState.OVER, over_at=now)
