"""The tls probe: the certificate of each endpoint, verified, and shown also where verification fails."""

import ssl
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.certificate import Certificate, days, read_certificate, why_not_verified
from bot.probes.dial import NotVerified, PhaseFailed, Phases, connected
from bot.probes.model import ProbeResult, Progress, Reading, Subject
from bot.probes.policy import NoAddress, Policy, Refused
from bot.probes.run import Run
from bot.probes.side_by_side import side_by_side
from bot.probes.typed import read_endpoint
from bot.probes.verdicts import verdict_of

COLUMNS = ("Endpoint", "Protocol", "Names", "Issuer", "Expires", "Days left", "Chain")
_TLS_PORT = 443
_SOON_DAYS = 14
_DEADLINE_FACTOR = 4


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one handshake showed: the chain as sent, leaf first."""

    protocol: str
    chain: tuple[Certificate, ...]
    unverified: ssl.SSLCertVerificationError | None = None


class TlsProbe:
    """A verified handshake; where that fails, an unverified one to report what the server shows."""

    kind = "tls"
    summary = "certificate, names, expiry"

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
            return self._reading(endpoint, host, await self._seen(host, port, addresses[0]))
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

    async def _handshake(self, host: str, port: int, address: str, context: ssl.SSLContext) -> _Seen:
        phases = Phases()
        async with connected(
            address, port, phases=phases, timeout_s=self._timeout_s, tls=context, name=host
        ) as connection:
            if connection.tls is None:
                raise PhaseFailed("tls", "tls", "TLS: no handshake took place")
            return _Seen(connection.tls.version() or "", _chain(connection.tls))

    def _reading(self, endpoint: str, host: str, seen: _Seen) -> Reading:
        if not seen.chain:
            return _failed(endpoint, PhaseFailed("tls", "certificate", "TLS: the certificate can't be read"))
        leaf, now = seen.chain[0], self._clock()
        left = leaf.days_left(now)
        reason = ""
        if seen.unverified:
            reason = f"TLS: {why_not_verified(seen.unverified, host, leaf, now)}"
        elif left < _SOON_DAYS:
            reason = f"the certificate expires in {days(left)}"
        else:
            reason = _chain_remark(seen.chain, now)
        until = f"{leaf.not_after:%Y-%m-%d}"
        cells = (endpoint, seen.protocol, leaf.names_shown, leaf.issuer, until, f"{left:.0f}", _links(seen.chain))
        return Reading(endpoint, seen.unverified is None, cells, reason, _data(endpoint, seen, left))

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
    """The chain as the server sent it; where Python can't tell, the leaf alone.

    Python 3.13 has a public call for it; before, the same call stands on the object beneath.
    """
    holder: Any = tls if hasattr(tls, "get_unverified_chain") else getattr(tls, "_sslobj", None)
    chain = holder.get_unverified_chain() if holder else None
    sent = [_der(each) for each in chain or ()] or [tls.getpeercert(binary_form=True) or b""]
    return tuple(certificate for certificate in map(read_certificate, sent) if certificate)


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


def _data(endpoint: str, seen: _Seen, days_left: float) -> dict[str, Any]:
    leaf = seen.chain[0]
    return {
        "endpoint": endpoint,
        "protocol": seen.protocol,
        "verified": seen.unverified is None,
        "cause": "certificate" if seen.unverified else "",
        "verify_code": seen.unverified.verify_code if seen.unverified else 0,
        "names": list(leaf.names),
        "issuer": leaf.issuer,
        "not_after": leaf.not_after.isoformat(),
        "days_left": round(days_left, 1),
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
