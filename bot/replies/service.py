"""What people do with a round of replies: review it, approve it, stop it, try again."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.clock import Clock
from bot.database import Database
from bot.errors import BadInput, NotFound
from bot.messages.model import Place
from bot.messages.owed import Owed
from bot.people import People
from bot.replies.asked import AskedStore
from bot.replies.model import (
    APPROVABLE,
    UNAPPROVED,
    Asking,
    CannotAnswer,
    ReplyState,
    Round,
    RoundState,
    Then,
)
from bot.replies.store import ReplyStore

_WORDS = {
    RoundState.READING: "The tickets are still being read; the button appears when that is done.",
    RoundState.RUNNING: "It was approved already, and the answers are on their way. Nobody is answered twice.",
    RoundState.STOPPED: "It was approved already and then stopped. Go on with it by its button.",
    RoundState.ENDED: "It was approved already and has ended. Nobody is answered twice.",
    RoundState.READY: "It waits for somebody to review it.",
    RoundState.PUT_OFF: "It was put off. It can be reviewed and sent by its button.",
}


def round_key(round_id: int) -> str:
    """The key of the round's card."""
    return f"replies/{round_id}"


class ReplyService:
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
    ) -> None:
        self._database = database
        self._store = store
        self._asked = asked
        self._owed = owed
        self._people = people
        self._clock = clock
        self._wake = wake

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
    ) -> None:
        """As `open`, for tickets that come one after the other, in the caller's transaction.

        They join the round whose key begins with `prefix` and that nobody has approved; only where there is none a new
        one asks. `anew`: what was put off is asked again, also where no ticket is new.
        """
        found = self._asked.unapproved(prefix)
        if not found:
            key = f"{prefix}{self._asked.count(prefix) + 1}"
            self.open(key=key, purpose=purpose, tickets=tickets, values=values, place=place, for_user=for_user)
        elif self._asked.join(found[0], tickets, values) or anew:
            self._store.moved(found[0], RoundState.READING, among=UNAPPROVED)
            self._changed(found[0])

    def overtaken(self, prefix: str) -> None:
        """What these rounds would say is not true any more: nobody is asked to send it, in the caller's transaction.

        It can still be reviewed; what was approved is sent.
        """
        for found in self._asked.unapproved(prefix):
            if self._store.moved(found, RoundState.PUT_OFF, among=(RoundState.READING, RoundState.READY)):
                self._changed(found)

    def settled(self, purpose: str, investigation_id: int) -> set[int]:
        """Tickets of an investigation about which somebody has decided, also to leave them out."""
        return self._asked.settled(purpose, investigation_id)

    def asked_below(self, prefix: str) -> set[int]:
        """Tickets of rounds whose key begins so, whatever they tell, without those that were left out."""
        return self._asked.asked_below(prefix)

    def asked_with(self, prefix: str, version: str) -> set[int]:
        """Tickets of rounds whose key begins so and that tell of this version, without those that were left out."""
        return self._asked.asked_with(prefix, version)

    def get(self, round_id: int) -> Round:
        """Raises NotFound."""
        found = self._store.get(round_id)
        if not found:
            raise NotFound("That round of replies does not exist.")
        return found

    async def review(self, round_id: int, *, by: str) -> Round:
        """What the form shows. Raises NotTier2, CannotAnswer."""
        await self._people.require_tier2(by)
        found = self.get(round_id)
        if found.state not in APPROVABLE:
            raise CannotAnswer(_WORDS[found.state])
        return found

    def check(self, round_id: int, ticket_ids: Iterable[int], texts: Mapping[str, str]) -> dict[str, str]:
        """What keeps this choice from being sent: sentences by language, "" for what concerns none of them."""
        found = self.get(round_id)
        if found.state not in APPROVABLE:
            return {"": _WORDS[found.state]}
        chosen = set(ticket_ids)
        needed = {reply.language for reply in found.having(ReplyState.LISTED) if reply.ticket_id in chosen}
        if not needed:
            return {"": "Choose at least one ticket."}
        own = {text.language: texts.get(text.language, text.text) for text in found.texts if text.macro_id is None}
        return {name: "Write what these customers are told." for name in needed if not own.get(name, "x").strip()}

    async def approve(
        self, round_id: int, *, ticket_ids: Iterable[int], texts: Mapping[str, str], then: Then, by: str
    ) -> Round:
        """Answer these tickets with these texts, by language; only the first approval counts.

        Raises NotTier2, BadInput, CannotAnswer.
        """
        await self._people.require_tier2(by)
        chosen = list(ticket_ids)
        wrong = self.check(round_id, chosen, texts)
        if wrong and self.get(round_id).state in APPROVABLE:
            raise BadInput(next(iter(wrong.values())))
        with self._database.transaction():
            if not self._store.approve(round_id, by=by, then=then):
                raise CannotAnswer(_WORDS[self.get(round_id).state])
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
                raise CannotAnswer(_WORDS[found.state])
            self._store.again(round_id, [reply.ticket_id for reply in found.replies if reply.again_possible])
            self._changed(round_id)

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
                raise CannotAnswer(_WORDS[found.state])
            self._store.stopped_by(round_id, stopped_by)
            self._changed(round_id)

    def _changed(self, round_id: int) -> None:
        self._owed.changed(round_key(round_id), human=True)
        self._wake.set()
