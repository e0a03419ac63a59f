"""The list of investigations, as data. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ListedInvestigation:
    number: int
    name: str
    title: str
    state: str
    owner: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvestigationList:
    """Those that are open, and those that ended lately, the newest first."""

    live: tuple[ListedInvestigation, ...]
    ended: tuple[ListedInvestigation, ...]
