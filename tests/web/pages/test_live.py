"""What an open page hears, and who hears it."""

import asyncio
import contextlib
import json
import logging
import re
from collections.abc import Sequence

import aiohttp
import pytest

from bot.logins.model import PEOPLE, Role
from bot.people import Group
from bot.web.pages.page import Page, PageRequest, PageRoute
from bot.web.pages.tracker_copy import CopyPreview
from tests.eventually import eventually
from tests.web.pages.front import Served, Words, served

KIM = "UKIM"


async def beat(stream: aiohttp.ClientResponse) -> tuple[str, str]:
    """The next event, and of which digest it is."""
    name, digest, _ = await heard(stream)
    return name, digest


async def heard(stream: aiohttp.ClientResponse) -> tuple[str, str, str]:
    """The next event, of which digest it is, and its data."""
    told: dict[str, str] = {}
    async with asyncio.timeout(10):
        while "data" not in told:
            key, _, value = (await stream.content.readline()).decode().strip().partition(": ")
            told[key] = value
    return told["event"], told.get("id", told["data"]), told["data"]


async def changed(there: Served, text: str) -> None:
    there.front.text = text
    there.door.database.run("UPDATE sessions SET name = name")
    await there.live.look()


def shown(digest: str) -> dict[str, str]:
    """What a browser asks that shows the board of this digest."""
    return {"path": "/board", "digest": digest}


async def digest_of(session: aiohttp.ClientSession, path: str = "/board") -> str:
    async with session.get(path) as page:
        digests: list[str] = re.findall(r'data-digest="(\w+)"', await page.text())
        return digests[0]


async def test_an_open_page_is_sent_what_it_shows_once_it_differs() -> None:
    async with served() as there, there.browser(KIM) as session:
        async with session.get("/live", params=shown(await digest_of(session))) as stream:
            first = await heard(stream)
            await changed(there, "hello")
            await changed(there, "other <words>")
            second = await heard(stream)
        async with session.get("/board") as page:
            text = await page.text()
    sent = json.loads(second[2])
    assert (first[0], second[0]) == ("beat", "page") and first[1] != second[1]
    assert f'data-digest="{second[1]}"' in text and sent["main"] in text and "other &lt;words&gt;" in sent["main"]
    assert f"<title>{sent['title']}</title>" in text


async def test_who_comes_back_is_sent_what_they_have_missed() -> None:
    """After a lost network a browser says what it heard last, after a restart what it was loaded with."""
    async with served() as there, there.browser(KIM) as session:
        old = await digest_of(session)
        await changed(there, "missed")
        async with session.get("/live", params=shown(old)) as stream:
            sent = await heard(stream)
        assert sent[0] == "page" and "missed" in sent[2]
        again = {"Last-Event-ID": sent[1]}
        async with session.get("/live", params=shown(old), headers=again) as stream:
            assert await beat(stream) == ("beat", sent[1])


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_what_is_sent_is_the_same_packed_or_not(encoding: str) -> None:
    """Compressed once, it goes on in every stream."""
    async with served() as there, there.browser(KIM) as session:
        params, headers = shown(await digest_of(session)), {"Accept-Encoding": encoding}
        async with session.get("/live", params=params, headers=headers) as stream:
            assert (stream.headers.get("Content-Encoding") == "gzip") == (encoding == "gzip")
            await heard(stream)
            for text in ("one", "two" * 20_000, "three"):
                await changed(there, text)
                assert text in (await heard(stream))[2]


async def test_a_page_is_sent_to_nobody_who_may_not_see_it_any_more() -> None:
    """Who has left, and who signed out elsewhere: the stream ends without a word of what changed."""
    async with served() as there, there.browser(KIM) as kim, there.browser("UJO") as jo:
        digest = await digest_of(kim)
        async with kim.get("/live", params=shown(digest)) as one, jo.get("/live", params=shown(digest)) as two:
            await beat(one), await beat(two)
            there.door.service.end_all(KIM)
            there.door.people.nobodies = frozenset({"UJO"})
            await changed(there, "secret")
            for stream in (one, two):
                rest = await asyncio.wait_for(stream.content.read(), 10)
                assert b"event: over" in rest and b"secret" not in rest


async def test_who_is_no_longer_of_tier_2_is_sent_nothing_made_for_tier_2() -> None:
    """A page that both may see shows each something else: whoever becomes another loads their own."""
    words = ["customers' words"]
    async with served(routes=[of_two_kinds(words)]) as there, there.browser(KIM) as kim:
        digest = await digest_of(kim, "/kinds")
        async with kim.get("/live", params={"path": "/kinds", "digest": digest}) as stream:
            await beat(stream)
            there.door.people.tier2.pop(KIM)
            there.door.people.groups["tier1"] = Group(users=frozenset({KIM}))
            words.append("more of customers' words")
            await changed(there, "")
            rest = await asyncio.wait_for(stream.content.read(), 10)
    assert b"event: over" in rest and b"customers" not in rest


def of_two_kinds(words: Sequence[str]) -> PageRoute:
    async def show(asked: PageRequest) -> Page:
        return Page("failed.html", "Kinds", Words(words[-1] if asked.visitor.tier2 else str(len(words))))

    return PageRoute("/kinds", show, live=True, same_for=frozenset((Role.TIER2,)))


async def test_a_form_of_ones_own_is_asked_for_and_sent_to_nobody_else() -> None:
    async def show(asked: PageRequest) -> Page:
        return Page("tracker_copy.html", "Form", CopyPreview(1, "INV-1", (), "All of it.", "The story"))

    form = PageRoute("/form", show, live=True, same_for=PEOPLE)
    asked = {"path": "/form", "digest": "old"}
    async with (
        served(routes=[form]) as there,
        there.browser(KIM) as kim,
        kim.get("/live", params=asked) as stream,
    ):
        sent = await heard(stream)
    assert sent[0] == "page" and json.loads(sent[2]) == {}


async def test_pages_that_many_have_open_are_made_once() -> None:
    async with served() as there, there.browser(KIM) as kim, there.browser("UJO") as jo:
        params = {"path": "/board"}
        async with kim.get("/live", params=params) as one, jo.get("/live", params=params) as two:
            await beat(one), await beat(two)
            assert len(there.live._watched) == 1
            await changed(there, "new")
            assert (await beat(one))[1] == (await beat(two))[1]


async def test_a_page_that_was_closed_is_no_trouble(caplog: pytest.LogCaptureFixture) -> None:
    async with served() as there:
        async with there.browser(KIM) as session:
            for _ in range(3):
                stream = await session.get("/live", params={"path": "/board"})
                await beat(stream)
                stream.close()
        # Their connections are gone; of the words that follow the first may still be taken.
        async with there.browser("UJO") as session, session.get("/live", params={"path": "/board"}) as stream:
            await beat(stream)
            for text in ("one", "two", "three"):
                await changed(there, text)
                await beat(stream)
            await eventually(lambda: there.pages.connections == 1)

    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("path", ["/money", "/people", "/nothing", "", "//evil.example", "/login"])
async def test_nobody_hears_of_a_page_that_they_may_not_see_or_that_stands_still(path: str) -> None:
    async with (
        served() as there,
        there.browser(KIM) as session,
        session.get("/live", params={"path": path}) as stream,
    ):
        assert stream.status in (204, 404) and await stream.read() == b""


async def test_closing_the_server_ends_what_is_open() -> None:
    async with (
        served() as there,
        there.browser(KIM) as session,
        session.get("/live", params={"path": "/board"}) as stream,
    ):
        await beat(stream)
        assert there.pages.connections == 1 and there.server.connections == 0
        await there.server.close()
        with contextlib.suppress(aiohttp.ClientPayloadError):
            assert await stream.content.read() == b""
