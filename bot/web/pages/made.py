"""Pages that many have open: made once for all who see the same, and kept for a moment."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.web.pages.event import LiveEvent
from bot.web.pages.page import Page, PageRequest, PageRoute, Shown

FRESH_S = 2.0
"""A page that is no older is as good as a new one. Those that somebody has open are made anew once a second, so whoever
loads one of them waits for nothing, and hears a moment later what changed."""
MEANWHILE_S = 5.0
"""While a new one is being made, the one before is shown for so long."""
ANYHOW_S = 15.0
"""What only the clock changes (something became stale) is seen within this time."""
KEPT = 24
"""Pages: each is some hundred kilobytes."""

Version = Callable[[], int]
"""A number that grows with everything that is written to the database."""
Key = tuple[object, ...]


@dataclass(eq=False, slots=True)
class MadePage:
    """A page as data, as JSON, and as what templates made of it: by who sees the same text, in parts between which
    stands what is each reader's own."""

    route: PageRoute
    page: Page
    version: int
    at_s: float
    json: bytes
    digest: str
    texts: dict[Key, tuple[bytes, ...]] = field(default_factory=dict)
    events: dict[Key, LiveEvent] = field(default_factory=dict)
    """The same as an event of a stream, by who sees the same text."""
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while templates are asked: whoever wants the same text meanwhile waits for it."""


class MadePages:
    """Knows the pages that were made last."""

    def __init__(self, *, version: Version) -> None:
        self._version = version
        self._made: dict[Key, MadePage] = {}
        self._locks: dict[Key, asyncio.Lock] = {}
        self._wanted: dict[Key, tuple[PageRoute, PageRequest]] = {}

    def __len__(self) -> int:
        return len(self._made)

    async def of(self, route: PageRoute, asked: PageRequest, *, usable: bool = True) -> MadePage | Shown:
        """One that is new enough; without `usable` that is none which is only good until a newer one is there.

        Raises what its `show` raises.
        """
        key = key_of(route, asked)
        made, lock = self._made.get(key), self._locks.setdefault(key, asyncio.Lock())
        if made and self._good(made, being_made=lock.locked()):
            return made
        if made and usable and asyncio.get_running_loop().time() - made.at_s < route.usable_s:
            self._wanted[key] = (route, asked)
            return made
        async with lock:
            made = self._made.get(key)
            if made and self._good(made, being_made=False):
                return made
            return await self._make(key, route, asked)

    async def latest(self, route: PageRoute, asked: PageRequest) -> MadePage | Shown:
        """One of this moment, made anew where anything was written since. Raises what its `show` raises."""
        made = self._made.get(key_of(route, asked))
        if made and made.version == self._version() and self._good(made, being_made=False):
            return made
        return await self.anew(route, asked)

    def take_wanted(self) -> list[tuple[PageRoute, PageRequest]]:
        """Those that were shown although they are old, each once: new ones are to be made."""
        wanted, self._wanted = list(self._wanted.values()), {}
        return wanted

    async def anew(self, route: PageRoute, asked: PageRequest) -> MadePage | Shown:
        """One of this moment. Raises what its `show` raises."""
        key = key_of(route, asked)
        async with self._locks.setdefault(key, asyncio.Lock()):
            return await self._make(key, route, asked)

    async def _make(self, key: Key, route: PageRoute, asked: PageRequest) -> MadePage | Shown:
        self.forget()
        version, at_s = self._version(), asyncio.get_running_loop().time()
        shown = await route.show(asked)
        if not isinstance(shown, Page):
            return shown
        json = shown.json
        digest = hashlib.sha256(json).hexdigest()[:16]
        before = self._made.get(key)
        # Templates are not asked again where they would say the same.
        same = before if before and before.digest == digest else None
        made = MadePage(route, shown, version, at_s, json, digest)
        if same:
            made.texts, made.events, made.writing = same.texts, same.events, same.writing
        self._made[key] = made
        return made

    def _good(self, made: MadePage, *, being_made: bool) -> bool:
        age_s = asyncio.get_running_loop().time() - made.at_s
        if made.version == self._version():
            return age_s < ANYHOW_S
        return age_s < (MEANWHILE_S if being_made else FRESH_S)

    def forget(self) -> None:
        """Let go of what is old, and of the oldest where there are too many."""
        now_s = asyncio.get_running_loop().time()
        old = [key for key, made in self._made.items() if now_s - made.at_s > max(ANYHOW_S, made.route.usable_s)]
        many = sorted(self._made, key=lambda key: self._made[key].at_s)[: max(0, len(self._made) - KEPT)]
        for key in (*old, *many):
            self._made.pop(key, None)
        for key in [key for key, lock in self._locks.items() if key not in self._made and not lock.locked()]:
            del self._locks[key]


def key_of(route: PageRoute, asked: PageRequest) -> Key:
    """Who sees the same: everybody with one of the roles for which it is the same, and everybody else by themselves."""
    visitor = asked.visitor
    who = "all" if visitor.is_any_of(route.same_for) else (visitor.session.kind, visitor.session.user, visitor.roles)
    return (route.path, tuple(sorted(asked.params.items())), tuple(sorted(asked.query.items())), who)
