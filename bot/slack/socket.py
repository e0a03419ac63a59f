"""Socket Mode: two connections that watch over each other's gaps, and a watchdog over both."""

import asyncio
import logging
import time
from collections import deque
from http import HTTPStatus

from aiohttp import WSMessage
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.logs import Calm
from bot.slack.client import on_loopback
from bot.tasks import Tasks, woken

logger = logging.getLogger(__name__)

PING_INTERVAL_S = 3.0
"""A dead connection is noticed after about twice this; also the pause between attempts."""
WATCH_S = 1.0
SETTLE_S = 0.5
"""How soon a server that keeps one connection only closes the older one."""
SETTLE_LOOKS = 25
REPLACED_MAX = 6
REPLACED_WITHIN_S = 20.0
"""So many new connections in so short a time: the server closes the older one whenever a newer one comes."""


_DISCONNECT, _SHORT = '"type":"disconnect"', 1_000

_OUTAGE = (
    "Failed to connect",
    "Failed to retrieve WSS URL",
    "Failed to send a ping message",
    "Failed to check the current session",
    "Failed to receive or enqueue a message",
    "Failed to close the old session",
)
"""What the SDK logs each time that it does not reach Slack, every few seconds and with tracebacks."""


class SdkLog(logging.Logger):
    """What the SDK says: while Slack is away one line a minute, mistakes as they are."""

    def __init__(self) -> None:
        super().__init__("slack_sdk", logging.WARNING)
        self._calm = Calm(logger)

    def handle(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        kind = next((beginning for beginning in _OUTAGE if message.startswith(beginning)), "")
        if kind:
            self._calm.warning(kind, f"Slack is away: {message}")
        else:
            logger.handle(record)


class _Handler(AsyncSocketModeHandler):
    """Leaves the envelope's id in the payload: without trigger ids nothing else tells two equal commands apart.

    Everything is acknowledged, also what Bolt has no word for. `asked` is whether Slack asked this connection to come
    again.
    """

    def __init__(self, app: AsyncApp, app_token: str, log: logging.Logger) -> None:
        super().__init__(app, app_token, log, ping_interval=PING_INTERVAL_S)
        self.asked = False
        self.client.on_message_listeners.append(self._look)

    async def _look(self, message: WSMessage) -> None:
        """Short as it is, it can't stand in anybody's words: there its quotes would be escaped."""
        text = message.data if isinstance(message.data, str) else ""
        self.asked |= len(text) < _SHORT and _DISCONNECT in text.replace(" ", "")

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        req.payload.setdefault("envelope_id", req.envelope_id)
        began = time.time()
        response = await run_async_bolt_app(self.app, req)
        if response.status != HTTPStatus.OK:
            # Bolt knows no such thing, or could not read it: without an ack it would come three more times.
            logger.warning("nothing to be done about %s (%d)", req.type, response.status)
            response = BoltResponse(status=HTTPStatus.OK)
        await send_async_response(client, req, response, began)


class SocketMode:
    """Keeps `connections` sockets open. Slack sends each envelope to exactly one of them.

    When Slack asks for a refresh the SDK closes the old socket before it opens the new one; what falls into that
    gap on one connection goes to the other.
    """

    def __init__(self, *, app: AsyncApp, app_token: str, api_url: str, connections: int, tasks: Tasks) -> None:
        log = SdkLog()
        self._handlers = [_Handler(app, app_token, log) for _ in range(connections)]
        self._tasks = tasks
        self._replaced_at: deque[float] = deque(maxlen=REPLACED_MAX)
        self._closing = asyncio.Event()
        if on_loopback(api_url):
            for handler in self._handlers:
                handler.client.proxy = None

    async def connect(self) -> None:
        """Returns once the first connection is open; the others follow."""
        for number, handler in enumerate(self._handlers):
            self._tasks.forever(lambda handler=handler: self._watch(handler), name=f"watch socket {number}")  # type: ignore[misc]
        first, *others = self._handlers
        await first.client.connect()  # type: ignore[no-untyped-call]
        for handler in others:
            self._tasks.start(self._add(first, handler), name="connect")

    async def connected(self) -> bool:
        """Whether at least one connection is open and answers pings."""
        return any([await handler.client.is_connected() for handler in self._handlers])

    async def close(self) -> None:
        self._closing.set()
        for handler in self._handlers:
            await handler.client.close()  # type: ignore[no-untyped-call]

    async def _add(self, first: _Handler, other: _Handler) -> None:
        """Open one more connection, unless the server closes the first one for it."""
        held = first.client.current_session
        first.client.auto_reconnect_enabled = first.asked = False
        await other.client.connect()  # type: ignore[no-untyped-call]
        for _ in range(SETTLE_LOOKS):
            await woken(self._closing, within_s=SETTLE_S / SETTLE_LOOKS)
            if self._closing.is_set():
                await other.client.close()  # type: ignore[no-untyped-call]
                return
            if first.client.current_session is not held:
                break
        first.client.auto_reconnect_enabled = first.client.default_auto_reconnect_enabled
        if first.asked:
            return  # Slack's wish, which says nothing about how many it takes
        if first.client.current_session is not held:
            self._go_on_with(first)
        elif held and held.closed:
            self._go_on_with(other)

    async def _watch(self, handler: _Handler) -> None:
        """The SDK tries a dead address again for ever; without one it asks Slack for a new one."""
        session = None
        while not handler.client.closed:
            await asyncio.sleep(WATCH_S)
            if session and handler.client.current_session is not session:
                self._replaced()
            session = handler.client.current_session
            if not await handler.client.is_connected():
                handler.client.wss_uri = None
        await asyncio.Event().wait()

    def _replaced(self) -> None:
        """Slack itself takes ten connections; a server that takes one would have ours push each other out for ever."""
        now = asyncio.get_running_loop().time()
        self._replaced_at.append(now)
        full = len(self._replaced_at) == REPLACED_MAX
        if full and now - self._replaced_at[0] < REPLACED_WITHIN_S and len(self._handlers) > 1:
            self._go_on_with(self._handlers[0])

    def _go_on_with(self, kept: _Handler) -> None:
        logger.warning("the server does not keep several connections open; going on with one")
        extra, self._handlers = [handler for handler in self._handlers if handler is not kept], [kept]
        for handler in extra:
            self._tasks.start(handler.client.close(), name="close socket")  # type: ignore[no-untyped-call]
