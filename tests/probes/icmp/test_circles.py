"""Routing loops, told from paths on which a router is met more than once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.probes.icmp.circles import Circle, circle


def routers(path: str) -> list[str]:
    """One letter a router, "?" a silent one."""
    return ["" if letter == "?" else letter for letter in path]


@pytest.mark.parametrize(
    ("path", "first", "length", "last"),
    [
        ("rsABABA", 3, 2, 7),
        ("rsABABABABAB", 3, 2, 7),
        ("ABABA??", 1, 2, 5),
        ("rsABCABCAB", 3, 3, 10),
        ("rsABCDABCD", 3, 4, 10),
        ("rsABACABAC", 3, 4, 10),
        ("rsA?A?A?A", 3, 2, 7),
        ("rs?A?A?A?A", 4, 2, 8),
        ("rsABA?ABAB", 3, 2, 7),
        ("rsAABAABAAB", 3, 3, 10),
        ("rsABC?BCABCA", 3, 3, 10),
        ("ABCDEFGHIJKLMNABCDEFGHIJKLMN", 1, 14, 28),
    ],
)
def test_a_loop_is_found_with_its_length(path: str, first: int, length: int, last: int) -> None:
    """Also where some of it is silent, and where it is as long as 30 hops can show."""
    found = circle(routers(path))

    assert found == Circle(first, length)
    assert found is not None and found.last == last


@pytest.mark.parametrize(
    "path",
    (
        " A AB rsAA rsAAB rsAAAAAAAAAA rsABAC rsABAB rsABABC rsABCABCA rsABCDABC AB?BA rsA?AA?AA?A "
        "?????????? rs???????? rsA???????? rsABABABT"
    ).split(" "),
)
def test_what_is_no_loop(path: str) -> None:
    """One router twice or at all distances, a way through a router again, too few rounds, another one behind them."""
    assert circle(routers(path)) is None


@given(st.integers(0, 8), st.integers(2, 10), st.integers(25, 40), st.data())
def test_any_loop_that_went_round_often_enough_is_found(
    before: int, length: int, rounds: int, data: st.DataObject
) -> None:
    """Behind any path of other routers, and though a few in it did not answer."""
    turns = [f"c{number}" for number in range(length)]
    behind = (turns * (rounds // 10 + 1))[: length * rounds // 10 + 1]
    silent = data.draw(st.sets(st.integers(0, len(behind) - 1), max_size=1 if length > 2 else 0))
    path = [f"r{number}" for number in range(before)]
    path += ["" if place in silent and rounds >= 35 else router for place, router in enumerate(behind)]
    found = circle(path)

    assert found is not None and found.length == length
    assert found.first in (before + 1, before + 2)


@given(st.lists(st.sampled_from("ABCDEFGH?"), min_size=1, max_size=30))
def test_what_is_called_a_loop_repeats_to_the_end(path: list[str]) -> None:
    """Everybody in it comes again after its length, and it is several routers, or one and silence."""
    hops = routers("".join(path))
    found = circle(hops)
    if found is None:
        return
    in_circle = hops[found.first - 1 :]

    for place, router in enumerate(in_circle[: -found.length]):
        later = in_circle[place + found.length]
        assert not router or not later or router == later
    heard = {router for router in in_circle if router}
    assert len(heard) > 1 or "" in in_circle
    assert found.last <= len(hops)
