"""Reading the settings, and naming everything that is wrong with them at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.settings.crosschecks import NamedKeys, crosschecked
from bot.settings.problems import Problem, SettingsError
from bot.settings.shape import Settings
from bot.settings.sources import (
    CONFIG_VARIABLE,
    DEFAULT_CONFIG,
    FromEnvironment,
    layered,
    read_file,
    without_secrets,
)
from bot.settings.wording import Loc, place_of, worded


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of the file that SECONDLINE_CONFIG names, with the environment on top.

    Raises SettingsError with every problem, not the first only.
    """
    chosen = environ.get(CONFIG_VARIABLE, "").strip()
    path = Path(chosen or DEFAULT_CONFIG)
    tables, problems = without_secrets(read_file(Settings, path, chosen=bool(chosen)), Settings)
    values = layered(tables, FromEnvironment(Settings, environ)())
    settings, refused = _sound_part(values, environ)
    faulty = tuple(problem.key for problem in refused)
    named = NamedKeys(_keys(values, "targets"), _keys(values, "teams"), faulty)
    between = crosschecked(settings, named, environ)
    problems += [*refused, *(problem for problem in between if not any(key.startswith(problem.key) for key in faulty))]
    if problems:
        raise SettingsError(problems, where=str(path))
    return settings


def load_part(environ: Mapping[str, str], *tables: str) -> Settings:
    """Only these tables of the file, for what needs no account of anybody: nothing is asked of the others.

    Raises SettingsError where one of these is wrong.
    """
    chosen = environ.get(CONFIG_VARIABLE, "").strip()
    path = Path(chosen or DEFAULT_CONFIG)
    read, _ = without_secrets(read_file(Settings, path, chosen=bool(chosen)), Settings)
    values = {name: value for name, value in read.items() if name in tables}
    settings, problems = _sound_part(values, {})
    named = NamedKeys(_keys(read, "targets"), _keys(read, "teams"), tuple(problem.key for problem in problems))
    faulty = {problem.key for problem in problems}
    between = (problem for problem in crosschecked(settings, named, {}) if problem.key.split(".")[0] in tables)
    problems += [problem for problem in between if not any(key.startswith(problem.key) for key in faulty)]
    if problems:
        raise SettingsError(problems, where=str(path))
    return settings


def _sound_part(values: dict[str, Any], environ: Mapping[str, str]) -> tuple[Settings, list[Problem]]:
    """What is left when everything that is wrong by itself is taken out, and the problems.

    With the rest checked too, one start shows all that is to mend.
    """
    problems: list[Problem] = []
    while True:
        try:
            return Settings.model_validate(values), problems
        except ValidationError as error:
            # Later rounds only meet the gaps that taking out has made.
            problems = problems or worded(error, variables=environ)
            for detail in error.errors(include_url=False):
                loc = place_of(detail)
                values = _without(values, loc[:-1] if detail["type"] == "missing" else loc)


def _without(values: dict[str, Any], loc: Loc) -> dict[str, Any]:
    """A copy without the value at `loc`; an entry of a list takes the whole list with it."""
    head, *rest = loc
    inner = values.get(str(head))
    kept = {key: value for key, value in values.items() if key != head}
    if rest and isinstance(inner, dict):
        kept[str(head)] = _without(inner, tuple(rest))
    return kept


def _keys(values: Mapping[str, Any], table: str) -> set[str]:
    entries = values.get(table)
    return set(entries) if isinstance(entries, dict) else set()
