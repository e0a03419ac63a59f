"""The http probe's look at the page itself: its text, its size, and where it redirects to."""

import asyncio
import gzip

import pytest

from tests.probes.listeners import answering, listening, silent
from tests.probes.web.asking_http import OK, asked, redirect

PAGE = "<h1>Willkommen in Köln</h1>".encode()


@pytest.mark.parametrize(
    ("answer", "expect", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n" + PAGE, "in Köln", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE, mtime=0), "in Köln", ""),
        (b"HTTP/1.1 200 OK\r\n\r\n" + PAGE, "Sign in", 'the page lacks the text "Sign in"'),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + PAGE, "Köln", 'the page lacks the text "Köln"'),
        (b"HTTP/1.1 500 X\r\n\r\n", "Sign in", "status 500 Internal Server Error"),
    ],
)
async def test_a_page_without_the_expected_text_is_named(answer: bytes, expect: str, reason: str) -> None:
    """A status 200 with an error page in it keeps people out as well."""
    async with listening(answering(answer)) as port:
        reading = (await asked(f"http://127.0.0.1:{port}/", expect=expect)).readings[0]

    assert (reading.ok, reading.reason) == (not reason, reason)


LONG = b"<p>filler</p>" * 30_000


def chunked(body: bytes) -> bytes:
    parts = [body[start : start + 50_000] for start in range(0, len(body), 50_000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"Content-Length: %d\r\n\r\n%s" % (len(LONG + PAGE), LONG + PAGE), id="length"),
        pytest.param(b"\r\n" + LONG + PAGE, id="until the end"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n" + chunked(LONG + PAGE), id="chunks"),
        pytest.param(b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(LONG + PAGE, mtime=0), id="gzip"),
    ],
)
async def test_a_text_far_down_the_page_is_there(answer: bytes) -> None:
    """Behind the first 256 kB, however the body comes."""
    async with listening(answering(b"HTTP/1.1 200 OK\r\n" + answer)) as port:
        reading = (await asked(f"http://127.0.0.1:{port}/", expect="Willkommen in Köln")).readings[0]

    assert (reading.ok, reading.reason) == (True, "")


async def test_no_more_is_read_than_is_needed() -> None:
    """The first 256 kB, and further only as long as the text is looked for; the size says that there is more."""
    body = b"<h1>Start</h1>" + LONG * 3 + PAGE + LONG * 3
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    async with listening(answering(answer)) as port:
        url = f"http://127.0.0.1:{port}/"
        wants = ("", "Start", "in Köln", "nowhere")
        sizes = [(await asked(url, expect=expect)).readings[0].cells[7] for expect in wants]

    assert sizes[:2] == ["over 262.1 kB", "over 262.1 kB"]
    assert sizes[2].startswith("over 1.2 MB") or sizes[2].startswith("over 1.3 MB")
    assert sizes[3] == f"{len(body) / 1e6:.1f} MB"


async def test_a_text_that_is_not_in_the_part_that_was_read_is_told_so() -> None:
    """What comes behind the limit is not known."""
    body = b"x" * 5_000_000
    async with listening(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n" + body)) as port:
        reading = (await asked(f"http://127.0.0.1:{port}/", expect="Sign in")).readings[0]

    assert (reading.ok, reading.cause) == (False, "text")
    assert reading.reason == 'the first 4.2 MB of the page lack the text "Sign in"'


async def test_a_compression_that_nobody_asked_for_and_that_can_not_be_undone_is_named() -> None:
    """The text may be there; the page can't be read."""
    async with listening(answering(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\x0b\x02\x80hi\x03")) as port:
        reading = (await asked(f"http://127.0.0.1:{port}/", expect="hi")).readings[0]

    assert not reading.ok and "compressed as br" in reading.reason and "lacks" not in reading.reason


@pytest.mark.parametrize(
    "answer",
    [
        b"Content-Type: text/html; charset=iso-8859-1\r\n\r\n" + "Willkommen in Köln".encode("latin-1"),
        b"Content-Type: text/html\r\n\r\n<meta charset=windows-1252>" + "Willkommen in Köln".encode("cp1252"),
        b"\r\n" + "Willkommen in Köln".encode("utf-16"),
        b"\r\n<b>Willkommen</b>\r\n   in K&ouml;ln",
        b"\r\nWillkommen&nbsp;in&#32;K&#246;ln",
    ],
)
async def test_a_text_in_another_encoding_or_with_references_is_there(answer: bytes) -> None:
    """As a reader sees the page."""
    async with listening(answering(b"HTTP/1.1 200 OK\r\n" + answer)) as port:
        reading = (await asked(f"http://127.0.0.1:{port}/", expect="Willkommen in Köln")).readings[0]

    assert (reading.ok, reading.reason) == (True, "")


@pytest.mark.parametrize(
    ("to", "asked_for"),
    [
        ("/über uns", b"GET /%C3%BCber%20uns HTTP/1.1"),
        ("/?wo=Köln", b"GET /?wo=K%C3%B6ln HTTP/1.1"),
        ("//127.0.0.1:{port}/x#part", b"GET /x HTTP/1.1"),
        ("HTTP://127.0.0.1:{port}/x", b"GET /x HTTP/1.1"),
        ("x", b"GET /a/x HTTP/1.1"),
        ("http://bücher.example:{port}/", b"GET / HTTP/1.1"),
    ],
)
async def test_a_location_as_servers_write_it_is_followed(to: str, asked_for: bytes) -> None:
    """Raw UTF-8, spaces, parts that say nothing to a server."""
    heads: list[bytes] = []

    async def noting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        port = writer.get_extra_info("sockname")[1]
        writer.write(OK if len(heads) > 1 else redirect(to).replace(b"{port}", b"%d" % port))
        await silent(reader, writer)

    async with listening(noting) as port:
        reading = (await asked(f"http://127.0.0.1:{port}/a/b")).readings[0]

    assert reading.ok, reading.reason
    assert heads[1].splitlines()[0] == asked_for


@pytest.mark.parametrize("header", ["Location: \r\n", "X: y\r\n"])
async def test_a_redirect_to_nowhere_is_named(header: str) -> None:
    """A browser shows an empty page."""
    answer = f"HTTP/1.1 302 Found\r\n{header}Content-Length: 0\r\n\r\n".encode()
    async with listening(answering(answer)) as port:
        reading = (await asked(f"http://127.0.0.1:{port}/")).readings[0]

    assert (reading.ok, reading.reason, reading.cause) == (False, "redirects without saying where to", "redirects")


async def test_the_size_of_the_answer_is_shown() -> None:
    """In a unit that people read."""
    async with listening(answering(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2500)) as port:
        reading = (await asked(f"http://127.0.0.1:{port}/")).readings[0]

    assert reading.cells[7] == "2.5 kB"
