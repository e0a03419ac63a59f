"""Five weeks of a desk before its morning: hours and weekdays, people who write again, and what went wrong in them."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.sandbox.zendesk.seed import SeedReply, SeedTicket
from bot.sandbox.zendesk.writer import Writer

DAYS = 35
"""Longer than the four weeks that a bot reads at first."""
DAY_MIN = 24 * 60.0
A_DAY = 62.0
"""Customers who write on a usual day about the desk's topics; beside them come those of `_BESIDE`."""
GROWTH = 0.1
"""So much fewer wrote at the beginning."""
_BY_HOUR = (4, 3, 3, 3, 3, 4, 6, 8, 10, 12, 13, 13, 13, 14, 15, 16, 16, 15, 14, 13, 12, 11, 8, 6)
"""How many write in each hour of a day of UTC: customers live between California and Singapore, most in Europe."""
_BY_WEEKDAY = (1.2, 1.1, 1.05, 1.05, 1.0, 0.85, 0.75)
_BESIDE = (("chatter", 11.0), ("us-east-usual", 4.4), ("devices", 5.0), ("thanks", 3.0), ("spam", 1.0))
"""What else is written, with so many a day."""
_LOYAL, _AGAIN = 70, 0.15
"""So many customers write again and again; so much of the mail is theirs."""
_RECENT_MIN = 5 * DAY_MIN
"""Younger tickets are as the morning has them."""
_SCRUBBED_MIN = 30 * DAY_MIN
_CLOSES_MIN = 4 * DAY_MIN
"""Zendesk closes what has been solved for so long."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that went wrong: so many customers wrote `about` it in so many minutes. No `about` is anything."""

    days_ago: int
    hour: int
    about: str
    count: int
    minutes: float


WENT_WRONG = (
    Wrong(24, 15, "singapore-down", 17, 70),
    Wrong(20, 13, "", 40, 90),
    Wrong(17, 9, "payments-down", 18, 80),
    Wrong(11, 18, "android-840", 20, 150),
    Wrong(6, 19, "us-west-slow", 13, 75),
)
ANGRY = Wrong(13, 16, "angry", 12, 50)
"""One customer who wrote them all."""


def history(number: int, now: datetime) -> tuple[SeedTicket, ...]:
    """What was written in the weeks before `now`, the oldest first; the same two give the same tickets."""
    return tuple(sorted(_Past(number, now).tickets(), key=lambda one: -one.minutes_ago))


def older_than(tickets: tuple[SeedTicket, ...], days: float) -> int:
    return sum(one.minutes_ago > days * DAY_MIN for one in tickets)


class _Past:
    def __init__(self, number: int, now: datetime) -> None:
        self._writer = Writer(number + 500)
        self._random = random.Random(number + 501)
        self._now = now
        self._loyal = [self._writer.somebody() for _ in range(_LOYAL)]

    def tickets(self) -> Iterator[SeedTicket]:
        yield from self._twice(self._aged(self._signed(self._who(ticket))) for ticket in self._usual())
        for wrong in WENT_WRONG:
            yield from (self._aged(ticket) for ticket in self._of(wrong))
        name, email = self._writer.somebody()
        yield from (self._aged(replace(ticket, name=name, email=email)) for ticket in self._of(ANGRY))
        yield from self._odd()

    def _usual(self) -> Iterator[SeedTicket]:
        """An hour after the other, so many as its hour and its weekday have."""
        whole = sum(_BY_HOUR)
        for hour in range(DAYS * 24, -1, -1):
            begins = (self._now - timedelta(hours=hour)).replace(minute=0, second=0, microsecond=0)
            share = _BY_HOUR[begins.hour] / whole * _BY_WEEKDAY[begins.weekday()]
            share *= 1 - GROWTH * hour / (24 * DAYS)
            for minutes in self._moments(begins, A_DAY * share):
                yield self._writer.usual(minutes)
            for about, a_day in _BESIDE:
                for minutes in self._moments(begins, a_day * share):
                    yield replace(self._writer.about(about, minutes), deleted=about == "spam")

    def _moments(self, begins: datetime, expected: float) -> list[float]:
        """Moments of this hour, in minutes before now; what is still to come is left out."""
        after = (self._now - begins).total_seconds() / 60
        moments = [after - 60 * self._random.random() for _ in range(self._poisson(expected))]
        return [one for one in moments if one > 0.5]

    def _poisson(self, expected: float) -> int:
        bound, product, count = math.exp(-expected), self._random.random(), 0
        while product > bound:
            product *= self._random.random()
            count += 1
        return count

    def _of(self, wrong: Wrong) -> Iterator[SeedTicket]:
        began = (self._now - timedelta(days=wrong.days_ago)).replace(hour=wrong.hour, minute=10, second=0)
        minutes_ago = (self._now - began).total_seconds() / 60
        for position in range(wrong.count):
            minutes = minutes_ago - wrong.minutes * math.sqrt((position + self._random.random()) / wrong.count)
            yield self._writer.about(wrong.about, minutes) if wrong.about else self._writer.usual(minutes)

    def _who(self, ticket: SeedTicket) -> SeedTicket:
        if self._random.random() >= _AGAIN:
            return ticket
        name, email = self._random.choice(self._loyal)
        return replace(ticket, name=name, email=email)

    def _signed(self, ticket: SeedTicket) -> SeedTicket:
        """Every tenth mail ends with a signature or with the mail that it answers."""
        if ticket.channel != "email" or ticket.minutes_ago < 2 * DAY_MIN or self._random.random() > 0.2:
            return ticket
        return replace(ticket, description=ticket.description + self._writer.about("signatures", 0.0).description)

    def _aged(self, ticket: SeedTicket) -> SeedTicket:
        """What became of an old ticket: solved after a day or so, and closed by Zendesk; some stay open."""
        minutes = ticket.minutes_ago
        if minutes < _RECENT_MIN or ticket.deleted:
            return _scrubbed(ticket)
        solved = max(minutes - self._random.expovariate(1 / DAY_MIN) - 5, 1.0)
        stays = self._random.random() < 0.02
        status = self._random.choice(("open", "pending", "hold")) if stays else "closed"
        closed = solved - _CLOSES_MIN
        if not stays and closed < 0:
            status, closed = "solved", solved
        answered = SeedReply("Thank you for writing. We have looked into it, please see our answer below.", solved)
        aged = replace(
            ticket,
            status=status,
            assignee_id=ticket.assignee_id or 4_000_002,
            updated_minutes_ago=solved if stays else closed,
            # A job of every night touches some of what is closed already.
            restated_minutes_ago=closed * self._random.random() if self._random.random() < 0.15 else 1e9,
            deleted=self._random.random() < 0.015,
            replies=(answered,),
        )
        return _scrubbed(aged)

    def _twice(self, tickets: Iterator[SeedTicket]) -> Iterator[SeedTicket]:
        """Some customers write once more a moment later; an agent merges the second into the first."""
        for ticket in tickets:
            yield ticket
            if ticket.minutes_ago > _RECENT_MIN and not ticket.deleted and self._random.random() < 0.03:
                again = ticket.minutes_ago - self._random.uniform(2, 20)
                tags, subject = (*ticket.tags, "closed_by_merge"), f"Re: {ticket.subject}"
                note = SeedReply("This request was closed and merged into another one.", again - 15, public=False)
                yield replace(
                    ticket,
                    subject=subject,
                    minutes_ago=again,
                    updated_minutes_ago=again - 15,
                    restated_minutes_ago=1e9,
                    status="closed",
                    tags=tags,
                    replies=(note,),
                )

    def _odd(self) -> Iterator[SeedTicket]:
        """Rows that every desk has: no subject, one word, a whole log."""
        log = "2026-10-30 12:00:00 tun0: read packet, write packet, keepalive\n" * 1_500
        for days_ago, subject, description in ((9, "", "hello?"), (15, "", "."), (22, "log as you asked", log)):
            ticket = self._writer.ticket(subject, description, days_ago * DAY_MIN + 77, tags=())
            yield self._aged(ticket)


def _scrubbed(ticket: SeedTicket) -> SeedTicket:
    """What was deleted long ago is deleted for good."""
    if not ticket.deleted or ticket.minutes_ago < _SCRUBBED_MIN:
        return ticket
    gone = ticket.minutes_ago - _SCRUBBED_MIN
    return replace(ticket, subject="SCRUBBED", description="SCRUBBED", tags=(), replies=(), restated_minutes_ago=gone)
