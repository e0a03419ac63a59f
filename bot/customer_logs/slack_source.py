"""Logs that are files or messages in Slack."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from bot.customer_logs.model import Problem
from bot.customer_logs.source import OpenLog, SourceError
from bot.loose_json import mapping, whole
from bot.pasted_logs import pasted_log
from bot.slack.answers import GONE, SlackError
from bot.slack.client import WebApi
from bot.slack.downloads import SIGN_IN, Downloads
from bot.slack.text import unescape

NOT_ALLOWED = {SIGN_IN, "missing_scope", "not_allowed_token_type", "no_permission", "access_denied", "http_403"}
HIDDEN = {"tombstone", "hidden_by_limit"}
MessageAt = Callable[[str, str, str], Awaitable[Mapping[str, Any]]]


class SlackLogs:
    """`message_at` finds a message by channel, ts and the ts of its thread."""

    def __init__(self, *, client: WebApi, downloads: Downloads, message_at: MessageAt) -> None:
        self._client = client
        self._downloads = downloads
        self._message_at = message_at

    @asynccontextmanager
    async def file(self, file_id: str) -> AsyncIterator[OpenLog]:
        """Where it is now: its address may have changed since it was shared."""
        try:
            file = mapping((await self._client.call("files.info", file=file_id)).get("file"))
            if file.get("mode") in HIDDEN:
                raise SourceError(Problem.GONE, "the file is gone")
            url = str(file.get("url_private_download") or file.get("url_private") or "")
            name, size = str(file.get("name") or ""), whole(file.get("size")) or 0
            async with self._downloads.open(url, mimetype=str(file.get("mimetype") or "")) as chunks:
                yield OpenLog(name, size, _read(chunks))
        except SlackError as error:
            raise _explained(error) from error

    @asynccontextmanager
    async def pasted(self, channel: str, ts: str, thread_ts: str) -> AsyncIterator[OpenLog]:
        try:
            message = await self._message_at(channel, ts, thread_ts)
        except SlackError as error:
            raise _explained(error) from error
        text = pasted_log(unescape(str(message.get("text") or "")))
        if not text:
            raise SourceError(Problem.GONE, "the message is gone")
        content = text.encode("utf-8", "replace")
        yield OpenLog("", len(content), _once(content))


async def _read(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    try:
        async for chunk in chunks:
            yield chunk
    except SlackError as error:
        raise _explained(error) from error


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _explained(error: SlackError) -> SourceError:
    if error.retry:
        return SourceError(Problem.UNREACHABLE, error.reason, retry=True, retry_after_s=error.retry_after_s)
    if error.code in GONE or error.code in ("file_deleted", "http_404"):
        return SourceError(Problem.GONE, error.reason)
    return SourceError(Problem.NO_ACCESS if error.code in NOT_ALLOWED else Problem.UNREACHABLE, error.reason)
