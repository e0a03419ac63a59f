"""One log as a report. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.customer_logs.model import FINDINGS_MAX, Finding, Limit, LimitKind, LogLine, LogReport, Repeat
from bot.customer_logs.reading.decoding import Decoded, decoded
from bot.customer_logs.reading.envelopes import unwrapped
from bot.customer_logs.reading.identity import Identity, identify
from bot.customer_logs.reading.judging import Judgement, Known, judge
from bot.customer_logs.reading.knowledge import Knowledge
from bot.customer_logs.reading.masking import Masker, blocks
from bot.customer_logs.reading.pages import SIGN, USER, ZONE, Page
from bot.customer_logs.reading.scanning import captured
from bot.customer_logs.reading.shapes import rough, shape
from bot.customer_logs.reading.signatures import filled
from bot.customer_logs.reading.times import Clock, month_first, told_zone
from bot.customer_logs.reading.unpacking import Packed
from bot.customer_logs.reading.unusual import LineKind, line_kinds, most_unusual, repeated

LINE_CHARS = 240
NAME_CHARS = 80
CAPTURED_CHARS = 60
BEFORE, AFTER = 8, 6
"""Lines of an excerpt, before and behind the line that it is about."""
TROUBLES_MAX = 40
COUNTED_MAX = 12
"""Findings of one log that are counted over all logs."""
SHAPES_MAX = 400
BLOCK = "‹private key›"
_STAMPED = 0.95
"""A log with times in so many of its lines has one in each."""
_TWO_CLOCKS = 0.05
_OUT_OF_ORDER = 10
"""Times that go back so often come from lines that several threads wrote."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a log is to be read: with what, by whose clock, and with which masks."""

    known: Knowledge
    masker: Masker
    now: datetime
    pasted: bool = False


def read_log(packed: Packed, asked: Asked, *, left_out: int = 0) -> LogReport:
    """Everything in the report is masked."""
    text = decoded(packed.content)
    lines = unwrapped(text.lines)
    hidden = blocks(lines)
    clock = Clock(now=asked.now, month_first=month_first(lines[:2000]))
    page = Page(lines, asked.known.scanner, clock, skipped=hidden)
    users = page.places.get((USER, ""))
    asked.masker.learn_names(lines[line] for line in users.lines) if users else None
    identity = identify(page, asked.known)
    return _Writing(page, asked, identity, hidden).report(packed, text, left_out)


class _Writing:
    """A page of which everything that is told is masked on its way out."""

    def __init__(self, page: Page, asked: Asked, identity: Identity, hidden: frozenset[int]) -> None:
        self._page = page
        self._known = asked.known
        self._masker = asked.masker
        self._identity = identity
        self._hidden = hidden
        self._clock = Clock(now=asked.now)
        self._pasted = asked.pasted
        self._masked: dict[int, str] = {}

    def report(self, packed: Packed, text: Decoded, left_out: int) -> LogReport:
        page, identity = self._page, self._identity
        judgement = judge(page, self._known, identity)
        known = {line for _, places in page.found(SIGN) for line in places.lines}
        kinds = line_kinds(page, without=known | judgement.normal)
        unusual = [] if judgement.causes else self._lines(most_unusual(kinds))
        times = page.times
        troubles = self._troubles(kinds)
        return LogReport(
            name=self._name(packed.name),
            lines=len(page.lines),
            size=len(packed.content),
            program=identity.program,
            program_title=identity.title,
            version=self._masker.mask(identity.version),
            platform=identity.platform,
            system=identity.system,
            first_at=self._moment(times.first),
            last_at=self._moment(times.last),
            zone=self._zone(),
            findings=self._findings(judgement.causes),
            consequences=self._findings(judgement.consequences),
            unusual=tuple(unusual),
            unusual_excerpt=self._excerpt(unusual[0].number - 1) if unusual else (),
            repeats=tuple(Repeat(self._line(kind.line), kind.count) for kind in repeated(kinds)),
            troubles=troubles,
            limits=tuple(self._limits(packed, text, judgement, left_out)),
            shapes=tuple(dict.fromkeys([*(each.digest for each in troubles), *self._digests(kinds)]))[:SHAPES_MAX],
        )

    def _findings(self, those: Sequence[Known]) -> tuple[Finding, ...]:
        return tuple(self._finding(each, shown=place < FINDINGS_MAX) for place, each in enumerate(those[:COUNTED_MAX]))

    def _finding(self, known: Known, *, shown: bool) -> Finding:
        """With the lines around it where they can be shown."""
        signature, places = known.signature, known.places
        line = self._line(places.first)
        values = {name: value[:CAPTURED_CHARS] for name, value in captured(signature.lines, line.text).items()}
        return Finding(
            signature=signature.id,
            title=filled(signature.title, values),
            role=signature.role,
            meaning=filled(signature.meaning, values),
            likely=filled(signature.likely, values),
            tries=tuple(filled(each, values) for each in signature.tries),
            tell=filled(signature.tell, values),
            known=filled(signature.known, values),
            symptom=signature.symptom,
            line=line,
            count=places.count,
            at=self._at(places.first),
            last_at=self._at(places.last),
            writers=known.writers,
            own=signature.own,
            source=signature.source,
            excerpt=self._excerpt(places.first) if shown else (),
        )

    def _lines(self, kinds: Iterable[LineKind]) -> list[LogLine]:
        return [self._line(kind.line) for kind in kinds]

    def _line(self, place: int) -> LogLine:
        return LogLine(place + 1, self._text(place))

    def _text(self, place: int) -> str:
        """A line as it may be seen."""
        if place not in self._masked:
            self._masked[place] = BLOCK if place in self._hidden else self._mask(self._page.lines[place])
        return self._masked[place]

    def _mask(self, line: bytes) -> str:
        stamp = self._clock.read(line)
        begins, form = (stamp.length, stamp.form) if stamp else (0, "")
        front, rest = line[:begins].decode("utf-8", "replace"), line[begins:].decode("utf-8", "replace")
        return _short(front + self._masker.mask_message(rest, by_syslog=form == "syslog"))

    def _excerpt(self, place: int) -> tuple[LogLine, ...]:
        last = min(len(self._page.lines), place + AFTER + 1)
        return tuple(self._line(each) for each in range(max(0, place - BEFORE), last))

    def _troubles(self, kinds: Sequence[LineKind]) -> tuple[Repeat, ...]:
        chosen = sorted((kind for kind in kinds if kind.trouble), key=lambda kind: kind.line)[:TROUBLES_MAX]
        return tuple(Repeat(self._line(kind.line), kind.count, self._digest(kind)) for kind in chosen)

    def _digests(self, kinds: Sequence[LineKind]) -> list[str]:
        return [self._digest(kind) for kind in kinds[:SHAPES_MAX] if kind.trouble]

    def _digest(self, kind: LineKind) -> str:
        """The same for the same kind of line in another log: of the line as it is masked, without its time."""
        line = self._page.lines[kind.line]
        stamp = self._clock.read(line)
        message = self._masker.mask(line[stamp.length if stamp else 0 :].decode("utf-8", "replace"))
        return self._masker.digest("line", shape(rough(message.encode())).decode("utf-8", "replace"))

    def _name(self, name: str) -> str:
        return self._masker.mask(name)[:NAME_CHARS]

    def _at(self, place: int) -> str:
        """When a line was written: by its own time, or that of the line before."""
        for each in range(place, max(-1, place - 200), -1):
            stamp = self._clock.read(self._page.lines[each])
            if stamp:
                return self._moment(stamp.moment)
        return ""

    def _moment(self, moment: float | None) -> str:
        """By the log's clock; a clock without dates tells the time of day only."""
        if moment is None:
            return ""
        text = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return text if self._page.times.dated else text[11:]

    def _zone(self) -> int | None:
        zones = self._page.times.zones
        if zones:
            return zones.most_common(1)[0][0]
        told = (told_zone(line.encode()) for line in self._page.samples(ZONE, ""))
        return next((zone for zone in told if zone is not None), None)

    def _limits(self, packed: Packed, text: Decoded, judgement: Judgement, left_out: int) -> Iterable[Limit]:
        page, times = self._page, self._page.times
        if packed.cut or text.left_out:
            yield Limit(LimitKind.CUT, line=len(page.lines))
        if left_out:
            yield Limit(LimitKind.OTHERS, amount=left_out)
        stamped = sum(times.forms.values()) >= _STAMPED * len(page.lines) and len(page.lines) >= 20
        if stamped and not self._pasted and not text.ends_whole and page.last_stamped < len(page.lines) - 1:
            yield Limit(LimitKind.ENDS_EARLY, line=len(page.lines))
        if stamped and not self._clock.read(page.lines[0]):
            yield Limit(LimitKind.BEGINS_LATE)
        if self._identity.quiet and not judgement.causes:
            yield Limit(LimitKind.QUIET, text=self._identity.quiet)
        if times.back and times.backs <= _OUT_OF_ORDER:
            yield Limit(LimitKind.CLOCK_BACK, line=times.back[0] + 1, amount=times.back[1])
        if times.forward:
            yield Limit(LimitKind.CLOCK_FORWARD, line=times.forward[0] + 1, amount=times.forward[1])
        often = [form for form, count in times.forms.items() if count > _TWO_CLOCKS * sum(times.forms.values())]
        zones = [zone for zone, count in times.zones.items() if count > _TWO_CLOCKS * sum(times.zones.values())]
        if len(often) > 1 or len(zones) > 1:
            yield Limit(LimitKind.ZONES)
        if text.cut_lines:
            yield Limit(LimitKind.LONG_LINES, amount=text.cut_lines)


def _short(line: str) -> str:
    """At most so many characters, and no mask cut in two."""
    if len(line) <= LINE_CHARS:
        return line
    kept = line[: LINE_CHARS - 1]
    if kept.rfind("‹") > kept.rfind("›"):
        kept = kept[: kept.rfind("‹")]
    return f"{kept}…"
