"""A world in which people are reminded, and what was said to them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.reminders.model import RULES, Nudge, NudgeLine, NudgeState, ReminderKind, ReminderSettings
from bot.stored import Stored
from tests.fake_desk import ticket
from tests.world import OFFICE, US_EAST, World

_NUDGES = Stored[Nudge](Nudge, json=("lines",))


def usual(*kinds: ReminderKind) -> ReminderSettings:
    """The usual times, of these kinds only; of all for none."""
    paces = {rule.kind: rule.usual for rule in RULES if not kinds or rule.kind in kinds}
    return ReminderSettings(OFFICE, paces, stale_after=timedelta(hours=4), answer_within=timedelta(minutes=30))


@dataclass
class Waiting:
    """INV-1 about U.S. East, on a Friday at 09:12; the team works from 08:00 to 20:00."""

    settings: ReminderSettings = field(default_factory=usual)
    world: World = field(init=False)
    slack_works: bool = True

    def __post_init__(self) -> None:
        self.world = World(reminder_settings=self.settings)

    def delivered(self) -> None:
        """As if the outbox had sent every question to an owner."""
        self.world.database.run("UPDATE messages SET ts = '9.' || id, state = 'sent' WHERE key LIKE 'still-on-it/%'")

    async def opened(self, *, by: str = "UKIM") -> "Waiting":
        await self.world.opened(US_EAST, by=by)
        return self

    async def after(self, **span: float) -> list[Nudge]:
        """Let time pass and the loops look; what was sent by that."""
        before = len(self.nudges())
        self.world.clock.advance(**span)
        await self.world.reminders.turn()
        await self.world.claims.turn()
        if self.slack_works:
            self.delivered()
        return self.nudges()[before:]

    def restarted(self) -> "Waiting":
        """Another bot with the same records."""
        world = self.world
        again = Waiting(self.settings)
        again.world = World(
            reminder_settings=self.settings,
            database=world.database,
            clock=world.clock,
            people=world.people,
            desk=world.desk,
        )
        return again

    async def customers_write(self, *numbers: int) -> None:
        assert self.world.desk
        await self.world.desk_settled()
        self.world.clock.advance(60)
        self.world.desk.found += [ticket(number, self.world.clock()) for number in numbers]
        self.world.clock.advance(180)
        await self.world.desk_settled()

    def nudges(self) -> list[Nudge]:
        return [_NUDGES.row(row) for row in self.world.database.rows("SELECT * FROM nudges ORDER BY id")]

    def states(self) -> list[NudgeState]:
        return [nudge.state for nudge in self.nudges()]

    def next_at(self, kind: ReminderKind) -> datetime | None:
        row = next((row for row in self.world.reminders._store.of(1) if row.kind is kind), None)
        return row.next_at if row else None


def kinds(nudges: list[Nudge]) -> list[list[ReminderKind]]:
    return [[line.kind for line in nudge.lines] for nudge in nudges]


def lines(nudges: list[Nudge]) -> list[NudgeLine]:
    return [line for nudge in nudges for line in nudge.lines]
