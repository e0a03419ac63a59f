"""Tickets as the rest of the bot sees them, and what a search for them asks."""

from dataclasses import dataclass
from datetime import datetime

from bot.tickets.subscription import plans_in

PROBLEM_TAG = "secondline-problem"
"""Marks the problem tickets that the bot makes: they repeat a customer's words, and are nobody's complaint."""
UNSOLVED = ("new", "open", "pending", "hold")


@dataclass(frozen=True, slots=True)
class TicketSettings:
    window_h: float
    """How old tickets may be when an investigation begins to collect them."""
    refresh_s: float


@dataclass(frozen=True, slots=True)
class Requester:
    """A customer as the desk knows them."""

    id: int
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket. `status` and `priority` are Zendesk's words."""

    id: int
    subject: str
    status: str
    created_at: datetime
    updated_at: datetime
    url: str
    """The agent's page, for people."""
    priority: str = ""
    tags: tuple[str, ...] = ()
    requester_id: int | None = None
    places: tuple[str, ...] = ()
    """Where the customer is, as far as the desk or the ticket's words tell."""
    text: str = ""
    """The beginning of what the customer wrote."""
    assignee_id: int | None = None
    group_id: int | None = None
    problem_id: int | None = None
    """The problem ticket that it is an incident of."""
    versions: tuple[str, ...] = ()
    """Of apps and systems, as far as it was read ("app 8.4.1", "ios 26.2")."""

    @property
    def plans(self) -> tuple[str, ...]:
        """What the customer has bought, as far as they say so."""
        return plans_in(f"{self.subject}\n{self.text}")

    @property
    def unsolved(self) -> bool:
        return self.status in UNSOLVED


@dataclass(frozen=True, slots=True)
class TicketQuery:
    """A search by words, without any search grammar.

    A ticket matches if it holds one of `phrases` (words of the target) and each of `also` (words of the symptom).
    """

    phrases: tuple[str, ...]
    created_after: datetime
    unsolved_only: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found: the newest tickets first, and how many match in all, which may be more.

    `total` is the desk's own count. A ticket that holds several of the query's phrases counts once; with more
    than four phrases that overlap beyond what was read, `total` is a lower bound.
    """

    tickets: tuple[Ticket, ...]
    total: int
