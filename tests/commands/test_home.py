"""The App Home, as the person who opens it sees it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.escalations.model import EscalationDraft
from bot.handovers import cards as handover_cards
from bot.investigations.model import SourceMessage
from bot.investigations.update_model import News, Purpose
from bot.slack.listener import Handler
from bot.slack.request import Request, read
from commands import escalate, home, ownership
from commands.services import Services
from tests.commands.index import handler_of
from tests.commands.test_mention import Thread
from tests.slack import payloads
from tests.slack_limits import texts
from tests.world import APP, US_EAST, World

DRAFT = EscalationDraft("Packets are lost", "", "All of U.S. East", "Another gateway", "Call the provider")


async def opened(thread: Thread, user: str, tab: str = "home") -> None:
    await home.opened(read(payloads.event("app_home_opened", user=user, channel="D1", tab=tab)), thread.services)


async def home_of(thread: Thread, user: str) -> str:
    await opened(thread, user)
    return "\n".join(texts(shown(thread, user)["blocks"]))


def shown(thread: Thread, user: str) -> dict[str, Any]:
    """What Slack was asked to show last."""
    views = [call["view"] for call in thread.slack.called("views.publish") if call["user_id"] == user]
    return dict(views[-1])


def labels(view: dict[str, Any]) -> list[str]:
    """What the buttons on it say."""
    elements = [each for block in view["blocks"] for each in (*block.get("elements", ()), block.get("accessory") or {})]
    return [each["text"]["text"] for each in elements if each.get("type") == "button"]


def pressed(user: str, value: object) -> Request:
    return Request(user=user, value=str(value), on_home=True)


async def press(thread: Thread, handler: Handler[Services], request: Request) -> None:
    """As the listener does it."""
    try:
        await handler(request, thread.services)
    finally:
        await home.shown_again(request, thread.services)


@pytest.fixture
def thread() -> Thread:
    return Thread(World())


@pytest.mark.parametrize(
    ("user", "words"),
    [
        ("UKIM", "You are <@UKIM>, of T2 Tech."),
        ("ULENA", "You are <@ULENA>, of management: escalations come to you."),
        ("UTOM", "You are <@UTOM>. Tier 2 looks into what you and others report."),
    ],
)
async def test_it_says_who_one_is(thread: Thread, user: str, words: str) -> None:
    assert words in await home_of(thread, user)


async def test_while_nothing_is_open_it_says_how_a_morning_goes(thread: Thread) -> None:
    """With the name of a target that is configured; as soon as something is open, that stands there instead."""
    empty = await home_of(thread, "UKIM")
    await thread.world.opened()
    busy = await home_of(thread, "UKIM")

    assert "Nothing is being investigated." in empty and "1. `/investigate us-east packet loss`" in empty
    assert "INV-1" in busy and "Nothing is being investigated." not in busy


async def test_a_guest_sees_nothing_and_no_button(thread: Thread) -> None:
    await thread.world.opened()
    thread.world.people.nobodies = frozenset({"UGUEST"})
    text = await home_of(thread, "UGUEST")

    assert "there is nothing here for you" in text and "INV-1" not in text
    assert labels(shown(thread, "UGUEST")) == []


async def test_only_tier_2_claims(thread: Thread) -> None:
    await thread.world.opened(US_EAST, by="UTOM")
    for user, claims in (("UKIM", True), ("ULENA", False), ("USAM", False)):
        text = await home_of(thread, user)
        assert "*No one has picked up: 1 investigation*" in text, user
        assert ("Claim" in labels(shown(thread, user))) is claims, user


async def test_whoever_reported_it_sees_who_has_it_and_what_to_say(thread: Thread) -> None:
    world = thread.world
    await world.opened(APP, by="UANA", source=SourceMessage("C9", "5.5", "UTOM", "the app fails"))
    await world.updates.write(1, News("It is the login.", Purpose.TIER1, "Use the website for now."), by="UANA")
    text = await home_of(thread, "UTOM")

    assert "*From you: 1 investigation*" in text and "<@UANA> has it" in text
    assert "Tell customers: Use the website for now." in text and "Next:" not in text


async def test_an_escalation_waits_for_management_alone_until_one_answers(thread: Thread) -> None:
    world = thread.world
    await world.opened(US_EAST)
    await world.escalations.escalate(1, DRAFT, by="UKIM")
    before, kims = await home_of(thread, "ULENA"), await home_of(thread, "UKIM")
    assert "<@UKIM> escalated INV-1 U.S. East" in before and "Call the provider" in before
    assert {"Acknowledge", "Need More"} < set(labels(shown(thread, "ULENA")))
    assert "Waiting for you" not in kims

    await press(thread, escalate.acknowledge_button, pressed("ULENA", 1))
    after = "\n".join(texts(shown(thread, "ULENA")["blocks"]))
    assert "Waiting for you" not in after and "Acknowledge" not in labels(shown(thread, "ULENA"))


async def test_a_press_that_no_longer_makes_sense_is_refused_and_the_button_goes(thread: Thread) -> None:
    """Somebody else was faster; nobody had told this Home yet."""
    world = thread.world
    await world.opened(US_EAST, by="UTOM")
    await home_of(thread, "UKIM")
    await world.investigations.claim(1, by="UJO")
    assert "Claim" in labels(shown(thread, "UKIM"))
    with pytest.raises(Exception, match="owned by somebody else"):
        await press(thread, ownership.claim_button, pressed("UKIM", 1))

    assert "Claim" not in labels(shown(thread, "UKIM"))
    assert "(<@UJO>)" in "\n".join(texts(shown(thread, "UKIM")["blocks"]))


async def test_what_others_did_since_the_last_look_is_new_until_the_look_is_over(thread: Thread) -> None:
    """Opened again a moment later it is still there; the next hour it is not."""
    world = thread.world
    await world.opened(US_EAST)
    first = await home_of(thread, "UKIM")
    world.clock.advance(3600)
    world.evidence.note(1, "The provider answers.", by="UJO")
    world.evidence.note(1, "My own words.", by="UKIM")
    second = await home_of(thread, "UKIM")
    world.clock.advance(60)
    again = await home_of(thread, "UKIM")
    world.clock.advance(3600)
    later = await home_of(thread, "UKIM")

    assert "Since you looked" not in first and "Since you looked" not in later
    for text in (second, again):
        assert "Since you looked" in text and "<@UJO> noted: The provider answers." in text
        assert "My own words" not in text


async def test_what_happens_to_others_is_not_news(thread: Thread) -> None:
    world = thread.world
    await world.opened(APP, by="UANA")
    await home_of(thread, "UKIM")
    world.clock.advance(3600)
    world.evidence.note(1, "Something.", by="UANA")

    assert "Since you looked" not in await home_of(thread, "UKIM")


async def test_the_messages_tab_is_no_look(thread: Thread) -> None:
    await opened(thread, "UKIM", tab="messages")

    assert thread.slack.called("views.publish") == [] and thread.world.rooms.homes.lately() == []


async def test_what_somebody_was_asked_goes_from_the_home_when_it_is_answered(thread: Thread) -> None:
    await thread.world.opened(US_EAST)
    await thread.world.handovers.ask(1, to="UJO", note="", by="UKIM")
    before = await home_of(thread, "UJO")
    await press(thread, handler_of(handover_cards.ACCEPT), pressed("UJO", 1))
    after = "\n".join(texts(shown(thread, "UJO")["blocks"]))

    assert "*Waiting for you*" in before and "<@UKIM> asks you to take over INV-1 U.S. East" in before
    assert "Waiting for you" not in after and "*Yours: 1 investigation*" in after


async def test_a_press_elsewhere_shows_no_home(thread: Thread) -> None:
    await thread.world.opened(US_EAST, by="UTOM")
    await press(thread, ownership.claim_button, replace(pressed("UKIM", 1), on_home=False))

    assert thread.slack.called("views.publish") == []
