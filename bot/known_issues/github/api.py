"""GitHub's REST API on gidgethub: one request at a time, what is unchanged costs nothing, failures in words."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator, Mapping, MutableMapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import aiohttp
from gidgethub import HTTPException, RedirectionException
from gidgethub.abc import GitHubAPI
from gidgethub.sansio import RateLimit

from bot.clock import Clock
from bot.http_json import USER_AGENT, WAIT_MAX_S, JsonAnswer, retry_after_s
from bot.known_issues.github.wire import SYSTEM, next_query, page_of, rerooted, rows_of
from bot.known_issues.tracker import TrackerError
from bot.known_issues.transport import TrackerRefused, TrackerTransport
from bot.known_issues.wire import circular
from bot.loose_json import items, line, mapping
from bot.paging import PAGES_MAX, Trail

REDIRECTS_MAX = 4
SECONDARY_S = 60.0
"""How long to wait where GitHub names no time (docs: best practices for using the REST API)."""
KEPT_ROWS = 1_500
"""About 20 MB of issues."""
_VERSION = {"x-github-api-version": "2022-11-28"}
_STATUSES = frozenset(status.value for status in HTTPStatus)
_JSON = "application/json; charset=utf-8"

_Kept = tuple[str | None, str | None, Any, str | None]


class GitHubApi(GitHubAPI):
    """gidgethub with our own transport, since GitHub asks for serial requests.

    `url` is the API's base: "https://api.github.com", "https://github.example.com/api/v3". The session stays the
    caller's.
    """

    def __init__(
        self, *, session: aiohttp.ClientSession, url: str, token: str, clock: Clock, timeout_s: float = 20.0
    ) -> None:
        super().__init__(USER_AGENT, oauth_token=token or None, cache=_Recent(), base_url=url.rstrip("/"))
        self.transport = TrackerTransport(session=session, system=SYSTEM, clock=clock, timeout_s=timeout_s)
        self._clock = clock
        self.quota: RateLimit | None = None

    async def page(self, path: str) -> tuple[Any, str]:
        """Returns what `path` holds, and the query of its next page ("" on the last). Raises TrackerError."""
        data, more = await self._asked("GET", path, b"")
        return data, next_query(path.partition("?")[2], more) if more else ""

    async def pages(self, path: str, query: str, *, most: int = PAGES_MAX) -> AsyncIterator[list[Any]]:
        """The rows of each page, of `most` at the most. Raises TrackerError, also where pages lead in a circle."""
        trail = Trail(page_of(query))
        for _ in range(most):
            answer, query = await self.page(f"{path}?{query}")
            yield rows_of(answer)
            if not query:
                return
            if trail.circles(page_of(query)):
                raise circular(SYSTEM)

    async def write(self, path: str, data: Mapping[str, Any]) -> Any:
        """Raises TrackerError; where its `retry` is true, it may have been written all the same."""
        return (await self._asked("POST", path, dict(data)))[0]

    async def change(self, path: str, data: Mapping[str, Any]) -> Any:
        """Set parts of what `path` holds. Raises as `write`."""
        return (await self._asked("PATCH", path, dict(data)))[0]

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _asked(self, method: str, path: str, data: Any) -> tuple[Any, str | None]:
        """Follows moved repositories and issues, and never to another host: the token stays where it belongs."""
        for _ in range(REDIRECTS_MAX):
            try:
                answer, more, _status = await self._make_request(
                    method, path, None, data, "application/vnd.github+json", extra_headers=dict(_VERSION)
                )
                return answer, more
            except RedirectionException as moved:
                path = rerooted(moved.headers.get("location", ""))
                if not path:
                    raise TrackerError(SYSTEM, "it redirects to somewhere else", retry=False) from None
            except HTTPException as error:
                raise self._failure(error) from None
            except (ValueError, RecursionError):
                raise TrackerError(SYSTEM, "an answer that is no JSON", retry=True) from None
        raise TrackerError(SYSTEM, "it redirects in a circle", retry=False)

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        answer = await self.transport.send(method, url, headers=headers, body=body or None)
        if answer.status not in _STATUSES:
            raise TrackerError(SYSTEM, f"it answered {answer.status}", retry=answer.status >= 500)
        plain = _plain_headers(answer)
        self._read_quota(plain)
        content = answer.body if answer.status < HTTPStatus.MULTIPLE_CHOICES else _said(answer)
        return answer.status, plain, content

    def _read_quota(self, headers: Mapping[str, str]) -> None:
        """gidgethub's own count takes a 304 for a request that costs."""
        self.quota = RateLimit.from_http(headers) or self.quota

    def _failure(self, error: HTTPException) -> TrackerError:
        status, said = int(error.status_code), str(error)
        wait_s = self._asked_to_wait(status, said, error.headers)
        if wait_s is not None:
            return self.transport.silent_for(wait_s, status)
        match status:
            case HTTPStatus.UNAUTHORIZED:
                return TrackerRefused(SYSTEM, status, "it refused GITHUB_TOKEN (401)")
            case HTTPStatus.FORBIDDEN:
                return TrackerRefused(SYSTEM, status, f"GITHUB_TOKEN does not allow this (403: {said})")
            case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
                return TrackerRefused(SYSTEM, status, "there is nothing there, or GITHUB_TOKEN may not see it")
            case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return TrackerError(SYSTEM, f"it has a fault of its own ({status})", retry=True)
            case _:
                return TrackerRefused(SYSTEM, status, f"it did not accept this ({status}: {said})")

    def _asked_to_wait(self, status: int, said: str, headers: Mapping[str, str]) -> float | None:
        """Seconds, where this is one of its limits: the hourly quota, or the secondary one against bursts."""
        if status not in (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS):
            return None
        if (asked_s := retry_after_s(headers, self._clock())) is not None:
            return asked_s
        if headers.get("x-ratelimit-remaining") == "0" and (reset := headers.get("x-ratelimit-reset")):
            left = datetime.fromtimestamp(int(reset), UTC) - self._clock()
            return min(max(left.total_seconds(), 1.0), WAIT_MAX_S)
        limited = status == HTTPStatus.TOO_MANY_REQUESTS or "rate limit" in said.casefold()
        return SECONDARY_S if limited else None


class _Recent(MutableMapping[str, _Kept]):
    """The newest answers with their ETags. A page that has a next one is not kept: a sync passes it once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._rows = 0

    def __getitem__(self, url: str) -> _Kept:
        self._kept.move_to_end(url)
        return self._kept[url]

    def __setitem__(self, url: str, answer: _Kept) -> None:
        self.pop(url, None)
        if answer[3] is None:
            self._kept[url] = answer
            self._rows += _size(answer)
        while self._rows > KEPT_ROWS:
            del self[next(iter(self._kept))]

    def __delitem__(self, url: str) -> None:
        self._rows -= _size(self._kept.pop(url))

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def _size(answer: _Kept) -> int:
    return 1 + len(items(answer[2]))


def _plain_headers(answer: JsonAnswer) -> dict[str, str]:
    """Returns headers that gidgethub can read: invalid numbers and unknown charsets would be errors there."""
    limits = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    kept = {name: value for name, value in headers.items() if name not in limits or _whole(value)}
    return kept | {"content-type": _JSON}


def _said(answer: JsonAnswer) -> bytes:
    """The message of an error's body and those of its fields, in a shape that is always the same."""
    error = mapping(answer.json())
    fields = [
        line(mapping(part).get("message")) or line(mapping(part).get("code")) for part in items(error.get("errors"))
    ]
    said = "; ".join(part for part in (line(error.get("message")), *fields) if part)
    return json.dumps({"message": line(said) or "no reason given"}).encode()


def _whole(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 11
