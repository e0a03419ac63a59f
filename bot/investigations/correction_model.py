"""What of a timeline can be corrected, by whom, and what is kept of what stood there before. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import BadInput, NotAllowed
from bot.investigations.model import Event, EventKind, Investigation

TOLD = frozenset((EventKind.UPDATED, EventKind.INFORMED, EventKind.SAID, EventKind.ADVISED))
"""What those who wait and customers were told: it stands on the timeline and among what is shown to them."""
REWORDED = TOLD | {EventKind.NOTE}
"""A person's own words."""
MOVED_IN_TIME = frozenset((EventKind.NOTE, EventKind.MESSAGE, EventKind.SAID))
"""What happened outside Second Line: it sent an update when it says that it did. The words of a message are corrected
in Slack, where they stand.
"""
CORRECTABLE = REWORDED | MOVED_IN_TIME
"""What changes who has an investigation or where it stands is none of it: that is taken back by its opposite, such as
`reopen`, which stands on the timeline too.
"""

BEFORE_OPENING = timedelta(days=7)
"""Trouble begins before somebody looks into it, and an investigation is no diary."""


class CorrectionKind(StrEnum):
    WORDS = "words"
    TIME = "time"
    WITHDRAWN = "withdrawn"
    PUT_BACK = "put_back"


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing that somebody changed of an event: what stood there before, and since. Times are ISO 8601.

    Of a withdrawal `after` is why.
    """

    id: int
    event_id: int
    at: datetime
    by: str
    kind: CorrectionKind
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """How an event should read. None is as it is.

    `seen` is how many corrections of it there were when somebody began to write this, None where they saw none of it.
    """

    text: str | None = None
    at: datetime | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class ToldBefore:
    """Who heard how it read: an edit tells nobody. `threads` are those of others who asked."""

    kind: EventKind
    people: int = 0
    threads: int = 0
    tickets: int = 0
    """Answered since it was written."""


class CannotCorrect(BadInput):
    """Its kind can't be corrected, or it is not as whoever corrects it saw it."""


class NotYours(NotAllowed):
    """Neither theirs nor that of the investigation's owner."""

    def __init__(self, name: str, whom: Iterable[str | None]) -> None:
        super().__init__(f"Only whoever wrote it, or the owner of {name}, can correct it.", who_can=whom)


def may_correct(event: Event, investigation: Investigation, user: str, *, tier2: bool) -> bool:
    """Whoever wrote it may, and whoever owns the investigation, of what people wrote and the bot measured.

    What was told is Tier 2's: who is no longer of it changes none of that, even where it was their own.
    """
    if event.kind not in CORRECTABLE or (event.kind in TOLD and not tier2):
        return False
    return event.actor == user or (tier2 and investigation.owner == user)


def correctable(events: Iterable[Event], investigation: Investigation, user: str, *, tier2: bool) -> list[Event]:
    """Those that a person may correct, the newest first."""
    mine = [event for event in events if may_correct(event, investigation, user, tier2=tier2)]
    return sorted(mine, key=lambda event: (event.written_at, event.id), reverse=True)


def require_possible(at: datetime, investigation: Investigation, now: datetime) -> None:
    """Raises BadInput for a time that has not come, or is long before the investigation was opened."""
    if at > now:
        raise BadInput("That time hasn't come yet.")
    if at < investigation.opened_at - BEFORE_OPENING:
        raise BadInput(f"That is more than {BEFORE_OPENING.days} days before {investigation.name} was opened.")
