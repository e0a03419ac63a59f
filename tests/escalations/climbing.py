"""A world with a ladder, an escalation on it, and an outbox that does what a test wants."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.escalations.ladder_model import Ladder, LadderRun, LadderSettings, LadderStep, StepState
from bot.escalations.model import EscalationDraft
from bot.escalations.telling import WayKind
from bot.messages.model import Message
from bot.working_hours import WorkingHours
from tests.fake_clock import FakeClock
from tests.fake_people import FakePeople
from tests.fake_ways import FakeWay
from tests.world import US_EAST, World

MONDAY = datetime(2026, 11, 30, 10, 14, tzinfo=UTC)
HOURS = WorkingHours(time(9), time(18), frozenset(range(5)), ZoneInfo("UTC"))
TEN = timedelta(minutes=10)
DRAFT = EscalationDraft("logins fail", "09:00", "31 tickets", "", "Call Harbor")
PHONE = LadderStep(WayKind.APPRISE, TEN, ("PHONE_BRIDGE_URL",), title="phone bridge")
GROUP = LadderStep(WayKind.GROUP)
DAY = Ladder("day", (GROUP, LadderStep(WayKind.DM, TEN, ("ULENA", "URAJ")), PHONE))

LADDER_KEYS = ("ladder", "still", "overdue")


@dataclass
class Climb:
    """`world` with INV-1 escalated by UKIM, and what Slack does with messages."""

    ladder: Ladder = DAY
    settings: LadderSettings | None = None
    refusals: dict[str, str] = field(default_factory=dict)
    """Slack's words for channels and people whose messages it refuses."""
    phone: FakeWay = field(default_factory=FakeWay)
    at: datetime = MONDAY
    zones: dict[str, tzinfo] = field(default_factory=dict)
    away: dict[str, str] = field(default_factory=dict)

    async def begun(self, *, priority: str = "") -> "Climb":
        settings = self.settings or LadderSettings(HOURS, ladders=(self.ladder,))
        ways = dict.fromkeys((WayKind.APPRISE, WayKind.MAIL, WayKind.WEBHOOK), self.phone)
        people = FakePeople(zones=self.zones, away=self.away)
        self.world = World(clock=FakeClock(self.at), people=people, ladders=settings, ways=ways)
        await self.world.opened(US_EAST, symptom="packet loss")
        self.world.sent("investigation/1", "1.0")
        await self.world.escalations.escalate(1, replace(DRAFT, priority=priority), by="UKIM")
        self.deliver()
        return self

    def restarted(self) -> "Climb":
        """Another process on the same database; what the old one held in memory is gone."""
        old = self.world
        new = Climb(self.ladder, self.settings, self.refusals, self.phone, zones=self.zones, away=self.away)
        new.world = World(clock=old.clock, database=old.database, people=old.people, ladders=old.ladders, ways=old.ways)
        new.world.owed.interrupted()
        return new

    @property
    def run(self) -> LadderRun:
        run = self.world.rooms.ladders.of(1)
        assert run
        return run

    def deliver(self) -> list[str]:
        """Slack takes, or refuses, all that is owed and new; the keys of what it took."""
        world, taken = self.world, []
        while new := self.owed():
            for message in new:
                code = self.refusals.get(message.place.channel, "")
                if code:
                    world.owed.refused(message, code, code)
                else:
                    world.owed.sent(message, ts=f"{message.id}.0")
                    taken.append(message.key)
        return [key for key in taken if key.startswith(LADDER_KEYS)]

    def owed(self) -> list[Message]:
        """What Slack has not got yet."""
        return [each for each in self.world.owed.due(self.world.clock()) if not each.ts and each.view]

    async def walk(self, ahead: timedelta = timedelta()) -> list[str]:
        """Let time pass, and do all that is due then; the keys of messages that Slack took."""
        world, taken = self.world, []
        world.clock.advance(ahead.total_seconds())
        for _ in range(100):
            await world.rooms.walker.turn()
            await world.tasks.idle()
            taken += self.deliver()
            due_at = await world.rooms.walker.turn()
            await world.tasks.idle()
            if not (due_at and due_at <= world.clock()) and not self.owed():
                return taken
        raise AssertionError("it never comes to rest")

    def told(self) -> list[str]:
        """What was told, in its order."""
        return [who(step.rung.way, step.recipients) for step in self.run.begun if step.state is StepState.TOLD]

    def plan(self) -> list[tuple[str, str]]:
        """What comes, with the time of day."""
        planned = [(step, step.next_at) for step in self.run.planned]
        return [(who(step.rung.way, step.rung.recipients), f"{when:%H:%M}") for step, when in planned if when]


def who(way: WayKind, recipients: tuple[str, ...]) -> str:
    return "group" if way is WayKind.GROUP else " ".join(recipients)


async def others_run() -> None:
    """Everything that is ready to run has had its turn."""
    loop = asyncio.get_running_loop()
    turned = loop.create_future()
    loop.call_soon(turned.set_result, None)
    await turned
