"""What status pages plan is followed: begun, moved, longer, ended, called off."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.maintenance.model import Maintenance, Phase
from bot.status.matching import Concern
from bot.status.model import Incident, Level, SourceKind, SourceReading
from bot.status.source import Watched
from tests.fake_status import FakeSource, away, component
from tests.maintenance.planning import later
from tests.world import World

EAST, WEST = component("US East", Level.OPERATIONAL), component("US West", Level.OPERATIONAL)


class Page:
    """A world whose status page has two components, and what it plans."""

    def __init__(self, *, announce: bool = True) -> None:
        self.source = FakeSource(SourceReading((EAST, WEST)))
        concerns = {"us-east": Concern(names=("US East",)), "us-west": Concern(names=("US West",))}
        watched = Watched("public", "status page", SourceKind.PAGE, self.source, concerns, 60, announce)
        self.world = World(watched=(watched,))
        self.began: datetime = self.world.clock()

    async def says(self, *works: Incident, after: float = 2) -> list[Maintenance]:
        """After so many minutes the page plans these, and has been read."""
        self.source.reading = SourceReading((EAST, WEST), works)
        self.world.clock.advance(minutes=after)
        await self.world.status.turn()
        await self.world.maintenance.turn()
        return self.world.maintenance.live()

    def work(self, *, begins: float = 60, lasts: float = 60, stage: str = "scheduled", whole: bool = False) -> Incident:
        """Begins and lasts in minutes."""
        start = self.began + timedelta(minutes=begins)
        return Incident(
            "m1",
            "New kernel",
            stage,
            Level.MAINTENANCE,
            start,
            start + timedelta(minutes=lasts),
            planned=True,
            components=() if whole else ("us east",),
            url="https://status.test/m1",
        )


async def test_it_is_told_a_day_before_and_once() -> None:
    page = Page()
    (known,) = await page.says(page.work(begins=26 * 60))
    assert (known.targets, known.why, known.channel) == (("us-east",), "New kernel", "CTECH")
    assert page.world.owed_keys("maintenance/%") == []

    await later(page.world, 120)
    await later(page.world, 10)
    assert page.world.owed_keys("maintenance/%") == ["maintenance/1"]


async def test_it_begins_and_ends_as_the_page_says() -> None:
    """Also before its time; what is over leaves the page's summary."""
    page = Page()
    await page.says(page.work())
    (going,) = await page.says(page.work(stage="in_progress"))
    assert going.phase is Phase.GOING and page.world.status.of("us-east").expected  # type: ignore[union-attr]

    assert await page.says() == []
    over = page.world.maintenance.get(1)
    assert over.phase is Phase.OVER and [str(change.kind) for change in over.changes] == ["ended"]
    assert page.world.sweeps.get(over.sweep_id or 0).targets == ("us-east",)


async def test_a_page_that_says_nothing_of_the_beginning_is_believed_by_its_times() -> None:
    page = Page()
    await page.says(page.work())
    (going,) = await page.says(page.work(), after=60)
    assert going.phase is Phase.GOING
    assert await page.says(page.work(), after=60) == []
    assert page.world.maintenance.get(1).phase is Phase.OVER


async def test_it_is_moved_made_longer_and_called_off() -> None:
    page = Page()
    await page.says(page.work())
    (moved,) = await page.says(page.work(begins=90))
    (longer,) = await page.says(page.work(begins=90, lasts=120))
    assert moved.begins_at == page.began + timedelta(minutes=90)
    assert [str(change.kind) for change in longer.changes] == ["moved", "longer"]

    assert await page.says() == []
    gone = page.world.maintenance.get(1)
    assert gone.phase is Phase.CANCELLED and gone.sweep_id is None


async def test_while_the_page_says_that_it_goes_on_it_is_not_over() -> None:
    """But trouble is expected no longer than an hour after its planned end."""
    page = Page()
    await page.says(page.work(begins=1, lasts=60, stage="in_progress"))
    (late,) = await page.says(page.work(begins=1, lasts=60, stage="in_progress"), after=70)
    expected = page.world.status.expected("us-east")
    assert late.phase is Phase.GOING and expected and expected.late

    (late,) = await page.says(page.work(begins=1, lasts=60, stage="in_progress"), after=60)
    assert late.phase is Phase.GOING and not page.world.status.expected("us-east")
    assert await page.says(page.work(stage="completed")) == []


async def test_one_without_components_is_about_all_targets_of_the_page() -> None:
    page = Page()
    (known,) = await page.says(page.work(whole=True))
    assert known.targets == ("us-east", "us-west")


async def test_a_page_that_is_away_ends_nothing_but_by_time() -> None:
    page = Page()
    await page.says(page.work(begins=1))
    page.source.down = away()
    (going,) = await page.says(after=5)
    assert going.phase is Phase.GOING
    assert await page.says(after=120) == []


async def test_a_page_whose_trouble_is_not_announced_has_no_message() -> None:
    page = Page(announce=False)
    await page.says(page.work(begins=1))
    await later(page.world, 5)
    assert page.world.owed_keys("maintenance/%") == [] and page.world.status.expected("us-east")


async def test_times_that_a_page_leaves_out() -> None:
    """Without a beginning it is from when it goes on; without an end it lasts two hours."""
    page = Page()
    assert await page.says(replace(page.work(), began_at=None, ends_at=None)) == []
    (going,) = await page.says(replace(page.work(stage="in_progress"), began_at=None, ends_at=None))
    assert going.ends_at - going.begins_at == timedelta(hours=2)
