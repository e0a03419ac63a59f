"""The bot's real pages behind the real server: no route answers a stranger, and hostile words are inert in each."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from html.parser import HTMLParser

from bot.app.exports import build_stories
from bot.app.pages import page_routes
from bot.investigations.model import SourceMessage
from bot.web.pages.page import PageRoute
from tests.fake_desk import FakeDesk
from tests.fake_tracker import issue
from tests.web.pages.front import Served, served
from tests.world import US_EAST, World

OPEN_TO_ALL = {"/", "/login", "/login/back", "/logout", "/static/{name}", "/screen/{secret}"}
EVIL = (
    "</script></title></pre>\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
    "<a href='javascript:alert(1)'>{{7*7}}"
)
FILES = ("application/json", "text/markdown", "text/csv", "image/png", "image/svg+xml")
LONG = EVIL + "w" * 100_000


class Markup(HTMLParser):
    """What of a page could run, or lead somewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        inline = tag == "script" and not (named.get("src") or "").startswith("/static/")
        targets = [(named.get(name) or "").lower().lstrip() for name in ("href", "src", "action")]
        led = any(target.startswith("javascript:") for target in targets)
        pictures = tag == "img" and not (named.get("src") or "").startswith("/")
        if inline or led or pictures or any(name.startswith("on") for name in named):
            self.found.append(self.get_starttag_text() or tag)


@asynccontextmanager
async def real(world: World) -> AsyncIterator[tuple[Served, list[PageRoute]]]:
    stories = build_stories(world.rooms, zone=UTC, workspace_url="https://harbor.slack.com/")
    routes = page_routes(world.rooms, stories, UTC)
    async with served(routes=routes, own=False) as there:
        yield there, routes


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


async def hostile() -> World:
    """Everything that comes from outside says the same."""
    desk = FakeDesk()
    desk.put(7, 8, subject=LONG)
    world = World(desk=desk)
    symptom, workaround = f"{EVIL} on Android", EVIL
    made = issue(31, EVIL, symptom=symptom, workaround=workaround, url="javascript:alert(1)", fix_version=EVIL)
    world.known.intake.applied("app", world.tracker.put(made), cursor="1")
    source = SourceMessage("C0", "1.0", "UTOM", EVIL, "javascript:alert(1)")
    await world.opened(US_EAST, symptom=EVIL, source=source)
    await world.evidence.add_tickets(1, [7, 8], by="UKIM")
    world.evidence.note(1, EVIL, by="UKIM")
    await world.knowledge.use(1, 1, by="UKIM")
    world.probe_kinds["ping"].report = LONG
    world.probe_kinds["ping"].lost[US_EAST.title] = 5
    await world.probed()
    await world.investigations.resolve(1, root_cause=EVIL, workaround=EVIL, by="UKIM")
    await world.opened(US_EAST, symptom=EVIL)
    return world


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
