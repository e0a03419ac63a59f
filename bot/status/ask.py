"""One question to a status source over HTTP, and what went wrong with it in words."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.clock import Clock
from bot.http_json import HttpJson, JsonAnswer, NoAnswer, Unreachable, retry_after_s
from bot.loose_json import line
from bot.status.source import SourceError


class Asker:
    """Asks one source; `system` is its name for people, `redirects` whether it may send us elsewhere."""

    def __init__(
        self, *, session: aiohttp.ClientSession, system: str, clock: Clock, token: str = "", redirects: bool = False
    ) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._http = HttpJson(session=session, system=system, headers=headers, redirects=redirects)
        self._system = system
        self._clock = clock
        self._has_token = bool(token)

    async def get(self, url: str, *, params: Sequence[tuple[str, str]] = (), etag: str = "") -> JsonAnswer:
        """Only 200 and 304 come back. Raises SourceError."""
        return await self._ask("GET", url, params=params, headers={"if-none-match": etag} if etag else {})

    async def post(self, url: str, body: object) -> JsonAnswer:
        return await self._ask("POST", url, json=body)

    async def delete(self, url: str) -> JsonAnswer:
        return await self._ask("DELETE", url)

    def failed(self, reason: str, *, retry: bool = True, retry_after_s: float | None = None) -> SourceError:
        return SourceError(self._system, reason, retry=retry, retry_after_s=retry_after_s)

    async def _ask(self, method: str, url: str, **more: Any) -> JsonAnswer:
        try:
            answer = await self._http.ask(method, url, **more)
        except Unreachable as error:
            raise self.failed(f"unreachable, {error.why}") from error
        except NoAnswer as error:
            raise self.failed(error.reason, retry=error.retry) from error
        if answer.status in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            return answer
        raise self._refused(answer)

    def _refused(self, answer: JsonAnswer) -> SourceError:
        status, said = answer.status, _said(answer.json())
        passing = status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        match status:
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
                words = "refused the token" if self._has_token else "wants a login"
            case HTTPStatus.NOT_FOUND:
                words = "has nothing at this address"
            case HTTPStatus.TOO_MANY_REQUESTS:
                words = "asks to slow down"
            case _ if status < HTTPStatus.BAD_REQUEST:
                words = "sends us elsewhere, as a login page does"
            case _:
                words = "answered with an error"
        wait_s = retry_after_s(answer.headers, self._clock())
        return self.failed(f"{words} ({status}{said})", retry=passing, retry_after_s=wait_s)


def _said(payload: object) -> str:
    """Alertmanager explains itself in a JSON string, others in a field."""
    reason = payload.get("message") or payload.get("error") if isinstance(payload, dict) else payload
    text = line(reason, 150)
    return f": {text}" if text else ""
