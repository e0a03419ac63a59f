"""A website in trouble: what the customers see is in the thread."""

import pytest

from tests.needs import needs_chromium
from tests.stories.town import OpenTown

pytestmark = [pytest.mark.story, pytest.mark.browser]


async def test_the_playbook_of_a_website_ends_with_a_picture(town: OpenTown) -> None:
    """HTTP, DNS and TLS first; then the page, and its picture with words for whoever does not see it."""
    needs_chromium()
    async with town() as there:
        kim = there.kim
        await kim.types("#t2-tech", "/investigate website blank page")
        card = await kim.sees("#t2-tech", "Website")
        playbook = await kim.sees(card, "*Playbook for Website*")
        playbook = await kim.sees_change(playbook, lambda now: 'shows "Harbor VPN" (200)' in now.text)
        shown = await kim.sees_change(playbook, lambda now: [b for b in now.raw["blocks"] if b["type"] == "image"])

        steps = [line.split("*")[1] for line in playbook.text.splitlines()[1:] if line.count("*") == 2]
        assert steps[:4] == ["http", "dns", "tls", "page"]
        (picture,) = [block for block in shown.raw["blocks"] if block["type"] == "image"]
        assert 'shows "Harbor VPN" (200)' in picture["alt_text"]
