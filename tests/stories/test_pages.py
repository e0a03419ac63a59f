"""People sign in to the bot's pages with Slack, and an open page hears of what changes."""

import asyncio
import json

import aiohttp
import pytest

from tests.stories.chat import WITHIN_S
from tests.stories.pages import browser, with_pages
from tests.stories.steps import opened
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story


async def test_kim_signs_in_and_sees_what_is_open(town: OpenTown) -> None:
    """A stranger is sent to Slack; whoever signs in comes back to the page that they asked for."""
    async with town(start=False) as there:
        port = await with_pages(there)
        await opened(there)
        async with browser(there, port) as kim:
            status, _ = await kim.get("/board")
            assert status == 303
            assert await kim.get("/board.json") == (
                401,
                '{"error": "Sign in, or send a personal token: Authorization: Bearer \\u2026"}',
            )
            status, page = await kim.signs_in("U0KIM", back="/board")
            assert status == 200 and "U.S. East" in page and "packet loss" in page


async def test_an_open_board_hears_of_a_new_investigation(town: OpenTown) -> None:
    async with town(start=False) as there:
        port = await with_pages(there)
        async with browser(there, port) as kim:
            await kim.signs_in("U0KIM")
            async with kim.session.get(f"{kim.home}/live", params={"path": "/board"}) as stream:
                assert stream.status == 200 and stream.content_type == "text/event-stream"
                first = await event(stream)
                await opened(there)
                second = await event(stream)
    assert first["id"] != second["id"] and "U.S. East" in json.loads(second["data"])["main"]


async def event(stream: aiohttp.ClientResponse) -> dict[str, str]:
    """The next one that is no beat."""
    told: dict[str, str] = {}
    async with asyncio.timeout(WITHIN_S):
        while told.get("event") != "page" or "data" not in told:
            line = (await stream.content.readline()).decode().strip()
            key, _, value = line.partition(": ")
            told = told | {key: value} if line else {}
    return told
