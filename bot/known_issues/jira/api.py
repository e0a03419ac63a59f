"""Jira Cloud's REST API: one request at a time, what went wrong in words."""

import asyncio
import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.clock import Clock
from bot.known_issues.tracker import TrackerError
from bot.known_issues.transport import USER_AGENT, Answer, sent
from bot.loose_json import line, lines, mapping

SYSTEM = "Jira"
LIMIT_S = 60.0
"""Where a 429 names no time."""
WAIT_MAX_S = 3_600.0


class JiraRefused(TrackerError):
    """Jira said no with an HTTP `status`, and will again."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(SYSTEM, reason, retry=False)
        self.status = status


class JiraApi:
    """`url` is the site: "https://northwind.atlassian.net". `email` and `token` are those of one account."""

    def __init__(
        self, *, session: aiohttp.ClientSession, url: str, email: str, token: str, clock: Clock, timeout_s: float = 20.0
    ) -> None:
        self._session = session
        self.url = url.rstrip("/")
        self._authorization = "Basic " + base64.b64encode(f"{email}:{token}".encode()).decode()
        self._clock = clock
        self._timeout_s = timeout_s
        self._one_at_a_time = asyncio.Lock()
        self._silent_until: datetime | None = None

    async def get(self, path: str) -> Any:
        """`path` begins after /rest/api/3/. Raises TrackerError."""
        return await self._asked("GET", path, None)

    async def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Raises TrackerError; where its `retry` is true, it may have been done all the same."""
        return await self._asked("POST", path, json.dumps(body).encode())

    async def put(self, path: str, body: Mapping[str, Any]) -> None:
        """Set what `path` holds; it answers nothing. Raises TrackerError."""
        await self._asked("PUT", path, json.dumps(body).encode())

    async def _asked(self, method: str, path: str, body: bytes | None) -> Any:
        headers = {"user-agent": USER_AGENT, "accept": "application/json", "authorization": self._authorization}
        if body is not None:
            headers["content-type"] = "application/json"
        async with self._one_at_a_time:
            self._keep_silent()
            answer = await sent(
                self._session,
                method,
                f"{self.url}/rest/api/3/{path}",
                system=SYSTEM,
                headers=headers,
                body=body,
                timeout_s=self._timeout_s,
            )
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            raise self._failure(answer)
        found = answer.json() if answer.status != HTTPStatus.NO_CONTENT else {}
        if found is None:
            raise TrackerError(SYSTEM, "an answer that is no JSON: check JIRA_URL", retry=True)
        return found

    def hurry(self) -> None:
        """Forget the silence that it asked for: a person wants to know whether it answers."""
        self._silent_until = None

    def _keep_silent(self) -> None:
        if self._silent_until and (left_s := (self._silent_until - self._clock()).total_seconds()) > 0:
            raise TrackerError(SYSTEM, "its limit of requests is used up", retry=True, retry_after_s=left_s)

    def _failure(self, answer: Answer) -> TrackerError:
        status, said = answer.status, _said(answer)
        match status:
            case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.SERVICE_UNAVAILABLE if (
                status == HTTPStatus.TOO_MANY_REQUESTS or "retry-after" in answer.headers
            ):
                wait_s = _seconds(answer.headers.get("retry-after", ""))
                self._silent_until = self._clock() + timedelta(seconds=wait_s)
                return TrackerError(SYSTEM, f"it asks to slow down ({status})", retry=True, retry_after_s=wait_s)
            case HTTPStatus.UNAUTHORIZED:
                return JiraRefused(status, "it refused JIRA_EMAIL and JIRA_TOKEN (401)")
            case HTTPStatus.FORBIDDEN:
                return JiraRefused(status, f"the account of JIRA_EMAIL may not do this (403{said})")
            case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
                return JiraRefused(status, "there is nothing there, or the account of JIRA_EMAIL may not see it")
            case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return TrackerError(SYSTEM, f"it has a fault of its own ({status})", retry=True)
            case _:
                return JiraRefused(status, f"it did not accept this ({status}{said})")


def _said(answer: Answer) -> str:
    """What Jira's error says of the request, and of single fields."""
    told = mapping(answer.json())
    fields = [f"{line(name, 60)}: {line(value)}" for name, value in mapping(told.get("errors")).items()]
    said = "; ".join([*lines(told.get("errorMessages")), *fields])
    return f": {line(said)}" if said else ""


def _seconds(after: str) -> float:
    return min(float(after), WAIT_MAX_S) if after.isascii() and after.isdigit() and len(after) < 9 else LIMIT_S
