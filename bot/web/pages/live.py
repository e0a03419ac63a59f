"""Open pages are shown what changed: where the database did, a page is made anew, once for all who see the same, and
where it differs all of them are sent it.
"""

import asyncio
import contextlib
import hashlib
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from aiohttp import web

from bot.errors import SecondLineError
from bot.logins.model import Visitor
from bot.tasks import others_first, turned
from bot.web.pages.event import GZIP_HEAD, LiveEvent, event, page_event
from bot.web.pages.made import ANYHOW_S, Key, MadePage, MadePages, Version, key_of
from bot.web.pages.page import PageRequest, PageRoute

logger = logging.getLogger(__name__)

LOOK_S = 0.25
"""Pages are made anew no sooner after one another."""
REST = 3
"""So many times as long as it took to make them nothing is made: a busy bot is busy with other things."""
LONGEST_REST_S = 1.0
BEAT_S = 10.0
"""How often an open page hears that the connection is alive, and whether its reader may still see it."""
BEAT_LEAST = 0.4
"""The share of it after which somebody may hear it already: what all were sent together they don't hear together."""
STUCK_S = 30.0
"""Who takes nothing in for so long is gone, or never was."""
TOLD_AT_ONCE = 8
"""So many streams are told of a change before others have the loop for a moment."""
RETRY_MS = 2_000

Still = Callable[[], Awaitable[Visitor | None]]
"""Who reads the stream, as what they are now; None for who may not see the page any more."""
Content = Callable[[MadePage, Visitor], Awaitable[LiveEvent]]
"""A page as the event that a reader of it is sent."""


@dataclass(eq=False, slots=True)
class _Watched:
    """One page as all of some see it, and the streams of those who have it open."""

    key: Key
    route: PageRoute
    asked: PageRequest
    digest: str = ""
    made: MadePage | None = None
    """None where it can't be shown now."""
    streams: set[asyncio.Event] = field(default_factory=set)

    def is_for(self, visitor: Visitor) -> bool:
        """Whether somebody would be shown this one."""
        return key_of(self.route, replace(self.asked, visitor=visitor)) == self.key


class Live:
    """`run` looks a few times a second, while anybody has a page open."""

    def __init__(self, *, version: Version) -> None:
        self._version = version
        self.made = MadePages(version=version)
        self._watched: dict[Key, _Watched] = {}
        self._seen = -1
        self._looked_at_s = 0.0

    async def run(self) -> None:
        """Without end."""
        clock = asyncio.get_running_loop().time
        while True:
            began_s = clock()
            await self.look()
            turned()
            await asyncio.sleep(max(LOOK_S, min(REST * (clock() - began_s), LONGEST_REST_S)))

    async def look(self) -> None:
        """Make the open pages anew where they may show something else now, those first that most have open; and before
        them those that were shown although they are old.
        """
        now_s, version = asyncio.get_running_loop().time(), self._version()
        self.made.forget()
        for route, asked in self.made.take_wanted():
            with contextlib.suppress(SecondLineError):
                await self.made.latest(route, asked)
        if not self._watched or (version == self._seen and now_s - self._looked_at_s < ANYHOW_S):
            return
        self._seen, self._looked_at_s = version, now_s
        for watched in sorted(self._watched.values(), key=lambda each: -len(each.streams)):
            if await self._changed(watched):
                await _tell(list(watched.streams))
            await others_first()

    async def stream(
        self, request: web.Request, route: PageRoute, asked: PageRequest, *, still: Still, content: Content
    ) -> web.StreamResponse:
        """An event stream until its reader goes, takes nothing in, or may not see the page any more."""
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers | ({"Content-Encoding": "gzip"} if packed else {}))
        with contextlib.suppress(ConnectionResetError):
            await response.prepare(request)
        if not response.prepared:
            return response  # the page was closed before it began
        watched = await self._watch(route, asked)
        changed = asyncio.Event()
        watched.streams.add(changed)
        has = request.headers.get("Last-Event-ID") or request.query.get("digest", "")
        try:
            # Whoever closes a page says nothing before: the next word finds nobody.
            with contextlib.suppress(ConnectionResetError):
                await _Stream(response, packed, watched, changed, content).tell(still, has)
        except TimeoutError:
            if request.transport:
                request.transport.abort()
        finally:
            watched.streams.discard(changed)
            if not watched.streams:
                self._watched.pop(watched.key, None)
        return response

    async def _watch(self, route: PageRoute, asked: PageRequest) -> _Watched:
        key = key_of(route, asked)
        if key not in self._watched:
            watched = _Watched(key, route, asked)
            await self._changed(watched)
            self._watched.setdefault(key, watched)
        return self._watched[key]

    async def _changed(self, watched: _Watched) -> bool:
        """Make it; whether it shows something else than before. That it can't be shown is a content too."""
        try:
            shown = await self.made.latest(watched.route, watched.asked)
        except SecondLineError as error:
            watched.made, digest = None, hashlib.sha256(error.sentence.encode("utf-8", "replace")).hexdigest()[:16]
        else:
            watched.made = shown if isinstance(shown, MadePage) else None
            digest = watched.made.digest if watched.made else ""
        before, watched.digest = watched.digest, digest
        return digest != before


async def _tell(streams: Sequence[asyncio.Event]) -> None:
    """A few after the other, with a moment for others in between."""
    for first in range(0, len(streams), TOLD_AT_ONCE):
        for stream in streams[first : first + TOLD_AT_ONCE]:
            stream.set()
        await others_first()


class _Stream:
    """What one reader hears. Who is slow to take it in is sent the newest then, and nothing of what was in between."""

    def __init__(
        self, response: web.StreamResponse, packed: bool, watched: _Watched, changed: asyncio.Event, content: Content
    ) -> None:
        self._response = response
        self._packed = packed
        self._watched = watched
        self._changed = changed
        self._content = content

    async def tell(self, still: Still, has: str) -> None:
        """`has` is the digest of what the reader shows. Raises TimeoutError, ConnectionResetError."""
        if self._packed:
            await self._write(GZIP_HEAD)
        first = True
        while visitor := await still():
            if not self._watched.is_for(visitor):
                break
            digest, sent = await self._news(visitor, has, first=first)
            await self._send(sent)
            first, has = False, digest
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT_S * random.uniform(BEAT_LEAST, 1.0)):
                    await self._changed.wait()
            self._changed.clear()
        await self._send(event("over", "-"))

    async def _news(self, visitor: Visitor, has: str, *, first: bool) -> tuple[str, LiveEvent]:
        """Returns what to send, with the digest of what the reader shows then."""
        digest, made = self._watched.digest, self._watched.made
        if digest == has:
            return digest, event("beat", digest, retry_ms=RETRY_MS if first else 0)
        if made and made.digest == digest and has:
            return digest, await self._content(made, visitor)
        return digest, page_event(digest)

    async def _send(self, sent: LiveEvent) -> None:
        await self._write(sent.bytes_for(packed=self._packed))

    async def _write(self, data: bytes) -> None:
        async with asyncio.timeout(STUCK_S):
            await self._response.write(data)
