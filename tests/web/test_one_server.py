"""Slack over HTTP and webhooks: one server where they have one address, two where not, none where none is wanted."""

from pathlib import Path

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.app.web import ack_pages, build_web, tracker_hooks
from bot.errors import NotFound
from bot.escalations.links import LinkedEscalation
from bot.sandbox.free_port import free_port
from bot.settings import Settings, load_settings
from bot.slack.socket import SocketMode
from bot.tasks import Tasks
from bot.web.server import WebServer
from bot.web.slack_http import SlackOverHttp
from tests.fake_clock import FakeClock

REST = """
[teams.t]
title = "T"
channel = "#t"
[escalation]
group = "ltm"
[targets.app]
title = "A"
kind = "app"
"""


def settings(folder: Path, toml: str, **environ: str) -> Settings:
    config = folder / "secondline.toml"
    config.write_text(toml + REST, encoding="utf-8")
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": "s"}
    return load_settings({"SECONDLINE_CONFIG": str(config)} | tokens | environ)


class NoEscalations:
    """A bot that has none."""

    def linked(self, step_id: int) -> LinkedEscalation:
        raise NotFound("There is none.")

    async def acknowledge_by_link(self, step_id: int) -> object:
        raise NotFound("There is none.")


def built(settings: Settings) -> tuple[SocketMode | SlackOverHttp, WebServer | None]:
    bolt = AsyncApp(name="test", token="xoxb-1", signing_secret="s", process_before_response=True)
    hooks = tracker_hooks(settings, repositories={"harbor-vpn/app": "app"}, projects={}, wake=lambda *_: None)
    return build_web(settings, bolt, Tasks(), hooks, ack_pages(settings, FakeClock(), NoEscalations()))


async def statuses(port: int) -> dict[str, int]:
    codes = {}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        for path in ("/slack/events", "/hooks/github", "/hooks/jira"):
            async with session.post(path, data="x") as answer:
                codes[path] = answer.status
        async with session.get("/healthz") as answer:
            codes["/healthz"] = answer.status
    return codes


async def test_one_address_is_one_server(tmp_path: Path) -> None:
    """Each path checks its own signatures; a hook without a secret is not there."""
    port = free_port()
    toml = f'[slack]\nmode = "http"\nhttp_port = {port}\n[web]\nport = {port}'
    connection, web = built(settings(tmp_path, toml, GITHUB_WEBHOOK_SECRET="gh"))
    assert web
    await connection.connect()
    await web.start()
    try:
        assert await statuses(port) == {"/slack/events": 401, "/hooks/github": 401, "/hooks/jira": 404, "/healthz": 200}
    finally:
        await connection.close()
        await web.close()


async def test_socket_mode_has_a_server_for_webhooks_alone(tmp_path: Path) -> None:
    """Slack's path is not there; not connected to Slack is not well."""
    port = free_port()
    connection, web = built(settings(tmp_path, f"[web]\nport = {port}", GITHUB_WEBHOOK_SECRET="gh"))
    assert web
    await web.start()
    try:
        assert await statuses(port) == {"/slack/events": 404, "/hooks/github": 401, "/hooks/jira": 404, "/healthz": 503}
    finally:
        await connection.close()
        await web.close()


@pytest.mark.parametrize("http", [True, False])
@pytest.mark.parametrize("public", [True, False])
async def test_links_are_served_where_they_are_made(tmp_path: Path, http: bool, public: bool) -> None:
    """Beside Slack or alone; without a public address there is nothing."""
    port = free_port()
    slack = f'[slack]\nmode = "http"\nhttp_port = {port}\n' if http else ""
    url = 'public_url = "https://x.example"\n' if public else ""
    connection, web = built(settings(tmp_path, f"{slack}[web]\nport = {port}\n{url}", SECONDLINE_LINK_SECRET="s" * 32))
    assert web
    await web.start()
    try:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/ack/x") as answer:
            assert answer.status == 404
            assert (b"This link is not complete" in await answer.read()) is public
    finally:
        await connection.close()
        await web.close()


@pytest.mark.parametrize("toml", ["", '[slack]\nmode = "http"\nhttp_port = 3001'])
async def test_no_server_is_there_unasked(tmp_path: Path, toml: str) -> None:
    """In HTTP mode Slack's own has no hooks then."""
    connection, web = built(settings(tmp_path, toml, GITHUB_WEBHOOK_SECRET="gh"))
    await connection.close()

    assert web is None
    assert isinstance(connection, SlackOverHttp if toml else SocketMode)
