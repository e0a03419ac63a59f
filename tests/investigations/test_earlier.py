"""When the last one of a target was resolved, and why, where the next one begins."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.investigations import card as investigation_card
from bot.investigations.cards import ago_words, earlier_line
from bot.investigations.model import Earlier, Investigation, State
from bot.slack.request import read
from commands import investigate
from tests.commands.test_mention import Thread
from tests.hostile import NOW, SAMPLES
from tests.slack import payloads
from tests.slack_limits import texts
from tests.world import APP, US_EAST, US_WEST, World

BEFORE = Investigation(2, "us-east", "loss", State.RESOLVED, "UKIM", NOW, "C1", closed_at=NOW, root_cause="transit")
DAYS_12 = timedelta(days=12, hours=3)


@pytest.fixture
async def world() -> World:
    """INV-1 of U.S. East was resolved 12 days ago, after INV-2 of U.S. West."""
    world = World()
    await world.opened(US_EAST)
    await world.opened(US_WEST)
    await world.investigations.resolve(2, root_cause="other", workaround="", by="UKIM")
    await world.investigations.resolve(1, root_cause="A transit provider.", workaround="Use U.S. West", by="UKIM")
    world.clock.advance(DAYS_12.total_seconds())
    return world


def card(world: World, number: int) -> str:
    return "\n".join(texts(list(investigation_card.card(world.evidence.overview(number)).blocks)))


async def test_card_says_when_the_last_one_was_resolved_and_why(world: World) -> None:
    """Of the same target, and only as long as it is live itself."""
    await world.opened(US_EAST)
    await world.opened(APP)
    line = "Last resolved 12 days ago (INV-1): A transit provider; workaround: Use U.S. West"

    assert line in card(world, 3) and "Last resolved" not in card(world, 4)
    await world.investigations.resolve(3, root_cause="again", workaround="", by="UKIM")
    assert "Last resolved" not in card(world, 3)


async def test_a_dismissed_one_is_no_resolved_one(world: World) -> None:
    """The newest that was resolved counts, not the newest."""
    await world.opened(US_EAST)
    await world.investigations.dismiss(3, reason="one router", by="UKIM")
    await world.opened(US_EAST)

    assert "(INV-1): A transit provider" in card(world, 4)


async def test_who_types_it_elsewhere_or_second_is_told_too(world: World) -> None:
    """Their card is not where they are."""
    services = Thread(world).services
    elsewhere = await investigate.slash(read(payloads.command(text="us-east") | {"channel_id": "C9"}), services)
    second = await investigate.slash(read(payloads.command(text="us-east") | {"channel_id": "C9"}), services)

    assert "Last resolved 12 days ago (INV-1)" in str(elsewhere)
    assert not isinstance(second, str) and second and "Last resolved 12 days ago" in str(second.blocks)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=5), "1 min ago"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=23), "23 h ago"),
        (timedelta(days=1), "1 day ago"),
        (DAYS_12, "12 days ago"),
        (timedelta(days=200), "6 months ago"),
    ],
)
def test_how_long_ago(ago: timedelta, words: str) -> None:
    assert ago_words(ago) == words


@pytest.mark.parametrize("said", SAMPLES)
def test_what_was_typed_then_works_nowhere(said: str) -> None:
    line = earlier_line(Earlier(replace(BEFORE, root_cause=said, workaround=said), NOW))

    assert "<!channel>" not in line and "\n" not in line
