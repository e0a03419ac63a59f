"""The tls probe: the certificate of each endpoint, verified, and shown also where verification fails."""

import math
import ssl
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from itertools import pairwise

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.host_grammar import read_endpoint
from bot.probes.model import Numbers, ProbeKind, ProbeReading, ProbeResult, Progress, Subject
from bot.probes.policy import NoAddress, ProbePolicy, ProbeRefused
from bot.probes.results import Run, broken, failed
from bot.probes.side_by_side import side_by_side
from bot.probes.web.black_hole import explained
from bot.probes.web.certificate import UNREADABLE, Certificate, why_not_verified
from bot.probes.web.chain import packets_of_handshake, sent_chain, unverifying
from bot.probes.web.dial import NotVerified, PhaseFailed, Phases, connected
from bot.probes.wording.times import ends

TLS = ProbeKind(
    "tls",
    columns=("Endpoint", "Protocol", "Names", "Issuer", "Expires", "Days left", "Chain"),
    needs="no tls endpoints",
    applies=lambda subject: bool(subject.tls),
    noun="endpoints",
    rules_out="the certificates",
)
_TLS_PORT = 443
SOON_DAYS = 14
"""A certificate that ends sooner is told, and marked: renewal should have run by then."""
_DEADLINE_FACTOR = 4


@dataclass(frozen=True, slots=True)
class _Handshake:
    """What one handshake showed: the chain as sent, leaf first."""

    protocol: str
    chain: tuple[Certificate, ...]
    unverified: ssl.SSLCertVerificationError | None = None


class TlsProbe:
    """A verified handshake; where that fails, an unverified one to report what the server shows."""

    kind = TLS

    def __init__(self, *, policy: ProbePolicy, tls: ssl.SSLContext, clock: Clock, timeout_s: float = 5.0) -> None:
        self._policy = policy
        self._tls = tls
        self._clock = clock
        self._timeout_s = timeout_s

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.tls:
            raise BadInput(f"{subject.label} has no host:port whose certificate could be read.")
        run = Run(self.kind, subject.label, self._clock)
        try:
            readings = await side_by_side(
                subject.tls,
                self._measured,
                unfinished=lambda endpoint: _failed(endpoint, self._late()),
                broken=lambda endpoint: broken(TLS, endpoint),
                deadline_s=self._timeout_s * _DEADLINE_FACTOR,
                on_each=lambda done: progress(_result(run, done)),
            )
        except ProbeRefused as refusal:
            return run.refused(refusal)
        return _result(run, readings)

    async def _measured(self, endpoint: str) -> ProbeReading:
        host, port = read_endpoint(endpoint, _TLS_PORT)
        try:
            addresses = await self._policy.addresses_of(host)
            handshake = await self._handshaken(host, port, addresses[0])
            return self._reading(endpoint, host, handshake)
        except NoAddress as error:
            return _failed(endpoint, PhaseFailed("dns", "dns", f"DNS: {error.reason}"))
        except PhaseFailed as failure:
            return _failed(endpoint, failure)

    async def _handshaken(self, host: str, port: int, address: str) -> _Handshake:
        try:
            return await self._handshake(host, port, address, self._tls)
        except NotVerified as failure:
            handshake = await self._handshake(host, port, address, unverifying())
            return _Handshake(handshake.protocol, handshake.chain, failure.error)
        except PhaseFailed as failure:
            again = partial(packets_of_handshake, host, port, address)
            raise await explained(failure, again, timeout_s=self._timeout_s) from failure

    async def _handshake(self, host: str, port: int, address: str, context: ssl.SSLContext) -> _Handshake:
        phases = Phases()
        async with connected(
            address, port, phases=phases, timeout_s=self._timeout_s, tls=context, name=host
        ) as connection:
            if connection.tls is None:
                raise PhaseFailed("tls", "tls", "TLS: no handshake took place")
            return _Handshake(connection.tls.version() or "", sent_chain(connection.tls))

    def _reading(self, endpoint: str, host: str, handshake: _Handshake) -> ProbeReading:
        if not handshake.chain:
            return _failed(endpoint, PhaseFailed("tls", "certificate", "TLS: the certificate can't be read"))
        leaf, now = handshake.chain[0], self._clock()
        left = leaf.days_left(now)
        trouble = (
            f"TLS: {why_not_verified(handshake.unverified, host, handshake.chain, now)}" if handshake.unverified else ""
        )
        soon = _soon(handshake.chain, now)
        names = "can't be read" if leaf.names is None else leaf.names_shown
        facts = (names, leaf.issuer, f"{leaf.not_after:%Y-%m-%d}", str(math.floor(left)))
        return ProbeReading(
            endpoint,
            not trouble,
            (endpoint, handshake.protocol, *facts, _links(handshake.chain)),
            trouble or "; ".join([*soon, *_order(handshake.chain)]),
            Numbers(days_left=left),
            "certificate" if trouble else "",
            warns=bool(soon) and not trouble,
        )

    def _late(self) -> PhaseFailed:
        seconds = self._timeout_s * _DEADLINE_FACTOR
        return PhaseFailed("tls", "timeout", f"not finished after {seconds:g} s")


@cache
def verifying(ca_file: str = "") -> ssl.SSLContext:
    """Verifies against the system's CAs, and those in `ca_file` besides; they are read once, as the program starts."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _links(chain: tuple[Certificate, ...]) -> str:
    """The chain as the server sent it, each certificate before the one that signed it."""
    return " < ".join(certificate.subject for certificate in chain)


def _soon(chain: tuple[Certificate, ...], now: datetime) -> list[str]:
    """What of a chain that could be verified ends soon, or has ended: some old devices refuse what others pass over."""
    leaf, *others = chain
    ending = [f"the certificate {ends(leaf.not_after, now)}"] if leaf.days_left(now) < SOON_DAYS else []
    for signer in others:
        if signer.days_left(now) < SOON_DAYS:
            old = ", which some old devices refuse" if signer.days_left(now) < 0 else ""
            ending.append(f"{signer.subject}, which the server sends along, {ends(signer.not_after, now)}{old}")
    return ending


def _order(chain: tuple[Certificate, ...]) -> list[str]:
    pairs = [(below.issuer, above.subject) for below, above in pairwise(chain)]
    if all(issuer == subject or UNREADABLE in (issuer, subject) for issuer, subject in pairs):
        return []
    return ["the server sends a certificate that does not belong to the chain, or in the wrong order"]


def _failed(endpoint: str, failure: PhaseFailed) -> ProbeReading:
    return failed(TLS, endpoint, failure.sentence, failure.cause)


def _result(run: Run, readings: list[ProbeReading]) -> ProbeResult:
    left = [reading.numbers.days_left for reading in readings if reading.ok and reading.numbers.days_left is not None]
    return run.parts(readings, numbers=Numbers(days_left=min(left, default=None)))
