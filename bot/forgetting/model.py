"""Forgetting a customer: whom an order means, how far it is, and what is told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import BadInput

EXPIRES = timedelta(hours=24)
"""So long an order waits for the person; then what was looked for is let go of."""
LINKS_KEPT = timedelta(days=7)
"""So long the message says where something of the customer stays."""
LINKS_MAX = 8
"""Addresses of what stays elsewhere; the rest is counted."""
TYPED_MAX = 200


class Scope(StrEnum):
    """How much goes: one ticket, or everything of whoever wrote it."""

    TICKET = "ticket"
    CUSTOMER = "customer"


class OrderState(StrEnum):
    LOOKING = "looking"
    """What is stored is being counted."""
    ASKED = "asked"
    """The person has seen what would go."""
    NOBODY = "nobody"
    """There is nothing, or nobody, by these words; or there are several."""
    KEPT = "kept"
    """The person thought better of it."""
    EXPIRED = "expired"
    WANTED = "wanted"
    WAITING = "waiting"
    """What can be done without the desk is done; the rest waits for it."""
    SEALING = "sealing"
    """Nothing of it is in any record; what the file's free space has of it goes."""
    DONE = "done"


PENDING = (OrderState.LOOKING, OrderState.WANTED, OrderState.WAITING, OrderState.SEALING)
"""What the runner has to do something about."""


class Kind(StrEnum):
    """What people call the places where something of a customer stands."""

    TICKET = "ticket"
    DECISION = "decision"
    READ = "ticket read"
    ELEVATION = "elevation"
    REPLY = "reply"
    LOG = "log"
    LINE = "line of a timeline"
    ESCALATION = "escalation"
    HANDOFF = "handoff"
    VENDOR = "letter to a vendor"
    KNOWN = "known issue"
    MESSAGE = "message"
    NOTE = "note"
    TREND = "trend"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody typed: the number of a ticket, an address, the desk's number of a customer, or a name."""

    ticket: int = 0
    email: str = ""
    user: int = 0
    name: str = ""

    @property
    def scope(self) -> Scope:
        return Scope.TICKET if self.ticket else Scope.CUSTOMER


def read_typed(text: str) -> Wanted:
    """Read what stands after `forget`. Raises BadInput."""
    typed = " ".join(text.split())[: TYPED_MAX + 1]
    if not typed or len(typed) > TYPED_MAX:
        raise BadInput("Say whose data: a ticket (`48213` or its link), an e-mail address, or `customer 901234`.")
    if typed.startswith("<mailto:"):
        typed = typed[len("<mailto:") :].partition("|")[0].removesuffix(">")
    first, _, rest = typed.partition(" ")
    if first.lower() in ("customer", "user", "requester") and _number(rest):
        return Wanted(user=_number(rest))
    linked = typed.strip("<>").partition("|")[0]
    if "/tickets/" in linked and (number := _number(linked.rpartition("/tickets/")[2])):
        return Wanted(ticket=number)
    if number := _number(rest if first.lower() == "ticket" else typed):
        return Wanted(ticket=number)
    if "@" in typed and " " not in typed:
        return Wanted(email=typed)
    return Wanted(name=typed)


def _number(text: str) -> int:
    digits = text.strip().lstrip("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


@dataclass(frozen=True, slots=True)
class HashedPhrase:
    """A phrase as it is noted beside the database: its digest under a key, how many words it has, and a few bits of the
    first of them, so that few places have to be tried."""

    key: str
    digest: str
    words: int
    first: str


@dataclass(frozen=True, slots=True)
class Note:
    """What the file beside the database tells of somebody who was forgotten; `token` is of the order."""

    token: str
    until: datetime
    tickets: tuple[int, ...] = ()
    hashes: tuple[int, ...] = ()
    phrases: tuple[HashedPhrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Customer:
    """Everything by which what is stored of somebody is found. It is kept while an order is open, and no longer.

    `requesters` are the desk's numbers, `hashes` what the stream has in their place, `phrases` their name, address and
    the subjects of their tickets.
    """

    tickets: tuple[int, ...] = ()
    requesters: tuple[int, ...] = ()
    hashes: tuple[int, ...] = ()
    phrases: tuple[str, ...] = ()
    hashed: tuple["HashedPhrase", ...] = ()
    """Phrases of somebody who was forgotten before, of whom only this is known."""
    typed: str = ""

    def with_more(self, other: "Customer") -> "Customer":
        return replace(
            self,
            tickets=tuple(dict.fromkeys((*self.tickets, *other.tickets))),
            requesters=tuple(dict.fromkeys((*self.requesters, *other.requesters))),
            hashes=tuple(dict.fromkeys((*self.hashes, *other.hashes))),
            phrases=tuple(dict.fromkeys((*self.phrases, *other.phrases))),
            hashed=tuple(dict.fromkeys((*self.hashed, *other.hashed))),
        )


@dataclass(frozen=True, slots=True)
class Sought:
    """Whom an order means, by scope; without `customer` nobody knows who wrote the ticket."""

    ticket: Customer | None = None
    customer: Customer | None = None

    def by(self, scope: Scope) -> Customer | None:
        return self.ticket if scope is Scope.TICKET else self.customer


@dataclass(frozen=True, slots=True)
class Found:
    """What stands where, counted: rows by kind, the investigations that they are of, and what stays elsewhere."""

    kinds: Mapping[str, int] = field(default_factory=dict)
    investigations: tuple[int, ...] = ()
    links: tuple[str, ...] = ()
    """Where it stays: messages of people in Slack, issues of trackers."""
    letters: int = 0
    """Letters that vendors have."""

    @property
    def places(self) -> int:
        return sum(self.kinds.values())

    def plus(self, other: "Found") -> "Found":
        kinds = {kind: self.kinds.get(kind, 0) + other.kinds.get(kind, 0) for kind in {**self.kinds, **other.kinds}}
        return Found(
            {kind: count for kind, count in kinds.items() if count},
            tuple(dict.fromkeys((*self.investigations, *other.investigations))),
            tuple(dict.fromkeys((*self.links, *other.links))),
            self.letters + other.letters,
        )


@dataclass(frozen=True, slots=True)
class ForgetOrder:
    """What somebody asked to be forgotten. When it is done only who, when and how much of it is left."""

    id: int
    by: str
    at: datetime
    state: OrderState
    scope: Scope | None = None
    typed: str = ""
    sought: Sought = field(default_factory=Sought)
    of_ticket: Found = field(default_factory=Found)
    of_customer: Found = field(default_factory=Found)
    done: Found = field(default_factory=Found)
    token: str = ""
    """Of an order that is done again, after a backup was restored."""
    trouble: str = ""
    """Why the desk could not be asked, or why nobody is meant."""
    attempts: int = 0
    next_at: datetime | None = None
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    backups: int = 0
    """Copies of the database that were known when it was done."""
    leftover: bool = False
    """Whether the file's free space still has some of it, until the bot starts again."""

    @property
    def note(self) -> str:
        """What it is called in the file beside the database."""
        return self.token or f"{self.id} {self.at:%Y%m%dT%H%M%S.%f}"

    @property
    def scopes(self) -> Sequence[tuple[Scope, Found]]:
        """What the person may choose."""
        offered = ((Scope.TICKET, self.of_ticket), (Scope.CUSTOMER, self.of_customer))
        return [(scope, found) for scope, found in offered if self.sought.by(scope) is not None]


@dataclass(frozen=True, slots=True)
class ForgettingSettings:
    """Who may have a customer forgotten: members of `group`, `leads`; management where neither is named."""

    group: str = ""
    leads: tuple[str, ...] = ()
