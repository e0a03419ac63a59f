"""What people do with a round of replies: review it, approve it, stop it, try again."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence

from attrs import define

from bot.errors import BadInput, existing
from bot.investigations.model import card_key
from bot.known_issues.model import LinkVerdict, name_in
from bot.known_issues.service import KnownIssueService
from bot.records import Service
from bot.replies.drafting import looked_again
from bot.replies.model import (
    APPROVABLE,
    CORRECTED,
    UNAPPROVED,
    WAS_CORRECTED,
    WHERE_IT_IS,
    CannotAnswer,
    ReplyState,
    Round,
    RoundOpening,
    RoundState,
    Then,
    WaitingTicket,
)
from bot.replies.store import ReplyStore
from bot.tickets.answering import Difference, DifferenceKind
from bot.tickets.desk import HelpDesk
from bot.tickets.service import TicketService

SAME_AGAIN = "They were told this before. Write what is right."
READ_ANEW = "The tickets changed since you opened this. Close it and press Review and Send again."


def round_key(round_id: int) -> str:
    """The key of the round's card."""
    return f"replies/{round_id}"


def _corrections(round_id: int) -> str:
    """How the keys of all rounds begin that put right what this one said."""
    return f"correction/{round_id}/"


@define(kw_only=True, eq=False, repr=False, slots=False)
class ReplyService(Service):
    """Each use case is one transaction; the runner does what they leave to be done."""

    _store: ReplyStore
    _known: KnownIssueService
    _tickets: TicketService
    _desk: HelpDesk | None
    _wake: asyncio.Event

    def __attrs_post_init__(self) -> None:
        """What others ask is the store's to answer."""
        store = self._store
        self.of, self.told, self.untold, self.corrected = store.of, store.told, store.untold, store.corrected
        self.offered, self.settled, self.asked_with = store.offered, store.settled, store.asked_with
        self.sending, self.failing, self.problem_became = store.sending_now, store.failing, store.problem_became

    def open(self, key: str, opening: RoundOpening) -> int:
        """A round whose card asks for a review, in the caller's transaction; its number.

        `key` is its identity for ever ("release/app/v2.4.1/KI-31"): opening it twice opens it once.
        """
        opened = self._store.opened(key)
        if opened is not None:
            return opened
        number, place, for_user = self._store.open(key, opening), opening.place, opening.for_user
        self._owed.card(
            round_key(number), view="replies", record_id=number, place=place, for_user=for_user, human=False
        )
        self._wake.set()
        return number

    def gather(self, prefix: str, opening: RoundOpening, *, anew: bool) -> None:
        """As `open`, for tickets that come one after the other, in the caller's transaction.

        They join the round whose key begins with `prefix` and that nobody has approved; only where there is none a new
        one asks. `anew`: what was put off is asked again, also where no ticket is new.
        """
        unapproved = self._store.unapproved(prefix)
        if not unapproved:
            self.open(self._store.free_key(prefix), opening)
        elif self._store.join(unapproved[0], opening) or anew:
            self._store.moved(unapproved[0], RoundState.READING, among=UNAPPROVED)
            self._changed(unapproved[0])

    def get(self, round_id: int) -> Round:
        """Raises NotFound."""
        return existing(self._store.get(round_id), "That round of replies does not exist.")

    def overtaken(self, prefix: str, *, without: str = "") -> None:
        """What these rounds would say is no longer true: nobody is asked to send it, in the caller's transaction.

        It can still be reviewed; what was approved is sent. Rounds whose key begins with `without` are left alone.
        """
        kept = set(self._store.unapproved(without)) if without else set[int]()
        for round_id in [number for number in self._store.unapproved(prefix) if number not in kept]:
            if self._store.moved(round_id, RoundState.PUT_OFF, among=(RoundState.READING, RoundState.READY)):
                self._changed(round_id)

    def untrue(self, prefix: str, why: str) -> None:
        """As `overtaken`, and what was approved stops too: no further customer is told, in the caller's transaction.

        Those who were told can be told that it was wrong.
        """
        for round_id in self._store.spoken(prefix):
            self._store.moved(round_id, RoundState.PUT_OFF, among=(RoundState.READING, RoundState.READY))
            if self._store.moved(round_id, RoundState.STOPPED, among=(RoundState.RUNNING,)):
                self._store.stopped_by(round_id, None)
            self._store.note(round_id, why)
            self._changed(round_id)

    def true_again(self, prefix: str) -> None:
        """What these rounds say is true after all: what nobody approved is asked once more (caller's transaction)."""
        for round_id in self._store.spoken(prefix):
            self._store.note(round_id, "")
            self._store.moved(round_id, RoundState.READING, among=(RoundState.PUT_OFF,))
            self._changed(round_id)

    def keep_only(self, prefix: str, ticket_ids: Collection[int]) -> None:
        """Other tickets of these rounds are about something else, as people say now, in the caller's transaction.

        What nobody has approved goes off the list; what was approved and not sent is left out, with the reason.
        """
        for number in self._store.listing(prefix):
            reply_round = self.get(number)
            gone = [reply for reply in reply_round.replies if reply.ticket_id not in ticket_ids]
            if reply_round.state in UNAPPROVED:
                self._store.take_off(number, [reply.ticket_id for reply in gone])
            else:
                waiting = [reply for reply in gone if reply.state is ReplyState.WAITING]
                for reply in waiting:
                    self._store.changed(number, reply.ticket_id, [Difference(DifferenceKind.UNCONFIRMED)], None)
                self._store.leave_out(number, [reply.ticket_id for reply in gone if reply in reply_round.undecided])
            if gone:
                self._changed(number)

    def ready(self) -> list[Round]:
        """Those that a person has to review now, oldest first."""
        return [self.get(number) for number in self._store.ready()]

    def undecided(self) -> list[Round]:
        """Those that a person has to review now or put off, oldest first."""
        return [self.get(number) for number in self._store.undecided()]

    def show_with(self, investigation_id: int) -> None:
        """What is shown beside the tickets of an investigation is another now, in the caller's transaction."""
        for round_id in self._store.with_investigation(investigation_id):
            self._owed.changed(round_key(round_id), human=False)

    def alike(self, reply_round: Round) -> int:
        """How many tickets look like those of a round and are not confirmed, so that nobody asks for their answer."""
        issue_ids = {name_in(reply.about) for reply in reply_round.replies} - {None}
        links = [link for issue_id in issue_ids if issue_id for link in self._known.links.to(issue_id)]
        ids = {link.investigation_id for link in links if link.verdict is LinkVerdict.IT_IS}
        ids |= {reply.investigation_id for reply in reply_round.replies if reply.investigation_id}
        return self._tickets.unconfirmed(sorted(ids), without={reply.ticket_id for reply in reply_round.replies})

    async def review(self, round_id: int, *, by: str) -> Round:
        """What the form shows: the tickets as they are now, where the desk says so at once.

        Raises NotTier2, CannotAnswer.
        """
        await self._people.require_tier2(by)
        reply_round = self.get(round_id)
        if reply_round.state in APPROVABLE and self._desk:
            await self._look_again(reply_round, self._desk)
            reply_round = self.get(round_id)
        if reply_round.state not in APPROVABLE:
            raise CannotAnswer(WHERE_IT_IS[reply_round.state])
        listed = reply_round.having(ReplyState.LISTED)
        if not listed:
            raise CannotAnswer("None of these tickets can be answered any more.")
        if self._desk and not all(reply.snapshot for reply in listed):
            raise CannotAnswer("Zendesk doesn't say how these tickets are now. Try again in a minute.")
        return reply_round

    async def correct(self, round_id: int, *, by: str) -> int:
        """What a round said is wrong: another round asks what its customers are told instead; its number.

        Only those that were answered, each once; who is left out of one correction can be in the next. Raises NotTier2,
        CannotAnswer.
        """
        await self._people.require_tier2(by)
        with self._database.transaction():
            wrong = self.get(round_id)
            if not wrong.told:
                raise CannotAnswer("It is still being sent. Press Stop first, then correct it.")
            asked = self._store.corrected(round_id)
            replies = [reply for reply in wrong.having(ReplyState.SENT) if reply.ticket_id not in asked]
            if not replies:
                raise CannotAnswer("Everybody who was told this is in its correction already.")
            tickets = [
                WaitingTicket(each.ticket_id, each.investigation_id, each.about, each.language) for each in replies
            ]
            about = (wrong.values, wrong.place, by, wrong.problem_id)
            opening = RoundOpening(CORRECTED, tickets, *about, corrects=round_id)
            self.gather(_corrections(round_id), opening, anew=True)
            self._changed(round_id)
            return self._store.unapproved(_corrections(round_id))[0]

    def check(
        self, round_id: int, ticket_ids: Iterable[int], texts: Mapping[str, str], *, reading: int | None = None
    ) -> dict[str, str]:
        """What keeps this choice from being sent: sentences by language, "" for what concerns none of them.

        `reading` is the round's when the form was opened: nobody decides about tickets that they did not see so.
        """
        reply_round = self.get(round_id)
        if reply_round.state not in APPROVABLE:
            return {"": WHERE_IT_IS[reply_round.state]}
        if reading is not None and reading != reply_round.reading:
            return {"": READ_ANEW}
        chosen = set(ticket_ids)
        needed = {reply.language for reply in reply_round.having(ReplyState.LISTED) if reply.ticket_id in chosen}
        if not needed:
            return {"": "Choose at least one ticket."}
        own = {
            text.language: texts.get(text.language, text.text) for text in reply_round.texts if text.macro_id is None
        }
        wrong = {name: "Write what these customers are told." for name in needed if not own.get(name, "x").strip()}
        return wrong | self._said_before(reply_round, {name: own[name] for name in needed & own.keys() - wrong.keys()})

    def _said_before(self, reply_round: Round, texts: Mapping[str, str]) -> dict[str, str]:
        """Languages of a correction whose words nobody has changed."""
        if reply_round.corrects is None:
            return {}
        before = [*self.get(reply_round.corrects).texts, *reply_round.texts]
        known = {(text.language, text.text.strip()) for text in before}
        return {name: SAME_AGAIN for name, text in texts.items() if (name, text.strip()) in known}

    async def approve(
        self,
        round_id: int,
        *,
        ticket_ids: Iterable[int],
        texts: Mapping[str, str],
        then: Then,
        by: str,
        reading: int | None = None,
    ) -> Round:
        """Answers these tickets with these texts, by language; only the first approval counts.

        Raises NotTier2, BadInput, CannotAnswer.
        """
        await self._people.require_tier2(by)
        chosen = list(ticket_ids)
        wrong = self.check(round_id, chosen, texts, reading=reading)
        if wrong and self.get(round_id).state in APPROVABLE:
            raise BadInput(next(iter(wrong.values())))
        with self._database.transaction():
            if not self._store.approve(round_id, by=by, then=then):
                raise CannotAnswer(WHERE_IT_IS[self.get(round_id).state])
            self._store.choose(round_id, chosen, {name: text.strip() for name, text in texts.items()})
            self._is_corrected(self.get(round_id))
            self._changed(round_id)
        return self.get(round_id)

    def _is_corrected(self, correction: Round) -> None:
        """What was wrong is not sent to anybody else without a warning."""
        if correction.corrects is not None:
            self._store.note(correction.corrects, WAS_CORRECTED)
            self._owed.changed(round_key(correction.corrects), human=True)

    async def put_off(self, round_id: int, *, by: str) -> None:
        """Makes the card small; it can still be reviewed."""
        await self._move(round_id, RoundState.PUT_OFF, among=(RoundState.READY, RoundState.PUT_OFF), by=by)

    async def stop(self, round_id: int, *, by: str) -> None:
        """Answers no further ticket; the one that is being answered right now still may be."""
        await self._move(round_id, RoundState.STOPPED, among=(RoundState.RUNNING,), by=by, stopped_by=by)

    async def go_on(self, round_id: int, *, by: str) -> None:
        await self._move(round_id, RoundState.RUNNING, among=(RoundState.STOPPED,), by=by)

    async def try_again(self, round_id: int, *, by: str) -> None:
        """Tries what Zendesk refused, and the problem ticket that was left open, once more."""
        await self._people.require_tier2(by)
        with self._database.transaction():
            reply_round = self.get(round_id)
            if not reply_round.again_possible:
                raise CannotAnswer("Nothing here can be tried again.")
            if not self._store.moved(round_id, RoundState.RUNNING, among=(RoundState.ENDED,)):
                raise CannotAnswer(WHERE_IT_IS[reply_round.state])
            self._store.again(round_id, [reply.ticket_id for reply in reply_round.replies if reply.again_possible])
            self._changed(round_id)

    async def send_anyway(self, round_id: int, *, run: int, by: str) -> Round:
        """Answers those that changed since the approval, as they are now; what changes once more is left out again.

        `run` is the one whose list the person saw. Raises NotTier2, CannotAnswer.
        """
        return await self._decide_changed(round_id, run, by, send=True)

    async def leave_out(self, round_id: int, *, run: int, by: str) -> Round:
        """Leaves out those that changed or were refused, or all of a round that was put off.

        Raises NotTier2, CannotAnswer.
        """
        return await self._decide_changed(round_id, run, by, send=False)

    async def _decide_changed(self, round_id: int, run: int, by: str, *, send: bool) -> Round:
        await self._people.require_tier2(by)
        with self._database.transaction():
            reply_round = self.get(round_id)
            put_off = reply_round.state is RoundState.PUT_OFF and not send
            left = reply_round.having(ReplyState.LISTED) if put_off else reply_round.undecided
            waiting = reply_round.changed if send else left
            numbers = [reply.ticket_id for reply in waiting]
            if not (put_off or reply_round.over) or reply_round.run != run or not numbers:
                raise CannotAnswer("Somebody decided this already. The message shows how.")
            if send:
                self._store.moved(round_id, RoundState.RUNNING, among=(RoundState.ENDED,))
                self._store.again(round_id, numbers)
            else:
                self._store.leave_out(round_id, numbers)
                self._store.moved(round_id, RoundState.ENDED, among=(RoundState.PUT_OFF,))
            self._changed(round_id)
        return self.get(round_id)

    async def _look_again(self, reply_round: Round, desk: HelpDesk) -> None:
        now = await looked_again(reply_round, desk=desk)
        with self._database.transaction():
            if now and self.get(reply_round.id).reading == reply_round.reading:
                self._store.read_again(reply_round.id, now)
                self._changed(reply_round.id)

    async def _move(
        self, round_id: int, state: RoundState, *, among: Sequence[RoundState], by: str, stopped_by: str | None = None
    ) -> None:
        await self._people.require_tier2(by)
        with self._database.transaction():
            reply_round = self.get(round_id)
            if not self._store.moved(round_id, state, among=among):
                raise CannotAnswer(WHERE_IT_IS[reply_round.state])
            self._store.stopped_by(round_id, stopped_by)
            self._changed(round_id)

    def _changed(self, round_id: int) -> None:
        self._owed.changed(round_key(round_id), human=True)
        for number in self._store.investigations(round_id):
            self._owed.changed(card_key(number), human=False)
        self._wake.set()
