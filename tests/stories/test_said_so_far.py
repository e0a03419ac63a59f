"""Whoever waits hears how it goes on: management on its post, Tier 1 where they asked; what customers heard is kept."""

import pytest

from tests.stories.steps import asked_by_tier_1, escalated, timeline
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story

HOSTILE = "Use `U.S. West` *now* <!here> & <@U0KIM>"


async def test_management_and_tier_1_see_the_newest_update(town: OpenTown) -> None:
    """The post and the answer are edited; who asked is called; a wrong one is replaced by the next."""
    async with town() as there:
        asked, answer, card = await asked_by_tier_1(there)
        post = await escalated(there, card)
        await there.lena.presses(post, "Acknowledge")
        await there.lena.sees_change(post, lambda now: "Acknowledged by" in now.text)
        await there.kim.types(card, "@secondline update the provider found it, next news at noon")
        await there.lena.sees_change(post, lambda now: "the provider found it" in now.text)
        await there.tom.sees_change(answer, lambda now: "the provider found it" in now.text)
        await there.lena.sees(card, "has news of INV-1 U.S. East:")
        told = await there.tom.sees(asked, "there is news of U.S. East.")
        assert "<@U0TOM>" in str(told.raw["text"])

        await there.jo.types(card, "@secondline update next news at 11")
        await there.lena.sees_change(post, lambda now: "next news at 11" in now.text and "noon" not in now.text)
        await there.tom.sees_change(answer, lambda now: "next news at 11" in now.text and "noon" not in now.text)
        await there.kim.types(card, "@secondline update management: it was the new router")
        await there.lena.sees_change(post, lambda now: "new router" in now.text)
        assert "new router" not in "".join(each.text for each in there.tom.screen(asked))
        assert "wrote an update: next news at 11" in await timeline(there, card)


async def test_tier_1_copies_one_text(town: OpenTown) -> None:
    """As it was typed, inert; replaced in place, taken back by the form, and gone when it is resolved."""
    async with town() as there:
        asked, answer, card = await asked_by_tier_1(there)
        await there.kim.types(card, f"@secondline tell tier 1 Hello,\n{HOSTILE}")
        shown = await there.tom.sees_change(answer, lambda now: "Tell customers now" in now.text)
        code = shown.raw["blocks"][-1]["text"]["text"]
        assert code.startswith("```Hello,\nUse 'U.S. West' *now* ") and code.endswith("```")
        assert "<!" not in code and "<@" not in code
        called = await there.tom.sees(asked, "the answer above says what to tell customers")
        assert "<@U0TOM>" in str(called.raw["text"])
        await there.kim.sees_change(
            card, lambda now: "Tier 1 was asked" in now.text and "Customers told" not in now.text
        )

        await there.kim.presses(card, "Update or Note…")
        form = await there.kim.form("INV-1: what's new?")
        assert form.shows("tier1_text").startswith("Hello,\n")
        there.kim.fills(form, purpose="Tier 1", news="a new text", tier1_text="Use U.S. West.")
        assert await there.kim.submits(form) == {}
        await there.tom.sees_change(answer, lambda now: "```Use U.S. West.```" in now.text and "a new text" in now.text)
        assert len([each for each in there.tom.thread(asked) if each.by_bot]) == 3, (
            "the answer, and a call for each act"
        )

        await there.kim.types(card, "@secondline tell tier 1 nothing")
        await there.tom.sees_change(answer, lambda now: "Tell customers now" not in now.text)
        await there.tom.sees(asked, "don't tell customers that about U.S. East any more")


async def test_what_customers_were_told_is_kept(town: OpenTown) -> None:
    """By word and by form, with how; the card has the newest and the number, the timeline has all."""
    async with town() as there:
        _, _, card = await asked_by_tier_1(there)
        await there.jo.types(card, "@secondline said by phone: use U.S. West for now")
        await there.kim.sees_change(card, lambda now: "by phone: use U.S. West for now" in now.text)
        await there.kim.presses(card, "Update or Note…")
        form = await there.kim.form("INV-1: what's new?")
        assert await there.kim.submits(form) == {"news": "Write what is new."}
        there.kim.fills(form, purpose="The status page says this", news="we look into U.S. East")
        assert await there.kim.submits(form) == {}
        await there.kim.sees_change(
            card, lambda now: "on the status page (1 before): we look into U.S. East" in now.text
        )

        told = await timeline(there, card)
        assert "told customers by phone: use U.S. West for now" in told
        assert "told customers on the status page: we look into U.S. East" in told
        await there.tom.types(card, "@secondline update I am not of Tier 2")
        assert (await there.tom.sees(card, "can do this")).only_for_me
