"""Jira Cloud's REST API: one request at a time, what went wrong in words."""

import base64
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.clock import Clock
from bot.http_json import JsonAnswer, retry_after_s
from bot.known_issues.jira.wire import SYSTEM
from bot.known_issues.tracker import TrackerError
from bot.known_issues.transport import TrackerRefused, TrackerTransport
from bot.loose_json import line, lines, mapping

LIMIT_S = 60.0
"""How long to wait after a 429 that names no time."""


class JiraApi:
    """`url` is the site: "https://harbor.atlassian.net". `email` and `token` are those of one account."""

    def __init__(
        self, *, session: aiohttp.ClientSession, url: str, email: str, token: str, clock: Clock, timeout_s: float = 20.0
    ) -> None:
        self.transport = TrackerTransport(session=session, system=SYSTEM, clock=clock, timeout_s=timeout_s)
        self.url = url.rstrip("/")
        self._authorization = "Basic " + base64.b64encode(f"{email}:{token}".encode()).decode()
        self._clock = clock

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
        headers = {"authorization": self._authorization}
        if body is not None:
            headers["content-type"] = "application/json"
        answer = await self.transport.send(method, f"{self.url}/rest/api/3/{path}", headers=headers, body=body)
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            raise self._failure(answer)
        said = answer.json() if answer.status != HTTPStatus.NO_CONTENT else {}
        if said is None:
            raise TrackerError(SYSTEM, "an answer that is no JSON: check JIRA_URL", retry=True)
        return said

    def _failure(self, answer: JsonAnswer) -> TrackerError:
        status, said = answer.status, _said(answer)
        match status:
            case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.SERVICE_UNAVAILABLE if (
                status == HTTPStatus.TOO_MANY_REQUESTS or "retry-after" in answer.headers
            ):
                asked_s = retry_after_s(answer.headers, self._clock())
                return self.transport.silent_for(LIMIT_S if asked_s is None else asked_s, status)
            case HTTPStatus.UNAUTHORIZED:
                return TrackerRefused(SYSTEM, status, "it refused JIRA_EMAIL and JIRA_TOKEN (401)")
            case HTTPStatus.FORBIDDEN:
                return TrackerRefused(SYSTEM, status, f"the account of JIRA_EMAIL may not do this (403{said})")
            case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
                return TrackerRefused(
                    SYSTEM, status, "there is nothing there, or the account of JIRA_EMAIL may not see it"
                )
            case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return TrackerError(SYSTEM, f"it has a fault of its own ({status})", retry=True)
            case _:
                return TrackerRefused(SYSTEM, status, f"it did not accept this ({status}{said})")


def _said(answer: JsonAnswer) -> str:
    """Returns what Jira's error says of the request, and of single fields."""
    error = mapping(answer.json())
    fields = [f"{line(name, 60)}: {line(value)}" for name, value in mapping(error.get("errors")).items()]
    said = "; ".join([*lines(error.get("errorMessages")), *fields])
    return f": {line(said)}" if said else ""
