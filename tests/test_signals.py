"""Whoever hears of an event is called at once and in turn."""

import pytest

from bot.signals import Signal


def test_each_is_called_in_turn_with_what_happened() -> None:
    searched, heard = Signal[int, str](), list[tuple[str, int, str]]()
    searched.heard_by(lambda number, by: heard.append(("first", number, by)))
    searched.heard_by(lambda number, by: heard.append(("second", number, by)))
    searched.tell(12, "UKIM")

    assert heard == [("first", 12, "UKIM"), ("second", 12, "UKIM")]


def test_what_one_raises_reaches_whoever_told() -> None:
    """The transaction of the event is undone then."""

    def fail(_number: int) -> None:
        raise RuntimeError("full")

    searched, heard = Signal[int](), list[int]()
    searched.heard_by(fail, heard.append)

    with pytest.raises(RuntimeError):
        searched.tell(12)
    assert heard == []
