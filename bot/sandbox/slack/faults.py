"""Misbehaviour on demand: what the next matching requests suffer."""

import asyncio
import fnmatch
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.slack.errors import refuse_arguments

PLACES = ("api", "socket", "events", "interactions", "upload", "respond")


@dataclass(slots=True)
class Fault:
    """`cut` drops the connection before any work; `lose_answer` works and drops the answer.

    For events `cut` closes the connection that would carry one, `redeliver` sends it again although it was acked.
    Interactions, whose `method` is the payload's type or a command, can only lose their answer.
    """

    where: str
    method: str = "*"
    times: int = 1
    status: int = 0
    error: str = ""
    retry_after: int = 0
    delay_s: float = 0.0
    lose_answer: bool = False
    cut: bool = False
    redeliver: bool = False


def fault_from(body: dict[str, Any]) -> Fault:
    unknown = set(body) - set(Fault.__dataclass_fields__)
    if unknown or body.get("where") not in PLACES:
        raise refuse_arguments(f"a fault has {', '.join(Fault.__dataclass_fields__)}; where is one of {PLACES}")
    return Fault(**body)


class Faults:
    """The rules, oldest first; each is used up after `times` matches."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._rules.append(fault)

    def clear(self) -> None:
        self._rules.clear()

    def take(self, where: str, method: str = "") -> Fault | None:
        for rule in self._rules:
            if rule.where == where and fnmatch.fnmatch(method, rule.method):
                rule.times -= 1
                if rule.times <= 0:
                    self._rules.remove(rule)
                return rule
        return None


def drop(request: web.Request) -> web.Response:
    """Cut the connection without an answer; what is returned is never sent."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def suffer(
    fault: Fault | None, request: web.Request, work: Callable[[], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Run `work` under `fault`."""
    if fault is None:
        return await work()
    if fault.delay_s:
        await asyncio.sleep(fault.delay_s)
    if fault.cut:
        return drop(request)
    refusal = refusal_of(fault)
    if refusal is not None:
        return refusal
    answer = await work()
    return drop(request) if fault.lose_answer else answer


def refusal_of(fault: Fault) -> web.Response | None:
    if fault.retry_after or fault.status == 429:
        headers = {"Retry-After": str(fault.retry_after or 1)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    if fault.status:
        return web.Response(status=fault.status, text=fault.error or "")
    if fault.error:
        return web.json_response({"ok": False, "error": fault.error})
    return None
