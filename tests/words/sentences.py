"""Sentences that stand in the source and in no card: errors, answers, forms' complaints, settings and checks.

They are read off the syntax trees, so that none is left out; what is filled in stands in braces.
"""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

from tests.sources import Source, inside, names, source

NOT_SPOKEN = (
    "bot/sandbox/",
    "bot/migrations.py",
    "bot/web/",
    "bot/slack/socket.py",
    "bot/slack/deliveries.py",
)
"""The sandbox speaks as other systems do; the rest speaks SQL, or to programs."""
MEASURING = ("bot/probes/",)
CARDS = (
    "cards.py",
    "forms.py",
    "checklist.py",
    "next_look.py",
    "conclusion.py",
    "charset.py",
    "usage.py",
    "grammar.py",
)
"""Files whose words stand on another page, or are no words for people."""
SETUP = ("bot/check", "bot/settings/", "bot/program.py", "bot/check_program.py", "bot/slack/")
RAISING = ("bot/", "commands/")
_WORDS = re.compile(r"[^\W\d_]{2,}\S* \S*[^\W\d_]{2,}")
_NO_PROSE = re.compile(
    r"^(?:SELECT|INSERT|UPDATE|DELETE|CREATE|WITH|PRAGMA|CASE|EXISTS)\b|^[a-z_]+ (?:= \?|IN \(|IS )|%\("
)
_LOGS = frozenset(
    {"debug", "info", "warning", "error", "exception", "compile", "rows", "row", "value", "run", "column"}
)
"""Calls whose text no person in Slack reads: logs, patterns, questions to the database."""


def errors() -> Mapping[str, list[str]]:
    """What errors say, by the file that raises them: each class with its own sentence, and each raise with one."""
    return {path: lines for path in _files(*RAISING) if (lines := list(_errors(source(path))))}


def answers() -> Mapping[str, list[str]]:
    """What commands say that is no card."""
    return _spoken_in("commands/")


def setup() -> Mapping[str, list[str]]:
    """What whoever installs the bot reads: settings, `secondline check`, and what Slack does not allow."""
    return _spoken_in(*SETUP)


def reasons() -> Mapping[str, list[str]]:
    """What results of measurements are made of, beside their sentences."""
    return {path: lines for path, lines in _spoken_in(*MEASURING).items() if "/wording/" not in path}


def _spoken_in(*places: str) -> Mapping[str, list[str]]:
    paths = [path for path in _files(*places) if not path.endswith(CARDS)]
    return {path: lines for path in paths if (lines := list(_spoken(source(path))))}


def _files(*places: str) -> Iterator[str]:
    for name in names("bot", "commands"):
        if name.startswith(places) and not name.startswith(NOT_SPOKEN):
            yield name


def _is_error(node: ast.ClassDef) -> bool:
    """By the names of what it is made of: every error's base is one of the tree, or another error's class."""
    return any(isinstance(base, ast.Name) and base.id in _error_names() for base in node.bases)


@cache
def _error_names() -> frozenset[str]:
    found, classes = {"SecondLineError"}, list[ast.ClassDef]()
    for path in _files(*RAISING):
        classes += [node for node in source(path).nodes if isinstance(node, ast.ClassDef)]
    bases = {node.name: {base.id for base in node.bases if isinstance(base, ast.Name)} for node in classes}
    for _ in range(5):
        found |= {name for name, of in bases.items() if of & found}
    return frozenset(found)


def _errors(read: Source) -> Iterator[str]:
    for node in sorted(read.nodes, key=_where):
        if isinstance(node, ast.ClassDef) and _is_error(node):
            texts = list(_texts_in(list(ast.walk(node)), skip=_docstrings(ast.walk(node))))
            yield f"{node.name}: {' / '.join(texts)}" if texts else f"{node.name}: …"
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from (text for text in _texts_in(list(ast.walk(node.exc))))
        elif _raises_where_nothing_is(node):
            yield from _texts_in(list(ast.walk(node)))


def _spoken(read: Source) -> Iterator[str]:
    """Without docstrings, errors, logs and what is no prose."""
    skip = _docstrings(read.nodes)
    for node in read.nodes:
        if _raises_or_defines_errors(node) or _is_log(node):
            skip.update(map(id, inside(node)))
    yield from dict.fromkeys(_texts_in(read.nodes, skip=skip))


def _raises_or_defines_errors(node: ast.AST) -> bool:
    defines = isinstance(node, ast.ClassDef) and _is_error(node)
    return isinstance(node, ast.Raise) or defines or _raises_where_nothing_is(node)


def _raises_where_nothing_is(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "existing"


def _is_log(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LOGS


def _docstrings(nodes: Iterable[ast.AST]) -> set[int]:
    """Strings that stand alone are about the code."""
    return {id(node.value) for node in nodes if isinstance(node, ast.Expr)}


def _texts_in(nodes: Sequence[ast.AST], *, skip: Collection[int] = ()) -> Iterator[str]:
    joined = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    inner = {id(part) for node in joined for part in node.values}
    texts = [*joined, *(node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))]
    for node in sorted(texts, key=_where):
        if id(node) not in skip and id(node) not in inner:
            text = _text(node)
            if _WORDS.search(re.sub(r"\{[^{}]*\}", "", text)) and not _NO_PROSE.search(text):
                yield " ".join(text.split())


def _where(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    assert isinstance(node, ast.FormattedValue)
    return "{" + _name(node.value) + "}"


def _name(node: ast.expr) -> str:
    """What is filled in, by its last name: "person", "name"."""
    if isinstance(node, ast.Call):
        inner = next(iter(node.args), None)
        return _name(inner) if inner is not None else _name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.IfExp):
        return f"{_short(node.body)} or {_short(node.orelse)}"
    return "…"


def _short(node: ast.expr) -> str:
    text = _text(node) if isinstance(node, ast.Constant | ast.JoinedStr) else _name(node)
    return text.replace("{", "<").replace("}", ">").strip() or "nothing"
