"""Requests to a tracker: one at a time, and none while it asks for silence."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp

from bot.clock import Clock
from bot.http_json import HttpJson, JsonAnswer, NoAnswer
from bot.known_issues.tracker import TrackerError

BODY_MAX = 32 * 1024 * 1024
"""A hundred issues of 65,536 letters each, the most that GitHub takes, with what surrounds them."""


class TrackerRefused(TrackerError):
    """The tracker said no with an HTTP `status`, and will again."""

    def __init__(self, system: str, status: int, reason: str) -> None:
        super().__init__(system, reason, retry=False)
        self.status = status

    @property
    def gone(self) -> bool:
        return self.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class TrackerTransport:
    """Asks one tracker, and keeps the silence that it asks for: who asks on while it refuses is banned."""

    def __init__(self, *, session: aiohttp.ClientSession, system: str, clock: Clock, timeout_s: float) -> None:
        self._http = HttpJson(session=session, system=system, timeout_s=timeout_s, body_max=BODY_MAX)
        self._system = system
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._silent_until: datetime | None = None

    async def send(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None) -> JsonAnswer:
        """An answer of any status; redirects are not followed. Raises TrackerError."""
        async with self._one_at_a_time:
            if self._silent_until and (left_s := (self._silent_until - self._clock()).total_seconds()) > 0:
                reason = "its limit of requests is used up"
                raise TrackerError(self._system, reason, retry=True, retry_after_s=left_s)
            try:
                return await self._http.ask(method, url, headers=headers, body=body)
            except NoAnswer as error:
                raise TrackerError(self._system, error.reason, retry=error.retry) from error

    def silent_for(self, wait_s: float, status: int) -> TrackerError:
        """Ask nothing for so long; the error that says so."""
        self._silent_until = self._clock() + timedelta(seconds=wait_s)
        return TrackerError(self._system, f"it asks to slow down ({status})", retry=True, retry_after_s=wait_s)

    def hurry(self) -> None:
        """Forget the silence: a person wants to know whether it answers."""
        self._silent_until = None
