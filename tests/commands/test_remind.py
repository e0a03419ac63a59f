"""`remind`, and the buttons of what reminds, as people type and press them."""

from datetime import timedelta
from typing import Any

import pytest

from bot.errors import BadInput
from bot.field_limits import TooLong
from bot.messages.model import Content
from bot.reminders import cards
from bot.reminders.model import NudgeState, ReminderKind
from bot.slack.request import read
from bot.views import views
from commands import remind, workspace
from tests.commands.index import handler_of
from tests.commands.test_mention import Thread
from tests.reminders.waiting import Waiting, usual
from tests.slack import payloads
from tests.slack_limits import broken_by_message


@pytest.fixture
async def waiting() -> Waiting:
    """INV-1, whose card has the ts 1.1."""
    waiting = await Waiting(usual(ReminderKind.UNCLAIMED)).opened()
    waiting.world.sent("investigation/1", "1.1")
    return waiting


def asked(waiting: Waiting) -> list[tuple[str, str, timedelta]]:
    rows = waiting.world.reminders._store.of(1)
    return [(row.whom, row.text, row.next_at - row.since) for row in rows if row.next_at]


@pytest.mark.parametrize(
    ("words", "thread", "whom", "text"),
    [
        ("remind me in 30 min call the provider", "1.1", "UKIM", "call the provider"),
        ("remind in 30 min to call &lt;them&gt;", "1.1", "UKIM", "call <them>"),
        ("remind me to call the provider in 30 minutes!", "1.1", "UKIM", "call the provider"),
        ("remind <@UJO> in 30 min the fix is due", "1.1", "UJO", "the fix is due"),
        ("remind me INV-1 in 30 min", "", "UKIM", ""),
        ("remind INV-1 me in 30 min", "", "UKIM", ""),
        ("INV-1: remind <@UJO> in half an hour", "", "UJO", ""),
        ("reminder <@UJO> INV-1 in 30 min: look", "", "UJO", "look"),
    ],
)
async def test_as_people_say_it(waiting: Waiting, words: str, thread: str, whom: str, text: str) -> None:
    """Whom, which one and when in any order; a mark says that it is done."""
    assert await Thread(waiting.world).mention(words, thread_ts=thread) is None

    assert asked(waiting) == [(whom, text, timedelta(minutes=30))]
    assert waiting.world.owed_keys("done/%") == ["done/C1/9.9"]


async def test_when_they_don_t_work_it_says_when(waiting: Waiting) -> None:
    """For somebody else only."""
    waiting.world.clock.advance(hours=10)
    answer = await Thread(waiting.world).mention("remind <@UJO> in 2 h")

    assert isinstance(answer, str) and answer.startswith(
        "At that time nobody is at work, so the reminder comes <!date^"
    )
    assert await Thread(waiting.world).mention("remind me in 2 h") is None
    assert await Thread(waiting.world).mention("remind me tomorrow") is None


@pytest.mark.parametrize("words", ["remind", "remind me", "remind me later", "remind <@UJO> in 2 cities"])
async def test_without_a_time(waiting: Waiting, words: str) -> None:
    """The person hears how to say it."""
    with pytest.raises(BadInput, match="Say when"):
        await Thread(waiting.world).mention(words)

    assert asked(waiting) == []


async def test_what_is_hostile_is_text(waiting: Waiting) -> None:
    """It pings nobody, formats nothing, and is refused where it is long."""
    thread = Thread(waiting.world)
    with pytest.raises(TooLong):
        await thread.mention("remind me in 30 min " + "look " * 20_000)
    with pytest.raises(BadInput):
        await thread.mention("remind me " + "in 1 " * 20_000)
    await thread.mention("remind me in 30 min <!channel> *bold* :fire: `code` &lt;!here&gt; " + "&amp;" * 80)
    await waiting.after(minutes=30)
    content = views(thread.services, 5)["reminder"](1)

    assert content and broken_by_message(content) == []
    shown = str(content.blocks)
    assert "<!channel" not in shown and "<!here" not in shown and "*bold*" not in shown


async def test_buttons_are_those_of_the_message(waiting: Waiting) -> None:
    """Each choice of the menu and each button does what stands on it."""
    thread = Thread(waiting.world)
    await waiting.world.investigations.release(1, by="UKIM")
    await waiting.after(minutes=5)
    content = views(thread.services, 5)["reminder"](1)
    assert isinstance(content, Content)
    _, snooze, stop = content.blocks[-1]["elements"]
    assert [option["value"] for option in snooze["options"]] == ["short 1", "long 1", "tomorrow 1"]
    await remind.snoozed(read(_chosen(snooze, 1)), thread.services)
    assert waiting.states() == [NudgeState.SNOOZED]
    await waiting.after(hours=2)
    await handler_of(cards.STOP)(read(payloads.press(stop["action_id"], "2")), thread.services)

    assert waiting.states() == [NudgeState.SNOOZED, NudgeState.STOPPED]


async def test_still_on_it_by_its_buttons() -> None:
    """Of the message in the owner's direct messages."""
    waiting = await Waiting(usual(ReminderKind.UNCLAIMED)).opened()
    await waiting.customers_write(7)
    await waiting.after(hours=4)
    thread = Thread(waiting.world)
    content = views(thread.services, 5)["claim_question"](1)
    assert isinstance(content, Content) and broken_by_message(content) == []
    yes, release = content.blocks[-1]["elements"]
    assert (yes["action_id"], release["action_id"]) == (cards.YES, cards.RELEASE)
    await handler_of(cards.YES)(read(payloads.press(cards.YES, yes["value"])), thread.services)
    await waiting.customers_write(8)
    await waiting.after(hours=4)
    await handler_of(cards.RELEASE)(read(payloads.press(cards.RELEASE, "2")), thread.services)

    assert waiting.world.investigations.get(1).owner is None


@pytest.mark.parametrize("user", [{"id": "UKIM", "deleted": True}, "UKIM", None])
async def test_slack_tells_of_a_person(waiting: Waiting, user: Any) -> None:
    """Whole with user_change; events of groups name nobody."""
    waiting.world.people.nobodies = frozenset({"UKIM"})
    thread = Thread(waiting.world)
    await workspace.people_changed(read(payloads.event("user_change", user=user)), thread.services)

    assert waiting.world.investigations.get(1).owner == (None if isinstance(user, dict) else "UKIM")


def _chosen(menu: dict[str, Any], place: int) -> dict[str, Any]:
    action = {"type": "static_select", "action_id": menu["action_id"], "block_id": "b", "action_ts": "1.2"}
    return payloads.press() | {"actions": [action | {"selected_option": menu["options"][place]}]}
