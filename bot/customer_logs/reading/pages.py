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
    _form: str = ""
    _zone: int | None = None
    _run: int = 0

    def add(self, line: int, stamp: Stamp) -> None:
        """Most lines are a moment after the one before, by the same clock; `settle` counts them."""
        last = self.last
        if (
            stamp.form == self._form
            and stamp.zone == self._zone
            and last is not None
            and last <= stamp.moment < last + BACK_S
        ):
            self.last = stamp.moment
            self._run += 1
            return
        self.settle()
        self._add(line, stamp)
        self._form, self._zone = "" if self._days else stamp.form, stamp.zone

    def settle(self) -> None:
        """Call it when all lines are read."""
        if self._run:
            self.forms[self._form] += self._run
            self._before[self._form] = self.last or 0.0
            if self._zone is not None:
                self.zones[self._zone] += self._run
            self._run = 0

    def _add(self, line: int, stamp: Stamp) -> None:
        """A clock without dates goes on past midnight."""
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
        read, owners, add = clock.read, scanner.owners, self.times.add
        kinds, troubled = self.kinds, (TROUBLE, "")
        for place, line in enumerate(lines):
            if not line or place in skipped:
                continue
            stamp, begins = read(line), 0
            if stamp:
                begins, self.last_stamped = stamp.length, place
                add(place, stamp)
            kind = rough(line[begins:] if begins else line)
            if kind in kinds:
                kinds[kind] += 1
            elif len(kinds) < KINDS_MAX:
                kinds[kind], self.first_of[kind] = 1, place
            else:
                kind = b""  # of a log in which every line is one of its own the first ones are enough
            for owner in owners(line):
                if owner == troubled:
                    self.troubled.add(kind)
                else:
                    self._found(owner, place)
        self.times.settle()

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
