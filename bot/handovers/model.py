"""A handover that somebody was asked for, how long it waits, and the end of an owner's working day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.errors import BadInput, NotAllowed
from bot.people import Availability
from bot.working_hours import WorkingHours

LATE = timedelta(hours=1)
"""So long after the end of their day the owner is still asked; later they have gone home."""
OFFERED_TO = 20
"""So many colleagues the menu of an offer lists, those who stay longest first."""


class HandoverState(StrEnum):
    """Only a pending one waits for an answer; every other state is final."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Why(StrEnum):
    """Why a handover was withdrawn."""

    REPLACED = "replaced"
    """Somebody else is asked now."""
    TAKEN_BACK = "taken_back"
    GONE = "gone"
    """The receiver left."""
    CLOSED = "closed"
    RELEASED = "released"
    CLAIMED = "claimed"
    """Somebody else has it now."""


@dataclass(frozen=True, slots=True)
class HandoverSettings:
    """Somebody who is asked has `answer` of their working time; the offer comes `before_end` of the owner's day."""

    hours: WorkingHours
    answer: timedelta = timedelta(minutes=30)
    before_end: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Handover:
    """Somebody was asked to take an investigation over. People are Slack user ids.

    `owner` had it when it was asked, "" for nobody. With `whole` the note was written in the form, where the record
    stood in it; otherwise the record follows it.
    """

    id: int
    investigation_id: int
    asked_by: str
    receiver: str
    asked_at: datetime
    expires_at: datetime
    owner: str = ""
    note: str = ""
    whole: bool = False
    state: HandoverState = HandoverState.PENDING
    why: str = ""
    settled_at: datetime | None = None
    settled_by: str = ""
    link: str = ""
    """The address of the investigation's card, "" where nobody knows it."""

    @property
    def pending(self) -> bool:
        return self.state is HandoverState.PENDING

    @property
    def name(self) -> str:
        return f"INV-{self.investigation_id}"


class NotAsked(NotAllowed):
    """Somebody else was asked to take it over."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Somebody else was asked to take {name} over. Join it, if you want to help.")


class NotWaiting(BadInput):
    """The handover has its answer already, or waits no longer. `handover` is how it ended."""

    def __init__(self, handover: Handover) -> None:
        ended = {
            HandoverState.ACCEPTED: "was accepted",
            HandoverState.DECLINED: "was declined",
            HandoverState.EXPIRED: "had no answer in time",
        }.get(handover.state, "was withdrawn")
        super().__init__(f"The handover of {handover.name} {ended}. Its card shows who has it now.")
        self.handover = handover


class OwnerIsThere(BadInput):
    """Nobody takes an investigation from an owner who can be asked. `owner` is who."""

    def __init__(self, name: str, owner: str) -> None:
        super().__init__(f"The owner of {name} is at work. Join it, or have it handed over to you.", who_can=[owner])
        self.owner = owner


class OfferState(StrEnum):
    """What became of the offer at the end of a day."""

    PLANNED = "planned"
    OFFERED = "offered"
    KEPT = "kept"
    HANDED = "handed"
    SKIPPED = "skipped"
    """Nothing was open, the owner was away, or the day was long over."""


@dataclass(frozen=True, slots=True)
class HandoverChoice:
    """A colleague who is there, with the name that the menu shows."""

    user: str
    name: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The end of a working day of somebody who owns investigations: one row for a person and a day.

    `investigations` are those that were open when it was said, `chosen` is who was asked to take them.
    """

    id: int
    user: str
    day: date
    due_at: datetime
    ends_at: datetime
    state: OfferState = OfferState.PLANNED
    investigations: tuple[int, ...] = ()
    choices: tuple[HandoverChoice, ...] = ()
    chosen: str = ""


def asked_key(handover_id: int) -> str:
    """The key of the message to whoever is asked."""
    return f"handover/{handover_id}/asked"


def outcome_key(handover_id: int) -> str:
    """The key of the message that says how it ended."""
    return f"handover/{handover_id}/outcome"


def offer_key(offer_id: int) -> str:
    return f"day-end/{offer_id}"


def absence(person: Availability, hours: WorkingHours, moment: datetime) -> str:
    """Why somebody can't be asked at a moment, as it follows their name; "" while they can."""
    if person.gone:
        return "has left"
    if person.away:
        return f"is away (“{person.away}”)"
    return "" if person.hours_among(hours).contain(moment) else "is outside their working hours"


def long_over(offer: Offer, moment: datetime) -> bool:
    """Whether the day ended so long ago that its owner is no longer asked."""
    return moment > offer.ends_at + LATE


def who_can_take(
    people: Sequence[tuple[HandoverChoice, Availability]], hours: WorkingHours, moment: datetime
) -> tuple[HandoverChoice, ...]:
    """The colleagues who are there, those who stay longest first."""
    there = [(person.hours_among(hours), choice) for choice, person in people if not absence(person, hours, moment)]
    ranked = sorted(there, key=lambda candidate: (-candidate[0].end_after(moment).timestamp(), candidate[1].name))
    return tuple(choice for _, choice in ranked)[:OFFERED_TO]
