"""OCSP stapling: what a server staples is read, believed only where it may be, and never breaks anything."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import system_clock
from bot.probes.model import Reading, Subject
from bot.probes.policy import Policy
from bot.probes.web.ocsp import judged
from bot.probes.web.tls import TlsProbe, verifying
from tests.probes.listeners import NOW, Authority, Issued, listening, resetting
from tests.probes.web.stapling import nonsense, response, stapling, stapling_anything

GOOD, REVOKED, UNKNOWN = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED, ocsp.OCSPCertStatus.UNKNOWN
MUST_STAPLE = x509.TLSFeature([x509.TLSFeatureType.status_request])
FOR_OCSP = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])


@dataclass(frozen=True)
class Site:
    """A CA and the certificate of www.example.com that it signed."""

    authority: Authority
    leaf: Issued

    def staple(self, status: ocsp.OCSPCertStatus = GOOD, since_days: float = -1, until_days: float | None = 5) -> bytes:
        return response(
            self.leaf.certificate, self.authority.own, status=status, since_days=since_days, until_days=until_days
        )

    def judged(self, staple: bytes) -> str:
        """The trouble that the probe would find."""
        return judged(staple, (self.leaf.certificate, self.authority.own.certificate), now=NOW).trouble


@pytest.fixture
def site(tmp_path: Path) -> Site:
    authority = Authority(tmp_path)
    return Site(authority, authority.issue("www.example.com"))


async def shown(site: Site, staple: bytes, *, leaf: Issued | None = None, sends_chain: bool = True) -> Reading:
    """What the tls probe says of a server that staples so."""
    chain = [site.authority.own.certificate] if sends_chain else []
    async with stapling(leaf or site.leaf, chain, staple) as port:
        return await looked_at(site.authority, port)


async def looked_at(authority: Authority, port: int) -> Reading:
    async def loopback(_host: str) -> list[str]:
        return ["127.0.0.1"]

    policy = Policy(allow_networks=["127.0.0.0/8"], resolve=loopback)
    probe = TlsProbe(policy=policy, tls=verifying(str(authority.file)), clock=system_clock)
    result = await probe.run(Subject("Website", tls=(f"www.example.com:{port}",)), progress=lambda _result: None)
    return result.readings[0]


def ocsp_cell(reading: Reading) -> str:
    return reading.cells[6]


async def test_a_good_staple_is_shown_with_its_end(site: Site) -> None:
    """Its signature is checked against the issuer that the server sends."""
    reading = await shown(site, site.staple())

    assert reading.ok and reading.reason == ""
    assert ocsp_cell(reading) == f"good until {NOW + dt.timedelta(days=5):%Y-%m-%d}"
    assert "not checked" not in ocsp_cell(reading)


async def test_a_revoked_certificate_is_bad_with_date_and_reason(site: Site) -> None:
    """The chain verifies all the same: only the staple tells."""
    reading = await shown(site, site.staple(REVOKED))

    assert not reading.ok
    assert reading.reason == "the certificate was revoked on 2026-01-02 (key compromise)"
    assert (ocsp_cell(reading), reading.cause) == ("revoked", "ocsp")


async def test_an_expired_staple_is_bad(site: Site) -> None:
    """Browsers refuse the page, though the certificate is valid."""
    reading = await shown(site, site.staple(since_days=-9, until_days=-2.5))

    assert not reading.ok and ocsp_cell(reading) == "expired"
    assert reading.reason.startswith("the stapled OCSP response expired on ") and "(2 days ago)" in reading.reason


async def test_a_staple_about_another_certificate_is_bad(site: Site, tmp_path: Path) -> None:
    """The server was given a new certificate, and staples for the old one."""
    other = site.authority.issue("www.example.com")
    staple = response(other.certificate, site.authority.own)
    async with stapling_anything(site.leaf, site.authority.file, staple, tmp_path) as port:
        reading = await looked_at(site.authority, port)

    assert not reading.ok and ocsp_cell(reading) == "of another certificate"
    assert f"{other.certificate.serial_number:x}"[:15] in reading.reason


async def test_a_staple_that_is_nonsense_is_bad(site: Site, tmp_path: Path) -> None:
    """A browser takes it for an attack."""
    async with stapling_anything(site.leaf, site.authority.file, nonsense(b"not OCSP at all"), tmp_path) as port:
        reading = await looked_at(site.authority, port)

    assert not reading.ok and ocsp_cell(reading) == "unreadable"


async def test_no_staple_is_only_shown(site: Site) -> None:
    """Most servers staple nothing, and that is well."""
    reading = await shown(site, b"")

    assert reading.ok and reading.reason == "" and ocsp_cell(reading) == "not stapled"


async def test_a_certificate_that_demands_a_staple_is_bad_without(site: Site) -> None:
    """Must-staple, RFC 7633."""
    leaf = site.authority.issue("www.example.com", extra=MUST_STAPLE)
    without = await shown(site, b"", leaf=leaf)
    stapled = await shown(site, response(leaf.certificate, site.authority.own), leaf=leaf)

    assert not without.ok and "must-staple" in without.reason
    assert stapled.ok and ocsp_cell(stapled).startswith("good until ")


async def test_the_issuer_is_looked_for_among_known_authorities(site: Site) -> None:
    """The server sends its own certificate alone, signed by a root."""
    reading = await shown(site, site.staple(), sends_chain=False)

    assert reading.ok and "not checked" not in ocsp_cell(reading)


async def test_a_server_without_ocsp_is_not_stapled(site: Site) -> None:
    """Python's own TLS server never staples."""
    async with listening(resetting_after_hello, site.authority.server("www.example.com")) as port:
        assert ocsp_cell(await looked_at(site.authority, port)) == "not stapled"


async def resetting_after_hello(reader: object, writer: object) -> None:
    """The handshake is done when this is called."""


async def test_a_second_handshake_that_fails_hides_nothing(site: Site) -> None:
    """The certificate has been seen; the column says why the rest is not known."""
    context, seen = site.authority.server("www.example.com"), []

    def count(_socket: object, _name: str | None, _context: object) -> int | None:
        seen.append(1)
        return None if len(seen) == 1 else 80  # the alert "internal error"

    context.sni_callback = count
    async with listening(resetting, context) as port:
        reading = await looked_at(site.authority, port)

    assert reading.ok and ocsp_cell(reading).startswith("not known: ")


@pytest.mark.parametrize(
    ("status", "since_days", "until_days", "trouble"),
    [
        (GOOD, -1, None, ""),
        (GOOD, 0.002, 5, ""),
        (GOOD, -3, -0.002, ""),
        (GOOD, 1, 5, "the stapled OCSP response is not valid before "),
        (UNKNOWN, -1, 5, "its issuer's OCSP responder does not know the certificate"),
        (REVOKED, -9, -2, "the certificate was revoked on 2026-01-02 (key compromise)"),
    ],
)
def test_status_and_times_are_judged(
    site: Site, status: ocsp.OCSPCertStatus, since_days: float, until_days: float | None, trouble: str
) -> None:
    """Clocks may differ by minutes; a revocation stays one when its response has expired."""
    found = site.judged(site.staple(status, since_days, until_days))

    assert found.startswith(trouble) and bool(found) is bool(trouble)


def test_an_error_of_the_responder_is_named(site: Site) -> None:
    """Some servers pass it on, and some browsers refuse the page for it."""
    error = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)

    assert '"try later"' in site.judged(_der(error))


def test_a_responder_that_the_issuer_appointed_may_sign(site: Site) -> None:
    """Its certificate has the right usage and goes along with the response."""
    responder = site.authority.issue("ocsp.example.com", extra=FOR_OCSP)
    staple = response(site.leaf.certificate, responder, issuer=site.authority.own.certificate)

    assert site.judged(staple) == ""


@pytest.mark.parametrize("wrong", ["no usage", "another CA", "expired"])
def test_nobody_else_may_sign(site: Site, tmp_path: Path, wrong: str) -> None:
    """A certificate without the usage, of another CA or out of date proves nothing."""
    (tmp_path / "other").mkdir()
    responders = {
        "no usage": site.authority.issue("ocsp.example.com"),
        "another CA": Authority(tmp_path / "other", "Other CA").issue("ocsp.example.com", extra=FOR_OCSP),
        "expired": site.authority.issue("ocsp.example.com", extra=FOR_OCSP, days=-1),
    }
    staple = response(site.leaf.certificate, responders[wrong], issuer=site.authority.own.certificate)

    assert site.judged(staple) == "the stapled OCSP response is not signed for the certificate's issuer"


def test_the_same_serial_number_of_another_issuer_is_another_certificate(site: Site, tmp_path: Path) -> None:
    """Serial numbers are an issuer's own."""
    (tmp_path / "other").mkdir()
    other = Authority(tmp_path / "other", "Other CA")

    assert "is about another certificate" in site.judged(response(site.leaf.certificate, other.own))


def test_without_the_issuer_the_signature_is_not_checked(site: Site) -> None:
    """And the column says so."""
    found = judged(site.staple(), (site.leaf.certificate,), now=NOW)

    assert (found.trouble, found.signed) == ("", False)
    assert found.words.endswith(", signature not checked")


def test_a_signature_by_rsa_is_checked() -> None:
    """Most public authorities sign with RSA."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name.from_rfc4514_string("CN=RSA CA")
    root = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW)
        .not_valid_after(NOW + dt.timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    single = ocsp.OCSPResponseBuilder().add_response(
        root, root, hashes.SHA256(), GOOD, NOW, NOW + dt.timedelta(days=1), None, None
    )
    staple = single.responder_id(ocsp.OCSPResponderEncoding.NAME, root).sign(key, hashes.SHA256())
    found = judged(_der(staple), (root, root), now=NOW)

    assert (found.status, found.signed) == ("good", True)


@given(st.binary(max_size=400))
def test_any_bytes_are_judged(lasting: Site, staple: bytes) -> None:
    """Noise is unreadable, or no staple at all."""
    found = judged(staple, (lasting.leaf.certificate, lasting.authority.own.certificate), now=NOW)

    assert found.status == ("invalid" if staple else "none")


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_response_with_other_bytes_is_good_only_where_its_signature_holds(
    lasting: Site, delegated: bytes, changes: list[tuple[int, int]]
) -> None:
    """Or where the signature is of a kind that can't be checked, and the column says so."""
    staple = bytearray(delegated)
    for place, value in changes:
        staple[place % len(staple)] = value
    found = judged(bytes(staple), (lasting.leaf.certificate, lasting.authority.own.certificate), now=NOW)

    assert found.trouble or found.signed or found.words.endswith("signature not checked")


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Site:
    authority = Authority(tmp_path_factory.mktemp("lasting"))
    return Site(authority, authority.issue("www.example.com"))


@pytest.fixture(scope="module")
def delegated(lasting: Site) -> bytes:
    """A good staple with a responder's certificate in it: much to break."""
    responder = lasting.authority.issue("ocsp.example.com", extra=FOR_OCSP)
    return response(lasting.leaf.certificate, responder, issuer=lasting.authority.own.certificate)


def _der(made: ocsp.OCSPResponse) -> bytes:
    return made.public_bytes(serialization.Encoding.DER)
