"""Two investigations turn out to be one thing: they are merged, and taken apart where that was wrong."""

from collections.abc import Sequence

import pytest

from tests.stories.chat import Seen
from tests.stories.steps import done, opened
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story


async def both(there: Town) -> tuple[Seen, Seen]:
    """The cards of INV-1, U.S. East, and INV-2, U.S. West, which Jo opened for Tom."""
    first = await opened(there)
    asked = await there.tom.types("#tier1", "us-west is slow too")
    assert asked
    await there.jo.uses("Investigate this", asked)
    return first, await there.jo.sees("#t2-tech", "owns INV-2")


async def test_one_goes_on_and_the_other_leads_there(town: OpenTown) -> None:
    """Asked with numbers, done by a button; each thread hears of it once; words in the old thread count."""
    async with town() as there:
        first, second = await both(there)
        await done(there.jo, second, "note only customers in Perth")
        await there.tom.types(second, "@secondline merge INV-1")
        assert (await there.tom.sees(second, "can do this")).only_for_me
        await there.jo.types(second, "@secondline merge INV-1")
        asked = await there.jo.sees(second, "INV-2 U.S. West goes on in INV-1 U.S. East")
        assert asked.only_for_me and "1 note" in asked.text
        await there.jo.presses(asked, "Merge INV-2 Into INV-1")

        old = await there.kim.sees_change(second, lambda now: "INV-2 goes on in INV-1 U.S. East." in now.text)
        assert old.buttons == ["Undo the Merge…", "Show Timeline"]
        await there.kim.sees_change(first, lambda now: "With INV-2 U.S. West, merged into this" in now.text)
        here = await there.jo.sees(first, "INV-2 U.S. West goes on here")
        assert "<@U0JO>" in str(here.raw["text"])
        await there.jo.sees(second, "merged this into INV-1 U.S. East. What you say here counts there.")
        assert "<@U0JO>:" not in str(here.raw["text"]) and not _told_beside(there.jo.screen(second))

        await done(there.jo, second, "note said in the old thread")
        await there.jo.types(first, "@secondline timeline")
        told = (await there.jo.sees(first, "INV-1: timeline")).text
        assert "INV-2: <@U0JO> noted: only customers in Perth" in told and "noted: said in the old thread" in told
        await there.tom.types("#t2-cs", "/investigate us-west")
        assert "(INV-1)" in (await there.tom.sees("#t2-cs", "has U.S. West since")).text


async def test_a_wrong_merge_is_undone_also_after_a_crash(town: OpenTown) -> None:
    """What came since stays; who asked hears of theirs again."""
    async with town() as there:
        first, second = await both(there)
        await there.jo.types(second, "@secondline merge INV-1")
        asked = await there.jo.sees(second, "INV-2 U.S. West goes on in INV-1 U.S. East")
        await there.jo.presses(asked, "Merge INV-2 Into INV-1")
        await there.kim.sees_change(second, lambda now: "goes on in INV-1" in now.text)
        await there.bot.kill()
        await there.bot_starts()
        await done(there.kim, first, "note said since")
        await there.kim.presses(second, "Undo the Merge…")
        await there.kim.sees_change(second, lambda now: "owns INV-2" in now.text and "goes on in" not in now.text)
        await there.jo.sees(second, "took INV-2 out of INV-1 again")
        await there.kim.sees_change(first, lambda now: "merged into this" not in now.text)
        await there.jo.types(second, "@secondline timeline")
        told = (await there.jo.sees(second, "INV-2: timeline")).text
        assert "took INV-2 U.S. West out of INV-1 U.S. East" in told and "said since" not in told


def _told_beside(screen: Sequence[Seen]) -> list[str]:
    """What whoever merged was told alone, besides the question before it."""
    return [each.text for each in screen if each.only_for_me and "undoes it" in each.text]
