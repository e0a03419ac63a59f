"""What goes on: a rise begins when it is beyond chance, ends when it has been usual for a while, and is one event."""

from dataclasses import dataclass

from bot.trends.detector.judge import Judgement
from bot.trends.detector.series import Series

_CALM = 2.0
"""The score down to which a rise that has begun goes on."""
_ENDS_MIN, _AGAIN_MIN = 60, 180
"""It ends after an hour that was calm, and what begins again within three more is the same."""
_SHARED = 0.5


@dataclass(slots=True)
class Going:
    """A series that rises."""

    series: Series
    since: int
    high: int
    """The last minute in which it was clearly above what is usual."""
    judged: Judgement


class Rises:
    """Remembers which series rise."""

    def __init__(self) -> None:
        self.going: dict[int, Going] = {}
        self._ended: dict[int, Going] = {}

    def take(self, series: Series, judged: Judgement | None, *, now: int, most_per_week: float) -> None:
        """What was judged now."""
        going = self.going.get(series.number)
        if going:
            if judged and judged.score >= _CALM:
                going.high, going.judged = now, judged
            elif now - going.high >= _ENDS_MIN:
                self._ended[series.number] = self.going.pop(series.number)
            return
        if not judged or judged.per_week > most_per_week:
            return
        before = self._ended.pop(series.number, None)
        if before and now - before.high < _ENDS_MIN + _AGAIN_MIN:
            since = before.since
        else:
            since = self._first(series, now, judged)
        self.going[series.number] = Going(series, since, now, judged)

    def _first(self, series: Series, now: int, judged: Judgement) -> int:
        """The first ticket of the window that judged it."""
        return series.recent[-min(judged.count, len(series.recent))][0] if series.recent else now

    def forget(self, now: int) -> None:
        self._ended = {number: going for number, going in self._ended.items() if now - going.high < 2 * _AGAIN_MIN}
