"""Globalping's HTTP API: three requests, and what went wrong with them in words."""

import asyncio
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.probes.globalping.quota import Quota, retry_after_s
from bot.probes.globalping.wire import Created, Measurement, error_of, read_created, read_measurement

USER_AGENT = "SecondLine/0.1 (Slack bot; aiohttp)"
TOKEN_REMEDY = "Set GLOBALPING_TOKEN: with a token it is 500 an hour (dash.globalping.io)."
_BAD_TOKEN_REMEDY = "Make a new token at dash.globalping.io, or take GLOBALPING_TOKEN away to ask without one."
_PLACE_REMEDY = (
    "Name a larger place: a city, a country, a continent, or a network as AS1221; + means and: Berlin+Germany."
)
_BODY_MAX = 8 * 1024 * 1024
_REQUEST_S = 10.0


class NotAnswered(Exception):
    """Globalping gave no usable answer. `passing` where the same request may be answered a moment later.

    `retry_after_s` is set where Globalping did nothing and said when it would: any request may be sent again then.
    """

    def __init__(
        self, sentence: str, remedy: str = "", *, passing: bool = False, retry_after_s: float | None = None
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy
        self.passing = passing
        self.retry_after_s = retry_after_s


class GlobalpingApi:
    """`url` is the base without /v1; `token` may be ""."""

    def __init__(self, *, session: aiohttp.ClientSession, url: str, token: str, quota: Quota) -> None:
        self._session = session
        self._url = f"{url.rstrip('/')}/v1"
        self._token = token
        self._quota = quota

    async def create(self, body: dict[str, Any]) -> Created:
        """Raises NotAnswered."""
        status, headers, answer = await self._sent("POST", "/measurements", json=body)
        self._quota.read_headers(headers)
        if status == HTTPStatus.ACCEPTED:
            created = read_created(answer)
            if created is None:
                raise NotAnswered("Globalping's answer can't be read")
            return created
        raise self._refused(status, answer, headers)

    async def look(self, number: str, etag: str) -> tuple[Measurement | None, str]:
        """The measurement and its ETag; None where it is still what `etag` stands for. Raises NotAnswered."""
        extra = {"If-None-Match": etag} if etag else {}
        status, headers, answer = await self._sent("GET", f"/measurements/{number}", headers=extra)
        if status == HTTPStatus.NOT_MODIFIED:
            return None, etag
        if status != HTTPStatus.OK:
            raise self._refused(status, answer, headers)
        measurement = read_measurement(answer)
        if measurement is None:
            raise NotAnswered("Globalping's answer can't be read")
        return measurement, headers.get("ETag", "")

    async def read_quota(self) -> None:
        """Ask how many tests are left, which costs none; without an answer the next request tells."""
        try:
            status, _, answer = await self._sent("GET", "/limits")
        except NotAnswered:
            return
        if status == HTTPStatus.OK:
            self._quota.read_limits(answer)

    async def _sent(self, method: str, path: str, **more: Any) -> tuple[int, Mapping[str, str], Any]:
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        headers |= more.pop("headers", {})
        timeout = aiohttp.ClientTimeout(total=_REQUEST_S)
        try:
            async with self._session.request(
                method, self._url + path, headers=headers, timeout=timeout, allow_redirects=False, **more
            ) as response:
                return response.status, response.headers, _json(await _body(response))
        except TimeoutError as error:
            raise NotAnswered(f"Globalping did not answer within {_REQUEST_S:g} s", passing=True) from error
        except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError) as error:
            raise NotAnswered(f"Globalping can't be reached: {_why(error)}", passing=True) from error

    def _refused(self, status: int, answer: object, headers: Mapping[str, str]) -> NotAnswered:
        kind, message = error_of(answer)
        wait_s = retry_after_s(headers)
        said = f": {message}" if message else ""
        match status:
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
                sentence = f"Globalping refused GLOBALPING_TOKEN ({status}){said}"
                return NotAnswered(sentence, _BAD_TOKEN_REMEDY if self._token else TOKEN_REMEDY)
            case HTTPStatus.UNPROCESSABLE_ENTITY if kind == "no_probes_found":
                return NotAnswered("Globalping has no probe there now", _PLACE_REMEDY)
            case HTTPStatus.TOO_MANY_REQUESTS if kind == "rate_limit_exceeded":
                sentence, remedy = self._quota.used_up(), "" if self._token else TOKEN_REMEDY
                return NotAnswered(sentence, remedy, retry_after_s=wait_s)
            case HTTPStatus.TOO_MANY_REQUESTS:
                return NotAnswered("Globalping asks to slow down", passing=True, retry_after_s=wait_s)
            case HTTPStatus.NOT_FOUND:
                return NotAnswered("Globalping no longer knows the measurement")
            case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return NotAnswered(f"Globalping has a fault of its own ({status}){said}", passing=True)
            case _:
                return NotAnswered(f"Globalping did not accept this ({status}){said}")


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """The body as far as the limit; one that is longer is no JSON then."""
    parts, size = [], 0
    async for part in response.content.iter_chunked(64 * 1024):
        parts.append(part)
        size += len(part)
        if size > _BODY_MAX:
            break
    return b"".join(parts)


def _json(body: bytes) -> Any:
    """None for what is no JSON, such as the page of a proxy."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _why(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error.strerror or "no connection"
    return "the connection broke" if isinstance(error, aiohttp.ClientConnectionError | OSError) else "a broken answer"
