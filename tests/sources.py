"""The Python of the project as syntax trees: each file is read and parsed once a process."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
Function = ast.FunctionDef | ast.AsyncFunctionDef
READS_SOURCES = pytest.mark.xdist_group("sources")
"""For tests that read all of them: one worker does it, once, and lets go of them afterwards."""


@dataclass(frozen=True)
class Source:
    """One file of Python with its syntax tree; `name` is its path from the root."""

    name: str
    text: str
    tree: ast.Module

    @property
    def module(self) -> str:
        return self.name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(inside(self.tree))

    @cached_property
    def functions(self) -> list[Function]:
        return [node for node in self.nodes if isinstance(node, Function)]

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [node for node in self.nodes if isinstance(node, ast.Call)]


def shipped() -> tuple[Source, ...]:
    return tuple(source(name) for name in names("bot", "commands"))


def of_tests() -> tuple[Source, ...]:
    return tuple(source(name) for name in names("tests"))


def names(*folders: str) -> Iterator[str]:
    """Paths from the root, folder by folder, in their order."""
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        yield path.relative_to(ROOT).as_posix()


@cache
def source(name: str) -> Source:
    text = (ROOT / name).read_text(encoding="utf-8")
    return Source(name, text, ast.parse(text))


def is_read_by(item: pytest.Item) -> bool:
    return any(mark.args == READS_SOURCES.args for mark in item.iter_markers(READS_SOURCES.name))


def forget() -> None:
    """Lets go of all that was parsed."""
    source.cache_clear()


def inside(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all below it, in no order: half the price of ast.walk."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                waiting.append(value)
            elif isinstance(value, list):
                waiting.extend(part for part in value if isinstance(part, ast.AST))
