"""Every kind of probe, the service that takes requests and the runner that works on them."""

import asyncio
import ipaddress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from bot.app.ground import Ground
from bot.probes.globalping.api import GlobalpingApi
from bot.probes.globalping.client import GlobalpingProber
from bot.probes.globalping.public_only import PublicOnly
from bot.probes.globalping.quota import Quota
from bot.probes.icmp.sweep import worst_of
from bot.probes.networks import Networks
from bot.probes.place_port import Vantage
from bot.probes.places import Elsewhere
from bot.probes.playbooks import read_playbook
from bot.probes.policy import ProbePolicy, configured_ports
from bot.probes.queue import Caps
from bot.probes.registry import Means, build_probes, without_program
from bot.probes.runner import ProbeRunner
from bot.probes.service import ProbeService
from bot.probes.status_page import bulletins_of
from bot.probes.store import ProbeStore
from bot.probes.stripe.api import PaymentPlan
from bot.probes.vpn.openvpn import wrapping_with
from bot.probes.vpn.probe import Secrets
from bot.status.service import StatusService
from bot.targets.model import Catalog


def build_probe_room(ground: Ground, catalog: Catalog, status: StatusService) -> tuple[ProbeService, ProbeRunner]:
    wanted, stripe = ground.settings.probes, ground.settings.stripe
    policy = ProbePolicy(allow_networks=wanted.allow_networks, ports=[*wanted.ports, *configured_ports(catalog)])
    means = Means(
        icmp=ground.icmp,
        policy=policy,
        clock=ground.clock,
        resolvers=wanted.resolvers,
        ask_system_resolver=wanted.system_resolver,
        ca_file=wanted.ca_file,
        names=ground.names,
        networks=Networks(wanted.networks),
        mtr_cycles=wanted.mtr_cycles,
        mtr_interval_s=wanted.interval_s,
        ping_count=wanted.ping_count,
        http_slow_s=wanted.http_slow_s,
        timeout_s=wanted.timeout_s,
        vpn_secrets=_vpn_secrets(ground),
        stripe_url=stripe.api_url,
        stripe_key=stripe.test_key.get_secret_value(),
        chromium=wanted.chromium,
        bulletins=lambda target: bulletins_of(status.of(target)),
        payment_plan=PaymentPlan(stripe.email_domain, stripe.payment_method, stripe.amount, stripe.currency),
    )
    store, caps, wake = ProbeStore(database=ground.database, clock=ground.clock), Caps(), asyncio.Event()
    elsewhere = Elsewhere(vantage=_build_vantage(ground), clock=ground.clock)
    playbooks = {kind: read_playbook(steps) for kind, steps in ground.settings.playbooks}
    probes, missing = build_probes(means), without_program(means)
    service = ProbeService(
        records=ground.records,
        store=store,
        kinds=probes,
        policy=policy,
        catalog=catalog,
        caps=caps,
        elsewhere=elsewhere,
        wake=wake,
        playbooks=playbooks,
        missing=missing,
    )
    runner = ProbeRunner(
        records=ground.records,
        store=store,
        probes=probes,
        catalog=catalog,
        caps=caps,
        elsewhere=elsewhere,
        tasks=ground.tasks,
        wake=wake,
        playbooks=playbooks,
        missing=missing,
    )
    return service, runner


def _vpn_secrets(ground: Ground) -> Secrets:
    wanted, openvpn = ground.settings.vpn, None
    if wanted.openvpn_key_file:
        key = Path(wanted.openvpn_key_file).read_text(encoding="utf-8")
        openvpn = wrapping_with(key, use=wanted.openvpn_key_use, digest=wanted.openvpn_auth, clock=ground.clock)
    return Secrets(
        wireguard_private=wanted.wireguard_private_key.get_secret_value(),
        wireguard_preshared=wanted.wireguard_preshared_key.get_secret_value(),
        openvpn=openvpn,
    )


def _build_vantage(ground: Ground) -> Vantage | None:
    """Who measures from other places, if somebody does."""
    wanted, probes = ground.settings.globalping, ground.settings.probes
    if not wanted.url:
        return None
    # What a Globalping on this very machine is told stays on this machine.
    allowed = probes.allow_networks if _on_this_machine(wanted.url) else ()
    quota = Quota(clock=ground.clock, zone=ground.settings.workspace.tzinfo)
    token = wanted.token.get_secret_value()
    return GlobalpingProber(
        api=GlobalpingApi(session=ground.http, url=wanted.url, token=token, quota=quota),
        quota=quota,
        outside=PublicOnly(policy=ProbePolicy(allow_networks=allowed)),
        choose=partial(worst_of, ground.icmp),
        clock=ground.clock,
        slow_s=probes.http_slow_s,
        networks=Networks(probes.networks),
        with_token=bool(token),
    )


def _on_this_machine(url: str) -> bool:
    try:
        return ipaddress.ip_address(urlsplit(url).hostname or "").is_loopback
    except ValueError:
        return False
