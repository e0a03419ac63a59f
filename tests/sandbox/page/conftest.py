"""The page in Chromium on a sandbox Slack of its own, with a small bot."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.clock import system_clock
from bot.sandbox.manifest_file import read_manifest
from bot.sandbox.page import PAGE
from bot.sandbox.site import Site
from bot.sandbox.slack.seeds import harbor_seed
from bot.sandbox.slack.server import SlackSandbox
from bot.sandbox.world.routes import routes
from tests.needs import needs_chromium
from tests.sandbox.page.small_bot import SmallBot
from tests.sandbox.world.small_world import SmallWorld

DESKTOP = (1280, 800)
PHONE = (390, 844)
PATIENCE_MS = 240_000
"""The deadline for what comes at once on an idle machine."""
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Desk:
    """A browser before a running sandbox. `complaints` is what the pages' consoles said."""

    sandbox: SlackSandbox
    bot: SmallBot
    world: SmallWorld
    origin: str
    browser: Browser
    complaints: list[str]

    async def open(self, where: str = "as=U0KIM&channel=C0T2TECH", size: tuple[int, int] = DESKTOP) -> Page:
        """A page of its own (own storage, own connection) at this address."""
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, has_touch=size == PHONE, reduced_motion="reduce"
        )
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("requestfailed", lambda request: print("not loaded:", request.url, request.failure))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return await self.up(page, where)

    async def up(self, page: Page, where: str) -> Page:
        """The page at this address, once it is there."""
        await page.goto(f"{self.origin}/#{where}")
        await page.get_by_test_id("act-as").first.wait_for(state="attached")
        return page


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One for all tests of the page, which is why they share a loop: to start it takes longer than most of them."""
    path = needs_chromium()
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[SlackSandbox]:
    running = SlackSandbox(clock=system_clock, seed=harbor_seed(read_manifest()))
    yield running
    await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def world(sandbox: SlackSandbox) -> SmallWorld:
    """The world of the page; its steps are ticked off by what people do in the sandbox."""
    small = SmallWorld(tell=lambda: sandbox.site.workspace.note({"type": "tour"}))
    sandbox.acts.listeners.append(small.tour.hear)
    return small


@pytest_asyncio.fixture(loop_scope="session")
async def origin(sandbox: SlackSandbox, world: SmallWorld) -> AsyncIterator[str]:
    """Where the sandbox and the page are served."""
    nothing = web.Application
    site = Site(page=PAGE, slack=sandbox.routes(), zendesk=nothing(), globalping=nothing(), targets=nothing())
    site.app.add_subapp("/world", routes(world.world))
    await world.targets.start()
    runner = web.AppRunner(site.app, shutdown_timeout=0.2, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()
    await world.targets.close()


@pytest_asyncio.fixture(loop_scope="session")
async def small_bot(origin: str) -> AsyncIterator[SmallBot]:
    async with aiohttp.ClientSession() as http:
        bot = SmallBot(api_url=f"{origin}/slack/api/", http=http)
        await bot.connect()
        yield bot
        await bot.close()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(
    sandbox: SlackSandbox, small_bot: SmallBot, world: SmallWorld, origin: str, browser: Browser
) -> AsyncIterator[Desk]:
    complaints: list[str] = []
    yield Desk(sandbox, small_bot, world, origin, browser, complaints)
    for context in browser.contexts:
        await context.close()
    assert complaints == []
