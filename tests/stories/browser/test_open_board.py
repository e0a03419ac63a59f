"""The bot's pages in Chromium: an open board stays true."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.needs import needs_chromium
from tests.stories.chat import WITHIN_S
from tests.stories.pages import with_pages
from tests.stories.town import OpenTown

pytestmark = [pytest.mark.story, pytest.mark.browser]

SIZES = ((390, 844), (1440, 900), (3840, 2160))
WIDEST = SIZES[-1]
"""Laid out as the one before it: axe has nothing else to find there."""
WITHIN_MS = 1000 * WITHIN_S


@asynccontextmanager
async def kims_page(port: int, size: tuple[int, int] = (1440, 900)) -> AsyncIterator[Page]:
    """Signed in, on the board; what the browser complains of fails the test."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=needs_chromium(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
        await page.goto(f"http://127.0.0.1:{port}/board")
        await page.locator("button[value=U0KIM]").click()
        await page.get_by_role("heading", name="Open investigations").wait_for()
        yield page
        await browser.close()


async def too_wide(page: Page, where: str) -> list[str]:
    wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [f"{where}: it is wider than the window"] if wide else []


async def test_an_open_board_stays_true(town: OpenTown) -> None:
    """It shows what happens in Slack; it says that the bot is gone, and is right again by itself."""
    async with town(start=False) as there:
        port = await with_pages(there)
        async with kims_page(port) as page:
            await expect(page.get_by_text("Nothing is being looked into.")).to_be_visible()
            await there.kim.types("#t2-tech", "/investigate us-west slow")
            await expect(page.get_by_role("heading", name="U.S. West: slow")).to_be_visible(timeout=WITHIN_MS)

            await there.bot.kill()
            await expect(page.get_by_text("Not connected since")).to_be_visible(timeout=WITHIN_MS)
            await there.bot_starts()
            await expect(page.get_by_text("Live")).to_be_visible(timeout=WITHIN_MS)
            await there.kim.types("#t2-tech", "/investigate us-east packet loss")
            await expect(page.get_by_role("heading", name="U.S. East: packet loss")).to_be_visible(timeout=WITHIN_MS)
