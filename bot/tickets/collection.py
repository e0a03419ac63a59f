"""What an investigation collected from the desk: pure records and rules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.slack_marks import searchable
from bot.tickets.rise import HOUR, Counts, began

_WORD = re.compile(r"[\w.-]+")


class LinkState(StrEnum):
    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class ListPart(StrEnum):
    """Under which heading of the list a ticket stands, in their order."""

    TREND = "trend"
    """It is of the trend that the investigation looks into."""
    SAYS = "says"
    """It has the words that somebody typed."""
    NAMED = "named"
    """A person named it."""
    AREA = "area"
    """It has words of the target."""
    ELSEWHERE = "elsewhere"
    """It belongs to another investigation."""


@dataclass(frozen=True, slots=True)
class Customers:
    """How many customers of an investigation wait, and when the first of them wrote."""

    count: int = 0
    first_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NamedTickets:
    """What became of tickets that a person named."""

    confirmed: bool
    """Whether they were confirmed, as those are that Tier 2 names; else they were suggested."""
    taken: tuple[int, ...] = ()
    """Those for which that changed something; `receipt` can take it back."""
    same: tuple[int, ...] = ()
    """Those that were so before."""
    missing: tuple[int, ...] = ()
    """Those that are not in the desk."""
    ruled_out: Mapping[int, str] = field(default_factory=dict)
    """Who took them off; they stay so where the person does not decide."""
    receipt: int = 0

    @property
    def whole(self) -> bool:
        """Whether all of them were taken, so that nothing has to be said about any."""
        return bool(self.taken) and not (self.same or self.missing or self.ruled_out)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person did to tickets."""

    id: int
    investigation_id: int
    by: str
    became: LinkState
    """Their state since."""
    before: Mapping[int, str]
    """The state of each before; "" for one that was not there."""
    undone: bool


@dataclass(frozen=True, slots=True)
class KeptTickets:
    """Tickets that wait to be read by number."""

    investigation_id: int
    by: str
    """Who named them, "" for nobody."""
    confirmed: bool
    """Whether that person decides."""
    of_trend: bool
    ticket_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LinkedTicket:
    """A ticket of an investigation."""

    ticket_id: int
    state: LinkState
    subject: str
    status: str
    url: str
    created_at: datetime
    found_at: datetime | None = None
    """When a search or a person first named it."""
    new: bool = False
    """It came last after the first search, and no others came since."""
    says: bool = False
    """It holds the words of the symptom."""
    tag_failure: str = ""
    places: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    """Of the app."""
    matches: bool = True
    """False for what only a person named."""
    added_by: str = ""
    """The person who named it, "" for a search."""
    of_trend: bool = False
    """It is of the trend that the investigation looks into."""
    unfit: str = ""
    """What contradicts the investigation ("platform")."""
    elsewhere: int | None = None
    """The open investigation that it belongs to."""
    rank: int | None = None
    """Where it stands in the list that people tick; None while it waits behind the list."""
    listed_at: datetime | None = None
    """Since when it is on the list."""
    listed_as: ListPart = ListPart.AREA
    decided_by: str | None = None
    decided_at: datetime | None = None

    @property
    def offered(self) -> bool:
        """Whether it is shown; what people decided or named always is, and the trend that they look into."""
        if self.state is LinkState.CONFIRMED or self.added_by:
            return True
        return not (self.elsewhere or (self.unfit and not self.of_trend))

    @property
    def kept(self) -> bool:
        """Whether it counts although no search finds it."""
        return self.state is LinkState.CONFIRMED or self.of_trend

    @property
    def counts(self) -> bool:
        return self.matches or self.kept


@dataclass(frozen=True, slots=True)
class Watch:
    """A search that is repeated while an investigation is live."""

    investigation_id: int
    phrases: tuple[str, ...]
    symptom: str
    since: datetime
    active: bool
    next_at: datetime
    last_ok_at: datetime | None = None
    failing_since: datetime | None = None
    """Set while the desk does not answer."""
    failure: str = ""
    total: int | None = None
    """The desk's count over the window."""
    last_hour: int | None = None
    """Its count over the last hour."""
    saying: int | None = None
    """Its count of those with the words of the symptom."""
    page: int = 0
    target: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """Everything that the card about tickets shows."""

    watch: Watch
    tickets: tuple[LinkedTicket, ...]
    rejected: tuple[LinkedTicket, ...] = ()
    """Those that people took off."""
    left_out: tuple[LinkedTicket, ...] = ()
    """Those that belong to another investigation or can't be about this one."""
    last: Receipt | None = None
    """The last decision that can be undone."""

    @property
    def confirmed(self) -> tuple[LinkedTicket, ...]:
        return tuple(ticket for ticket in self.tickets if ticket.state is LinkState.CONFIRMED)

    def suggested_by(self, moment: datetime) -> tuple[LinkedTicket, ...]:
        """What was on the list at `moment` and waits for a decision, without what came onto the list since."""
        return tuple(ticket for ticket in self.suggested if ticket.listed_at and ticket.listed_at <= moment)

    @property
    def undecided(self) -> tuple[LinkedTicket, ...]:
        """What people may be asked about, also what belongs to another investigation."""
        return (*self.suggested, *(ticket for ticket in self.left_out if ticket.elsewhere and not ticket.unfit))

    @property
    def listed(self) -> tuple[LinkedTicket, ...]:
        """The list as people see it, with what they have decided since it was made."""
        known = [*self.tickets, *self.rejected, *self.left_out]
        ranked = [(ticket.rank, ticket.ticket_id, ticket) for ticket in known if ticket.rank is not None]
        return tuple(ticket for _, _, ticket in sorted(ranked, key=lambda each: each[:2]))

    @property
    def waiting(self) -> tuple[LinkedTicket, ...]:
        """What is on the list and waits for a decision."""
        return tuple(ticket for ticket in self.undecided if ticket.rank is not None)

    @property
    def newer(self) -> tuple[LinkedTicket, ...]:
        """What came since the list was made: it waits until somebody asks to see it."""
        return tuple(ticket for ticket in self.undecided if ticket.rank is None)

    @property
    def suggested(self) -> tuple[LinkedTicket, ...]:
        return tuple(ticket for ticket in self.tickets if ticket.state is LinkState.SUGGESTED)

    @property
    def added(self) -> tuple[LinkedTicket, ...]:
        """The confirmed ones that no search finds."""
        return tuple(ticket for ticket in self._unfound if not ticket.of_trend)

    @property
    def _unfound(self) -> tuple[LinkedTicket, ...]:
        """Those that count although no search finds them."""
        return tuple(ticket for ticket in self.tickets if ticket.kept and not ticket.matches)

    @property
    def total(self) -> int | None:
        """Tickets that match, were confirmed or are of the trend, each once, without those that don't count.

        None before a search.
        """
        if self.watch.total is None:
            return None
        listed = sum(ticket.matches for ticket in self.tickets)
        return max(self.watch.total - sum(ticket.matches for ticket in self._others), listed) + len(self._unfound)

    @property
    def saying(self) -> int:
        """How many of `total` have the words of the symptom."""
        return max((self.watch.saying or 0) - sum(ticket.says and ticket.matches for ticket in self._others), 0)

    @property
    def _others(self) -> tuple[LinkedTicket, ...]:
        """What the desk counts, and `total` leaves out."""
        return (*self.rejected, *self.left_out)

    @property
    def counts(self) -> Counts | None:
        """The tickets of `total` by when they were written; None before the first search."""
        watch, total = self.watch, self.total
        if total is None or watch.last_hour is None or watch.last_ok_at is None:
            return None
        hour_ago, hours = watch.last_ok_at - HOUR, max((watch.last_ok_at - watch.since) / HOUR - 1, 0.0)
        rejected = sum(ticket.matches and ticket.created_at > hour_ago for ticket in self._others)
        added = sum(ticket.created_at > hour_ago for ticket in self._unfound)
        older = sum(ticket.created_at < watch.since for ticket in self._unfound)
        last_hour = min(max(watch.last_hour - rejected, 0) + added, total)
        return Counts(last_hour, max(total - last_hour - older, 0), hours)

    @property
    def began_at(self) -> datetime | None:
        """The first ticket of the rise; where there is none beyond chance, the first that people confirmed, if any."""
        confirmed = [ticket.created_at for ticket in self.confirmed if ticket.created_at >= self.watch.since]
        return self.rise_began_at or (min(confirmed, default=None) if self.total is not None else None)

    @property
    def rise_began_at(self) -> datetime | None:
        """The first ticket of the rise; None where chance alone makes such a difference."""
        watch, total = self.watch, self.total
        if total is None or watch.last_ok_at is None:
            return None
        counted = [ticket for ticket in self.tickets if ticket.counts]
        created = [ticket.created_at for ticket in counted]
        return began(created, since=watch.since, now=watch.last_ok_at, earlier=max(total - len(counted), 0))


def growth(collected: Collected) -> str:
    """Say how the last hour differs from the hours before; "" where chance alone makes such a difference."""
    counts = collected.counts
    if not counts or not (counts.rises or counts.falls):
        return ""
    return f"{counts.last_hour or 'none'} in the last hour, usually {_rate(counts.per_hour_before)}"


def counted(collected: Collected) -> str:
    """Say in one line how many customers wrote: "30 tickets in the last hour, usually one in 6 h · 6 confirmed".

    "" before the first search.
    """
    total, counts = collected.total, collected.counts
    if not total:
        return "" if total is None else "No matching tickets"
    confirmed = len(collected.confirmed)
    parts = [f"{total} matching ticket{'' if total == 1 else 's'}"]
    if growth(collected) and counts:
        tickets = {0: "No tickets", 1: "1 ticket"}.get(counts.last_hour, f"{counts.last_hour} tickets")
        parts = [f"{tickets} in the last hour, usually {_rate(counts.per_hour_before)}"]
    return " · ".join([*parts, *([f"{confirmed} confirmed"] if confirmed else [])])


def _rate(per_hour: float) -> str:
    """A mean number per hour, as people would say it."""
    if per_hour <= 0:
        return "none"
    every_h = round(1 / per_hour)
    return f"one in {every_h} h" if every_h > 1 else f"{round(per_hour)} an hour"


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
    words = _WORD.findall(searchable(symptom).lower().replace("'", "").replace("’", ""))
    return tuple(dict.fromkeys(word for word in words if len(word) > 2 and word not in STOP_WORDS))[:SYMPTOM_WORDS]
