"""Tables that hold the newest entries only, the oldest first. Pure."""

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def keep(table: dict[K, V], key: K, value: V, *, most: int) -> None:
    """It is the newest entry from now on; where there are more than `most`, the oldest goes."""
    table.pop(key, None)
    table[key] = value
    while len(table) > most:
        del table[next(iter(table))]
