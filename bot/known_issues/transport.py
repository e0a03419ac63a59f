"""One HTTP request to a tracker: bounded in time and size, with what went wrong in words."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.known_issues.tracker import TrackerError

USER_AGENT = "SecondLine/0.1 (Slack bot; aiohttp)"
BODY_MAX = 32 * 1024 * 1024
"""A hundred issues of 65,536 letters each, the most that GitHub takes, with what surrounds them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` have names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """None for what is no JSON, such as the page of a proxy."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


async def sent(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    system: str,
    headers: Mapping[str, str],
    body: bytes | None,
    timeout_s: float,
) -> Answer:
    """Redirects are not followed. Raises TrackerError where no answer comes."""
    timeout = aiohttp.ClientTimeout(total=timeout_s)
    try:
        async with session.request(
            method, url, headers=headers, data=body, timeout=timeout, allow_redirects=False
        ) as response:
            named = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, named, await _bounded(response, system))
    except TimeoutError as error:
        raise TrackerError(system, f"no answer within {timeout_s:g} s", retry=True) from error
    except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError, ValueError) as error:
        raise TrackerError(system, f"it can't be reached ({_why(error)})", retry=True) from error


async def _bounded(response: aiohttp.ClientResponse, system: str) -> bytes:
    parts, size = [], 0
    async for part in response.content.iter_chunked(64 * 1024):
        parts.append(part)
        size += len(part)
        if size > BODY_MAX:
            raise TrackerError(system, f"an answer of more than {BODY_MAX // 1024**2} MB", retry=False)
    return b"".join(parts)


def _why(error: Exception) -> str:
    """Without the request: aiohttp's own words may hold addresses with credentials in them."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error.strerror or "no connection"
    if isinstance(error, aiohttp.InvalidURL):
        return "its address is none"
    return "the connection broke" if isinstance(error, aiohttp.ClientConnectionError | OSError) else "a broken answer"
