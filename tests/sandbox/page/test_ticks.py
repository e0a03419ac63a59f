"""Check boxes in a message: ticked by mouse, finger and keyboard; an edit of the message takes no tick away."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.eventually import eventually
from tests.sandbox.page.conftest import PHONE, Desk
from tests.sandbox.page.gestures import TECH, message
from tests.sandbox.page.small_bot import button, plain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LONG = "#4 " + "W" * 72


def page_of(*names: str) -> list[dict[str, Any]]:
    """A list with these options, and a button under it."""
    options = [{"text": plain(name), "value": name, "description": plain("open")} for name in names]
    boxes = {"type": "checkboxes", "action_id": "ticks", "options": options}
    return [
        {"type": "section", "block_id": "head", "text": plain("Tickets")},
        {"type": "actions", "block_id": "boxes", "elements": [boxes]},
        {"type": "actions", "block_id": "do", "elements": [button("Related", "dismiss")]},
    ]


def box(page: Page, name: str) -> Locator:
    return message(page, "Tickets").locator(f"input[type=checkbox][data-value='{name}']")


def ticked(desk: Desk) -> list[str]:
    """What the last press gave."""
    values = desk.bot.pressed[-1]["state"]["values"]["boxes"]["ticks"]["selected_options"]
    return [each["value"] for each in values]


async def shown(desk: Desk, size: tuple[int, int] = (1280, 800)) -> tuple[Page, str]:
    page = await desk.open(size=size)
    ts = await desk.bot.post(TECH, "Tickets", blocks=page_of("#1", "#2", "#3", LONG))
    await box(page, "#1").wait_for()
    return page, ts


async def press(desk: Desk, page: Page) -> None:
    before = len(desk.bot.pressed)
    await message(page, "Tickets").get_by_role("button", name="Related").click()
    await eventually(lambda: len(desk.bot.pressed) > before)


async def test_ticks_survive_an_edit_that_takes_others_away(desk: Desk) -> None:
    """Jo decided one of Kim's while Kim was ticking: it is gone, and Kim's others are still ticked."""
    page, ts = await shown(desk)
    await box(page, "#1").check()
    await box(page, "#2").check()
    await desk.bot.client.chat_update(channel=TECH, ts=ts, text="Tickets", blocks=page_of("#2", "#3"))
    await expect(box(page, "#1")).to_have_count(0)

    await expect(box(page, "#2")).to_be_checked()
    await press(desk, page)
    assert ticked(desk) == ["#2"]


async def test_what_comes_back_is_not_ticked(desk: Desk) -> None:
    """The client forgets what it does not show."""
    page, ts = await shown(desk)
    await box(page, "#1").check()
    for names in (("#3",), ("#1", "#3")):
        await desk.bot.client.chat_update(channel=TECH, ts=ts, text="Tickets", blocks=page_of(*names))
        await expect(message(page, "Tickets").locator("input[type=checkbox]")).to_have_count(len(names))

    await expect(box(page, "#1")).not_to_be_checked()


async def test_ticked_by_keyboard_and_the_focus_stays(desk: Desk) -> None:
    """Right and left among the boxes, space ticks; an edit leaves the focus where it is."""
    page, ts = await shown(desk)
    await message(page, "Tickets").focus()
    await page.keyboard.press("ArrowRight")
    await expect(box(page, "#1")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Space")
    await expect(box(page, "#2")).to_be_checked()
    await desk.bot.client.chat_update(channel=TECH, ts=ts, text="Tickets", blocks=page_of("#2", "#3"))
    await expect(box(page, "#1")).to_have_count(0)

    await expect(box(page, "#2")).to_be_focused()
    await press(desk, page)
    assert ticked(desk) == ["#2"]


async def test_long_options_fit_on_a_phone(desk: Desk) -> None:
    """Nothing sticks out, a finger hits a row, and the word beside a box ticks it."""
    page, _ = await shown(desk, PHONE)
    row = message(page, "Tickets").locator("label.choice").nth(3)
    await row.locator(".choice-label").tap()
    bounds = await row.bounding_box()

    await expect(box(page, LONG)).to_be_checked()
    assert bounds and bounds["x"] + bounds["width"] <= PHONE[0] and bounds["height"] >= 40
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
