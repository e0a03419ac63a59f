"""The secondline.toml of the sandbox: the bot's settings for the targets of this run."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.targets.places import REGIONS, ZONE, TargetAddresses

_BARE_KEY = re.compile(r"[\w-]+")

Value = str | int | float | bool | list[str] | list[int]

_PEOPLE_SAY = {
    "us-east": (
        ["us east", "virginia", "new york"],
        ["us east", "u.s. east", "us-east", "virginia", "new york"],
    ),
    "us-west": (["us west", "usw", "los angeles"], ["us west", "u.s. west", "us-west", "los angeles"]),
    "eu-central": (["eu central", "euc", "frankfurt"], ["eu central", "eu-central", "frankfurt"]),
    "ap-southeast": (["ap southeast", "aps", "singapore"], ["ap southeast", "ap-southeast", "singapore"]),
}
"""Aliases and search words of each region."""
_CUSTOMERS_READ = {
    "texts.released": {
        "en": "Hello,\n\ngood news: the problem that you wrote to us about is fixed.\n\nHarbor VPN",
        "de": "Guten Tag,\n\ndas Problem, wegen dem Sie uns geschrieben haben, ist behoben.\n\nHarbor VPN",
    },
    "gateway.released": {
        "en": "Hello,\n\n{target} works again. You don't need to update anything: disconnect, then connect again."
        "\n\nHarbor VPN",
        "de": "Guten Tag,\n\n{target} funktioniert wieder. Sie müssen nichts aktualisieren: Trennen Sie die "
        "Verbindung, und verbinden Sie sich neu.\n\nHarbor VPN",
    },
    "app.released": {
        "en": "Hello,\n\nthe problem in the app is fixed.\nUpdate the app to version {version} or newer.\n\nHarbor VPN",
        "de": "Guten Tag,\n\nder Fehler in der App ist behoben.\nAktualisieren Sie die App auf Version {version} oder "
        "neuer.\n\nHarbor VPN",
    },
    "texts.planned": {
        "en": "Hello,\n\nthank you for telling us. We know about it and plan to change it.\nUntil then: {workaround}"
        "\n\nHarbor VPN",
        "de": "Guten Tag,\n\ndanke für Ihre Nachricht. Wir wissen davon und planen eine Änderung.\n"
        "Bis dahin: {workaround}\n\nHarbor VPN",
    },
    "texts.noted": {
        "en": "Hello,\n\nthank you for your idea. We'll write to you when it is there.\n\nHarbor VPN",
        "de": "Guten Tag,\n\ndanke für Ihre Idee. Wir melden uns, sobald es so weit ist.\n\nHarbor VPN",
    },
}
LOSSY_REGION = "us-east"
PHONE_VARIABLE = "PHONE_BRIDGE_URL"
STEP_MIN = 10
"""Between the steps of the ladder."""
_CONTROLS = {"us-east": "us-west", "us-west": "us-east", "eu-central": "us-west", "ap-southeast": "eu-central"}


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the bot works in the sandbox."""

    refresh_s: float = 60
    mtr_cycles: int = 10
    interval_s: float = 1.0
    ping_count: int = 10


FAST = Pace(refresh_s=10, mtr_cycles=5, interval_s=0.2, ping_count=5)


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    values: Mapping[str, Value] = field(default_factory=dict)

    many: bool = False
    """One of several with this name."""

    def __str__(self) -> str:
        # A JSON text is a TOML basic string too, as long as no character beyond U+FFFF is escaped.
        lines = [f"{_key(key)} = {json.dumps(value, ensure_ascii=False)}" for key, value in self.values.items()]
        return "\n".join([f"[[{self.name}]]" if self.many else f"[{self.name}]", *lines, ""])


def _key(name: str) -> str:
    """A bare key, or a quoted one where it has other characters."""
    return name if _BARE_KEY.fullmatch(name) else json.dumps(name)


def settings_text(
    addresses: TargetAddresses,
    *,
    pace: Pace | None = None,
    lossy: str = "",
    outside: str = "",
    hooks_port: int = 0,
    phone: bool = False,
    mail_port: int = 0,
    trends: str = "off",
) -> str:
    """The whole file. Tokens and addresses of Slack and Zendesk are not in it: they come by the environment.

    `lossy` is one more address of U.S. East, behind routers that lose packets. `outside` is where the status page,
    the Alertmanager and the trackers are mounted (`other_systems.py`); without it there are none. On `hooks_port`
    the bot hears the trackers' webhooks, and a server on `mail_port` takes its mail to vendors; 0 is nowhere. With a
    `phone` bridge there is a ladder, which ends there, and whoever answers a call acknowledges by a link to that port.
    `trends` is whether the bot says what rises in the desk: "on", "shadow" or "off".
    """
    measures = _measures(addresses, pace or Pace(), lossy)
    around = [*_status(outside, pace or Pace()), *_trackers(pace or Pace())] if outside else []
    links: dict[str, Value] = {"public_url": f"http://127.0.0.1:{hooks_port}", "tier1": ["tier1"]} if phone else {}
    hooks = [_Table("web", {"port": hooks_port} | links)] if hooks_port else []
    tables = [
        *_workspace(),
        *(_ladder() if phone else []),
        *hooks,
        *(_mail(mail_port) if mail_port else []),
        _Table("trends", {"mode": trends}),
        *measures,
        *around,
        *_gateways(addresses, lossy),
        *_web(addresses),
    ]
    return "# Written by the sandbox for one run.\n\n" + "\n".join(str(table) for table in tables)


def _workspace() -> list[_Table]:
    return [
        _Table("workspace", {"zone": "UTC"}),
        _Table("teams.t2-tech", {"title": "T2 Tech", "channel": "#t2-tech", "usergroup": "t2-tech"}),
        _Table("teams.t2-cs", {"title": "T2 CS", "channel": "#t2-cs", "usergroup": "t2-cs"}),
        _Table("escalation", {"group": "ltm"}),
        *(_Table(f"replies.{purpose}", texts) for purpose, texts in _CUSTOMERS_READ.items()),
        _Table("replies.macros.released", {"fr": "Corrigé, veuillez réessayer"}),
    ]


def _ladder() -> list[_Table]:
    """Lena and Raj are asked at any time of day: nobody wants to wait for nine o'clock to try it."""
    steps: list[dict[str, Value]] = [
        {"way": "thread-group"},
        {"way": "dm", "wait_min": STEP_MIN, "people": ["lena", "raj"]},
        {"way": "webhook", "wait_min": STEP_MIN, "title": "phone bridge", "url_variables": [PHONE_VARIABLE]},
    ]
    head: dict[str, Value] = {"asks_outside_hours": True}
    name = "escalation.ladders.morning"
    return [_Table(name, head), *(_Table(f"{name}.steps", step, many=True) for step in steps)]


def _mail(port: int) -> list[_Table]:
    """A transit provider that is written to, and a payment processor with a form of its own."""
    server: dict[str, Value] = {"server": f"127.0.0.1:{port}", "tls": "none", "sender": "t2@harbor.example"}
    transit: dict[str, Value] = {
        "title": "Northlink",
        "what": "transit provider",
        "email": "noc@northlink.example",
        "asks_for": ["mtr", "mtr both ways", "ping", "times", "addresses"],
        "reference": "NL-[0-9]{4,8}",
        "example": "NL-4711",
        "remind_h": 1,
    }
    payments: dict[str, Value] = {
        "title": "PayNow",
        "what": "payment processor",
        "asks_for": ["times", "tickets"],
        "fields": ["Order number"],
    }
    return [
        _Table("mail", server),
        _Table("vendors.northlink", transit),
        _Table("vendors.northlink.account", {"Circuit": "IC-331202"}),
        _Table("vendors.paynow", payments),
    ]


def _measures(addresses: TargetAddresses, pace: Pace, lossy: str) -> list[_Table]:
    probes: dict[str, Value] = {
        "allow_networks": ["127.0.0.0/8", *([f"{lossy}/32"] if lossy else [])],
        "resolvers": [addresses.resolver, addresses.faulty_resolver],
        "system_resolver": False,
        "ca_file": str(addresses.ca_pem),
        "mtr_cycles": pace.mtr_cycles,
        "interval_s": pace.interval_s,
        "ping_count": pace.ping_count,
    }
    tickets: dict[str, Value] = {"window_h": 24, "refresh_s": pace.refresh_s}
    networks: dict[str, Value] = {"198.51.100.64/27": "Harbor's transit"}
    return [_Table("tickets", tickets), _Table("probes", probes), _Table("probes.networks", networks)]


def _status(outside: str, pace: Pace) -> list[_Table]:
    """Components of the page and labels of the alerts, by target."""
    regions = ((region.key, region.title.replace(".", "")) for region in REGIONS)
    components: dict[str, Value] = {
        **{key: [name] for key, name in regions},
        "website": ["Website"],
        "payments": ["Payments"],
        "app": ["Apps"],
    }
    alerts: dict[str, Value] = {region.key: [f'region="{region.key}"'] for region in REGIONS}
    manager: dict[str, Value] = {"url": f"{outside}/alertmanager", "refresh_s": pace.refresh_s, "write": True}
    return [
        _Table("status.pages.public", {"url": f"{outside}/statuspage", "refresh_s": pace.refresh_s}),
        _Table("status.pages.public.components", components),
        _Table("status.alertmanagers.ops", manager),
        _Table("status.alertmanagers.ops.targets", alerts),
    ]


def _trackers(pace: Pace) -> list[_Table]:
    """The projects of bot.sandbox.github.seeds and bot.sandbox.jira.seeds, and what customers say of their bugs."""
    told: dict[str, Value] = {"known_labels": ["customer-facing", "found-by-qa", "Customer-facing=Yes", "type=Bug"]}
    told |= {"pending_labels": ["pending"], "refresh_s": pace.refresh_s}
    jira_names: dict[str, Value] = {"P0": "Highest", "P1": "High", "P2": "Medium", "P3": "Low"}
    words: dict[str, Value] = {
        '"can\'t connect"': ["does not connect", "connection refused", "reconnecting"],
        '"charged twice"': ["duplicate charge", "payment declined"],
        '"closes by itself"': ["crashes", "closes itself"],
    }
    return [
        _Table("trackers.app", {"kind": "github", "repository": "harbor-vpn/app"} | told),
        _Table("trackers.app.priority_names", {level: level for level in jira_names}),
        _Table("trackers.vpn", {"kind": "jira", "project": "VPN"} | told),
        _Table("trackers.vpn.priority_names", jira_names),
        _Table("known_issues", {"ask_at": [3, 10, 25]}),
        _Table("known_issues.words", words),
        _Table("handoffs", {"leads": ["U0RAJ"]}),
    ]


def _gateways(addresses: TargetAddresses, lossy: str) -> list[_Table]:
    tables = []
    for region in REGIONS:
        gateways = [gateway for gateway in addresses.gateways if gateway.region == region.key]
        aliases, search = _PEOPLE_SAY[region.key]
        own = [lossy] if lossy and region.key == LOSSY_REGION else []
        values: dict[str, Value] = {
            "title": region.title,
            "kind": "gateway",
            "team": "t2-tech",
            "aliases": [*aliases, f"{region.key}.{ZONE}", *(f"{gateway.name}.{ZONE}" for gateway in gateways)],
            "addresses": [*(gateway.address for gateway in gateways), *own],
            "urls": [gateway.health_url for gateway in gateways],
            "search": search,
            "control": _CONTROLS[region.key],
            "remote": True,
        }
        if addresses.vpn:
            values |= {
                "ports": [addresses.vpn.tcp_port],
                "vpn": list(addresses.vpn.services),
                "wireguard_keys": [addresses.vpn.wireguard_key],
            }
        tables.append(_Table(f"targets.{region.key}", values))
    return tables


def _web(addresses: TargetAddresses) -> list[_Table]:
    website: dict[str, Value] = {
        "title": "Website",
        "kind": "website",
        "team": "t2-tech",
        "aliases": ["site", "www", "homepage"],
        "urls": [addresses.website_url, addresses.website_https_url],
        "expect": "website",
        "tls": [addresses.tls["good"]],
        "names": [f"www.{ZONE}"],
        "remote": True,
        "search": ["website", "web site", "page is blank", "log in", "login"],
    }
    payments: dict[str, Value] = {
        "title": "Payments",
        "kind": "payments",
        "team": "t2-cs",
        "aliases": ["payment", "billing", "checkout"],
        "urls": [addresses.payments_url],
        "tls": [_endpoint(addresses.payments_url)],
        "test_payment": True,
        "search": ["payment", "charged twice", "declined", "refund", "invoice"],
    }
    app: dict[str, Value] = {
        "title": "App",
        "kind": "app",
        "team": "t2-tech",
        "aliases": ["client", "mobile app", "android", "ios"],
        "search": ["app crashes", "after update", "android", "iphone"],
    }
    faults: dict[str, Value] = {
        "title": "Fault lab",
        "kind": "website",
        "team": "t2-tech",
        "aliases": ["lab"],
        "urls": [addresses.website_url],
        "tls": list(addresses.tls.values()),
        "names": [f"{name}.{ZONE}" for name in ("www", "us-east", "pay")],
        "search": ["fault lab"],
    }
    named = {"website": website, "payments": payments, "app": app, "fault-lab": faults}
    return [_Table(f"targets.{key}", values) for key, values in named.items()]


def _endpoint(url: str) -> str:
    return url.removeprefix("https://").rstrip("/")
