"""Looking for garbage stops the bot no longer than a moment, however much it holds for good."""

import gc
from collections.abc import Iterator

import pytest

from bot.memory import keep_all
from tests.stalls import Steps, busy_s

LIMIT_S = 0.02


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_kept_is_not_searched() -> None:
    held = [[each] for each in range(500_000)]
    searched = Steps()
    gc.collect()
    searched.ended()
    assert searched.longest_s > LIMIT_S

    keep_all()

    assert busy_s(gc.collect, enough_s=LIMIT_S) <= LIMIT_S
    assert len(held) == 500_000


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
