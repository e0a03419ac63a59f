"""Webhooks on their way: bodies are signed, sent one after the other, and what came of each is kept."""

import asyncio
import hashlib
import hmac
import json
import uuid
from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

KEPT_MAX = 1_000


@dataclass(slots=True)
class Delivery:
    """One webhook. `outcome` is the receiver's HTTP status, or why there was none; "" while it waits."""

    id: str
    url: str
    headers: dict[str, str]
    body: bytes
    attempts: int = 0
    outcome: str = ""


@dataclass(slots=True)
class Hook:
    """Where webhooks go and with what secret; without `url` nothing is sent."""

    url: str = ""
    secret: str = ""
    form: bool = False
    """The JSON as the field `payload` of a form, which is GitHub's default."""


@dataclass(slots=True)
class Deliveries:
    """`attempts_max` is how often the system tries when it gets no 2xx; `pause_s` is what lies between."""

    attempts_max: int = 1
    timeout_s: float = 10.0
    pause_s: float = 0.2
    kept: deque[Delivery] = field(default_factory=lambda: deque(maxlen=KEPT_MAX))
    _waiting: deque[Delivery] = field(default_factory=deque)
    _loop: asyncio.AbstractEventLoop | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Delivery:
        """Queue one; may be called from any thread."""
        delivery = Delivery(str(uuid.uuid4()), url, dict(headers), body)
        self.kept.append(delivery)
        self._queue(delivery)
        return delivery

    def again(self, delivery_id: str) -> None:
        """Send one of `kept` once more with the same id and body; ValueError for an unknown one."""
        for delivery in self.kept:
            if delivery.id == delivery_id:
                self._queue(delivery)
                return
        raise ValueError(f"no delivery {delivery_id}")

    async def running(self, app: web.Application) -> AsyncIterator[None]:
        """Sends while the application runs."""
        self._loop = asyncio.get_running_loop()
        task = asyncio.create_task(self._send_all())
        yield
        self._loop = None
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    def _queue(self, delivery: Delivery) -> None:
        self._waiting.append(delivery)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    async def _send_all(self) -> None:
        timeout = aiohttp.ClientTimeout(total=self.timeout_s)
        async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as http:
            while True:
                while self._waiting:
                    await self._deliver(http, self._waiting.popleft())
                self._wake.clear()
                if not self._waiting:
                    await self._wake.wait()

    async def _deliver(self, http: aiohttp.ClientSession, delivery: Delivery) -> None:
        for attempt in range(self.attempts_max):
            if attempt:
                await asyncio.sleep(self.pause_s)
            delivery.attempts += 1
            delivery.outcome = await _posted(http, delivery, attempt)
            if delivery.outcome.startswith("2"):
                return


async def _posted(http: aiohttp.ClientSession, delivery: Delivery, attempt: int) -> str:
    headers = {name: value.format(id=delivery.id, retry=attempt) for name, value in delivery.headers.items()}
    try:
        async with http.post(delivery.url, data=delivery.body, headers=headers, allow_redirects=False) as answer:
            return str(answer.status)
    except (aiohttp.ClientError, TimeoutError) as error:
        return f"{type(error).__name__}: {error}"


def encoded(payload: Any, *, form: bool = False) -> bytes:
    text = json.dumps(payload)
    return urlencode({"payload": text}).encode() if form else text.encode()


def signature(secret: str, body: bytes) -> str:
    """`sha256=…` over the body as it is sent."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
