"""What goes on: a rise begins when it is beyond chance, ends when it was usual for a while, and what shares its
customers is the same event."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.trends.detector.judge import Judgement
from bot.trends.detector.terms import Entry
from bot.trends.model import SeriesKey

CALM = 2.0
"""The score down to which a rise that has begun goes on."""
_ENDS_MIN, _AGAIN_MIN = 60, 180
"""It ends after an hour that was calm, and what begins again within three more is the same."""
_SHARED = 0.5
"""Of what is beyond the usual: what shares so many tickets is one event."""
_TOLD = 6
WHOLE = SeriesKey()


@dataclass(slots=True)
class Going:
    """A series that rises."""

    key: SeriesKey
    since: int
    high: int
    """The last minute in which it was clearly above what is usual."""
    judged: Judgement
    named: SeriesKey
    """As it is told: a word whose customers write about one target is a word of that target."""
    leader: SeriesKey | None = None
    placed: bool = False
    followers: list[SeriesKey] = field(default_factory=list)
    shared: tuple[SeriesKey, ...] = ()
    """What its customers have in common, as it was found at `shared_at`."""
    shared_at: int = 0


Look = Callable[[SeriesKey, int], list[Entry]]
"""The tickets of a series in one of the windows, the oldest first."""


class Rises:
    """Remembers what rises."""

    def __init__(
        self, *, look: Look, about: Callable[[list[Entry], int, float], str], windows_min: Sequence[int]
    ) -> None:
        """`about` says which target most of what is unusual is about."""
        self.going: dict[SeriesKey, Going] = {}
        self._ended: dict[SeriesKey, Going] = {}
        self._look, self._about, self._windows_min = look, about, windows_min

    def take(self, key: SeriesKey, judged: Judgement | None, *, now: int, most_per_week: float) -> None:
        """What was judged now."""
        going = self.going.get(key)
        if going:
            if judged and judged.score >= CALM:
                going.high, going.judged = now, judged
            elif now - going.high >= _ENDS_MIN:
                self._ended[key] = self.going.pop(key)
            return
        if not judged or judged.per_week > most_per_week:
            return
        before = self._ended.pop(key, None)
        if before and now - before.high < _ENDS_MIN + _AGAIN_MIN:
            before.high, before.judged, before.placed = now, judged, False
            self.going[key] = before
            return
        rate = judged.expected / self._windows_min[judged.window]
        since = began((minute for minute, _, _ in self._look(key, judged.window)), rate, now)
        self.going[key] = Going(key, since, now, judged, key)

    def events(self) -> list[Going]:
        """What is told: each event once, by its clearest name, with what else rises in it."""
        for going in sorted(self.going.values(), key=_first):
            if not going.placed:
                self._place(going)
        leaders = []
        for going in self.going.values():
            going.followers = []
        for going in sorted(self.going.values(), key=_first):
            leader = self._leader(going)
            if leader is going:
                leaders.append(going)
            elif leader and len(leader.followers) < _TOLD:
                leader.followers.append(going.key)
        return leaders

    def forget(self, now: int) -> None:
        self._ended = {key: going for key, going in self._ended.items() if now - going.high < 2 * _AGAIN_MIN}

    def _leader(self, going: Going) -> Going | None:
        """None where what it belongs to is over: it was told, and nothing more is."""
        seen = 0
        while going.leader is not None and seen < len(self.going):
            leader, seen = self.going.get(going.leader), seen + 1
            if not leader:
                return None
            going = leader
        return going

    def _place(self, going: Going) -> None:
        """To which event it belongs."""
        going.placed, going.leader = True, None
        if going.key == WHOLE:
            return
        tickets = self._look(going.key, going.judged.window)
        ids = {ticket for _, ticket, _ in tickets}
        for other in sorted(self.going.values(), key=_first):
            if other is going or not other.placed or other.leader is not None:
                continue
            if other.key == WHOLE:
                if not going.key.target:
                    going.leader = WHOLE
                continue
            theirs = {ticket for _, ticket, _ in self._look(other.key, len(self._windows_min) - 1)}
            least = min(_excess(going), _excess(other)) if going.key.target and other.key.target else _excess(going)
            if going.key.target and not other.key.target:
                # A target is a better name than a word.
                if len(ids & theirs) >= _SHARED * min(_excess(other), _excess(going)):
                    other.leader = going.key
            elif len(ids & theirs) >= _SHARED * least:
                going.leader = other.key
                return
        if not going.key.target:
            target = self._about(tickets, going.judged.window, _SHARED * _excess(going))
            going.named = replace(going.key, target=target)


def began(minutes: Iterable[int], rate: float, now: int) -> int:
    """The ticket from which on there are more than usual, of which so many come in a minute: where it is clearest."""
    written = sorted(minutes)
    since, clearest = now, 0.0
    for at, minute in enumerate(written):
        count, usual = len(written) - at, max(rate * (now - minute + 1), 0.01)
        clear = count * math.log(count / usual) - count + usual if count > usual else 0.0
        if clear > clearest:
            since, clearest = minute, clear
    return since


def _excess(going: Going) -> float:
    return max(going.judged.count - going.judged.expected, 2.0)


def _first(going: Going) -> tuple[int, float, SeriesKey]:
    """The clearest names first: the desk, a target, a version, a code, a symptom, a word."""
    key = going.key
    kinds = (key == WHOLE, bool(key.target), bool(key.version), bool(key.code), bool(key.symptom), bool(key.term))
    return kinds.index(True), -going.judged.score, key
