"""The HTTP side of the sandbox's Globalping: measurements, their limits, ETags and errors."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.globalping.landscape import Landscape
from bot.sandbox.globalping.probes import Probe, chosen
from bot.sandbox.globalping.requests import problems
from bot.sandbox.globalping.results import Json, duration_s, tested

TOKEN = "sandbox-globalping-token"
HOUR = timedelta(hours=1)
LOOKS_A_SECOND = 2
MEASUREMENTS_MAX = 1000
_TESTS = {False: (250, 50), True: (500, 500)}
"""Tests an hour and probes of one measurement, without and with a token."""


@dataclass(slots=True)
class _Kept:
    """One measurement with those who run it; `looks` are the latest requests for it."""

    id: str
    request: Json
    probes: tuple[Probe, ...]
    created_at: datetime
    looks: list[datetime] = field(default_factory=list)


class _Refusal(Exception):
    """An answer that is an error."""

    def __init__(
        self, status: int, kind: str, message: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, **more}}
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one request: an error of this `status`, or at 0 a broken connection.

    `method` is POST for the creation of a measurement, GET for a look at one.
    """

    method: str
    status: int = 429
    kind: str = "too_many_requests"
    retry_after_s: int | None = None


class GlobalpingSandbox:
    """`records` are the company's names, whose addresses count as public here.

    `speed` makes measurements as many times faster. `used` is how many tests of this hour are gone; `faults` come
    one after the other, each with the next request of its method.
    """

    def __init__(self, *, clock: Clock, records: Mapping[str, Sequence[str]], speed: float = 1.0) -> None:
        self._clock = clock
        self.landscape = Landscape(records)
        self._speed = speed
        self._kept: dict[str, _Kept] = {}
        self._hour_began = clock()
        self.used = 0
        self.requests: list[Json] = []
        self.faults: list[Fault] = []

    def routes(self) -> web.Application:
        """To be mounted under any prefix."""
        app = web.Application(middlewares=[self._worded])
        app.router.add_post("/v1/measurements", self._create)
        app.router.add_get("/v1/measurements/{id}", self._look)
        app.router.add_get("/v1/limits", self._limits)
        return app

    @web.middleware
    async def _worded(self, request: web.Request, handler: Any) -> web.StreamResponse:
        try:
            if not request.headers.get("User-Agent") or not request.headers.get("Accept-Encoding"):
                raise _Refusal(400, "validation_error", "Send User-Agent and Accept-Encoding.")
            self._with_token(request)
            self._fail(request)
            response: web.StreamResponse = await handler(request)
        except _Refusal as refusal:
            return web.json_response(refusal.body, status=refusal.status, headers=refusal.headers)
        except web.HTTPNotFound:
            return web.json_response({"error": {"type": "not_found", "message": "Not found."}}, status=404)
        return response

    def _fail(self, request: web.Request) -> None:
        asked = request.path.rpartition("/v1/")[2].startswith("measurements")
        fault = next((each for each in self.faults if asked and each.method == request.method), None)
        if not fault:
            return
        self.faults.remove(fault)
        if not fault.status and request.transport:
            request.transport.abort()
        headers = {} if fault.retry_after_s is None else {"Retry-After": str(fault.retry_after_s)}
        raise _Refusal(fault.status or 500, fault.kind, "", headers=headers)

    def _with_token(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization")
        if given is not None and given != f"Bearer {TOKEN}":
            raise _Refusal(401, "unauthorized", "Unauthorized.")
        return given is not None

    async def _create(self, request: web.Request) -> web.Response:
        hourly, largest = _TESTS[self._with_token(request)]
        try:
            body = await request.json()
        except ValueError:
            raise _Refusal(400, "invalid_json", "The body is no JSON.") from None
        wrong = problems(body, largest=largest, ours=self.landscape.known)
        if wrong:
            raise _Refusal(400, "validation_error", "Parameter validation failed.", params=wrong)
        found = self._probes(body)
        self._take(len(found), hourly)
        number = secrets.token_urlsafe(12).replace("-", "a").replace("_", "b")
        self._kept[number] = _Kept(number, body, tuple(found), self._clock())
        while len(self._kept) > MEASUREMENTS_MAX:
            self._kept.pop(next(iter(self._kept)))
        self.requests.append(body)
        headers = self._rate(hourly, len(found)) | {"Location": f"{request.url.origin()}{request.path}/{number}"}
        return web.json_response({"id": number, "probesCount": len(found)}, status=202, headers=headers)

    def _probes(self, body: Json) -> list[Probe]:
        locations = body.get("locations", [])
        if isinstance(locations, str):
            earlier = self._kept.get(locations)
            found = list(earlier.probes) if earlier else []
        else:
            found = chosen(locations, body.get("limit", 1))
        if not found:
            raise _Refusal(422, "no_probes_found", "No suitable probes found.")
        return found

    def _take(self, tests: int, hourly: int) -> None:
        if self._clock() - self._hour_began >= HOUR:
            self._hour_began, self.used = self._clock(), 0
        if self.used + tests > hourly:
            headers = self._rate(hourly, 0) | {"Retry-After": str(self._resets_s())}
            raise _Refusal(429, "rate_limit_exceeded", "API rate limit exceeded.", headers=headers)
        self.used += tests

    async def _look(self, request: web.Request) -> web.Response:
        kept = self._kept.get(request.match_info["id"])
        if kept is None:
            raise _Refusal(404, "not_found", "Couldn't find the requested item.")
        self._not_too_often(kept)
        text = json.dumps(self._measurement(kept))
        etag = f'W/"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        response = web.json_response(text=text, headers={"ETag": etag})
        response.enable_compression()
        return response

    def _not_too_often(self, kept: _Kept) -> None:
        now = self._clock()
        kept.looks = [each for each in kept.looks if now - each < timedelta(seconds=1)]
        if len(kept.looks) >= LOOKS_A_SECOND:
            message = "Too many requests. Please retry in 1 second."
            raise _Refusal(429, "too_many_requests", message, headers={"Retry-After": "1"})
        kept.looks.append(now)

    async def _limits(self, request: web.Request) -> web.Response:
        with_token = self._with_token(request)
        hourly, _ = _TESTS[with_token]
        left = {"limit": hourly, "remaining": max(0, hourly - self.used), "reset": self._resets_s()}
        create = {"type": "user" if with_token else "ip", **left}
        body: Json = {"rateLimit": {"measurements": {"create": create}}}
        return web.json_response(body | ({"credits": {"remaining": 0}} if with_token else {}))

    def _measurement(self, kept: _Kept) -> Json:
        passed_s = (self._clock() - kept.created_at).total_seconds() * self._speed
        share = passed_s / duration_s(kept.request)
        results = [
            {"probe": probe.wire(), "result": tested(probe, kept.request, self.landscape, share)}
            for probe in kept.probes
        ]
        return {
            "id": kept.id,
            "type": kept.request["type"],
            "status": "finished" if share >= 1.0 else "in-progress",
            "createdAt": kept.created_at.isoformat(),
            "updatedAt": kept.created_at.isoformat(),
            "target": kept.request["target"],
            "probesCount": len(kept.probes),
            "results": results,
        }

    def _rate(self, hourly: int, cost: int) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(hourly),
            "X-RateLimit-Consumed": str(cost),
            "X-RateLimit-Remaining": str(max(0, hourly - self.used)),
            "X-RateLimit-Reset": str(self._resets_s()),
            "X-Request-Cost": str(cost),
        }

    def _resets_s(self) -> int:
        return max(1, round((self._hour_began + HOUR - self._clock()).total_seconds()))
