"""Slack over HTTP with signatures, for those who prefer it to Socket Mode."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.free_port import free_port
from bot.sandbox.slack.seeds import HttpMode
from tests.stories.counting import keys
from tests.stories.steps import checked, escalated, opened, playbook_done, resolved, settled
from tests.stories.town import SECRET, OpenTown, Town
from tests.web.raw import post, sent

pytestmark = pytest.mark.story


@contextlib.asynccontextmanager
async def listening(town: OpenTown) -> AsyncIterator[tuple[Town, int]]:
    """A bot in HTTP mode, and its port."""
    port = free_port()
    http = {"[workspace]": f'[slack]\nmode = "http"\nhttp_port = {port}\n\n[workspace]'}
    mode = HttpMode(request_url=f"http://127.0.0.1:{port}/slack/events", signing_secret=SECRET)
    async with town(start=False, settings=http, http=mode) as there:
        await there.bot.start()
        await _listening(there, port)
        yield there, port


async def test_the_whole_way_over_http(town: OpenTown) -> None:
    """Open, escalate, acknowledge, resolve; a request with a wrong signature is refused."""
    async with listening(town) as (there, port):
        card = await opened(there)
        await playbook_done(there, card)
        post = await escalated(there, card)
        await there.lena.presses(post, "Acknowledge")
        await there.kim.sees_change(post, lambda now: "Acknowledged by <@U0LENA>" in now.text)
        await resolved(there, card)
        await checked(there)
        await settled(there)

        assert await _forged(f"http://127.0.0.1:{port}/slack/events") == 401
        told = [key for key in keys(there) if key.startswith("told/")]
        assert len(told) == 2, "Kim hears of the acknowledgement, and Lena of the resolution"
        again = [key for key in keys(there) if key.startswith("probes/") and key != "probes/1"]
        assert len(again) == 1, "what had failed is measured once more before it is called resolved"
        owed = ["investigation/1", "tickets/1", "probes/1", "escalation/1", "smoke/1", *again, *told]
        assert keys(there) == dict.fromkeys(owed, 1)


async def test_strangers_delay_nobody_and_leave_a_short_log(town: OpenTown) -> None:
    """300 send half a request and stay, 200 send something broken: Slack is heard meanwhile."""
    async with listening(town) as (there, port):
        held = []
        for _ in range(300):
            held.append(await asyncio.open_connection("127.0.0.1", port))
            held[-1][1].write(b"POST /slack/events HTTP/1.1\r\nContent-Length: 100\r\n\r\nabc")
        for body in (b"{", b"[1]", b"\xff", b"\x1f\x8bno") * 50:
            found = await sent(
                port, post("/slack/events", body, "X-Slack-Signature: v0=\xff", "Content-Encoding: gzip")
            )
            assert found.status == 401
            assert "server" not in found.headers
        await opened(there)
        for _, writer in held:
            writer.close()

        written = (there.folder / "bot.log").read_text()
        assert "Traceback" not in written
        assert len(written) < 5_000, written


async def test_a_port_that_is_taken_ends_the_start_with_a_sentence(town: OpenTown) -> None:
    """And nothing else: who starts it reads what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        http = {"[workspace]": f'[slack]\nmode = "http"\nhttp_port = {port}\n\n[workspace]'}
        async with town(start=False, settings=http) as there:
            await there.bot.start()
            status = await there.bot.ended()
            told = there.bot.output

    assert status == 2
    (line,) = told.splitlines()
    assert line.startswith(f"Second Line can't listen on 127.0.0.1:{port} (Address already in use). Free it, or")


async def _listening(there: Town, port: int) -> None:
    """The bot says nothing to Slack when it is ready, so its port is asked."""
    for _ in range(90):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await there.moment()
        else:
            writer.close()
            return
    raise AssertionError("the bot does not listen")


async def _forged(url: str) -> int:
    headers = {"X-Slack-Request-Timestamp": "1795312447", "X-Slack-Signature": "v0=0123"}
    async with aiohttp.ClientSession() as session, session.post(url, data="command=/t2", headers=headers) as answer:
        return answer.status
