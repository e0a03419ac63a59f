"""Customers who write in, and the help desk that they write to."""

import random
from datetime import timedelta
from itertools import count

from bot.clock import Clock
from bot.sandbox.zendesk.history import A_DAY
from bot.sandbox.zendesk.seeds import anything, more
from bot.sandbox.zendesk.server import ZendeskSandbox

MORE_TICKETS, IPHONES, SURGE = 10, 12, 60
AWAY = timedelta(hours=1)


class Customers:
    """What they write is in the desk at once; search and export have it after their usual delay."""

    def __init__(self, *, zendesk: ZendeskSandbox, clock: Clock) -> None:
        self._zendesk = zendesk
        self._clock = clock
        self._numbers = count(1_000)

    @property
    def desk_is_away(self) -> bool:
        away_until = self._zendesk.away_until
        return away_until is not None and self._clock() < away_until

    def write_about(self, about: str, title: str) -> str:
        for written in more(about, MORE_TICKETS, next(self._numbers)):
            self._zendesk.desk.write_in(written)
        return f"{MORE_TICKETS} customers wrote about {title}. The bot finds their tickets with its next search."

    def new_ios(self) -> str:
        """In many languages; the bot's settings know no such version."""
        for written in more("ios-26.2", IPHONES, next(self._numbers)):
            self._zendesk.desk.write_in(written)
        return f"{IPHONES} customers wrote that the app closes since iOS 26.2. The bot reads it within two minutes."

    def everything_rises(self) -> str:
        for written in anything(SURGE, next(self._numbers)):
            self._zendesk.desk.write_in(written)
        return f"{SURGE} customers wrote, about all sorts of things. The bot reads it within two minutes."

    def desk_goes(self) -> str:
        self._zendesk.away_until = self._clock() + AWAY
        return "Zendesk answers nobody for an hour. Customers go on writing. Let an hour pass to see it come back."

    def desk_returns(self) -> str:
        self._zendesk.away_until = None
        return "Zendesk answers again, with all that was written meanwhile."

    def have_written(self, span: timedelta) -> None:
        """In a span that the clocks have just left out: so many as usual, about anything."""
        minutes = span.total_seconds() / 60
        number = next(self._numbers)
        expected = A_DAY * minutes / (24 * 60)
        many = int(expected + random.Random(number).random())
        for written in anything(many, number, minutes=minutes):
            self._zendesk.desk.wrote_meanwhile(written)
