"""A world in which Tier 1 has tickets, and elevation that works through what is due."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.elevations.cards import listing, message
from bot.elevations.model import ElevationSettings, ElevationState
from bot.tickets.desk import DeskError
from tests.fake_clock import FakeClock
from tests.fake_desk import FakeDesk
from tests.slack_limits import texts
from tests.world import World

SETTINGS = ElevationSettings(
    from_groups=("Tier 1",),
    groups={"tech": "T2 Tech", "cs": "T2 CS"},
    default_team="tech",
    per_minute=60,
    dry_run_days=0,
)
EAST = "US East drops all the time"


class TickingClock(FakeClock):
    """Goes on while it is looked at, as a real one does."""

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now


class DeskDay:
    """The desk, the clock, and the loop of elevation."""

    def __init__(self, settings: ElevationSettings = SETTINGS) -> None:
        self.settings, self.clock, self.desk = settings, TickingClock(), FakeDesk()
        self.desk.clock = self.clock
        self._lives(World(elevations_by=settings, clock=self.clock, desk=self.desk))

    def _lives(self, world: World) -> None:
        self.world, self.runner, self.service = world, world.elevation_runner, world.elevations
        self.store = self.runner._store

    def restarts(self, **settings: object) -> None:
        """The same records, and nothing else that the bot knew; perhaps with other settings."""
        self.settings = replace(self.settings, **settings)  # type: ignore[arg-type]
        old = self.world
        self._lives(World(elevations_by=self.settings, clock=self.clock, desk=self.desk, database=old.database))
        self.runner.take_up()

    def ticket(self, number: int, subject: str = EAST, *, minutes_ago: float = 20, text: str = "") -> None:
        created = self.clock() - timedelta(minutes=minutes_ago)
        self.desk.put(number, status="new", subject=subject)
        self.desk.set(number, created_at=created, updated_at=created, group_id=1, text=text)

    async def works(self, minutes: float = 0.5) -> None:
        """What the loop does in so many minutes, each thing as soon as it is due; the desk may fail at any of them."""
        end = self.clock() + timedelta(minutes=minutes)
        while True:
            try:
                while await self.runner.step(self.desk):
                    pass
            except DeskError as error:
                self.runner._desk_failed(error)
            due = max(self.runner.due_at(), self.clock() + timedelta(milliseconds=5))
            if due > end:
                break
            self.clock.now = due
        self.clock.now = max(end, self.clock())

    async def passes(self, *, hours: float) -> None:
        """A long time, in which the loop works every quarter of an hour only."""
        for _ in range(round(hours * 4)):
            self.clock.advance(minutes=15)
            await self.works(0)

    def state(self, number: int) -> ElevationState | None:
        row = self.store.get(number)
        return row.state if row else None

    def moved(self) -> list[int]:
        """Tickets that the desk has in another group than Tier 1's."""
        return sorted(ticket.id for ticket in self.desk.hidden if ticket.group_id != 1)

    def notes(self, number: int) -> list[str]:
        return [text for text, public in self.desk.comments.get(number, []) if not public]

    def messages(self) -> list[str]:
        return self.world.owed_keys("elevations/%")

    def said(self, number: int = 1) -> str:
        """The message with that number as its channel has it now."""
        return "\n".join(texts(list(message(self.service.gathered(number), self._title).blocks)))

    def listed(self, number: int = 1) -> str:
        return "\n".join(texts(list(listing(self.service.gathered(number, listed=30), self._title).blocks)))

    def _title(self, target: str) -> str:
        return self.world.catalog.named(target).title
