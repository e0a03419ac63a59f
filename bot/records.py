"""What every service stands on."""

from dataclasses import dataclass

from attrs import define

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


@define(kw_only=True, eq=False, repr=False, slots=False)
class Service:
    """What people do with a room: every service, and every loop beside one, has the records at hand."""

    _records: Records

    @property
    def _database(self) -> Database:
        return self._records.database

    @property
    def _owed(self) -> Owed:
        return self._records.owed

    @property
    def _people(self) -> People:
        return self._records.people

    @property
    def _clock(self) -> Clock:
        return self._records.clock
