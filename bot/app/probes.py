"""Every kind of probe, the service that takes requests and the runner that works on them."""

import asyncio
from pathlib import Path

from bot.app.ground import Ground
from bot.people import People
from bot.probes.policy import Policy
from bot.probes.queue import Caps
from bot.probes.registry import build_probes
from bot.probes.runner import ProbeRunner
from bot.probes.service import ProbeService
from bot.probes.store import ProbeStore
from bot.probes.vpn.openvpn import wrapping_with
from bot.probes.vpn.probe import Secrets
from bot.targets.model import Catalog


def build_probe_room(ground: Ground, catalog: Catalog, people: People) -> tuple[ProbeService, ProbeRunner]:
    wanted = ground.settings.probes
    policy = Policy(allow_networks=wanted.allow_networks)
    kinds = build_probes(
        icmp=ground.icmp,
        policy=policy,
        clock=ground.clock,
        resolvers=wanted.resolvers,
        ask_system_resolver=wanted.system_resolver,
        ca_file=wanted.ca_file,
        names=ground.names,
        mtr_cycles=wanted.mtr_cycles,
        mtr_interval_s=wanted.interval_s,
        ping_count=wanted.ping_count,
        http_slow_s=wanted.http_slow_s,
        timeout_s=wanted.timeout_s,
        vpn_secrets=_vpn_secrets(ground),
    )
    store, caps, wake = ProbeStore(database=ground.database, clock=ground.clock), Caps(), asyncio.Event()
    service = ProbeService(
        database=ground.database,
        store=store,
        owed=ground.messages,
        people=people,
        kinds=kinds,
        policy=policy,
        catalog=catalog,
        caps=caps,
        wake=wake,
    )
    runner = ProbeRunner(
        database=ground.database,
        store=store,
        owed=ground.messages,
        probes=kinds,
        catalog=catalog,
        caps=caps,
        tasks=ground.tasks,
        clock=ground.clock,
        wake=wake,
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
