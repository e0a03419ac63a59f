"""A world in which Tier 1 has tickets, and elevation that works through what is due."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.elevations.gathering import gathering_key
from bot.elevations.model import ElevationSettings, ElevationState
from bot.tickets.desk import DeskError
from tests.fake_clock import FakeClock
from tests.fake_desk import FakeDesk
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
    """The desk, the clock, and the loop of elevation. Minutes are told from its beginning."""

    def __init__(self, settings: ElevationSettings = SETTINGS, world: World | None = None) -> None:
        self.world = world or World(elevations_by=settings, clock=TickingClock())
        assert self.world.desk
        self.desk: FakeDesk = self.world.desk
        self.clock = self.world.clock
        self.desk.clock = self.clock
        self.runner, self.service = self.world.elevation_runner, self.world.elevations
        self.store = self.runner._store

    def ticket(self, number: int, subject: str = EAST, *, minutes_ago: float = 20, text: str = "") -> None:
        created = self.clock() - timedelta(minutes=minutes_ago)
        self.desk.put(number, status="new", subject=subject)
        self.desk.set(number, created_at=created, updated_at=created, group_id=1, text=text)

    async def works(self, minutes: float = 0) -> None:
        """What the loop does in so many minutes, each thing as soon as it is due; the desk may fail at any of them."""
        end = self.clock() + timedelta(minutes=minutes)
        for _ in range(100_000):
            try:
                while await self.runner.step(self.desk):
                    pass
            except DeskError as error:
                self.runner._desk_failed(error)
            due = max(self.runner.due_at(), self.clock())
            if due > end:
                break
            self.clock.now = max(due, self.clock() + timedelta(seconds=1))
        self.clock.now = max(end, self.clock())

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
        from bot.elevations.cards import message

        return str(message(self.service.gathered(number), lambda target: self.world.catalog.named(target).title))


__all__ = ["EAST", "SETTINGS", "DeskDay", "gathering_key", "replace"]
