"""Misbehaviour on demand: the next requests that match a rule fail in the way that it says."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

Work = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Fault:
    """One rule. `match` is a part of the path; an empty `method` means every method.

    `status` answers instead of doing the work, with `text` as an HTML page where it is given; `delay_s` waits first;
    `cut` drops the connection without doing the work; `lose_answer` does the work and then drops the connection.
    `acts` does the work and then answers `status`.
    """

    match: str
    times: int = 1
    method: str = ""
    status: int = 0
    text: str = ""
    retry_after: int | None = None
    delay_s: float = 0.0
    lose_answer: bool = False
    cut: bool = False
    acts: bool = False


def fault_from(body: dict[str, Any]) -> Fault:
    """The rule that a control request describes; ValueError names a wrong or missing key."""
    unknown = set(body) - set(Fault.__dataclass_fields__)
    if unknown or not isinstance(body.get("match"), str):
        allowed = ", ".join(Fault.__dataclass_fields__)
        raise ValueError(f"a fault needs match, and allows only: {allowed}")
    return Fault(**body)


class Faults:
    """The rules in force, oldest first; each is used up after `times` requests.

    `body` words an error as the system that is stood in for does.
    """

    def __init__(self, body: Callable[[int], dict[str, Any]] | None = None) -> None:
        self._rules: list[Fault] = []
        self._body = body or _told

    def add(self, fault: Fault) -> None:
        self._rules.append(fault)

    def clear(self) -> None:
        self._rules.clear()

    def take(self, method: str, path: str) -> Fault | None:
        for rule in self._rules:
            if rule.match in path and rule.method.upper() in ("", method):
                rule.times -= 1
                if rule.times <= 0:
                    self._rules.remove(rule)
                return rule
        return None

    async def through(self, request: web.Request, work: Work) -> web.StreamResponse:
        """Answer a request, as the first matching rule wants it."""
        fault = self.take(request.method, request.path)
        if fault is None:
            return await work(request)
        if fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault.cut:
            return _cut(request)
        if fault.status:
            if fault.acts:
                await work(request)
            return self._failed(fault)
        answer = await work(request)
        return _cut(request) if fault.lose_answer else answer

    def _failed(self, fault: Fault) -> web.Response:
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        if fault.text:
            return web.Response(text=fault.text, status=fault.status, headers=headers, content_type="text/html")
        return web.json_response(self._body(fault.status), status=fault.status, headers=headers)


def _told(status: int) -> dict[str, Any]:
    return {"error": "Fault", "description": f"The sandbox was told to answer {status}"}


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
