"""`secondline sandbox` as people start it: a process of its own, with the real bot."""

import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.eventually import eventually_asked
from tests.sandbox_program import DEADLINE_S, SandboxProgram, sandbox_program

# As root it builds a lab of routers, and two labs that are built at once can choose the same part of the network.
pytestmark = [pytest.mark.story, pytest.mark.xdist_group("program")]


@pytest.fixture
async def program() -> AsyncIterator[SandboxProgram]:
    async with sandbox_program(
        "--fast", HTTP_PROXY="http://127.0.0.1:9", SLACK_BOT_TOKEN="xoxb-of-another-bot"
    ) as started:
        yield started


async def test_it_opens_with_the_real_bot_and_ends_on_sigterm(program: SandboxProgram) -> None:
    """One address after the bot has connected; SIGTERM ends both, and that is a success."""
    await program.opened()
    status = await program.end()

    assert status == 0
    assert len([line for line in program.lines if re.search(r"https?://", line)]) == 1
    assert not any("killed" in line or "ended" in line.split(".")[0] for line in program.lines)


async def test_ctrl_c_ends_it(program: SandboxProgram) -> None:
    """SIGINT is no traceback."""
    await program.opened()

    assert await program.end(signal.SIGINT) == 0
    assert not any("Traceback" in line for line in program.lines)


async def test_investigate_reaches_the_desk(program: SandboxProgram) -> None:
    """A command typed by a person makes the bot log in to Zendesk and search, over the wire."""
    url = await program.opened()
    said = {"as": "U0KIM", "channel": "C0T2TECH", "text": "/investigate us-east packet loss"}
    requests: list[str] = []
    async with aiohttp.ClientSession() as http:
        answer = await (await http.post(f"{url}slack/client/say", json=said)).json()

        async def searched() -> bool:
            log = await (await http.get(f"{url}zendesk/control/log")).json()
            requests[:] = [entry["path"] for entry in log["requests"]]
            return any(path.endswith("/search.json") for path in requests)

        await eventually_asked(searched, within_s=DEADLINE_S)

    assert answer["ok"]
    assert requests[0] == "/zendesk/oauth/tokens"


async def test_what_it_writes_is_its_owners_alone(tmp_path: Path) -> None:
    """Settings, certificates, the bot's log and its database: also where the umask would let everybody in."""
    async with sandbox_program("--fast", "--no-routers", umask=0, TMPDIR=str(tmp_path)) as program:
        await program.opened()
        found = {each.name: (each.is_dir(), f"{each.stat().st_mode & 0o777:o}") for each in tmp_path.rglob("*")}

    assert found.keys() > {"secondline.toml", "secondline.db", "secondline.db-wal", "bot.log"}
    assert {mode for folder, mode in found.values() if not folder} == {"600"}, found
    assert {mode for folder, mode in found.values() if folder} == {"700"}, found
