"""Lena does not answer: others are asked in their turn, once each, and nobody is asked after somebody has answered."""

from datetime import timedelta

import pytest

from tests.stories.chat import Person, Seen
from tests.stories.counting import keys
from tests.stories.killing import Killer, Point, started_again
from tests.stories.steps import escalated, opened, settled, timeline
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story

TEN, HOUR = timedelta(minutes=10), timedelta(hours=1)
ASKED = "Call the transit provider"
LADDER = """[escalation]
group = "ltm"

[escalation.ladders.always]
asks_outside_hours = true

[[escalation.ladders.always.steps]]
way = "thread-group"

[[escalation.ladders.always.steps]]
way = "dm"
wait_min = 10
people = ["lena", "raj"]
"""
SETTINGS = {'[escalation]\ngroup = "ltm"\n': LADDER}


def asked(person: Person) -> list[Seen]:
    """The direct messages in which the bot asks somebody."""
    return [each for each in person.screen("@secondline") if each.by_bot]


async def test_raj_answers_and_lena_sees_it(town: OpenTown) -> None:
    """The post shows the plan and what came of it; the bot is another process each time."""
    async with town(settings=SETTINGS) as there:
        card = await opened(there)
        post = await escalated(there, card)
        shown = await there.kim.sees_change(post, lambda now: "No answer → DM" in now.text)
        assert "<@U0LENA>" not in str(shown.raw), "a plan that mentions her would call her now"
        assert "Take It Back" in shown.buttons and asked(there.lena) == []

        await there.let_pass(TEN)
        hers = await there.lena.sees("@secondline", ASKED)
        await there.let_pass(TEN)
        his = await there.raj.sees("@secondline", ASKED)
        await there.raj.presses(his, "Acknowledge")
        for person, message in ((there.raj, his), (there.lena, hers), (there.kim, post)):
            now = await person.sees_change(message, lambda now: "Acknowledged by" in now.text)
            assert "Acknowledge" not in now.buttons
        assert "acknowledged" in await timeline(there, card)

        await there.let_pass(TEN)
        await settled(there)
        assert len(asked(there.lena)) == len(asked(there.raj)) == 1


async def test_lena_needs_more_first(town: OpenTown) -> None:
    """Nobody else is asked meanwhile; a note answers her, and then Raj is asked after the wait."""
    async with town(settings=SETTINGS) as there:
        card = await opened(there)
        post = await escalated(there, card)
        await there.let_pass(TEN)
        hers = await there.lena.sees("@secondline", ASKED)
        await there.lena.presses(hers, "Need More")
        form = await there.lena.form("Need more")
        there.lena.fills(form, question="How many business customers?")
        assert await there.lena.submits(form) == {}
        await there.kim.sees(card, "How many business customers?")
        await there.kim.sees_change(post, lambda now: "until the question is answered" in now.text)
        await there.let_pass(TEN)
        await settled(there)
        assert asked(there.raj) == []

        await there.kim.types(card, "@secondline note 12 of them")
        await there.kim.sees_change(post, lambda now: "No answer → DM" in now.text)
        await there.let_pass(TEN)
        await there.raj.sees("@secondline", ASKED)


async def test_an_acknowledgement_without_news(town: OpenTown) -> None:
    """Lena is asked, alone, whether she still is on it; she says nothing, and the group is called again."""
    async with town(settings=SETTINGS) as there:
        card = await opened(there)
        post = await escalated(there, card)
        await there.lena.presses(post, "Acknowledge")
        await there.kim.sees_change(post, lambda now: "Acknowledged by" in now.text)
        await there.let_pass(HOUR)
        question = await there.lena.sees("@secondline", "still on INV-1?")
        assert question.buttons == ["Yes", "Hand It Back"]
        await there.let_pass(TEN)

        await there.kim.sees(card, "gave no sign about INV-1")
        await there.raj.sees(card, "Nobody has answered yet")
        await there.lena.sees_change(question, lambda now: not now.buttons)
        await there.kim.sees_change(post, lambda now: "Acknowledge" in now.buttons)


async def test_taken_back_nobody_is_asked(town: OpenTown) -> None:
    """By Kim, who escalated it; Lena can't."""
    async with town(settings=SETTINGS) as there:
        card = await opened(there)
        post = await escalated(there, card)
        await there.lena.presses(post, "Take It Back")
        await there.lena.sees(card, "Only whoever escalated it")
        await there.kim.presses(post, "Take It Back")
        await there.kim.sees_change(post, lambda now: "took it back" in now.text)
        await there.let_pass(HOUR)
        await settled(there)

        assert asked(there.lena) == asked(there.raj) == []


async def test_slack_takes_her_message_later_and_raj_was_quicker(town: OpenTown) -> None:
    """It waits for a rate limit while he acknowledges: it is taken back, and never sent."""
    async with town(settings=SETTINGS) as there:
        post = await escalated(there, await opened(there))
        await settled(there)
        there.slack.control.limit(4 * 3600, method="conversations.open")
        await there.let_pass(TEN)
        await there.kim.sees_change(post, lambda now: "waits, Slack takes no more messages" in now.text)
        await there.raj.presses(post, "Acknowledge")
        await there.kim.sees_change(post, lambda now: "Acknowledged by" in now.text and "stopped" in now.text)
        there.slack.site.rates.open_all()
        await there.let_pass(TEN)
        await settled(there)

        assert asked(there.lena) == []


@pytest.mark.parametrize("when", ["before", "after"])
async def test_killed_while_she_is_asked(town: OpenTown, when: str) -> None:
    """She gets it once, and the next is asked in his time."""
    async with town(settings=SETTINGS) as there:
        await escalated(there, await opened(there))
        await settled(there)
        killer = Killer(there, [Point(when, "chat.postMessage", "ladder/")])  # type: ignore[arg-type]
        there.watch = killer
        await there.let_pass(TEN, start=False)
        await there.bot.start()
        async with started_again(there):
            await there.until(lambda: killer.reached, "the death")
            await there.lena.sees("@secondline", ASKED)
            await settled(there)
        assert len(asked(there.lena)) == 1 and asked(there.raj) == []
        await there.let_pass(TEN)
        await there.raj.sees("@secondline", ASKED)
        assert keys(there)["ladder/2/U0LENA"] == keys(there)["ladder/3/U0RAJ"] == 1
