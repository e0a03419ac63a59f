"""Several things named in one line, as people say it. Pure."""

from collections.abc import Iterable, Sequence


def names_listed(names: Iterable[str], *, last: str = "and") -> str:
    """ "Berlin, Brisbane and Oslo"; "" of nothing."""
    every = list(names)
    return f"{', '.join(every[:-1])} {last} {every[-1]}" if len(every) > 1 else "".join(every)


def few_named(names: Sequence[str], at_most: int, *, between: str = ", ") -> str:
    """The first of them, and how many more there are: "#4711, #4712 and 3 more"."""
    more = f" and {len(names) - at_most} more" if len(names) > at_most else ""
    return between.join(names[:at_most]) + more
