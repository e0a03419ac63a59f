"""Misbehaviour on demand: the next requests that match a rule fail in the way that it says."""

import asyncio
import base64
import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Work = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Fault:
    """One rule. `match` is a part of the path; an empty `method` means every method; `skip` requests pass it first.

    `status` answers instead of doing the work: with `json` or with `text` as an HTML page where it is given, or with
    the bytes of `base64`, and with `headers`. `delay_s` waits first; `cut` drops the connection without doing the
    work; `lose_answer` does the work and then drops the connection. `acts` does the work and then answers `status`.
    `act` is what happens meanwhile: one of the system's acts with its `arguments`, done before all else.
    """

    match: str
    times: int = 1
    skip: int = 0
    method: str = ""
    status: int = 0
    text: str = ""
    json: Any = None
    base64: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: int | None = None
    delay_s: float = 0.0
    lose_answer: bool = False
    cut: bool = False
    acts: bool = False
    act: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)


def fault_from(body: dict[str, Any]) -> Fault:
    """The rule that a control request describes; ValueError names a wrong or missing key."""
    unknown = set(body) - set(Fault.__dataclass_fields__)
    if unknown or not isinstance(body.get("match"), str):
        allowed = ", ".join(Fault.__dataclass_fields__)
        raise ValueError(f"a fault needs match, and allows only: {allowed}")
    return Fault(**body)


class Faults:
    """The rules in force, oldest first; each is used up after `times` requests.

    `body` words an error as the system that is stood in for does; `acts` are what can happen there, by name.
    """

    def __init__(self, body: Callable[[int], dict[str, Any]] | None = None) -> None:
        self._rules: list[Fault] = []
        self._body = body or _told
        self.acts: Mapping[str, Callable[..., Any]] = {}

    def add(self, fault: Fault) -> None:
        """Raises ValueError for an act that there is not or a body that is no base64, TypeError for other arguments."""
        if fault.act and fault.act not in self.acts:
            raise ValueError(f"no such act; there are {', '.join(self.acts)}")
        if fault.act:
            inspect.signature(self.acts[fault.act]).bind(**fault.arguments)
        base64.b64decode(fault.base64 or "", validate=True)
        self._rules.append(fault)

    def clear(self) -> None:
        self._rules.clear()

    def take(self, method: str, path: str) -> Fault | None:
        for rule in self._rules:
            if rule.match in path and rule.method.upper() in ("", method):
                if rule.skip:
                    rule.skip -= 1
                    continue
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
        if fault.act:
            self.acts[fault.act](**fault.arguments)
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
        waits = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        content, kind = self._content(fault)
        headers = {"Content-Type": kind, **waits, **fault.headers}
        return web.Response(body=content, status=fault.status, headers=headers)

    def _content(self, fault: Fault) -> tuple[bytes, str]:
        if fault.base64 is not None:
            return base64.b64decode(fault.base64), "application/octet-stream"
        if fault.text:
            return fault.text.encode(), "text/html; charset=utf-8"
        content = self._body(fault.status) if fault.json is None else fault.json
        return json.dumps(content).encode(), "application/json; charset=utf-8"


def _told(status: int) -> dict[str, Any]:
    return {"error": "Fault", "description": f"The sandbox was told to answer {status}"}


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
