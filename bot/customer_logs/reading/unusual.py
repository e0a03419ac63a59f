"""Lines that say that something failed, those that come again and again, and the most unusual ones. Pure."""

import math
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from bot.customer_logs.reading.pages import Page
from bot.customer_logs.reading.shapes import shape

KINDS_MAX = 20_000
"""Kinds of lines that are compared: the rarest of a log."""
_WORD = re.compile(rb"[A-Za-z_]{3,40}+")
_TROUBLE_WEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class LineKind:
    """Lines that differ in numbers only; `line` is the first of them."""

    shape: bytes
    line: int
    count: int
    trouble: bool


def line_kinds(page: Page, *, without: Collection[int]) -> list[LineKind]:
    """All kinds of lines; those whose first line is in `without` are left out."""
    counts: Counter[bytes] = Counter()
    first: dict[bytes, int] = {}
    troubled: set[bytes] = set()
    rarest = (
        sorted(page.kinds.items(), key=lambda kind: kind[1])[:KINDS_MAX]
        if len(page.kinds) > KINDS_MAX
        else page.kinds.items()
    )
    for rough_kind, count in rarest:
        same = shape(rough_kind)
        if not same:
            continue
        counts[same] += count
        line = page.first_of[rough_kind]
        first[same] = min(line, first.get(same, line))
        if rough_kind in page.troubled:
            troubled.add(same)
    skipped = frozenset(without)
    return [
        LineKind(each, first[each], counts[each], each in troubled) for each in counts if first[each] not in skipped
    ]


def most_unusual(kinds: list[LineKind], most: int = 3) -> list[LineKind]:
    """Rare ones with rare words, those that say that something failed before all others; in the order of the log."""
    words = Counter(word for kind in kinds for word in {*_WORD.findall(kind.shape.lower())})

    def weight(kind: LineKind) -> tuple[float, int]:
        rare = sorted(
            (math.log(len(kinds) / words[word]) for word in {*_WORD.findall(kind.shape.lower())}), reverse=True
        )[:5]
        return sum(rare) / 5 - math.log(kind.count) / 2 + _TROUBLE_WEIGHT * kind.trouble, -kind.line

    chosen = sorted((kind for kind in kinds if _WORD.search(kind.shape)), key=weight, reverse=True)[:most]
    return sorted(chosen, key=lambda kind: kind.line)


def repeated(kinds: list[LineKind], least: int = 10, most: int = 2) -> list[LineKind]:
    """What fails again and again."""
    return sorted((kind for kind in kinds if kind.trouble and kind.count >= least), key=lambda kind: -kind.count)[:most]
