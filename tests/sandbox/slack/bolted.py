"""The real slack_bolt app, connected to a running sandbox by the real Socket Mode handler."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.harbor import APP_TOKEN, BOT_TOKEN, Harbor


class Inbox:
    """What reached the app, to be awaited one by one."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def put(self, body: dict[str, Any]) -> None:
        self._queue.put_nowait(body)

    async def next(self, within_s: float = 5.0) -> dict[str, Any]:
        return await asyncio.wait_for(self._queue.get(), within_s)

    @property
    def empty(self) -> bool:
        return self._queue.empty()


def new_app(harbor: Harbor) -> AsyncApp:
    client = AsyncWebClient(BOT_TOKEN, base_url=f"{harbor.base}/api/", session=harbor.http, retry_handlers=[])
    return AsyncApp(name="test", client=client, process_before_response=True)


@asynccontextmanager
async def connected(app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(app, APP_TOKEN, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
