"""Many patterns over many lines in one pass, in time that grows with the lines alone. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import re2

from bot.customer_logs.reading.toml_texts import OPTIONS

Owner = TypeVar("Owner")
_MEMORY = 96 << 20


class Scanner(Generic[Owner]):
    """Patterns with who wants to know of their lines."""

    def __init__(self, patterns: Iterable[tuple[str, Owner]]) -> None:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MEMORY
        options.never_capture = True
        self._owners: list[Owner] = []
        self._set = re2.Set.SearchSet(options)
        for pattern, owner in patterns:
            self._set.Add(pattern)
            self._owners.append(owner)
        self._set.Compile()

    def owners(self, line: bytes) -> Sequence[Owner]:
        """Whose patterns are in a line; most are in none."""
        hits = self._set.Match(line)
        return [self._owners[place] for place in hits] if hits else ()


def captured(patterns: Sequence[str], text: str) -> Mapping[str, str]:
    """What the first pattern that fits captures by name."""
    for pattern in patterns:
        hit = re2.search(pattern, text, OPTIONS)
        if hit:
            return {name: value for name, value in hit.groupdict().items() if value}
    return {}


def is_in(pattern: str, line: bytes) -> bool:
    return re2.search(pattern, line, OPTIONS) is not None
