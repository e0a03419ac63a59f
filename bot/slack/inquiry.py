"""One reading of what Slack knows about itself: what is asked, and what could not be."""

import asyncio
import logging
from typing import Any

from bot.paging import Trail
from bot.slack.answer_cache import AnswerCache
from bot.slack.answers import SlackBusy, SlackCircles, SlackError
from bot.slack.client import WebApi

logger = logging.getLogger(__name__)

PAGE = 200


class Inquiry:
    """`problems` is what could not be read and what that means; `passing` whether some of it may be readable later.

    What Slack refuses for now is asked once more after at most `patience_s`; where that is for being asked too often
    and `from_cache`, what it answered lately counts at once, until it answers again.
    """

    def __init__(
        self, *, client: WebApi, patience_s: float, cache: AnswerCache | None = None, from_cache: bool = False
    ) -> None:
        self._client = client
        self._patience_s = patience_s
        self._cache = cache
        self._from_cache = from_cache
        self.problems: list[str] = []
        self.passing = False

    async def call(self, method: str, **arguments: object) -> dict[str, Any]:
        """A bad moment must not leave an escalation without anybody to notify. Raises SlackError."""
        try:
            return await self._asked(method, arguments)
        except SlackError as error:
            if not error.retry:
                raise
            if kept := self._recalled(method, arguments, error):
                return kept
            await asyncio.sleep(min(error.retry_after_s or 0.0, self._patience_s))
        return await self._asked(method, arguments)

    async def _asked(self, method: str, arguments: dict[str, object]) -> dict[str, Any]:
        answer = await self._client.call(method, **arguments)
        if self._cache:
            self._cache.keep(method, arguments, answer)
        return answer

    def _recalled(self, method: str, arguments: dict[str, object], error: SlackError) -> dict[str, Any] | None:
        if not self._cache or not self._from_cache or not isinstance(error, SlackBusy):
            return None
        kept = self._cache.answer(method, arguments)
        if kept is not None:
            self.passing = True
            logger.info("%s: what it answered lately counts for now", error.sentence)
        return kept

    async def all(self, method: str, field: str, trouble: str, **arguments: object) -> list[dict[str, Any]] | None:
        """Every page of a list; None where one of them can't be read, with `trouble` among the problems."""
        try:
            return await self.listed(method, field, **arguments)
        except SlackError as error:
            self.failed(error, trouble)
            return None

    async def listed(self, method: str, field: str, **arguments: object) -> list[dict[str, Any]]:
        """Every page of a list. Raises SlackError."""
        rows: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        trail = Trail()
        while True:
            page = await self.call(method, limit=PAGE, **arguments, **cursor)
            rows += page.get(field) or []
            following = (page.get("response_metadata") or {}).get("next_cursor")
            if not following:
                return rows
            if trail.circles(following):
                raise SlackCircles(method)
            cursor = {"cursor": following}

    def failed(self, error: SlackError, trouble: str) -> None:
        """Note a failed question in the log, and in the problems where there is `trouble`."""
        self.passing |= error.retry
        logger.warning("%s: %s", error.sentence, trouble or "the configuration counts")
        if trouble:
            self.problems.append(f"{trouble} ({error.reason})")
