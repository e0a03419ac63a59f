"""One investigation turns out to have caused another: both stay and show it, and the end of one is news for both."""

import pytest

from bot.investigations.merge_cards import INTO_THIS, OTHER, WAY
from bot.investigations.relation_cards import BOND, HOW
from tests.stories.chat import Person, Seen
from tests.stories.steps import done, opened, resolved
from tests.stories.test_two_become_one import both
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story


async def more(person: Person, card: Seen, name: str, label: str, *, beside: str = "") -> None:
    """What stands behind *More…* in the menu of a card."""
    await person.presses(card, "More…")
    await person.presses_in(await person.form(f"{name}: more", saying=beside), label, beside=beside)


async def test_the_cause_is_resolved_and_the_other_thread_is_asked(town: OpenTown) -> None:
    """Said in the thread, seen on both cards and in /t2 status; the button in the other thread ends that one too."""
    async with town() as there:
        first, second = await both(there)
        await there.tom.types(second, "@secondline caused by INV-1")
        assert (await there.tom.sees(second, "can do this")).only_for_me
        await done(there.jo, second, "caused by INV-1")
        await there.kim.sees_change(first, lambda now: "Caused INV-2 U.S. West" in now.text)
        await there.jo.sees_change(
            second,
            lambda now: "Caused by INV-1 U.S. East" in now.text and "waiting for INV-1, which caused this" in now.text,
        )
        await there.kim.types(first, "@secondline caused by INV-2")
        assert "INV-2 was caused by INV-1, so it can't be" in (await there.kim.sees(first, "other way round")).text
        await there.ana.types("#t2-cs", "/t2 status")
        assert "Caused by INV-1 U.S. East" in (await there.ana.sees("#t2-cs", "2 investigations open")).text

        await resolved(there, first)
        asked = await there.jo.sees(second, "INV-1 U.S. East, which caused this, is resolved.")
        assert "<@U0JO>" in str(asked.raw["text"]) and "A transit provider dropped packets" in asked.text
        await there.jo.presses(asked, "Resolve INV-2…")
        form = await there.jo.form("Resolve INV-2")
        there.jo.fills(form, root_cause="The same provider")
        assert await there.jo.submits(form) == {}
        await there.jo.sees_change(second, lambda now: "resolved INV-2" in now.text)
        await there.jo.sees_change(asked, lambda now: not now.buttons)


async def test_the_form_says_what_they_have_in_common_and_it_is_taken_back(town: OpenTown) -> None:
    """By the menu alone, as on a phone; what was said and taken back stands on both timelines."""
    async with town() as there:
        first, second = await both(there)
        await more(there.kim, first, "INV-1", "Relate…")
        form = await there.kim.form("Relate INV-1")
        there.kim.fills(form, **{OTHER: "INV-2 U.S. West", BOND: "They have something in common", HOW: "same transit"})
        assert await there.kim.submits(form) == {}
        await there.jo.sees_change(first, lambda now: "Related to INV-2 U.S. West: same transit" in now.text)
        await there.jo.sees_change(second, lambda now: "Related to INV-1 U.S. East: same transit" in now.text)
        await there.bot.kill()
        await there.bot_starts()
        await more(there.jo, second, "INV-2", "Take Back", beside="Related to INV-1")
        await there.kim.sees_change(first, lambda now: "Related to" not in now.text)
        await there.jo.types(second, "@secondline timeline")
        told = (await there.jo.sees(second, "INV-2: timeline")).text
        assert "says INV-1 U.S. East and INV-2 U.S. West are related: same transit" in told
        assert "took back that INV-1 U.S. East and INV-2 U.S. West are related" in told


async def test_merged_and_taken_apart_by_the_menu(town: OpenTown) -> None:
    """What would go where is seen before it is done."""
    async with town() as there:
        first, second = await both(there)
        await more(there.jo, first, "INV-1", "Merge…")
        form = await there.jo.form("Merge INV-1")
        await there.jo.types_into(form, **{OTHER: "INV-2 U.S. West"})
        form = await there.jo.form("Merge INV-1", saying="INV-1 U.S. East goes on in INV-2 U.S. West.")
        await there.jo.types_into(form, **{OTHER: "INV-2 U.S. West", WAY: INTO_THIS})
        form = await there.jo.form("Merge INV-1", saying="INV-2 U.S. West goes on in INV-1 U.S. East.")
        there.jo.fills(form, **{OTHER: "INV-2 U.S. West", WAY: INTO_THIS})
        assert await there.jo.submits(form) == {}
        await there.kim.sees_change(second, lambda now: "INV-2 goes on in INV-1 U.S. East." in now.text)
        await there.kim.sees_change(first, lambda now: "With INV-2 U.S. West, merged into this" in now.text)

        await more(there.kim, first, "INV-1", "Undo the Merge…", beside="INV-2 U.S. West is merged into this.")
        await there.kim.sees_change(second, lambda now: "owns INV-2" in now.text and "goes on in" not in now.text)
        assert await opened(there, "us-east again")
