"""The systems outside that are configured, as the rooms know them."""

import ipaddress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from bot.app.ground import Ground
from bot.app.logs import build_log_source
from bot.app.parts import Adapters
from bot.app.status import build_watched
from bot.app.ways import build_ways
from bot.customer_logs.child import LogProgram
from bot.escalations.heartbeat import Heartbeat
from bot.known_issues.search.meaning.likeness import NoMeaning
from bot.probes.address import Networks
from bot.probes.globalping.api import GlobalpingApi
from bot.probes.globalping.client import GlobalpingProber
from bot.probes.globalping.public_only import PublicOnly
from bot.probes.globalping.quota import Quota
from bot.probes.icmp.sweep import worst_of
from bot.probes.model import Probe
from bot.probes.places import PlaceProber
from bot.probes.policy import ProbePolicy, configured_ports
from bot.probes.registry import Means, build_probes
from bot.probes.stripe.api import PaymentPlan
from bot.probes.vpn.openvpn import wrapping_with
from bot.probes.vpn.probe import Secrets
from bot.settings import Settings
from bot.slack.directory import Directory
from bot.slack.request import Conversation
from bot.status.service import StatusService


def build_policy(settings: Settings) -> ProbePolicy:
    probes = settings.probes
    ports = [*probes.ports, *configured_ports(settings.catalog())]
    return ProbePolicy(allow_networks=probes.allow_networks, ports=ports)


def build_kinds(ground: Ground, policy: ProbePolicy, status: StatusService) -> dict[str, Probe]:
    """Every kind of probe by its name."""
    probes, stripe = ground.settings.probes, ground.settings.stripe
    return build_probes(
        Means(
            icmp=ground.icmp,
            policy=policy,
            clock=ground.records.clock,
            resolvers=probes.resolvers,
            ask_system_resolver=probes.system_resolver,
            ca_file=probes.ca_file,
            names=ground.names,
            networks=Networks(probes.networks),
            mtr_cycles=probes.mtr_cycles,
            mtr_interval_s=probes.interval_s,
            ping_count=probes.ping_count,
            http_slow_s=probes.http_slow_s,
            timeout_s=probes.timeout_s,
            vpn_secrets=_vpn_secrets(ground),
            stripe_url=stripe.api_url,
            stripe_key=stripe.test_key.get_secret_value(),
            chromium=probes.chromium,
            status_of=status.of,
            payment_plan=PaymentPlan(stripe.email_domain, stripe.payment_method, stripe.amount, stripe.currency),
        )
    )


def _vpn_secrets(ground: Ground) -> Secrets:
    vpn, openvpn = ground.settings.vpn, None
    if vpn.openvpn_key_file:
        key = Path(vpn.openvpn_key_file).read_text(encoding="utf-8")
        openvpn = wrapping_with(key, use=vpn.openvpn_key_use, digest=vpn.openvpn_auth, clock=ground.records.clock)
    return Secrets(
        wireguard_private=vpn.wireguard_private_key.get_secret_value(),
        wireguard_preshared=vpn.wireguard_preshared_key.get_secret_value(),
        openvpn=openvpn,
    )


def build_prober(ground: Ground) -> PlaceProber | None:
    """Who measures from other places, if somebody does."""
    globalping, probes = ground.settings.globalping, ground.settings.probes
    if not globalping.url:
        return None
    # What a Globalping on this very machine is told stays on this machine.
    allowed = probes.allow_networks if _on_this_machine(globalping.url) else ()
    quota = Quota(clock=ground.records.clock, zone=ground.settings.workspace.tzinfo)
    token = globalping.token.get_secret_value()
    return GlobalpingProber(
        api=GlobalpingApi(session=ground.http, url=globalping.url, token=token, quota=quota),
        public=PublicOnly(policy=ProbePolicy(allow_networks=allowed)),
        choose=partial(worst_of, ground.icmp),
        clock=ground.records.clock,
        slow_s=probes.http_slow_s,
        networks=Networks(probes.networks),
    )


def _on_this_machine(url: str) -> bool:
    try:
        return ipaddress.ip_address(urlsplit(url).hostname or "").is_loopback
    except ValueError:
        return False


def build_adapters(ground: Ground, directory: Directory, conversation: Conversation) -> Adapters:
    settings, policy = ground.settings, build_policy(ground.settings)
    announced = settings.teams.values() if settings.releases.announce else ()
    beat_url = settings.escalation.heartbeat.get_secret_value()
    return Adapters(
        desk=ground.desk,
        stream=ground.stream,
        trackers=ground.trackers,
        watched=build_watched(settings, ground.http, ground.records.clock),
        probes=partial(build_kinds, ground, policy),
        policy=policy,
        prober=build_prober(ground),
        mailer=ground.mailer,
        team_channel=directory.team_channel,
        person_by_email=directory.with_email,
        barred=directory.barred,
        channel_id=directory.channel_id,
        told_of_releases=lambda: tuple(dict.fromkeys(directory.known_id(team.channel) for team in announced)),
        permalink=conversation.permalink,
        reader=ground.reader,
        meaning=ground.meaning or NoMeaning(),
        search=ground.search,
        ways=build_ways(ground),
        heartbeat=Heartbeat(session=ground.http, url=beat_url) if beat_url else None,
        logs=build_log_source(ground, conversation),
        log_program=LogProgram(),
    )
