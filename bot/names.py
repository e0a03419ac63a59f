"""Several things named in one line, as people say it. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def names_listed(names: Iterable[str], *, last: str = "and") -> str:
    """ "Berlin, Brisbane and Oslo"; "" of nothing."""
    every = list(names)
    return f"{', '.join(every[:-1])} {last} {every[-1]}" if len(every) > 1 else "".join(every)


def few_named(things: Sequence[T], at_most: int, *, name: Callable[[T], str] = str, between: str = ", ") -> str:
    """The first of them, and how many more there are: "#4711, #4712 and 3 more". Only those are given a name."""
    more = f" and {len(things) - at_most} more" if len(things) > at_most else ""
    return between.join(map(name, things[:at_most])) + more
