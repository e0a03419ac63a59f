"""Files that people shared in Slack, fetched as they are needed.

https://docs.slack.dev/reference/objects/file-object: the address of a file needs the bot's token in a header. Where
that may not read it Slack answers no error but its sign-in page, with status 200, or leads to it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.slack.answers import SlackError, explained, explained_status
from bot.slack.client import on_loopback

DOWNLOAD = "download"
CHUNK = 1 << 16
REDIRECTS_MAX = 3
TIMEOUT = aiohttp.ClientTimeout(total=None, connect=5.0, sock_connect=5.0, sock_read=15.0)
SLACKS = ("slack.com", "slack-files.com", "slack-edge.com")
SIGN_IN = "sign_in"
"""Our own word for an answer that is the sign-in page."""


class Downloads:
    """The token goes to Slack's own hosts only, whatever address a file names."""

    def __init__(self, *, session: aiohttp.ClientSession, token: str, api_url: str) -> None:
        self._session = session
        self._token = token
        self._host = urlsplit(api_url).hostname or ""

    @asynccontextmanager
    async def open(self, url: str, *, mimetype: str = "") -> AsyncIterator[AsyncIterator[bytes]]:
        """The content behind the address of a file, as it comes. Raises SlackError."""
        try:
            response = await self._asked(url)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise explained(error, DOWNLOAD) from error
        try:
            if response.content_type == "text/html" and mimetype != "text/html":
                raise SlackError(SIGN_IN, method=DOWNLOAD)
            yield _chunks(response)
        finally:
            response.close()

    async def _asked(self, url: str) -> aiohttp.ClientResponse:
        for _ in range(REDIRECTS_MAX):
            if not self.is_slacks(url):
                raise SlackError("elsewhere", method=DOWNLOAD)
            response = await self._session.get(
                url, headers={"Authorization": f"Bearer {self._token}"}, allow_redirects=False, timeout=TIMEOUT
            )
            if response.status not in (301, 302, 303, 307, 308):
                break
            url = urljoin(url, response.headers.get("Location", ""))
            response.close()
            if "signin" in urlsplit(url).path or "redir=" in urlsplit(url).query:
                raise SlackError(SIGN_IN, method=DOWNLOAD)
        else:
            raise SlackError("circles", method=DOWNLOAD)
        refused = explained_status(response.status, response.headers, DOWNLOAD, "")
        if refused:
            response.close()
            raise refused
        return response

    def is_slacks(self, url: str) -> bool:
        """Whether the token may go there."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if self._host == "slack.com" or self._host.endswith(".slack.com"):
            return parts.scheme == "https" and any(host == domain or host.endswith(f".{domain}") for domain in SLACKS)
        return host == self._host or (on_loopback(url) and on_loopback(f"http://{self._host}/"))


async def _chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.content.iter_chunked(CHUNK):
            yield chunk
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise explained(error, DOWNLOAD) from error
