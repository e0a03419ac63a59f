"""An outbox with everything around it, on a clock and a Slack of our own."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.database import Database
from bot.messages.model import Block, Content, Place
from bot.messages.store import MessageStore
from bot.slack.blocks import divider
from bot.slack.outbox import Outbox, View
from bot.slack.sender import Sender
from bot.tasks import Tasks
from tests.database import memory_database
from tests.fake_clock import FakeClock
from tests.fake_web_api import FakeWebApi


@dataclass
class Desk:
    """`words` and `block` are what the only view shows. `even` is the clock by which messages wait, else `clock`.

    `server` is a Slack that was there before.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    server: FakeWebApi | None = None
    tasks: Tasks = field(default_factory=Tasks)
    database: Database = field(default_factory=memory_database)
    words: str = "first"
    channels: dict[str, str] = field(default_factory=dict)
    block: Block = field(default_factory=divider)
    even: Clock | None = None
    tier2: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._wake = asyncio.Event()
        self.slack = self.server or FakeWebApi(now=self.clock().timestamp())
        self.store = MessageStore(
            database=self.database,
            clock=self.even or self.clock,
            wake=self._wake.set,
            is_tier2=lambda user: user in self.tier2,
        )
        self.outbox = self.outboxed({"words": lambda _: Content(self.words, (self.block,))})

    def outboxed(self, views: Mapping[str, View]) -> Outbox:
        """An outbox that shows records by these."""
        return Outbox(
            store=self.store,
            sender=Sender(client=self.slack, channel_id=self.channel_id, bot_user="U0BOT", bot_id="B0BOT"),
            views=views,
            tasks=self.tasks,
            clock=self.even or self.clock,
            wake=self._wake,
        )

    def notices(self) -> list[tuple[str, str]]:
        """Messages that people are told Slack did not take: the key, and who is told."""
        rows = self.database.rows("SELECT key, channel FROM messages WHERE key LIKE 'refusal/%' ORDER BY id")
        return [(row["key"].removeprefix("refusal/"), row["channel"]) for row in rows]

    async def channel_id(self, name: str) -> str:
        return self.channels.get(name, name)

    def card(self, key: str = "card/1", **more: object) -> None:
        place = more.pop("place", Place("C1"))
        self.store.card(key, view="words", record_id=1, place=place, for_user="U1", **more)  # type: ignore[arg-type]

    async def send(self, *, after_s: float = 0.0) -> None:
        """Let the clock go on, then send until nothing more may go now."""
        self.clock.advance(after_s)
        while True:
            before = len(self.slack.calls)
            self.outbox.send_due()
            await self.tasks.idle()
            if len(self.slack.calls) == before:
                return
