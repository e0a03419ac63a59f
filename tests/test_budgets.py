"""The design's budgets: short functions and files, no import cycles, no broad except, no patching or sleeping tests."""

import ast
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
Function = ast.FunctionDef | ast.AsyncFunctionDef

# The one handler between Slack and the code, and the runner of background tasks: what reaches them is a mistake of
# ours, and the process goes on.
MAY_CATCH_EVERYTHING = {"bot/slack/listener.py", "bot/tasks.py"}
# It loads the sandbox by name and only when that is asked for.
MAY_IMPORT_INSIDE_FUNCTIONS = {"bot/program.py"}
# One list, which only grows at its end.
MAY_BE_LONG = {"bot/migrations.py"}
# Polling with a deadline stands here, once.
MAY_SLEEP = {"tests/eventually.py"}


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

    def functions(self) -> list[Function]:
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]


def read(*folders: str) -> list[Source]:
    found = []
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found.append(Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text)))
    return found


SHIPPED = read("bot", "commands")
TESTS = read("tests")


def each(sources: list[Source]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("source", sources, ids=[source.name for source in sources])


def length(function: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    end = function.end_lineno or function.lineno
    first = function.body[0]
    documented = ast.get_docstring(function, clean=False) is not None
    return end - function.lineno + 1 - ((first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0)


def longest(sources: list[Source], count: int = 10) -> str:
    rows = sorted(((length(f), f"{s.name}:{f.lineno} {f.name}") for s in sources for f in s.functions()), reverse=True)
    return "\n".join(f"{lines:4} {where}" for lines, where in rows[:count])


def dotted(node: ast.expr) -> str:
    """ "a.b.c" of a chain of attributes; "" of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


def imported(source: Source) -> Iterator[tuple[str, int]]:
    """Every module that the file imports, wherever in it, with the line."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def needed(source: Source, known: set[str]) -> set[str]:
    """The modules that a file needs: `from a import b` is a.b where that is a module, else a."""
    found = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & known if inner <= known else {node.module, *inner}
    return found & known


def test_functions_are_short() -> None:
    """Half of the functions have at most 9 lines, nine of ten at most 30, and 97 of 100 at most 50."""
    lengths = sorted(length(function) for source in SHIPPED for function in source.functions())

    assert statistics.median(lengths) <= 9
    assert lengths[int(len(lengths) * 0.9)] <= 30, longest(SHIPPED)
    assert lengths[int(len(lengths) * 0.97)] <= 50, longest(SHIPPED)


@each(SHIPPED)
def test_no_function_is_over_70_lines(source: Source) -> None:
    """A function that long has a noun in it that is not named yet."""
    assert [f"{f.name}: {length(f)} lines" for f in source.functions() if length(f) > 70] == []


def test_files_are_short() -> None:
    """Half of the files have at most 110 lines; package files with a line or two don't count."""
    assert statistics.median(source.lines for source in SHIPPED if source.lines > 2) <= 110


@each(SHIPPED)
def test_no_file_is_over_350_lines(source: Source) -> None:
    """A file that long is two files."""
    assert source.lines <= 350 or source.name in MAY_BE_LONG


def test_tests_are_short() -> None:
    """Half of the tests have at most 20 lines."""
    lengths = [length(f) for source in TESTS for f in source.functions() if f.name.startswith("test_")]

    assert statistics.median(lengths) <= 20


def test_there_is_no_import_cycle() -> None:
    """No module needs itself, imports inside functions included."""
    known = {source.module for source in SHIPPED}
    needs = {source.module: needed(source, known) - {source.module} for source in SHIPPED}

    while leaves := {module for module, wanted in needs.items() if not wanted & needs.keys()}:
        needs = {module: wanted for module, wanted in needs.items() if module not in leaves}

    assert {module: sorted(wanted & needs.keys()) for module, wanted in needs.items()} == {}


@each([source for source in SHIPPED if source.name not in MAY_CATCH_EVERYTHING])
def test_nothing_is_caught_broadly(source: Source) -> None:
    """A broad except hides mistakes; only two places may have one. Cleaning up and raising again hides nothing."""
    handlers = [node for node in ast.walk(source.tree) if isinstance(node, ast.ExceptHandler)]

    broad = [handler.lineno for handler in handlers if _is_broad(handler.type) and not _raises_again(handler)]
    assert [f"{source.name}:{line}" for line in broad] == []


@each([source for source in SHIPPED if source.name not in MAY_IMPORT_INSIDE_FUNCTIONS])
def test_imports_stand_at_the_top(source: Source) -> None:
    """An import inside a function hides a cycle."""
    inside = [n for f in source.functions() for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)]

    assert [f"{source.name}:{node.lineno}" for node in inside] == []


@each(SHIPPED + TESTS)
def test_times_are_aware(source: Source) -> None:
    """A time without a zone is wrong for somebody."""
    naive = ("datetime.utcnow", "datetime.utcfromtimestamp", "datetime.today", "date.today")
    calls = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call)]

    bad = [
        call.lineno
        for call in calls
        if dotted(call.func).endswith(naive) or (dotted(call.func).endswith("datetime.now") and not _arguments(call))
    ]
    assert [f"{source.name}:{line}" for line in bad] == []


@each(TESTS)
def test_tests_patch_nothing(source: Source) -> None:
    """What must be patched to be tested has a dependency that it does not name."""
    mocks = [line for name, line in imported(source) if name.startswith(("unittest.mock", "mock", "pytest_mock"))]
    arguments = [arg for f in source.functions() for arg in f.args.args + f.args.kwonlyargs]
    patchers = [arg.lineno for arg in arguments if arg.arg in {"monkeypatch", "mocker"}]

    assert [f"{source.name}:{line}" for line in mocks + patchers] == []


@each([source for source in TESTS if source.name not in MAY_SLEEP])
def test_tests_do_not_sleep(source: Source) -> None:
    """A sleep is too short on one machine and too long on all others: tests wait for a condition, with a deadline."""
    sleeps = {"time.sleep", "asyncio.sleep", "anyio.sleep"}
    called = [n.lineno for n in ast.walk(source.tree) if isinstance(n, ast.Attribute) and dotted(n) in sleeps]
    by_name = [line for name, line in imported(source) if name in sleeps]

    assert [f"{source.name}:{line}" for line in called + by_name] == []


@each(SHIPPED)
def test_each_file_says_what_it_is(source: Source) -> None:
    """A file starts with one line on what is in it."""
    assert ast.get_docstring(source.tree) or not source.text.strip()


def _is_broad(caught: ast.expr | None) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(name is None or dotted(name).rpartition(".")[2] in {"Exception", "BaseException"} for name in names)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _arguments(call: ast.Call) -> int:
    return len(call.args) + len(call.keywords)
