"""What the rooms above investigations know of one, as its card takes it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Tier3(StrEnum):
    """How far development is with it."""

    NONE = "none"
    TRIAGE = "triage"
    WORKING = "working"
    FIXED = "fixed"
    """Not released yet."""
    RELEASED = "released"
    DECLINED = "declined"
    """Closed without a fix, or gone from the tracker."""


@dataclass(frozen=True, slots=True)
class Told:
    """What customers of an investigation were told: `answered` of them, the last one at `at`.

    `to_review` are answers that wait for somebody's approval, `sending` those that are on their way.
    """

    answered: int = 0
    at: datetime | None = None
    to_review: int = 0
    sending: int = 0


class VendorTurn(StrEnum):
    """Whose turn it is between us and a vendor."""

    SENDING = "sending"
    WAITING = "waiting"
    """They owe an answer."""
    OURS = "ours"
    """They wait for us."""
    UNKNOWN = "unknown"
    """A person has to say whether the mail arrived."""
    STUCK = "stuck"
    """The mail did not go out."""
    BY_HAND = "by_hand"
    """A person sends the text."""


FOR_US = (VendorTurn.UNKNOWN, VendorTurn.STUCK, VendorTurn.BY_HAND, VendorTurn.OURS)
"""Turns in which somebody here has to do something, the most urgent first."""


@dataclass(frozen=True, slots=True)
class WithVendor:
    """A vendor who has the investigation: whose turn it is, since when, and the vendor's own reference."""

    title: str
    turn: VendorTurn
    since: datetime
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Above:
    """What the rooms above know of an investigation, for its card; `tier3_words` is where development is, in a line.

    `has_tracker` is whether there is anybody to send it to. `waits_for` is who of management is asked now, as a mention
    of theirs, "" where it is all of them. `handover_words` is whom it waits for to take it over, in a line. `vendors`
    have it, `has_vendors` is whether there are any. `rise_words` says how many customers write now and how many are
    usual, "" where these are no more.
    """

    tier3: Tier3 = Tier3.NONE
    tier3_words: str = ""
    has_tracker: bool = True
    told: Told = Told()
    waits_for: str = ""
    waits_for_since: datetime | None = None
    """When they were asked."""
    unanswered_since: datetime | None = None
    """When everybody of management had been asked and nobody had answered; None while somebody is still to be asked."""
    handover_words: str = ""
    vendors: tuple[WithVendor, ...] = ()
    has_vendors: bool = False
    rise_words: str = ""
    page: str = ""
    """The address of its page, "" where none is served."""
    wants_story: bool = False
    """Whether a tracker has its issue and not its story."""


NOTHING_ABOVE = Above()
