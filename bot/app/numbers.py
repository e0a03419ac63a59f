"""What counts how long customers waited, and what became of trends."""

from datetime import tzinfo

from bot.app.rooms import Rooms
from bot.numbers.grouping import Names
from bot.numbers.service import WORTH, NumbersService
from bot.numbers.store import NumbersStore


def build_numbers(rooms: Rooms, zone: tzinfo, *, worth: float = WORTH) -> NumbersService:
    records, catalog = rooms.records, rooms.catalog
    return NumbersService(
        store=NumbersStore(database=records.database, teams={target.key: target.team for target in catalog}),
        clock=records.clock,
        names=Names({team.key: team.title for team in rooms.teams}, {target.key: target.title for target in catalog}),
        zone=zone,
        worth=worth,
    )
