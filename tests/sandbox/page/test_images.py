"""Pictures that blocks show, on the page: as wide as the message, readable on a phone, light and dark."""

from io import BytesIO

import aiohttp
import pytest
from PIL import Image
from playwright.async_api import expect

from tests.eventually import eventually
from tests.sandbox.page.conftest import DESKTOP, PHONE, Desk
from tests.sandbox.page.gestures import TECH

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ALT = "Tickets an hour: 30 in the last hour, usually none to 2"


async def posted(desk: Desk) -> None:
    """A message with a picture that is shared nowhere, twice as high as a file's preview."""
    png = BytesIO()
    Image.new("RGB", (720, 1400), "#FBFBF9").save(png, "PNG")
    client, content = desk.bot.client, png.getvalue()
    reserved = await client.files_getUploadURLExternal(filename="tickets.png", length=len(content))
    async with aiohttp.ClientSession() as session, session.post(str(reserved["upload_url"]), data=content):
        pass
    file_id = str(reserved["file_id"])
    await client.files_completeUploadExternal(files=[{"id": file_id, "title": "Tickets"}])
    await eventually(lambda: desk.sandbox.site.files.files[file_id].processed)
    block = {"type": "image", "alt_text": ALT, "slack_file": {"id": file_id}}
    await client.chat_postMessage(channel=TECH, text="a card with a picture", blocks=[block])


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_a_picture_is_as_wide_as_the_message(desk: Desk, size: tuple[int, int], theme: str) -> None:
    await posted(desk)
    page = await desk.open(size=size)
    await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    shown = page.get_by_test_id("messages").get_by_role("img", name=ALT).last

    await shown.scroll_into_view_if_needed()
    await expect(shown).to_have_js_property("naturalWidth", 720)
    box = await shown.bounding_box()
    assert box and box["width"] >= (300 if size == PHONE else 480) and box["height"] > 1.9 * box["width"]
    assert await page.evaluate("document.documentElement.scrollWidth") <= size[0]
