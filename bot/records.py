"""What every service stands on."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.database import Database
from bot.messages.owed import Owed
from bot.people import People


@dataclass(frozen=True, slots=True)
class Records:
    """Where a use case commits its change, what it owes in the same transaction, who may, and when."""

    database: Database
    owed: Owed
    people: People
    clock: Clock


class Service:
    """What people do with a room: every service, and every loop beside one, has the records at hand."""

    def __init__(self, records: Records) -> None:
        self._database = records.database
        self._owed = records.owed
        self._people = records.people
        self._clock = records.clock
