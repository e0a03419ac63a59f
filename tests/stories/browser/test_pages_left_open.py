"""A board that somebody leaves open is right again by itself, after a lost network and after midnight; and on paper."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from playwright.async_api import expect

from tests.stories.browser.test_open_board import WITHIN_MS, kims_page
from tests.stories.pages import browser, network_to, with_pages
from tests.stories.steps import opened
from tests.stories.town import OpenTown

pytestmark = [pytest.mark.story, pytest.mark.browser]

COLOURS = """() => {
    const of = (selector) => getComputedStyle(document.querySelector(selector));
    const names = ["--paper", "--ink", "--accent", "--red", "--yellow-soft", "--green", "--grey-soft"];
    return [of("html").colorScheme, ...names.map((name) => of("html").getPropertyValue(name)), of("main a").color];
}"""
"""What a page is drawn with."""


async def test_a_lost_network_is_told_and_mended_by_itself(town: OpenTown) -> None:
    async with town(start=False) as there:
        port = await with_pages(there)
        async with network_to(port) as network, kims_page(port) as page:
            await page.goto(f"http://127.0.0.1:{network.port}/board")
            await expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=WITHIN_MS)
            await network.lose()
            await expect(page.get_by_text("Not connected since")).to_be_visible(timeout=WITHIN_MS)
            await opened(there)
            await network.come_back()
            await expect(page.get_by_role("heading", name="U.S. East: packet loss")).to_be_visible(timeout=WITHIN_MS)
            await expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=WITHIN_MS)


async def test_at_midnight_what_is_due_today_has_passed(town: OpenTown) -> None:
    """The bot's own day turns over, and an open board with it."""
    async with town(start=False, outside=True) as there:
        port = await with_pages(there)
        async with browser(there, port) as kim:
            await kim.signs_in("U0KIM")

            async def etas() -> list[date]:
                async with kim.session.get(f"{kim.home}/board.json") as answer:
                    listed = (await answer.json())["issues"]
                return sorted(date.fromisoformat(issue["eta"]) for issue in listed if issue["eta"])

            for _ in range(60):
                if known := await etas():
                    break
                await there.moment()
        day = next(eta for eta in known if eta > there.clock().date())
        there.clock.is_set(datetime.combine(day, time(23, 59, 30), UTC))
        async with kims_page(port) as page:
            due = page.get_by_text(f"ETA {day:%-d %b %Y}")
            await expect(due.first).to_be_visible()
            await expect(page.get_by_text(f"ETA {day:%-d %b %Y} (passed)")).to_have_count(0)
            there.clock.let_pass(timedelta(minutes=1))
            await expect(page.get_by_text(f"ETA {day:%-d %b %Y} (passed)").first).to_be_visible(timeout=WITHIN_MS)


async def test_on_paper_all_of_it_can_be_read(town: OpenTown) -> None:
    """No menu and no buttons; what is folded up is open, links say where they lead, but for tickets with their numbers;
    nothing is cut off at the side."""
    async with town(start=False) as there:
        port = await with_pages(there)
        await opened(there)
        async with kims_page(port, (794, 1123)) as page:
            await page.goto(f"http://127.0.0.1:{port}/investigations/1")
            await page.emulate_media(media="print")
            await page.evaluate("dispatchEvent(new Event('beforeprint'))")

            by_day = await page.evaluate(COLOURS)
            await page.emulate_media(media="print", color_scheme="dark")
            assert await page.evaluate(COLOURS) == by_day, "paper is white for those too whose screen is dark"
            for hidden in ("header nav", "button", ".connection", "a.button"):
                assert await page.locator(f"{hidden}:visible").count() == 0, hidden
            assert await page.locator("details:not([open])").count() == 0
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not await page.evaluate(wide)
            tickets, others = "details a[href^=http]", "main a[href^=http]:not(.button, details a)"
            for links, told in ((tickets, False), (others, True)):
                shown = f"getComputedStyle(document.querySelector('{links}'), '::after').content"
                if await page.locator(links).count():
                    content = await page.evaluate(shown)
                    assert ("attr(href)" in content or "http" in content) is told
            assert (await page.pdf(format="A4")).startswith(b"%PDF")


async def test_whoever_reads_an_open_page_stays_where_they_are(town: OpenTown) -> None:
    """What comes in from Slack exchanges what differs and nothing else: what is marked and focused stays so, and the
    page is not loaded again."""
    async with town(start=False) as there:
        port = await with_pages(there)
        await opened(there)
        async with kims_page(port) as page:
            east = page.get_by_role("link", name="U.S. East: packet loss")
            await expect(east).to_be_visible(timeout=WITHIN_MS)
            await east.focus()
            await east.evaluate("link => getSelection().selectAllChildren(link)")
            asked = list[str]()
            page.on("request", lambda request: asked.append(request.url))
            await there.kim.types("#t2-tech", "/investigate us-west slow")
            await expect(page.get_by_role("heading", name="U.S. West: slow")).to_be_visible(timeout=WITHIN_MS)

            assert await page.evaluate("getSelection().toString()") == "U.S. East: packet loss"
            await expect(east).to_be_focused()
            assert not asked


async def test_what_is_unfolded_stays_unfolded(town: OpenTown) -> None:
    """On an investigation's page, where details come in as somebody reads."""
    async with town(start=False) as there:
        port = await with_pages(there)
        card = await opened(there)
        async with kims_page(port) as page:
            await page.goto(f"http://127.0.0.1:{port}/investigations/1")
            details = page.locator("details[id]").first
            await expect(details).to_be_attached(timeout=WITHIN_MS)
            was = await details.evaluate("each => (each.open = !each.open)")
            await there.kim.types(card, "@secondline note customers of one provider")
            await expect(page.get_by_text("customers of one provider").first).to_be_visible(timeout=WITHIN_MS)

            assert await details.evaluate("each => each.open") is was
