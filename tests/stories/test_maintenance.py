"""Planned work: typed in Slack, told by a status page, and what everybody is told when it ends."""

import re
from dataclasses import replace

import pytest

from tests.stories.town import BRISK, OpenTown

pytestmark = pytest.mark.story


async def test_kim_plans_a_maintenance_and_everything_is_checked_when_it_ends(town: OpenTown) -> None:
    """One message from the plan to the end; then one that says what fails, with a button that looks into it."""
    async with town() as there:
        kim, jo = there.kim, there.jo
        await kim.types("#t2-tech", "/t2 maintenance us-east, us-west for 90 min new kernel")
        card = await jo.sees("#t2-tech", "U.S. East and U.S. West: maintenance until")
        assert "new kernel" in card.text and "expected and wake no one" in card.text
        await kim.types("#t2-tech", "/t2 status")
        status = await kim.sees("#t2-tech", "Service status")
        assert "U.S. East: maintenance until" in status.text

        await jo.presses(card, "30 Min Longer")
        card = await jo.sees_change(card, lambda now: "made longer" in now.text)
        await kim.types("#t2-tech", "/t2 maintenance")
        await kim.sees("#t2-tech", "M-1* U.S. East and U.S. West")

        await kim.presses(card, "End Now")
        card = await jo.sees_change(card, lambda now: "1 of 2 fine; U.S. East: " in now.text)
        assert card.buttons == []
        told = await jo.sees("#t2-tech", "*1 of 2 fine; U.S. East: ")
        assert "After the maintenance M-1" in told.text
        await jo.presses(told, "Investigate")
        opened = await jo.sees("#t2-tech", "owns INV-1")
        await jo.sees_change(opened, lambda now: "503" in now.text)
        await jo.types(opened, "@secondline timeline")
        await jo.sees(opened, "ran the smoke check. U.S. East")


async def test_what_the_status_page_plans_is_followed_to_its_end(town: OpenTown) -> None:
    """It begins before its time, and is over when the page says so: then the target is checked.

    The page has another one since before the story: which of them is M-1 depends on when the bot reads it.
    """
    async with town(outside=True, pace=replace(BRISK, refresh_s=1)) as there:
        assert there.outside
        page, kim = there.outside.statuspage, there.kim
        work = page.schedule_maintenance("Kernel update of US West", 60, 30, ["US West"])
        card = await kim.sees("#t2-tech", "U.S. West: maintenance")
        assert "Kernel update of US West" in card.text and "from the status page" in card.text and card.buttons == []
        page.move_maintenance(work, "in_progress")
        card = await kim.sees_change(card, lambda now: "wake no one" in now.text)
        page.move_maintenance(work, "completed")
        await kim.sees_change(card, lambda now: "over since" in now.text and "U.S. West is fine" in now.text)
        told = await kim.sees("#t2-tech", "*U.S. West is fine*")
        assert re.search(r"After the maintenance M-[12] of U\.S\. West", told.text)


async def test_the_fleet_is_swept_by_tier_2_one_sweep_at_a_time(town: OpenTown) -> None:
    """A group in one message; whoever is not of Tier 2 sweeps single targets only."""
    async with town() as there:
        kim, tom = there.kim, there.tom
        await tom.types("#tier1", "/probe smoke all")
        refused = await tom.sees("#tier1", "can do this")
        assert refused.only_for_me
        await kim.types("#t2-tech", "/probe smoke gateways")
        swept = await kim.sees("#t2-tech", "smoke gateways")
        swept = await kim.sees_change(swept, lambda now: "answer, median" in now.text)
        assert len(swept.text.splitlines()) <= 10 and "Details" in swept.buttons
