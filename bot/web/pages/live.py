"""Open pages hear that they show something old: the page is made anew when the database changed, once for all who see
the same, and only where it differs is anybody told.
"""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from aiohttp import web

from bot.errors import SecondLineError
from bot.tasks import others_first, turned
from bot.web.pages.made import ANYHOW_S, Key, MadePage, MadePages, Version, key_of
from bot.web.pages.page import PageRequest, PageRoute

logger = logging.getLogger(__name__)

LOOK_S = 1.0
BEAT_S = 10.0
"""How often an open page hears that the connection is alive, and whether its reader may still see it."""

Still = Callable[[], Awaitable[bool]]


@dataclass(eq=False, slots=True)
class _Watched:
    """One page as all of some see it, and the streams of those who have it open."""

    route: PageRoute
    asked: PageRequest
    digest: str = ""
    streams: set[asyncio.Event] = field(default_factory=set)


class Live:
    """`run` looks once a second, while anybody has a page open."""

    def __init__(self, *, version: Version) -> None:
        self._version = version
        self.made = MadePages(version=version)
        self._watched: dict[Key, _Watched] = {}
        self._seen = -1
        self._looked_at_s = 0.0

    async def run(self) -> None:
        """Without end."""
        while True:
            await asyncio.sleep(LOOK_S)
            turned()
            await self.look()

    async def look(self) -> None:
        """Make the open pages anew where they may show something else now."""
        now_s, version = asyncio.get_running_loop().time(), self._version()
        self.made.forget()
        if not self._watched or (version == self._seen and now_s - self._looked_at_s < ANYHOW_S):
            return
        self._seen, self._looked_at_s = version, now_s
        for watched in list(self._watched.values()):
            digest = await self._digest(watched.route, watched.asked)
            if digest != watched.digest:
                watched.digest = digest
                await _tell(list(watched.streams))
            await others_first()

    async def stream(
        self, request: web.Request, route: PageRoute, asked: PageRequest, *, still: Still
    ) -> web.StreamResponse:
        """An event stream (https://html.spec.whatwg.org/multipage/server-sent-events.html) until its reader goes, or
        may not see the page any more."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request)
        key = key_of(route, asked)
        if key not in self._watched:
            digest = await self._digest(route, asked)
            self._watched.setdefault(key, _Watched(route, asked, digest))
        watched = self._watched[key]
        changed = asyncio.Event()
        watched.streams.add(changed)
        try:
            # Whoever closes a page says nothing before: the next word finds nobody.
            with contextlib.suppress(ConnectionResetError):
                await _told(response, changed, watched, still)
        finally:
            watched.streams.discard(changed)
            if not watched.streams:
                self._watched.pop(key, None)
        return response

    async def _digest(self, route: PageRoute, asked: PageRequest) -> str:
        """Of what the page shows; that it can't be shown is a content too."""
        try:
            shown = await self.made.anew(route, asked)
        except SecondLineError as error:
            return hashlib.sha256(error.sentence.encode("utf-8", "replace")).hexdigest()[:16]
        return shown.digest if isinstance(shown, MadePage) else ""


async def _tell(streams: Sequence[asyncio.Event]) -> None:
    """One after the other, with a moment for others in between: everybody asks for the page at once."""
    for stream in streams:
        stream.set()
        await others_first()


async def _told(response: web.StreamResponse, changed: asyncio.Event, watched: _Watched, still: Still) -> None:
    await response.write(f"retry: 2000\nevent: page\ndata: {watched.digest}\n\n".encode())
    while await still():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BEAT_S):
                await changed.wait()
        event = "page" if changed.is_set() else "beat"
        changed.clear()
        await response.write(f"event: {event}\ndata: {watched.digest}\n\n".encode())
    await response.write(b"event: over\ndata: -\n\n")
