"""What people do with a round of replies: review it, approve it, stop it, try again."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.clock import Clock
from bot.database import Database
from bot.errors import BadInput
from bot.messages.model import Place
from bot.messages.owed import Owed
from bot.people import People
from bot.replies.asked import AskedStore
from bot.replies.book import RoundBook, round_key
from bot.replies.drafting import looked_again
from bot.replies.model import (
    APPROVABLE,
    UNAPPROVED,
    WHERE_IT_IS,
    Asking,
    CannotAnswer,
    ReplyState,
    Round,
    RoundState,
    Then,
)
from bot.replies.store import ReplyStore
from bot.tickets.desk import HelpDesk

READ_ANEW = "The tickets changed since you opened this. Close it and press Review and send again."


class ReplyService(RoundBook):
    """Each use case is one transaction; the runner does what they leave to be done."""

    def __init__(
        self,
        *,
        database: Database,
        store: ReplyStore,
        asked: AskedStore,
        owed: Owed,
        people: People,
        clock: Clock,
        wake: asyncio.Event,
        desk: HelpDesk | None,
    ) -> None:
        super().__init__(store=store, asked=asked, owed=owed, wake=wake)
        self._database = database
        self._people = people
        self._clock = clock
        self._desk = desk

    def open(
        self,
        *,
        key: str,
        purpose: str,
        tickets: Sequence[Asking],
        values: Mapping[str, str],
        place: Place,
        for_user: str,
        then: Then = Then.SOLVED,
        problem_id: int | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> int:
        """A round whose card asks in `place` for a review, in the caller's transaction; its number.

        `key` is its identity for ever ("release/app/v2.4.1/KI-31"): opening it twice opens it once. `purpose` names
        the configured texts ("released"), `values` fill them in (see bot.replies.wording.PLACEHOLDERS), `texts` by
        language replace them. `problem_id` is solved after its incidents, if the round solves tickets.
        """
        found = self._asked.opened(key)
        if found is not None:
            return found
        number = self._store.open(
            key=key,
            purpose=purpose,
            values=values,
            texts=texts or {},
            then=then,
            problem_id=problem_id,
            place=place,
            for_user=for_user,
            asking=tickets,
        )
        self._owed.card(
            round_key(number), view="replies", record_id=number, place=place, for_user=for_user, human=False
        )
        self._wake.set()
        return number

    def gather(
        self,
        *,
        prefix: str,
        purpose: str,
        tickets: Sequence[Asking],
        values: Mapping[str, str],
        place: Place,
        for_user: str,
        anew: bool,
        problem_id: int | None = None,
    ) -> None:
        """As `open`, for tickets that come one after the other, in the caller's transaction.

        They join the round whose key begins with `prefix` and that nobody has approved; only where there is none a new
        one asks. `anew`: what was put off is asked again, also where no ticket is new.
        """
        found = self._asked.unapproved(prefix)
        if not found:
            self.open(
                key=self._asked.free_key(prefix),
                purpose=purpose,
                tickets=tickets,
                values=values,
                place=place,
                for_user=for_user,
                problem_id=problem_id,
            )
        elif self._asked.join(found[0], tickets, values, problem_id) or anew:
            self._store.moved(found[0], RoundState.READING, among=UNAPPROVED)
            self._changed(found[0])

    async def review(self, round_id: int, *, by: str) -> Round:
        """What the form shows: the tickets as they are now, where the desk says so at once.

        Raises NotTier2, CannotAnswer.
        """
        await self._people.require_tier2(by)
        found = self.get(round_id)
        if found.state in APPROVABLE and self._desk:
            await self._look_again(found, self._desk)
            found = self.get(round_id)
        if found.state not in APPROVABLE:
            raise CannotAnswer(WHERE_IT_IS[found.state])
        listed = found.having(ReplyState.LISTED)
        if not listed:
            raise CannotAnswer("None of these tickets can be answered any more.")
        if self._desk and not all(reply.seen for reply in listed):
            raise CannotAnswer("Zendesk can't be asked now how these tickets are. Try again in a minute.")
        return found

    def check(
        self, round_id: int, ticket_ids: Iterable[int], texts: Mapping[str, str], *, reading: int | None = None
    ) -> dict[str, str]:
        """What keeps this choice from being sent: sentences by language, "" for what concerns none of them.

        `reading` is the round's when the form was opened: nobody decides about tickets that they did not see so.
        """
        found = self.get(round_id)
        if found.state not in APPROVABLE:
            return {"": WHERE_IT_IS[found.state]}
        if reading is not None and reading != found.reading:
            return {"": READ_ANEW}
        chosen = set(ticket_ids)
        needed = {reply.language for reply in found.having(ReplyState.LISTED) if reply.ticket_id in chosen}
        if not needed:
            return {"": "Choose at least one ticket."}
        own = {text.language: texts.get(text.language, text.text) for text in found.texts if text.macro_id is None}
        return {name: "Write what these customers are told." for name in needed if not own.get(name, "x").strip()}

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
        """Answer these tickets with these texts, by language; only the first approval counts.

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
            self._changed(round_id)
        return self.get(round_id)

    async def put_off(self, round_id: int, *, by: str) -> None:
        """Not now: the card gets small, and can still be reviewed."""
        await self._move(round_id, RoundState.PUT_OFF, among=(RoundState.READY, RoundState.PUT_OFF), by=by)

    async def stop(self, round_id: int, *, by: str) -> None:
        """No further ticket is answered; the one that is being answered right now still may be."""
        await self._move(round_id, RoundState.STOPPED, among=(RoundState.RUNNING,), by=by, stopped_by=by)

    async def go_on(self, round_id: int, *, by: str) -> None:
        await self._move(round_id, RoundState.RUNNING, among=(RoundState.STOPPED,), by=by)

    async def try_again(self, round_id: int, *, by: str) -> None:
        """What Zendesk refused, and the problem ticket that was left open, once more."""
        await self._people.require_tier2(by)
        with self._database.transaction():
            found = self.get(round_id)
            if not found.again_possible:
                raise CannotAnswer("Nothing of it can be tried again.")
            if not self._store.moved(round_id, RoundState.RUNNING, among=(RoundState.ENDED,)):
                raise CannotAnswer(WHERE_IT_IS[found.state])
            self._store.again(round_id, [reply.ticket_id for reply in found.replies if reply.again_possible])
            self._changed(round_id)

    async def send_anyway(self, round_id: int, *, run: int, by: str) -> Round:
        """Answer those that changed since the approval, as they are now; what changes once more is left out again.

        `run` is the one whose list the person saw. Raises NotTier2, CannotAnswer.
        """
        return await self._decide_changed(round_id, run, by, send=True)

    async def leave_out(self, round_id: int, *, run: int, by: str) -> Round:
        """Nobody of those waits for it any more: of those that changed or were refused, or of all that were put off.

        Raises NotTier2, CannotAnswer.
        """
        return await self._decide_changed(round_id, run, by, send=False)

    async def _decide_changed(self, round_id: int, run: int, by: str, *, send: bool) -> Round:
        await self._people.require_tier2(by)
        with self._database.transaction():
            found = self.get(round_id)
            put_off = found.state is RoundState.PUT_OFF and not send
            waiting = found.changed if send else found.having(ReplyState.LISTED) if put_off else found.undecided
            numbers = [reply.ticket_id for reply in waiting]
            if not (put_off or found.over) or found.run != run or not numbers:
                raise CannotAnswer("This was decided already. The message shows what became of it.")
            if send:
                self._store.moved(round_id, RoundState.RUNNING, among=(RoundState.ENDED,))
                self._store.again(round_id, numbers)
            else:
                self._store.leave_out(round_id, numbers)
                self._store.moved(round_id, RoundState.ENDED, among=(RoundState.PUT_OFF,))
            self._changed(round_id)
        return self.get(round_id)

    async def _look_again(self, found: Round, desk: HelpDesk) -> None:
        now = await looked_again(found, desk=desk)
        with self._database.transaction():
            if now and self.get(found.id).reading == found.reading:
                self._store.read_again(found.id, now)
                self._changed(found.id)

    def failing(self) -> tuple[datetime, str] | None:
        """Since when the desk keeps a round waiting, and why."""
        return self._store.failing()

    async def _move(
        self,
        round_id: int,
        state: RoundState,
        *,
        among: Sequence[RoundState],
        by: str,
        stopped_by: str | None = None,
    ) -> None:
        await self._people.require_tier2(by)
        with self._database.transaction():
            found = self.get(round_id)
            if not self._store.moved(round_id, state, among=among):
                raise CannotAnswer(WHERE_IT_IS[found.state])
            self._store.stopped_by(round_id, stopped_by)
            self._changed(round_id)
