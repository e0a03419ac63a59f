"""Nobody is shut out: axe finds nothing on the page, and the keyboard reaches everything in few steps."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from tests.axe import found_by_axe
from tests.sandbox.page.conftest import DESKTOP, PHONE, Desk
from tests.sandbox.page.gestures import TECH, message
from tests.sandbox.page.small_bot import REPORT, card

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WIDE = (1440, 900)


async def whole_thread(desk: Desk, page: Page) -> None:
    await message(page, "INV-12").get_by_test_id("reply-bar").click()
    await page.get_by_test_id("thread-messages").get_by_test_id("file-text").wait_for()


async def form(desk: Desk, page: Page) -> None:
    await message(page, "INV-12").locator("[data-action-id=escalate]").click()
    await page.get_by_test_id("modal-submit").wait_for()
    await page.get_by_test_id("modal-submit").click()


async def home(desk: Desk, page: Page) -> None:
    await desk.up(page, "as=U0KIM&home=1")
    await page.get_by_text("Good morning").wait_for()


async def menu_of_the_world(desk: Desk, page: Page) -> None:
    if page.viewport_size == {"width": PHONE[0], "height": PHONE[1]}:
        await page.get_by_test_id("back").click()
    await page.get_by_test_id("world").click()
    await page.get_by_role("menuitem", name="An hour passes").wait_for()


async def words_completed(desk: Desk, page: Page) -> None:
    await page.get_by_test_id("composer-input").press_sequentially("/inv")
    await page.get_by_test_id("completion-option").first.wait_for()


async def channel(desk: Desk, page: Page) -> None:
    await message(page, "INV-12").hover()


STATES: tuple[Callable[[Desk, Page], Awaitable[None]], ...] = (
    channel,
    whole_thread,
    form,
    home,
    menu_of_the_world,
    words_completed,
)


async def a_morning(desk: Desk) -> None:
    """A card with a thread: a link, mentions, a table, a file, a reaction."""
    ts = await desk.bot.post(TECH, "INV-12", blocks=card("us-east"))
    await desk.bot.client.reactions_add(channel=TECH, timestamp=ts, name="eyes")
    words = "See <https://example.com/report|the report>, <@U0KIM> and <#C0TIER1>. `us-east-2` is *down*."
    await desk.bot.post(TECH, words, thread_ts=ts)
    cells = [[{"type": "raw_text", "text": f"{row} {column}"} for column in range(8)] for row in ("Hop", "1", "2")]
    await desk.bot.post(TECH, "table", thread_ts=ts, blocks=[{"type": "table", "rows": cells}])
    await desk.bot.client.files_upload_v2(channel=TECH, thread_ts=ts, content=REPORT, filename="mtr.txt")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1440", "390"])
async def test_axe_finds_nothing(desk: Desk, size: tuple[int, int]) -> None:
    """In the channel, a thread, a form with errors, the Home, the world's menu, and while a command is completed."""
    await a_morning(desk)
    complaints = []
    for state in STATES:
        page = await desk.open(size=size)
        await message(page, "INV-12").wait_for()
        await state(desk, page)
        complaints += await found_by_axe(page, f"{state.__name__}, light")
        await page.emulate_media(color_scheme="dark")
        complaints += await found_by_axe(page, f"{state.__name__}, dark", colours=True)
        await page.context.close()

    assert not complaints, "\n".join(complaints)


async def test_a_message_is_one_stop_and_the_arrows_go_inside(desk: Desk) -> None:
    """Tab leaves the list at once; up and down change the message, right and left go among its buttons."""
    await a_morning(desk)
    page = await desk.open(size=DESKTOP)
    shown = message(page, "INV-12")
    await shown.wait_for()

    await shown.focus()
    await page.keyboard.press("ArrowRight")
    await expect(shown.locator("[data-action-id=escalate]")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(shown.locator("[data-action-id=dismiss]")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(shown).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(message(page, "early shift")).to_be_focused()
    await page.keyboard.press("Tab")
    stopped_in_list = await page.get_by_test_id("messages").evaluate("(list) => list.contains(document.activeElement)")
    assert not stopped_in_list
    await page.keyboard.press("Shift+Tab")
    await expect(message(page, "early shift")).to_be_focused()


async def test_the_first_tab_skips_to_the_messages(desk: Desk) -> None:
    page = await desk.open()
    await message(page, "early shift").wait_for()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the messages")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(page.get_by_test_id("messages").get_by_test_id("message").last).to_be_focused()
