"""The sandbox's phone bridge: whom it would have called, and what it refuses."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.escalations.ways.webhook import key_of, signed
from bot.sandbox.phone import PATH, SECRET, Phone

NOW = datetime(2026, 11, 30, 10, 44, tzinfo=UTC)
BODY = '{"investigation": "INV-1", "text": "Call the <provider>"}'


@pytest.fixture
async def bridge() -> AsyncIterator[tuple[Phone, str, ClientSession]]:
    phone, app = Phone(now=lambda: NOW), web.Application()
    app.add_subapp(PATH, phone.routes())
    async with TestServer(app) as server, ClientSession() as http:
        yield phone, str(server.make_url(PATH)), http


def _headers(body: str = BODY, *, at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    """As the bot signs."""
    return signed(body.encode(), number="ladder-1-3", at=int(at.timestamp()), key=key_of(secret))


async def test_a_retry_calls_nobody_again(bridge: tuple[Phone, str, ClientSession]) -> None:
    """The page shows the call, with what was said as text."""
    phone, url, http = bridge
    assert "Nobody was called yet" in await (await http.get(url)).text()
    for _ in range(2):
        answer = await http.post(url, data=BODY, headers=_headers())
        assert answer.status == 204

    assert list(phone.calls) == ["ladder-1-3"]
    page = await (await http.get(url)).text()
    assert "10:44 UTC · INV-1" in page and "Call the &lt;provider&gt;" in page


@pytest.mark.parametrize(
    "headers",
    [{}, _headers(at=NOW - timedelta(minutes=6)), _headers(secret="whsec_" + "QUJD" * 8)],
    ids=["unsigned", "old", "of another secret"],
)
async def test_strangers_call_nobody(bridge: tuple[Phone, str, ClientSession], headers: dict[str, str]) -> None:
    phone, url, http = bridge
    answer = await http.post(url, data=BODY, headers=headers)

    assert answer.status == 401 and not phone.calls


async def test_what_is_no_json_is_refused(bridge: tuple[Phone, str, ClientSession]) -> None:
    phone, url, http = bridge
    answer = await http.post(url, data="?", headers=_headers("?"))

    assert answer.status == 400 and not phone.calls
