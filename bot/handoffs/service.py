"""Giving investigations to Tier 3, triage's answer, and what development does with the issue."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.clock import Clock
from bot.database import Database, Taken
from bot.errors import BadInput, NotFound
from bot.field_limits import require_short
from bot.handoffs.accounts import ACCOUNTS_S, Assignable
from bot.handoffs.lanes import Lanes
from bot.handoffs.model import (
    CHANGE_WORDS,
    LANE_WORDS,
    AlreadyHandedOff,
    Decision,
    Draft,
    ErrandKind,
    Handoff,
    Lane,
    Prepared,
    Shown,
    drafted,
    one_line,
    require_parts_short,
    triage_text,
)
from bot.handoffs.store import HandoffStore
from bot.handoffs.triage import Triage
from bot.investigations.evidence import EvidenceService
from bot.investigations.knowledge import KnowledgeService
from bot.investigations.model import EventKind, Move, card_key
from bot.investigations.overview import Overview
from bot.investigations.service import InvestigationService
from bot.known_issues.model import PRIORITY_WORDS, Change, KnownIssue, Priority
from bot.known_issues.naming import NoTracker
from bot.known_issues.service import KnownIssueService
from bot.known_issues.tracker import Account
from bot.known_issues.twins import beside
from bot.messages.model import Place
from bot.messages.owed import Owed
from bot.people import People
from bot.tickets.desk import Problems
from bot.tickets.service import TicketService

LIKELY = 20
"""So many known issues are offered in the form."""


def handoff_key(handoff_id: int) -> str:
    return f"handoff/{handoff_id}"


class HandoffService:
    """What people decide. What has to be done outside for it are errands, see bot.handoffs.errands."""

    def __init__(
        self,
        *,
        database: Database,
        store: HandoffStore,
        owed: Owed,
        people: People,
        clock: Clock,
        investigations: InvestigationService,
        evidence: EvidenceService,
        known: KnownIssueService,
        knowledge: KnowledgeService,
        triage: Triage,
        lanes: Lanes,
        tickets: TicketService,
        desk: Problems | None,
        wake: Callable[[], None],
        accounts_s: float = ACCOUNTS_S,
    ) -> None:
        self._database = database
        self._store = store
        self._owed = owed
        self._people = people
        self._clock = clock
        self._investigations = investigations
        self._evidence = evidence
        self._known = known
        self._knowledge = knowledge
        self._triage = triage
        self._lanes = lanes
        self._tickets = tickets
        self._desk = desk
        self._wake = wake
        self.problem_became = lanes.problem_became
        self._assignable = Assignable(known=known, within_s=accounts_s)

    async def prepare(self, investigation_id: int, *, by: str) -> Prepared:
        """What the form shows; after an earlier handoff what was typed then.

        Raises NotTier2, IllegalMove, NoTracker.
        """
        await self._people.require_tier2(by)
        self.check(investigation_id)
        seen, trackers = self._evidence.overview(investigation_id), tuple(self._known.trackers.items())
        linked = [issue for issue in self._known.about(investigation_id) if self._there(issue)]
        last, issue = self._store.latest_for(investigation_id), linked[0] if linked else None
        draft = drafted(seen, trackers[0][0], issue=issue, last=last)
        return Prepared(seen, draft, trackers, self._likely(seen, linked))

    def check(self, investigation_id: int, *, tracker: str = "") -> None:
        """Whether it can be handed to Tier 3 now, into `tracker` ("" for any). Raises IllegalMove, NoTracker."""
        if not self._known.trackers or (tracker and tracker not in self._known.trackers):
            raise NoTracker(tracker)
        self._investigations.get(investigation_id).after(Move.HAND_OFF)

    def named_issue(self, text: str) -> KnownIssue:
        """The issue that a person named by number, key or address. Raises NotFound."""
        return self._known.named(text)

    async def hand_off(self, investigation_id: int, draft: Draft, *, by: str) -> Handoff:
        """Give it to Tier 3: the record and what is owed at once; tracker and desk follow as soon as they answer.

        Raises NotTier2, BadInput, TooLong.
        """
        await self._people.require_tier2(by)
        draft = replace(draft, title=one_line(draft.title))
        if not draft.title:
            raise BadInput("An issue needs a title: say in a few words what is wrong.")
        require_parts_short(draft)
        if draft.issue_id is not None:
            chosen = self._known.get(draft.issue_id)
            draft = replace(draft, tracker=chosen.issue.tracker, issue_id=chosen.id)
        self.check(investigation_id, tracker=draft.tracker)
        places = await self._triage.places()
        try:
            with self._database.transaction():
                number = self._hand_off(investigation_id, draft, by)
                self._owe(number, investigation_id, by, places)
        except Taken as error:
            raise AlreadyHandedOff(f"INV-{investigation_id}") from error
        self._wake()
        return self.get(number)

    async def accept(self, handoff_id: int, *, by: str) -> Handoff:
        """Priority and lane as they were asked for; a decision that came first stays. Raises NotTriage, BadInput."""
        await self._triage.require(by)
        with self._database.transaction():
            found = self._current(handoff_id)
            if found.decision and (found.priority, found.lane) != (found.draft.priority, found.draft.lane):
                raise BadInput("Triage has decided something else meanwhile; the message shows what.")
            return self._decide(found, found.priority, found.lane, "", by)

    async def decide(self, handoff_id: int, priority: Priority, lane: Lane, *, reason: str, by: str) -> Handoff:
        """What triage says counts from now on, here and on the issue; the same once more changes nothing.

        Raises NotTriage, TooLong.
        """
        await self._triage.require(by)
        require_short(reason, "A reason")
        with self._database.transaction():
            return self._decide(self._current(handoff_id), priority, lane, reason, by)

    async def to_change(self, handoff_id: int, *, by: str) -> Handoff:
        """What triage is about to change. Raises NotTriage."""
        await self._triage.require(by)
        return self._current(handoff_id)

    async def accounts(self, handoff_id: int, *, by: str) -> tuple[Handoff, tuple[Account, ...]]:
        """To whom the tracker can assign the issue, as it said last where it is slow: Slack waits 3 s for a form.

        Raises NotTriage, TrackerError, BadInput where there is nobody.
        """
        await self._triage.require(by)
        found = self._current(handoff_id)
        if found.issue_id is None:
            raise BadInput("There is no issue in the tracker yet. It can be assigned as soon as there is.")
        accounts = await self._assignable.of(found.issue_id, found.draft.tracker)
        if not accounts:
            title = self._known.trackers.get(found.draft.tracker, found.draft.tracker)
            raise BadInput(f"{title} has nobody whom the bot can assign. Assign the issue in the tracker.")
        return found, accounts

    async def assign(self, handoff_id: int, account: str, *, by: str) -> Handoff:
        """The last one who was chosen counts; an earlier choice that the tracker has not taken yet is dropped."""
        await self._triage.require(by)
        with self._database.transaction():
            found = self._current(handoff_id)
            self._store.overtake(handoff_id, ErrandKind.ASSIGN)
            self._store.assigned(handoff_id, account)
            self._store.ask(handoff_id, ErrandKind.ASSIGN, account)
            text = f"assigned to {self._assignable.name(found.draft.tracker, account)}"
            self._investigations.told(found.investigation_id, EventKind.TRIAGED, by=by, text=text)
            self.show(handoff_id, human=True)
        self._wake()
        return self.get(handoff_id)

    async def retry(self, handoff_id: int, *, by: str) -> None:
        """Somebody of Tier 2 or of triage mended what was in the way of an errand. Raises NotTier2."""
        await self._triage.require_part(by)
        with self._database.transaction():
            self._store.retry(handoff_id)
            self.show(handoff_id, human=True)
        self._known.hurry(self.get(handoff_id).draft.tracker)
        self._wake()

    def get(self, handoff_id: int) -> Handoff:
        """Raises NotFound."""
        found = self._store.get(handoff_id)
        if not found:
            raise NotFound("That handoff does not exist.")
        return found

    def current(self) -> list[Handoff]:
        """Everything that is with Tier 3, oldest first."""
        return self._store.current()

    def problem_of(self, issue_id: int) -> int | None:
        """The problem ticket of the newest handoff that is about this issue."""
        return next((found.problem_id for found in reversed(self._store.about(issue_id)) if found.problem_id), None)

    def shown(self, handoff_id: int) -> Shown:
        """Everything that its messages show."""
        found = self.get(handoff_id)
        return Shown(
            handoff=found,
            seen=self._evidence.overview(found.investigation_id),
            issue=self._known.get(found.issue_id) if found.issue_id else None,
            age=self._known.age(found.draft.tracker),
            tracker_title=self._known.trackers.get(found.draft.tracker, found.draft.tracker),
            errands=tuple(self._store.errands(handoff_id)),
            hung=tuple(self._store.hung(handoff_id)),
        )

    def tickets_changed(self, investigation_id: int) -> None:
        """Tickets that are confirmed after the handoff belong to it too, in the caller's transaction."""
        found, collected = self._store.current_for(investigation_id), self._tickets.of(investigation_id)
        if found and collected:
            self._want_hung(found.id, [ticket.ticket_id for ticket in collected.confirmed])
            self._lanes.joined(found, self._thread(investigation_id))

    def changed(self, told: Sequence[tuple[KnownIssue, Change]]) -> None:
        """Development did something to issues, in the transaction that stored it."""
        for known, change in told:
            for found in self._store.about(known.id):
                self.show(found.id, human=False)
                if words := CHANGE_WORDS.get(change.kind):
                    text = f"{known.issue.key} {words}"
                    self._investigations.told(found.investigation_id, EventKind.ISSUE, by=None, text=text)

    def aged(self, tracker: str) -> None:
        """A tracker does not answer any more, or again: what is shown of its issues says so."""
        for found in self._store.current():
            if found.draft.tracker == tracker:
                self.show(found.id, human=False)

    def show(self, handoff_id: int, *, human: bool) -> None:
        """Its messages are out of date."""
        self._owed.all_changed("handoff", handoff_id, human=human)
        self._owed.all_changed("triage", handoff_id, human=human)

    def _hand_off(self, investigation_id: int, draft: Draft, by: str) -> int:
        earlier = self._store.current_for(investigation_id)
        words = f"{draft.title}: {draft.priority} {PRIORITY_WORDS[draft.priority]}, {LANE_WORDS[draft.lane]}"
        self._investigations.handed_off(investigation_id, by=by, text=words)
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

    def _inherit(self, earlier: Handoff, number: int, draft: Draft) -> None:
        """What was begun outside for the earlier handoff goes on for this one; the rest of it is dropped."""
        if earlier.problem_id:
            self._store.problem_is(number, earlier.problem_id, earlier.problem_url)
        self._store.inherit(earlier.id, number, ErrandKind.PROBLEM)
        if draft.issue_id is None and draft.tracker == earlier.draft.tracker:
            self._store.inherit(earlier.id, number, ErrandKind.CREATE)
        self._store.overtake(earlier.id, *ErrandKind)
        self.show(earlier.id, human=False)

    def _decide(self, found: Handoff, priority: Priority, lane: Lane, reason: str, by: str) -> Handoff:
        """In the caller's transaction. A comment about an earlier decision that is not written yet is dropped."""
        if found.decision and (found.priority, found.lane) == (priority, lane):
            return found
        decision = Decision(priority, lane, by, self._clock(), reason.strip())
        self._store.decided(found.id, decision)
        self._store.overtake(found.id, ErrandKind.TRIAGE)
        self._store.ask(found.id, ErrandKind.TRIAGE, triage_text(decision))
        words = f"{priority} {PRIORITY_WORDS[priority]}, {LANE_WORDS[lane]}"
        self._tell_of_decision(found, f"{words}: {decision.reason}" if decision.reason else words, by)
        if found.lane is not lane or not found.decision:
            self._lanes.left(found)
            self._lanes.entered(self.get(found.id), self._thread(found.investigation_id))
        self.show(found.id, human=True)
        self._wake()
        return self.get(found.id)

    def _tell_of_decision(self, found: Handoff, words: str, by: str) -> None:
        """Whoever handed it over waits for that, and an edit notifies nobody."""
        number = found.investigation_id
        event = self._investigations.told(number, EventKind.TRIAGED, by=by, text=words, about=found.handed_by)
        self._investigations.say(number, event, by=by)

    def _there(self, issue: KnownIssue) -> bool:
        """Whether the evidence can be added to it."""
        return not issue.gone_at and issue.issue.tracker in self._known.trackers

    def _asked(self, handoff_id: int, kind: ErrandKind) -> bool:
        return any(errand.kind is kind for errand in self._store.errands(handoff_id))

    def _want_hung(self, handoff_id: int, ticket_ids: Sequence[int]) -> None:
        if not self._desk or not self._store.want_hung(handoff_id, ticket_ids):
            return
        if not self.get(handoff_id).problem_id and not self._asked(handoff_id, ErrandKind.PROBLEM):
            self._store.ask(handoff_id, ErrandKind.PROBLEM)
        self._store.ask(handoff_id, ErrandKind.HANG)
        self._wake()

    def _owe(self, handoff_id: int, investigation_id: int, by: str, places: Sequence[str]) -> None:
        thread = self._thread(investigation_id)
        self._owed.card(handoff_key(handoff_id), view="handoff", record_id=handoff_id, place=thread, for_user=by)
        for place in places:
            key = f"triage/{handoff_id}/{place}"
            self._owed.card(key, view="triage", record_id=handoff_id, place=Place(place), for_user=by)

    def _thread(self, investigation_id: int) -> Place:
        return Place(self._investigations.get(investigation_id).channel, thread_key=card_key(investigation_id))

    def _current(self, handoff_id: int) -> Handoff:
        found = self.get(handoff_id)
        if found.ended_at:
            raise BadInput(f"INV-{found.investigation_id} was handed to Tier 3 again since; that one counts.")
        return found

    def _likely(self, seen: Overview, linked: Sequence[KnownIssue]) -> tuple[KnownIssue, ...]:
        """What it may be already: issues that somebody said it is, then those that read like it."""
        words, target = f"{seen.target.title} {seen.investigation.symptom}", seen.investigation.target
        found = self._known.search(words, target=target, limit=LIKELY).found
        return tuple(filter(self._there, beside(linked, [hit.issue for hit in found if hit.issue])))
