"""What rooms know about rounds and say about them, in their own transactions: what is not true any more is not sent."""

import asyncio
from collections.abc import Collection

from bot.errors import NotFound
from bot.messages.owed import Owed
from bot.replies.asked import AskedStore
from bot.replies.model import UNAPPROVED, ReplyState, Round, RoundState, Untold
from bot.replies.store import ReplyStore
from bot.tickets.meanwhile import Difference, Kind


def round_key(round_id: int) -> str:
    """The key of the round's card."""
    return f"replies/{round_id}"


class RoundBook:
    """Questions about rounds, and what happens to them when the world changes; people decide in `ReplyService`."""

    def __init__(self, *, store: ReplyStore, asked: AskedStore, owed: Owed, wake: asyncio.Event) -> None:
        self._store = store
        self._asked = asked
        self._owed = owed
        self._wake = wake

    def overtaken(self, prefix: str, *, without: str = "") -> None:
        """What these rounds would say is not true any more: nobody is asked to send it, in the caller's transaction.

        It can still be reviewed; what was approved is sent. Rounds whose key begins with `without` are left alone.
        """
        kept = set(self._asked.unapproved(without)) if without else set[int]()
        for found in [number for number in self._asked.unapproved(prefix) if number not in kept]:
            if self._store.moved(found, RoundState.PUT_OFF, among=(RoundState.READING, RoundState.READY)):
                self._changed(found)

    def untrue(self, prefix: str, why: str) -> None:
        """The same, and what was approved stops too: no further customer is told it, in the caller's transaction."""
        for found in self._asked.unfinished(prefix):
            self._store.moved(found, RoundState.PUT_OFF, among=(RoundState.READING, RoundState.READY))
            if self._store.moved(found, RoundState.STOPPED, among=(RoundState.RUNNING,)):
                self._store.stopped_by(found, None)
            self._store.note(found, why)
            self._changed(found)

    def true_again(self, prefix: str) -> None:
        """It can be sent after all: what nobody approved is asked once more, in the caller's transaction."""
        for found in self._asked.unfinished(prefix):
            self._store.note(found, "")
            self._store.moved(found, RoundState.READING, among=(RoundState.PUT_OFF,))
            self._changed(found)

    def keep_only(self, prefix: str, ticket_ids: Collection[int]) -> None:
        """Other tickets of these rounds are about something else, as people say now, in the caller's transaction.

        What nobody has approved goes off the list; what was approved and not sent is left out, with the reason.
        """
        for number in self._asked.listing(prefix):
            found = self.get(number)
            gone = [reply for reply in found.replies if reply.ticket_id not in ticket_ids]
            if found.state in UNAPPROVED:
                self._store.take_off(number, [reply.ticket_id for reply in gone])
            else:
                waiting = [reply for reply in gone if reply.state is ReplyState.WAITING]
                for reply in waiting:
                    self._store.changed(number, reply.ticket_id, [Difference(Kind.UNCONFIRMED)], None)
                self._store.leave_out(number, [reply.ticket_id for reply in gone if reply in found.undecided])
            if gone:
                self._changed(number)

    def offered(self, prefix: str, version: str) -> set[int]:
        """Tickets of rounds whose key begins so and that tell of this version, whatever was decided about them."""
        return self._asked.offered(prefix, version)

    def untold(self, purpose: str) -> list[Untold]:
        """Everybody who waits for such an answer, each ticket once for each known issue."""
        return self._asked.untold(purpose)

    def show_with(self, investigation_id: int) -> None:
        """What is shown beside the tickets of an investigation is another now, in the caller's transaction."""
        for found in self._asked.with_investigation(investigation_id):
            self._owed.changed(round_key(found), human=False)

    def problem_became(self, before: int, after: int) -> None:
        """A problem ticket was replaced by another, in the caller's transaction."""
        self._store.problem_became(before, after)

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

    def _changed(self, round_id: int) -> None:
        self._owed.changed(round_key(round_id), human=True)
        self._wake.set()
