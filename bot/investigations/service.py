"""What people do with an investigation: open, claim, hand over, resolve, and the record of it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from attrs import define

from bot.database import Taken
from bot.errors import BadInput, NotFound, existing
from bot.field_limits import require_short
from bot.investigations.model import (
    Event,
    EventKind,
    Investigation,
    Move,
    OpenedInvestigation,
    SourceMessage,
    State,
    answer_key,
    card_key,
    standing,
    told_people,
)
from bot.investigations.store import InvestigationStore
from bot.investigations.teams import belongs
from bot.known_issues.empty_answers import says_nothing
from bot.messages.model import Place, Rank
from bot.probes.service import ProbeService
from bot.records import Service
from bot.signals import Signal
from bot.slack_marks import without_emoji
from bot.status.service import StatusService
from bot.targets.model import Target
from bot.tickets.service import TicketService

ANSWER = "investigation_answer"
"""The view of the replies to those who wrote the messages that an investigation came from."""
OUTCOME, OUTCOME_ELSEWHERE = "investigation_outcome", "investigation_outcome_elsewhere"
"""Further replies in the same threads: to the first of them by name, and to the others."""
TOLD = "told"
"""The view of what is said in the thread to those who wait there."""


_URGENT = (EventKind.ACKNOWLEDGED, EventKind.HANDED_BACK, EventKind.LAPSED)


class NotAnInvestigation(NotFound):
    """The command was given outside of an investigation's thread."""

    def __init__(self) -> None:
        example = "or with its name: `claim INV-3`"
        super().__init__(
            f"This works in the thread of an investigation, {example}. `/investigate` alone lists what is open."
        )


class AlreadyOwned(BadInput):
    """Somebody else has it. `owner` is who."""

    def __init__(self, name: str, owner: str) -> None:
        super().__init__(f"{name} is owned by somebody else. Join it, or have it handed over to you.", who_can=[owner])
        self.owner = owner


class CannotOwn(BadInput):
    """`user` is not of Tier 2, and Tier 2 owns investigations."""

    def __init__(self, user: str) -> None:
        super().__init__("Only Tier 2 can own an investigation. Anybody can join it.")
        self.user = user


@define(kw_only=True, eq=False, repr=False, slots=False)
class InvestigationService(Service):
    """Every change is one transaction: the record, its line on the timeline, the messages that it owes."""

    _store: InvestigationStore
    _tickets: TicketService
    _probes: ProbeService
    _status: StatusService

    def __attrs_post_init__(self) -> None:
        store = self._store
        # What others ask of the records is the store's to answer.
        self.live, self.live_for, self.latest = store.live, store.live_for, store.latest
        self.events_since, self.closed_since = store.events_since, store.closed_since
        self.closed_after = store.closed_after
        self.opened = Signal[Investigation]()
        self.resolved = Signal[Investigation]()
        self.reopened = Signal[Investigation]()
        self.moved_on = Signal[Investigation]()
        """Somebody else has it now or nobody, or it has ended."""
        self.decided = Signal[Investigation]()
        """Its owner claimed it once more, or released it."""
        self.recorded = Signal[int, EventKind, str]()
        """A line of the timeline: of which investigation, its kind, who did it ("" where that was the bot)."""

    async def open(
        self,
        target: Target,
        *,
        symptom: str,
        by: str,
        channel: str,
        source: SourceMessage | None = None,
        tickets: Collection[int] = (),
    ) -> OpenedInvestigation:
        """Open an investigation of `target` in `channel`, or find the one that is live.

        Whoever opens it owns it if they are of the target's team, and helps if they are of the other one. `tickets`
        are those of the trend that it looks into: they are on its list, also on that of the live one, and nobody has
        confirmed them. Raises TooLong.
        """
        symptom = without_emoji(symptom)
        require_short(symptom, "What people see")
        tier2 = await self._people.is_tier2(by)
        owner = by if tier2 and belongs(await self._people.teams_of(by), target.team) else None
        try:
            with self._database.transaction():
                if self._store.live_for(target.key):
                    raise Taken("it is looked into, or goes on in another one")
                investigation = self._open(target, symptom, by, owner, channel, source)
                self._tickets.of_trend(investigation.id, tickets)
                if tier2 and not owner:
                    self._store.joined(investigation.id, by)
                return OpenedInvestigation(self.get(investigation.id), created=True)
        except Taken:
            existing = self._store.live_for(target.key)
            if not existing:
                raise
            with self._database.transaction():
                self._tickets.of_trend(existing.id, tickets)
            if source:
                self._answer_source(existing.id, source, by)
            return OpenedInvestigation(existing, created=False)

    def get(self, investigation_id: int) -> Investigation:
        """Raises NotFound."""
        return existing(self._store.get(investigation_id), f"There is no INV-{investigation_id}.")

    def survivor(self, investigation_id: int) -> Investigation:
        """The one in which it goes on: itself, where it was not merged. Raises NotFound."""
        return self.get(self._store.merges.survivor(investigation_id))

    def merged_ids(self, investigation_id: int) -> list[int]:
        """Those that go on in it, also by others that do."""
        return self._store.merges.within(investigation_id)

    def together(self, investigation_id: int) -> list[int]:
        """Those that are one now: the one in which it goes on, then all that go on in that. Raises NotFound."""
        survivor = self.survivor(investigation_id).id
        return [survivor, *self.merged_ids(survivor)]

    def require_live(self, investigation_id: int) -> Investigation:
        """One that has not ended. Raises NotFound, BadInput."""
        investigation = self.get(investigation_id)
        if investigation.merged_into:
            survivor = self.survivor(investigation_id)
            raise BadInput(f"{investigation.name} goes on in {survivor.name}. Say it there, or name {survivor.name}.")
        if not investigation.live:
            raise BadInput(f"{investigation.name} is {investigation.state.replace('_', ' ')}. Reopen it first.")
        return investigation

    def has_askers(self, investigation_id: int) -> bool:
        """Whether somebody elsewhere is answered about it."""
        return bool(self._asked_at(investigation_id))

    def happened_since(self, moment: datetime, kinds: Iterable[EventKind]) -> list[tuple[Investigation, Event]]:
        """Lines of some kinds that were written later than `moment`, of all that are live or ended since."""
        events = self._store.happened_since(moment, kinds)
        about = {number: self.get(number) for number in {event.investigation_id for event in events}}
        return [(about[event.investigation_id], event) for event in events]

    def owners(self) -> list[str]:
        """Everybody who has one that is live, each once."""
        return sorted({each.owner for each in self._store.live() if each.owner})

    def resolved_before(self, investigation: Investigation) -> Investigation | None:
        """The last one of the same target that was resolved; None for one that has ended itself."""
        return self._store.resolved_before(investigation.target, investigation.id) if investigation.live else None

    def status_changed(self, target: str) -> None:
        """What is known of a target's status is on the card, in the transaction that changed it."""
        if investigation := self._store.live_for(target):
            self._owed.changed(card_key(investigation.id), human=False)

    def tickets_counted(self, investigation_id: int) -> None:
        """The card shows how many tickets it has, in the transaction that changed that."""
        self._owed.changed(card_key(investigation_id), human=False)

    async def claim(self, investigation_id: int, *, by: str, note: str = "") -> Investigation:
        """Become the owner; one's own claim again is no error. An owner who left, or left Tier 2, has it no more.

        Raises AlreadyOwned, NotTier2.
        """
        await self._people.require_tier2(by)
        owner = self.get(investigation_id).owner
        left = owner if owner and not await self._people.is_tier2(owner) else None
        with self._database.transaction():
            investigation = self.require_live(investigation_id)
            free = investigation.owner in (None, left)
            if not free and investigation.owner and investigation.owner != by:
                raise AlreadyOwned(investigation.name, investigation.owner)
            if free:
                self._store.owned_by(investigation_id, by)
                self._record(investigation_id, EventKind.CLAIMED, by, note)
                self.moved_on.tell(self.get(investigation_id))
            else:
                self.decided.tell(investigation)
        return self.get(investigation_id)

    async def release(self, investigation_id: int, *, by: str) -> Investigation:
        await self._people.require_tier2(by)
        with self._database.transaction():
            investigation = self.require_live(investigation_id)
            if investigation.owner != by:
                raise BadInput(f"Only the owner can release {investigation.name}.", who_can=[investigation.owner])
            self._store.owned_by(investigation_id, None)
            self.say(investigation_id, self._record(investigation_id, EventKind.RELEASED, by), by=by)
            self.moved_on.tell(self.get(investigation_id))
            self.decided.tell(self.get(investigation_id))
        return self.get(investigation_id)

    def freed(self, investigation_id: int, *, owner: str, why: str) -> bool:
        """Whoever owned it doesn't any more, in the caller's transaction: they have left, or didn't answer.

        False where it is somebody else's by now, or over.
        """
        investigation = self.get(investigation_id)
        if not investigation.live or investigation.owner != owner:
            return False
        self._store.owned_by(investigation_id, None)
        self._record(investigation_id, EventKind.RELEASED, None, why, about=owner)
        self.moved_on.tell(self.get(investigation_id))
        return True

    async def join(self, investigation_id: int, *, by: str) -> Investigation:
        with self._database.transaction():
            investigation = self.require_live(investigation_id)
            if investigation.owner != by and self._store.joined(investigation_id, by):
                self._record(investigation_id, EventKind.JOINED, by)
        return self.get(investigation_id)

    def taken_over(self, investigation_id: int, *, by: str, note: str = "") -> None:
        """Somebody takes it from an owner who can't be asked, who is told and stays a helper; in the caller's
        transaction, after the room above has decided that they may.
        """
        investigation = self.require_live(investigation_id)
        if investigation.owner and investigation.owner != by:
            self._store.owned_by(investigation_id, by)
            self._store.joined(investigation_id, investigation.owner)
            self._tell_of_owner(investigation, EventKind.TAKEN_OVER, by=by, about=investigation.owner, note=note)
            self.moved_on.tell(self.get(investigation_id))

    def given(self, investigation_id: int, *, to: str, by: str) -> None:
        """Whoever was asked has accepted it, in the caller's transaction; an owner who did not ask stays a helper."""
        investigation = self.require_live(investigation_id)
        self._store.owned_by(investigation_id, to)
        if investigation.owner and investigation.owner != by:
            self._store.joined(investigation_id, investigation.owner)
        self._record(investigation_id, EventKind.HANDED_OVER, by, about=to)
        self.moved_on.tell(self.get(investigation_id))

    async def resolve(self, investigation_id: int, *, root_cause: str, workaround: str, by: str) -> Investigation:
        await self._people.require_tier2(by)
        if not root_cause.strip():
            raise BadInput("Say what the root cause was, or what you believe it was: the next one will search for it.")
        require_short(root_cause, "A root cause")
        require_short(workaround, "A workaround")
        workaround = "" if says_nothing(workaround) else workaround
        with self._database.transaction():
            state = self._live_move(investigation_id, Move.RESOLVE)
            self._store.closed(investigation_id, state, by=by, root_cause=root_cause, workaround=workaround)
            self._closed(investigation_id, EventKind.RESOLVED, by, root_cause)
            self.resolved.tell(self.get(investigation_id))
        return self.get(investigation_id)

    async def dismiss(self, investigation_id: int, *, reason: str, by: str) -> Investigation:
        await self._people.require_tier2(by)
        if not reason.strip():
            raise BadInput("Say why it is not a trend: `dismiss one customer with a broken router`.")
        require_short(reason, "A reason")
        with self._database.transaction():
            state = self._live_move(investigation_id, Move.DISMISS)
            self._store.closed(investigation_id, state, by=by, reason=reason)
            self._closed(investigation_id, EventKind.DISMISSED, by, reason)
        return self.get(investigation_id)

    async def reopen(self, investigation_id: int, *, by: str) -> Investigation:
        """Raises BadInput where the target has another live investigation meanwhile."""
        await self._people.require_tier2(by)
        investigation = self.get(investigation_id)
        investigation.after(Move.REOPEN)
        try:
            with self._database.transaction():
                self._store.reopened(investigation_id)
                self._tell_everybody(investigation_id, self._record(investigation_id, EventKind.REOPENED, by), by)
                for number in (investigation_id, *self.merged_ids(investigation_id)):
                    self._tickets.resume(number)
                    self._owed.thread_changed(card_key(number), human=False)
                self.reopened.tell(self.get(investigation_id))
        except Taken as error:
            other = self._store.live_for(investigation.target)
            name = other.name if other else "another investigation"
            raise BadInput(f"{name} looks into the same target now. Add what you know there.") from error
        return self.get(investigation_id)

    def gone_to(self, investigation_id: int, move: Move, kind: EventKind, *, by: str, text: str) -> None:
        """The room above gave it to management, Tier 3 or a vendor, in its own transaction. Raises IllegalMove."""
        self._store.moved(investigation_id, self._live_move(investigation_id, move))
        self._record(investigation_id, kind, by, text)

    def taken_back(self, investigation_id: int, *, by: str) -> None:
        """The room above took its escalation back, in its own transaction."""
        investigation = self.get(investigation_id)
        if investigation.state is State.ESCALATED:
            self._store.moved(investigation_id, investigation.after(Move.TAKE_BACK))
        self._record(investigation_id, EventKind.TAKEN_BACK, by)

    def moved(self, investigation_id: int, team: str, channel: str, *, by: str, text: str, left: str | None) -> None:
        """Another team has it, in the caller's transaction; `left` owned it until now, and helps from now on."""
        self._store.moved_to(investigation_id, team, channel)
        if left:
            self._store.owned_by(investigation_id, None)
            self._store.joined(investigation_id, left)
        self._record(investigation_id, EventKind.MOVED, by, text, about=left)

    def merged(self, investigation_id: int, into: int) -> None:
        """It goes on in another one, in the caller's transaction. Raises IllegalMove."""
        state = self._live_move(investigation_id, Move.MERGE)
        self._store.merges.merged(investigation_id, state, into)
        self._probes.not_from_customers(investigation_id, "the investigation was merged before the tickets were in")
        self._goes_on(investigation_id)

    def unmerged(self, investigation_id: int) -> None:
        """It goes on by itself again, in the caller's transaction.

        Raises IllegalMove, and Taken where its target has another live one meanwhile.
        """
        self._store.merges.merged(investigation_id, self._live_move(investigation_id, Move.UNMERGE), None)
        self._goes_on(investigation_id)

    def _goes_on(self, investigation_id: int) -> None:
        """In another one, or by itself: everything about it shows where."""
        investigation = self.get(investigation_id)
        self._status.announcements.show(investigation.target)
        self._owed.thread_changed(card_key(investigation_id), human=False)
        self.moved_on.tell(investigation)

    def record_event(
        self,
        investigation_id: int,
        kind: EventKind,
        *,
        by: str | None,
        text: str,
        about: str | None = None,
        at: datetime | None = None,
    ) -> int:
        """Something happened that only the timeline and the card tell, in the caller's transaction; the line's number.

        `about` is whom it concerns, `at` when it happened where that was before.
        """
        return self._log(self.get(investigation_id).id, kind, by, text, about, at)

    def tell(
        self, investigation_id: int, kind: EventKind, *, by: str | None, text: str, about: str | None = None
    ) -> None:
        """As `record_event`, and said in the thread: whoever waits for it is not notified by an edit."""
        event_id = self.record_event(investigation_id, kind, by=by, text=text, about=about)
        self.say(investigation_id, event_id, by=by or "")

    def say(self, investigation_id: int, event_id: int, *, by: str = "") -> None:
        """A line of the timeline is also a message in the thread, once: whoever waits for it sees no edit.

        In the caller's transaction; nothing is said where nobody is there who waits.
        """
        event, place = self._store.event(event_id), self.get(investigation_id).thread
        if event and told_people(standing(self._store.timeline(investigation_id)), event):
            rank = Rank.URGENT if event.kind in _URGENT else None
            self._owed.post(f"told/{event_id}", view=TOLD, record_id=event_id, place=place, for_user=by, rank=rank)

    def _open(
        self, target: Target, symptom: str, by: str, owner: str | None, channel: str, source: SourceMessage | None
    ) -> Investigation:
        number = self._store.open(
            target=target.key, symptom=symptom, by=by, owner=owner, channel=channel, source=source
        )
        self._store.record(number, EventKind.OPENED, actor=by, text=symptom)
        place, thread = Place(channel), Place(channel, thread_key=card_key(number))
        self._owed.card(card_key(number), view="investigation", record_id=number, place=place, for_user=by)
        self._status.announcements.show(target.key)
        desk = self._tickets.watch(number, target=target, symptom=symptom, place=thread)
        no_tickets = "" if desk else "no Zendesk is configured"
        self._probes.play(target, place=thread, by=by, investigation_id=number, no_tickets=no_tickets)
        if source:
            self._answer_source(number, source, by)
        self.opened.tell(self.get(number))
        return self.get(number)

    def _tell_of_owner(self, investigation: Investigation, kind: EventKind, *, by: str, about: str, note: str) -> None:
        """The thread, and in it whom it concerns."""
        event_id = self._record(investigation.id, kind, by, note, about=about)
        place = investigation.thread
        self._owed.post(f"handover/{event_id}", view="handover", record_id=event_id, place=place, for_user=by)

    def _answer_source(self, investigation_id: int, source: SourceMessage, by: str) -> None:
        """Whoever wrote the message that this came from is answered in its thread, once, and kept up to date."""
        place = Place(source.channel, thread_ts=source.thread_ts or source.ts)
        key = answer_key(investigation_id, source)
        self._owed.post(key, view=ANSWER, record_id=investigation_id, place=place, for_user=by)

    def _closed(self, investigation_id: int, kind: EventKind, by: str, text: str) -> None:
        """What else ends with it: the search for tickets, and what its thread still asks of people."""
        self._tell_everybody(investigation_id, self._record(investigation_id, kind, by, text), by)
        for number in (investigation_id, *self.merged_ids(investigation_id)):
            self._tickets.stop(number)
            self._owed.thread_changed(card_key(number), human=False)
        self._probes.not_from_customers(investigation_id, "the investigation ended before the tickets were in")
        self.moved_on.tell(self.get(investigation_id))

    def _tell_everybody(self, investigation_id: int, event_id: int, by: str) -> None:
        """Tells the thread and those who asked elsewhere."""
        self.say(investigation_id, event_id, by=by)
        self.tell_askers(investigation_id, event_id, by=by)

    def tell_askers(self, investigation_id: int, event_id: int, *, by: str) -> None:
        """Tells those who asked elsewhere, each place once: an edit of their answer notifies nobody."""
        source = self.get(investigation_id).source
        asker = Place(source.channel, thread_ts=source.thread_ts or source.ts) if source else None
        for place in dict.fromkeys(self._asked_at(investigation_id)):
            view = OUTCOME if place == asker else OUTCOME_ELSEWHERE
            key = f"outcome/{event_id}/{place.channel}/{place.thread_ts}"
            self._owed.post(key, view=view, record_id=event_id, place=place, for_user=by)

    def _asked_at(self, investigation_id: int) -> list[Place]:
        """Where somebody is answered about it, or about one that goes on in it."""
        numbers = (investigation_id, *self.merged_ids(investigation_id))
        return [place for number in numbers for place in self._owed.places_of(ANSWER, number)]

    def _live_move(self, investigation_id: int, move: Move) -> State:
        return self.get(investigation_id).after(move)

    def _record(
        self, investigation_id: int, kind: EventKind, actor: str | None, text: str = "", about: str | None = None
    ) -> int:
        """Whoever has it, or that it is live, may have changed: announcements of its target's status show both."""
        self._status.announcements.show(self.get(investigation_id).target)
        return self._log(investigation_id, kind, actor, text, about)

    def _log(
        self,
        investigation_id: int,
        kind: EventKind,
        actor: str | None,
        text: str = "",
        about: str | None = None,
        at: datetime | None = None,
    ) -> int:
        event_id = self._store.record(investigation_id, kind, actor=actor, about=about, text=text, at=at)
        survivor = self._store.merges.survivor(investigation_id)
        for number in {investigation_id, survivor}:
            self._owed.changed(card_key(number), human=actor is not None)
        for number in (investigation_id, *self.merged_ids(investigation_id)):
            self._owed.all_changed(ANSWER, number, human=False)
        self.recorded.tell(investigation_id, kind, actor or "")
        return event_id or 0
