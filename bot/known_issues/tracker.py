"""The port to an issue tracker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.errors import OutsideError
from bot.known_issues.model import IssueDraft, Release, TrackerIssue


class TrackerError(OutsideError):
    """The tracker could not be asked: `reason` says why (unreachable, 401, 429, …)."""


class NoSuchIssue(TrackerError):
    """The tracker has no such issue, or not any more. `key` is what was asked for."""

    def __init__(self, system: str, key: str) -> None:
        super().__init__(system, f"it has no issue {key}", retry=False)
        self.key = key


@dataclass(frozen=True, slots=True)
class TrackerChanges:
    """Issues that changed, oldest change first. `cursor` goes into the next call; `more`: that would not be empty.

    An issue may come twice, over the edge of two pages or calls; applying it again changes nothing. `labels` are all
    that the tracker has now, None where it does not say so: what is stored with another one was relabelled unseen.
    """

    issues: tuple[TrackerIssue, ...]
    cursor: str
    more: bool = False
    labels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody whom the tracker can assign issues to: what people call them, and the tracker's own identity."""

    id: str
    name: str


class Accounts(Protocol):
    """Under which accounts the bot has written: another token later does not make that somebody else's."""

    def accounts(self, tracker: str) -> frozenset[str]:
        """All of them, by the tracker's own identity."""

    def acted_as(self, tracker: str, account: str) -> None:
        """One more, known before anything is written under it."""


class OneAccount:
    """Implements Accounts for as long as it lives."""

    def __init__(self) -> None:
        self._accounts: set[tuple[str, str]] = set()

    def accounts(self, tracker: str) -> frozenset[str]:
        return frozenset(account for name, account in self._accounts if name == tracker)

    def acted_as(self, tracker: str, account: str) -> None:
        self._accounts.add((tracker, account))


class Tracker(Protocol):
    """One project of an issue tracker. Every method raises TrackerError where it does not answer as it should.

    Writing is repeatable: `stamp` is ours ("inv-12/handoff"), is kept in what is written without disturbing readers,
    and is looked for before anything is written again, so that a lost answer or a crash leaves one issue, one comment.
    """

    @property
    def name(self) -> str:
        """Its name in the configuration."""

    @property
    def title(self) -> str:
        """The name for people: "GitHub harbor-vpn/app"."""

    def named(self, text: str) -> str:
        """The key that a text means as people write it ("31", an address), "" where it means none of this project."""

    async def changes(self, cursor: str) -> TrackerChanges:
        """One page of what changed since `cursor` ("" for everything); nothing changed costs no quota where it can."""

    async def read(self, key: str) -> TrackerIssue:
        """One issue by what people write or paste (key, number, address), followed to where it was moved.

        Raises NoSuchIssue.
        """

    async def recheck(self, issues: Sequence[TrackerIssue]) -> Mapping[str, TrackerIssue | None]:
        """Returns these issues by uid as they are now, moved ones under their new key, None for those that are gone."""

    async def create(self, draft: IssueDraft, *, stamp: str) -> TrackerIssue:
        """A new issue, or the one that an earlier call with this stamp has made."""

    async def comment(self, issue: TrackerIssue, text: str, *, stamp: str) -> str:
        """Say something on an issue (Markdown), once per stamp; its address for people."""

    async def assignable(self) -> tuple[Account, ...]:
        """Returns the accounts that its issues can be assigned to, the first hundred or so."""

    async def assign(self, issue: TrackerIssue, account: str) -> None:
        """Assign it to one account, by id, and to nobody else. Doing it again is harmless."""

    async def releases(self) -> tuple[Release, ...]:
        """The newest releases (about 30), newest first, with the issues that they name or fix."""

    def hurry(self) -> None:
        """Ask once more at the next call, whatever silence it has asked for."""

    async def check(self) -> str:
        """Who the credentials act as and what they may do, as a line for people; raises TrackerError."""
