"""A believable desk: days or weeks of tickets of a VPN company, and a rise about U.S. East since 40 minutes."""

import math
from collections.abc import Iterator
from datetime import datetime

from bot.sandbox.zendesk.history import history, older_than
from bot.sandbox.zendesk.seed import Seed, SeedTicket
from bot.sandbox.zendesk.writer import Writer

DAYS_BACK = 4
RISE_MINUTES = 40
RISE_TICKETS = 31
_HOSTILE = (
    ("<!channel> URGENT <@U0KIM> *bold* ```code``` ", "US East is down!!! <!here> <https://example.net|click> & `rm`"),
    ("US East " + "A" * 247, ("us-east does not connect. " * 200)[:5_000]),
    (
        "US East \u202egnitcennocer speek\u202c \u200f!!!",
        "us east \u2067\u202ekcab ot tnorf\u202c\u2069 since 10 minutes",
    ),
)


def morning(
    number: int = 7, *, rise_so_far: int = RISE_TICKETS, index_lag_s: float = 60.0, now: datetime | None = None
) -> Seed:
    """The seed of the sandbox; the same `number` gives the same tickets at the same distance from now.

    With a smaller `rise_so_far` now is an earlier moment of the morning: only that many tickets of the rise
    have been written, the last of them just now. With `now` there are the weeks before it, with their hours and
    weekdays; else only the last days, evenly.
    """
    writer = Writer(number)
    rise = tuple(_rise(writer, rise_so_far))
    if now is None:
        return Seed(tickets=(*_last_days(writer), *rise), index_lag_s=index_lag_s)
    before = history(number, now)
    first = Seed().first_ticket_id - older_than(before, DAYS_BACK)
    return Seed(tickets=(*before, *_yesterday(writer), *rise), first_ticket_id=first, index_lag_s=index_lag_s)


def _last_days(writer: Writer) -> Iterator[SeedTicket]:
    """Times in minutes before now."""
    for minutes in writer.spread(250, DAYS_BACK * 24 * 60):
        yield writer.usual(minutes)
    for minutes in range(205, DAYS_BACK * 24 * 60, 330):
        yield writer.about("us-east-usual", minutes + writer.random.uniform(0, 90))
    yield from _yesterday(writer)


def _yesterday(writer: Writer) -> Iterator[SeedTicket]:
    """EU Central had trouble."""
    for minutes in writer.spread(14, 110):
        yield writer.about("eu-central", 26 * 60 + minutes)


def _rise(writer: Writer, count: int) -> Iterator[SeedTicket]:
    hostile = dict(zip((2, 5, 18), _HOSTILE, strict=True))
    end = 0.0 if count >= RISE_TICKETS else rise_minutes_ago(count - 1)
    for position in range(count):
        minutes = rise_minutes_ago(position) - end
        if position in hostile:
            subject, description = hostile[position]
            yield writer.ticket(subject, description, minutes, tags=("connection",))
        else:
            yield writer.about("us-east", minutes)


def coming(number: int = 7, *, rise_so_far: int = RISE_TICKETS, most: int = 120) -> Iterator[tuple[float, SeedTicket]]:
    """What customers write after the seed: seconds to wait, then a ticket; at most `most` of them.

    The rest of the rise, then as dense as at its end; every fourth is about something else.
    """
    writer = Writer(number + 1)
    for count in range(most):
        position = min(rise_so_far + count, RISE_TICKETS - 1)
        gap_s = 60 * (rise_minutes_ago(position - 1) - rise_minutes_ago(position))
        yield gap_s, writer.usual(0.0) if count % 4 == 3 else writer.about("us-east", 0.0)


def more(about: str, count: int, number: int) -> list[SeedTicket]:
    """So many tickets about a region or another thing, of the last ten minutes; another `number` gives others."""
    writer = Writer(number)
    return [writer.about(about, 10.0 * (count - position) / count) for position in range(count)]


def anything(count: int, number: int, *, minutes: float = 30.0) -> list[SeedTicket]:
    """So many tickets about all sorts of things, of the last minutes."""
    writer = Writer(number)
    return [writer.usual(minutes * (count - position - 0.5) / count) for position in range(count)]


def rise_minutes_ago(position: int) -> float:
    """When a ticket of the rise was written, in minutes before its end: its density grows all the time."""
    return RISE_MINUTES * (1 - math.sqrt((max(position, 0) + 0.5) / RISE_TICKETS))
