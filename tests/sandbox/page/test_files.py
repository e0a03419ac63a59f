"""Files that people send from the page, by the button and by dropping them."""

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.sandbox.page.conftest import Desk
from tests.sandbox.page.gestures import message, say

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LOG = FilePayload(name="client.log", mimeType="text/plain", buffer=b"09:12:01 handshake did not complete\n")
DROP = """(zone) => {
  const files = new DataTransfer();
  files.items.add(new File(["09:13 reconnecting\\n"], "dropped.log", { type: "text/plain" }));
  for (const kind of ["dragover", "drop"]) {
    zone.dispatchEvent(new DragEvent(kind, { dataTransfer: files, bubbles: true, cancelable: true }));
  }
}"""


async def attach(page: Page, *files: FilePayload) -> None:
    await page.get_by_test_id("attach-input").set_input_files(list(files))


async def test_a_file_goes_with_what_is_said(desk: Desk) -> None:
    """The message has the text and the file, and a second one that was taken back is not sent."""
    page = await desk.open()
    await attach(page, LOG, FilePayload(name="wrong.log", mimeType="text/plain", buffer=b"x"))
    await page.get_by_role("button", name="Remove wrong.log").click()
    await say(page, "what the customer sent")

    sent = message(page, "what the customer sent")
    await expect(sent.get_by_test_id("file")).to_have_count(1)
    await expect(sent.get_by_test_id("file-text")).to_contain_text("handshake did not complete")
    await expect(page.get_by_test_id("attached-file")).to_have_count(0)


async def test_a_file_that_is_dropped_is_sent_without_words(desk: Desk) -> None:
    """Into a thread, where it was dropped; the button sends it."""
    page = await desk.open()
    await message(page, "early shift").get_by_test_id("reply-bar").click()
    await page.get_by_test_id("thread-pane").evaluate(DROP)
    await expect(page.get_by_test_id("thread-attached")).to_contain_text("dropped.log")
    await page.get_by_test_id("thread-composer-send").click()

    sent = page.get_by_test_id("thread-messages").get_by_test_id("message").last
    await expect(sent.get_by_test_id("file-text")).to_contain_text("reconnecting")
