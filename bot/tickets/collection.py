"""What an investigation collected from the desk: pure records and rules."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class LinkState(StrEnum):
    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class LinkedTicket:
    """A ticket of an investigation.

    `found_at` is when a search or a person first named it. `new` is true for what came last after the first search,
    until others come; `says` where it holds the words of the symptom.
    """

    ticket_id: int
    state: LinkState
    subject: str
    status: str
    url: str
    created_at: datetime
    found_at: datetime | None = None
    new: bool = False
    says: bool = False
    tag_failure: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Watch:
    """A search that is repeated while an investigation is live.

    `total` is the desk's count over the window, `last_hour` of the last hour, `hours_before` the mean per hour
    before that, `saying` of those with the words of the symptom. `failing_since` is set while the desk does not answer.
    """

    investigation_id: int
    phrases: tuple[str, ...]
    symptom: str
    since: datetime
    active: bool
    next_at: datetime
    last_ok_at: datetime | None = None
    failing_since: datetime | None = None
    failure: str = ""
    total: int | None = None
    last_hour: int | None = None
    hours_before: float | None = None
    saying: int | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class Collected:
    """Everything that the card about tickets shows. `tickets` leaves the rejected ones out."""

    watch: Watch
    tickets: tuple[LinkedTicket, ...]
    rejected: int = 0

    @property
    def confirmed(self) -> tuple[LinkedTicket, ...]:
        return tuple(each for each in self.tickets if each.state is LinkState.CONFIRMED)

    def suggested_by(self, moment: datetime) -> tuple[LinkedTicket, ...]:
        """What waited for a decision at `moment`: a list shows no more than that, whatever was found since."""
        return tuple(each for each in self.suggested if not each.found_at or each.found_at <= moment)

    @property
    def suggested(self) -> tuple[LinkedTicket, ...]:
        return tuple(each for each in self.tickets if each.state is LinkState.SUGGESTED)


def growth(watch: Watch) -> str:
    """The last hour against the hours before, in words that stay honest with small numbers."""
    if watch.last_hour is None or watch.hours_before is None:
        return ""
    return f"{watch.last_hour} in the last hour, before that {_rate(watch.hours_before)}"


def _rate(per_hour: float) -> str:
    """A mean number per hour, as people would say it."""
    if per_hour <= 0:
        return "none"
    if per_hour < 0.75:
        return f"about one every {round(1 / per_hour)} hours"
    return f"about {round(per_hour)} an hour"


def hours_before(total: int, last_hour: int, since: datetime, now: datetime) -> float:
    """The mean number per hour in the window without its last hour."""
    hours = max((now - since) / timedelta(hours=1) - 1, 0.0)
    return max(total - last_hour, 0) / hours if hours else 0.0


# fmt: off
STOP_WORDS = frozenset((
    "about", "after", "again", "all", "and", "any", "are", "but", "can", "cannot", "cant", "customers", "does",
    "for", "from", "has", "have", "into", "is", "it", "its", "keep", "lot", "many", "most", "not", "now", "of", "on",
    "only", "people", "since", "some", "still", "that", "the", "their", "them", "they", "this", "to", "today",
    "users", "what", "when", "with",
))
# fmt: on
"""Words of a complaint that say nothing about what is wrong."""
SYMPTOM_WORDS = 3
"""Tickets must hold all of these, so a few of the first words find more than a whole sentence."""


def symptom_words(symptom: str) -> tuple[str, ...]:
    """What is worth searching in "people can't connect since today": ("connect",)."""
    words = re.findall(r"[\w.-]+", symptom.lower().replace("'", "").replace("’", ""))
    return tuple(dict.fromkeys(word for word in words if len(word) > 2 and word not in STOP_WORDS))[:SYMPTOM_WORDS]
