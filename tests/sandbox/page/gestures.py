"""What a person does and looks for on the page."""

from playwright.async_api import Locator, Page

TECH, TIER1 = "C0T2TECH", "C0TIER1"


def message(page: Page, words: str) -> Locator:
    """The message of the channel that holds these words."""
    return page.get_by_test_id("messages").get_by_test_id("message").filter(has_text=words).last


async def say(page: Page, text: str) -> None:
    await page.get_by_test_id("composer-input").fill(text)
    await page.get_by_test_id("composer-input").press("Enter")
