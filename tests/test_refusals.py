"""What Slack will never take is told to the person whose action owed it."""

import pytest

from bot.messages.model import Refusal
from bot.refusals import tell_refusal
from tests.world import World


@pytest.fixture
async def world() -> World:
    return World()


def test_person_hears_of_it_once(world: World) -> None:
    """In a direct message, with the reason as words that do nothing."""
    refusal = Refusal("investigation/1", "C1", "the channel is archived <!here>", "UKIM")
    tell_refusal(world.owed, refusal)
    tell_refusal(world.owed, refusal)

    (message,) = world.owed.due(world.clock())
    assert message.place.channel == "UKIM"
    assert "<#C1>: the channel is archived &lt;!here&gt;" in message.content


@pytest.mark.parametrize("refusal", [Refusal("a", "C1", "x"), Refusal("a", "UKIM", "x", "UKIM")])
def test_nobody_and_refused_direct_messages_are_not_told(world: World, refusal: Refusal) -> None:
    """A refusal about a refusal would go on for ever."""
    tell_refusal(world.owed, refusal)

    assert world.owed.due(world.clock()) == []
