"""No text keeps a pattern busy: every compiled one of the package reads every hostile shape in milliseconds."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import Any

import pytest

import bot
import commands
from bot.known_issues.mapping import IssueMapping, scope_of
from bot.tickets.places import PlaceFinder
from tests.hostile_shapes import PARTS_OF_PATTERNS, SHAPES, costly_s
from tests.sources import READS_SOURCES, inside, shipped
from tests.stalls import STALL_S

ROOTS = (bot, commands)


IN_A_PROCESS_OF_ITS_OWN = "bot.customer_logs.reading."
"""It reads lines of 2,000 bytes at most, and is ended when it takes too long: `tests.customer_logs.fuzz` tries it."""


def modules() -> Iterator[ModuleType]:
    for root in ROOTS:
        yield root
        for package in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            if not package.name.endswith("__main__") and not package.name.startswith(IN_A_PROCESS_OF_ITS_OWN):
                yield importlib.import_module(package.name)


def within(value: Any, where: str, depth: int = 0) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Patterns that a value is or holds."""
    if isinstance(value, re.Pattern):
        yield where, value
    elif isinstance(value, dict) and depth < 4:
        for key, each in value.items():
            yield from within(each, f"{where}[{key!r}]", depth + 1)
    elif isinstance(value, tuple | list | set | frozenset) and depth < 4:
        for place, each in enumerate(value):
            yield from within(each, f"{where}[{place}]", depth + 1)


@cache
def patterns() -> dict[str, re.Pattern[Any]]:
    """Each once, by the first place that has it: what modules and their classes hold, and those made of settings."""
    found: dict[str, re.Pattern[Any]] = {}
    for module in modules():
        for name, value in list(vars(module).items()):
            found |= dict(within(value, f"{module.__name__}.{name}"))
            if isinstance(value, type) and value.__module__ == module.__name__:
                for inner, held in list(vars(value).items()):
                    found |= dict(within(held, f"{module.__name__}.{name}.{inner}"))
    found["places of the world"] = PlaceFinder()._words
    found["own names"] = PlaceFinder(own_names=("U.S. East", "a", "- -"))._own or re.compile("")
    found["scopes of labels"] = scope_of(("priority", *IssueMapping().priority_fields))
    return {where: pattern for pattern, where in {pattern: where for where, pattern in found.items()}.items()}


def ways(pattern: re.Pattern[Any]) -> dict[str, Callable[[str], object]]:
    """The dearest: `match` is the first step of `search`, and that the first one of `sub`."""
    if isinstance(pattern.pattern, bytes):
        return {
            "fullmatch": lambda text: pattern.fullmatch(text.encode()),
            "sub": lambda text: pattern.sub(b"", text.encode()),
        }
    return {"fullmatch": pattern.fullmatch, "sub": lambda text: pattern.sub("", text)}


PARTS = 4
"""So many tests share the patterns, so that several processes can."""


@pytest.mark.parametrize("part", range(PARTS))
def test_no_text_keeps_a_pattern_busy(part: int) -> None:
    slow = []
    for where, pattern in list(patterns().items())[part::PARTS]:
        for shape, text in SHAPES.items():
            for way, work in ways(pattern).items():
                cost_s = costly_s(work, text, parts_read=PARTS_OF_PATTERNS)
                slow += [f"{where}: {way} takes {cost_s * 1000:.0f} ms for {shape}"] if cost_s else []

    assert slow == []


def test_there_are_patterns_to_look_at() -> None:
    assert len(patterns()) > 200


def test_there_are_forty_shapes_of_full_length() -> None:
    assert len(SHAPES) >= 40
    assert {len(text) for text in SHAPES.values()} == {100_000}


def test_a_pattern_that_tries_every_start_is_found() -> None:
    """The measure itself: what names in release notes were once looked for with."""
    once = re.compile(r"[\w.-]+(?:/[\w.-]+)?#\d")
    assert costly_s(once.search, "a" * 4_000) > STALL_S


def test_groups_are_repeated_in_a_way_that_every_python_gets_right() -> None:
    """`(?>(?:…)*)`: until 3.11.4, `(?:…)*+` may stop too early (https://github.com/python/cpython/issues/106052)."""
    repeated = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+")
    texts = {
        where: re.sub(r"\[\^?\]?(?:\\.|[^\]\\])*\]", "[]", str(pattern.pattern))
        for where, pattern in patterns().items()
    }

    assert [where for where, text in texts.items() if repeated.search(text)] == []


FROM_SETTINGS = {
    *("bot/known_issues/mapping.py", "bot/status/matching.py", "bot/tickets/places.py"),
    *("bot/settings/crosschecks.py", "bot/vendors/model.py", "bot/customer_logs/patterns.py"),
}
FROM_CALLERS = {"bot/sandbox/alertmanager/matchers.py", "bot/sandbox/alertmanager/server.py"}
"""Alertmanager's API takes expressions from whoever asks; the sandbox does what it does."""

FROM_RECORDS = {"bot/forgetting/matching.py"}
"""The words of a customer, each escaped."""
DATA = FROM_SETTINGS | FROM_CALLERS | FROM_RECORDS


@READS_SOURCES
def test_patterns_stand_where_this_test_finds_them() -> None:
    """A pattern inside of a function is seen by nobody: it is made at the top of its module, or of settings."""
    hidden = []
    for source in shipped():
        within = {id(node) for function in source.functions for node in inside(function)}
        for call in source.calls:
            if _is_made(call, direct=id(call) not in within) and source.name not in DATA:
                hidden.append(f"{source.name}:{call.lineno}")
    assert not hidden


def _is_made(node: ast.Call, *, direct: bool) -> bool:
    """Whether a pattern is made here where it can't be found: by `re.compile` in a function, by `re.sub` anywhere."""
    if not isinstance(node.func, ast.Attribute):
        return False
    of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
    return of_re and node.func.attr != "escape" and not (direct and node.func.attr == "compile")
