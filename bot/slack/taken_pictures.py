"""Pictures at the send: a message whose picture Slack refuses goes without it."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from bot.messages.model import Block
from bot.slack.adapting_client import AdaptingClient, Send
from bot.slack.answers import BlocksRefused
from bot.slack.client import WebApi

logger = logging.getLogger(__name__)


class PictureClient(AdaptingClient):
    """A WebApi whose messages may show pictures. `refused` is told of the files that Slack does not show, and why."""

    def __init__(self, *, client: WebApi, refused: Callable[[Sequence[str], str], None]) -> None:
        super().__init__(client)
        self._refused = refused

    def _may_be_refused(self, blocks: list[Block]) -> bool:
        return bool(files_in(blocks))

    async def _adapted(self, blocks: list[Block], send: Send) -> dict[str, Any]:
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
