"""How long customers waited, and what became of trends, for a lead and for management. Nobody is ranked: no person's
name is among what is shown."""

import asyncio
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from bot.errors import NotFound
from bot.logins.model import Role
from bot.numbers.drawing import Drawings, instead
from bot.numbers.model import KEY_MAX, WEEKS, Asked, Grouping, Step
from bot.numbers.plots import Look
from bot.numbers.service import NumbersService
from bot.numbers.sheets import SHEETS, sheet
from bot.web.pages.page import FileAnswer, Page, PageRequest, PageRoute

READERS = frozenset((Role.TIER2, Role.MANAGEMENT))
USABLE_S = 60.0
"""Figures of weeks hardly differ from those of a minute ago."""
Choice = TypeVar("Choice", bound=StrEnum)


class NumbersPages:
    def __init__(self, *, numbers: NumbersService, drawings: Drawings) -> None:
        self._numbers = numbers
        self._drawings = drawings

    @property
    def routes(self) -> Sequence[PageRoute]:
        return (
            PageRoute("/numbers", self.show, roles=READERS, same_for=READERS, menu="Numbers", usable_s=USABLE_S),
            PageRoute("/numbers/{name}.csv", self.sheet, roles=READERS),
            PageRoute("/numbers/{name}.svg", self.picture, roles=READERS),
        )

    async def show(self, asked: PageRequest) -> Page:
        return Page("numbers.html", "Numbers", await self._numbers.numbers(asked_of(asked.query)))

    async def sheet(self, asked: PageRequest) -> FileAnswer:
        """One of the tables for a spreadsheet. Raises NotFound."""
        name, choice = asked.params["name"], asked_of(asked.query)
        if name not in SHEETS:
            raise NotFound("There is no such table. The page of numbers leads to those that there are.")
        numbers, (period, groups) = await self._numbers.numbers(choice), await self._numbers.chosen(choice)
        body = await asyncio.to_thread(lambda: sheet(SHEETS[name](numbers, period.cases, groups)))
        return FileAnswer(f"numbers-{name}.csv", body, "text/csv")

    async def picture(self, asked: PageRequest) -> FileAnswer:
        """One of the pictures, as the page that it stands on wants it. Raises NotFound."""
        name, choice = asked.params["name"], asked_of(asked.query)
        look = Look(dark="dark" in asked.query, narrow="narrow" in asked.query)
        if name not in (await self._numbers.numbers(choice)).drawn:
            raise NotFound("There is no such picture, or nothing to show on it.")
        svg = await self._drawings.picture(name, choice, look)
        body = svg or instead("The picture could not be drawn. The table has its numbers.", look)
        return FileAnswer(f"numbers-{name}.svg", body, "image/svg+xml", inline=True)


def asked_of(query: Mapping[str, str]) -> Asked:
    """What an address asks for; what makes no sense there is as if it were not there."""
    usual, weeks = Asked(), query.get("weeks", "")
    return Asked(
        weeks=int(weeks) if weeks in map(str, WEEKS) else usual.weeks,
        team=query.get("team", "")[:KEY_MAX],
        target=query.get("target", "")[:KEY_MAX],
        by=_one_of(Grouping, query.get("by", ""), usual.by),
        step=_one_of(Step, query.get("step", ""), usual.step),
    )


def _one_of(choices: type[Choice], text: str, usual: Choice) -> Choice:
    return next((choice for choice in choices if choice.value == text), usual)
