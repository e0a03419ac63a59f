"""The board: what support should know now, for a screen five metres away and for a phone."""

from dataclasses import dataclass
from datetime import datetime

from bot.investigations.service import InvestigationService
from bot.logins.model import EVERYBODY
from bot.targets.model import Catalog
from bot.web.pages.page import Page, PageRequest, PageRoute


@dataclass(frozen=True, slots=True)
class BoardInvestigation:
    name: str
    target: str
    symptom: str
    state: str
    owner: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    investigations: tuple[BoardInvestigation, ...]


class BoardPage:
    def __init__(self, *, investigations: InvestigationService, catalog: Catalog) -> None:
        self._investigations = investigations
        self._catalog = catalog

    @property
    def route(self) -> PageRoute:
        return PageRoute("/board", self.show, roles=EVERYBODY, live=True, menu="Board")

    async def show(self, asked: PageRequest) -> Page:
        live = self._investigations.live()
        rows = tuple(
            BoardInvestigation(
                name=one.name,
                target=self._catalog.named(one.target).title,
                symptom=one.symptom,
                state=one.state,
                owner=one.owner or "",
                opened_at=one.opened_at,
            )
            for one in live
        )
        return Page("board.html", "Board", Board(rows))
