"""Files and messages of Slack as logs: a real HTTP server, with the traps that Slack has."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.customer_logs.model import Problem
from bot.customer_logs.slack_source import SlackLogs
from bot.customer_logs.source import OpenLog, SourceError
from bot.slack.answers import SlackError
from bot.slack.downloads import Downloads
from tests.fake_web_api import FakeWebApi

CONTENT = b"2026-11-20 14:00:00 x\n" * 9000


class Slack:
    """Where files are; `files` are facts by id."""

    def __init__(self, api: FakeWebApi, origin: str, session: aiohttp.ClientSession) -> None:
        self.api, self.origin = api, origin
        self.messages: dict[str, str] = {}
        downloads = Downloads(session=session, token="xoxb-1", api_url=f"{origin}/api/")
        self.logs = SlackLogs(client=api, downloads=downloads, message_at=self._message)

    async def _message(self, channel: str, ts: str, thread_ts: str) -> Mapping[str, Any]:
        if ts == "away":
            raise SlackError("no_answer", method="conversations.replies", retry=True)
        return {"text": self.messages[ts]} if ts in self.messages else {}

    def has(self, path: str, **more: Any) -> None:
        address = path if "://" in path else f"{self.origin}{path}"
        facts = {"id": "F1", "name": "x.log", "size": len(CONTENT), "url_private_download": address} | more
        self.api.answers["files.info"] = {"ok": True, "file": facts}

    async def read(self) -> bytes:
        async with self.logs.file("F1") as log:
            return await whole(log)


async def whole(log: OpenLog) -> bytes:
    return b"".join([chunk async for chunk in log.chunks])


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    asked: list[web.Request] = []

    async def file(request: web.Request) -> web.StreamResponse:
        asked.append(request)
        allowed = request.headers.get("Authorization") == "Bearer xoxb-1"
        return web.Response(body=CONTENT) if allowed else web.Response(status=403)

    async def sign_in(_request: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>Sign in</html>", content_type="text/html")

    def to(place: str) -> Any:
        async def lead(_request: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": place})

        return lead

    async def status(request: web.Request) -> web.StreamResponse:
        return web.Response(status=int(request.match_info["status"]), headers={"Retry-After": "7"})

    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100000"})
        await response.prepare(request)
        await response.write(b"x")
        assert request.transport
        request.transport.abort()
        return response

    app = web.Application()
    app.router.add_get("/file", file)
    app.router.add_get("/html", sign_in)
    app.router.add_get("/status/{status}", status)
    app.router.add_get("/cut", cut)
    app.router.add_get("/moved", to("/file"))
    app.router.add_get("/login", to("/signin?redir=%2Ffile"))
    app.router.add_get("/circle", to("/circle"))
    app.router.add_get("/away", to("http://files.elsewhere.invalid/x"))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        yield Slack(FakeWebApi(), f"http://127.0.0.1:{runner.addresses[0][1]}", session)
    await runner.cleanup()


@pytest.mark.parametrize("path", ["/file", "/moved"])
async def test_a_file_is_fetched_with_the_token(slack: Slack, path: str) -> None:
    slack.has(path)
    assert await slack.read() == CONTENT


@pytest.mark.parametrize(
    ("path", "problem", "retry"),
    [
        ("/html", Problem.NO_ACCESS, False),
        ("/login", Problem.NO_ACCESS, False),
        ("/circle", Problem.UNREACHABLE, False),
        ("/away", Problem.UNREACHABLE, False),
        ("http://files.elsewhere.invalid/x", Problem.UNREACHABLE, False),
        ("/status/404", Problem.GONE, False),
        ("/status/403", Problem.NO_ACCESS, False),
        ("/status/500", Problem.UNREACHABLE, True),
        ("/status/429", Problem.UNREACHABLE, True),
        ("/cut", Problem.UNREACHABLE, True),
    ],
)
async def test_what_slack_may_answer(slack: Slack, path: str, problem: Problem, retry: bool) -> None:
    """Its sign-in page with status 200 is no log, and the token goes to nobody else."""
    slack.has(path)
    with pytest.raises(SourceError) as refused:
        await slack.read()

    assert (refused.value.problem, refused.value.retry) == (problem, retry)
    assert refused.value.retry_after_s == (7.0 if path == "/status/429" else None)


async def test_files_that_are_gone(slack: Slack) -> None:
    slack.has("/file", mode="tombstone")
    with pytest.raises(SourceError) as refused:
        await slack.read()
    assert refused.value.problem is Problem.GONE
    slack.api.fail("files.info", SlackError("missing_scope", method="files.info"))
    with pytest.raises(SourceError) as refused:
        await slack.read()
    assert refused.value.problem is Problem.NO_ACCESS


async def test_what_is_pasted_is_read_in_its_message(slack: Slack) -> None:
    """As it was typed; a message that was deleted meanwhile is gone."""
    slack.messages["1.1"] = "look:\n```2026-11-20 14:00:00 error &lt;x&gt;\n2026-11-20 14:00:01 &amp; end```"
    async with slack.logs.pasted("C1", "1.1", "") as log:
        assert await whole(log) == b"2026-11-20 14:00:00 error <x>\n2026-11-20 14:00:01 & end"
    for ts, problem in (("2.2", Problem.GONE), ("away", Problem.UNREACHABLE)):
        with pytest.raises(SourceError) as refused:
            async with slack.logs.pasted("C1", ts, ""):
                pass
        assert refused.value.problem is problem


def test_the_token_stays_with_slack() -> None:
    """By its hosts, where Slack is not pointed elsewhere."""
    downloads = Downloads(session=None, token="x", api_url="https://slack.com/api/")  # type: ignore[arg-type]
    good = ("https://files.slack.com/x", "https://acme.slack.com/x", "https://x.slack-edge.com/x")
    bad = (
        "http://files.slack.com/x",
        "https://slack.com.evil.example/x",
        "https://evilslack.com/x",
        "file:///etc/passwd",
        "",
    )
    assert [downloads.is_slacks(url) for url in (*good, *bad)] == [True] * 3 + [False] * 5
