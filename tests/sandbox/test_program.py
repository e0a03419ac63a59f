"""`secondline sandbox` as people start it: a process of its own, with the real bot."""

import re
import signal
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from tests.eventually import eventually_asked
from tests.sandbox_program import DEADLINE_S, sandbox_program

# As root it builds a lab of routers, and two labs that are built at once can choose the same part of the network.
pytestmark = [pytest.mark.story, pytest.mark.xdist_group("program")]


sandbox = partial(sandbox_program, "--fast", HTTP_PROXY="http://127.0.0.1:9", SLACK_BOT_TOKEN="xoxb-of-another-bot")
"""Where the environment has what is not for it."""


async def test_investigate_reaches_the_desk_and_sigterm_ends_it(tmp_path: Path) -> None:
    """One address after the bot has connected. A command typed by a person makes the bot log in to Zendesk and search,
    over the wire. What is written is its owner's alone, also where the umask would let everybody in. SIGTERM ends both
    processes, and that is a success."""
    async with sandbox(umask=0, TMPDIR=str(tmp_path)) as program:
        requests = await _searched(await program.opened())
        found = {each.name: (each.is_dir(), f"{each.stat().st_mode & 0o777:o}") for each in tmp_path.rglob("*")}
        status = await program.end()

    assert requests[0] == "/zendesk/oauth/tokens"
    assert found.keys() > {"secondline.toml", "secondline.db", "secondline.db-wal", "bot.log"}
    assert {mode for folder, mode in found.values() if not folder} == {"600"}, found
    assert {mode for folder, mode in found.values() if folder} == {"700"}, found
    assert status == 0
    assert len([line for line in program.lines if re.search(r"https?://", line)]) == 1
    assert not any("killed" in line or "ended" in line.split(".")[0] for line in program.lines)


async def test_ctrl_c_ends_it() -> None:
    """SIGINT is no traceback."""
    async with sandbox("--no-routers") as program:
        await program.opened()

        assert await program.end(signal.SIGINT) == 0
    assert not any("Traceback" in line for line in program.lines)


async def _searched(url: str) -> list[str]:
    """The paths that the bot asked Zendesk for, once it has searched for what Kim typed."""
    said = {"as": "U0KIM", "channel": "C0T2TECH", "text": "/investigate us-east packet loss"}
    requests: list[str] = []
    async with aiohttp.ClientSession() as http:
        answer = await (await http.post(f"{url}slack/client/say", json=said)).json()
        assert answer["ok"]

        async def searched() -> bool:
            log = await (await http.get(f"{url}zendesk/control/log")).json()
            requests[:] = [entry["path"] for entry in log["requests"]]
            return any(path.endswith("/search.json") for path in requests)

        await eventually_asked(searched, within_s=DEADLINE_S)
    return requests
