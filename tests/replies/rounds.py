"""Rounds of replies on a fake desk, driven step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.due_loop import IDLE_S
from bot.messages.model import Place
from bot.replies.model import ReplyState, Round, RoundOpening, Then, WaitingTicket
from bot.replies.runner import ReplyRunner
from tests.fake_desk import FakeDesk
from tests.world import World

TEXTS = {
    "released": {
        "en": "It works again with {version}.\nUntil then: {workaround}",
        "de": "Mit {version} geht es wieder.",
    },
    "corrected": {"en": "We were wrong about this:", "de": "Das stimmte nicht:"},
}
VALUES = {"title": "Login fails", "version": "v2.4.1"}
CARD = "replies/1"


def until_due_s(runner: ReplyRunner, now: datetime) -> float:
    """How long the runner's loop waits for its next turn."""
    due_at = runner.due_at()
    return min(IDLE_S, max(0.01, (due_at - now).total_seconds())) if due_at else IDLE_S


@dataclass
class Rounds:
    """A world with a desk that can be written to, and what its runner told of rounds that ended."""

    world: World = field(default_factory=lambda: World(desk=FakeDesk(), reply_texts=TEXTS))
    done: list[Round] = field(default_factory=list)

    def __post_init__(self) -> None:
        assert isinstance(self.world.desk, FakeDesk)
        self.desk = self.world.desk
        self.desk.clock = self.world.clock
        self.world.reply_runner.ended.heard_by(self.done.append)

    def open(
        self,
        tickets: Sequence[int],
        *,
        key: str = "release/app/v2.4.1/KI-31",
        problem_id: int | None = None,
        investigation_id: int | None = None,
        purpose: str = "released",
    ) -> int:
        with self.world.database.transaction():
            waiting = [WaitingTicket(number, investigation_id, "KI-31") for number in tickets]
            place = Place("C1", thread_key="investigation/1")
            return self.world.replies.open(key, RoundOpening(purpose, waiting, VALUES, place, "UKIM", problem_id))

    async def approve(
        self,
        round_id: int = 1,
        tickets: Sequence[int] | None = None,
        *,
        then: Then = Then.SOLVED,
        reading: int | None = None,
        **texts: str,
    ) -> Round:
        listed = [reply.ticket_id for reply in self.get(round_id).having(ReplyState.LISTED)]
        chosen = listed if tickets is None else tickets
        return await self.world.replies.approve(
            round_id, ticket_ids=chosen, texts=texts, then=then, by="UKIM", reading=reading
        )

    def gather(self, tickets: Sequence[int]) -> None:
        with self.world.database.transaction():
            waiting = [WaitingTicket(number) for number in tickets]
            opening = RoundOpening("released", waiting, VALUES, Place("C1"), "UKIM")
            self.world.replies.gather("lane/1/", opening, anew=False)

    async def step(self) -> bool:
        return await self.world.reply_runner.step(self.desk)

    async def settle(self, *, within_s: float = 3600) -> None:
        """Do all that is due now and in the next hour, as the runner's own loop would."""
        until = self.world.clock.now.timestamp() + within_s
        while self.world.clock.now.timestamp() < until:
            while await self.step():
                pass
            if not self.world.reply_runner.due_at():
                return
            self.world.clock.advance(until_due_s(self.world.reply_runner, self.world.clock()))

    async def ready(self, *tickets: int, **opening: int | str | None) -> Round:
        """A round that waits for approval."""
        number = self.open(tickets, **opening)  # type: ignore[arg-type]
        await self.step()
        return self.get(number)

    def get(self, round_id: int = 1) -> Round:
        return self.world.replies.get(round_id)

    def restarted(self) -> "Rounds":
        """The same database and desk under a new process."""
        old = self.world
        world = World(clock=old.clock, database=old.database, desk=self.desk, reply_texts=old.reply_texts)
        again = Rounds(world, self.done)
        again.world.reply_runner.take_up()
        return again
