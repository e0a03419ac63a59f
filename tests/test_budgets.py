"""The design's budgets: files, functions and parameters, no import cycles, no broad except, no patching or sleeping.

One test a budget, which lists all that is over it.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeGuard

from tests.sources import READS_SOURCES, Function, Source, of_tests, shipped

pytestmark = READS_SOURCES

FILE_LINES, FUNCTION_LINES, PARAMETERS = 500, 70, 8

# The one handler between Slack and the code, and the runner of background tasks: what reaches them is a mistake of
# ours, and the process goes on.
MAY_CATCH_EVERYTHING = {"bot/slack/listener.py", "bot/tasks.py"}
# One loads the sandbox by name and only when that is asked for, the others what an extra brings where it is installed.
MAY_IMPORT_INSIDE_FUNCTIONS = {
    "bot/program.py",
    "bot/known_issues/search/meaning/mini_lm.py",
    "bot/known_issues/search/meaning/vectors.py",
}
# These take more than eight today: only to be shortened.
MORE_PARAMETERS: dict[str, int] = {}
# Polling with a deadline stands here, once; and rows of the bench that do things at a pace.
MAY_SLEEP = {"tests/eventually.py", "tests/bench/viewers.py", "tests/bench/row_ack_beside_sweep.py"}


def length(function: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    end = function.end_lineno or function.lineno
    first = function.body[0]
    documented = ast.get_docstring(function, clean=False) is not None
    return end - function.lineno + 1 - ((first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0)


def dotted(node: ast.expr) -> str:
    """ "a.b.c" of a chain of attributes; "" of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


def imported(source: Source) -> Iterator[tuple[str, int]]:
    """Every module that the file imports, wherever in it, with the line."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def needed(source: Source, known: set[str]) -> set[str]:
    """The modules that a file needs: `from a import b` is a.b where that is a module, else a."""
    found = set()
    for node in source.nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & known if inner <= known else {node.module, *inner}
    return found & known


def beyond(most: int, allowed: Mapping[str, int], counts: Iterable[tuple[str, int]]) -> list[str]:
    """What is over a budget, and what in `allowed` is no longer needed or could be less: that list only shrinks."""
    over = {name: count for name, count in counts if count > most}
    too_much = [f"{name}: {count}" for name, count in over.items() if count > allowed.get(name, most)]
    shrinks = [
        f"{name}: {over.get(name, 0)}, no longer {most}" for name, most in allowed.items() if over.get(name, 0) < most
    ]
    return [*too_much, *shrinks]


def test_no_function_is_over_70_lines() -> None:
    """A function that long has a noun in it that is not named yet."""
    lengths = ((f"{source.name} {f.name}", length(f)) for source in shipped() for f in source.functions)

    assert beyond(FUNCTION_LINES, {}, lengths) == []


def test_no_file_is_over_500_lines() -> None:
    """A file that long has a second noun in it."""
    lines = ((source.name, source.lines) for source in shipped())

    assert beyond(FILE_LINES, {}, lines) == []


def test_constructors_and_builders_take_at_most_eight() -> None:
    """What needs more does two things, or has a room's limits one by one."""
    assert beyond(PARAMETERS, MORE_PARAMETERS, (row for source in shipped() for row in built(source))) == []


def test_what_define_builds_is_counted() -> None:
    """A service declares what it needs, and has the records from its base."""
    needs = "".join(f"    _need_{number}: int\n" for number in range(8))
    tree = ast.parse(f"@define(kw_only=True)\nclass Busy(Service):\n{needs}")

    assert [constructed_with(node) for node in tree.body if isinstance(node, ast.ClassDef)] == [9]


def test_nothing_is_wired_by_unpacking() -> None:
    """Whoever looks for what a service is given finds it by name."""
    wiring = [source for source in shipped() if source.name.startswith("bot/app/")]

    assert [f"{source.name}:{node.lineno}" for source in wiring for node in source.nodes if unpacks(node)] == []


def unpacks(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and any(keyword.arg is None for keyword in node.keywords)


def built(source: Source) -> Iterator[tuple[str, int]]:
    """What classes and the app's builders take, by name."""
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef):
            yield f"{source.name} {node.name}", constructed_with(node)
        if (
            isinstance(node, Function)
            and source.name.startswith("bot/app/")
            and node.name.lstrip("_").startswith("build")
        ):
            yield f"{source.name} {node.name}", len(parameters(node))


def constructed_with(node: ast.ClassDef) -> int:
    """What a class is built of: its constructor's parameters, or what it declares where `define` makes the constructor.

    A dataclass is a record: it has as many fields as it has to say.
    """
    if any(dotted(made.func) == "define" for made in node.decorator_list if isinstance(made, ast.Call)):
        inherited = sum(dotted(base) in ("Service", "Loop") for base in node.bases)
        return inherited + sum(isinstance(line, ast.AnnAssign) for line in node.body)
    written = [f for f in node.body if isinstance(f, Function) and f.name == "__init__"]
    return len(parameters(written[0])) - 1 if written else 0


def parameters(function: Function) -> list[ast.arg]:
    arguments = function.args
    extra = [each for each in (arguments.vararg, arguments.kwarg) if each]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]


def test_there_is_no_import_cycle() -> None:
    """No module needs itself, imports inside functions included."""
    known = {source.module for source in shipped()}
    needs = {source.module: needed(source, known) - {source.module} for source in shipped()}

    while leaves := {module for module, wanted in needs.items() if not wanted & needs.keys()}:
        needs = {module: wanted for module, wanted in needs.items() if module not in leaves}

    assert {module: sorted(wanted & needs.keys()) for module, wanted in needs.items()} == {}


def test_nothing_is_caught_broadly() -> None:
    """A broad except hides mistakes; only two places may have one. Cleaning up and raising again hides nothing."""
    assert [
        f"{source.name}:{handler.lineno}"
        for source in shipped()
        for handler in source.nodes
        if isinstance(handler, ast.ExceptHandler) and _is_broad(handler.type) and not _raises_again(handler)
        if source.name not in MAY_CATCH_EVERYTHING
    ] == []


def test_imports_stand_at_the_top() -> None:
    """An import inside a function hides a cycle."""
    assert [
        f"{source.name}:{node.lineno}"
        for source in shipped()
        for function in source.functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and source.name not in MAY_IMPORT_INSIDE_FUNCTIONS
    ] == []


def test_times_are_aware() -> None:
    """A time without a zone is wrong for somebody."""
    naive = ("datetime.utcnow", "datetime.utcfromtimestamp", "datetime.today", "date.today")

    def is_naive(call: ast.Call) -> bool:
        name = dotted(call.func)
        return name.endswith(naive) or (name.endswith("datetime.now") and not call.args and not call.keywords)

    assert [
        f"{source.name}:{call.lineno}"
        for source in (*shipped(), *of_tests())
        for call in source.calls
        if is_naive(call)
    ] == []


def test_tests_patch_nothing() -> None:
    """What must be patched to be tested has a dependency that it does not name."""
    mocks = ("unittest.mock", "mock", "pytest_mock")
    imports = [
        f"{source.name}:{line}" for source in of_tests() for name, line in imported(source) if name.startswith(mocks)
    ]
    patchers = [
        f"{source.name}:{argument.lineno}"
        for source in of_tests()
        for function in source.functions
        for argument in parameters(function)
        if argument.arg in {"monkeypatch", "mocker"}
    ]

    assert imports + patchers == []


def test_tests_do_not_sleep() -> None:
    """A sleep is too short on one machine and too long on all others: tests wait for a condition, with a deadline."""
    sleeps = {"time.sleep", "asyncio.sleep", "anyio.sleep"}
    called = [
        f"{source.name}:{node.lineno}"
        for source in of_tests()
        for node in source.nodes
        if isinstance(node, ast.Attribute) and dotted(node) in sleeps and source.name not in MAY_SLEEP
    ]
    by_name = [f"{source.name}:{line}" for source in of_tests() for name, line in imported(source) if name in sleeps]

    assert called + by_name == []


def test_each_file_says_what_it_is() -> None:
    """A file starts with one line on what is in it."""
    assert [source.name for source in shipped() if source.text.strip() and not ast.get_docstring(source.tree)] == []


def _is_broad(caught: ast.expr | None) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(name is None or dotted(name).rpartition(".")[2] in {"Exception", "BaseException"} for name in names)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None
