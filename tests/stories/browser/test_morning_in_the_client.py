"""What a newcomer does: `secondline sandbox`, open the page, the whole main job by typing and pressing."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.needs import needs_chromium
from tests.sandbox_program import sandbox_program
from tests.stories.chat import WITHIN_S

pytestmark = [pytest.mark.story, pytest.mark.browser]

expect.set_options(timeout=1000 * WITHIN_S)
OPENING, MORNING = 3, 14
"""The bot's messages in the thread, its card included: when all is looked up, and at the end of the morning."""
SCREENS = 2


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """Where `secondline sandbox` says that its page is."""
    async with sandbox_program("--no-routers") as program:
        yield await program.opened()
    assert program.process.returncode == 0


@pytest.fixture
async def pages(address: str) -> AsyncIterator[tuple[Page, Page]]:
    """Kim's page on a laptop and Lena's on a phone."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=needs_chromium(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        kim = await browser.new_page(viewport={"width": 1440, "height": 900})
        lena = await browser.new_page(viewport={"width": 390, "height": 844})
        await kim.goto(address)
        await lena.goto(f"{address}#as=U0LENA&channel=C0T2TECH")
        yield kim, lena
        await browser.close()


async def _fill(form: Locator, **inputs: str) -> None:
    for block, text in inputs.items():
        await form.locator(f"[data-block-id={block}] textarea, [data-block-id={block}] input").first.fill(text)


async def _choose(card: Locator, name: str) -> None:
    """A button of the card, or the entry of its menu."""
    words, page = re.compile(name), card.page
    button = card.get_by_role("button", name=words)
    if await button.count():
        await button.first.click()
        return
    await card.get_by_role("button", name="More options").click()
    await page.get_by_role("menuitem", name=words).click()


async def _form(page: Page, submit: str, **inputs: str) -> None:
    """Fills in the form that opens, and sends it."""
    form = page.get_by_test_id("modal")
    await form.wait_for()
    await _fill(form, **inputs)
    await form.get_by_role("button", name=re.compile(submit)).click()
    await expect(form).to_be_hidden()


async def _done(page: Page, step: str) -> None:
    await expect(page.get_by_test_id(f"tour-{step}")).to_have_class("done")


async def _begins(kim: Page) -> Locator:
    """By what the strip types; the card, once the playbook has looked."""
    await expect(kim.get_by_test_id("tour-next")).to_contain_text("You are Kim")
    await kim.get_by_test_id("tour-do").click()
    await kim.keyboard.press("Enter")
    card = kim.locator("[data-ts]").filter(has_text="owns INV-").first
    card = kim.get_by_test_id("messages").locator(f"[data-ts='{await card.get_attribute('data-ts')}']")
    await _done(kim, "investigate")
    await expect(card).to_contain_text("U.S. West is fine.")
    return card


async def _by_the_bot(page: Page) -> int:
    """The bot's messages in the open thread; of those that follow each other only the first shows its author."""
    authors = await page.get_by_test_id("thread-messages").evaluate(
        """list => [...list.querySelectorAll("[data-testid=message]")].map(
            each => each.querySelector("[data-testid=author], .visually-hidden")?.textContent)"""
    )
    return sum(author == "Second Line" for author in authors)


async def _is_read_at_once(kim: Page) -> None:
    """With all that the bot looks up by itself, pictures too, the thread is two screens of a laptop."""
    thread = kim.get_by_test_id("thread-messages")
    await thread.get_by_role("button", name="Run Again").wait_for()
    await thread.get_by_role("button", name=re.compile("Confirm All")).wait_for()
    await kim.wait_for_function(
        """() => { const shown = [...document.querySelectorAll("[data-testid=thread-messages] figure img")]
            return shown.length >= 2 && shown.every(each => each.naturalHeight) }"""
    )
    assert await _by_the_bot(kim) == OPENING
    boxes = [await each.bounding_box() for each in await thread.get_by_test_id("message").all()]
    height = sum(box["height"] for box in boxes if box)
    assert kim.viewport_size and height <= SCREENS * kim.viewport_size["height"]


async def _confirms_and_probes(kim: Page, card: Locator) -> None:
    await card.get_by_test_id("reply-bar").click()
    await _is_read_at_once(kim)
    thread = kim.get_by_test_id("thread-messages")
    await thread.get_by_role("button", name=re.compile("Confirm All")).click()
    asks = kim.get_by_test_id("confirm-dialog")
    await expect(asks).to_contain_text(re.compile(r"Confirm all \d+\?"))
    await asks.get_by_role("button", name=re.compile(r"Confirm \d+")).click()
    await expect(card).to_contain_text("confirmed")
    await _done(kim, "tickets")
    await kim.get_by_test_id("tour-do").click()
    await expect(kim.get_by_test_id("thread-composer-input")).to_be_focused()
    await kim.keyboard.press("Enter")
    await _done(kim, "probe")


async def _is_one_screen(phone: Page, words: str) -> None:
    """A card with its picture and all of its buttons fits between the channel's name and the composer."""
    box = await phone.get_by_test_id("messages").locator("[data-ts]").filter(has_text=words).first.bounding_box()
    assert box and phone.viewport_size
    assert box["height"] < phone.viewport_size["height"] - 150


async def _escalates(kim: Page, card: Locator) -> Locator:
    """The form is whole but for the request; the post says who is asked when nobody answers."""
    await _choose(card, "^Escalate")
    await expect(kim.get_by_test_id("modal")).to_contain_text("5 of 6")
    await _form(kim, "Send", needed="Please call the transit provider.")
    post = kim.get_by_test_id("messages").locator("[data-ts]").filter(has_text="call the transit provider").first
    await expect(post).to_contain_text(re.compile(r"No answer → DM @lena .*, DM @raj .*, phone bridge"))
    return post


async def _nobody_answers(kim: Page, lena: Page, post: Locator) -> None:
    """By the strip time goes by, twice; Lena is asked alone, on a phone, and Raj acknowledges."""
    await _is_one_screen(lena, "Next:")
    for step, name in (("silence", "lena"), ("lena", "raj")):
        await expect(kim.get_by_test_id("tour-next")).to_have_attribute("data-step", step)
        await kim.get_by_test_id("tour-do").click()
        await _done(kim, step)
        await expect(post).to_contain_text(re.compile(rf"\bDM @{name} \d.*No answer →"))
    await lena.goto(re.sub("channel=.*", "channel=D0LENA", lena.url))
    await expect(lena.get_by_test_id("messages")).to_contain_text("nobody has answered yet")

    await kim.get_by_test_id("tour-do").click()
    await expect(kim.get_by_test_id("me")).to_contain_text("Raj")
    await kim.get_by_role("button", name="Acknowledge").click()
    await expect(lena.get_by_test_id("messages")).to_contain_text("Acknowledged by @raj")
    await _done(kim, "acknowledge")
    await kim.get_by_test_id("tour-do").click()
    await expect(post).to_contain_text("Acknowledged by @raj")
    await expect(post).not_to_contain_text("phone bridge")


async def test_a_morning_by_typing_and_pressing(pages: tuple[Page, Page]) -> None:
    """The README's: every step is ticked off on the page, and none needs anything beside it."""
    kim, lena = pages
    card = await _begins(kim)
    await _confirms_and_probes(kim, card)
    await _nobody_answers(kim, lena, await _escalates(kim, card))

    await card.get_by_test_id("reply-bar").click()
    await _choose(card, "Tier 3")
    await _form(kim, "Hand over|Send", reproduction="Connect to U.S. East, call somebody, wait a minute.")
    await kim.get_by_test_id("thread-messages").get_by_text(re.compile(r"app#\d+")).first.wait_for()
    await kim.get_by_test_id("tour-do").click()
    await expect(kim.get_by_test_id("me")).to_contain_text("Raj")
    await kim.get_by_role("button", name=re.compile("^Accept")).first.click()
    await _done(kim, "accept")

    await kim.get_by_test_id("tour-do").click()
    await expect(kim.get_by_test_id("me")).to_contain_text("Kim")
    await kim.get_by_test_id("world").click()
    await kim.get_by_role("menuitem", name=re.compile(r"Release the fix of app#\d+")).click()
    await expect(kim.get_by_test_id("notice")).to_contain_text("is out, with the fix of app#")
    await _done(kim, "release")

    await card.get_by_test_id("reply-bar").click()
    await kim.get_by_test_id("thread-composer-input").fill("@secondline probe ping us-west")
    await kim.keyboard.press("Enter")
    await kim.get_by_test_id("thread-messages").get_by_text("ping U.S. West ·").wait_for()
    await _choose(card, "^Resolve")
    await expect(kim.get_by_test_id("modal")).to_contain_text("Still failing")
    # The bot hears of the release in this very moment: until then the form asks whether to leave it with Tier 3.
    await expect(kim.get_by_test_id("modal")).not_to_contain_text("Tier 3")
    await _form(kim, "Resolve", root_cause="A transit link flapped", workaround="Use U.S. West")
    await expect(card).to_contain_text("A transit link flapped")
    await expect(kim.get_by_test_id("tour-finished")).to_be_visible()
    assert OPENING < await _by_the_bot(kim) <= MORNING

    await _an_hour_passes(kim)


async def _an_hour_passes(kim: Page) -> None:
    """By the menu: the bot is back with the later time, and goes on working."""
    await kim.get_by_test_id("world").click()
    await kim.get_by_role("menuitem", name="An hour passes").click()
    await expect(kim.get_by_test_id("notice")).to_contain_text("An hour has passed.")
    before = await kim.evaluate("Date.now() / 1000")
    await kim.get_by_test_id("composer-input").fill("/investigate us-west slow")
    await kim.get_by_test_id("composer-input").press("Enter")

    card = kim.get_by_test_id("messages").locator("[data-ts]").filter(has_text="owns INV-2").first
    assert float(await card.get_attribute("data-ts") or 0) > before + 3000
