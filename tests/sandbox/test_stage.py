"""The sandbox as one program, with small stand-ins for Slack and for the bot."""

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.child import BotProcess, child_environment
from bot.sandbox.lab import Lab, LabFailed
from bot.sandbox.options import Options, parse_options
from bot.sandbox.stage import Stage
from bot.sandbox.world.clock import WorldClock
from bot.sandbox.world.menu import Floor
from bot.sandbox.world.tour import Tour
from tests.eventually import eventually

CONNECTS = """
import asyncio, os, signal, sys, aiohttp
async def main():
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, sys.exit, 0)
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(os.environ["SLACK_API_URL"].replace("/api/", "/link")) as socket:
            await socket.receive()
asyncio.run(main())
"""
DIES = "import sys; print('no such token'); sys.exit(3)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


def _slack() -> web.Application:
    """Something that accepts a bot's WebSocket, as Slack's sandbox does."""

    async def link(request: web.Request) -> web.WebSocketResponse:
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        async for _ in connection:
            pass
        return connection

    app = web.Application()
    app.router.add_get("/link", link)
    return app


class Running:
    """A stage that runs in a task; `lines` is what it said."""

    def __init__(
        self, script: str, options: Options | None = None, *, build_lab: Callable[[], Lab | None] = lambda: None
    ) -> None:
        self.lines: list[str] = []
        self.asked: list[str] = []
        self.stop = asyncio.Event()
        self._options = options or Options(port=0)
        stage = Stage(
            options=self._options,
            slack=_slack(),
            command=[sys.executable, "-c", script],
            say=self.lines.append,
            build_lab=build_lab,
            clock=WorldClock(),
            floor=Floor(Tour(tell=lambda: None), self._tier1_says, lambda *_: None),
        )
        self.task = asyncio.create_task(stage.run(self.stop))

    async def _tier1_says(self, text: str) -> None:
        self.asked.append(text)

    @property
    def url(self) -> str:
        found = re.search(r"^Open (http://\S+)$", "\n".join(self.lines), re.M)
        return found[1] if found else ""

    async def opened(self) -> str:
        await eventually(lambda: self.url, within_s=15)
        return self.url

    async def end(self) -> int:
        self.stop.set()
        return await asyncio.wait_for(self.task, 15)


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    started = Running(CONNECTS)
    yield started
    await started.end()


async def test_it_prints_one_url_and_four_hints(running: Running) -> None:
    """When the bot's socket is connected there is one line with the address, and what to type."""
    await running.opened()
    await eventually(lambda: len(running.lines) >= 5)

    assert sum("http://" in line for line in running.lines) == 1
    assert len(running.lines) == 5 and "/investigate us-east" in running.lines[1]


async def test_everything_is_under_one_origin(running: Running) -> None:
    """The page, Zendesk and the targets' controls answer under the address that was printed."""
    url = await running.opened()
    async with aiohttp.ClientSession() as http:
        page = await http.get(url)
        me = await (await http.get(f"{url}zendesk/api/v2/users/me.json")).json()
        targets = await (await http.get(f"{url}control/targets")).json()
        content_type = page.content_type

    assert content_type == "text/html"
    assert me["user"]["id"] is None
    assert len(targets["targets"]) >= 10


HEARS = """
import asyncio, os, signal, sys, tomllib, aiohttp
from aiohttp import web
async def hear(request):
    with open(os.environ["SECONDLINE_DB"], "a") as heard:
        print(request.path, request.headers.get("X-GitHub-Event"), file=heard)
    return web.Response(status=202)
async def main():
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, sys.exit, 0)
    with open(os.environ["SECONDLINE_CONFIG"], "rb") as file:
        port = tomllib.load(file)["web"]["port"]
    app = web.Application()
    app.router.add_post("/hooks/{sender}", hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(os.environ["SLACK_API_URL"].replace("/api/", "/link")) as socket:
            await socket.receive()
asyncio.run(main())
"""


async def test_what_changes_in_the_trackers_is_told_to_the_bot_at_once(tmp_path: Path) -> None:
    """Webhooks of GitHub and Jira go to the port that the bot's settings name."""
    heard = tmp_path / "heard"
    running = Running(HEARS, Options(port=0, database=str(heard)))
    url = await running.opened()
    async with aiohttp.ClientSession() as http:
        await http.post(f"{url}github/control/publish_release", json={"tag": "v9.0.0"})
        await http.post(f"{url}jira/control/open_issue", json={"summary": "Calls stutter"})
    told = ("/hooks/github release", "/hooks/jira")
    await eventually(lambda: heard.exists() and all(each in heard.read_text() for each in told), within_s=10)

    assert await running.end() == 0


async def test_without_routers_it_says_why_and_goes_on() -> None:
    """A lab that fails costs one line."""

    def failing() -> Lab | None:
        raise LabFailed("ip netns add x: Operation not permitted")

    running = Running(CONNECTS, build_lab=failing)
    await running.opened()

    assert running.lines[0].startswith("No routers that lose packets here: ip netns add x: Operation not permitted.")
    assert await running.end() == 0


async def test_stopping_ends_the_bot_and_is_a_success() -> None:
    """SIGTERM reaches the bot, and the exit status is 0."""
    started = Running(CONNECTS)
    await started.opened()

    assert await started.end() == 0
    assert not any("killed" in line for line in started.lines)


async def test_a_bot_that_is_no_use_is_given_up() -> None:
    """After three ends without a connection the sandbox says why and ends with the bot's status."""
    started = Running(DIES)

    assert await asyncio.wait_for(started.task, 15) == 3
    assert any("no such token" in line for line in started.lines)
    assert not started.url


async def test_a_port_that_is_taken_is_named() -> None:
    """With --port there is no other choice: one readable line and status 1."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        started = Running(CONNECTS, Options(port=port))
        status = await asyncio.wait_for(started.task, 15)

    assert status == 1
    assert started.lines == [
        f"Port {port} of 127.0.0.1 can't be used: Address already in use. Choose another with --port, or leave it out."
    ]


async def test_without_a_bot_the_environment_is_printed() -> None:
    """--no-bot says what a bot needs, with a settings file that is there."""
    started = Running(CONNECTS, Options(port=0, with_bot=False))
    await started.opened()
    given = dict(line.removeprefix("  export ").split("=", 1) for line in started.lines if "export" in line)

    assert given["SLACK_API_URL"] == f"{started.url}slack/api/"
    assert given["ZENDESK_URL"] == f"{started.url}zendesk"
    assert given["GITHUB_API_URL"] == f"{started.url}github" and given["JIRA_URL"] == f"{started.url}jira"
    assert given["SECONDLINE_CONFIG"].endswith("secondline.toml")
    assert await started.end() == 0


async def test_a_bot_that_dies_is_started_again(tmp_path: Path) -> None:
    """An end is said, and the same command runs once more."""
    said: list[str] = []
    bot = BotProcess(
        command=[sys.executable, "-c", DIES],
        environment=dict(os.environ),
        log_file=tmp_path / "bot.log",
        connected=lambda: True,
        say=said.append,
    )
    running = asyncio.create_task(bot.keep_running())
    await eventually(lambda: "Starting the bot again." in said, within_s=10)
    bot.stop()

    assert await asyncio.wait_for(running, 10) == 0
    assert "exit status 3" in said[0] and "no such token" in said[0]


KEEPS_ITS_TIME = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("it is", os.environ["SANDBOX_AHEAD_S"], flush=True)
time.sleep(60)
"""


async def test_a_bot_is_started_again_at_another_time(tmp_path: Path) -> None:
    """It ends in order, without a word about an accident, and has the new environment."""
    said: list[str] = []
    log = tmp_path / "bot.log"
    bot = BotProcess(
        command=[sys.executable, "-c", KEEPS_ITS_TIME],
        environment={**os.environ, "SANDBOX_AHEAD_S": "0"},
        log_file=log,
        connected=lambda: True,
        say=said.append,
    )
    running = asyncio.create_task(bot.keep_running())
    await eventually(lambda: log.exists() and "it is 0" in log.read_text(), within_s=10)
    assert await bot.start_again({**os.environ, "SANDBOX_AHEAD_S": "3600"})
    await eventually(lambda: "it is 3600" in log.read_text(), within_s=10)
    bot.stop()

    assert await asyncio.wait_for(running, 10) == 0
    assert said == []


async def test_a_deaf_bot_is_killed(tmp_path: Path) -> None:
    """A process that ignores SIGTERM does not outlive the deadline."""
    said: list[str] = []
    log = tmp_path / "bot.log"
    bot = BotProcess(
        command=[sys.executable, "-c", DEAF],
        environment=dict(os.environ),
        log_file=log,
        connected=lambda: False,
        say=said.append,
        deadline_s=0.2,
    )
    running = asyncio.create_task(bot.keep_running())
    await eventually(lambda: log.exists() and "deaf" in log.read_text(), within_s=10)
    bot.stop()

    assert await asyncio.wait_for(running, 10) == 0
    assert any("killed" in line for line in said)


async def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    """People who press Ctrl-C twice mean it."""
    said: list[str] = []
    log = tmp_path / "bot.log"
    bot = BotProcess(
        command=[sys.executable, "-c", DEAF],
        environment=dict(os.environ),
        log_file=log,
        connected=lambda: False,
        say=said.append,
    )
    running = asyncio.create_task(bot.keep_running())
    await eventually(lambda: log.exists() and "deaf" in log.read_text(), within_s=10)
    bot.stop()
    await eventually(lambda: said)
    bot.kill()

    assert await asyncio.wait_for(running, 5) == 0
    assert "Ctrl-C again" in said[0] and "killed" in said[1]


def test_the_bot_gets_no_proxies_and_no_foreign_settings() -> None:
    """What belongs to another bot, or would lead requests elsewhere, is left out."""
    inherited = {
        "PATH": "/bin",
        "HTTPS_PROXY": "x",
        "http_proxy": "x",
        "SLACK_BOT_TOKEN": "real",
        "ZENDESK_URL": "real",
        "GITHUB_TOKEN": "real",
        "JIRA_TOKEN": "real",
    }

    assert child_environment(inherited, {"SLACK_BOT_TOKEN": "xoxb-sandbox"}) == {
        "PATH": "/bin",
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
    }


def test_options() -> None:
    """Defaults, and every option by its name."""
    assert parse_options([]) == Options()
    chosen = parse_options(["--port", "9000", "--fast", "--no-bot", "--db", "a.db", "--log"])
    assert chosen == Options(port=9000, fast=True, with_bot=False, database="a.db", show_log=True)
    with pytest.raises(SystemExit):
        parse_options(["--port", "many"])
