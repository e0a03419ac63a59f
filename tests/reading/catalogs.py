"""Targets that tickets of the tests are about."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from bot.reading.reader import TicketReader
from bot.targets.model import Catalog, Target

EXAMPLE = Path(__file__).parent.parent.parent / "secondline.toml"
_LISTS = ("aliases", "hosts", "addresses", "search")


@cache
def example() -> Catalog:
    """The targets of secondline.toml."""
    tables = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["targets"]
    return Catalog(tuple(target_of(key, table) for key, table in tables.items()))


def target_of(key: str, table: dict[str, Any]) -> Target:
    """A target as a table of the settings has it, as far as it is read for names."""
    lists: dict[str, Any] = {name: tuple(table.get(name, ())) for name in _LISTS}
    return Target(key, table["title"], table["kind"], **lists)


@cache
def reader() -> TicketReader:
    return TicketReader(catalog=example())
