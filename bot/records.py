"""What every service stands on."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from attrs import define, field

from bot.clock import Clock
from bot.database import Database
from bot.due_loop import IDLE_S, work_off
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


@define(kw_only=True, eq=False, repr=False, slots=False)
class Loop(Service):
    """A service that works off what is due, turn by turn; whatever makes something due sets `_wake`."""

    _wake: asyncio.Event = field(factory=asyncio.Event)
    idle_s: ClassVar[float] = IDLE_S

    async def run(self) -> None:
        """Never returns."""
        await work_off(self.turn, wake=self._wake, clock=self._clock, idle_s=self.idle_s)

    async def turn(self) -> datetime | None:
        """Do what is due now; when something is due again."""
        raise NotImplementedError
