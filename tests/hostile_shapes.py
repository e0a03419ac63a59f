"""Long texts of the shapes that keep careless patterns and loops busy."""

from collections.abc import Callable, Sequence
from functools import partial

from tests.stalls import STALL_S, TRIES, busy_s

SIZE = 100_000
PARTS = (8, 4, 2, 1)
"""An eighth of a text is read first: what grows with the square of the length takes 64 times as long for all of it.
Then twice as much each time, as long as that is not yet told."""
PARTS_OF_PATTERNS = (32, *PARTS)
"""Three thousand characters tell of a pattern; what reads a text may go another way where it is long."""

_OVER_AND_OVER = (
    # one character that many patterns begin with, repeat over, or wait for
    *("a", "0", "é", "_", " ", "\n", ".", ":", "-", "#", "=", "*", "~", "`", "|", ">", "/", "\\", '"', "\u2060"),
    # openers without an end
    *("(", "[", "<", "[a](", "<!--", "<a ", "<@U1|", "**a ", "*a "),
    # the beginnings of what we look for
    *("a.", "a ", "\n- ", "a#1", "https://a/1 ", "Workaround: ", "INV-1 "),
)
_SPOILED = (
    *(("- ", " "), ("~", "~"), ("1.1 ", "9"), ("| --- |", "-"), ('"', 'a\\"')),
    *(("a", "\u0316\u0301"), ("https://a", "\u0316\u0301")),
)
"""A beginning, what follows it for long, and a last character that fits nothing."""


def _shapes() -> dict[str, str]:
    found = {f"{unit!r} over and over": (unit * (SIZE // len(unit) + 1))[:SIZE] for unit in _OVER_AND_OVER}
    for begin, run in _SPOILED:
        found[f"{begin!r}, then {run!r}"] = (begin + run * (SIZE // len(run)))[: SIZE - 1] + "`"
    return found


SHAPES = _shapes()
"""By what each is made of."""


def beginning(text: str, *, parts: int) -> str:
    """So much of a shape, that ends as the shape does."""
    return text[: len(text) // parts - 1] + text[-1]


def costly_s(read: Callable[[str], object], text: str, *, parts_read: Sequence[int] = PARTS) -> float:
    """What it costs to read a shape where that is more than a moment, in seconds of the reference machine; else 0.

    Most read a part of it so fast that all of it is a moment even by the square of its length.
    """
    cost_s = 0.0
    for parts in parts_read:
        moment_s = STALL_S / parts**2
        # One slow try of a part is no verdict: twice as much is read then.
        tries = TRIES if parts == 1 else 1
        cost_s = busy_s(partial(read, beginning(text, parts=parts)), enough_s=moment_s, tries=tries)
        if cost_s <= moment_s:
            return 0.0
    return cost_s
