"""Checked values of the TOML files beside this room: each error names the file and the key. Pure."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import re2

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){0,11}")
OPTIONS = re2.Options()
OPTIONS.log_errors = False
OPTIONS.max_mem = 8 << 20
LONGEST_PATTERN = 400
LARGEST_PATTERN = 10_000
"""Steps of RE2's program for one pattern; ".{1,1000}" alone takes nine thousand."""


class BadFile(ValueError):
    """A file of signatures or programs can't be used; its sentence says which, and why."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")


class Table:
    """One TOML table. Every key is taken once, and `done` refuses what nobody took."""

    def __init__(self, where: str, values: Mapping[str, Any]) -> None:
        self._where = where
        self._left = dict(values)

    def text(self, key: str, longest: int, *, needed: bool = True) -> str:
        value = self._left.pop(key, "")
        if not isinstance(value, str) or value != value.strip() or "\n" in value:
            raise self.bad(key, "is one line of text, without spaces around it")
        if needed and not value:
            raise self.bad(key, "is missing")
        if len(value) > longest:
            raise self.bad(key, f"takes {longest} characters, and this is {len(value)} long")
        return value

    def texts(self, key: str, longest: int, *, least: int = 0, most: int = 20) -> tuple[str, ...]:
        """A list of texts; samples of log lines may have spaces around them."""
        values = self._left.pop(key, [])
        if not isinstance(values, list) or not all(isinstance(each, str) and each.strip() for each in values):
            raise self.bad(key, "is a list of texts")
        if not least <= len(values) <= most:
            raise self.bad(key, f"has {least} to {most} entries, and this has {len(values)}")
        if len(set(values)) < len(values):
            raise self.bad(key, "has the same entry twice")
        for value in values:
            if len(value) > longest or "\n" in value:
                raise self.bad(key, f"takes one line of {longest} characters each: {value[:40]!r}")
        return tuple(values)

    def slugs(self, key: str, *, least: int = 0) -> tuple[str, ...]:
        values = self.texts(key, 60, least=least)
        for value in values:
            if not SLUG.fullmatch(value):
                raise self.bad(key, f"{value!r} is no name: lower case, digits and hyphens")
        return values

    def one_of(self, key: str, allowed: Sequence[str], *, needed: bool = True) -> str:
        value = self.text(key, 40, needed=needed)
        if value and value not in allowed:
            raise self.bad(key, f"is one of {', '.join(allowed)}, and not {value!r}")
        return value

    def some_of(self, key: str, allowed: Sequence[str]) -> tuple[str, ...]:
        values = self.texts(key, 40)
        for value in values:
            if value not in allowed:
                raise self.bad(key, f"has only {', '.join(allowed)}, and not {value!r}")
        return values

    def whole(self, key: str, least: int, most: int) -> int:
        value = self._left.pop(key, None)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.bad(key, f"is a whole number from {least} to {most}")
        return value

    def patterns(self, key: str, *, least: int = 1) -> tuple[str, ...]:
        """Regular expressions in RE2's syntax."""
        values = self.texts(key, LONGEST_PATTERN, least=least)
        for value in values:
            self.pattern_ok(key, value)
        return values

    def pattern_ok(self, key: str, pattern: str) -> None:
        """Refuses what RE2 does not take, and what matches an empty line and so every line."""
        try:
            compiled = re2.compile(pattern, OPTIONS)
        except re2.error as error:
            said = error.args[0] if error.args else ""
            why = said.decode() if isinstance(said, bytes) else str(said)
            raise self.bad(key, f"{pattern!r} is no pattern of RE2: {why}") from error
        if compiled.programsize > LARGEST_PATTERN:
            raise self.bad(key, f"{pattern!r} takes too much memory: write .* where any number will do")
        if compiled.search(""):
            raise self.bad(key, f"{pattern!r} matches every line")

    def table(self, key: str) -> "Table | None":
        value = self._left.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.bad(key, "is a table")
        return Table(f"{self._where}, {key}", value)

    def done(self) -> None:
        if self._left:
            raise self.bad(next(iter(self._left)), "is no key of this file")

    def bad(self, key: str, why: str) -> BadFile:
        return BadFile(self._where, f"{key} {why}")


def table_of(where: str, text: str) -> Table:
    try:
        return Table(where, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadFile(where, f"is no TOML: {error}") from error
