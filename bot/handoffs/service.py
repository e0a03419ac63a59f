"""Giving investigations to Tier 3, and what development does with the issue."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from attrs import define

from bot.database import Taken
from bot.errors import BadInput, existing
from bot.handoffs.lanes import Lanes
from bot.handoffs.model import (
    CHANGE_WORDS,
    LANE_WORDS,
    AlreadyHandedOff,
    ErrandKind,
    Handoff,
    HandoffDraft,
    HandoffForm,
    HandoffOverview,
    HandoffSettings,
    Tier3Progress,
    drafted,
    one_line,
    require_parts_short,
)
from bot.handoffs.store import HandoffStore
from bot.handoffs.told import TicketNews, ticket_news
from bot.investigations.evidence import EvidenceService
from bot.investigations.knowledge import KnowledgeService
from bot.investigations.model import EventKind, Move, State
from bot.investigations.overview import Overview
from bot.investigations.service import InvestigationService
from bot.known_issues.model import PRIORITY_WORDS, Change, KnownIssue
from bot.known_issues.naming import NoTracker
from bot.known_issues.service import KnownIssueService
from bot.known_issues.twins import beside
from bot.messages.model import Place
from bot.people import DmKind
from bot.records import Service
from bot.tickets.collection import Collected

GATHERED = timedelta(minutes=5)
"""So long what people decide about tickets is gathered, before the issue gets one comment about it."""
LIKELY = 20
"""So many known issues are offered in the form."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class HandoffService(Service):
    """Hands investigations over and keeps their messages true; what triage decides is in bot.handoffs.triage.

    What has to be done outside are errands, see bot.handoffs.errands.
    """

    _store: HandoffStore
    _investigations: InvestigationService
    _evidence: EvidenceService
    _known: KnownIssueService
    _knowledge: KnowledgeService
    _lanes: Lanes
    _settings: HandoffSettings

    def __attrs_post_init__(self) -> None:
        """What others ask, or tell, is the store's."""
        self.current, self.joined = self._store.current, self._store.joined

    async def prepare(self, investigation_id: int, *, by: str) -> HandoffForm:
        """What the form shows; after an earlier handoff what was typed then.

        Raises NotTier2, IllegalMove, NoTracker.
        """
        await self._people.require_tier2(by)
        self.check(investigation_id)
        overview, trackers = self._evidence.overview(investigation_id), tuple(self._known.trackers.items())
        linked = [issue for issue in self._known.about(investigation_id) if self._takes_evidence(issue)]
        last, issue = self._store.latest_for(investigation_id), linked[0] if linked else None
        draft = drafted(overview, trackers[0][0], issue=issue, last=last)
        return HandoffForm(overview, draft, trackers, self._likely(overview, linked))

    def check(self, investigation_id: int, *, tracker: str = "") -> None:
        """Raises IllegalMove, NoTracker where it can't be handed to Tier 3 now, into `tracker` ("" for any)."""
        if not self._known.trackers or (tracker and tracker not in self._known.trackers):
            raise NoTracker(tracker)
        investigation = self._investigations.get(investigation_id)
        investigation.after(Move.HAND_OFF)
        if investigation.state is State.HANDED_OFF and self._store.current_for(investigation_id):
            raise AlreadyHandedOff(investigation.name)

    def named_issue(self, text: str) -> KnownIssue:
        """The issue that a person named by number, key or address. Raises NotFound."""
        return self._known.naming.named(text)

    async def hand_off(self, investigation_id: int, draft: HandoffDraft, *, by: str) -> Handoff:
        """Records it and owes the messages at once; tracker and desk follow as soon as they answer.

        Raises NotTier2, BadInput, TooLong.
        """
        await self._people.require_tier2(by)
        draft = replace(draft, title=one_line(draft.title))
        if not draft.title:
            raise BadInput("An issue needs a title: say in a few words what is wrong.")
        require_parts_short(draft)
        if draft.issue_id is not None:
            issue = self._known.get(draft.issue_id)
            draft = replace(draft, tracker=issue.issue.tracker, issue_id=issue.id)
        self.check(investigation_id, tracker=draft.tracker)
        triage_places = await self._triage_places()
        try:
            with self._database.transaction():
                number = self._hand_off(investigation_id, draft, by)
                self._owe(number, investigation_id, by, triage_places)
        except Taken as error:
            raise AlreadyHandedOff(f"INV-{investigation_id}") from error
        return self.get(number)

    def get(self, handoff_id: int) -> Handoff:
        """Raises NotFound."""
        return existing(self._store.get(handoff_id), "That handoff does not exist.")

    def progress(self, investigation_id: int) -> Tier3Progress | None:
        """How far Tier 3 is with an investigation; None where it was never handed over.

        Whatever changes it changes the investigation's timeline or its known issue, and so marks its card.
        """
        handoff = self._store.current_for(investigation_id)
        if not handoff:
            return None
        return Tier3Progress(handoff, self._known.get(handoff.issue_id) if handoff.issue_id else None)

    def problem_of(self, issue_id: int) -> int | None:
        """The problem ticket of the newest handoff that is about this issue."""
        handoffs = reversed(self._store.about(issue_id))
        return next((handoff.problem_id for handoff in handoffs if handoff.problem_id), None)

    def overview(self, handoff_id: int) -> HandoffOverview:
        """Everything that its messages show."""
        handoff = self.get(handoff_id)
        tracker = handoff.draft.tracker
        return HandoffOverview(
            handoff=handoff,
            about=self._evidence.overview(handoff.investigation_id),
            issue=self._known.get(handoff.issue_id) if handoff.issue_id else None,
            age=self._known.age(tracker),
            tracker_title=self._known.trackers.get(tracker, tracker),
            errands=tuple(self._store.errands(handoff_id)),
            hung=tuple(self._store.hung(handoff_id)),
        )

    def tickets_changed(self, investigation_id: int) -> None:
        """Tickets that are confirmed after the handoff belong to it too, and others no longer; in its transaction."""
        handoff = self._store.current_for(investigation_id)
        collected = self._evidence.overview(investigation_id).collected if handoff else None
        if handoff and collected:
            self._store.want_no_more(handoff.id, [ticket.ticket_id for ticket in collected.rejected])
            self._want_hung(handoff.id, [ticket.ticket_id for ticket in collected.confirmed])
            self._want_told(handoff, collected)
            self.show(handoff.id, human=False)
            self._lanes.joined(handoff, self.thread(investigation_id))

    def tickets_told(self, handoff_id: int, news: TicketNews) -> None:
        """The issue was told; what changed meanwhile is told next (caller's transaction)."""
        self._store.told(handoff_id, news.after(self.get(handoff_id).told))
        handoff = self.get(handoff_id)
        collected = self._evidence.overview(handoff.investigation_id).collected
        if collected and not handoff.ended_at:
            self._want_told(handoff, collected)

    def changed(self, changes: Sequence[tuple[KnownIssue, Change]]) -> None:
        """Development did something to issues, in the transaction that stored it."""
        for issue, change in changes:
            for handoff in self._store.about(issue.id):
                self.show(handoff.id, human=False)
                if words := CHANGE_WORDS.get(change.kind):
                    text = f"{issue.issue.key} {words}"
                    self._investigations.record_event(handoff.investigation_id, EventKind.ISSUE, by=None, text=text)

    def problem_became(self, before: int, after: int) -> None:
        """Another problem ticket stands for the one that is over, in the caller's transaction."""
        self._lanes.problem_became(before, after)

    def aged(self, tracker: str) -> None:
        """A tracker has stopped to answer, or answers again: what is shown of its issues says so."""
        for handoff in self._store.current():
            if handoff.draft.tracker == tracker:
                self.show(handoff.id, human=False)

    def show(self, handoff_id: int, *, human: bool) -> None:
        """Marks its messages as out of date."""
        self._owed.all_changed("handoff", handoff_id, human=human)
        self._owed.all_changed("triage", handoff_id, human=human)

    def thread(self, investigation_id: int) -> Place:
        """Where people talk about the investigation, and so about its handoff."""
        return self._investigations.get(investigation_id).thread

    def _hand_off(self, investigation_id: int, draft: HandoffDraft, by: str) -> int:
        self.check(investigation_id, tracker=draft.tracker)
        earlier = self._store.current_for(investigation_id)
        words = f"{draft.title}: {draft.priority} {PRIORITY_WORDS[draft.priority]}, {LANE_WORDS[draft.lane]}"
        self._investigations.gone_to(investigation_id, Move.HAND_OFF, EventKind.HANDED_OFF, by=by, text=words)
        if earlier:
            self._store.end(earlier.id)
            self._lanes.left(earlier)
        number = self._store.hand_over(investigation_id, draft, by=by)
        if earlier:
            self._inherit(earlier, number, draft)
        if draft.issue_id is None:
            if not self._asked(number, ErrandKind.CREATE):
                self._store.ask(number, ErrandKind.CREATE)
        else:
            self._knowledge.became(investigation_id, draft.issue_id, by=by)
            self._store.ask(number, ErrandKind.EVIDENCE)
        self._want_hung(number, draft.tickets)
        return number

    def _inherit(self, earlier: Handoff, number: int, draft: HandoffDraft) -> None:
        """What was begun outside for the earlier handoff goes on for this one; the rest of it is dropped."""
        if earlier.problem_id:
            self._store.problem_is(number, earlier.problem_id, earlier.problem_url)
        self._store.inherit(earlier.id, number, ErrandKind.PROBLEM)
        if draft.issue_id is None and draft.tracker == earlier.draft.tracker:
            self._store.inherit(earlier.id, number, ErrandKind.CREATE)
        self._store.overtake(earlier.id, *ErrandKind)
        self.show(earlier.id, human=False)

    def _takes_evidence(self, issue: KnownIssue) -> bool:
        return not issue.gone_at and issue.issue.tracker in self._known.trackers

    def _asked(self, handoff_id: int, kind: ErrandKind) -> bool:
        return any(errand.kind is kind for errand in self._store.errands(handoff_id))

    def _want_hung(self, handoff_id: int, ticket_ids: Sequence[int]) -> None:
        if not self._settings.desk or not self._store.want_hung(handoff_id, ticket_ids):
            return
        if not self.get(handoff_id).problem_id and not self._asked(handoff_id, ErrandKind.PROBLEM):
            self._store.ask(handoff_id, ErrandKind.PROBLEM)
        self._store.ask(handoff_id, ErrandKind.HANG)

    def _want_told(self, handoff: Handoff, collected: Collected) -> None:
        """Development hears which tickets came and went, of all that change within some minutes at once."""
        waits = (errand for errand in self._store.errands(handoff.id) if errand.kind is ErrandKind.TICKETS)
        if ticket_news(handoff, collected) and not any(not errand.done_at and not errand.detail for errand in waits):
            self._store.ask(handoff.id, ErrandKind.TICKETS, after=GATHERED)

    async def _triage_places(self) -> tuple[str, ...]:
        """Where a new handoff is shown besides its thread: the channel, else each lead's direct messages."""
        if self._settings.channel:
            return (self._settings.channel,)
        leads = await self._people.named(self._settings.leads)
        return tuple(sorted(lead for lead in leads if self._people.takes(lead, DmKind.LANE)))

    def _owe(self, handoff_id: int, investigation_id: int, by: str, triage_places: Sequence[str]) -> None:
        thread, key = self.thread(investigation_id), f"handoff/{handoff_id}"
        self._owed.card(key, view="handoff", record_id=handoff_id, place=thread, for_user=by)
        for place in triage_places:
            key = f"triage/{handoff_id}/{place}"
            self._owed.card(key, view="triage", record_id=handoff_id, place=Place(place), for_user=by)

    def _likely(self, overview: Overview, linked: Sequence[KnownIssue]) -> tuple[KnownIssue, ...]:
        """What it may be already: issues that somebody said it is, then those that read like it."""
        words, target = f"{overview.target.title} {overview.investigation.symptom}", overview.investigation.target
        hits = self._known.search(words, target=target, limit=LIKELY).best
        return tuple(filter(self._takes_evidence, beside(linked, [hit.issue for hit in hits if hit.issue])))
