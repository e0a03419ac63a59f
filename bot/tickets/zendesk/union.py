"""How many tickets hold any of several phrases, from counts of those that hold all of some of them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import combinations

MAX_OVERLAP_COUNTS = 16
"""Enough for any four phrases (6 + 4 + 1 overlaps); each is a request against the account's search limit."""

Overlap = frozenset[int]


async def union_size(counts: Sequence[int], count_overlap: Callable[[Overlap], Awaitable[int]]) -> int:
    """The number of tickets in any of several sets of `counts` tickets, by inclusion and exclusion.

    `count_overlap` is asked how many are in all of the sets with these indexes, only where that can be more
    than none. Where more than MAX_OVERLAP_COUNTS would be needed the answer is the largest set: a lower bound.
    The counts are taken one after the other while tickets come in, so the result is held to what is possible.
    """
    level = [frozenset({index}) for index, count in enumerate(counts) if count]
    total, sign, asked = sum(counts), -1, 0
    while candidates := overlaps(level):
        asked += len(candidates)
        if asked > MAX_OVERLAP_COUNTS:
            return max(counts)
        sizes = await asyncio.gather(*(count_overlap(candidate) for candidate in candidates))
        total += sign * sum(sizes)
        sign = -sign
        level = [candidate for candidate, size in zip(candidates, sizes, strict=True) if size]
    return min(max(total, *counts, 0), sum(counts))


def overlaps(level: Iterable[Overlap]) -> list[Overlap]:
    """The overlaps of one more set that can hold anything: all their parts of the size before are in `level`."""
    known = set(level)
    grown = {one | other for one, other in combinations(known, 2) if len(one | other) == len(one) + 1}
    return [overlap for overlap in grown if all(overlap - {index} in known for index in overlap)]
