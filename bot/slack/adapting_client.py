"""A Web API client for messages that a workspace may refuse in the form that was meant."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any

from bot.messages.model import Block
from bot.slack.client import WebApi

Send = Callable[[list[Block]], Awaitable[dict[str, Any]]]
"""Sends the message with these blocks in place of its own. Raises BlocksRefused."""


class AdaptingClient(ABC):
    """A WebApi; a subclass says which blocks may be refused, and sends the best form that is taken."""

    def __init__(self, client: WebApi) -> None:
        self._client = client

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        async def send(blocks: list[Block]) -> dict[str, Any]:
            return await self._client.call(method, **arguments | {"blocks": blocks})

        if not self._may_be_refused(arguments.get("blocks") or []):
            return await self._client.call(method, **arguments)
        return await self._adapted(arguments["blocks"], send)

    async def upload(self, url: str, content: bytes) -> None:
        await self._client.upload(url, content)

    async def respond(self, url: str, body: dict[str, Any]) -> None:
        async def send(blocks: list[Block]) -> dict[str, Any]:
            await self._client.respond(url, body | {"blocks": blocks})
            return {}

        if not self._may_be_refused(body.get("blocks") or []):
            return await self._client.respond(url, body)
        await self._adapted(body["blocks"], send)

    @abstractmethod
    def _may_be_refused(self, blocks: list[Block]) -> bool:
        """Whether there is a form to fall back to; all other messages go as they are."""

    @abstractmethod
    async def _adapted(self, blocks: list[Block], send: Send) -> dict[str, Any]:
        """Raises BlocksRefused where no form is taken."""
