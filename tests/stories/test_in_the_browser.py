"""What a newcomer does: `secondline sandbox`, open the page, the whole main job by typing and pressing."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.needs import needs_chromium

pytestmark = [pytest.mark.story, pytest.mark.browser]

expect.set_options(timeout=30_000)
START_S = 60.0
PLAYBOOK_MS = 60_000


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """Where `secondline sandbox` says that its page is."""
    without_proxy = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--port", "0", "--no-routers"),
        stdout=asyncio.subprocess.PIPE,
        env=without_proxy,
    )
    assert program.stdout
    line = await asyncio.wait_for(program.stdout.readline(), START_S)
    found = re.search(r"http://127\.0\.0\.1:\d+/", line.decode())
    assert found, line
    yield found[0]
    program.terminate()
    assert await asyncio.wait_for(program.wait(), START_S) == 0


@pytest.fixture
async def pages(address: str) -> AsyncIterator[tuple[Page, Page]]:
    """Kim's page on a laptop and Lena's on a phone."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=needs_chromium(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        kim = await browser.new_page(viewport={"width": 1280, "height": 900})
        lena = await browser.new_page(viewport={"width": 390, "height": 844})
        await kim.goto(address)
        await lena.goto(f"{address}#as=U0LENA&channel=C0T2TECH")
        yield kim, lena
        await browser.close()


async def _fill(form: Locator, **inputs: str) -> None:
    for block, text in inputs.items():
        await form.locator(f"[data-block-id={block}] textarea, [data-block-id={block}] input").fill(text)


async def test_the_main_job_by_typing_and_pressing(pages: tuple[Page, Page]) -> None:
    """Open, confirm tickets, escalate by the form, acknowledge on a phone, resolve by the form."""
    kim, lena = pages
    composer = kim.locator("textarea").first
    await composer.fill("/investigate us-east packet loss")
    await composer.press("Enter")
    card = kim.locator("[data-ts]").filter(has_text="owns INV-").first
    card = kim.locator(f"[data-ts='{await card.get_attribute('data-ts')}']").first
    await expect(card).to_contain_text("U.S. West is fine.", timeout=PLAYBOOK_MS)
    await card.get_by_text("replies").click()
    await kim.get_by_role("button", name=re.compile("Confirm All")).click()
    asks = kim.get_by_test_id("confirm-dialog")
    await expect(asks).to_contain_text(re.compile(r"Confirm all \d+\?"))
    await asks.get_by_role("button", name=re.compile(r"Confirm \d+")).click()
    await expect(card).to_contain_text("confirmed")

    await card.get_by_role("button", name="Escalate").click()
    form = kim.get_by_role("dialog")
    await expect(form).to_contain_text("5 of 5")
    await _fill(form, needed="Please call the transit provider.")
    await form.get_by_role("button", name="Send").click()
    await lena.get_by_role("button", name="Acknowledge").click()
    await expect(lena.get_by_text("Acknowledged by").first).to_be_visible()
    await expect(card).to_contain_text("acknowledged")

    await card.get_by_role("button", name="Resolve").click()
    form = kim.get_by_role("dialog")
    await _fill(form, root_cause="A transit link flapped", workaround="Use U.S. West")
    await form.get_by_role("button", name="Resolve").click()
    await expect(card).to_contain_text("resolved INV-1")
    await expect(card).to_contain_text("A transit link flapped")
