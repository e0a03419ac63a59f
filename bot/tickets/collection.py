"""What an investigation collected from the desk: pure records and rules."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

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
    SAME = "same"
    """It tells the same trouble in other words."""
    NAMED = "named"
    """A person named it."""
    AREA = "area"
    """It is about the target, or has words of it; whether it is the same trouble nobody can tell."""
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
class TicketMove:
    """One act: which tickets went from one investigation to another."""

    id: int
    investigation_id: int
    into_id: int
    at: datetime
    by: str
    kept: dict[str, list[dict[str, Any] | None]] = field(default_factory=dict)
    """By ticket how it stood in both before, and how it stands in the other since."""
    pasted: tuple[int, ...] = ()
    """Those that were named and not read yet."""
    undone_at: datetime | None = None
    undone_by: str | None = None


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
    requester_id: int | None = None
    """Who wrote it, as the desk knows them."""
    streamed: bool = False
    """The desk's stream told of it, and no search finds it."""
    near: str = ""
    """How near it is by what was read of it, a `Level`; "" for what was not read yet."""
    shared: tuple[str, ...] = ()
    """What it has in common with the investigation, as `Shared`."""
    unfit: str = ""
    """Why it can't be about the investigation, an `Apart`; "" where it may be."""
    elsewhere: int | None = None
    """The open investigation that it belongs to."""
    rank: int | None = None
    """Where it stands in the list that people tick; None while it waits behind the list."""
    listed_at: datetime | None = None
    """Since when it is on the list."""
    listed_as: ListPart = ListPart.AREA
    decided_by: str | None = None
    decided_at: datetime | None = None
    moved_to: int | None = None
    """The investigation to which people moved it."""

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

    @property
    def searched(self) -> bool:
        """Whether it is in the desk's own count."""
        return self.matches and not self.streamed

    @property
    def customer(self) -> int:
        """Who wrote it; where nobody knows it is a customer of its own."""
        return -self.ticket_id if self.requester_id is None else self.requester_id


@dataclass(frozen=True, slots=True)
class TicketWatch:
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
    page: int = 0
    target: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """Everything that the card about tickets shows."""

    watch: TicketWatch
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
        return tuple(ticket for _, _, ticket in sorted(ranked, key=lambda entry: entry[:2]))

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
    def counted(self) -> tuple[LinkedTicket, ...]:
        """Those that match, were confirmed or are of the trend, without what belongs elsewhere or was taken off."""
        return tuple(ticket for ticket in self.tickets if ticket.counts)

    @property
    def total(self) -> int | None:
        """How many are `counted`, and of those that the desk counts beyond what was read as many as of what was read.

        None before a search; `about` says whether it is an estimate.
        """
        return None if self.watch.total is None else len(self.counted) + self.more

    @property
    def more(self) -> int:
        """How many of what was not read belong, if they are like what was read."""
        return self._of_unread(self.unread)

    @property
    def about(self) -> bool:
        """Whether tickets were not read, and some of those that were did not belong: then nobody knows the number."""
        return self.unread > 0 and self._belonging < 1

    @property
    def customers(self) -> int:
        """How many people wrote what `total` counts; of those who were not read as many as of the others."""
        return customers_of(self.counted) + self._people_of(self.more)

    @property
    def unread(self) -> int:
        """How many the desk counts beyond those that were read."""
        return max((self.watch.total or 0) - self.read, 0)

    @property
    def read(self) -> int:
        """How many of the desk's own count were read."""
        return len(self._searched)

    @property
    def _searched(self) -> tuple[LinkedTicket, ...]:
        everything = (*self.tickets, *self.rejected, *self.left_out)
        return tuple(ticket for ticket in everything if ticket.searched)

    @property
    def _belonging(self) -> float:
        """The share of what was read that is counted."""
        return sum(ticket.searched for ticket in self.tickets) / self.read if self.read else 1.0

    def _of_unread(self, count: int) -> int:
        return round(count * self._belonging)

    def _people_of(self, count: int) -> int:
        """How many people wrote so many tickets of which nothing else is known."""
        counted = self.counted
        return round(count * customers_of(counted) / len(counted)) if counted else count

    @property
    def counts(self) -> Counts | None:
        """The tickets of `total` by when they were written; None before the first search."""
        watch = self.watch
        if watch.total is None or watch.last_hour is None or watch.last_ok_at is None:
            return None
        hour_ago, hours = watch.last_ok_at - HOUR, max((watch.last_ok_at - watch.since) / HOUR - 1, 0.0)
        recent = [ticket for ticket in self.counted if ticket.created_at > hour_ago]
        before = [ticket for ticket in self.counted if watch.since <= ticket.created_at <= hour_ago]
        unread = max(watch.last_hour - sum(ticket.created_at > hour_ago for ticket in self._searched), 0)
        # The desk may have counted the hour a moment after the whole.
        more = min(self._of_unread(unread), self.more + len(before))
        earlier = self.more + len(before) - more
        return Counts(
            len(recent) + more,
            earlier,
            hours,
            customers_of(recent) + self._people_of(more),
            min(customers_of(before) + self._people_of(max(self.more - more, 0)), earlier),
        )

    @property
    def began_at(self) -> datetime | None:
        """The first ticket of the rise; where there is none beyond chance, the first that people confirmed, if any."""
        confirmed = [ticket.created_at for ticket in self.confirmed if ticket.created_at >= self.watch.since]
        return self.rise_began_at or (min(confirmed, default=None) if self.total is not None else None)

    @property
    def rise_began_at(self) -> datetime | None:
        """The first ticket of the rise; None where chance alone makes such a difference. Each customer counts once."""
        watch = self.watch
        if watch.total is None or watch.last_ok_at is None:
            return None
        first: dict[int, datetime] = {}
        for ticket in sorted(self.counted, key=lambda ticket: ticket.created_at, reverse=True):
            if ticket.created_at >= watch.since:
                first[ticket.customer] = ticket.created_at
        earlier = self._people_of(self.more)
        return began(list(first.values()), since=watch.since, now=watch.last_ok_at, earlier=earlier)


def customers_of(tickets: Iterable[LinkedTicket]) -> int:
    """How many people wrote them."""
    return len({ticket.customer for ticket in tickets})


def growth(collected: Collected) -> str:
    """Say how the last hour differs from the hours before; "" where chance alone makes such a difference."""
    counts = collected.counts
    if not counts or not (counts.rises or counts.falls):
        return ""
    about = "about " if collected.about else ""
    return f"{about}{counts.last_hour or 'none'} in the last hour, usually {_rate(counts.per_hour_before)}"


def counted(collected: Collected) -> str:
    """Say in one line how many tickets came: "30 tickets in the last hour, usually one in 6 h · 6 confirmed".

    Fewer customers than tickets are told. "" before the first search.
    """
    total, counts = collected.total, collected.counts
    if not total:
        return "" if total is None else "No matching tickets"
    confirmed, about = len(collected.confirmed), "About " if collected.about else ""
    parts = [about + matching(total) + by_customers(collected.customers, total)]
    if growth(collected) and counts:
        tickets = {0: "No tickets", 1: "1 ticket"}.get(counts.last_hour, f"{about}{counts.last_hour} tickets")
        customers = by_customers(counts.customers_last_hour or 0, counts.last_hour)
        parts = [f"{tickets}{customers} in the last hour, usually {_rate(counts.per_hour_before)}"]
    return " · ".join([*parts, *([f"{confirmed} confirmed"] if confirmed else [])])


def matching(total: int) -> str:
    return f"{total} matching ticket{'' if total == 1 else 's'}"


def by_customers(customers: int, tickets: int) -> str:
    """ " from 12 customers" where some of them wrote more than one ticket; "" where each wrote one."""
    return f" from {customers} customer{'' if customers == 1 else 's'}" if 0 < customers < tickets else ""


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
