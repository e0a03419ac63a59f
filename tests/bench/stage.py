"""A bot after a busy year with its pages served, its Slack, and people who look: what rows about pages stand on."""

import asyncio
import contextlib
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.clock import system_clock
from bot.database import Database
from bot.logins.model import SessionKind, digest_of, new_secret
from bot.logins.store import SessionStore
from bot.sandbox.free_port import free_port
from tests.bench.seed.cache import TARGETS, TEAMS, seeded_copy
from tests.bench.subject import Subject, subject, switchboard
from tests.bench.switchboard import MANAGER, PEOPLE, TIER1
from tests.eventually import eventually

SCREENS = 12
BOARDS = 200


@dataclass(frozen=True, slots=True)
class Secrets:
    """Keys of sessions, by who has them."""

    screens: tuple[str, ...]
    tier1: tuple[str, ...]
    tier2: tuple[str, ...]
    manager: str

    @property
    def boards(self) -> list[list[str]]:
        """Two hundred boards: the screens, everybody of Tier 1 and Tier 2, and some with two of them open."""
        people = [*self.tier1, *self.tier2, self.manager]
        secrets = [*self.screens, *people, *self.tier2]
        secrets += people[: max(0, BOARDS - len(secrets))]
        return [["/board", secret] for secret in secrets[:BOARDS]]


class Audience:
    """Another process: people who look at pages."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, do: str, **arguments: Any) -> dict[str, Any]:
        """What it did. Raises TimeoutError."""
        await self.tell({"do": do, **arguments})
        assert self._process.stdout
        async with asyncio.timeout(120):
            line = await self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def tell(self, line: dict[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        await self._process.stdin.drain()


@dataclass(frozen=True, slots=True)
class Stage:
    """`audience` has boards open. `readers` load pages and search, in a process of their own: they have machines of
    their own, and must not wait until two hundred boards are drawn before they see that an answer has come."""

    bot: Subject
    audience: Audience
    readers: Audience
    secrets: Secrets
    seeded_s: float


@contextlib.asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Raises CannotRun."""
    port, made = free_port(), list[tuple[Secrets, float]]()
    settings = f'\n[web]\nport = {port}\npublic_url = "http://127.0.0.1:{port}"\ntier1 = ["tier1"]\n'
    environment = {"SLACK_LOGIN_CLIENT_ID": "bench", "SLACK_LOGIN_CLIENT_SECRET": "bench"}
    environment |= {"SECONDLINE_LINK_SECRET": "x" * 32}

    def prepared(path: Path) -> None:
        seconds = seeded_copy(path, config=path.with_name("secondline.toml"))
        made.append((_sessions(path), seconds))

    async with (
        switchboard() as slack,
        subject(slack, targets=TARGETS, teams=TEAMS, extra=environment, settings=settings, prepared=prepared) as bot,
    ):
        with _on_the_last_core():
            async with _audience(port) as audience, _audience(port) as readers:
                await eventually(lambda: _listens(bot), within_s=30.0)
                yield Stage(bot, audience, readers, *made[0])


@contextlib.contextmanager
def _on_the_last_core() -> Iterator[None]:
    """This process, and those that it starts within, leave the other cores to the bot: people who look at pages and
    Slack have machines of their own."""
    if not (pins := getattr(os, "sched_setaffinity", None)) or len(cores := os.sched_getaffinity(0)) < 2:
        yield
        return
    pins(0, {max(cores)})
    try:
        yield
    finally:
        pins(0, cores)


def _listens(bot: Subject) -> bool:
    """The port is open after the connection to Slack."""
    return "connected;" in bot.bot.output


def _sessions(path: Path) -> Secrets:
    """Everybody is signed in."""
    database = Database(path)
    store = SessionStore(database=database, clock=system_clock)

    def session(kind: SessionKind, user: str, name: str = "") -> str:
        secret = new_secret()
        lasts = None if kind is SessionKind.SCREEN else timedelta(hours=12)
        store.begin(digest_of(secret), kind, user=user, name=name, lasts=lasts)
        return secret

    with database.transaction():
        made = Secrets(
            screens=tuple(session(SessionKind.SCREEN, MANAGER, f"screen {number}") for number in range(SCREENS)),
            tier1=tuple(session(SessionKind.PERSON, user) for user in TIER1),
            tier2=tuple(session(SessionKind.PERSON, user) for user in PEOPLE if user != MANAGER),
            manager=session(SessionKind.PERSON, MANAGER),
        )
    database.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return made


@contextlib.asynccontextmanager
async def _audience(port: int) -> AsyncIterator[Audience]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.viewers",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**24,
    )
    audience = Audience(process)
    try:
        await audience.tell({"host": "127.0.0.1", "port": port})
        yield audience
    finally:
        process.kill()
        await process.wait()
