"""A page: what it shows as data, who may see it, and which template shows it. Its JSON is the same data."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from bot.logins.model import PEOPLE, Role, Visitor
from bot.slack_marks import straight


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Who asks for which page. `params` are parts of the path, `query` what follows it, `form` what was sent."""

    visitor: Visitor
    params: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)


def number_in(text: str) -> int | None:
    """The number of a record, as an address or a form has it; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@dataclass(frozen=True, slots=True)
class Page:
    """`data` is a dataclass, which `template` gets as `page`, and JSON is made of.

    It says nothing of the moment at which it was made: what is older than another page differs from it.
    """

    template: str
    title: str
    data: Any

    @property
    def json(self) -> bytes:
        """Nobody's words turn the line of whoever reads it either."""
        text = _adapter(type(self.data)).dump_json(self.data)
        return text if text.isascii() else straight(text.decode()).encode()


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Made once for each kind of page: that takes as long as a page does."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


@dataclass(frozen=True, slots=True)
class GoTo:
    """Another page instead, by its path below the base path."""

    path: str


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """Something to keep: `name` is what the browser calls it. One that is `inline` stands in a page."""

    name: str
    body: bytes
    content_type: str
    inline: bool = False


Shown = Page | GoTo | FileAnswer
Show = Callable[[PageRequest], Awaitable[Shown]]
"""Raises NotFound, NotAllowed, BadInput with the sentence that is shown instead."""


@dataclass(frozen=True, slots=True)
class PageRoute:
    """`path` is as aiohttp has it ("/investigations/{number}"). With `live` an open page hears of changes."""

    path: str
    show: Show
    roles: frozenset[Role] = PEOPLE
    method: str = "GET"
    live: bool = False
    same_for: frozenset[Role] = frozenset()
    """Everybody with one of these roles is shown the same data: it is made once for all of them."""
    menu: str = ""
    """What the menu calls it; "" for what is not in the menu."""
    usable_s: float = 0.0
    """So long one that was made is shown to who loads it, while a new one is made for who comes next."""
