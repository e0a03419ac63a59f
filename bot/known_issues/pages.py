"""What the cards show beside a known issue itself. Pure."""

from dataclasses import dataclass

from bot.known_issues.links import Age, Link
from bot.known_issues.model import Change, KnownIssue


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A guess of the bot, or what somebody decided about it."""

    link: Link
    issue: KnownIssue
    age: Age


@dataclass(frozen=True, slots=True)
class Page:
    """One whole issue: `affected` confirmed tickets, `investigations` by name, `changes` oldest first."""

    issue: KnownIssue
    affected: int
    investigations: tuple[str, ...]
    changes: tuple[Change, ...]
    age: Age
