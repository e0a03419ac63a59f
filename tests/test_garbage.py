"""Looking for garbage stops the bot no longer than a moment, however much it holds for good."""

import gc
import math
from collections.abc import Iterator

import pytest

from bot.memory import SEARCHED_BEFORE_ALL, KeptSurvivors, keep_all
from tests.stalls import Steps, busy_s

LIMIT_S = 0.02
MANY = 1_200_000
"""So many objects that a search of them takes several times as long."""
PYTHONS_OWN = (700, 10, 10)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What the other tests brought along is not searched: there are a million objects of them."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*PYTHONS_OWN)
    yield
    gc.callbacks[:] = [each for each in gc.callbacks if not isinstance(each, KeptSurvivors)]
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_what_is_kept_is_not_searched() -> None:
    held = [[None] for _ in range(MANY)]
    searched = Steps()
    gc.collect()
    searched.ended()
    assert searched.longest_s > LIMIT_S

    keep_all()

    assert busy_s(gc.collect, enough_s=LIMIT_S) <= LIMIT_S
    assert len(held) == MANY


class _Circle:
    ends = 0

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        _Circle.ends += 1


def test_garbage_from_before_and_after_is_still_found() -> None:
    before = _Circle.ends
    _Circle()
    keep_all()
    _Circle()
    gc.collect()

    assert _Circle.ends == before + 2


def test_what_was_found_in_use_is_not_searched_again() -> None:
    keep_all()
    gc.disable()
    held = [[None] for _ in range(MANY)]
    gc.enable()
    searched = Steps()
    gc.collect()
    searched.ended()
    assert searched.longest_s > LIMIT_S

    assert busy_s(gc.collect, enough_s=LIMIT_S) <= LIMIT_S
    assert len(held) == MANY


def test_what_became_garbage_after_a_search_is_found_by_a_later_one() -> None:
    keep_all()
    keep_all()  # twice is as once
    before, held = _Circle.ends, [_Circle()]
    gc.collect()
    held.clear()

    searches = 0
    while _Circle.ends == before and searches < 2 * SEARCHED_BEFORE_ALL:
        gc.collect()
        searches += 1

    assert _Circle.ends == before + 1
    assert searches == SEARCHED_BEFORE_ALL


def test_what_has_become_old_is_seldom_searched() -> None:
    keep_all()
    old, searches = 0, gc.get_stats()[2]["collections"]

    held: list[list[int]] = []
    while len(held) < math.prod(PYTHONS_OWN) * 3:
        held.append([old])

    assert gc.get_stats()[2]["collections"] == searches
