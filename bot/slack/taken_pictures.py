"""Pictures at the send: a message whose picture Slack refuses goes without it."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.messages.model import Block
from bot.slack.answers import BlocksRefused
from bot.slack.client import WebApi

logger = logging.getLogger(__name__)

Send = Callable[[list[Block]], Awaitable[dict[str, Any]]]


class PictureClient:
    """A WebApi whose messages may show pictures. `refused` is told of the files that Slack does not show, and why."""

    def __init__(self, *, client: WebApi, refused: Callable[[Sequence[str], str], None]) -> None:
        self._client = client
        self._refused = refused

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        async def send(blocks: list[Block]) -> dict[str, Any]:
            return await self._client.call(method, **arguments | {"blocks": blocks})

        if not files_in(arguments.get("blocks") or ()):
            return await self._client.call(method, **arguments)
        return await self._with_or_without(arguments["blocks"], send)

    async def upload(self, url: str, content: bytes) -> None:
        await self._client.upload(url, content)

    async def respond(self, url: str, body: dict[str, Any]) -> None:
        async def send(blocks: list[Block]) -> dict[str, Any]:
            await self._client.respond(url, body | {"blocks": blocks})
            return {}

        if not files_in(body.get("blocks") or ()):
            return await self._client.respond(url, body)
        await self._with_or_without(body["blocks"], send)

    async def _with_or_without(self, blocks: list[Block], send: Send) -> dict[str, Any]:
        """Where the rest is refused too, the pictures were not the reason."""
        try:
            return await send(blocks)
        except BlocksRefused as error:
            logger.info("%s: trying without pictures", error.sentence)
            answer = await send([block for block in blocks if not _file_of(block)])
            self._refused(files_in(blocks), error.reason)
            return answer


def files_in(blocks: Sequence[Block]) -> list[str]:
    """The ids of the files that blocks show."""
    return [file_id for block in blocks if (file_id := _file_of(block))]


def _file_of(block: Block) -> str:
    return str((block.get("slack_file") or {}).get("id") or "") if block.get("type") == "image" else ""
