"""One question to a status source over HTTP, and what went wrong with it in words."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.clock import Clock
from bot.loose_json import line
from bot.status.source import SourceError

USER_AGENT = "SecondLine/0.1 (Slack bot; aiohttp)"
_BODY_MAX = 8 * 1024 * 1024
_REQUEST_S = 10.0


@dataclass(frozen=True, slots=True)
class Answered:
    """`payload` is None for what is no JSON, such as a proxy's page."""

    status: int
    headers: Mapping[str, str]
    payload: Any


class Asker:
    """Asks one source; `system` is its name for people, `redirects` whether it may send us elsewhere."""

    def __init__(
        self, *, session: aiohttp.ClientSession, system: str, clock: Clock, token: str = "", redirects: bool = False
    ) -> None:
        self._session = session
        self._system = system
        self._clock = clock
        self._token = token
        self._redirects = redirects

    async def get(self, url: str, *, params: list[tuple[str, str]] | None = None, etag: str = "") -> Answered:
        """Only 200 and 304 come back. Raises SourceError."""
        return await self._ask("GET", url, params=params or [], headers={"If-None-Match": etag} if etag else {})

    async def post(self, url: str, body: object) -> Answered:
        return await self._ask("POST", url, json=body)

    async def delete(self, url: str) -> Answered:
        return await self._ask("DELETE", url)

    def failed(self, reason: str, *, retry: bool = True, retry_after_s: float | None = None) -> SourceError:
        return SourceError(self._system, reason, retry=retry, retry_after_s=retry_after_s)

    async def _ask(self, method: str, url: str, **more: Any) -> Answered:
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json", **more.pop("headers", {})}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        timeout = aiohttp.ClientTimeout(total=_REQUEST_S)
        try:
            async with self._session.request(
                method, url, headers=headers, timeout=timeout, allow_redirects=self._redirects, **more
            ) as response:
                answered = Answered(response.status, response.headers, _json(await self._body(response)))
        except TimeoutError as error:
            raise self.failed(f"no answer within {_REQUEST_S:g} s") from error
        except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as error:
            raise self.failed(_why(error)) from error
        if answered.status in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            return answered
        raise self._refused(answered)

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        parts, size = [], 0
        async for part in response.content.iter_chunked(64 * 1024):
            parts.append(part)
            size += len(part)
            if size > _BODY_MAX:
                raise self.failed(f"its answer is longer than {_BODY_MAX // 2**20} MB", retry=False)
        return b"".join(parts)

    def _refused(self, answered: Answered) -> SourceError:
        status, said = answered.status, _said(answered.payload)
        passing = status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        match status:
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
                words = "refused the token" if self._token else "wants a login"
            case HTTPStatus.NOT_FOUND:
                words = "has nothing at this address"
            case HTTPStatus.TOO_MANY_REQUESTS:
                words = "asks to slow down"
            case _ if status < HTTPStatus.BAD_REQUEST:
                words = "sends us elsewhere, as a login page does"
            case _:
                words = "answered with an error"
        wait_s = retry_after(answered.headers, self._clock())
        return self.failed(f"{words} ({status}{said})", retry=passing, retry_after_s=wait_s)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds of a Retry-After header, a number or a date (RFC 9110 §10.2.3), an hour at most; None without one."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), 3600.0)
    try:
        found = parsedate_to_datetime(text)
        wait_s = ((found if found.tzinfo else found.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(wait_s, 0.0), 3600.0)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _said(payload: object) -> str:
    """Alertmanager explains itself in a JSON string, others in a field."""
    told = payload.get("message") or payload.get("error") if isinstance(payload, dict) else payload
    text = line(told, 150)
    return f": {text}" if text else ""


def _why(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"unreachable, {error.os_error.strerror or 'no connection'}"
    if isinstance(error, aiohttp.ClientConnectionError | OSError):
        return "unreachable, the connection broke"
    return "its answer is broken"
