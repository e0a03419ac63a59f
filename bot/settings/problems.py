"""What is wrong with the settings, in words that name the key, the value and what is allowed."""

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import SecondLineError

_LONGEST_VALUE = 80  # one line of a terminal or of a log


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `key` is dotted as in TOML, or an environment variable; `value` is "" where there is none."""

    key: str
    allowed: str
    value: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        got = f"{self.value} can't be used. " if self.value else ""
        guess = f" Did you mean {json.dumps(self.nearest, ensure_ascii=False)}?" if self.nearest else ""
        return f"{self.key}: {got}{self.allowed}.{guess}"


class SettingsError(SecondLineError):
    """The bot can't start with these settings; `problems` holds all of them at once."""

    def __init__(self, problems: Iterable[Problem], *, where: str) -> None:
        self.problems = tuple(problems)
        self.where = where
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__("\n  ".join([f"{count} in the settings ({where}):", *map(str, self.problems)]))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that looks most like `word`, whatever its case; "" where none does."""
    by_fold = {name.lower(): name for name in known}
    hits = difflib.get_close_matches(word.lower(), list(by_fold), n=1, cutoff=0.6)
    return by_fold[hits[0]] if hits else ""


def in_toml(value: object) -> str:
    """A value as it would stand in TOML, cut to one line."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError):
        text = str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def listed(names: Iterable[str]) -> str:
    """ "a, b, c", or "none" where there are none."""
    return ", ".join(names) or "none"
