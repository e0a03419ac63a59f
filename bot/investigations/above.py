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


@dataclass(frozen=True, slots=True)
class Above:
    """What the rooms above know of an investigation, for its card; `tier3_words` is where development is, in a line.

    `has_tracker` is whether there is anybody to send it to. `waits_for` is who of management is asked now, as a mention
    of theirs, "" where it is all of them. `handover_words` is whom it waits for to take it over, in a line.
    """

    tier3: Tier3 = Tier3.NONE
    tier3_words: str = ""
    has_tracker: bool = True
    told: Told = Told()
    waits_for: str = ""
    handover_words: str = ""


NOTHING_ABOVE = Above()
