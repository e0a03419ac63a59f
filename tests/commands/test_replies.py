"""A round of replies through its buttons and its form."""

from dataclasses import replace
from typing import Any

import pytest

from bot.messages.model import Place
from bot.people import NotTier2
from bot.replies.cards import GO_ON, NOT_NOW, STOP, TRY_AGAIN
from bot.replies.forms import REPLIES_FORM
from bot.replies.model import CannotAnswer, RoundOpening, RoundState, WaitingTicket
from bot.slack.request import Request
from commands import replies, t2
from tests.commands.index import handler_of
from tests.commands.test_mention import Thread
from tests.fake_desk import FakeDesk, unreachable
from tests.slack_limits import texts
from tests.world import World

TEXTS = {"released": {"en": "{title} is fixed."}}


@pytest.fixture
async def thread() -> Thread:
    """Round 1 waits for a review of tickets 1 and 2."""
    desk = FakeDesk()
    desk.put(1, 2)
    world = World(desk=desk, reply_texts=TEXTS)
    with world.database.transaction():
        world.replies.open(
            "k",
            RoundOpening(
                purpose="released",
                tickets=[WaitingTicket(1), WaitingTicket(2)],
                values={"title": "Login"},
                place=Place("C1"),
                for_user="UKIM",
            ),
        )
    await world.reply_runner.step(desk)
    return Thread(world)


def pressed(user: str = "UKIM") -> Request:
    return Request(user=user, channel="C1", value="1", trigger_id="T1")


def sent(*tickets: int, text: str = "It works again.", user: str = "UKIM") -> Request:
    values: dict[str, Any] = {"text-en": text, "then": "solved", "tickets-0": [str(number) for number in tickets]}
    return Request(user=user, private_metadata="1", values=values)


async def test_review_opens_the_form_for_tier_2_only(thread: Thread) -> None:
    """The button is there for everybody to see, and answers those who may not with a sentence."""
    await replies.review_button(pressed(), thread.services)
    with pytest.raises(NotTier2):
        await replies.review_button(pressed("UTOM"), thread.services)

    (call,) = thread.slack.called("views.open")
    assert call["view"]["callback_id"] == REPLIES_FORM


async def test_the_form_is_checked_then_approved(thread: Thread) -> None:
    """What can't be sent stays in the form, with the reason at its field; a late second form is told."""
    services = thread.services

    assert list(replies.check(sent(), services)) == ["then"]
    assert list(replies.check(sent(1, text=" "), services)) == ["text-en"]
    assert replies.check(sent(1), services) == {}
    await replies.approved(sent(1), services)
    assert services.replies.get(1).state is RoundState.RUNNING
    assert "on their way" in replies.check(sent(2), services)["then"]
    with pytest.raises(CannotAnswer):
        await replies.approved(sent(2), services)


async def test_a_form_of_a_round_that_is_gone(thread: Thread) -> None:
    """A database that was put aside meanwhile is a sentence in the form, not a silent one."""
    thread.world.database.run("DELETE FROM reply_texts")
    thread.world.database.run("DELETE FROM replies")
    thread.world.database.run("DELETE FROM reply_rounds")

    assert "does not exist" in replies.check(sent(1), thread.services)["then"]


async def test_the_other_buttons(thread: Thread) -> None:
    """Not now, stop, go on; each only where it makes sense."""
    services = thread.services
    await handler_of(NOT_NOW)(pressed(), services)
    put_off = services.replies.get(1).state
    await replies.approved(sent(1, 2), services)
    await handler_of(STOP)(pressed(), services)
    stopped = services.replies.get(1).state
    await handler_of(GO_ON)(pressed(), services)
    with pytest.raises(CannotAnswer):
        await handler_of(TRY_AGAIN)(pressed(), services)

    assert (put_off, stopped) == (RoundState.PUT_OFF, RoundState.STOPPED)
    assert services.replies.get(1).state is RoundState.RUNNING


async def test_send_anyway_and_leave_out(thread: Thread) -> None:
    """By the list that the button was shown with; a second press, or one at an older list, does nothing."""
    services, desk = thread.services, thread.world.desk
    assert isinstance(desk, FakeDesk)
    await replies.approved(sent(1, 2), services)
    desk.writes(1)
    desk.writes(2)
    await _through(thread)
    button = replace(pressed(), value="1 1")
    await replies.send_anyway_button(button, services)
    desk.writes(2)
    await _through(thread)
    for again in (replies.send_anyway_button, replies.leave_out_button):
        with pytest.raises(CannotAnswer):
            await again(button, services)
    await replies.leave_out_button(replace(pressed(), value="1 2"), services)

    assert desk.public(1) == ["It works again."] and desk.public(2) == []
    assert services.replies.get(1).undecided == ()


async def _through(thread: Thread) -> None:
    assert isinstance(thread.world.desk, FakeDesk)
    while await thread.world.reply_runner.step(thread.world.desk) or (
        thread.services.replies.get(1).state is RoundState.RUNNING
    ):
        thread.world.clock.advance(1)


async def test_status_tells_of_a_desk_that_keeps_customers_waiting(thread: Thread) -> None:
    await replies.approved(sent(1), thread.services)
    desk = thread.world.desk
    assert isinstance(desk, FakeDesk)
    desk.down = unreachable()
    await thread.world.reply_runner.step(desk)

    assert "Zendesk unreachable since" in "\n".join(texts((await t2.status(thread.services)).blocks))  # type: ignore[union-attr]
