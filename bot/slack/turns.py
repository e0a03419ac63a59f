"""Who is next where several wait for the same: by rank, and within a rank by turns. No clock, no I/O."""

from collections.abc import Hashable, Iterable, Sequence
from itertools import count

from bot.messages.model import Message, Rank
from bot.newest import keep

PATIENCE = {Rank.CARD: 2, Rank.REST: 4}
"""How often a rank may be passed over by higher ones before it is its turn, so that nobody waits for ever. Nothing
goes before what is urgent."""
KEPT = 10_000


class Turns:
    """Remembers who was served last in each queue; a queue is whatever has a limit of its own."""

    def __init__(self) -> None:
        self._number = count(1)
        self._served: dict[tuple[Hashable, str], int] = {}
        self._passed: dict[tuple[Hashable, Rank], int] = {}

    def order(self, queue: Hashable, waiting: Iterable[Message]) -> list[Message]:
        """Next first. Whoever was served longest ago comes first in their rank, with their own in due order.

        What people wait for goes before what a machine owes to the same person.
        """
        return sorted(waiting, key=lambda message: (self._rank(queue, message.rank), *self._turn(queue, message)))

    def took(self, queue: Hashable, message: Message, waiting: Sequence[Message]) -> None:
        """`message` was served while all of `waiting` waited."""
        keep(self._served, (queue, message.for_user), next(self._number), most=KEPT)
        for rank in {other.rank for other in waiting} - {message.rank}:
            if rank > message.rank:
                keep(self._passed, (queue, rank), self._passed.get((queue, rank), 0) + 1, most=KEPT)
        self._passed.pop((queue, message.rank), None)

    def _rank(self, queue: Hashable, rank: Rank) -> tuple[int, int]:
        """A rank that was passed over too often comes before all but what is urgent, the highest of these first."""
        impatient = self._passed.get((queue, rank), 0) >= PATIENCE.get(rank, KEPT)
        return (int(rank is not Rank.URGENT) + int(rank is not Rank.URGENT and not impatient), rank)

    def _turn(self, queue: Hashable, message: Message) -> tuple[object, ...]:
        served = self._served.get((queue, message.for_user), 0)
        return (served, not message.human, message.due_at, message.id)
