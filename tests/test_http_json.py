"""The one client for JSON over HTTP: what it bounds, and which error says what."""

import asyncio
from email.utils import format_datetime

import aiohttp
import pytest

from bot.http_json import (
    AnswerTooLong,
    BrokenAnswer,
    HttpJson,
    JsonAnswer,
    NoAnswer,
    NoAnswerInTime,
    Unreachable,
    retry_after_s,
)
from tests.hostile import NOW
from tests.probes.listeners import Handler, answering, listening

LARGE = b"HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n" + b"x" * 1_048_577
MOVED = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"


async def asked(handler: Handler, *, timeout_s: float = 5.0, redirects: bool = False) -> JsonAnswer:
    async with listening(handler) as port, aiohttp.ClientSession() as session:
        http = HttpJson(session=session, system="There", timeout_s=timeout_s, body_max=2**20, redirects=redirects)
        return await http.ask("GET", f"http://127.0.0.1:{port}/")


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.parametrize("body", [b"<html>", b"[" * 100_000, b"\xff", b""])
async def test_what_is_no_json_is_none(body: bytes) -> None:
    answer = await asked(answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body))

    assert (answer.status, answer.json()) == (200, None)


async def test_headers_have_names_in_any_case() -> None:
    answer = await asked(answering(b'HTTP/1.1 429 Slow\r\nRETRY-after: 7\r\nContent-Length: 8\r\n\r\n{"a": 1}'))

    assert (answer.json(), retry_after_s(answer.headers, NOW)) == ({"a": 1}, 7.0)


@pytest.mark.parametrize(
    ("handler", "timeout_s", "kind", "retry"),
    [
        (silent, 0.05, NoAnswerInTime, True),
        (answering(LARGE), 5.0, AnswerTooLong, False),
        (answering(b""), 5.0, Unreachable, True),
        (answering(b"SSH-2.0-OpenSSH\r\n\r\n"), 5.0, BrokenAnswer, True),
        (answering(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), 5.0, NoAnswer, True),
    ],
)
async def test_each_kind_of_failure_has_its_error(
    handler: Handler, timeout_s: float, kind: type[NoAnswer], retry: bool
) -> None:
    with pytest.raises(NoAnswer) as caught:
        await asked(handler, timeout_s=timeout_s)

    assert isinstance(caught.value, kind) and caught.value.retry is retry
    assert caught.value.system == "There"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/?token=secret", "http://[secret/", "secret"])
async def test_an_address_without_anybody_behind_it_is_named_without_what_it_holds(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(NoAnswer) as caught:
            await HttpJson(session=session, system="There").ask("GET", url)

    assert isinstance(caught.value, Unreachable) and "secret" not in caught.value.sentence


async def test_redirects_are_followed_only_where_wanted() -> None:
    """To follow them elsewhere would take the token along."""
    answer = await asked(answering(MOVED))
    with pytest.raises(Unreachable):
        await asked(answering(MOVED), redirects=True)

    assert answer.status == 302


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [("", None), ("7", 7.0), ("-1", None), ("soon", None), ("999999999999", 3600.0), (format_datetime(NOW), 0.0)],
)
def test_retry_after_is_a_number_or_a_date(header: str, wait_s: float | None) -> None:
    """Or nothing that can be used; never longer than an hour."""
    assert retry_after_s({"retry-after": header}, NOW) == wait_s
