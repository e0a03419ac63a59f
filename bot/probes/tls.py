"""The tls probe: the certificate of each endpoint, verified, and shown also where verification fails."""

import ssl
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from cryptography import x509

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.certificate import Certificate, days, read_certificate, why_not_verified
from bot.probes.dial import NotVerified, PhaseFailed, Phases, connected
from bot.probes.model import ProbeResult, Progress, Reading, Subject
from bot.probes.ocsp import Staple, judged
from bot.probes.policy import NoAddress, Policy, Refused
from bot.probes.run import Run
from bot.probes.side_by_side import side_by_side
from bot.probes.staple import stapled
from bot.probes.typed import read_endpoint
from bot.probes.verdicts import verdict_of

COLUMNS = ("Endpoint", "Protocol", "Names", "Issuer", "Expires", "Days left", "OCSP", "Chain")
_TLS_PORT = 443
_SOON_DAYS = 14
_DEADLINE_FACTOR = 4
_STAPLE_S = 2.5
"""For each phase of the further handshake: a server that was just there and is silent now holds up no playbook."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one handshake showed: the chain as sent, leaf first. `trusted` is the DER of the one that was verified."""

    protocol: str
    chain: tuple[Certificate, ...]
    unverified: ssl.SSLCertVerificationError | None = None
    trusted: tuple[bytes, ...] = ()


class TlsProbe:
    """A verified handshake; where that fails, an unverified one to report what the server shows.

    One more asks for the stapled OCSP response, and reads it against the certificate that came with it.
    """

    kind = "tls"
    summary = "certificate, names, expiry, OCSP"

    def __init__(self, *, policy: Policy, tls: ssl.SSLContext, clock: Clock, timeout_s: float = 5.0) -> None:
        self._policy = policy
        self._tls = tls
        self._clock = clock
        self._timeout_s = timeout_s

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.tls:
            raise BadInput(f"{subject.label} has no host:port whose certificate could be read.")
        run = Run(self.kind, subject.label, COLUMNS, self._clock)
        try:
            readings = await side_by_side(
                subject.tls,
                self._measured,
                unfinished=lambda endpoint: _failed(endpoint, self._late()),
                deadline_s=self._timeout_s * _DEADLINE_FACTOR,
                on_each=lambda done: progress(_result(run, done)),
            )
        except Refused as refusal:
            return run.refused(refusal)
        return _result(run, readings)

    async def _measured(self, endpoint: str) -> Reading:
        host, port = read_endpoint(endpoint, _TLS_PORT)
        try:
            addresses = await self._policy.addresses_of(host)
            seen = await self._seen(host, port, addresses[0])
            return self._reading(endpoint, host, seen, await self._staple(host, port, addresses[0], seen.trusted))
        except NoAddress as error:
            return _failed(endpoint, PhaseFailed("dns", "dns", f"DNS: {error.reason}"))
        except PhaseFailed as failure:
            return _failed(endpoint, failure)

    async def _seen(self, host: str, port: int, address: str) -> _Seen:
        try:
            return await self._handshake(host, port, address, self._tls)
        except NotVerified as failure:
            seen = await self._handshake(host, port, address, unverifying())
            return _Seen(seen.protocol, seen.chain, failure.error)

    async def _staple(self, host: str, port: int, address: str, trusted: tuple[bytes, ...]) -> Staple:
        """What can't be had is shown and counts for nothing: the certificate itself has been seen."""
        try:
            found = await stapled(host, port, address, timeout_s=min(self._timeout_s, _STAPLE_S))
        except PhaseFailed as failure:
            return Staple("unread", f"not known: {failure.sentence}")
        issuers = [each for each in map(_parsed, trusted) if each]
        return judged(found.response, found.chain, trusted=issuers, now=self._clock())

    async def _handshake(self, host: str, port: int, address: str, context: ssl.SSLContext) -> _Seen:
        phases = Phases()
        async with connected(
            address, port, phases=phases, timeout_s=self._timeout_s, tls=context, name=host
        ) as connection:
            if connection.tls is None:
                raise PhaseFailed("tls", "tls", "TLS: no handshake took place")
            verified = _chain_by(connection.tls, "get_verified_chain") if context is self._tls else ()
            return _Seen(connection.tls.version() or "", _chain(connection.tls), trusted=verified)

    def _reading(self, endpoint: str, host: str, seen: _Seen, staple: Staple) -> Reading:
        if not seen.chain:
            return _failed(endpoint, PhaseFailed("tls", "certificate", "TLS: the certificate can't be read"))
        leaf, now = seen.chain[0], self._clock()
        left = leaf.days_left(now)
        troubles = [f"TLS: {why_not_verified(seen.unverified, host, leaf, now)}"] if seen.unverified else []
        troubles += [staple.trouble] if staple.trouble else []
        remark = f"the certificate expires in {days(left)}" if left < _SOON_DAYS else _chain_remark(seen.chain, now)
        facts = (leaf.names_shown, leaf.issuer, f"{leaf.not_after:%Y-%m-%d}", str(int(left)), staple.words)
        cells = (endpoint, seen.protocol, *facts, _links(seen.chain))
        return Reading(
            endpoint, not troubles, cells, "; ".join(troubles) or remark, _data(endpoint, seen, left, staple)
        )

    def _late(self) -> PhaseFailed:
        seconds = self._timeout_s * _DEADLINE_FACTOR
        return PhaseFailed("tls", "timeout", f"not finished after {seconds:g} s")


def verifying(ca_file: str = "") -> ssl.SSLContext:
    """Verifies against the system's CAs, and those in `ca_file` besides."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    context.set_alpn_protocols(["http/1.1"])
    return context


def unverifying() -> ssl.SSLContext:
    """For looking only: nothing is sent over a connection made with it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _chain(tls: ssl.SSLObject) -> tuple[Certificate, ...]:
    """The chain as the server sent it; where Python can't tell, the leaf alone."""
    sent = _chain_by(tls, "get_unverified_chain") or (tls.getpeercert(binary_form=True) or b"",)
    return tuple(certificate for certificate in map(read_certificate, sent) if certificate)


def _chain_by(tls: ssl.SSLObject, call: str) -> tuple[bytes, ...]:
    """A chain as DER. Python 3.13 has public calls for both; before, the same calls stand on the object beneath."""
    holder: Any = tls if hasattr(tls, call) else getattr(tls, "_sslobj", None)
    return tuple(map(_der, (getattr(holder, call)() if holder else None) or ()))


def _links(chain: tuple[Certificate, ...]) -> str:
    """The chain as the server sent it, each certificate before the one that signed it."""
    return " < ".join(each.subject for each in chain)


def _chain_remark(chain: tuple[Certificate, ...], now: datetime) -> str:
    """What is odd about a chain that could be verified all the same; other clients may not manage."""
    for signer in chain[1:]:
        if signer.days_left(now) < _SOON_DAYS:
            return f"{signer.subject}, which signed the certificate, expires in {days(signer.days_left(now))}"
    if any(below.issuer != above.subject for below, above in pairwise(chain)):
        return "the server sends a certificate that does not belong to the chain, or in the wrong order"
    return ""


def _der(certificate: Any) -> bytes:
    return certificate if isinstance(certificate, bytes) else ssl.PEM_cert_to_DER_cert(certificate.public_bytes())


def _failed(endpoint: str, failure: PhaseFailed) -> Reading:
    data = {"endpoint": endpoint, "failed_phase": failure.phase, "cause": failure.cause}
    return Reading(endpoint, False, (endpoint, *["-"] * (len(COLUMNS) - 1)), failure.sentence, data)


def _parsed(der: bytes) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError:
        return None


def _data(endpoint: str, seen: _Seen, days_left: float, staple: Staple) -> dict[str, Any]:
    leaf = seen.chain[0]
    cause = "certificate" if seen.unverified else "ocsp" if staple.trouble else ""
    return {
        "endpoint": endpoint,
        "protocol": seen.protocol,
        "verified": seen.unverified is None,
        "cause": cause,
        "verify_code": seen.unverified.verify_code if seen.unverified else 0,
        "names": list(leaf.names),
        "issuer": leaf.issuer,
        "not_after": leaf.not_after.isoformat(),
        "days_left": days_left,
        "ocsp": staple.data(),
        "chain": [
            {"subject": each.subject, "issuer": each.issuer, "not_after": each.not_after.isoformat()}
            for each in seen.chain
        ],
    }


def _result(run: Run, readings: list[Reading]) -> ProbeResult:
    least = min((reading.data["days_left"] for reading in readings if reading.ok), default=0.0)
    noun = "certificate is" if len(readings) == 1 else f"{len(readings)} certificates are"
    well = f"The {noun} valid, for {days(least)} more"
    ok = all(reading.ok for reading in readings)
    return run.result(ok=ok, verdict=verdict_of(readings, noun="endpoints", well=well), readings=readings)
