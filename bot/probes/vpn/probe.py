"""The vpn probe: whether the VPN services of each address answer the first step of their handshake."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.host_grammar import host_and_port
from bot.probes.icmp.loss import ms
from bot.probes.model import About, Numbers, ProbeKind, ProbeReading, ProbeResult, Progress, Subject
from bot.probes.policy import ProbePolicy, ProbeRefused
from bot.probes.results import Run, broken, slowest, verdict_of
from bot.probes.side_by_side import few_at_once, side_by_side
from bot.probes.vpn.ikev2 import IkeGreeting
from bot.probes.vpn.openvpn import OpenVpnGreeting, Wrapping
from bot.probes.vpn.wire import Greeted, Greeting, greeted_by_tcp, greeted_by_udp, silent
from bot.probes.vpn.wireguard import Keys, WireguardGreeting, read_key

VPN = ProbeKind(
    "vpn",
    columns=("Service", "Answer", "Time"),
    needs="no vpn services",
    applies=lambda subject: bool(subject.vpn),
    noun="VPN services",
    rules_out="the VPN services",
)
_SLACK_S = 1.5
# WireGuard takes one initiation of a peer in 20 ms; several addresses may be one server.
_APART_S, _SPREAD = 0.05, 20


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the bot knows for servers that answer only those they know: WireGuard's keys in base64, as in wg(8), and
    what makes the wrapping of one OpenVPN conversation."""

    wireguard_private: str = ""
    wireguard_preshared: str = ""
    openvpn: Callable[[], Wrapping] | None = None


@dataclass(frozen=True, slots=True)
class _Service:
    """One service at one address. `missing` says what is needed to ask it; `wait_s` keeps greetings apart."""

    kind: str
    address: str
    port: int
    server_key: str = ""
    missing: str = ""
    wait_s: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.kind} {host_and_port(self.address, self.port)}"


class VpnProbe:
    """One packet to each service, one repeat on silence; never to a host that a person typed."""

    kind = VPN

    def __init__(
        self, *, policy: ProbePolicy, clock: Clock, secrets: Secrets | None = None, timeout_s: float = 3.0
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._secrets = secrets or Secrets()
        self._timeout_s = timeout_s

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.trusted:
            raise BadInput(
                "VPN services are asked on targets of secondline.toml only, not on hosts that somebody types."
            )
        if not subject.vpn:
            raise BadInput(f"{subject.label} has no VPN service to ask. Its entry in secondline.toml needs vpn.")
        run = Run(self.kind, subject.label, self._clock)
        try:
            located = await self._policy.locate(subject)
        except ProbeRefused as refusal:
            return run.refused(refusal)
        services = self._services(subject, located.addresses)
        if not services:
            return run.fails("; ".join(located.missing) or "There is no address to ask")
        needed = next((service.missing for service in services if service.missing), "")
        measure, rounds = few_at_once(self._measured, len(services))
        readings = await side_by_side(
            services,
            measure,
            unfinished=lambda service: _reading(service, silent(self._greeting(service), self._timeout_s)),
            broken=lambda service: broken(VPN, service.name, address=service.address),
            # Over TCP the connection may take its time, and then the answer.
            deadline_s=(2 * self._timeout_s + _SLACK_S) * rounds,
            on_each=lambda done: progress(_result(run, done, located.missing, needed)),
        )
        return _result(run, readings, located.missing, needed)

    def _services(self, subject: Subject, addresses: Sequence[str]) -> list[_Service]:
        keys = dict(_addressed(text) for text in subject.wireguard_keys)
        services = []
        for place, address in enumerate(addresses):
            for text in subject.vpn:
                kind, _, port = text.partition(":")
                if kind == "wireguard":
                    key = keys.get(address) or keys.get("", "")
                    wait_s = place % _SPREAD * _APART_S
                    services.append(_Service(kind, address, int(port), key, self._missing(key, address), wait_s))
                else:
                    services.append(_Service(kind, address, int(port)))
        return services

    def _missing(self, server_key: str, address: str) -> str:
        needs = [
            "" if self._secrets.wireguard_private else "a key of the bot's own in WIREGUARD_PRIVATE_KEY",
            "" if server_key else f"the server's public key in wireguard_keys ({address})",
        ]
        return " and ".join(filter(None, needs))

    async def _measured(self, service: _Service) -> ProbeReading:
        if service.missing:
            return _not_asked(service)
        await asyncio.sleep(service.wait_s)
        greeted = greeted_by_tcp if service.kind == "openvpn-tcp" else greeted_by_udp
        heard = await greeted(service.address, service.port, self._greeting(service), timeout_s=self._timeout_s)
        return _reading(service, heard)

    def _greeting(self, service: _Service) -> Greeting:
        if service.kind == "wireguard":
            preshared = self._secrets.wireguard_preshared
            keys = Keys(
                private=read_key(self._secrets.wireguard_private),
                server=read_key(service.server_key),
                preshared=read_key(preshared) if preshared else bytes(32),
            )
            return WireguardGreeting(keys, clock=self._clock)
        if service.kind == "ikev2":
            return IkeGreeting(service.port)
        return OpenVpnGreeting(self._secrets.openvpn() if self._secrets.openvpn else None)


def _addressed(text: str) -> tuple[str, str]:
    """The address and the key of one entry of wireguard_keys; "" for all addresses. A key itself ends in "="."""
    address, equals, key = text[:-1].partition("=")
    return (address, f"{key}=") if equals else ("", text)


def _reading(service: _Service, heard: Greeted) -> ProbeReading:
    result = "answers" if heard.answer.ok else heard.cause
    took = "-" if heard.time_ms is None else ms(heard.time_ms)
    reason = "" if heard.answer.ok else heard.answer.words
    cells = (service.name, result, took)
    return ProbeReading(
        service.name, heard.answer.ok, cells, reason, Numbers(took_ms=heard.time_ms), heard.cause, service.address
    )


def _not_asked(service: _Service) -> ProbeReading:
    """Neither well nor ill: it does not count."""
    cells = (service.name, "not asked", "-")
    return ProbeReading(service.name, True, cells, f"not asked: it needs {service.missing}", asked=False)


def _result(run: Run, readings: Sequence[ProbeReading], missing: Sequence[str], needed: str) -> ProbeResult:
    """`needed` is what WireGuard's servers can't be asked without, "" where nothing is missing."""
    asked = [reading for reading in readings if reading.asked]
    unasked = len(readings) - len(asked)
    remedy = f"To ask WireGuard: {needed}." if unasked else ""
    if unasked and not asked:
        why = f"WireGuard was not asked: it needs {needed}"
        verdict = run.kind.verdict(About(run.label), why, measured=False, set_up=False)
        return run.result(verdict, readings, remedy=remedy)
    remarks = (f"{unasked} not asked (WireGuard)",) if unasked else ()
    verdict = verdict_of(run.kind, run.label, asked, numbers=slowest(asked), missing=missing, remarks=remarks)
    return run.result(verdict, readings, remedy=remedy)
