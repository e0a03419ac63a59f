"""One client for JSON over HTTP: bounded in time and size, with a typed error where no usable answer comes."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.errors import OutsideError
from bot.loose_json import parsed

USER_AGENT = "SecondLine/0.1 (Slack bot; aiohttp)"
BODY_MAX = 8 * 1024 * 1024
TIMEOUT_S = 10.0
WAIT_MAX_S = 3_600.0


class NoAnswer(OutsideError):
    """No answer came that can be used. Which of its kinds it is tells why; adapters say it in their own words."""


class NoAnswerInTime(NoAnswer):
    """No answer came within `timeout_s`."""

    def __init__(self, system: str, timeout_s: float) -> None:
        super().__init__(system, f"no answer within {timeout_s:g} s", retry=True)
        self.timeout_s = timeout_s


class Unreachable(NoAnswer):
    """No connection came about, or it broke: `why` says which in a few words."""

    def __init__(self, system: str, why: str) -> None:
        super().__init__(system, f"it can't be reached ({why})", retry=True)
        self.why = why


class BrokenAnswer(NoAnswer):
    """What came is no HTTP."""

    def __init__(self, system: str) -> None:
        super().__init__(system, "its answer is broken", retry=True)


class AnswerTooLong(NoAnswer):
    """The answer has more than `body_max` bytes."""

    def __init__(self, system: str, body_max: int) -> None:
        super().__init__(system, f"its answer is longer than {body_max // 1024**2} MB", retry=False)


@dataclass(frozen=True, slots=True)
class JsonAnswer:
    """An answer of any status. `headers` take names in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; None for what is none, such as the page of a proxy."""
        try:
            return parsed(self.body)
        except ValueError:
            return None


class HttpJson:
    """Asks one system, which people know as `system`. The session stays the caller's.

    `headers`, with names in lower case, go with every request; `redirects` says whether they are followed.
    """

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        system: str,
        headers: Mapping[str, str] | None = None,
        redirects: bool = False,
        timeout_s: float = TIMEOUT_S,
        body_max: int = BODY_MAX,
    ) -> None:
        self._session = session
        self._system = system
        self._headers = {"user-agent": USER_AGENT, "accept": "application/json", **(headers or {})}
        self._redirects = redirects
        self._timeout_s = timeout_s
        self._body_max = body_max

    async def ask(
        self,
        method: str,
        url: str,
        *,
        params: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        json: object = None,
        body: bytes | None = None,
    ) -> JsonAnswer:
        """Send `json`, or `body` as it is, where there is one. Raises NoAnswer."""
        try:
            async with self._session.request(
                method,
                url,
                params=params or None,
                headers={**self._headers, **(headers or {})},
                json=json,
                data=body,
                timeout=aiohttp.ClientTimeout(total=self._timeout_s),
                allow_redirects=self._redirects,
            ) as response:
                return JsonAnswer(response.status, response.headers, await self._whole(response.content))
        except TimeoutError as error:
            raise NoAnswerInTime(self._system, self._timeout_s) from error
        except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as error:
            raise self._failure(error) from error

    async def _whole(self, content: aiohttp.StreamReader) -> bytes:
        parts, size = [], 0
        async for part in content.iter_chunked(64 * 1024):
            parts.append(part)
            size += len(part)
            if size > self._body_max:
                raise AnswerTooLong(self._system, self._body_max)
        return b"".join(parts)

    def _failure(self, error: Exception) -> NoAnswer:
        """Without the request: aiohttp's own words may hold addresses with credentials in them."""
        if isinstance(error, aiohttp.ClientConnectorError):
            return Unreachable(self._system, error.os_error.strerror or "no connection")
        if isinstance(error, aiohttp.InvalidURL):
            return Unreachable(self._system, "its address is no URL")
        if isinstance(error, aiohttp.ClientConnectionError | OSError):
            return Unreachable(self._system, "the connection broke")
        return BrokenAnswer(self._system)


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds of a Retry-After header, a number or a date (RFC 9110 §10.2.3), an hour at most; None without one.

    `headers` have names in lower case, or take them in any.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), WAIT_MAX_S)
    try:
        moment = parsedate_to_datetime(text)
        wait_s = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(wait_s, 0.0), WAIT_MAX_S)
