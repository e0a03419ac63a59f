"""What counts how long customers waited, and what became of trends."""

import os
from collections.abc import Sequence
from datetime import tzinfo

from bot.app.rooms import Rooms
from bot.numbers.drawing import Drawings
from bot.numbers.grouping import Names
from bot.numbers.service import WORTH, NumbersService
from bot.numbers.store import NumbersStore
from bot.web.pages.numbers import NumbersPages
from bot.web.pages.page import PageRoute


def build_numbers(rooms: Rooms, zone: tzinfo, *, worth: float = WORTH) -> NumbersService:
    records, catalog = rooms.records, rooms.catalog
    return NumbersService(
        store=NumbersStore(database=records.database, teams={target.key: target.team for target in catalog}),
        clock=records.clock,
        names=Names({team.key: team.title for team in rooms.teams}, {target.key: target.title for target in catalog}),
        zone=zone,
        worth=worth,
    )


def numbers_pages(rooms: Rooms, zone: tzinfo) -> Sequence[PageRoute]:
    numbers = build_numbers(rooms, zone)
    return NumbersPages(numbers=numbers, drawings=Drawings(numbers=numbers, environ=os.environ)).routes
