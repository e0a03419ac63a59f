"""Who belongs to which team's investigations. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TeamName:
    """A Tier 2 team, and how people call it."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Moved:
    """That an investigation went to another team. `left_owner` owned it until then, and does no longer."""

    id: int
    investigation_id: int
    at: datetime
    author: str
    team: str
    channel: str
    left_channel: str
    left_owner: str | None = None
    note: str = ""
    called: str = ""
    """What calls the team that has it now, where nobody of it owns it."""


def belongs(teams: Collection[str], team: str) -> bool:
    """Whether somebody of these teams is of a team; who is of none in particular is of each."""
    return not team or not teams or team in teams
