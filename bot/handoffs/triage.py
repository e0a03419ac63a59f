"""What triage decides about handoffs: priority, lane, and who of development takes it."""

import asyncio

from attrs import define

from bot.errors import BadInput, NotAllowed
from bot.field_limits import require_short
from bot.handoffs.lanes import Lanes
from bot.handoffs.model import LANE_WORDS, Decision, ErrandKind, Handoff, HandoffSettings, Lane, triage_text
from bot.handoffs.service import HandoffService
from bot.handoffs.store import HandoffStore
from bot.investigations.above import Tier3
from bot.investigations.model import EventKind
from bot.investigations.service import InvestigationService
from bot.known_issues.model import PRIORITY_WORDS, Priority
from bot.known_issues.service import KnownIssueService
from bot.known_issues.tracker import Account, TrackerError
from bot.records import Service


class NotTriage(NotAllowed):
    """Only those who triage may decide. `user` is who tried, `leads` who may."""

    def __init__(self, user: str, leads: frozenset[str]) -> None:
        nobody = "Slack knows none of the [handoffs] leads in secondline.toml, so nobody can triage. Ask your admin."
        super().__init__("Only the triage leads can do this." if leads else nobody, who_can=sorted(leads))
        self.user = user
        self.leads = leads


@define(kw_only=True, eq=False, repr=False, slots=False)
class TriageService(Service):
    """The configured leads decide; without leads everybody of Tier 2 may, in the thread."""

    _store: HandoffStore
    _handoffs: HandoffService
    _investigations: InvestigationService
    _known: KnownIssueService
    _lanes: Lanes
    _settings: HandoffSettings

    def __attrs_post_init__(self) -> None:
        self._accounts: dict[str, tuple[Account, ...]] = {}
        """What each tracker said last; it is offered where the tracker is slow."""

    async def is_asked(self, user: str) -> bool:
        """Whether somebody gets each handoff in direct messages, unless they don't want that."""
        return not self._settings.channel and user in await self._people.named(self._settings.leads)

    async def waiting_for(self, user: str) -> list[Handoff]:
        """Those that nobody has decided about and that this person may decide about, oldest first."""
        leads = await self._people.named(self._settings.leads)
        if user not in leads if self._settings.leads else not await self._people.is_tier2(user):
            return []
        known = [self._handoffs.progress(investigation.id) for investigation in self._investigations.live()]
        waiting = [progress.handoff for progress in known if progress and progress.stage is Tier3.TRIAGE]
        return sorted(waiting, key=lambda handoff: handoff.id)

    async def accept(self, handoff_id: int, *, by: str) -> Handoff:
        """Priority and lane as they were asked for; a decision that came first stays. Raises NotTriage, BadInput."""
        await self._require_lead(by)
        with self._database.transaction():
            handoff = self._current(handoff_id)
            if handoff.changed_by_triage:
                raise BadInput("Triage has decided something else meanwhile. The message shows what.")
            return self._decide(handoff, handoff.priority, handoff.lane, "", by)

    async def decide(self, handoff_id: int, priority: Priority, lane: Lane, *, reason: str, by: str) -> Handoff:
        """What triage says counts from now on, here and on the issue; the same once more changes nothing.

        Raises NotTriage, TooLong.
        """
        await self._require_lead(by)
        require_short(reason, "A reason")
        with self._database.transaction():
            return self._decide(self._current(handoff_id), priority, lane, reason, by)

    async def to_change(self, handoff_id: int, *, by: str) -> Handoff:
        """What triage is about to change. Raises NotTriage."""
        await self._require_lead(by)
        return self._current(handoff_id)

    async def accounts(self, handoff_id: int, *, by: str) -> tuple[Handoff, tuple[Account, ...]]:
        """To whom the tracker can assign the issue, as it said last where it is slow: Slack waits 3 s for a form.

        Raises NotTriage, TrackerError, BadInput where there is nobody.
        """
        await self._require_lead(by)
        handoff = self._current(handoff_id)
        if handoff.issue_id is None:
            raise BadInput("There is no issue in the tracker yet. Assign it when there is one.")
        tracker = handoff.draft.tracker
        title = self._known.trackers.get(tracker, tracker)
        try:
            async with asyncio.timeout(self._settings.accounts_s):
                self._accounts[tracker] = await self._known.assignable(handoff.issue_id)
        except TimeoutError:
            if tracker not in self._accounts:
                why = f"it did not say within {self._settings.accounts_s:g} s whom it can assign"
                raise TrackerError(title, why, retry=True) from None
        if not self._accounts[tracker]:
            raise BadInput(f"{title} has nobody whom the bot can assign. Assign the issue in the tracker.")
        return handoff, self._accounts[tracker]

    async def assign(self, handoff_id: int, account: str, *, by: str) -> Handoff:
        """The last one who was chosen counts; an earlier choice that the tracker has not taken yet is dropped."""
        await self._require_lead(by)
        with self._database.transaction():
            handoff = self._current(handoff_id)
            self._store.overtake(handoff_id, ErrandKind.ASSIGN)
            self._store.assigned(handoff_id, account)
            self._store.ask(handoff_id, ErrandKind.ASSIGN, account)
            names = {known.id: known.name for known in self._accounts.get(handoff.draft.tracker, ())}
            text = f"assigned to {names.get(account, account)}"
            self._investigations.record_event(handoff.investigation_id, EventKind.TRIAGED, by=by, text=text)
            self._handoffs.show(handoff_id, human=True)
        return self._handoffs.get(handoff_id)

    async def retry(self, handoff_id: int, *, by: str) -> None:
        """A lead or somebody of Tier 2 mended what was in the way of an errand. Raises NotTier2."""
        if by not in await self._people.named(self._settings.leads):
            await self._people.require_tier2(by)
        with self._database.transaction():
            self._store.retry(handoff_id)
            self._handoffs.show(handoff_id, human=True)
        self._known.hurry(self._handoffs.get(handoff_id).draft.tracker)

    async def _require_lead(self, user: str) -> None:
        """Raises NotTriage, NotTier2."""
        if not self._settings.leads:
            await self._people.require_tier2(user)
            return
        leads = await self._people.named(self._settings.leads)
        if user not in leads:
            raise NotTriage(user, leads)

    def _current(self, handoff_id: int) -> Handoff:
        handoff = self._handoffs.get(handoff_id)
        if handoff.ended_at:
            raise BadInput(f"INV-{handoff.investigation_id} was sent to Tier 3 again. Decide on the newer message.")
        return handoff

    def _decide(self, handoff: Handoff, priority: Priority, lane: Lane, reason: str, by: str) -> Handoff:
        """In the caller's transaction. A comment about an earlier decision that is not written yet is dropped."""
        if handoff.decision and (handoff.priority, handoff.lane) == (priority, lane):
            return handoff
        decision = Decision(priority, lane, by, self._clock(), reason.strip())
        self._store.decided(handoff.id, decision)
        self._store.overtake(handoff.id, ErrandKind.TRIAGE)
        self._store.ask(handoff.id, ErrandKind.TRIAGE, triage_text(decision))
        words = f"{priority} {PRIORITY_WORDS[priority]}, {LANE_WORDS[lane]}"
        text, waits = f"{words}: {decision.reason}" if decision.reason else words, handoff.handed_by
        self._investigations.tell(handoff.investigation_id, EventKind.TRIAGED, by=by, text=text, about=waits)
        if handoff.lane is not lane or not handoff.decision:
            self._lanes.left(handoff)
            self._lanes.entered(self._handoffs.get(handoff.id), self._handoffs.thread(handoff.investigation_id))
        self._handoffs.show(handoff.id, human=True)
        return self._handoffs.get(handoff.id)
