"""A Globalping on a free port, and the bot's adapter on it."""

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import aiohttp
from aiohttp import web

from bot.clock import system_clock
from bot.probes.globalping.api import GlobalpingApi
from bot.probes.globalping.client import GlobalpingProber
from bot.probes.globalping.public_only import PublicOnly
from bot.probes.globalping.quota import Quota
from bot.probes.model import Subject
from bot.probes.places import PlaceProgress, PlaceRun
from bot.probes.policy import ProbePolicy
from bot.sandbox.globalping.server import GlobalpingSandbox
from tests.loopback import served

EAST, EAST_2, WEST = "127.0.21.1", "127.0.21.2", "127.0.22.1"
RECORDS = {
    "us-east.harbor.example": (EAST, EAST_2),
    "www.harbor.example": ("127.0.0.1",),
    "us-west.harbor.example": (WEST,),
}
US_EAST = Subject("U.S. East", addresses=(EAST,), trusted=True, remote=True)
US_WEST = Subject("U.S. West", addresses=(WEST,), trusted=True, remote=True)


async def first(addresses: tuple[str, ...]) -> tuple[str, str]:
    return addresses[0], ""


@dataclass
class Loopback:
    """The adapter under test and what stands behind it."""

    globalping: GlobalpingProber
    sandbox: GlobalpingSandbox
    quota: Quota

    async def measure(
        self,
        kind: str,
        subject: Subject = US_EAST,
        *,
        place: str = "Berlin",
        limit: int = 1,
        reuse: str = "",
        progress: PlaceProgress = lambda _run: None,
    ) -> PlaceRun:
        return await self.globalping.measure(kind, subject, place=place, limit=limit, reuse=reuse, progress=progress)


async def resolve(host: str) -> list[str]:
    """Names of the sandbox have an address, others don't exist."""
    if host not in RECORDS:
        raise OSError(host)
    return list(RECORDS[host])


def globalping(
    session: aiohttp.ClientSession,
    url: str,
    quota: Quota,
    *,
    token: str = "",
    allow: tuple[str, ...] = ("127.0.0.0/8",),
) -> GlobalpingProber:
    return GlobalpingProber(
        api=GlobalpingApi(session=session, url=url, token=token, quota=quota),
        public=PublicOnly(policy=ProbePolicy(allow_networks=allow, resolve=resolve)),
        choose=first,
        clock=system_clock,
        pause_s=0.5,
        patience_s=2.0,
    )


@contextlib.asynccontextmanager
async def on_loopback(
    *, speed: float = 20.0, token: str = "", allow: tuple[str, ...] = ("127.0.0.0/8",)
) -> AsyncIterator[Loopback]:
    """`speed` makes measurements as many times faster than the real ones."""
    sandbox = GlobalpingSandbox(clock=system_clock, records=RECORDS, speed=speed)
    quota = Quota(clock=system_clock, zone=UTC)
    async with served(sandbox.routes()) as url, aiohttp.ClientSession() as session:
        yield Loopback(globalping(session, url, quota, token=token, allow=allow), sandbox, quota)


@contextlib.asynccontextmanager
async def answering(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]], *, token: str = ""
) -> AsyncIterator[GlobalpingProber]:
    """The adapter with a server that answers everything with `answer`."""
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    quota = Quota(clock=system_clock, zone=UTC)
    async with served(app) as url, aiohttp.ClientSession() as session:
        yield globalping(session, url, quota, token=token)


def as_json(value: Any, status: int = 200, **headers: str) -> web.Response:
    text = json.dumps(value)
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return web.Response(text=text, status=status, headers=named, content_type="application/json")
