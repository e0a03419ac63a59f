"""What is withdrawn is not sent: also not later, and not after a restart."""

import pytest

from bot.messages.model import Place, Rank
from bot.messages.owed import WITHDRAWN
from bot.slack.answers import SlackBusy
from tests.slack.desk import Desk


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    desk.heard = []  # type: ignore[attr-defined]
    desk.store.settled.heard_by(lambda *what: desk.heard.append(what))  # type: ignore[attr-defined]
    return desk


def heard(desk: Desk) -> list[tuple[str, str, str]]:
    return desk.heard  # type: ignore[attr-defined, no-any-return]


async def test_what_waits_is_not_owed_any_more(desk: Desk) -> None:
    desk.card()
    assert desk.store.withdraw("card/1")
    await desk.send()

    assert desk.slack.messages("C1") == [] and desk.store.waiting() == 0


async def test_what_is_being_sent_is_not_tried_again(desk: Desk) -> None:
    """Slack says "later" to it."""
    desk.card()
    [message] = desk.store.due(desk.clock())
    assert desk.store.sending(message, "")
    assert not desk.store.withdraw("card/1")
    desk.store.later(message, due_at=desk.clock(), reason="limited")
    await desk.send(after_s=5)

    assert desk.slack.messages("C1") == []
    assert heard(desk) == [("card/1", WITHDRAWN, "")]


async def test_between_being_chosen_and_being_sent_it_can_be_withdrawn(desk: Desk) -> None:
    desk.card()
    [message] = desk.store.due(desk.clock())
    desk.store.withdraw("card/1")

    assert not desk.store.sending(message, "")


async def test_what_arrived_after_all_is_known_and_edited(desk: Desk) -> None:
    """Its answer was lost, and meanwhile it was withdrawn: Slack shows it, so it is kept up to date."""
    desk.slack.lose_answer("chat.postMessage")
    desk.card()
    await desk.send()
    desk.store.withdraw("card/1")
    await desk.send(after_s=5)
    assert heard(desk) == [("card/1", "", "")]
    desk.words = "nobody is needed any more"
    desk.store.changed("card/1", human=True)
    await desk.send(after_s=5)

    assert desk.slack.texts("C1") == ["nobody is needed any more"]


async def test_what_was_killed_while_it_was_sent_and_had_not_arrived(desk: Desk) -> None:
    desk.card()
    [message] = desk.store.due(desk.clock())
    desk.store.sending(message, "")
    desk.store.withdraw("card/1")
    desk.store.interrupted()
    await desk.send(after_s=5)
    await desk.send(after_s=5)

    assert desk.slack.messages("C1") == []
    assert heard(desk) == [("card/1", WITHDRAWN, "")]


async def test_what_slack_refused_is_not_tried_at_the_next_start(desk: Desk) -> None:
    """Hours later nobody would understand it."""
    desk.card()
    [message] = desk.store.due(desk.clock())
    desk.store.refused(message, "archived", "is_archived")
    assert heard(desk) == [("card/1", "is_archived", "archived")]
    assert desk.store.withdraw("card/1")
    desk.store.retry_recent()
    desk.store.retry_refused("C1")
    await desk.send(after_s=5)

    assert desk.slack.messages("C1") == []


async def test_what_slack_shows_is_edited_as_ever(desk: Desk) -> None:
    desk.card()
    await desk.send()
    assert not desk.store.withdraw("card/1")
    desk.words = "second"
    desk.store.changed("card/1", human=True)
    await desk.send(after_s=5)

    assert desk.slack.texts("C1") == ["second"]


async def test_that_it_went_out_is_told_once(desk: Desk) -> None:
    desk.card()
    await desk.send()
    desk.words = "second"
    desk.store.changed("card/1", human=True)
    await desk.send(after_s=5)

    assert heard(desk) == [("card/1", "", "")]


async def test_what_is_urgent_and_waits_for_a_limit_is_said_once(desk: Desk) -> None:
    """Whoever met the limit first: the message itself may not have been tried yet."""
    held: list[tuple[str, str]] = []
    desk.store.held.heard_by(lambda *what: held.append(what))
    desk.slack.fail(
        "chat.postMessage", SlackBusy("ratelimited", method="chat.postMessage", retry=True, retry_after_s=60)
    )
    desk.card("card/1")
    await desk.send()
    desk.store.post("escalation/1", view="card", record_id=1, place=Place("C1"), rank=Rank.URGENT)
    desk.card("card/2")
    for _ in range(3):
        await desk.send()

    assert held == [("card/1", "ratelimited"), ("escalation/1", "ratelimited")]
