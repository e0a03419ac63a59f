"""Socket Mode: two connections that watch over each other's gaps, and a watchdog over both."""

import asyncio
import logging

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from bot.slack.client import on_loopback
from bot.tasks import Tasks

logger = logging.getLogger(__name__)

PING_INTERVAL_S = 3.0
"""A dead connection is noticed after about twice this; also the pause between attempts."""
WATCH_S = 1.0


class SocketMode:
    """Keeps `connections` sockets open. Slack sends each envelope to exactly one of them.

    When Slack asks for a refresh the SDK closes the old socket before it opens the new one; what falls into that
    gap on one connection goes to the other.
    """

    def __init__(self, *, app: AsyncApp, app_token: str, api_url: str, connections: int, tasks: Tasks) -> None:
        self._handlers = [
            AsyncSocketModeHandler(app, app_token, ping_interval=PING_INTERVAL_S) for _ in range(connections)
        ]
        self._tasks = tasks
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
            self._tasks.start(handler.client.connect(), name="connect")  # type: ignore[no-untyped-call]

    async def connected(self) -> bool:
        """Whether at least one connection is open and answers pings."""
        return any([await handler.client.is_connected() for handler in self._handlers])

    async def close(self) -> None:
        for handler in self._handlers:
            await handler.client.close()  # type: ignore[no-untyped-call]

    async def _watch(self, handler: AsyncSocketModeHandler) -> None:
        """The SDK tries a dead address again for ever; without one it asks Slack for a new one."""
        while True:
            await asyncio.sleep(WATCH_S)
            if not handler.client.closed and not await handler.client.is_connected():
                handler.client.wss_uri = None
