"""`/t2 follow`, `/t2 unfollow`, `/t2 follow list`."""

import pytest

from bot.errors import BadInput, NotFound
from bot.people import NotTier2
from bot.releases.service import NothingFollowed
from bot.slack.request import Answer, Request
from commands import t2
from tests.commands.test_mention import Thread
from tests.fake_tracker import issue
from tests.world import World


@pytest.fixture
async def thread() -> Thread:
    """KI-1 is known."""
    world = World()
    world.known.intake.applied("app", [issue(31, "Calls *stutter* <!here>")], cursor="1")
    return Thread(world)


async def typed(thread: Thread, text: str, *, user: str = "UKIM", channel: str = "C9") -> Answer:
    return await t2.slash(Request(user=user, channel=channel, text=text), thread.services)


async def test_channel_follows_releases(thread: Thread) -> None:
    """Once; the second time it is said that nothing changed."""
    assert await typed(thread, "follow") == "This channel gets every release."
    assert await typed(thread, "follow") == "This channel already gets every release."
    assert await typed(thread, "follow app", channel="C8") == "This channel gets releases of app."
    assert await typed(thread, "follow", channel="C1") == "This channel already gets every release."


async def test_channels_are_tier_2_s_business(thread: Thread) -> None:
    """A known issue can be followed by anybody."""
    for text in ("follow", "unfollow", "follow app"):
        with pytest.raises(NotTier2):
            await typed(thread, text, user="UTOM")
    answer = await typed(thread, "follow KI-1", user="UTOM")

    assert answer == "You get a direct message when KI-1 changes."


async def test_what_is_not_there_is_said(thread: Thread) -> None:
    """With what can be followed."""
    with pytest.raises(NotFound, match="KI-99"):
        await typed(thread, "follow KI-99")
    with pytest.raises(BadInput, match="/t2 follow app"):
        await typed(thread, "follow the moon")


async def test_list_names_the_channel_s_and_one_s_own(thread: Thread) -> None:
    """Titles of trackers are inert."""
    assert "Nothing is followed here" in str(await typed(thread, "follow list"))
    await typed(thread, "follow app")
    await typed(thread, "follow ki-1")
    listed = str(await typed(thread, "follow list"))

    assert "• <#C9>: releases of app" in listed
    assert "• you: <https://tracker.test/31|KI-1 Calls" in listed
    assert "<!here>" not in listed
    assert "KI-1" not in str(await typed(thread, "follow list", user="UJO"))
    assert await typed(thread, "follow list", channel="C1", user="UJO") == "• <#C1>: releases of every tracker"


async def test_unfollow_ends_it_once(thread: Thread) -> None:
    """What was not followed is said, also the first time."""
    with pytest.raises(NothingFollowed):
        await typed(thread, "unfollow KI-1")
    await typed(thread, "follow KI-1")
    assert await typed(thread, "unfollow KI-1") == "Not followed any more."
    with pytest.raises(NothingFollowed):
        await typed(thread, "unfollow KI-1")
    assert "Nothing is followed here" in str(await typed(thread, "follow list"))
