"""To Tier 3 by button, by words and by form, and what triage presses."""

from typing import Any

import pytest

from bot.errors import BadInput, NotFound
from bot.handoffs.cards import ACCEPT, RETRY
from bot.handoffs.forms import (
    ASSIGN_FORM,
    ASSIGNEE,
    CHANGE_FORM,
    EVIDENCE,
    HAND_OFF_FORM,
    ISSUE,
    LANE,
    NEW,
    OTHER,
    PRIORITY,
    REASON,
    TICKETS,
    TITLE,
)
from bot.handoffs.model import Lane
from bot.handoffs.triage import NotTriage
from bot.investigations.cards import HAND_OFF
from bot.investigations.model import State
from bot.known_issues.model import Priority
from bot.messages.model import Content
from bot.people import NotTier2
from bot.slack.request import Request
from commands import handoff
from tests.commands.index import handler_of
from tests.commands.test_mention import Thread
from tests.eventually import eventually
from tests.fake_desk import FakeDesk
from tests.fake_tracker import down, issue
from tests.world import US_EAST, World

FILLED = {
    ISSUE: f"{NEW}app",
    TITLE: "Calls stutter",
    EVIDENCE: "loses 4 of 10",
    PRIORITY: "P1",
    LANE: "hotfix",
    TICKETS: ["7"],
}


@pytest.fixture
async def thread() -> Thread:
    """INV-1 with a confirmed ticket; URAJ triages."""
    desk = FakeDesk()
    desk.put(7)
    world = World(desk=desk, triage_leads=("URAJ",))
    await world.opened(US_EAST, symptom="calls stutter")
    await world.evidence.add_tickets(1, [7], by="UKIM")
    world.sent("investigation/1", "1.1")
    return Thread(world)


def pressed(user: str = "UKIM") -> Request:
    return Request(user=user, channel="C1", value="1", trigger_id="T1")


def sent(user: str = "UKIM", **values: Any) -> Request:
    return Request(user=user, private_metadata="1", values=FILLED | values)


async def handed(thread: Thread) -> None:
    """With its issue made."""
    await handoff.handed_off(sent(), thread.services)
    await worked(thread)


async def worked(thread: Thread) -> None:
    world = thread.world
    world.tasks.forever(world.errands.run, name="errands")
    await eventually(lambda: not world.handoffs._store.due(world.clock()))
    await world.tasks.drain(deadline_s=0)


def forms(thread: Thread) -> list[str]:
    return [call["view"]["callback_id"] for call in thread.slack.called("views.open")]


async def test_button_opens_the_form_for_tier_2(thread: Thread) -> None:
    """Filled from the record."""
    await handoff.button_pressed(pressed(), thread.services)
    with pytest.raises(NotTier2):
        await handoff.button_pressed(pressed("UTOM"), thread.services)

    assert forms(thread) == [HAND_OFF_FORM]
    (call,) = thread.slack.called("views.open")
    assert "U.S. East: calls stutter" in str(call["view"])


async def test_words_in_the_thread_are_answered_by_the_button(thread: Thread) -> None:
    """Slack opens no form for a message."""
    answer = await thread.mention("handoff")

    assert isinstance(answer, Content)
    assert answer.blocks[-1]["elements"][0] | {"style": ""} == {
        "type": "button",
        "text": {"type": "plain_text", "text": "Fill In and Send", "emoji": False},
        "action_id": HAND_OFF,
        "value": "1",
        "style": "",
    }


async def test_form_hands_over(thread: Thread) -> None:
    """With everything that was filled in."""
    assert handoff.check(sent(), thread.services) == {}
    await handoff.handed_off(sent(), thread.services)
    draft = thread.world.handoffs.get(1).draft

    assert (draft.tracker, draft.title, draft.evidence) == ("app", "Calls stutter", "loses 4 of 10")
    assert (draft.priority, draft.lane, draft.tickets, draft.issue_id) == (Priority.P1, Lane.HOTFIX, (7,), None)
    assert thread.world.investigations.get(1).state is State.HANDED_OFF


async def test_another_issue_counts_more_than_the_menu(thread: Thread) -> None:
    """By key, address or number of ours; one that nobody knows is said at its field."""
    thread.world.known.intake.applied("app", thread.world.tracker.put(issue(31, "Stutter")), cursor="1")
    for name in ("app#31", "https://tracker.test/31", "KI-1"):
        assert handoff.check(sent(other=name), thread.services) == {}
    assert "app#99" in handoff.check(sent(other="app#99"), thread.services)[OTHER]
    assert list(handoff.check(sent(other="KI-99"), thread.services)) == [OTHER]
    with pytest.raises(NotFound):
        await handoff.handed_off(sent(other="app#99"), thread.services)
    await handoff.handed_off(sent(other=" app#31 "), thread.services)

    assert thread.world.handoffs.get(1).issue_id == 1


async def test_form_that_can_not_be_sent_keeps_what_was_typed(thread: Thread) -> None:
    """No title, a tracker that is not there any more, an investigation that is with Tier 3 already."""
    assert list(handoff.check(sent(title="  "), thread.services)) == [TITLE]
    assert "old" in handoff.check(sent(issue=f"{NEW}old"), thread.services)[TITLE]
    await handoff.handed_off(sent(), thread.services)

    assert list(handoff.check(sent(), thread.services)) == [TITLE]
    with pytest.raises(BadInput):
        await handoff.handed_off(sent(), thread.services)


async def test_only_triage_accepts(thread: Thread) -> None:
    """The button is there for everybody who reads the thread."""
    await handed(thread)
    with pytest.raises(NotTriage):
        await handler_of(ACCEPT)(pressed(), thread.services)
    await handler_of(ACCEPT)(pressed("URAJ"), thread.services)

    decision = thread.world.handoffs.get(1).decision
    assert decision
    assert decision.by == "URAJ"


async def test_change_asks_why(thread: Thread) -> None:
    """Checked when the form opens, and again when it is sent."""
    await handed(thread)
    with pytest.raises(NotTriage):
        await handoff.change_button(pressed(), thread.services)
    await handoff.change_button(pressed("URAJ"), thread.services)
    assert forms(thread) == [CHANGE_FORM]
    assert list(handoff.change_check(sent("URAJ", reason=" "), thread.services)) == [REASON]
    assert handoff.change_check(sent("URAJ", reason="rare"), thread.services) == {}
    with pytest.raises(NotTriage):
        await handoff.changed(sent(reason="rare", priority="P3"), thread.services)
    await handoff.changed(sent("URAJ", reason="rare", priority="P3"), thread.services)

    assert thread.world.handoffs.get(1).priority is Priority.P3


async def test_assign_offers_the_tracker_s_accounts(thread: Thread) -> None:
    """Those who may not decide see none of them."""
    await handed(thread)
    with pytest.raises(NotTriage):
        await handoff.assign_button(pressed(), thread.services)
    await handoff.assign_button(pressed("URAJ"), thread.services)
    assert forms(thread) == [ASSIGN_FORM]
    assert "Lena" in str(thread.slack.called("views.open"))
    chosen = Request(user="UKIM", private_metadata="1", values={ASSIGNEE: "lena-dev"})
    with pytest.raises(NotTriage):
        await handoff.assigned(chosen, thread.services)
    await handoff.assigned(Request("URAJ", private_metadata="1", values={ASSIGNEE: "lena-dev"}), thread.services)
    await worked(thread)

    assert list(thread.world.tracker.assigned.values()) == ["lena-dev"]


async def test_retry_tries_again(thread: Thread) -> None:
    """After somebody mended a token."""
    thread.world.tracker.failure = down(retry=False)
    await handed(thread)
    assert thread.world.tracker.made == {}
    thread.world.tracker.failure = None
    with pytest.raises(NotTier2):
        await handler_of(RETRY)(pressed("UTOM"), thread.services)
    await handler_of(RETRY)(pressed(), thread.services)
    await worked(thread)

    assert len(thread.world.tracker.made) == 1


async def test_buttons_of_an_earlier_handoff_are_refused(thread: Thread) -> None:
    """It was reopened and handed over again."""
    await handed(thread)
    await thread.world.investigations.resolve(1, root_cause="a bad link", workaround="", by="UKIM")
    await thread.world.investigations.reopen(1, by="UKIM")
    await handoff.handed_off(sent(), thread.services)
    for button in (handler_of(ACCEPT), handoff.change_button, handoff.assign_button):
        with pytest.raises(BadInput, match="Decide on the newer message"):
            await button(pressed("URAJ"), thread.services)
