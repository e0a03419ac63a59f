"""All kinds of probes, by the word that people type. A new kind is its own file and one entry here."""

from collections.abc import Sequence

import dns.asyncresolver
import dns.resolver

from bot.clock import Clock
from bot.probes.dns.probe import DnsProbe
from bot.probes.icmp.mtr import MtrProbe
from bot.probes.icmp.ping import PingProbe
from bot.probes.icmp.port import Icmp
from bot.probes.icmp.reverse import ReverseNames
from bot.probes.model import Probe
from bot.probes.networks import Networks
from bot.probes.page.probe import PageProbe
from bot.probes.policy import Policy
from bot.probes.status_page import Bulletins, StatusProbe
from bot.probes.stripe.api import Plan, stripe_opened
from bot.probes.stripe.payment import PaymentProbe
from bot.probes.vpn.probe import Secrets, VpnProbe
from bot.probes.web.http import HttpProbe
from bot.probes.web.tcp import TcpProbe
from bot.probes.web.tls import TlsProbe, verifying

KINDS = ("ping", "mtr", "http", "dns", "tls", "tcp", "vpn", "payment", "status", "page")


def build_probes(
    *,
    icmp: Icmp,
    policy: Policy,
    clock: Clock,
    resolvers: Sequence[str] = (),
    ask_system_resolver: bool = True,
    ca_file: str = "",
    names: ReverseNames | None = None,
    networks: Networks | None = None,
    mtr_cycles: int = 10,
    mtr_interval_s: float = 1.0,
    ping_count: int = 10,
    ping_interval_s: float = 0.2,
    http_slow_s: float = 2.0,
    vpn_secrets: Secrets | None = None,
    stripe_url: str = "https://api.stripe.com",
    stripe_key: str = "",
    payment_plan: Plan | None = None,
    chromium: str = "",
    bulletins: Bulletins = lambda _: (),
    timeout_s: float = 5.0,
) -> dict[str, Probe]:
    """Builds every probe once; they keep no state but the traces under way. Raises OSError for a bad `ca_file`."""
    tls = verifying(ca_file)
    probes: tuple[Probe, ...] = (
        PingProbe(icmp=icmp, policy=policy, clock=clock, count=ping_count, interval_s=ping_interval_s),
        MtrProbe(
            icmp=icmp,
            policy=policy,
            clock=clock,
            names=names,
            networks=networks,
            cycles=mtr_cycles,
            interval_s=mtr_interval_s,
        ),
        HttpProbe(policy=policy, tls=tls, clock=clock, timeout_s=timeout_s, slow_s=http_slow_s),
        DnsProbe(
            policy=policy,
            clock=clock,
            resolvers=resolvers,
            ask_system=ask_system_resolver,
            timeout_s=timeout_s,
            # Names that only the given resolvers know have no servers that could be asked.
            authority_port=53 if ask_system_resolver else 0,
        ),
        TlsProbe(policy=policy, tls=tls, clock=clock, timeout_s=timeout_s),
        TcpProbe(policy=policy, clock=clock, timeout_s=timeout_s),
        VpnProbe(policy=policy, clock=clock, secrets=vpn_secrets),
        PaymentProbe(
            opened=stripe_opened(url=stripe_url, key=stripe_key, tls=tls),
            key=stripe_key,
            plan=payment_plan or Plan(),
            clock=clock,
        ),
        StatusProbe(bulletins=bulletins, clock=clock),
        PageProbe(policy=policy, clock=clock, program=chromium, tls=tls if ca_file else None),
    )
    return {probe.kind: probe for probe in probes}


def system_reverse_names() -> ReverseNames | None:
    """Reverse names from the system's resolvers; None where it has none."""
    try:
        return ReverseNames(resolver=dns.asyncresolver.Resolver())
    except dns.resolver.NoResolverConfiguration:
        return None
