"""Pages of a test's own behind the real server: one for each kind of person, and forms."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC

import aiohttp

from bot.errors import BadInput, NotFound
from bot.logins.model import EVERYBODY, PEOPLE, Role
from bot.web.page_server import PageServer
from bot.web.pages.live import Live
from bot.web.pages.made import Version
from bot.web.pages.page import GoTo, Page, PageRequest, PageRoute
from bot.web.pages.site import Site
from bot.web.server import WebServer
from tests.logins.door import Door


@dataclass(frozen=True)
class Words:
    text: str


class Front:
    """`text` is what all pages show."""

    def __init__(self) -> None:
        self.text = "hello"
        self.forms: list[dict[str, str]] = []

    async def show(self, asked: PageRequest) -> Page:
        if self.text == "missing":
            raise NotFound("There is no such thing. Look at the board.")
        if self.text == "broken":
            raise RuntimeError("a mistake of ours")
        return Page("failed.html", "Board", Words(self.text))

    async def send(self, asked: PageRequest) -> GoTo:
        if asked.form.get("text") == "bad":
            raise BadInput("That is not possible.")
        self.forms.append(dict(asked.form))
        return GoTo("/board")

    def routes(self) -> list[PageRoute]:
        return [
            PageRoute("/board", self.show, roles=EVERYBODY, live=True, same_for=EVERYBODY, menu="Board"),
            PageRoute("/people", self.show, roles=PEOPLE, menu="People"),
            PageRoute("/things/{number}", self.show, roles=frozenset((Role.TIER2,)), menu="", live=True),
            PageRoute("/money", self.show, roles=frozenset((Role.MANAGEMENT,)), menu="Money"),
            PageRoute("/things", self.send, roles=frozenset((Role.TIER2,)), method="POST"),
        ]


@dataclass
class Served:
    door: Door
    front: Front
    live: Live
    server: WebServer
    pages: PageServer
    url: str

    @asynccontextmanager
    async def browser(self, user: str = "") -> AsyncIterator[aiohttp.ClientSession]:
        """Somebody's, signed in; a stranger's where it is nobody."""
        async with aiohttp.ClientSession(self.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            if user:
                session.cookie_jar.update_cookies({"secondline": await self.door.signed_in(user)})
            yield session


@asynccontextmanager
async def served(
    *,
    public_url: str = "http://127.0.0.1",
    routes: Sequence[PageRoute] = (),
    own: bool = True,
    version: Version | None = None,
) -> AsyncIterator[Served]:
    """With the front's own pages, unless there shall be others in their place, which change with their `version`."""
    door, front = Door(), Front()
    live = Live(version=version or (lambda: door.database.changes))
    site = Site(
        routes=[*(front.routes() if own else ()), *routes],
        logins=door.service,
        live=live,
        public_url=public_url,
        zone=UTC,
        clock=door.clock,
    )
    pages = PageServer(site.application(), base_path=site.url(""))

    async def connected() -> bool:
        return True

    server = WebServer(host="127.0.0.1", port=0, routes=[], connected=connected, pages=pages)
    await server.start()
    try:
        yield Served(door, front, live, server, pages, f"http://127.0.0.1:{server.port}")
    finally:
        await server.close()
