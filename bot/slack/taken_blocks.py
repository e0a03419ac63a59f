"""Tables at the send: a workspace that refuses Slack's newer blocks gets plain ones, and is not asked each time."""

import logging
from datetime import timedelta
from typing import Any

from bot.database import Store
from bot.errors import SecondLineError
from bot.messages.model import Block
from bot.slack.adapting_client import AdaptingClient, Send
from bot.slack.answers import BlocksRefused
from bot.slack.client import WebApi
from bot.slack.tables import kinds_in, without

logger = logging.getLogger(__name__)

UNKNOWN = ("invalid_blocks", "invalid_blocks_format")
"""What Slack answers to a block that it does not know; other refusals are about one message."""

REMEMBERED = timedelta(days=7)
"""Workspaces learn blocks one after the other: then it is tried once more."""


class RefusedBlocks(Store):
    """Which kinds of blocks this workspace refused lately, also before a restart."""

    def kinds(self) -> frozenset[str]:
        """Those that need not be tried."""
        since = self._clock() - REMEMBERED
        return frozenset(self._database.column("SELECT kind FROM refused_blocks WHERE at > ?", since))

    def add(self, kind: str) -> None:
        """Remember one; where it can't be stored, the next message asks Slack again."""
        try:
            self._database.run("INSERT OR REPLACE INTO refused_blocks (kind, at) VALUES (?, ?)", kind, self._clock())
        except SecondLineError as error:
            logger.info("that Slack takes no %s is not kept: %s", kind, error.sentence)


class TableClient(AdaptingClient):
    """A WebApi whose messages may hold tables, whatever the workspace takes."""

    def __init__(self, *, client: WebApi, refused: RefusedBlocks) -> None:
        super().__init__(client)
        self._refused = refused

    def _may_be_refused(self, blocks: list[Block]) -> bool:
        return bool(kinds_in(blocks))

    async def _adapted(self, blocks: list[Block], send: Send) -> dict[str, Any]:
        """Sends the best form that is taken. A refusal is remembered only where a plainer form was taken."""
        given_up = set(self._refused.kinds())
        new: list[str] = []
        while True:
            form = without(blocks, given_up)
            left = kinds_in(form)
            try:
                answer = await send(form)
            except BlocksRefused as error:
                if not left:
                    raise
                logger.info("%s: trying without %s", error.sentence, left[0])
                given_up.add(left[0])
                new += [left[0]] if error.code in UNKNOWN else []
            else:
                for kind in new:
                    self._refused.add(kind)
                return answer
