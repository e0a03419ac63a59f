"""A known issue whose fix is out, and about which customers write again, has regressed: said once."""

from dataclasses import replace
from typing import Any

import pytest

from bot.known_issues.model import IssueState, LinkVerdict
from bot.releases.model import Follow
from tests.fake_tracker import issue
from tests.trends.fakes import read_ticket, rise, streamed
from tests.trends.test_watch import APP, WEST, turn, watching
from tests.world import APP as THE_APP
from tests.world import US_WEST, World

CRASH = issue(1, "The app crashes at start", symptom="The app crashes", labels=("known-issue", "app"))
OUT: dict[str, Any] = {"state": IssueState.DONE, "fix_version": "v8.4", "released": True}
SLOW = issue(2, "Packets are lost at the provider", labels=("known-issue", "U.S. West"))


def fixed(world: World, which: Any = CRASH) -> None:
    """It became known, was looked into, and its fix came out."""
    world.known.intake.applied("app", [which], cursor="one")
    world.clock.advance(hours=1)
    world.known.intake.applied("app", [replace(which, **OUT)], cursor="two")
    world.clock.advance(hours=1)


def changes(world: World) -> list[str]:
    return [str(change.kind) for change in world.known.log.of(1)]


async def write(world: World, *versions: str, first: int = 500) -> None:
    """As many customers as versions write that the app crashes."""
    numbers = range(first, first + len(versions))
    at = world.clock()
    more = [{"target": "app", "symptom": "crash", "versions": (each,) if each else ()} for each in versions]
    streamed(world, [read_ticket(number, at, **each) for number, each in zip(numbers, more, strict=True)])  # type: ignore[arg-type]
    await turn(world, rise(at, series=APP, customers=len(versions) + 20, tickets=numbers))


@pytest.mark.parametrize(
    ("versions", "regressed"),
    [
        (["app 8.4", "app 8.4.1", "app 9"], True),
        (["app 8.4.0"] * 3, True),
        (["app 8.3.9"] * 9, False),
        (["app 8.4", "app 8.4", "ios 26.2", ""], False),
        ([""] * 9, False),
    ],
)
async def test_an_app_has_regressed_where_customers_write_who_have_the_fix(
    versions: list[str], regressed: bool
) -> None:
    world = watching()
    fixed(world)
    await write(world, *versions)

    assert (changes(world)[-1] == "regressed") is regressed
    assert world.rooms.trend_room.showing.shown(1).regressed is regressed


async def test_it_is_said_once_and_again_after_the_next_release() -> None:
    world = watching()
    fixed(world)
    await world.releases.follow(Follow("UJO", issue_id=1), by="UJO")
    for _ in range(3):
        await write(world, "app 8.4", "app 8.4", "app 8.4")
    assert changes(world).count("regressed") == 1
    assert len(world.owed_keys("news/%")) == 1

    world.known.intake.applied("app", [CRASH], cursor="three")
    await write(world, "app 8.4", "app 8.4", "app 8.4")
    assert changes(world).count("regressed") == 1
    world.known.intake.applied("app", [replace(CRASH, **OUT)], cursor="four")
    await write(world, "app 8.4", "app 8.4", "app 8.4", first=600)
    assert changes(world).count("regressed") == 2


async def test_what_is_no_app_has_regressed_where_customers_write_after_the_release() -> None:
    """The issue is the one that people said its last investigation is about."""
    world = watching()
    fixed(world, SLOW)
    before = await world.opened(US_WEST)
    await world.knowledge.use(before.id, 1, by="UKIM")
    numbers = range(700, 705)
    streamed(world, [read_ticket(number, world.clock(), target="us-west") for number in numbers])
    await turn(world, rise(world.clock(), series=WEST, tickets=numbers))

    assert world.known.links.of(before.id)[0].verdict is LinkVerdict.IT_IS
    assert changes(world)[-1] == "regressed"


async def test_an_issue_that_is_open_has_not_regressed() -> None:
    world = watching()
    world.known.intake.applied("app", [CRASH], cursor="one")
    await world.opened(THE_APP)
    await write(world, "app 8.4", "app 8.4", "app 8.4")

    assert "regressed" not in changes(world)


@pytest.mark.parametrize(("version", "known"), [("ios 26.2", False), ("android 16", True)])
async def test_an_issue_of_another_platform_is_not_what_it_looks_like(version: str, known: bool) -> None:
    """The app as a whole rises, and the version that most tickets name says on what."""
    world = watching()
    android = issue(3, "Android app crashes on start", symptom="The app crashes", labels=("known-issue", "app"))
    world.known.intake.applied("app", [android], cursor="one")
    await write(world, version, version, version)
    shown = world.rooms.trend_room.showing.shown(1)

    assert shown.trend.version == version and not shown.trend.series.version
    assert bool(shown.known) is known
