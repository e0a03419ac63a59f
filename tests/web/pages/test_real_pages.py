"""The bot's real pages behind the real server: no route answers a stranger, and hostile words are inert in each."""

import json
import re
from contextlib import AsyncExitStack
from html.parser import HTMLParser

import aiohttp
import pytest

from bot.escalations.model import EscalationDraft
from bot.investigations.model import SourceMessage
from tests.fake_tracker import issue
from tests.web.pages.real_pages import EVIL, Turning, hostile, real
from tests.web.pages.test_live import digest_of, heard
from tests.world import APP, US_EAST, World

OPEN_TO_ALL = {"/", "/login", "/login/back", "/logout", "/static/{name}", "/screen/{secret}"}
FILES = ("application/json", "text/markdown", "text/csv", "image/png", "image/svg+xml")


class Markup(HTMLParser):
    """What of a page could run, or lead somewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        inline = tag == "script" and not (named.get("src") or "").startswith("/static/")
        targets = [(named.get(name) or "").lower().lstrip() for name in ("href", "src", "action")]
        led = any(target.startswith("javascript:") for target in targets)
        pictures = tag == "img" and not (named.get("src") or "").startswith("/")
        if inline or led or pictures or any(name.startswith("on") for name in named):
            self.found.append(self.get_starttag_text() or tag)


async def test_no_real_route_answers_a_stranger() -> None:
    """All that the router of the running server has: pages, their JSON, files, pictures, forms and the stream."""
    world = World()
    await world.opened(US_EAST)
    async with real(world) as (there, routes), there.browser() as session:
        app = there.pages._runner.app
        resources = {resource.canonical for resource in app.router.resources()}
        assert {route.path for route in routes} < resources and resources > OPEN_TO_ALL
        for path in sorted(resources - OPEN_TO_ALL):
            filled = re.sub(r"{\w+}", "1", path)
            for method in ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"):
                async with session.request(method, filled, allow_redirects=False) as answer:
                    assert answer.status in (303, 401, 405), (method, path, answer.status)
                    assert "U.S. East" not in await answer.text(), (method, path)


ALL, PEOPLE, READERS, TIER2 = "kim lena tom screen", "kim lena tom", "kim lena", "kim"
MAY = {
    "/board": ALL,
    "/tell": PEOPLE,
    "/known": PEOPLE,
    "/known/1": PEOPLE,
    "/investigations": TIER2,
    "/numbers": READERS,
    "/numbers/cases.csv": READERS,
    "/numbers/tickets.svg": READERS,
    "/investigations/1": "kim tom",
    "/investigations/1/export": "kim tom",
    "/investigations/1/pictures/timeline": "kim tom",
    "/investigations/1/tracker": TIER2,
    "/investigations/2": READERS,
    "/investigations/2/export": READERS,
    "/investigations/2/pictures/timeline": READERS,
    "/investigations/2/tracker": TIER2,
}
"""Who is answered what: the first investigation came from a message of Tom's, the second was escalated."""
WHO = {"kim": "UKIM", "lena": "ULENA", "tom": "UTOM"}


async def two_investigations() -> World:
    world = World()
    await world.opened(US_EAST, source=SourceMessage("C0", "1.0", "UTOM", "tickets about us-east"))
    await world.opened(APP, symptom="Secret of the app")
    world.known.intake.applied("app", world.tracker.put(issue(31, "Login spins")), cursor="1")
    for number in (1, 2):
        await world.knowledge.use(number, 1, by="UKIM")
    await world.escalations.escalate(2, EscalationDraft("Loss", "", "All", "Waiting", "Call them"), by="UKIM")
    world.clock.advance(60)
    await world.investigations.resolve(1, root_cause="A router", workaround="", by="UKIM")
    return world


@pytest.mark.parametrize("who", ["kim", "lena", "tom", "screen"])
async def test_every_route_against_every_kind_of_person(who: str) -> None:
    """As a page, as JSON, and as what an open page is sent: whoever is refused hears none of it."""
    async with real(await two_investigations()) as (there, routes), there.browser(WHO.get(who, "")) as session:
        if who == "screen":
            secret = await there.door.service.make_screen("kitchen", by="UKIM")
            session.cookie_jar.update_cookies({"secondline": secret})
        patterns = {re.sub(r"{\w+}", r"[\\w-]+", route.path): route for route in routes if route.method == "GET"}
        tried = [(path, next(each for each in patterns if re.fullmatch(each, path))) for path in MAY]
        assert {pattern for _, pattern in tried} == set(patterns), "a route that is not in the table"
        for path, pattern in tried:
            may = who in MAY[path].split()
            for address in (path, f"{path}.json"):
                async with session.get(address, allow_redirects=False) as answer:
                    text = await answer.text(errors="replace")
                refused = address.endswith(".json") and answer.status in (400, 404)  # of files
                assert answer.status == (200 if may else 403) or refused, (address, answer.status)
                assert may or "Secret" not in text, address
            if patterns[pattern].live:
                async with session.get("/live", params={"path": path, "digest": "x"}) as stream:
                    sent = (await heard(stream))[2] if stream.status == 200 else ""
                assert may or not json.loads(sent or "{}"), path
                assert not may or stream.status == 200, path


async def test_every_page_is_json_too() -> None:
    """With the numbers in their addresses; what is no page has none."""
    world = World()
    made = issue(31, "Login spins", symptom="It spins.", workaround="Wait.")
    world.known.intake.applied("app", world.tracker.put(made), cursor="1")
    await world.opened(US_EAST)
    await world.knowledge.use(1, 1, by="UKIM")
    pages = list[str]()
    async with real(world) as (there, routes), there.browser("UKIM") as session:
        for path in (re.sub(r"{\w+}", "1", route.path) for route in routes if route.method == "GET"):
            async with session.get(path) as answer:
                shown = answer.status == 200 and answer.content_type == "text/html"
            async with session.get(f"{path}.json") as answer:
                if shown:
                    pages.append(path)
                    assert (answer.status, "error" in await answer.json()) == (200, False), path

    assert {"/board", "/investigations/1", "/known/1", "/investigations/1/tracker", "/numbers"} <= set(pages)


async def test_hostile_words_are_inert_in_each_page() -> None:
    """As a page, as JSON and as a file to keep; those with 100,000 characters too."""
    world = await hostile()
    async with real(world) as (there, routes), there.browser("UKIM") as session:
        for route in routes:
            if route.method != "GET":
                continue
            path = re.sub(r"{\w+}", "1", route.path)
            for address in (path, f"{path}?q=<script>alert(1)</script>", f"{path}.json"):
                async with session.get(address, allow_redirects=False) as answer:
                    text = await answer.text(errors="replace")
                    assert answer.status < 500, (address, text[:300])
                    if answer.content_type == "text/html":
                        page = Markup()
                        page.feed(text)
                        assert page.found == [], (address, page.found)
                        assert "49" not in re.findall(r"{{7\*7}}|\b49\b", text), address
                    else:
                        assert answer.content_type in FILES
                        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_hostile_words_that_come_while_a_page_is_open_are_inert_in_each() -> None:
    """Each page that is live, by its stream: of these and no others is one sent what it shows."""
    turning = Turning()
    await turning.open()
    async with real(turning.world) as (there, routes), there.browser("UKIM") as session, AsyncExitStack() as opened:
        paths = [re.sub(r"{\w+}", "1", route.path) for route in routes if route.live]
        assert {"/board", "/tell", "/investigations", "/investigations/1", "/known/1"} <= set(paths)
        streams = dict[str, aiohttp.ClientResponse]()
        for path in paths:
            asked = {"path": path, "digest": await digest_of(session, path)}
            streams[path] = await opened.enter_async_context(session.get("/live", params=asked, read_bufsize=2**24))
            assert (await heard(streams[path]))[0] == "beat"
        await turning.hostile()
        await there.live.look()
        for path, stream in streams.items():
            name, _, data = await heard(stream)
            sent, page = json.loads(data), Markup()
            page.feed(sent["main"])
            assert (name, page.found) == ("page", []), path
            assert "window.pwned" in page.text and EVIL not in sent["main"], path
            async with session.get(f"{path}.json") as answer:
                assert "window.pwned" in await answer.text(), path
