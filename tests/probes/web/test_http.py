"""The http probe against servers with known faults."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import system_clock
from bot.errors import BadInput
from bot.probes.host_grammar import read_url
from bot.probes.model import ProbeResult
from bot.probes.policy import ProbePolicy
from bot.probes.web.answer import HTTP, WebAnswer, web_verdict
from bot.probes.web.exchange import read_head, request_bytes
from bot.probes.web.http import HttpProbe
from bot.probes.web.tls import verifying
from bot.probes.web.visit import UrlVisitor
from bot.probes.wording import long
from tests.probes.listeners import Authority, answering, closed_port, listening, resetting, silent
from tests.probes.web.asking_http import OK, asked, loopback, redirect


def phases(result: ProbeResult) -> list[str]:
    """The phases that have a time."""
    timed = zip(HTTP.columns[2:7], result.readings[0].cells[2:7], strict=True)
    return [phase for phase, took in timed if took != "-"]


async def test_a_good_answer_has_a_time_for_each_phase() -> None:
    """Name look-up, connect and first byte are told apart."""
    async with listening(answering(OK)) as port:
        result = await asked(f"http://www.example.com:{port}/")

    assert result.ok
    assert result.readings[0].numbers.status == 200
    assert phases(result) == ["DNS", "Connect", "First byte", "Body"]
    assert long(result.verdict).startswith(f"http://www.example.com:{port}/ answers 200 in ")


async def test_tls_is_a_phase_of_its_own(tmp_path: Path) -> None:
    """Connect and handshake are not one number."""
    authority = Authority(tmp_path)
    async with listening(answering(OK), authority.server("www.example.com")) as port:
        result = await asked(f"https://www.example.com:{port}/", tls=verifying(str(authority.file)))

    assert result.ok, long(result.verdict)
    assert phases(result) == ["DNS", "Connect", "TLS", "First byte", "Body"]


@pytest.mark.parametrize(
    ("answer", "reason", "cause"),
    [
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "status 503 Service Unavailable", "status"),
        (b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n", "status 404 Not Found", "status"),
        (b"HTTP/1.1 599 X\r\n\r\n", "status 599", "status"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "the answer is not HTTP", "not http"),
        (b"", "connection closed in the wait for the first byte", "closed"),
        (b"HTTP/1.1 200 OK\r\nConte", "connection closed within the headers", "closed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", "connection closed in the rest of the answer", "closed"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "the body's chunks can't be read", "not http"),
        (b"HTTP/1.1 103 X\r\n\r\n" * 9, "interim answers without end", "not http"),
        (b"X" * 200_000, "the answer is not HTTP", "not http"),
    ],
)
async def test_a_bad_answer_is_named(answer: bytes, reason: str, cause: str) -> None:
    """Status, broken HTTP and closed connections have their own words."""
    async with listening(answering(answer)) as port:
        reading = (await asked(f"http://www.example.com:{port}/")).readings[0]

    assert (reading.ok, reading.reason, reading.cause) == (False, reason, cause)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhi\r\n0\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK,
        b"HTTP/1.0 200 OK\r\n\r\nuntil the end",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n" + b"x" * 900_000,
    ],
)
async def test_all_ways_to_end_a_body_are_understood(answer: bytes) -> None:
    """Chunks, a length, the end of the connection, no body, more than is wanted."""
    async with listening(answering(answer)) as port:
        result = await asked(f"http://www.example.com:{port}/")

    assert result.ok, long(result.verdict)


async def test_a_refused_connection_is_named() -> None:
    """Nothing listens there."""
    reading = (await asked(f"http://127.0.0.1:{closed_port()}/")).readings[0]

    assert (reading.reason, reading.cause) == ("connection refused", "refused")


async def test_a_reset_is_named_with_its_phase() -> None:
    """The server cuts the connection after the request."""
    async with listening(resetting) as port:
        reading = (await asked(f"http://127.0.0.1:{port}/")).readings[0]

    assert reading.reason == "connection reset in the wait for the first byte"


async def test_silence_after_the_request_is_named() -> None:
    """Connected, but no byte comes."""
    async with listening(silent) as port:
        reading = (await asked(f"http://127.0.0.1:{port}/", timeout_s=0.2)).readings[0]

    assert reading.reason == "timeout in the wait for the first byte after 0.2 s"


async def test_silence_in_the_handshake_is_named() -> None:
    """Connected, but no TLS comes."""
    async with listening(silent) as port:
        reading = (await asked(f"https://127.0.0.1:{port}/", timeout_s=0.2)).readings[0]

    assert reading.reason == "timeout in the TLS handshake after 0.2 s"


async def test_silence_within_the_body_is_named() -> None:
    """The head comes, the body stops."""

    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi")
        await silent(reader, writer)

    async with listening(half) as port:
        reading = (await asked(f"http://127.0.0.1:{port}/", timeout_s=0.2)).readings[0]

    assert reading.reason == "timeout in the rest of the answer after 0.2 s"


async def test_dns_that_never_answers_is_named() -> None:
    """The first phase has a limit as well."""

    async def never(_host: str) -> list[str]:
        await asyncio.Event().wait()
        return []

    reading = (await asked("http://www.example.com/", timeout_s=0.2, resolve=never)).readings[0]

    assert reading.reason == "timeout in DNS after 0.2 s"


async def test_a_name_that_does_not_exist_is_named() -> None:
    """The probe ran; DNS is the finding."""

    async def nothing(_host: str) -> list[str]:
        raise OSError

    result = await asked("http://gone.example/", resolve=nothing)

    assert result.measured
    assert long(result.verdict) == "http://gone.example/: DNS: the name can't be looked up"


async def test_tls_to_a_plain_port_is_named() -> None:
    """A server that answers in plain text speaks no TLS."""

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(OK)
        await silent(reader, writer)

    async with listening(plain) as port:
        reading = (await asked(f"https://127.0.0.1:{port}/")).readings[0]

    assert reading.reason == "TLS: the server does not speak TLS on this port"


async def test_a_bad_certificate_is_named(tmp_path: Path) -> None:
    """The web answer is not asked for over it."""
    async with listening(answering(OK), Authority(tmp_path).server("www.example.com")) as port:
        reading = (await asked(f"https://www.example.com:{port}/")).readings[0]

    assert reading.reason.startswith("TLS: unknown CA")
    assert reading.numbers.status is None


async def test_a_slow_answer_is_named_with_the_phase_that_took_it() -> None:
    """Slow is a failure of its own."""

    async def late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.wait([asyncio.ensure_future(reader.read(0))], timeout=0)
        loop = asyncio.get_running_loop()
        due: asyncio.Future[None] = loop.create_future()
        loop.call_later(0.15, due.set_result, None)
        await due
        writer.write(OK)
        await silent(reader, writer)

    async with listening(late) as port:
        reading = (await asked(f"http://127.0.0.1:{port}/", slow_s=0.1)).readings[0]

    assert reading.reason.startswith("slow: 0.") and "first byte" in reading.reason
    assert reading.cause == "slow"


async def test_redirects_are_followed() -> None:
    """Relative and absolute ones; the answer at the end counts."""
    async with listening(answering(redirect("/next"), redirect("http://b.example:{port}/x"), OK)) as port:
        reading = (await asked(f"http://a.example:{port}/")).readings[0]

    assert reading.ok
    assert reading.reason == f"redirected to http://b.example:{port}/x"


async def test_page_that_was_typed_leads_to_no_other_port() -> None:
    """Else a page of anybody's could have ports looked at; a target's own page may lead wherever it does."""
    page = answering(redirect("http://a.example:2222/"), OK)
    async with listening(page) as port:
        rules = ProbePolicy(allow_networks=["127.0.0.0/8"], resolve=loopback, ports=[port])
        probe = HttpProbe(policy=rules, tls=verifying(), clock=system_clock)
        typed = replace(rules.subject_from_text(f"http://www.example.com:{port}/"), remote=False)
        result = await probe.run(typed, progress=lambda _result: None)
        of_target = await probe.run(replace(typed, typed=False), progress=lambda _result: None)

    assert result.readings[0].cause == "not allowed"
    assert "redirects to a.example:2222: Port 2222 is not probed" in result.readings[0].reason
    assert of_target.readings[0].cause != "not allowed"


async def test_redirects_without_end_are_named() -> None:
    """Five are followed."""
    async with listening(answering(redirect("/again"))) as port:
        reading = (await asked(f"http://a.example:{port}/")).readings[0]

    assert reading.reason.startswith("more than 5 redirects")


@pytest.mark.parametrize("to", ["http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::ffff:10.0.0.1]/"])
async def test_a_redirect_to_a_private_address_is_not_followed(to: str) -> None:
    """Each place on the way is judged."""
    async with listening(answering(redirect(to))) as port:
        reading = (await asked(f"http://a.example:{port}/")).readings[0]

    assert reading.cause == "not allowed"
    assert "redirects to" in reading.reason


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "http://u:p@a.example/", "http://2130706433/", "ftp://a.example/"]
)
async def test_a_redirect_to_something_odd_is_not_followed(to: str) -> None:
    """Only what the grammar knows."""
    async with listening(answering(redirect(to))) as port:
        reading = (await asked(f"http://a.example:{port}/")).readings[0]

    assert reading.cause == "redirects"


async def test_a_name_that_changes_to_a_private_address_is_refused() -> None:
    """A redirect to the same name is looked up and judged anew."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]

    async def changing(_host: str) -> list[str]:
        return answers.pop(0)

    async with listening(answering(redirect("/again"))) as port:
        reading = (await asked(f"http://a.example:{port}/", resolve=changing)).readings[0]

    assert reading.cause == "not allowed"


async def test_every_address_behind_a_name_is_a_row() -> None:
    """A browser would hide the first one, which is out of order."""

    async def two(_host: str) -> list[str]:
        return ["127.0.0.77", "127.0.0.1"]

    async with listening(answering(OK)) as port:
        result = await asked(f"http://a.example:{port}/", resolve=two)

    assert [(reading.address, reading.ok) for reading in result.readings] == [
        ("127.0.0.77", False),
        ("127.0.0.1", True),
    ]
    assert long(result.verdict) == f"1 of 2 addresses fails: http://a.example:{port}/ at 127.0.0.77: connection refused"


async def test_each_address_is_asked_by_the_name() -> None:
    """Host stays what it was, whatever the address."""
    heads: list[bytes] = []

    async def noting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK)
        await silent(reader, writer)

    async with listening(noting) as port:
        await asked(f"http://a.example:{port}/")

    assert f"Host: a.example:{port}\r\n".encode() in heads[0]


async def test_without_ipv6_here_an_ipv6_address_is_not_asked() -> None:
    """That is no fault of the site's, where it has IPv4 as well."""

    async def both(_host: str) -> list[str]:
        return ["2001:db8::7", "127.0.0.1"]

    policy = ProbePolicy(allow_networks=["127.0.0.0/8", "2001:db8::/32"], resolve=both)
    visitor = UrlVisitor(
        policy=policy, tls=verifying(), clock=system_clock, timeout_s=1, has_route=lambda address: ":" not in address
    )
    visits = await visitor.visits(read_url("http://a.example/"))

    assert [visit.unasked for visit in visits] == ["this machine has no IPv6", ""]


def test_an_address_that_was_not_asked_does_not_count() -> None:
    """It is remarked, and the rest decides."""
    url = "http://a.example/"
    asked_, unasked = WebAnswer((url,), 200, total_ms=5), WebAnswer((url,), name=f"{url} at ::1", unasked="no IPv6")
    verdict, readings = web_verdict("Website", [asked_, unasked], slow_s=2)

    assert all(reading.ok for reading in readings)
    assert long(verdict) == f"{url} answers 200 in 5.0 ms; {url} at ::1: not asked: no IPv6"


async def test_a_wrong_name_is_named_with_the_certificates_own(tmp_path: Path) -> None:
    """As the tls probe does."""
    authority = Authority(tmp_path)
    async with listening(answering(OK), authority.server("a.example", "*.a.example")) as port:
        result = await asked(f"https://b.example:{port}/", tls=verifying(str(authority.file)))

    assert result.readings[0].reason == (
        "TLS: wrong name: the certificate is for a.example, *.a.example, not for b.example"
    )
    assert result.readings[0].cause == "certificate"


async def test_an_expired_certificate_is_named_with_its_day(tmp_path: Path) -> None:
    """As the tls probe does."""
    authority = Authority(tmp_path)
    async with listening(answering(OK), authority.server("a.example", days=-3)) as port:
        reading = (await asked(f"https://a.example:{port}/", tls=verifying(str(authority.file)))).readings[0]

    assert reading.reason.startswith("TLS: the certificate expired on 20") and reading.reason.endswith("(3 days ago)")


async def test_a_look_up_that_breaks_is_one_failed_reading() -> None:
    """The bot's own error keeps nobody else's URL from being asked."""

    async def breaks(host: str) -> list[str]:
        if host.startswith("bad"):
            raise RuntimeError("a mistake of ours")
        return ["127.0.0.1"]

    async with listening(answering(OK)) as port:
        result = await asked(f"http://bad.example:{port}/", f"http://good.example:{port}/", resolve=breaks)

    assert [(reading.ok, reading.cause) for reading in result.readings] == [(False, "broken"), (True, "")]
    assert result.measured and "1 of 2 URLs fails" in long(result.verdict)


async def test_several_urls_are_one_verdict() -> None:
    """The bad one is named among its peers, in the order asked."""
    async with listening(answering(OK)) as good, listening(answering(b"HTTP/1.1 500 X\r\n\r\n")) as bad:
        urls = [f"http://127.0.0.1:{port}/" for port in (bad, good)]
        result = await asked(*urls)

    assert long(result.verdict) == f"1 of 2 URLs fails: {urls[0]}: status 500 Internal Server Error"
    assert [reading.name for reading in result.readings] == urls


async def test_a_private_address_is_refused() -> None:
    """Before anything is sent."""
    result = await asked("http://127.0.0.1:9/", allow_networks=())

    assert not result.measured and "probes.allow_networks" in result.remedy


async def test_the_whole_probe_has_a_deadline() -> None:
    """Phases that are each in time may be too many together."""

    async def slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        loop = asyncio.get_running_loop()
        due: asyncio.Future[None] = loop.create_future()
        loop.call_later(0.8, due.set_result, None)
        await due
        writer.write(redirect("/again"))
        await silent(reader, writer)

    async with listening(slowly) as port:
        reading = (await asked(f"http://127.0.0.1:{port}/", timeout_s=1.0)).readings[0]

    assert reading.reason == f"not finished after 2.2 s (at http://127.0.0.1:{port}/again)"


async def test_a_cancelled_probe_leaves_nothing_behind() -> None:
    """No task and no connection stays."""
    async with listening(silent) as port:
        task = asyncio.create_task(asked(f"http://127.0.0.1:{port}/", f"https://127.0.0.1:{port}/"))
        await asyncio.wait([task], timeout=0.1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        left = [each for each in asyncio.all_tasks() if "visited" in repr(each)]

    assert not left


async def test_a_subject_without_a_url_is_bad_input() -> None:
    """The sentence says what is missing."""
    with pytest.raises(BadInput, match="no URL"):
        await asked()


@given(st.binary(max_size=300))
def test_any_head_is_read_without_a_crash(data: bytes) -> None:
    """What is not HTTP is None."""
    head = read_head(data)

    assert head is None or 100 <= head.status <= 599


@given(st.text(max_size=40))
def test_a_request_is_one_request_whatever_the_path_is(path: str) -> None:
    """No path can add a header or a second request."""
    try:
        place = read_url(f"http://a.example/{path}")
    except BadInput:
        return

    assert request_bytes(place).count(b"\r\n") == 7
    assert b"Host: a.example\r\n" in request_bytes(place)
