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
