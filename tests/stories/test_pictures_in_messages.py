"""Pictures where the words are: on the card, and at the head of the timeline."""

from typing import Any

import pytest

from tests.stories.chat import Seen
from tests.stories.steps import opened, resolved
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story


def pictures(message: Seen) -> list[dict[str, Any]]:
    return [block for block in message.raw["blocks"] if block["type"] == "image"]


async def test_the_card_shows_the_tickets_and_the_timeline_a_strip(town: OpenTown) -> None:
    """Both are files of the workspace that nobody was shown otherwise, and say in words what they show."""
    async with town() as there:
        card = await there.kim.sees_change(await opened(there), pictures)
        (shown,) = pictures(card)
        file = there.slack.site.files.files[shown["slack_file"]["id"]]
        assert shown["alt_text"].startswith("Tickets an hour over the last 24 h:")
        assert (file.shares, file.alt_text) == ([], shown["alt_text"])

        await resolved(there, card)
        await there.kim.types(card, "@secondline timeline")
        answer = await there.kim.sees(card, "INV-1: timeline")
        assert "opened, resolved after" in pictures(answer)[0]["alt_text"]
