"""One log, line by line: its times, kinds of lines, and which patterns are where. One pass over everything. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.customer_logs.reading.scanning import Scanner
from bot.customer_logs.reading.shapes import rough
from bot.customer_logs.reading.times import Clock, Stamp

POSITIONS_MAX = 400
KINDS_MAX = 100_000
BACK_S = 60.0
"""Clocks are set right by a little all the time."""
FORWARD_S = 7 * 86_400.0
HALF_DAY_S = 43_200.0
SIGN, MARK, VERSION, SYSTEM, ENOUGH, TROUBLE, ZONE, USER = (
    "sign",
    "mark",
    "version",
    "system",
    "enough",
    "trouble",
    "zone",
    "user",
)
TROUBLE_WORDS = (
    r"(?i)(?:\b|_)(?:error|err|failed|failure|fails?|fatal|critical|panic|exception|denied|refused|reset|unreachable"
    r"|timed? ?out|timeout|invalid|unable|cannot|can't|could not|couldn't|not found|no route|rejected|aborted|expired"
    r"|mismatch|lost|dropped|retrying|warn|warning|unexpected|missing|disconnected|reconnecting|nxdomain|servfail|declined|crash(?:ed)?)(?:\b|_)"
)


@dataclass(slots=True)
class Places:
    """Where one pattern's owner was found: line numbers from 0, the first and the last for sure."""

    count: int = 0
    first: int = 0
    last: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, line: int) -> None:
        if not self.count:
            self.first = line
        self.count += 1
        self.last = line
        if len(self.lines) < POSITIONS_MAX:
            self.lines.append(line)


@dataclass(slots=True)
class Times:
    """The log's own clock. `back` and `forward` are (line, seconds) of the first jump of each kind."""

    first: float | None = None
    last: float | None = None
    dated: bool = False
    zones: Counter[int] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    back: tuple[int, float] | None = None
    backs: int = 0
    forward: tuple[int, float] | None = None
    _before: dict[str, float] = field(default_factory=dict)
    _days: float = 0.0

    def add(self, line: int, stamp: Stamp) -> float:
        """The moment of a line; a clock without dates goes on past midnight."""
        moment = stamp.moment + (0.0 if stamp.dated else self._days)
        before = self._before.get(stamp.form)
        if before is not None:
            if not stamp.dated and moment < before - HALF_DAY_S:
                self._days += 86_400.0
                moment += 86_400.0
            if moment < before - BACK_S:
                self.back = self.back or (line, before - moment)
                self.backs += 1
            elif moment > before + FORWARD_S:
                self.forward = self.forward or (line, moment - before)
        self._before[stamp.form] = moment
        self.first = moment if self.first is None else self.first
        self.last = moment
        self.dated = self.dated or stamp.dated
        self.forms[stamp.form] += 1
        if stamp.zone is not None:
            self.zones[stamp.zone] += 1
        return moment


Owner = tuple[str, str]


class Page:
    """What the pass found."""

    def __init__(
        self, lines: Sequence[bytes], scanner: Scanner[Owner], clock: Clock, *, skipped: frozenset[int]
    ) -> None:
        self.lines = lines
        self.times = Times()
        self.places: dict[Owner, Places] = {}
        self.kinds: dict[bytes, int] = {}
        self.first_of: dict[bytes, int] = {}
        self.troubled: set[bytes] = set()
        self.last_stamped = -1
        read, owners, troubled = clock.read, scanner.owners, (TROUBLE, "")
        for place, line in enumerate(lines):
            if not line or place in skipped:
                continue
            stamp, begins = read(line), 0
            if stamp:
                begins, self.last_stamped = stamp.length, place
                self.times.add(place, stamp)
            kind = self._kind(place, rough(line[begins:] if begins else line))
            for owner in owners(line):
                if owner == troubled:
                    self.troubled.add(kind)
                else:
                    self._found(owner, place)

    def _kind(self, place: int, kind: bytes) -> bytes:
        """Counts a kind of lines; of a log in which every line is one of its own the first ones are enough."""
        count = self.kinds.get(kind, 0)
        if count or len(self.kinds) < KINDS_MAX:
            self.kinds[kind] = count + 1
            if not count:
                self.first_of[kind] = place
            return kind
        return b""

    def _found(self, owner: Owner, place: int) -> None:
        places = self.places.get(owner)
        if places is None:
            places = self.places[owner] = Places()
        places.add(place)

    def found(self, what: str) -> Iterator[tuple[str, Places]]:
        """Those of one kind of owner, by name."""
        for (kind, name), places in self.places.items():
            if kind == what:
                yield name, places

    def samples(self, what: str, name: str, most: int = 50) -> list[str]:
        """The newest lines of an owner, the last one first."""
        places = self.places.get((what, name))
        numbers = places.lines[-most:] if places else []
        if places and places.last not in numbers:
            numbers.append(places.last)
        return [self.lines[number].decode("utf-8", "replace") for number in reversed(numbers)]
