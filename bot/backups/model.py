"""A backup that was made, and what follows of one that was put back."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Backup:
    at: datetime
    path: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What the bot does differently at its next start, since the backup is older than what Slack and Zendesk have."""

    aside: Path | None
    """Where the database went that was there before."""
    looked_for: int
    """Messages that are looked for in Slack before they are sent."""
    replies: int
    """Answers to customers whose tickets are looked at before they are sent."""
    letters: int
    """Mail to vendors of which a person has to say whether it went out."""
    unacknowledged: tuple[int, ...]
    """Investigations whose ladder goes on at once."""
