"""Answers that only one person sees: whatever way Slack takes them, and again when a limit is over."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from weakref import WeakValueDictionary

from attrs import define

from bot.clock import Seconds
from bot.messages.model import Content
from bot.newest import keep
from bot.slack.answers import SlackBusy, SlackError
from bot.slack.client import WebApi, post_direct
from bot.slack.text import escape

logger = logging.getLogger(__name__)

WITHIN_S = 180.0
"""An answer that would come later answers nothing any more."""
SHORTEST_WAIT_S = 1.0
KEPT = 10_000
_AS_TYPED = ("plain_text", "raw_text", "text")
"""Kinds of text in which nothing is parsed."""
PER_MIN = 50
"""Answers to one person; Slack takes a hundred ephemeral messages in a minute, for everybody together."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom an answer is for, and where they are."""

    user: str
    channel: str = ""
    thread_ts: str = ""
    response_url: str = ""

    @property
    def direct(self) -> str:
        """Their direct messages with the bot."""
        return self.channel if self.channel.startswith("D") else self.user


Told = Callable[[str, str, str, str], None]
"""Notes what stays in somebody's direct messages: its channel, its ts, whose they are, and what it says."""


def nothing_noted(_channel: str, _ts: str, _user: str, _text: str) -> None:
    """Where there is no record."""


Pause = Callable[[float], Awaitable[None]]
Attempt = Callable[[Reader, Content], Awaitable[bool]]
"""False where this way does not lead to the person."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class EphemeralMessages:
    """Sends answers that one person sees, one after the other. They are no record, so they are not owed.

    Slack shows them until it is opened anew; only what goes to somebody's direct messages stays, and is `_told`.
    """

    _client: WebApi
    _trusted_urls: tuple[str, ...]
    _told: Told = nothing_noted
    _seconds: Seconds = time.monotonic
    _pause: Pause = asyncio.sleep

    def __attrs_post_init__(self) -> None:
        self._blocked: dict[str, float] = {}
        self._told_at_s: dict[str, deque[float]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def tell(self, reader: Reader, content: Content) -> None:
        """Answer by the response_url, else as an ephemeral where the person is, else in their direct messages."""
        # However many answers a flood has coming, one at a time is tried of one person: others have theirs between.
        turn = self._turns.setdefault(reader.user, asyncio.Lock())
        give_up_s = self._seconds() + WITHIN_S
        async with turn:
            if not await self._has_room(reader.user, give_up_s):
                logger.warning("%s has asked for too much, this is not answered: %s", reader.user, content.text)
                return
            while (wait_s := await self._tried(reader, content)) is not None:
                if self._seconds() + wait_s > give_up_s:
                    logger.warning("limits kept this from %s: %s", reader.user, content.text)
                    return
                await self._pause(wait_s)

    async def _has_room(self, user: str, give_up_s: float) -> bool:
        """Waits where the person was told a lot within the last minute; False where it would be too late."""
        times_s = self._told_at_s.get(user, deque(maxlen=PER_MIN))
        keep(self._told_at_s, user, times_s, most=KEPT)
        now_s = self._seconds()
        wait_s = max(0.0, times_s[0] + 60 - now_s) if len(times_s) >= PER_MIN else 0.0
        if now_s + wait_s > give_up_s:
            return False
        if wait_s:
            await self._pause(wait_s)
        times_s.append(self._seconds())
        return True

    async def _tried(self, reader: Reader, content: Content) -> float | None:
        """Try every way once: seconds until one is open again, None where it was told or never will be."""
        waits: list[float] = []
        for name, attempt in self._ways(reader):
            blocked_s = self._blocked.get(name, 0.0) - self._seconds()
            if blocked_s > 0:
                waits.append(blocked_s)
                continue
            try:
                if await attempt(reader, content):
                    return None
            except SlackBusy as error:
                wait_s = max(SHORTEST_WAIT_S, error.retry_after_s or 0.0)
                self._block(name, wait_s)
                waits.append(wait_s)
            except SlackError as error:
                logger.info("answering %s: %s", reader.user, error.sentence)
        if not waits:
            logger.warning("nothing reached %s: %s", reader.user, content.text)
        return min(waits, default=None)

    def _block(self, name: str, wait_s: float) -> None:
        now_s = self._seconds()
        self._blocked = {name: until for name, until in self._blocked.items() if until > now_s}
        self._blocked[name] = now_s + wait_s

    def _ways(self, reader: Reader) -> tuple[tuple[str, Attempt], ...]:
        """The ways to reach a person, each by the name of what limits it."""
        return (
            (f"response_url {reader.channel}", self._by_url),
            ("chat.postEphemeral", self._ephemeral),
            (f"chat.postMessage {reader.direct}", self._direct),
        )

    async def _by_url(self, reader: Reader, content: Content) -> bool:
        if not reader.response_url.startswith(self._trusted_urls):
            return False
        body = {"response_type": "ephemeral", "replace_original": False, "text": content.text}
        body |= {"blocks": list(content.blocks)} if content.blocks else {}
        body |= {"thread_ts": reader.thread_ts} if reader.thread_ts else {}
        await self._client.respond(reader.response_url, body)
        return True

    async def _ephemeral(self, reader: Reader, content: Content) -> bool:
        if not reader.channel or reader.channel.startswith("D"):
            return False
        thread = {"thread_ts": reader.thread_ts} if reader.thread_ts else {}
        body = {"text": content.text, "blocks": list(content.blocks)}
        await self._client.call("chat.postEphemeral", channel=reader.channel, user=reader.user, **body, **thread)
        return True

    async def _direct(self, reader: Reader, content: Content) -> bool:
        body = {"text": content.text, "blocks": list(content.blocks)}
        channel, ts = await post_direct(self._client, {"channel": reader.direct} | body)
        self._told(channel, ts, reader.user, said_in(content))
        return True


def said_in(content: Content) -> str:
    """All that a message says, as text."""
    return "\n".join(_texts(list(content.blocks))) or content.text


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        text = part.get("text")
        if isinstance(text, str):
            yield escape(text) if part.get("type") in _AS_TYPED else text
        for name, inner in part.items():
            if name != "text" or not isinstance(text, str):
                yield from _texts(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _texts(inner)
