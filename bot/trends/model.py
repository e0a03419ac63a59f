"""What rises: a series of customers' tickets, and what is unusual about it now."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class SeriesKey:
    """What is counted together. All empty is the whole desk."""

    target: str = ""
    symptom: str = ""
    version: str = ""
    """Platform or app with its version ("ios 26.2")."""
    term: int = 0
    """A term of bot.tickets.stream_model.ReadTicket; 0 for none."""


@dataclass(frozen=True, slots=True)
class Rise:
    """A series that is higher than chance and habit explain, as it stands at `at`."""

    series: SeriesKey
    at: datetime
    since: datetime
    """The first ticket of it."""
    window_h: float
    """The window that judged it: 0.5, 1 or 3 hours before `at`."""
    customers: int
    """Distinct requesters in the window."""
    expected: float
    """How many are usual in it."""
    score: float
    """How unlikely that is: minus the decimal logarithm of the tail, without what the whole desk shares."""
    ticket_ids: tuple[int, ...]
    """The newest first."""
    fleet: bool = False
    """The whole desk rises, and not this series alone."""
