"""The App Home, as the person who opens it sees it."""

import pytest

from bot.slack.request import read
from commands import workspace
from tests.commands.test_mention import Thread
from tests.slack import payloads
from tests.slack_limits import texts
from tests.world import World


async def home_of(thread: Thread, user: str) -> str:
    await workspace.home_opened(read(payloads.event("app_home_opened", user=user, channel="D1")), thread.services)
    return "\n".join(texts(thread.slack.called("views.publish")[-1]["view"]["blocks"]))


@pytest.mark.parametrize(
    ("user", "words"),
    [
        ("UKIM", "You are <@UKIM>, of T2 Tech."),
        ("ULENA", "You are <@ULENA>, of management: escalations come to you."),
        ("UTOM", "You are <@UTOM>. What you see here, Tier 2 is looking into."),
    ],
)
async def test_it_says_who_one_is(user: str, words: str) -> None:
    assert words in await home_of(Thread(World()), user)


async def test_while_nothing_is_open_it_says_how_a_morning_goes() -> None:
    """With the name of a target that is configured; as soon as something is open, that stands there instead."""
    thread = Thread(World())
    empty = await home_of(thread, "UKIM")
    await thread.world.opened()
    busy = await home_of(thread, "UKIM")

    assert "Nothing is being investigated." in empty and "1. `/investigate us-east packet loss`" in empty
    assert "INV-1" in busy and "Nothing is being investigated." not in busy
