"""What pydantic found, in the words of this program."""

import re
from collections.abc import Iterable

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.settings.problems import Problem, in_toml, listed, nearest
from bot.settings.section import entry_type, is_secret, is_section
from bot.settings.shape import Settings
from bot.settings.sources import variable_of

_QUOTED = re.compile(r"'([^']*)'")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")

Loc = tuple[int | str, ...]

_KEY = "[key]"
"""pydantic's last part of the path where a table's key is wrong, not the value under it."""

_BOUNDS = (("gt", "more than {:g}"), ("ge", "{:g} or more"), ("lt", "less than {:g}"), ("le", "{:g} or less"))
_OUT_OF_BOUNDS = {"greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number"}
_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "string": "text in quotes",
    "bool": "true or false",
    "tuple": 'a list such as ["one", "two"]',
    "list": 'a list such as ["one", "two"]',
    "dict": "a table",
    "model": "a table",
}


def worded(error: ValidationError, *, variables: Iterable[str]) -> list[Problem]:
    """One problem per thing that pydantic refused; `variables` are the environment variables that are set."""
    known = set(variables)
    return [_problem(detail, known) for detail in error.errors(include_url=False)]


def place_of(detail: ErrorDetails) -> Loc:
    """The path to what was refused; a key that may not be has the path of its value."""
    loc = detail["loc"]
    return loc[:-1] if loc[-1:] == (_KEY,) else loc


def dotted(loc: Loc) -> str:
    """A path as it is written in TOML: ("targets", "us-east", "hosts", 1) is "targets.us-east.hosts[1]"."""
    key = ""
    for part in loc:
        key += f"[{part}]" if isinstance(part, int) else f".{_bare(part)}"
    return key.removeprefix(".")


def keys_at(loc: Loc) -> list[str]:
    """The keys that the table at `loc` may have in the file: all but secrets."""
    model = _at(loc).annotation
    fields = model.model_fields if is_section(model) else {}
    return [name for name, field in fields.items() if not is_secret(field.annotation)]


def _problem(detail: ErrorDetails, variables: set[str]) -> Problem:
    loc = place_of(detail)
    variable = variable_of(dotted(loc))
    key = variable if variable in variables else dotted(loc)
    match detail["type"]:
        case "extra_forbidden":
            return _unknown_key(loc, key)
        case "missing":
            return Problem(key, "It is needed and is not there")
    allowed, guess = _allowed(detail)
    return Problem(key, allowed, _value(detail), guess)


def _unknown_key(loc: Loc, key: str) -> Problem:
    keys = keys_at(loc[:-1])
    return Problem(key, f"There is no such key. Allowed: {listed(keys)}", nearest=nearest(str(loc[-1]), keys))


def _allowed(detail: ErrorDetails) -> tuple[str, str]:
    """What may stand there, and the nearest known name."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "refused":
        return context["allowed"], context["nearest"]
    if kind == "literal_error":
        names = _QUOTED.findall(context["expected"])
        return f"Allowed: {listed(names)}", nearest(str(detail["input"]), names)
    if kind in _OUT_OF_BOUNDS:
        return f"Allowed: {_bounds(detail['loc'])}", ""
    if kind == "string_too_short":
        return "Allowed: text that is not empty", ""
    family = next((words for prefix, words in _TYPES.items() if kind.startswith(prefix)), detail["msg"])
    return f"Allowed: {family}", ""


def _bounds(loc: Loc) -> str:
    """Both ends of what a number may be: "1 or more, 100 or less"."""
    limits = _at(loc).metadata
    words = [text.format(getattr(limit, name)) for limit in limits for name, text in _BOUNDS if hasattr(limit, name)]
    return ", ".join(words)


def _value(detail: ErrorDetails) -> str:
    """The refused value; never where a token may be in it, such as in a list of tables."""
    value, kind = detail["input"], _at(place_of(detail)).annotation
    fields = kind.model_fields.values() if is_section(kind) else ()
    secret = isinstance(value, SecretStr) or any(is_secret(field.annotation) for field in fields)
    return "(hidden)" if secret else in_toml(value)


def _bare(part: str) -> str:
    return part if _BARE_KEY.fullmatch(part) else in_toml(part)


def _at(loc: Loc) -> FieldInfo:
    """The type and the limits of what may stand at `loc`."""
    field = FieldInfo.from_annotation(Settings)
    for part in loc:
        fields = field.annotation.model_fields if is_section(field.annotation) else {}
        entry = FieldInfo.from_annotation(entry_type(field.annotation))
        field = fields.get(str(part), entry)
    return field
