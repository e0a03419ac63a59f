"""What Slack will never take is told to the person whose action owed it."""

import pytest

from bot.messages.cards import refusal_line
from bot.messages.model import RefusedMessage
from bot.slack.outbox import tell_refusal
from tests.world import World


@pytest.fixture
async def world() -> World:
    return World()


def test_person_hears_of_it_once(world: World) -> None:
    """In a direct message, with the reason as words that do nothing."""
    refusal = RefusedMessage("investigation/1", "C1", "the channel is archived <!here>", "UKIM")
    tell_refusal(world.owed, refusal)
    tell_refusal(world.owed, refusal)

    (message,) = world.owed.due(world.clock())
    assert message.place.channel == "UKIM"
    assert "<#C1>: the channel is archived &lt;!here&gt;" in message.content


@pytest.mark.parametrize("refusal", [RefusedMessage("a", "C1", "x"), RefusedMessage("a", "UKIM", "x", "UKIM")])
def test_nobody_and_refused_direct_messages_are_not_told(world: World, refusal: RefusedMessage) -> None:
    """A refusal about a refusal would go on for ever."""
    tell_refusal(world.owed, refusal)

    assert world.owed.due(world.clock()) == []


@pytest.mark.parametrize(
    ("refusal", "line"),
    [
        (
            RefusedMessage("probes/57", "C1", "it is archived", "UKIM"),
            "A probe, which <@UKIM> asked for, did not reach <#C1>",
        ),
        (RefusedMessage("investigation/3", "#t2", "x"), "The card of INV-3 did not reach #t2: x"),
        (RefusedMessage("answer/3/C1/1.1", "C1", "x", ""), "The answer about INV-3 did not reach <#C1>"),
        (RefusedMessage("run/9/report", "D1", "x", "UKIM"), "did not reach the direct messages of <@UKIM>"),
        (RefusedMessage("refusal/probes/5", "UKIM", "x"), "A notice did not reach <@UKIM>"),
        (RefusedMessage("odd", "D1", "x"), "A message did not reach somebody's direct messages"),
        (RefusedMessage("escalation/4/run/2", "C1", "<!here>"), "An escalation did not reach <#C1>: &lt;!here&gt;"),
    ],
)
def test_people_and_channels_are_told_not_keys(refusal: RefusedMessage, line: str) -> None:
    """Whoever reads it knows the message by what it is about."""
    assert line in refusal_line(refusal)
    assert refusal.key not in refusal_line(refusal)
