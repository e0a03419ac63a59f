"""The ports through which a briefing asks the rooms beside it; each may be missing in a configuration."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from bot.briefings.model import Trouble
from bot.known_issues.model import Change, KnownIssue


@dataclass(frozen=True, slots=True)
class Affected:
    """How much an issue hurts: confirmed `tickets`, how many of them are `more` than at the moment asked about."""

    tickets: int
    more: int = 0
    investigations: frozenset[int] = field(default_factory=frozenset)
    """Live ones that are linked to it."""


class KnownIssues(Protocol):
    """What development knows; answers come from our own records, trackers are not asked."""

    def marked(self) -> Sequence[KnownIssue]:
        """Known issues that are not closed and P0, P1, pending, or found by QA."""

    def named(self, issue_ids: Collection[int]) -> Mapping[int, KnownIssue]:
        """Issues by our id, closed and gone ones too."""

    def changes_since(self, moment: datetime) -> Sequence[Change]:
        """Everything that changed in known issues later than `moment`."""

    def affected(self, since: datetime | None) -> Mapping[int, Affected]:
        """By id the issues that have confirmed tickets or a live investigation; `more` counts from `since` on."""

    def doubts(self) -> Sequence[str]:
        """A sentence for each tracker whose data is old: "GitHub northwind/app: as of 09:14 UTC; unreachable"."""


class ServiceStatus(Protocol):
    def troubles(self) -> Sequence[Trouble]:
        """Targets that are not well by what status pages and alerts say, and those of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An investigation that development has. `tickets` are (number, address); `issue_id` ours, None before it exists.

    `accepted` is whether the triage lead has taken it on.
    """

    investigation_id: int
    handed_at: datetime
    tickets: tuple[tuple[int, str], ...] = ()
    issue_id: int | None = None
    issue_title: str = ""
    issue_url: str = ""
    eta: date | None = None
    accepted: bool = True


class Handoffs(Protocol):
    def waiting(self) -> Sequence[Waiting]:
        """What Tier 3 has and has not given back."""
