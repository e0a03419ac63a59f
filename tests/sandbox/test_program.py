"""`secondline sandbox` as people start it: a process of its own, with the real bot."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.eventually import eventually

# As root it builds a lab of routers, and two labs that are built at once can choose the same part of the network.
pytestmark = [pytest.mark.story, pytest.mark.xdist_group("program")]


DEADLINE_S = 60.0
"""Two processes import everything: two seconds on an idle machine."""


class Program:
    """The process and the lines that it has printed so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.lines.append(line.decode().rstrip())

    async def opened(self) -> str:
        """The address that was printed."""
        await eventually(lambda: any(line.startswith("Open http") for line in self.lines), within_s=DEADLINE_S)
        return next(line.removeprefix("Open ") for line in self.lines if line.startswith("Open http"))

    def send(self, number: int) -> None:
        """Not by `send_signal`: it polls first, and what it reaps then, asyncio takes for an unknown child."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, number)

    async def end(self, number: int = signal.SIGTERM) -> int:
        """Ask to end, and once more when the bot still has something to finish."""
        self.send(number)
        await eventually(lambda: self._reading.done() or "again ends it" in "".join(self.lines), within_s=DEADLINE_S)
        self.send(number)
        async with asyncio.timeout(DEADLINE_S):
            await self._reading
            return await self.process.wait()


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--port", "0", "--fast"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "HTTP_PROXY": "http://127.0.0.1:9", "SLACK_BOT_TOKEN": "xoxb-of-another-bot"},
    )
    started = Program(process)
    yield started
    await started.end()


async def test_it_opens_with_the_real_bot_and_ends_on_sigterm(program: Program) -> None:
    """One address after the bot has connected; SIGTERM ends both, and that is a success."""
    await program.opened()
    status = await program.end()

    assert status == 0
    assert len([line for line in program.lines if re.search(r"https?://", line)]) == 1
    assert not any("killed" in line or "ended" in line.split(".")[0] for line in program.lines)


async def test_ctrl_c_ends_it(program: Program) -> None:
    """SIGINT is no traceback."""
    await program.opened()

    assert await program.end(signal.SIGINT) == 0
    assert not any("Traceback" in line for line in program.lines)


async def test_investigate_reaches_the_desk(program: Program) -> None:
    """A command typed by a person makes the bot log in to Zendesk and search, over the wire."""
    url = await program.opened()
    said = {"as": "U0KIM", "channel": "C0T2TECH", "text": "/investigate us-east packet loss"}
    async with aiohttp.ClientSession() as http, asyncio.timeout(DEADLINE_S):
        answer = await (await http.post(f"{url}slack/client/say", json=said)).json()
        requests: list[str] = []
        while not any(path.endswith("/search.json") for path in requests):
            log = await (await http.get(f"{url}zendesk/control/log")).json()
            requests = [entry["path"] for entry in log["requests"]]

    assert answer["ok"]
    assert requests[0] == "/zendesk/oauth/tokens"


async def test_what_it_writes_is_its_owners_alone(tmp_path: Path) -> None:
    """Settings, certificates, the bot's log and its database: also where the umask would let everybody in."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--port", "0", "--fast", "--no-routers"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        umask=0,
    )
    program = Program(process)
    try:
        await program.opened()
        found = {each.name: (each.is_dir(), f"{each.stat().st_mode & 0o777:o}") for each in tmp_path.rglob("*")}
    finally:
        await program.end()

    assert found.keys() > {"secondline.toml", "secondline.db", "secondline.db-wal", "bot.log"}
    assert {mode for folder, mode in found.values() if not folder} == {"600"}, found
    assert {mode for folder, mode in found.values() if folder} == {"700"}, found
