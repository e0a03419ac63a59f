"""What people decided about investigations and known issues, and what our own investigations taught. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """`suggested` is the bot's guess and counts for nothing; only a person makes it one of the others."""

    SUGGESTED = "suggested"
    IT_IS = "it_is"
    IT_ISNT = "isnt"


@dataclass(frozen=True, slots=True)
class Link:
    """That an investigation is, or is not, about a known issue. `by` is "" for what the bot suggested."""

    investigation_id: int
    issue_id: int
    verdict: Verdict
    by: str
    at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True)
class Learned:
    """What a resolved investigation of our own leaves for the next one. `at` is when it was resolved."""

    investigation_id: int
    target: str
    symptom: str
    root_cause: str
    workaround: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Age:
    """How old the data of a tracker is. `failing_since` is set while it does not answer, `reason` says why."""

    tracker: str
    title: str
    as_of: datetime | None = None
    failing_since: datetime | None = None
    reason: str = ""

    def at_rest(self) -> "Age":
        """For a message that nobody waits on any more: it is not edited when the tracker fails or answers again."""
        return replace(self, failing_since=None, reason="")
