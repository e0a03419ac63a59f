"""Tickets were collected for the wrong investigation: they are moved, and nothing of what was decided is lost."""

import pytest

from bot.tickets.forms import INTO
from tests.stories.test_two_become_one import both
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story


def _tags(there: Town, number: int) -> list[str]:
    return [tag for tag in ("inv-1", "inv-2") if number in there.tagged(tag)]


async def test_a_ticket_goes_to_where_it_belongs_and_back(town: OpenTown) -> None:
    """By words in the thread with what Kim confirmed, and undone; then by the form with what is ticked."""
    async with town() as there:
        first, second = await both(there)
        listed = await there.kim.sees(first, "of the same area")
        await there.kim.ticks(listed, "New York server packet loss")
        await there.kim.presses(listed, "Related")
        await there.until(lambda: 48486 in there.tagged("inv-1"), "the tag of INV-1")
        await there.tom.types(first, "@secondline move 48486 to INV-2")
        assert (await there.tom.sees(first, "can do this")).only_for_me
        await there.kim.types(first, "@secondline move 48486 to INV-2")
        moved = await there.kim.sees(first, "Moved to INV-2: #48486.")
        await there.until(lambda: _tags(there, 48486) == ["inv-2"], "the tag of INV-2")
        await there.kim.sees_change(listed, lambda now: "1 moved to INV-2, by <@U0KIM>" in now.text)
        await there.jo.types(second, "@secondline timeline")
        assert "moved 1 ticket here from INV-1: #48486" in (await there.jo.sees(second, "INV-2: timeline")).text

        await there.bot.kill()
        await there.bot_starts()
        await there.kim.presses(moved, "Undo")
        await there.until(lambda: _tags(there, 48486) == ["inv-1"], "the tag is back")
        await there.kim.sees_change(listed, lambda now: "moved to INV-2" not in now.text)
        await there.kim.ticks(listed, "US East keeps reconnecting")
        await there.kim.presses(listed, "Move…")
        form = await there.kim.form("Move from INV-1")
        there.kim.fills(form, **{INTO: "INV-2 U.S. West"})
        assert await there.kim.submits(form) == {}
        there_now = await there.jo.sees(second, "US East keeps reconnecting")
        assert "not related" not in there_now.text, "what was undone is no decision"
        moved_on = await there.kim.sees_change(listed, lambda now: "1 moved to INV-2" in now.text)
        assert not any("US East keeps reconnecting" in option for option in moved_on.options)
