"""The tls probe against certificates with known faults."""

import datetime as dt
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import system_clock
from bot.errors import BadInput
from bot.probes.model import ProbeResult, Subject
from bot.probes.policy import ProbePolicy, Resolve
from bot.probes.web.certificate import read_certificate
from bot.probes.web.tls import TLS, TlsProbe, verifying
from bot.probes.wording import long
from tests.probes.listeners import NOW, Authority, closed_port, listening, resetting, silent


async def loopback(_host: str) -> list[str]:
    return ["127.0.0.1"]


async def shown(
    *endpoints: str, authority: Authority | None = None, timeout_s: float = 5.0, resolve: Resolve = loopback
) -> ProbeResult:
    policy = ProbePolicy(allow_networks=["127.0.0.0/8"], resolve=resolve)
    tls = verifying(str(authority.file) if authority else "")
    probe = TlsProbe(policy=policy, tls=tls, clock=system_clock, timeout_s=timeout_s)
    return await probe.run(Subject("Website", tls=endpoints), progress=lambda _result: None)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


async def test_a_valid_certificate_is_shown(authority: Authority) -> None:
    """Protocol, names, issuer, chain and days left."""
    async with listening(silent, authority.server("www.example.com", "example.com", "127.0.0.1")) as port:
        result = await shown(f"www.example.com:{port}", authority=authority)

    cells = dict(zip(TLS.columns, result.readings[0].cells, strict=True))
    assert result.ok and not result.verdict.warns
    assert long(result.verdict) == "The certificate is valid, for 60 days more"
    assert (cells["Protocol"], cells["Issuer"], cells["Days left"]) == ("TLSv1.3", "Test CA", "60")
    assert cells["Names"] == "www.example.com, example.com, 127.0.0.1"
    assert cells["Chain"] == "www.example.com < Test CA"


async def test_an_address_may_be_the_name(authority: Authority) -> None:
    """A certificate for an IP address is valid there."""
    async with listening(silent, authority.server("127.0.0.1")) as port:
        assert (await shown(f"127.0.0.1:{port}", authority=authority)).ok


async def test_an_expired_certificate_is_named_and_shown(authority: Authority) -> None:
    """Verification fails, and the certificate is there all the same."""
    async with listening(silent, authority.server("www.example.com", days=-3)) as port:
        reading = (await shown(f"www.example.com:{port}", authority=authority)).readings[0]

    assert not reading.ok
    assert reading.reason.startswith("TLS: the certificate expired on 20") and reading.reason.endswith("(3 days ago)")
    assert reading.numbers.days_left == pytest.approx(-3.0, abs=0.01)
    assert reading.cells[TLS.columns.index("Issuer")] == "Test CA"


async def test_a_certificate_of_the_future_is_named(authority: Authority) -> None:
    """Not yet valid."""
    async with listening(silent, authority.server("www.example.com", begins_days=2)) as port:
        reading = (await shown(f"www.example.com:{port}", authority=authority)).readings[0]

    assert reading.reason.startswith("TLS: the certificate is not valid before 20")


async def test_a_wrong_name_is_named(authority: Authority) -> None:
    """Both the name that is there and the one that is wanted."""
    async with listening(silent, authority.server("other.example", "*.other.example")) as port:
        reading = (await shown(f"www.example.com:{port}", authority=authority)).readings[0]

    assert reading.reason == (
        "TLS: wrong name: the certificate is for other.example, *.other.example, not for www.example.com"
    )


async def test_a_wrong_address_is_named(authority: Authority) -> None:
    """An address is no name of the certificate."""
    async with listening(silent, authority.server("www.example.com")) as port:
        reading = (await shown(f"127.0.0.1:{port}", authority=authority)).readings[0]

    assert "not for 127.0.0.1" in reading.reason


async def test_an_unknown_ca_is_named(authority: Authority) -> None:
    """Without the extra file it is not trusted."""
    async with listening(silent, authority.server("www.example.com")) as port:
        reading = (await shown(f"www.example.com:{port}")).readings[0]

    assert reading.reason.startswith("TLS: unknown CA")
    assert reading.cells[TLS.columns.index("Chain")] == "www.example.com < Test CA"


async def test_a_self_signed_certificate_is_named(authority: Authority) -> None:
    """It is its own issuer."""
    async with listening(silent, authority.server("www.example.com", self_signed=True)) as port:
        reading = (await shown(f"www.example.com:{port}", authority=authority)).readings[0]

    assert reading.reason == "TLS: the certificate is self-signed"


async def test_a_certificate_that_expires_soon_is_remarked(authority: Authority) -> None:
    """It works today, so it is well."""
    async with listening(silent, authority.server("www.example.com", days=5.5)) as port:
        result = await shown(f"www.example.com:{port}", authority=authority)

    assert result.ok
    assert "the certificate expires in 5 days" in long(result.verdict)


async def test_verdict_remark_and_table_count_the_same_days(authority: Authority) -> None:
    """Days that have begun do not count, in none of them."""
    async with listening(silent, authority.server("www.example.com", days=11.98)) as port:
        result = await shown(f"www.example.com:{port}", authority=authority)

    assert long(result.verdict).startswith("The certificate is valid, for 11 days more; ")
    assert long(result.verdict).endswith("the certificate expires in 11 days")
    assert result.readings[0].cells[TLS.columns.index("Days left")] == "11"


async def test_a_certificate_that_belongs_to_another_chain_is_remarked(tmp_path: Path) -> None:
    """It verifies here, and some clients stumble over it."""
    (tmp_path / "other").mkdir()
    ours, other = Authority(tmp_path), Authority(tmp_path / "other", "Other CA")
    ours.server("www.example.com")
    pair = (tmp_path / "server.pem").read_text()
    own = ours.file.read_text()
    (tmp_path / "mixed.pem").write_text(pair.replace(own, "") + other.file.read_text())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "mixed.pem")
    async with listening(silent, context) as port:
        result = await shown(f"www.example.com:{port}", authority=ours)

    assert result.ok
    assert "does not belong to the chain" in long(result.verdict)


async def test_an_expired_certificate_that_is_sent_along_says_when_it_expired(authority: Authority) -> None:
    """The leaf is good and most clients pass over the rest: that is no failure, and somebody should act."""
    old = Authority(authority.file.parent, "Old Root", days=-790).own.certificate
    made = authority.issue("www.example.com")
    async with listening(silent, authority.sending(made, authority.own.certificate, old)) as port:
        result = await shown(f"www.example.com:{port}", authority=authority)

    day = f"{NOW - dt.timedelta(days=790):%Y-%m-%d}"
    assert result.ok and result.verdict.warns and result.readings[0].warns
    assert f"Old Root, which the server sends along, expired on {day} (790 days ago)" in long(result.verdict)


async def test_a_signer_that_expires_soon_is_remarked(tmp_path: Path) -> None:
    """With the leaf it is the whole chain that ends."""
    root = Authority(tmp_path, "Root")
    signer = Authority(tmp_path, "Signer", days=6.5, above=root)
    made = signer.issue("www.example.com")
    async with listening(silent, signer.sending(made, signer.own.certificate)) as port:
        result = await shown(f"www.example.com:{port}", authority=root)

    assert result.ok and result.verdict.warns
    assert "Signer, which the server sends along, expires in 6 days" in long(result.verdict)


async def test_an_expired_signer_is_named_and_not_the_leaf(tmp_path: Path) -> None:
    """OpenSSL says only that something has expired."""
    root = Authority(tmp_path, "Root")
    signer = Authority(tmp_path, "Signer", days=-3, above=root)
    made = signer.issue("www.example.com")
    async with listening(silent, signer.sending(made, signer.own.certificate)) as port:
        reading = (await shown(f"www.example.com:{port}", authority=root)).readings[0]

    assert not reading.ok and not reading.warns
    assert reading.reason.startswith("TLS: Signer, which the server sends along, expired on 20")
    assert reading.cells[TLS.columns.index("Days left")] == "60"


@pytest.mark.parametrize(("days_left", "warns"), [(13.9, True), (14.5, False), (0.3, True)])
async def test_under_fourteen_days_is_a_warning(authority: Authority, days_left: float, warns: bool) -> None:
    """Nothing fails yet."""
    async with listening(silent, authority.server("www.example.com", days=days_left)) as port:
        result = await shown(f"www.example.com:{port}", authority=authority)

    assert (result.ok, result.verdict.warns, result.readings[0].warns) == (True, warns, warns)


async def test_a_certificate_that_expired_hours_ago_has_no_day_left(authority: Authority) -> None:
    """In no place is it "0 days left"."""
    async with listening(silent, authority.server("www.example.com", days=-0.4)) as port:
        reading = (await shown(f"www.example.com:{port}", authority=authority)).readings[0]

    assert reading.reason.endswith("(9 hours ago)")
    assert reading.cells[TLS.columns.index("Days left")] == "-1"


async def test_a_leaf_whose_extensions_can_not_be_read_still_has_its_dates(authority: Authority) -> None:
    """OpenSSL takes it, so clients do."""
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.32"), b"no policies")
    made = authority.issue("www.example.com", extra=odd)
    async with listening(silent, authority.sending(made, authority.own.certificate)) as port:
        result = await shown(f"www.example.com:{port}", f"other.example:{port}", authority=authority)

    good, wrong = (dict(zip(TLS.columns, reading.cells, strict=True)) for reading in result.readings)
    assert result.readings[0].ok
    assert (good["Expires"], good["Days left"]) == (f"{made.certificate.not_valid_after_utc:%Y-%m-%d}", "60")
    assert good["Names"] == "can't be read" and good["Chain"] == "www.example.com < Test CA"
    assert wrong["Days left"] == "60"
    assert result.readings[1].reason.endswith("for names that can't be read, not for other.example")


@pytest.mark.parametrize("days", [60.5, 40 * 365])
def test_a_certificate_of_no_known_version_has_its_dates(authority: Authority, days: float) -> None:
    """cryptography refuses it as a whole, clients don't; from 2050 on the date is written in another way."""
    made = authority.issue("www.example.com", days=days).certificate
    der = made.public_bytes(serialization.Encoding.DER).replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x07")
    found = read_certificate(der)

    assert found is not None
    assert found.names is None
    assert (found.not_before, found.not_after) == (made.not_valid_before_utc, made.not_valid_after_utc)


async def test_one_endpoint_that_breaks_is_one_failed_reading(authority: Authority) -> None:
    """A mistake of the bot's own at one name keeps no other from being looked at."""

    async def breaks(host: str) -> list[str]:
        if host.startswith("bad"):
            raise RuntimeError("a mistake of ours")
        return ["127.0.0.1"]

    async with listening(silent, authority.server("www.example.com")) as port:
        endpoints = (f"bad.example:{port}", f"www.example.com:{port}")
        result = await shown(*endpoints, authority=authority, resolve=breaks)

    assert [(reading.ok, reading.cause) for reading in result.readings] == [(False, "broken"), (True, "")]
    assert result.measured


async def test_silence_refusal_and_reset_are_named() -> None:
    """The phase and the cause, side by side."""
    async with listening(silent) as quiet, listening(resetting) as cut:
        endpoints = [f"127.0.0.1:{port}" for port in (quiet, cut, closed_port())]
        result = await shown(*endpoints, timeout_s=0.3)

    assert [reading.cause for reading in result.readings] == ["timeout", "reset", "refused"]
    assert long(result.verdict).startswith("3 of 3 endpoints fail: ")


async def test_a_subject_without_an_endpoint_is_bad_input() -> None:
    """The sentence says what is missing."""
    with pytest.raises(BadInput, match="host:port"):
        await shown()


def test_a_date_that_no_calendar_has_is_no_certificate() -> None:
    """The thirteenth month."""
    assert read_certificate(b"\x30\x1e" + 2 * b"\x17\r261301000000Z") is None


@given(st.binary(max_size=300))
def test_any_bytes_are_a_certificate_or_none(der: bytes) -> None:
    """No crash on what a server may send."""
    assert read_certificate(der) is None
