"""Every message is on a page, as it is now; `python -m tests.words` writes the pages anew."""

import difflib
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from functools import cache
from types import CodeType, FrameType, ModuleType

import pytest

import bot
import commands
from bot.errors import SecondLineError
from tests.sources import READS_SOURCES
from tests.words.pages import ROOMS, TEXTS, messages_of, name_of, page_names, pages

pytestmark = READS_SOURCES

MAKES_MESSAGES = ("card", "cards", "forms", "wording", "recheck_cards", "help_cards")
"""Modules and packages of a room with these names make what people read."""
NOT_ROOMS = ("bot.settings",)
"""Its words stand on the page of what whoever installs the bot reads."""
SPEAK_TO_PROGRAMS = ("bot.web",)
NO_WORDS = {
    "read_value",
    "read_choice",
    "read_ticket_value",
    "read_confirm_all_value",
    "list_value",
    "reviewed",
    "chosen_tickets",
    "written_texts",
    "chosen_then",
    "unknown_placeholders",
    "filled",
    "to_put_right",
    "inert",
    "block_of",
}
"""They read what a press or a form says, or fill in what people wrote; they make no words of their own."""


@pytest.mark.parametrize("name", page_names())
def test_page_is_as_the_bot_speaks(name: str) -> None:
    """A change of a sentence is a line in a diff, which a person reads."""
    path = TEXTS / name
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = difflib.unified_diff(before.splitlines(), pages()[name].splitlines(), "kept", "now", lineterm="", n=2)

    assert "\n".join(lines) == "", "run `python -m tests.words` and read what changed"


def test_no_page_is_left_over() -> None:
    assert {path.name for path in TEXTS.glob("*")} == set(pages()) == set(page_names())


def test_every_function_that_makes_messages_is_on_a_page() -> None:
    """A card or a form that nobody can read here is one that nobody reads before customers' agents do."""
    missing = [f"{name} in {module}" for module, name, code in _makers() if code not in _called()]

    assert missing == []


def test_every_class_of_error_is_on_its_page() -> None:
    """Whatever a person did wrong, somebody has read the sentence that they get."""
    text = pages()["in_source_errors.md"]

    assert [each.__name__ for each in _errors(SecondLineError) if f" {each.__name__}: " not in text] == []


def _errors(base: type[SecondLineError]) -> Iterator[type[SecondLineError]]:
    """Every class below it in the bot and its commands."""
    for module in _all_modules():
        importlib.import_module(module)
    for each in base.__subclasses__():
        if each.__module__.startswith(("bot.", "commands.")) and not each.__module__.startswith(SPEAK_TO_PROGRAMS):
            yield each
        yield from _errors(each)


def test_what_makes_no_words_is_there() -> None:
    """The list of exceptions only shrinks."""
    assert NO_WORDS - {name for _, name, _ in _public_functions()} == set()


def _makers() -> Iterator[tuple[str, str, CodeType]]:
    for module, name, code in _public_functions():
        if name not in NO_WORDS and not name.endswith("_value"):
            yield module, name, code


def _public_functions() -> Iterator[tuple[str, str, CodeType]]:
    for module in _modules():
        for name, value in vars(module).items():
            if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_"):
                yield module.__name__, name, value.__code__


@cache
def _all_modules() -> tuple[str, ...]:
    """Of the bot and its commands, without what runs when it is imported, and what belongs to no room."""
    paths = [(bot.__path__, "bot."), (commands.__path__, "commands.")]
    names = [each.name for path, prefix in paths for each in pkgutil.walk_packages(path, prefix)]
    return tuple(name for name in names if not name.startswith("bot.sandbox") and not name.endswith("__main__"))


@cache
def _modules() -> tuple[ModuleType, ...]:
    names = [name for name in _all_modules() if not name.startswith(NOT_ROOMS)]
    chosen = [name for name in names if set(name.split(".")) & set(MAKES_MESSAGES)]
    return tuple(importlib.import_module(name) for name in chosen)


@cache
def _called() -> frozenset[CodeType]:
    """The code of every function that runs while the pages are made."""
    seen: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            seen.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        for room in ROOMS:
            messages_of(room)
    finally:
        sys.setprofile(before)
    return frozenset(seen)


def test_rooms_have_one_page_each() -> None:
    assert len({name_of(room) for room in ROOMS}) == len(ROOMS)
