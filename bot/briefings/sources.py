"""The ports through which a briefing asks the rooms beside it; each may be missing in a configuration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.briefings.model import Trouble
from bot.briefings.waiting import NotTold
from bot.known_issues.model import Change, KnownIssue


class Age(Protocol):
    """How old the data of a tracker is; `failing_since` is set while it does not answer, `reason` says why."""

    @property
    def title(self) -> str: ...

    @property
    def as_of(self) -> datetime | None: ...

    @property
    def failing_since(self) -> datetime | None: ...

    @property
    def reason(self) -> str: ...


class KnownIssues(Protocol):
    """What development knows; answers come from our own records, trackers are not asked."""

    def marked(self) -> Sequence[KnownIssue]:
        """Issues that support is told of, not closed or gone, and P0, P1, pending, or found by QA."""

    def get(self, issue_id: int) -> KnownIssue:
        """An issue by our id, a closed or gone one too. Raises NotFound."""

    def changes_since(self, moment: datetime) -> Sequence[tuple[KnownIssue, Change]]:
        """Everything that changed later than `moment`, each with its issue as it is now."""

    def ages(self) -> Sequence[Age]:
        """Of every tracker."""


@dataclass(frozen=True, slots=True)
class Affected:
    """How much an issue hurts: confirmed `tickets`, how many of them are `more` than at the moment asked about.

    `investigations` are the live ones that people linked to it.
    """

    tickets: int
    more: int = 0
    investigations: frozenset[int] = frozenset()


class IssueLinks(Protocol):
    def affected(self, since: datetime) -> Mapping[int, Affected]:
        """By id the issues that have confirmed tickets or a live investigation; `more` counts from `since` on."""


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


class Releases(Protocol):
    def not_told(self) -> tuple[int, Sequence[tuple[NotTold, str]]]:
        """How many customers wait in all, and what for; each with the key of the card that asks for their answer."""


class Handoffs(Protocol):
    def waiting(self) -> Sequence[Waiting]:
        """What Tier 3 has and has not given back."""
