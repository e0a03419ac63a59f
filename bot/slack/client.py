"""One Web API client for the whole process, with errors that mean something."""

import logging
import time
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.signals import Signal
from bot.slack.answers import SlackError, explained, explained_status
from bot.slack.text import is_user_id

TIMEOUT_S = 10.0
UPLOAD, RESPONSE_URL = "upload", "response_url"
"""What errors call the two requests that are no methods."""


class WebApi(Protocol):
    """What the rest of the border needs of the Web API. Every call raises SlackError."""

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]: ...

    async def upload(self, url: str, content: bytes) -> None: ...

    async def respond(self, url: str, body: dict[str, Any]) -> None: ...


class SlackClient:
    """Calls Web API methods and raises SlackError. Nothing is repeated here: the caller knows what may be.

    One ClientSession, since slack_sdk opens a connection per call without one, and no retry handlers, since
    slack_sdk's default one sends chat.postMessage twice after a lost connection.
    """

    def __init__(self, *, token: str, api_url: str) -> None:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S, connect=5.0)
        self.session = aiohttp.ClientSession(timeout=timeout, trust_env=False)
        self.web = AsyncWebClient(token=token, base_url=api_url, session=self.session, retry_handlers=[])
        if on_loopback(api_url):
            self.web.proxy = None
        self.answered = Signal[str, float, str]()
        """A method was called: its name, the seconds it took, and Slack's word for why not ("" where it did it)."""

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """The answer of one method; `chat.postMessage` is slack_sdk's `chat_postMessage`."""
        function, began_s = getattr(self.web, method.replace(".", "_")), time.monotonic()
        try:
            response = await function(**arguments)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            refused = explained(error, method)
            self.answered.tell(method, time.monotonic() - began_s, refused.code)
            raise refused from error
        self.answered.tell(method, time.monotonic() - began_s, "")
        return dict(response.data) if isinstance(response.data, dict) else {}

    async def upload(self, url: str, content: bytes) -> None:
        """The second of the three steps of a file: the bytes, without our token."""
        await self._post(UPLOAD, url, data=content)

    async def respond(self, url: str, body: dict[str, Any]) -> None:
        """One use of a response_url."""
        await self._post(RESPONSE_URL, url, json=body)

    async def _post(self, what: str, url: str, **request: Any) -> None:
        try:
            async with self.session.post(url, **request) as response:
                body = await response.text(errors="replace") if what == RESPONSE_URL else ""
                refused = explained_status(response.status, response.headers, what, body)
            if refused:
                raise refused
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise explained(error, what) from error

    async def close(self) -> None:
        await self.session.close()


def on_loopback(url: str) -> bool:
    """Whether an address is this machine's: slack_sdk would send even that through HTTP_PROXY."""
    host = urlsplit(url).hostname or ""
    return host == "localhost" or host.startswith("127.") or host == "::1"


logger = logging.getLogger(__name__)


async def conversation_of(client: WebApi, channel: str) -> str:
    """The conversation of direct messages where `channel` is a person's id, which Slack takes for posts alone.

    https://docs.slack.dev/reference/methods/conversations.open
    """
    if not is_user_id(channel):
        return channel
    try:
        opened = await client.call("conversations.open", users=channel)
    except SlackError as error:
        if error.retry:
            raise
        logger.info("the conversation with %s is not opened: %s", channel, error.reason)
        return channel
    return str((opened.get("channel") or {}).get("id") or channel)


async def post_direct(client: WebApi, arguments: dict[str, Any]) -> tuple[str, str]:
    """chat.postMessage to a conversation or a person; channel and ts of what is there now."""
    channel = await conversation_of(client, str(arguments["channel"]))
    answer = await client.call("chat.postMessage", **arguments | {"channel": channel})
    return str(answer.get("channel") or channel), str(answer.get("ts") or "")
