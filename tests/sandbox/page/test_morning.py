"""The strip of the first morning and the world's menu, in a browser."""

import pytest
from playwright.async_api import expect

from bot.sandbox.github import seed as github_seed
from tests.eventually import eventually
from tests.sandbox.page.conftest import PHONE, Desk
from tests.sandbox.page.gestures import TECH, message, say

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_strip_says_who_one_is_and_types_what_comes_next(desk: Desk) -> None:
    """What it typed waits for Enter; then the step is ticked off and the next one stands there."""
    page = await desk.open()
    strip = page.get_by_test_id("tour-next")
    await expect(strip).to_contain_text("You are Kim, senior support engineer.")
    await page.get_by_test_id("tour-do").click()
    await expect(page.get_by_test_id("composer-input")).to_have_value("/investigate us-east packet loss")
    await page.keyboard.press("Enter")

    await message(page, "INV-12 us-east packet loss").wait_for()
    await expect(page.get_by_test_id("tour-investigate")).to_have_class("done")
    await expect(strip).to_have_attribute("data-step", "tickets")


async def test_on_a_phone_the_strip_leads_to_where_it_types(desk: Desk) -> None:
    """The page begins with the list of channels there, which covers the channel."""
    page = await desk.open("as=U0KIM", PHONE)
    await expect(page.get_by_test_id("composer-input")).to_be_hidden()
    await page.get_by_test_id("tour-do").click()

    await expect(page.get_by_test_id("composer-input")).to_be_visible()
    await expect(page.get_by_test_id("composer-input")).to_have_value("/investigate us-east packet loss")


@pytest.mark.parametrize("name", ["t2-tech", "tier1"])
async def test_on_a_phone_a_jump_leads_to_the_channel(desk: Desk, name: str) -> None:
    """Also to the one that the list has chosen already."""
    page = await desk.open("as=U0KIM", PHONE)
    await page.keyboard.press("Control+k")
    await page.keyboard.type(name)
    await page.keyboard.press("Enter")

    await expect(page.get_by_test_id("composer-input")).to_be_visible()


async def test_the_strip_says_whom_to_be_next(desk: Desk) -> None:
    """Its button changes the person; what the page shows then is said for them."""
    for step in ("/investigate us-east",), ("/probe mtr us-east",):
        desk.world.tour.hear("command", *step)
    desk.world.tour.hear("press", "ticket_related")
    desk.world.tour.hear("submit", "escalation_form")
    for _ in range(2):
        desk.world.tour.hear("act", "minutes")
    page = await desk.open(size=PHONE)

    await expect(page.get_by_test_id("tour-next")).to_contain_text("Be Raj, operations manager.")
    await page.get_by_test_id("tour-do").click()
    await expect(page.get_by_test_id("tour-next")).to_contain_text("You are Raj, operations manager.")


async def test_the_strip_goes_for_good_and_comes_back_by_the_menu(desk: Desk) -> None:
    page = await desk.open()
    await page.get_by_test_id("tour-dismiss").click()
    await expect(page.get_by_test_id("tour")).to_be_hidden()
    await page.reload()
    await page.get_by_test_id("world").click()
    await expect(page.get_by_test_id("tour")).to_be_hidden()

    await page.get_by_test_id("tour-recall").click()
    await expect(page.get_by_test_id("tour")).to_be_visible()


async def test_the_world_is_a_menu(desk: Desk) -> None:
    """What can happen changes with the world, and what happened is said."""
    number = desk.world.outside.github.open_issue("Calls stutter", who=github_seed.BOT.login)
    page = await desk.open()
    await page.get_by_test_id("world").click()
    await page.get_by_role("menuitem", name=f"Release the fix of app#{number}").click()
    await expect(page.get_by_test_id("notice")).to_contain_text(f"with the fix of app#{number}")
    await expect(page.get_by_test_id("tour-release")).to_have_class("done")

    await page.get_by_test_id("world").click()
    await page.get_by_test_id("world-ask").click()
    await eventually(lambda: desk.world.asked)


async def test_the_days_follow_the_world(desk: Desk) -> None:
    """A day that passed in the sandbox passed for the page too: what was said before is of yesterday.

    What stands there at first is some minutes old, which is yesterday soon after midnight.
    """
    page = await desk.open()
    await say(page, "what is said now is of today")
    await expect(page.locator(".day-label").last).to_have_text("Today")
    for _ in range(24):
        await desk.world.world.let_happen("hour")
    await page.reload()

    await expect(page.locator(".day-label").last).to_have_text("Yesterday")
    await message(page, "early shift").wait_for()
    assert TECH in page.url
