"""What this room tells those above, each in the transaction that stores it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.known_issues.model import Change, KnownIssue, Release
from bot.signals import Signal


@dataclass(frozen=True, slots=True)
class Events:
    changed: Signal[Sequence[tuple[KnownIssue, Change]]] = field(default_factory=Signal)
    """Issues with what changed in them."""
    released: Signal[Sequence[Release]] = field(default_factory=Signal)
    """Releases that are new."""
    joined: Signal[int, int] = field(default_factory=Signal)
    """A known issue turned out to be another one: its number, and that of the other."""
    aged: Signal[str] = field(default_factory=Signal)
    """A tracker does not answer any more, or answers again."""
    answered: Signal[str, bool] = field(default_factory=Signal)
    """A tracker answers; whether it did not before, or was not asked yet."""
    hurried: Signal[str] = field(default_factory=Signal)
    """Somebody wants a tracker to be asked at once."""
