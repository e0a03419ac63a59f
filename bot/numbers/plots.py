"""What the pictures show, as specifications of Vega-Lite (https://vega.github.io/vega-lite/docs/). Pure.

Where each dot lies across its row is decided here: dots that would lie on each other stand side by side. One for which
no room is left there would be hidden by others, and is left out.
"""

import itertools
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from bot.loose_json import line
from bot.numbers.counts import readers_by_week
from bot.numbers.grouping import Groups
from bot.numbers.model import STEP_WORDS, Grouping, Sample, Step, sample
from bot.numbers.overview import Numbers, Period
from bot.numbers.waits import tickets_by_group, waits_by_group, waits_of

Spec: TypeAlias = dict[str, Any]
Rows: TypeAlias = Sequence[tuple[str, str, Sequence[float]]]
"""Groups by key and words, each with its values."""

WIDE_PX, NARROW_PX = 680, 340
DOT_PX, TALL_PX, ROW_PX = 4.0, 260, 34
LETTER_PX, PADDING_PX = 7.6, 8
"""A letter is about so wide; which font a browser has nobody knows here."""
NAME_MAX = {False: 36, True: 18}
"""Letters of a name, on a wide and on a narrow picture."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is wanted: on a dark page, on a narrow one."""

    dark: bool = False
    narrow: bool = False

    @property
    def width_px(self) -> int:
        return NARROW_PX if self.narrow else WIDE_PX


@dataclass(frozen=True, slots=True)
class _Colours:
    """Each differs from the others for colour-blind people too, and from the paper by 3:1 or more."""

    paper: str
    ink: str
    soft: str
    line: str
    first: str
    second: str
    third: str


_LIGHT = _Colours("#ffffff", "#1c1d1f", "#5d6066", "#dcdcd6", "#2f6db5", "#c05a00", "#8a8d93")
_DARK = _Colours("#1f2226", "#eceae5", "#a5a8ae", "#34383e", "#7fb2ee", "#f0a64a", "#80848b")


@dataclass(frozen=True, slots=True)
class _Scale:
    """The axis of the values. `place` is where a value lies on it; `ticks` are values with the words for them."""

    kind: Mapping[str, Any]
    place: Callable[[float], float]
    least: float
    ticks: Mapping[float, str]
    title: str

    def of(self, values: Sequence[float]) -> tuple[list[float], list[float]]:
        """The ends of an axis on which these have room, and the ticks on it."""
        least, most = max(min(values, default=0), self.least), max(values, default=1)
        begin = max((tick for tick in self.ticks if tick <= least), default=self.least)
        end = next((tick for tick in self.ticks if tick >= most and tick > begin), most)
        return [begin, end], [tick for tick in self.ticks if begin <= tick <= end]


_MINUTES = _Scale(
    {"type": "log"},
    lambda minutes: math.log10(max(minutes, 0.5)),
    0.5,
    {
        0.5: "0",
        1: "1 min",
        5: "5 min",
        15: "15 min",
        60: "1 h",
        180: "3 h",
        480: "8 h",
        1_440: "1 day",
        4_320: "3 days",
        10_080: "1 week",
        43_200: "30 days",
        172_800: "120 days",
    },
    "since the first ticket",
)
_COUNTS = _Scale(
    {"type": "symlog"},
    lambda count: math.log1p(max(count, 0)),
    0,
    {count: f"{count:,}" for count in (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)},
    "tickets",
)
_READERS = _Scale(
    {"type": "linear"}, float, 0, {n: f"{n}" for n in (0, 2, 4, 6, 8, 10, 15, 20, 30, 40, 50, 100, 200)}, "readers"
)
_MEDIAN, _P90 = "median", "p90: 9 of 10 are below"


def plots(numbers: Numbers, period: Period, groups: Groups, look: Look) -> dict[str, Callable[[], Spec]]:
    """Each picture that shows anything by its name, made when it is asked for."""
    timed = [case for case in period.cases if case.timed]
    step = numbers.asked.step
    along = groups.by in (Grouping.WEEK, Grouping.HOUR)
    weeks = replace(groups, by=Grouping.WEEK)
    made: dict[str, Callable[[], Spec]] = {
        "steps": lambda: _strip([(s, STEP_WORDS[s], waits_of(timed, s)) for s in Step], _MINUTES, look),
        "waits": lambda: _strip(waits_by_group(period.cases, groups, step), _MINUTES, look, along=along),
        "tickets": lambda: _strip(tickets_by_group(period.cases, groups), _COUNTS, look, along=along, noun="trend"),
        "trends": lambda: _noticed(numbers, look, along=along),
        "escalations": lambda: _ladder(numbers, look),
        "elevations": lambda: _elevations(numbers, look, along=along),
        "issues": lambda: _issues(numbers, look),
        "briefings": lambda: _strip(
            readers_by_week(period.briefings, weeks), _READERS, look, along=True, noun="briefing"
        ),
    }
    return {name: made[name] for name in numbers.drawn}


# ---- each case a dot


def _strip(rows: Rows, scale: _Scale, look: Look, *, along: bool = False, noun: str = "investigation") -> Spec:
    """Dots of each group with its median and its p90. `along` has the groups beside each other, as time goes."""
    colours = _DARK if look.dark else _LIGHT
    domain, ticks = scale.of([value for _, _, values in rows for value in values])
    words = {key: _cut(text, NAME_MAX[look.narrow]) for key, text, _ in rows}
    label_px = _label_px(scale.ticks[tick] for tick in ticks) if along else _label_px(words.values())
    width_px = look.width_px - label_px - 2 * PADDING_PX
    length_px, across_px = (TALL_PX, width_px / max(len(rows), 1)) if along else (width_px, ROW_PX)
    value, group, offset = ("y", "x", "xOffset") if along else ("x", "y", "yOffset")
    dots, marks = list[Spec](), list[Spec]()
    for key, _, values in rows:
        dots += [{"g": key, "v": v, "o": o} for v, o in _beside(values, scale, domain, length_px, across_px)]
        marks += [{"g": key, "v": max(v, scale.least), "what": what} for v, what in _lines(sample(values))]
    one = f"one {noun}"
    kinds = {one: colours.first, _MEDIAN: colours.ink, _P90: colours.second}
    shown = [kind for kind in kinds if kind == one or any(mark["what"] == kind for mark in marks)]
    colour = _nominal("what", {"domain": shown, "range": [kinds[kind] for kind in shown]}, legend=_legend(look))
    across = {"type": "quantitative", "scale": {"domain": [-1, 1], "nice": False}}
    axis: Spec = {"values": ticks, "labelExpr": _said(scale.ticks), "title": None, "tickSize": 0, "labelPadding": 6}
    axis |= {"minExtent": label_px} if along else {"labelOverlap": "greedy", "labelSeparation": 8}
    line = {"type": "point", "shape": "stroke", "angle": 0 if along else 90, "strokeWidth": 3, "opacity": 1}
    return _whole(look, scale.title, width_px, TALL_PX if along else {"step": ROW_PX}) | {
        "encoding": {
            value: _quantitative("v", {**scale.kind, "domain": domain, "nice": False}, axis),
            group: _nominal(
                "g",
                {"domain": list(words), "paddingInner": 0.1, "paddingOuter": 0},
                sort=None,
                axis=_names(words, label_px, width_px, along=along),
            ),
        },
        "layer": [
            {
                "data": {"values": dots},
                "mark": {"type": "circle", "size": DOT_PX**2, "opacity": 0.65, "color": colours.first, "aria": False},
                "encoding": {offset: {"field": "o", **across}},
            },
            {
                "data": {"values": marks},
                "mark": line | {"size": (0.8 * across_px) ** 2, "aria": False},
                "encoding": {"color": colour, offset: {"datum": 0, **across}},
            },
        ],
    }


def _beside(
    values: Iterable[float], scale: _Scale, domain: Sequence[float], length_px: float, across_px: float
) -> list[tuple[float, float]]:
    """Each value with how far from the middle of its row it stands, -1 to 1."""
    begin, end = (scale.place(value) for value in domain)
    places, room = max(1, int(length_px / DOT_PX)), max(1, int(0.8 * across_px / DOT_PX))
    taken, found = dict[int, int](), list[tuple[float, float]]()
    for value in sorted(values):
        place = int(places * (scale.place(value) - begin) / (end - begin or 1))
        before = taken.get(place, 0)
        if before < room:
            side = (before + 1) // 2 * (1 if before % 2 else -1)
            found.append((round(max(value, scale.least), 2), round(2 * side * DOT_PX / across_px, 3)))
            taken[place] = before + 1
    return found


def _lines(numbers: Sample) -> Iterable[tuple[float, str]]:
    if numbers.median is not None:
        yield numbers.median, _MEDIAN
    if numbers.p90 is not None:
        yield numbers.p90, _P90


# ---- how many


def _noticed(numbers: Numbers, look: Look, *, along: bool) -> Spec:
    said = {"a trend": "real", "nobody has said": "unsaid", "no trend": "false"}
    groups = [group for group in numbers.noticed.groups if along or group.bot.all or group.people.all]
    who = ("The bot noticed it first", "People noticed it first")
    bars = [
        {"g": group.key, "who": name, "what": what, "n": getattr(judged, field)}
        for group in groups
        for name, judged in zip(who, (group.bot, group.people), strict=True)
        for what, field in said.items()
    ]
    spec = _bars(bars, {group.key: group.words for group in groups}, list(said), "trends", look, along=along)
    inner = {name: spec.pop(name) for name in ("mark", "encoding", "width", "height")}
    header = {"title": None, "labelAngle": 0, "labelAnchor": "start", "labelOrient": "top", "labelFontWeight": "bold"}
    facet = {"field": "who", "type": "nominal", "header": header, "sort": list(who)}
    return spec | {
        "facet": {"row": facet},
        "spec": inner | ({"height": 110} if along else {}),
        "resolve": {"axis": {"x": "independent"}},
    }


def _elevations(numbers: Numbers, look: Look, *, along: bool) -> Spec:
    bars = [
        {"g": group.key, "what": what, "n": count}
        for group in numbers.elevated.groups
        for what, count in (("taken by Tier 2", group.taken), ("not taken", group.tickets - group.taken))
    ]
    words = {group.key: group.words for group in numbers.elevated.groups}
    return _bars(bars, words, ["taken by Tier 2", "not taken"], "tickets", look, along=along)


def _ladder(numbers: Numbers, look: Look) -> Spec:
    done = numbers.escalated
    rows = [(str(count.steps), count.escalations, "acknowledged") for count in done.counts]
    words = {str(count.steps): f"{count.steps} step{'' if count.steps == 1 else 's'}" for count in done.counts}
    for key, name, count in (("waiting", "no answer yet", done.waiting), ("ended", "ended before", done.withdrawn)):
        if count:
            rows, words = [*rows, (key, count, "not acknowledged")], {**words, key: name}
    bars = [{"g": key, "n": count, "what": what} for key, count, what in rows]
    return _bars(bars, words, ["acknowledged", "not acknowledged"], "escalations", look, along=False)


def _issues(numbers: Numbers, look: Look) -> Spec:
    words = {issue.name: issue.title for issue in numbers.issues}
    bars = [{"g": issue.name, "n": issue.customers, "what": "customers"} for issue in numbers.issues]
    return _bars(bars, words, ["customers"], "customers", look, along=False)


def _bars(bars: list[Spec], words: Mapping[str, str], kinds: list[str], unit: str, look: Look, *, along: bool) -> Spec:
    colours = _DARK if look.dark else _LIGHT
    shades = {1: [colours.first], 2: [colours.first, colours.second], 3: [colours.first, colours.third, colours.second]}
    words = {key: _cut(text, NAME_MAX[look.narrow]) for key, text in words.items()}
    label_px = _label_px([f"{highest(bars):,}0"] if along else words.values())
    width_px = look.width_px - label_px - 2 * PADDING_PX
    ticks = whole_ticks(highest(bars))
    axis: Spec = {"title": None, "values": ticks, "format": ",d", "tickSize": 0, "labelPadding": 6}
    axis |= {"minExtent": label_px} if along else {"labelOverlap": "greedy", "labelSeparation": 8}
    legend = _legend(look) if len(kinds) > 1 else None
    names = _names(words, label_px, width_px, along=along)
    for bar in bars:
        bar["order"] = kinds.index(bar["what"])
    return _whole(look, unit, width_px, 200 if along else {"step": 26}) | {
        "data": {"values": bars},
        "mark": {"type": "bar", "aria": False},
        "encoding": {
            "x" if along else "y": _nominal("g", {"domain": list(words)}, sort=None, axis=names),
            "y" if along else "x": _quantitative("n", {"domain": [0, ticks[-1]], "nice": False}, axis),
            "color": _nominal("what", {"domain": kinds, "range": shades[len(kinds)]}, legend=legend),
            "order": {"field": "order", "type": "quantitative"},
        },
    }


def highest(bars: Iterable[Spec]) -> int:
    """Where the longest bar ends: those of one group are put on each other, of each panel by itself."""
    ends = Counter[tuple[str, str]]()
    for bar in bars:
        ends[bar.get("who", ""), bar["g"]] += bar["n"]
    return max(ends.values(), default=0)


def whole_ticks(most: int, at_most: int = 6) -> list[int]:
    """Whole numbers from 0 to where `most` has room: the axis of what is counted has no halves."""
    steps = (base * 10**power for power in itertools.count() for base in (1, 2, 5))
    step = next(step for step in steps if step * at_most >= most)
    return [step * n for n in range(math.ceil(max(most, 1) / step) + 1)]


# ---- what all have


def _whole(look: Look, unit: str, width_px: float, height: float | Spec) -> Spec:
    """`unit` stands over the picture: what the axis of the values counts."""
    colours = _DARK if look.dark else _LIGHT
    text = {"labelColor": colours.ink, "titleColor": colours.soft, "labelFontSize": 13, "titleFontSize": 13}
    lines = {"gridColor": colours.line, "domainColor": colours.line, "tickColor": colours.line}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": colours.paper,
        "padding": PADDING_PX,
        "title": {"text": unit, "anchor": "start", "frame": "bounds"},
        "width": width_px,
        "height": height,
        "config": {
            "font": "system-ui, sans-serif",
            "view": {"stroke": None},
            "title": {"color": colours.soft, "fontSize": 13, "fontWeight": "normal"},
            "axis": text | lines | {"labelLimit": 0},
            "legend": text | {"symbolSize": 90, "symbolOpacity": 1, "labelLimit": 0, "columnPadding": 24},
            "header": text | {"labelPadding": 4, "labelLimit": 0},
        },
    }


def _nominal(field: str, scale: Spec, **more: object) -> Spec:
    return {"field": field, "type": "nominal", "scale": scale, **more}


def _quantitative(field: str, scale: Spec, axis: Spec) -> Spec:
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def _legend(look: Look) -> Spec:
    return {"title": None, "orient": "top", "columns": 1 if look.narrow else 3, "symbolType": "square"}


def _names(words: Mapping[str, str], label_px: float, width_px: float, *, along: bool) -> Spec:
    """The axis of the groups. Where many stand beside each other only some are named."""
    longest_px = _label_px(words.values()) + PADDING_PX
    every = math.ceil(len(words) * longest_px / width_px) if along else 1
    return {
        "title": None,
        "labelExpr": _said(words),
        "labelAngle": 0,
        "values": list(words)[:: max(every, 1)],
        "grid": False,
        "tickSize": 0,
        "domain": along,
        "labelPadding": 6,
        "labelOverlap": False,
    } | ({} if along else {"minExtent": label_px})


def _label_px(labels: Iterable[str]) -> float:
    return round(LETTER_PX * max(map(len, labels), default=0) + 6)


def _said(words: Mapping[Any, str]) -> str:
    """An expression that says a value as people do. JSON is a literal of Vega's expressions too."""
    return f"({json.dumps({str(key): text for key, text in words.items()})})[datum.value]"


def _cut(text: str, most: int) -> str:
    """One line of so many letters. The library would cut by pixels, and fail in the middle of an emoji."""
    text = line(text) or "–"
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
