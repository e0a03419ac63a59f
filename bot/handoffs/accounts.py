"""To whom a tracker can assign an issue, as far as it says so in time."""

import asyncio

from bot.known_issues.service import KnownIssueService
from bot.known_issues.tracker import Account, TrackerError

ACCOUNTS_S = 2.0
"""How long the tracker may take to say who can be assigned, so that a form can still be opened."""


class Assignable:
    """Asks, and remembers what each tracker said last: that is offered where it is slow."""

    def __init__(self, *, known: KnownIssueService, within_s: float) -> None:
        self._known = known
        self._within_s = within_s
        self._accounts: dict[str, tuple[Account, ...]] = {}

    async def of(self, issue_id: int, tracker: str) -> tuple[Account, ...]:
        """Raises TrackerError, also where it is slow and never said anything."""
        try:
            async with asyncio.timeout(self._within_s):
                self._accounts[tracker] = await self._known.assignable(issue_id)
        except TimeoutError:
            if tracker not in self._accounts:
                why = f"it did not say within {self._within_s:g} s whom it can assign"
                title = self._known.trackers.get(tracker, tracker)
                raise TrackerError(title, why, retry=True) from None
        return self._accounts[tracker]

    def name(self, tracker: str, account: str) -> str:
        """What people call an account; the account itself where the tracker did not say that."""
        return next((each.name for each in self._accounts.get(tracker, ()) if each.id == account), account)
