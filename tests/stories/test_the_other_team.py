"""A target belongs to a team, whose channel gets the card; an investigation moves whole to the other one."""

import pytest

from tests.stories.chat import Seen
from tests.stories.counting import keys
from tests.stories.killing import Killer, Point, insist, started_again
from tests.stories.steps import escalated, opened, playbook_done, settled
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

MOVE = "Move to T2 CS…"


async def moves(there: Town, card: Seen, note: str = "") -> None:
    """Kim moves INV-1 by the form behind the menu."""
    await there.kim.presses(card, "More…")
    await there.kim.presses_in(await there.kim.form("INV-1: more"), MOVE)
    form = await there.kim.form("Move INV-1")
    if note:
        there.kim.fills(form, note=note)
    assert await there.kim.submits(form) == {}


async def test_card_stands_where_the_targets_team_is(town: OpenTown) -> None:
    """Whoever opened it elsewhere is told where, and helps; nobody of the team has picked it up."""
    async with town() as there:
        await there.ana.types("#t2-cs", "/investigate us-east packet loss")
        told = await there.ana.sees("#t2-cs", "INV-1 is open in")
        assert told.only_for_me and "You're a helper: its team picks it up." in told.text
        card = await there.kim.sees("#t2-tech", "no one has picked this up")
        await there.kim.presses(card, "Claim")
        await there.kim.sees_change(card, lambda now: "owns INV-1, with" in now.text)
        assert not [each for each in there.ana.screen("#t2-cs") if each.by_bot and not each.only_for_me]


async def test_everything_goes_to_the_other_team(town: OpenTown) -> None:
    """The card with its thread, the tickets, the escalation that waits; the old card leads there, and words in the old
    thread are about the same."""
    async with town() as there:
        card = await opened(there)
        await playbook_done(there, card)
        post = await escalated(there, card)
        await moves(there, card, "Only customers on Android")
        new = await there.ana.sees("#t2-cs", "no one has picked this up")
        old = await there.kim.sees_change(card, lambda now: "INV-1 U.S. East goes on in" in now.text)
        assert not old.buttons and "archives" in old.text
        await there.lena.sees_change(post, lambda now: "goes on in" in now.text and not now.buttons)
        await there.kim.sees(new, "moved INV-1 to T2 CS.")
        said = await there.ana.sees(new, "Only customers on Android")
        assert "is a helper now." in said.text
        for words in ("matching tickets", "*Playbook for U.S. East*"):
            await there.ana.sees(new, words)

        again = await there.lena.sees(new, "Call the transit provider")
        await there.lena.presses(again, "Acknowledge")
        await there.lena.sees_change(again, lambda now: "Acknowledged by" in now.text)
        await there.kim.types(card, "@secondline note the old thread still counts")
        await there.until(lambda: _led_on(there, card), "Kim to be told where it goes on")
        await there.ana.presses(new, "Claim")
        await there.ana.sees_change(new, lambda now: "owns INV-1, with" in now.text)
        await there.ana.presses(new, "Show Timeline")
        timeline = await there.ana.sees("#t2-cs", "INV-1: timeline")
        assert "moved it to T2 CS: Only customers on Android" in timeline.text
        assert "noted: the old thread still counts" in timeline.text


async def test_what_was_answered_stays_where_it_was_and_stays_true(town: OpenTown) -> None:
    """Management is called once; an update is on the old post, after two moves too."""
    async with town() as there:
        card = await opened(there)
        post = await escalated(there, card)
        await there.lena.presses(post, "Acknowledge")
        await there.lena.sees_change(post, lambda now: "Acknowledged by" in now.text)
        for team in ("T2 CS", "T2 Tech"):
            await there.kim.types(card, f"@secondline move {team}")
            await settled(there)
        await there.kim.types(card, "@secondline update the provider found it")
        await there.lena.sees_change(post, lambda now: "the provider found it" in now.text)
        assert keys(there)["escalation/1"] == 1


async def test_there_and_back_again(town: OpenTown) -> None:
    """By words: three cards, of which two lead to the last one."""
    async with town() as there:
        card = await opened(there)
        await there.kim.types(card, "@secondline move T2 CS")
        new = await there.ana.sees("#t2-cs", "no one has picked this up")
        await there.ana.types(new, "@secondline move to t2 tech: it is ours after all")
        back = await there.kim.sees("#t2-tech", "no one has picked this up")
        assert back.ts != card.ts
        await there.ana.sees_change(new, lambda now: "goes on in" in now.text)
        first = await there.kim.sees_change(card, lambda now: "goes on in" in now.text)
        await there.until(lambda: _address_of(there, first) == _address_of(there, new), "both to lead to the last one")


async def test_nothing_is_lost_where_the_bot_may_not_post(town: OpenTown) -> None:
    """It says what to do; after that it goes."""
    async with town() as there:
        card = await opened(there)
        await there.ana.types("#t2-cs", "/remove @secondline")
        await moves(there, card)
        refused = await there.kim.sees("@secondline", "I can't write in the channel of T2 CS")
        assert "Invite me there" in refused.text
        assert "owns INV-1" in (there.kim.now(card) or card).text
        await there.ana.types("#t2-cs", "/invite @secondline")
        await moves(there, card)
        await there.ana.sees("#t2-cs", "no one has picked this up")


KILLED = (
    Point("before", "chat.postMessage", '"investigation/1"'),
    Point("after", "chat.postMessage", '"investigation/1"'),
    Point("before", "chat.update", "goes on in"),
    Point("after", "chat.update", "goes on in"),
    Point("before", "chat.postMessage", '"tickets/1"'),
    Point("after", "chat.postMessage", '"tickets/1"'),
    Point("before", "chat.postMessage", '"moved/1"'),
    Point("after", "chat.postMessage", '"moved/1"'),
)


async def test_killed_anywhere_it_moves_once(town: OpenTown) -> None:
    """Two cards in the end, one in each channel, and each message of the new thread once."""
    async with town() as there:
        card = await opened(there)
        await playbook_done(there, card)
        await there.kim.sees_reply(card, "matching tickets")
        await settled(there)
        killer = there.watch = Killer(there, list(KILLED))
        async with started_again(there):

            def moved() -> bool:
                return any("INV-1: no one has picked this up" in each.text for each in there.ana.screen("#t2-cs"))

            async def move() -> None:
                await there.kim.types(card, "@secondline move T2 CS")

            await insist(there, "move", move, moved)
            await there.kim.sees_change(card, lambda now: "goes on in" in now.text)
            new = await there.ana.sees("#t2-cs", "no one has picked this up")
            await there.ana.sees(new, "matching tickets")
            await there.ana.sees(new, "moved INV-1 to T2 CS.")
            await settled(there)
        counted = keys(there)

        assert not killer.left
        assert counted["investigation/1"] == 2
        assert counted["tickets/1"] == 2
        assert counted["moved/1"] == 1


def _led_on(there: Town, card: Seen) -> bool:
    return any(each.only_for_me and "goes on in" in each.text for each in there.kim.screen(card))


def _address_of(there: Town, card: Seen) -> str:
    """Where a card that was left behind leads to."""
    now = there.kim.now(card) or card
    found = [part for part in now.raw["text"].replace("|", " ").replace("<", " ").split() if "archives" in part]
    return found[0] if found else f"none on {now.ts}"
