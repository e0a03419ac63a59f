"""A trend with everything that its message shows. Pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.investigations.model import Investigation
from bot.known_issues.model import KnownIssue
from bot.messages.model import ShownPicture
from bot.status.model import TargetStatus
from bot.trends.model import Trend


@dataclass(frozen=True, slots=True)
class NewestTicket:
    """A ticket as the desk shows it now; without a subject where the desk could not be asked."""

    id: int
    subject: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTrend:
    """`local` is when it was seen last, in the zone of the team: "on a Monday at 14:00"."""

    trend: Trend
    local: datetime
    title: str = ""
    """What people call its target, "" where it has none."""
    symptom: str = ""
    """What people call the symptom that its tickets share."""
    newest: tuple[NewestTicket, ...] = ()
    status: TargetStatus | None = None
    known: KnownIssue | None = None
    """What it may be."""
    regressed: bool = False
    """Its fix is out, and its tickets come after that."""
    investigation: Investigation | None = None
    investigation_url: str = ""
    again: Investigation | None = None
    """The resolved one that has started again."""
    larger_than: Trend | None = None
    picture: ShownPicture | None = None
