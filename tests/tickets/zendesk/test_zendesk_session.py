"""The way to Zendesk and back: addresses, what is sent how often, and what comes out of each failure."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from zenpy import Zenpy
from zenpy.lib.api_objects import Ticket as ZenpyTicket

from bot.tickets.desk import DeskError, TicketChanged
from bot.tickets.zendesk.desk import ZendeskDesk
from bot.tickets.zendesk.session import DOMAIN, PLACEHOLDER_URL, SUBDOMAIN, Address
from bot.tickets.zendesk.workers import Timeouts
from tests.tickets.zendesk.conftest import HandClock, Open
from tests.tickets.zendesk.desk_server import DeskServer, Reply, ticket_row

ME, SHOW_MANY = "/api/v2/users/me.json", "/api/v2/tickets/show_many.json"
TAGS = "/api/v2/tickets/5/tags.json"
AGENT = Reply({"user": {"id": 3, "name": "Support Bot", "role": "agent"}})
TICKET = Reply({"tickets": [ticket_row(5)]})


@pytest.mark.parametrize(
    ("base", "asked", "sent"),
    [
        ("https://acme.zendesk.com", f"{PLACEHOLDER_URL}/api/v2/x?a=1", "https://acme.zendesk.com/api/v2/x?a=1"),
        ("https://acme.zendesk.com/", f"{PLACEHOLDER_URL}/api/v2/x", "https://acme.zendesk.com/api/v2/x"),
        ("http://proxy:8080/zd/", f"{PLACEHOLDER_URL}/api/v2/x", "http://proxy:8080/zd/api/v2/x"),
        ("http://proxy:8080/zd", "http://proxy:8080/zd/api/v2/x?page=2", "http://proxy:8080/zd/api/v2/x?page=2"),
        ("http://proxy:8080/zd", "http://proxy:8080/api/v2/x", "http://proxy:8080/zd/api/v2/x"),
        ("https://acme.zendesk.com", "http://ACME.zendesk.com/api/v2/x", "https://acme.zendesk.com/api/v2/x"),
        ("https://acme.zendesk.com", "https://acme.zendesk.com:443/api/v2/x", "https://acme.zendesk.com/api/v2/x"),
        ("http://[::1]:8787", f"{PLACEHOLDER_URL}/api/v2/x", "http://[::1]:8787/api/v2/x"),
    ],
)
def test_addresses_lead_to_the_configured_server(base: str, asked: str, sent: str) -> None:
    """zenpy's own address and the server's links both go to scheme, host and prefix of ZENDESK_URL."""
    assert Address.parse(base).resolve(asked) == sent


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/api/v2/x",
        "https://acme.zendesk.com:8443/x",
        "https://acme.zendesk.com@evil.example/x",
        "/x",
    ],
)
def test_other_hosts_are_refused(link: str) -> None:
    """A login never travels to a host that an answer names."""
    with pytest.raises(DeskError, match="another host") as caught:
        Address.parse("https://acme.zendesk.com").resolve(link)

    assert not caught.value.retry


@pytest.mark.parametrize(
    "url", ["", "acme.zendesk.com", "ftp://acme", "https://", "https://me:pw@acme", "http://a?b", "http://a:x"]
)
def test_what_is_no_address_is_refused_at_once(url: str, clock: HandClock) -> None:
    """A wrong ZENDESK_URL shows at start."""
    with pytest.raises(ValueError):
        Address.parse(url)


async def test_a_path_in_front_of_the_api_is_kept(server: DeskServer, open_desk: Open) -> None:
    """A proxy may serve Zendesk under a prefix."""
    server.on("GET", "/zendesk" + ME, AGENT)

    assert await open_desk(url=f"{server.url}/zendesk/").check() == "Zendesk as Support Bot (agent)"


def test_updates_through_zenpy_are_sent_once(server: DeskServer, session: requests.Session) -> None:
    """zenpy's own transport sends a PUT four times on 503, each with the comment to the customer."""
    server.on("PUT", "/api/v2/tickets/5.json", Reply({}, status=503))
    zenpy = Zenpy(subdomain=SUBDOMAIN, domain=DOMAIN, session=session, anonymous=True, disable_cache=True)

    with pytest.raises(DeskError, match="server error 503"):
        zenpy.tickets.update(ZenpyTicket(id=5, status="solved"))

    assert len(server.requests) == 1


@pytest.mark.parametrize(("method", "tags"), [("PUT", []), ("DELETE", ["inv-12"])])
@pytest.mark.parametrize("answer", [Reply({}, status=503), Reply({}, status=502), Reply(drop=True)])
async def test_writes_are_never_repeated(
    server: DeskServer, desk: ZendeskDesk, method: str, tags: list[str], answer: Reply
) -> None:
    """A write whose outcome is unknown goes out once; the caller decides."""
    server.on("GET", SHOW_MANY, Reply({"tickets": [ticket_row(5, tags=tags)]}))
    server.on(method, TAGS, answer)

    with pytest.raises(DeskError) as caught:
        await (desk.add_tag(5, "inv-12") if method == "PUT" else desk.remove_tag(5, "inv-12"))

    assert caught.value.retry
    assert len(server.seen(method, TAGS)) == 1


@pytest.mark.parametrize("answer", [Reply({}, status=503), Reply({}, status=502), Reply(drop=True)])
async def test_reads_are_repeated_once(server: DeskServer, desk: ZendeskDesk, answer: Reply) -> None:
    """A passing fault of a read is not worth a message."""
    server.on("GET", ME, answer, AGENT)

    assert await desk.check() == "Zendesk as Support Bot (agent)"
    assert len(server.requests) == 2


async def test_a_write_that_waits_too_long_is_sent_once(server: DeskServer, open_desk: Open) -> None:
    """The outcome of a timed out write is unknown."""
    server.on("GET", SHOW_MANY, TICKET)
    server.on("PUT", TAGS, Reply(hang=True))

    with pytest.raises(DeskError, match=r"timed out after 0\.2 s") as caught:
        await open_desk(timeouts=Timeouts(read_s=0.2)).add_tag(5, "inv-12")

    assert caught.value.retry
    assert len(server.seen("PUT", TAGS)) == 1


HTML = b"<html><body>Sorry</body></html>"


@pytest.mark.parametrize(
    ("answer", "reason", "retry", "retry_after_s"),
    [
        (Reply({}, status=429, headers={"Retry-After": "93"}), "rate limit reached (429)", True, 93.0),
        (Reply({}, status=429), "rate limit reached (429)", True, None),
        (Reply({}, status=429, headers={"Retry-After": "Mon, 02 Mar 2026 09:01:00 GMT"}), "rate limit", True, 60.0),
        (Reply({}, status=429, headers={"Retry-After": "later"}), "rate limit", True, None),
        (Reply({}, status=500), "server error 500", True, None),
        (
            Reply(HTML, status=503, content_type="text/html", headers={"Retry-After": "5"}),
            "server error 503",
            True,
            5.0,
        ),
        (Reply(HTML, status=401, content_type="text/html"), "login refused (401)", False, None),
        (
            Reply({"error": {"title": "Forbidden", "message": "No access\nhere"}}, status=403),
            "not allowed (403): check the role and scopes of the bot's Zendesk user: Forbidden No access here",
            False,
            None,
        ),
        (Reply({"error": "RecordNotFound", "description": "Not found"}, status=404), "not found (404)", False, None),
        (
            Reply({"error": "RecordInvalid", "details": {"status": [{"description": "Status: closed"}]}}, status=422),
            "refused (422): RecordInvalid Status: closed",
            False,
            None,
        ),
        (
            Reply({"error": "invalid", "description": "Invalid search"}, status=422),
            "refused (422): invalid",
            False,
            None,
        ),
        (Reply({"error": "x" * 5_000}, status=400), "refused (400): xxx", False, None),
        (Reply([], status=418), "refused (418)", False, None),
        (Reply(status=302, headers={"Location": "https://evil.example/x"}), "redirected to evil.example", False, None),
        (Reply(status=301, headers={"Location": "/login"}), "redirected to another address (301)", False, None),
        (Reply(HTML, content_type="text/html; charset=utf-8"), "a web page instead of data", False, None),
        (Reply(b"{"), "no JSON object", True, None),
        (Reply(b""), "no JSON object", True, None),
        (Reply([1]), "no JSON object", True, None),
        (Reply(b"[" * 200_000), "no JSON object", True, None),
        (Reply({"user": {}}, cut=True), "the connection was lost", True, None),
        (Reply(drop=True), "the connection was lost", True, None),
    ],
)
async def test_failures_come_with_a_reason(
    server: DeskServer, desk: ZendeskDesk, answer: Reply, reason: str, retry: bool, retry_after_s: float | None
) -> None:
    """Each kind of failure is a DeskError that says what happened and whether waiting helps."""
    server.on("GET", ME, answer)

    with pytest.raises(DeskError) as caught:
        await desk.check()

    assert reason in caught.value.reason
    assert len(caught.value.reason) < 300
    assert (caught.value.retry, caught.value.retry_after_s) == (retry, retry_after_s)


async def test_a_conflict_is_ticket_changed(server: DeskServer, desk: ZendeskDesk) -> None:
    """409 has a class of its own, since reading again helps."""
    server.on("GET", ME, Reply({"error": "UpdateConflict"}, status=409))

    with pytest.raises(TicketChanged):
        await desk.check()


async def test_a_past_retry_after_is_now(server: DeskServer, desk: ZendeskDesk, clock: HandClock) -> None:
    """A date that has passed means no wait, not a negative one."""
    past = format_datetime((clock.now - timedelta(hours=1)).astimezone(UTC), usegmt=True)
    server.on("GET", ME, Reply({}, status=429, headers={"Retry-After": past}))

    with pytest.raises(DeskError) as caught:
        await desk.check()

    assert caught.value.retry_after_s == 0


async def test_nobody_listening_is_unreachable(open_desk: Open) -> None:
    """The reason says that the connection was refused."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        desk = open_desk(url=f"http://127.0.0.1:{unused.getsockname()[1]}")

        with pytest.raises(DeskError, match="unreachable: connection refused") as caught:
            await desk.check()

    assert caught.value.retry


async def test_a_name_that_does_not_exist_is_unreachable(open_desk: Open) -> None:
    """`.invalid` never resolves (RFC 6761)."""
    with pytest.raises(DeskError, match="not found in DNS") as caught:
        await open_desk(url="http://nowhere.invalid").check()

    assert caught.value.retry


async def test_silence_is_a_timeout_and_not_repeated(server: DeskServer, open_desk: Open) -> None:
    """A read that got no answer in time is not tried for the same time again."""
    server.on("GET", ME, Reply(hang=True))

    with pytest.raises(DeskError, match=r"timed out after 0\.2 s") as caught:
        await open_desk(timeouts=Timeouts(read_s=0.2)).check()

    assert caught.value.retry
    assert len(server.requests) == 1


def test_nothing_comes_from_the_environment(session: requests.Session) -> None:
    """No proxy and no .netrc of the machine: where requests go and as whom is decided by the settings only."""
    assert not session.trust_env


def test_cookies_are_not_kept(server: DeskServer, session: requests.Session) -> None:
    """Zendesk sets session cookies, which must not stand in for the login of a later request."""
    server.on("GET", ME, Reply(AGENT.body, headers={"Set-Cookie": "_zendesk_session=x; Path=/"}))

    for _ in range(2):
        session.get(f"{PLACEHOLDER_URL}{ME}", timeout=5)

    assert "cookie" not in server.requests[1].headers


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of its own authority for 127.0.0.1, with its key, as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk")])
    now = datetime.now(UTC)
    usage = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(usage, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "desk.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


async def test_certificates_are_checked(open_desk: Open, certificate: Path) -> None:
    """An unknown certificate is refused before anything is sent; a trusted one works, for its own name only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with DeskServer(tls=context) as secure:
        secure.on("GET", ME, AGENT)
        named = secure.url.replace("127.0.0.1", "localhost")

        with pytest.raises(DeskError, match="certificate is not trusted") as caught:
            await open_desk(url=named).check()
        with pytest.raises(DeskError, match="certificate is not trusted"):
            await open_desk(url=secure.url, ca_file=str(certificate)).check()

        assert not caught.value.retry
        assert secure.requests == []
        assert await open_desk(url=named, ca_file=str(certificate)).check() == "Zendesk as Support Bot (agent)"
