"""Every page that the router has, in Chromium: hostile words do nothing, axe finds nothing, the keyboard is enough.

A new page is tried by itself; its address is its route's with 1 for what is named there.
"""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from bot.messages.model import Place
from bot.web.pages.page import PageRoute
from tests.axe import found_by_axe
from tests.fake_tracker import issue
from tests.stories.browser.test_open_board import SIZES, WIDEST, too_wide
from tests.web.pages.front import Served
from tests.web.pages.real_pages import EVIL, Turning, hostile, real
from tests.world import World

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LONG = EVIL + "w" * 5_000
FILES = (".csv", ".svg", "/export", "/pictures/{name}")
"""Routes of what is kept or drawn, and is no page."""
QUERIES = ("", "?q=packet", "?q=%3Cscript%3Ealert(1)%3C/script%3E")
FOREIGN = """() => {
    const shown = "iframe, object, embed, svg, style, base, main script, [onerror], [onload], a[href^='javascript']";
    const found = [...document.querySelectorAll(shown)].map((each) => each.outerHTML.slice(0, 200));
    return [window.pwned, ...found].filter(Boolean);
}"""
"""What of a page would be somebody else's."""
FOCUSED = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
    if (at === document.body) return null;
    const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const name = `${at.tagName} ${at.textContent.trim().slice(0, 30)}`;
    return {name, marked: parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none", seen};
}"""


BROKEN = """() => [...document.querySelectorAll('th')].map((each) => {
    const range = document.createRange(), word = each.textContent.trim();
    range.selectNodeContents(each);
    return !/\\s/.test(word) && range.getClientRects().length > 1 ? word : "";
}).filter(Boolean)"""
"""Single words of a table's head that are on two lines."""
BEGINS = "() => { window.earlier = document.activeElement; }"
FOLLOWS = """() => {
    const at = document.activeElement, after = earlier.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING;
    window.earlier = at;
    return Boolean(after);
}"""
"""Whether what has the focus stands behind what had it before: the order in which the page is read."""
UNFOLDED = "(each) => each.open || document.activeElement !== each.querySelector('summary')"
OPEN_ONES = "[...document.querySelectorAll('main details[open]')].map((each) => each.id)"
FROM_THE_TOP = (
    "() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }"
)
"""A field that has the focus as the page comes is not where the keyboard begins here."""


def address(route: PageRoute) -> str:
    return re.sub(r"{\w+}", "1", route.path)


def addresses(routes: Sequence[PageRoute]) -> list[str]:
    """Of every page, and of those that a search makes."""
    shown = [route for route in routes if route.method == "GET" and not route.path.endswith(FILES)]
    paths = [address(route) for route in shown]
    assert len(paths) >= 7, paths
    return [*paths, *(f"/known{query}" for query in QUERIES if query), "/nothing"]


@asynccontextmanager
async def pages_of(world: World, chromium: Browser, *, width: int = 1440, height: int = 900) -> AsyncIterator["Pages"]:
    async with real(world) as (there, routes), await signed_in(there, chromium, width, height) as context:
        live = [address(route) for route in routes if route.live]
        pages = Pages(there, addresses(routes), live, context)
        yield pages
    assert not pages.heard, "\n".join(pages.heard)


async def signed_in(there: Served, browser: Browser, width: int, height: int) -> BrowserContext:
    context = await browser.new_context(viewport={"width": width, "height": height})
    cookie = {"name": "secondline", "value": await there.door.signed_in("UKIM"), "url": there.url}
    await context.add_cookies([cookie])  # type: ignore[list-item]
    return context


class Pages:
    """Kim's browser. `live` are those of the paths that hear of changes; `heard` is what it complained of: something
    that was refused, or a dialog that opened."""

    def __init__(self, there: Served, paths: Sequence[str], live: Sequence[str], context: BrowserContext) -> None:
        self.there = there
        self.paths = paths
        self.live = live
        self.heard: list[str] = []
        self._context = context

    async def opens(self, path: str) -> Page:
        page = await self._context.new_page()
        page.on("dialog", lambda dialog: self.heard.append(f"{path}: a dialog: {dialog.message}"))
        page.on("pageerror", lambda error: self.heard.append(f"{path}: {error}"))
        page.on(
            "console",
            lambda said: self.heard.append(f"{path}: {said.text}") if "Policy" in said.text else None,
        )
        await page.goto(f"{self.there.url}{path}")
        await page.get_by_role("heading", level=1).first.wait_for(state="attached")
        return page


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("full", [True, False], ids=["hostile", "empty"])
async def test_nothing_runs_axe_finds_nothing_and_nothing_is_too_wide(
    full: bool, size: tuple[int, int], chromium: Browser
) -> None:
    """Light and dark; also for words that go on without a space."""
    found, world = list[str](), await hostile(long=LONG) if full else World()
    async with pages_of(world, chromium, width=size[0], height=size[1]) as pages:
        for path in pages.paths:
            page = await pages.opens(path)
            found += [f"{path}: {foreign}" for foreign in await page.evaluate(FOREIGN)]
            found += [f"{path}: broken in the middle: {word}" for word in await page.evaluate(BROKEN)]
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme=scheme)
                found += await too_wide(page, f"{path} {scheme}")
                if size != WIDEST:
                    found += await found_by_axe(page, f"{path} {scheme}", colours=scheme == "dark")
            await page.close()

    assert not found, "\n".join(found)


async def test_what_an_open_page_is_sent_is_inert_too(chromium: Browser) -> None:
    """Words that come while it is open take another way into it: each page that is live shows them as words."""
    turning, found = Turning(), list[str]()
    await turning.open()
    async with pages_of(turning.world, chromium) as pages:
        opened = {path: await pages.opens(path) for path in pages.live}
        asked = list[str]()
        for page in opened.values():
            page.on("request", lambda request: asked.append(request.url))
        await turning.hostile(long=LONG)
        await pages.there.live.look()
        for path, page in opened.items():
            await page.get_by_text("window.pwned").first.wait_for(state="attached")
            found += [f"{path}: {foreign}" for foreign in await page.evaluate(FOREIGN)]

        assert not found, "\n".join(found)
        assert [url for url in asked if "/pictures/" not in url] == []


async def test_the_keyboard_is_enough(chromium: Browser) -> None:
    """The first key leads past the menu; whatever has the focus shows it, and is in sight."""
    found, world = list[str](), await hostile(long="long")
    async with pages_of(world, chromium) as pages:
        for path in pages.paths:
            page = await pages.opens(path)
            await page.evaluate(FROM_THE_TOP)
            await page.keyboard.press("Tab")
            await page.evaluate(BEGINS)
            first = await page.evaluate(FOCUSED)
            assert first["name"] == "A Skip to the content" and first["seen"], (path, first)
            await page.keyboard.press("Enter")
            assert await page.evaluate("document.activeElement.id") == "main", path
            for _ in range(40):
                await page.keyboard.press("Tab")
                focused = await page.evaluate(FOCUSED)
                if not focused:
                    break
                good = focused["marked"] and focused["seen"] and await page.evaluate(FOLLOWS)
                found += [] if good else [f"{path}: {focused}"]
            await page.close()

    assert not found, "\n".join(found)


async def test_escape_folds_up_what_enter_unfolded(chromium: Browser) -> None:
    """On each page that has something to unfold; whoever was in it stands on the line that unfolds it."""
    found, unfolded, world = list[str](), 0, await hostile(long="long")
    async with pages_of(world, chromium) as pages:
        for path in pages.paths:
            page = await pages.opens(path)
            await page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = false))")
            for details in await page.locator("main details").all():
                if not await details.locator("> summary").is_visible():
                    await details.evaluate("(each) => (each.parentElement.closest('details').open = true)")
                await details.locator("> summary").focus()
                await page.keyboard.press("Enter")
                opened = await details.evaluate("(each) => each.open")
                inside = details.locator("a, summary").last
                await inside.focus()
                await page.keyboard.press("Escape")
                unfolded += opened
                if not opened or await details.evaluate(UNFOLDED):
                    found.append(f"{path}: {await details.inner_html()}"[:200])
            await page.close()

    assert unfolded >= 3
    assert not found, "\n".join(found)


async def test_what_is_unfolded_is_the_same_after_another_measurement_came_in(chromium: Browser) -> None:
    """It has a name of its own, which no other has."""
    turning = Turning()
    await turning.open()
    await turning.world.probed()
    async with pages_of(turning.world, chromium) as pages:
        page = await pages.opens("/investigations/1")
        await page.locator("main details").first.evaluate("(each) => (each.open = true)")
        before, count = await page.evaluate(OPEN_ONES), await page.locator("main details").count()
        turning.world.clock.advance(60)
        turning.world.probes.request("ping", "us-east", place=Place("C1"), by="UKIM", investigation_id=1)
        await turning.world.probed()
        await pages.there.live.look()
        await page.locator("main details").nth(count).wait_for(state="attached")
        ids = await page.evaluate("[...document.querySelectorAll('main details')].map((each) => each.id)")

        assert before and set(before) <= set(await page.evaluate(OPEN_ONES))
        assert len(set(ids)) == len(ids) and all(ids)


async def test_who_had_the_focus_goes_on_from_the_content_when_it_is_gone(chromium: Browser) -> None:
    """And not from the top of the page."""
    turning = Turning()
    await turning.open()
    async with pages_of(turning.world, chromium) as pages:
        page = await pages.opens("/board")
        await page.locator("main a").first.focus()
        await turning.world.investigations.dismiss(1, reason="one router", by="UKIM")
        await pages.there.live.look()
        await page.get_by_text("Nothing is being looked into.").wait_for()

        assert await page.evaluate("document.getElementById('main').contains(document.activeElement)")


async def test_escape_empties_the_search_and_then_leads_back(chromium: Browser) -> None:
    """Results are those of an empty field again; whoever came by a stroke is where they were."""
    world = World()
    world.known.intake.applied("app", world.tracker.put(issue(31, "Login spins", symptom="It spins.")), cursor="1")
    async with pages_of(world, chromium) as pages:
        page = await pages.opens("/known")
        link = page.get_by_role("link", name="Known issues")
        await link.focus()
        await page.keyboard.press("/")
        await page.keyboard.type("nothing like it")
        await page.get_by_text("Nothing known about").wait_for()
        await page.keyboard.press("Escape")
        await page.get_by_role("link", name="spins").wait_for()
        assert await page.evaluate("document.activeElement.id") == "q"
        assert await page.locator("#q").input_value() == ""
        await page.keyboard.press("Escape")
        assert await link.evaluate("(each) => each === document.activeElement")


async def test_a_stroke_leads_to_the_search(chromium: Browser) -> None:
    """As in many places; where somebody types, it is a letter."""
    async with pages_of(World(), chromium) as pages:
        page = await pages.opens("/known")
        await page.evaluate("document.activeElement.blur()")
        await page.keyboard.press("/")
        await page.keyboard.type("a/b")
        assert await page.locator("#q").input_value() == "a/b"
        board = await pages.opens("/board")
        await board.keyboard.press("/")
        assert "/board" in board.url
