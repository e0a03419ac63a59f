"""The page of numbers in Chromium, full and empty: axe finds nothing, pictures are there, no scripts are needed."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.numbers.drawing import CHILD, Drawings
from bot.web.pages.numbers import NumbersPages
from tests.axe import found_by_axe
from tests.numbers.counted import Counted
from tests.numbers.full import fill
from tests.stories.browser.test_open_board import SIZES, WIDEST, too_wide
from tests.web.pages.front import Served, served

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


class Opener:
    """Opens the page as Lena of management sees it, each time in a context of its own."""

    def __init__(self, there: Served, chromium: Browser, contexts: AsyncExitStack) -> None:
        self.url = there.url
        self._there = there
        self._chromium = chromium
        self._contexts = contexts

    async def opens(self, path: str, *, width: int = 1440, dark: bool = False, scripts: bool = True) -> Page:
        """With everything that it loads."""
        context = await self._contexts.enter_async_context(
            await self._chromium.new_context(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if dark else "light",
                java_script_enabled=scripts,
            )
        )
        cookie = {"name": "secondline", "value": await self._there.door.signed_in("ULENA"), "url": self.url}
        await context.add_cookies([cookie])  # type: ignore[list-item]
        page = await context.new_page()
        await page.goto(f"{self.url}{path}", wait_until="load")
        return page


@asynccontextmanager
async def numbers_page(counted: Counted, chromium: Browser, *, program: Path = CHILD) -> AsyncIterator[Opener]:
    drawings = Drawings(numbers=counted.service, environ=os.environ, program=program)
    routes = NumbersPages(numbers=counted.service, drawings=drawings).routes
    async with served(routes=routes) as there, AsyncExitStack() as contexts:
        yield Opener(there, chromium, contexts)


@pytest.mark.parametrize("full", [True, False], ids=["full", "empty"])
async def test_axe_finds_nothing_and_nothing_is_refused(full: bool, chromium: Browser) -> None:
    counted, found, refused = Counted(), list[str](), list[str]()
    if full:
        fill(counted)
    async with numbers_page(counted, chromium) as there:
        for width, _ in SIZES:
            for dark in (False, True):
                page = await there.opens("/numbers?by=target", width=width, dark=dark)
                page.on("console", lambda message: refused.append(message.text))
                await page.reload(wait_until="load")
                where = f"{width} {'dark' if dark else 'light'}"
                found += await too_wide(page, where)
                if width != WIDEST[0]:
                    found += await found_by_axe(page, where, colours=dark)
                pictures = await page.evaluate("[...document.images].map((each) => each.naturalWidth)")
                assert len(pictures) == (8 if full else 0) and all(pictures)
                await page.close()

    assert not found, "\n".join(found)
    assert not refused, "\n".join(refused)


@pytest.mark.parametrize("dark", [True, False])
async def test_pictures_for_a_dark_screen_are_turned_round_on_paper(dark: bool, chromium: Browser) -> None:
    """A browser prints those that it has, and does not wait for others."""
    counted = Counted()
    fill(counted)
    async with numbers_page(counted, chromium) as there:
        page = await there.opens("/numbers", dark=dark)
        await page.wait_for_load_state("load")
        await page.evaluate("dispatchEvent(new Event('beforeprint'))")
        turned = await page.evaluate("[...document.querySelectorAll('picture img')].map((each) => each.className)")

        assert len(turned) == 8 and set(turned) == {"dark" if dark else ""}


async def test_it_works_without_scripts_and_on_paper(chromium: Browser) -> None:
    """A choice is a form of its own, and a printed page has light pictures."""
    counted = Counted()
    fill(counted)
    async with numbers_page(counted, chromium) as there:
        page = await there.opens("/numbers", dark=True, scripts=False)
        await page.locator("select[name=step]").select_option("Resolved")
        await page.locator("select[name=by]").select_option("Team")
        await page.get_by_role("button", name="Show").click()
        await expect(page.get_by_role("heading", name="Resolved, by team")).to_be_visible()
        await expect(page.get_by_role("rowheader", name="T2 Tech").first).to_be_visible()
        shown = page.locator("img").first
        address = "(image) => image.currentSrc"
        assert "dark" in await shown.evaluate(address)
        await page.emulate_media(media="print")
        await expect(shown).to_be_visible()
        assert "dark" not in await shown.evaluate(address)


async def test_where_nothing_draws_the_tables_stand_and_the_page_says_so(tmp_path: Path, chromium: Browser) -> None:
    counted = Counted()
    fill(counted)
    async with numbers_page(counted, chromium, program=tmp_path / "nothing.py") as there:
        page = await there.opens("/numbers")
        address = await page.locator("img").first.get_attribute("src")
        assert await page.get_by_role("rowheader", name="Claimed").is_visible()
        picture = await page.goto(f"{there.url}{address}")

        assert picture and "The picture could not be drawn. The table has its numbers." in await picture.text()
