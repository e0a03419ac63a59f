"""Who has it, by words, buttons and forms: asked, accepted, taken over, and what the person is told."""

from dataclasses import replace
from typing import Any

import pytest

from bot.handovers import cards
from bot.handovers.model import HandoverState, OwnerIsThere
from bot.investigations.above import Above
from bot.investigations.forms import NOTE, PERSON
from bot.investigations.service import AlreadyOwned
from bot.messages.model import Content
from bot.slack.request import Clarification, Request
from commands import ownership, workspace
from tests.commands.index import handler_of
from tests.commands.test_mention import Thread
from tests.world import World


@pytest.fixture
async def thread() -> Thread:
    """INV-1 is Kim's."""
    world = World()
    await world.opened()
    world.sent("investigation/1", "1.1")
    return Thread(world)


def pressed(user: str, value: str = "1", **more: Any) -> Request:
    return Request(user=user, channel="C1", value=value, trigger_id="t.1", **more)


async def test_the_form_begins_with_the_record(thread: Thread) -> None:
    """As text that can be edited: no marks of Slack's in it."""
    thread.world.evidence.note(1, "only on <Android>", by="UKIM")
    await ownership.hand_over_button(pressed("UKIM"), thread.services)
    view = thread.slack.called("views.open")[-1]["view"]
    note = next(block["element"]["initial_value"] for block in view["blocks"] if block["block_id"] == NOTE)

    assert "State: Open since" in note and "Noted: only on <Android> (@" in note and "Next: " in note
    assert "<@" not in note and "<!date" not in note and "\u2060" not in note


async def test_signs_of_the_record_are_no_text_in_the_form(thread: Thread) -> None:
    """Slack shows the name of an emoji there."""
    at_tier3 = Above(tier3_words=":radio_button: Open, nobody assigned.")
    services = replace(thread.services, above=lambda _: at_tier3)
    await ownership.hand_over_button(pressed("UKIM"), services)
    view = thread.slack.called("views.open")[-1]["view"]
    note = next(block["element"]["initial_value"] for block in view["blocks"] if block["block_id"] == NOTE)

    assert ". Open, nobody assigned\n" in note and ":radio_button:" not in note


async def test_what_the_form_says_is_all_that_the_receiver_reads(thread: Thread) -> None:
    values = {PERSON: "UJO", NOTE: "Next: call the vendor"}
    await ownership.handed_over(pressed("UKIM", private_metadata="1", values=values), thread.services)
    handover = thread.world.handovers.pending(1)

    assert handover and (handover.note, handover.whole) == ("Next: call the vendor", True)


async def test_whoever_asks_somebody_absent_is_told_until_when(thread: Thread) -> None:
    thread.world.people.away["UJO"] = "On vacation until Dec 7"
    answer = await thread.mention("handover <@UJO>")

    assert isinstance(answer, str) and answer.startswith("<@UJO> is away (“On vacation until Dec 7”). They have until")
    assert thread.world.owed_keys("done/%") == []


async def test_claim_of_whoever_is_asked_accepts(thread: Thread) -> None:
    """Though somebody has it."""
    await thread.mention("handover <@UJO>")
    await ownership.claim_button(pressed("UJO"), thread.services)

    assert thread.world.investigations.get(1).owner == "UJO"
    assert thread.world.handovers.get(1).state is HandoverState.ACCEPTED


async def test_claim_of_what_an_absent_owner_has_offers_to_take_it_over(thread: Thread) -> None:
    """One more press does it, unless the owner came back."""
    thread.world.people.away["UKIM"] = "ill"
    with pytest.raises(Clarification) as asked:
        await ownership.claim_button(pressed("UJO"), thread.services)
    assert isinstance(asked.value.content, Content) and "<@UKIM> owns INV-1 and is away" in asked.value.sentence
    assert any(block.get("elements", [{}])[0].get("action_id") == cards.TAKE for block in asked.value.content.blocks)

    thread.world.people.away.clear()
    with pytest.raises(OwnerIsThere):
        await handler_of(cards.TAKE)(pressed("UJO"), thread.services)
    with pytest.raises(AlreadyOwned):
        await ownership.claim_button(pressed("UJO"), thread.services)
    thread.world.people.away["UKIM"] = "ill"
    await handler_of(cards.TAKE)(pressed("UJO"), thread.services)
    assert thread.world.investigations.get(1).owner == "UJO"


async def test_end_of_the_day_wants_somebody_chosen(thread: Thread) -> None:
    world = thread.world
    await world.day_ends.turn()
    world.clock.advance(hours=8, minutes=45)
    await world.day_ends.turn()
    unchosen = await ownership.hand_over_all_button(pressed("UKIM"), thread.services)
    chosen = pressed("UKIM", values={cards.WHO: "UJO"})
    assert unchosen == "Choose who takes it, then press *Hand Over*."
    assert await ownership.who_chosen(chosen, thread.services) is None and world.handovers.pending(1) is None
    assert await ownership.hand_over_all_button(chosen, thread.services) is None
    assert [handover.receiver for handover in world.handovers.waiting_for("UJO")] == ["UJO"]


async def test_somebody_who_leaves_is_looked_for_at_once(thread: Thread) -> None:
    """The loop need not wait for its minute."""
    thread.world.handovers._wake.clear()
    await workspace.people_changed(Request(user="", event={"user": {"id": "UJO", "deleted": True}}), thread.services)

    assert thread.world.handovers._wake.is_set()
