"""Giving investigations to Tier 3, triage's answer, and what development does with the issue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.database import Database, Taken
from bot.errors import BadInput, NotFound
from bot.handoffs.model import LANE_WORDS, Decision, Draft, ErrandKind, Handoff, Lane, Shown, drafted, triage_text
from bot.handoffs.store import HandoffStore
from bot.handoffs.triage import Triage
from bot.investigations.evidence import EvidenceService
from bot.investigations.knowledge import KnowledgeService
from bot.investigations.model import EventKind, Move, card_key
from bot.investigations.overview import Overview
from bot.investigations.service import InvestigationService
from bot.known_issues.model import PRIORITY_WORDS, Change, ChangeKind, KnownIssue, Priority
from bot.known_issues.service import KnownIssueService, NoTracker
from bot.known_issues.tracker import Account
from bot.messages.model import Place
from bot.messages.owed import Owed
from bot.people import People
from bot.replies.model import Asking
from bot.replies.service import ReplyService
from bot.tickets.desk import Problems
from bot.tickets.service import TicketService

LIKELY = 20
"""So many known issues are offered in the form."""

PURPOSES = {Lane.PLANNING: "planned", Lane.FEATURE: "noted"}
"""What customers are told where a lane does not mean that a fix is under way."""
_CHANGE_WORDS = {
    ChangeKind.DONE: "is fixed",
    ChangeKind.DECLINED: "is closed without a fix",
    ChangeKind.RELEASED: "is released",
    ChangeKind.REOPENED: "is open again",
    ChangeKind.GONE: "is gone from the tracker",
}
"""Changes of an issue that belong on the timeline of its investigation; the others only edit the message."""


class AlreadyHandedOff(BadInput):
    """Somebody was faster."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} was just handed to Tier 3 by somebody else; its thread shows it.")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the form shows: where a new issue can be made, and the known issues that it may be already, best first."""

    seen: Overview
    draft: Draft
    trackers: tuple[tuple[str, str], ...]
    issues: tuple[KnownIssue, ...]


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
        replies: ReplyService,
        tickets: TicketService,
        desk: Problems | None,
        wake: Callable[[], None],
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
        self._replies = replies
        self._tickets = tickets
        self._desk = desk
        self._wake = wake

    async def prepare(self, investigation_id: int, *, by: str) -> Prepared:
        """What the form shows. Raises NotTier2, IllegalMove, NoTracker."""
        await self._people.require_tier2(by)
        self.check(investigation_id)
        seen = self._evidence.overview(investigation_id)
        trackers = tuple(self._known.trackers.items())
        linked = self._knowledge.about(investigation_id)
        draft = drafted(seen, trackers[0][0], issue_id=linked[0].id if linked else None)
        return Prepared(seen, draft, trackers, self._likely(seen, linked))

    def check(self, investigation_id: int) -> None:
        """Whether it can be handed to Tier 3 now. Raises IllegalMove, NoTracker."""
        if not self._known.trackers:
            raise NoTracker
        self._investigations.get(investigation_id).after(Move.HAND_OFF)

    def named_issue(self, text: str) -> KnownIssue:
        """The issue that a person named by number, key or address. Raises NotFound."""
        return self._known.named(text)

    async def hand_off(self, investigation_id: int, draft: Draft, *, by: str) -> Handoff:
        """Give it to Tier 3: the record and what is owed at once; tracker and desk follow as soon as they answer."""
        await self._people.require_tier2(by)
        if not draft.title.strip():
            raise BadInput("An issue needs a title: say in a few words what is wrong.")
        if draft.issue_id is not None:
            draft = replace(draft, tracker=self._known.get(draft.issue_id).issue.tracker)
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
        """Priority and lane as they were asked for. Raises NotTriage."""
        found = self.get(handoff_id)
        return await self.decide(handoff_id, found.priority, found.lane, reason="", by=by)

    async def decide(self, handoff_id: int, priority: Priority, lane: Lane, *, reason: str, by: str) -> Handoff:
        """What triage says counts from now on, here and on the issue; the same once more changes nothing."""
        await self._triage.require(by)
        with self._database.transaction():
            found = self._current(handoff_id)
            if found.decision and (found.priority, found.lane) == (priority, lane):
                return found
            decision = Decision(priority, lane, by, self._clock(), reason.strip())
            self._store.decided(handoff_id, decision)
            self._store.ask(handoff_id, ErrandKind.TRIAGE, triage_text(decision))
            words = f"{priority} {PRIORITY_WORDS[priority]}, {LANE_WORDS[lane]}"
            self._investigations.told(found.investigation_id, EventKind.TRIAGED, by=by, text=words)
            self._tell_customers(self.get(handoff_id))
            self.show(handoff_id, human=True)
        self._wake()
        return self.get(handoff_id)

    async def to_change(self, handoff_id: int, *, by: str) -> Handoff:
        """What triage is about to change. Raises NotTriage."""
        await self._triage.require(by)
        return self._current(handoff_id)

    async def accounts(self, handoff_id: int, *, by: str) -> tuple[Handoff, tuple[Account, ...]]:
        """To whom the tracker can assign the issue. Raises NotTriage, TrackerError."""
        await self._triage.require(by)
        found = self._current(handoff_id)
        if found.issue_id is None:
            raise BadInput("There is no issue in the tracker yet. It can be assigned as soon as there is.")
        return found, await self._known.assignable(found.issue_id)

    async def assign(self, handoff_id: int, account: str, *, by: str) -> Handoff:
        await self._triage.require(by)
        with self._database.transaction():
            found = self._current(handoff_id)
            self._store.assigned(handoff_id, account)
            self._store.ask(handoff_id, ErrandKind.ASSIGN, account)
            self._investigations.told(found.investigation_id, EventKind.TRIAGED, by=by, text=f"assigned to {account}")
            self.show(handoff_id, human=True)
        self._wake()
        return self.get(handoff_id)

    async def retry(self, handoff_id: int, *, by: str) -> None:
        """Somebody mended what was in the way of an errand."""
        await self._people.require_tier2(by)
        with self._database.transaction():
            self._store.retry(handoff_id)
            self.show(handoff_id, human=True)
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

    def current_for(self, investigation_id: int) -> Handoff | None:
        return self._store.current_for(investigation_id)

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
        """Tickets that are confirmed after the handoff hang on its problem ticket too, in the caller's transaction."""
        found, collected = self._store.current_for(investigation_id), self._tickets.of(investigation_id)
        if found and collected:
            self._want_hung(found.id, [ticket.ticket_id for ticket in collected.confirmed])

    def changed(self, told: Sequence[tuple[KnownIssue, Change]]) -> None:
        """Development did something to issues, in the transaction that stored it."""
        for known, change in told:
            for found in self._store.about(known.id):
                self.show(found.id, human=False)
                if words := _CHANGE_WORDS.get(change.kind):
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
            self.show(earlier.id, human=False)
        number = self._store.hand_over(investigation_id, draft, by=by)
        if draft.issue_id is None:
            self._store.ask(number, ErrandKind.CREATE)
        else:
            self._knowledge.became(investigation_id, draft.issue_id, by=by)
            self._store.ask(number, ErrandKind.EVIDENCE)
        if earlier and earlier.problem_id:
            self._store.problem_is(number, earlier.problem_id, earlier.problem_url)
        self._want_hung(number, draft.tickets)
        return number

    def _want_hung(self, handoff_id: int, ticket_ids: Sequence[int]) -> None:
        if not self._desk or not self._store.want_hung(handoff_id, ticket_ids):
            return
        asked = {errand.kind for errand in self._store.errands(handoff_id)}
        if not self.get(handoff_id).problem_id and ErrandKind.PROBLEM not in asked:
            self._store.ask(handoff_id, ErrandKind.PROBLEM)
        self._store.ask(handoff_id, ErrandKind.HANG)
        self._wake()

    def _owe(self, handoff_id: int, investigation_id: int, by: str, places: Sequence[str]) -> None:
        thread = self._thread(investigation_id)
        self._owed.card(handoff_key(handoff_id), view="handoff", record_id=handoff_id, place=thread, for_user=by)
        for place in places:
            key = f"triage/{handoff_id}/{place}"
            self._owed.card(key, view="triage", record_id=handoff_id, place=Place(place), for_user=by)

    def _tell_customers(self, found: Handoff) -> None:
        """What the lane promises: where no fix is under way, customers hear that and are not kept waiting."""
        purpose = PURPOSES.get(found.lane)
        tickets = [each.ticket_id for each in self._store.hung(found.id)] or list(found.draft.tickets)
        if not purpose or not tickets:
            return
        known = self._known.get(found.issue_id) if found.issue_id else None
        about = known.name if known else ""
        self._replies.open(
            key=f"lane/{found.id}/{found.lane}",
            purpose=purpose,
            tickets=[Asking(number, found.investigation_id, about) for number in tickets],
            values=_told(found, known),
            place=self._thread(found.investigation_id),
            for_user=found.handed_by,
        )

    def _thread(self, investigation_id: int) -> Place:
        return Place(self._investigations.get(investigation_id).channel, thread_key=card_key(investigation_id))

    def _current(self, handoff_id: int) -> Handoff:
        found = self.get(handoff_id)
        if found.ended_at:
            raise BadInput(f"INV-{found.investigation_id} was handed to Tier 3 again since; that one counts.")
        return found

    def _likely(self, seen: Overview, linked: Sequence[KnownIssue]) -> tuple[KnownIssue, ...]:
        """What it may be already: issues that somebody said it is, then those that read like it."""
        found = seen.investigation
        hits = self._known.search(f"{seen.target.title} {found.symptom}", target=found.target, limit=LIKELY).found
        listed = [*linked, *(hit.issue for hit in hits if hit.issue)]
        return tuple({issue.id: issue for issue in listed}.values())


def _told(found: Handoff, known: KnownIssue | None) -> dict[str, str]:
    """What the texts for customers may name; a date in the form that no language reads in two ways."""
    if not known:
        return {"title": found.draft.title}
    eta = known.reading.eta.isoformat() if known.reading.eta else ""
    return {"title": known.issue.title, "workaround": known.reading.workaround, "eta": eta}
