"""All kinds of probes, by the word that people type. A new kind is its own file and its entry here."""

import difflib
import ssl
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import dns.asyncresolver
import dns.resolver

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.address import NO_NETWORKS, Networks
from bot.probes.dns.agreement import DNS
from bot.probes.dns.probe import DnsProbe
from bot.probes.icmp.echo import Icmp
from bot.probes.icmp.mtr import MtrProbe
from bot.probes.icmp.path_verdict import MTR
from bot.probes.icmp.peers import PING
from bot.probes.icmp.ping import PingProbe
from bot.probes.icmp.reverse import ReverseNames
from bot.probes.icmp.routers import SharedRouters
from bot.probes.model import Probe, ProbeKind
from bot.probes.page.chromium import program_at
from bot.probes.page.probe import PageProbe
from bot.probes.page.reading import PAGE
from bot.probes.policy import ProbePolicy
from bot.probes.status_page import STATUS, StatusOf, StatusProbe
from bot.probes.stripe.api import PaymentPlan, stripe_opened
from bot.probes.stripe.payment import PAYMENT, PaymentProbe
from bot.probes.vpn.probe import VPN, Secrets, VpnProbe
from bot.probes.web.answer import HTTP
from bot.probes.web.http import HttpProbe
from bot.probes.web.tcp import TCP, TcpProbe
from bot.probes.web.tls import TLS, TlsProbe, verifying


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What probes measure with. `ca_file` holds authorities that are trusted besides the system's.

    Without `ask_system_resolver` only `resolvers` are asked. `chromium` is the setting of that name.
    """

    icmp: Icmp
    policy: ProbePolicy
    clock: Clock
    resolvers: Sequence[str] = ()
    ask_system_resolver: bool = True
    ca_file: str = ""
    names: ReverseNames | None = None
    networks: Networks = NO_NETWORKS
    mtr_cycles: int = 10
    mtr_interval_s: float = 1.0
    ping_count: int = 10
    ping_interval_s: float = 0.2
    http_slow_s: float = 2.0
    vpn_secrets: Secrets | None = None
    stripe_url: str = "https://api.stripe.com"
    stripe_key: str = ""
    payment_plan: PaymentPlan | None = None
    chromium: str = ""
    status_of: StatusOf = lambda _: None
    timeout_s: float = 5.0


def _ping(means: Means, _: ssl.SSLContext) -> Probe:
    return PingProbe(
        icmp=means.icmp,
        policy=means.policy,
        clock=means.clock,
        count=means.ping_count,
        interval_s=means.ping_interval_s,
    )


def _mtr(means: Means, _: ssl.SSLContext) -> Probe:
    return MtrProbe(
        icmp=means.icmp,
        policy=means.policy,
        clock=means.clock,
        names=means.names,
        networks=means.networks,
        cycles=means.mtr_cycles,
        routers=SharedRouters(means.mtr_interval_s),
    )


def _http(means: Means, tls: ssl.SSLContext) -> Probe:
    return HttpProbe(
        policy=means.policy, tls=tls, clock=means.clock, timeout_s=means.timeout_s, slow_s=means.http_slow_s
    )


def _dns(means: Means, _: ssl.SSLContext) -> Probe:
    return DnsProbe(
        policy=means.policy,
        clock=means.clock,
        resolvers=means.resolvers,
        ask_system=means.ask_system_resolver,
        timeout_s=means.timeout_s,
        # Names that only the given resolvers know have no servers that could be asked.
        authority_port=53 if means.ask_system_resolver else 0,
    )


def _payment(means: Means, tls: ssl.SSLContext) -> Probe:
    opened = stripe_opened(url=means.stripe_url, key=means.stripe_key, tls=tls)
    return PaymentProbe(
        opened=opened, key=means.stripe_key, plan=means.payment_plan or PaymentPlan(), clock=means.clock
    )


def _page(means: Means, tls: ssl.SSLContext) -> Probe:
    return PageProbe(policy=means.policy, clock=means.clock, program=means.chromium, tls=tls if means.ca_file else None)


_REGISTERED: tuple[tuple[ProbeKind, Callable[[Means, ssl.SSLContext], Probe]], ...] = (
    (PING, _ping),
    (MTR, _mtr),
    (HTTP, _http),
    (DNS, _dns),
    (TLS, lambda means, tls: TlsProbe(policy=means.policy, tls=tls, clock=means.clock, timeout_s=means.timeout_s)),
    (TCP, lambda means, _: TcpProbe(policy=means.policy, clock=means.clock, timeout_s=means.timeout_s)),
    (VPN, lambda means, _: VpnProbe(policy=means.policy, clock=means.clock, secrets=means.vpn_secrets)),
    (PAYMENT, _payment),
    (STATUS, lambda means, _: StatusProbe(status_of=means.status_of, clock=means.clock)),
    (PAGE, _page),
)

KINDS: Mapping[str, ProbeKind] = {kind.name: kind for kind, _ in _REGISTERED}


def build_probes(means: Means) -> dict[str, Probe]:
    """Builds every probe once; they keep no state but the traces under way. Raises OSError for a bad `ca_file`."""
    tls = verifying(means.ca_file)
    return {kind.name: build(means, tls) for kind, build in _REGISTERED}


def kinds_here(chromium: str) -> Mapping[str, ProbeKind]:
    """The kinds that this machine has the programs for; `chromium` is the setting of that name."""
    return KINDS if program_at(chromium) else {name: kind for name, kind in KINDS.items() if kind is not PAGE}


def system_reverse_names() -> ReverseNames | None:
    """Reverse names from the system's resolvers; None where it has none."""
    try:
        return ReverseNames(resolver=dns.asyncresolver.Resolver())
    except dns.resolver.NoResolverConfiguration:
        return None


SMOKE = "smoke"
"""Not a kind of its own: one sweep of everything behind a target, a group of targets, or all of them."""
ALL = "all"
PLAYBOOK = "playbook"
"""All that the kind of a target gets when an investigation opens."""


class UnknownProbe(BadInput):
    """There is no such kind of probe among those `known`; `nearest` are those that may be meant."""

    def __init__(self, kind: str, known: Collection[str]) -> None:
        listed = ", ".join(sorted(known))
        self.nearest = tuple(difflib.get_close_matches(kind.lower(), sorted(known), n=3, cutoff=0.5))
        meant = f"Did you mean {' or '.join(self.nearest)}? " if self.nearest else ""
        super().__init__(f"There is no probe {kind[:40]!r}. {meant}There are: {listed}. Example: `/probe mtr us-east`.")
