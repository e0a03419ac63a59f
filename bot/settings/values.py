"""The kinds of value in the settings, each with the check that refuses what would fail later."""

import ipaddress
import re
import shutil
import ssl
from collections.abc import Callable
from datetime import date, time
from functools import partial
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import idna
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from bot.mail.model import is_address as is_mail_address
from bot.probes.playbooks import BY_HAND, NAMES, is_step
from bot.probes.registry import KINDS
from bot.replies.wording import PLACEHOLDERS, PURPOSES, unknown_placeholders
from bot.settings.problems import nearest
from bot.status.matching import NoMatcher, is_bounded, parse_matcher
from bot.vendors.model import Ask
from bot.zones import is_offset, known_zones, spoken_zones, zone_of_offset

VENDOR_ASKS = tuple(map(str, Ask))
VPN_KINDS = ("openvpn-udp", "openvpn-tcp", "wireguard", "ikev2")
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

# RFC 1123 §2.1, with the underscore that real service names have.
_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]+")
# Slack's own rule for new channels: lower case, no spaces or full stops, 80 at most.
_CHANNEL_NAME = re.compile(r"#[^\s.,#@A-Z]{1,80}")
_CLOCK_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_WIREGUARD_KEY = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_NOT_IN_CHANNEL = re.compile(r"[\s.,]+")
_USER_ID = re.compile(r"[UW][A-Z0-9]+")
_SPACE = re.compile(r"\s")
_GROUP_ID = re.compile(r"S[A-Z0-9]+")
_HANDLE = re.compile(r"[^\s@<>]{1,80}")
_REPOSITORY = re.compile(r"\A[\w.-]++/[\w.-]++\Z")
_PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,9}")
_AROUND_KEY = re.compile(r"-----.*?-----|#.*|\s")


def refused(allowed: str, guess: str = "") -> PydanticCustomError:
    """The error of a value: what is allowed there, and the nearest known name where there is one."""
    return PydanticCustomError("refused", "{allowed}", {"allowed": allowed, "nearest": guess})


def only(good: Callable[[str], object], allowed: str, *, empty: bool = False) -> AfterValidator:
    """Refuses what is not `good`, with what is allowed; an `empty` value may stand too."""

    def check(text: str) -> str:
        if not good(text) and (text or not empty):
            raise refused(allowed)
        return text

    return AfterValidator(check)


def _or_empty(check: Callable[[str], str]) -> AfterValidator:
    """Applies `check` where there is a value at all."""
    return AfterValidator(lambda text: check(text) if text else "")


def is_host(text: str) -> bool:
    """Whether `text` is a DNS name (no IP literal) or "localhost"."""
    labels = text.rstrip(".").split(".")
    numeric = labels[-1].isdigit()
    return len(text) <= 253 and not numeric and all(_LABEL.fullmatch(label) for label in labels)


def is_address(text: str) -> bool:
    """Whether `text` is an IPv4 or IPv6 literal."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_endpoint(text: str, *, port_needed: bool = True, names: bool = True) -> bool:
    """Whether `text` is "host:port", "address:port" or "[v6]:port"; without a port only if none is needed."""
    if not port_needed and is_address(text):
        return True
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) < 65536:
        return False
    if host.startswith("[") and host.endswith("]"):
        return is_address(host[1:-1])
    return (is_address(host) and ":" not in host) or (names and is_host(host))


def _ascii(name: str) -> str:
    """A name in other letters as DNS has it; any other text as it is."""
    try:
        return name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        return name


def _ascii_endpoint(text: str) -> str:
    host, colon, port = text.rpartition(":")
    return f"{_ascii(host)}{colon}{port}" if colon else text


def _host(text: str) -> str:
    text = _ascii(text)
    if not is_host(text):
        raise refused(
            "Allowed: a host name such as gw1.example.com (no http://, no port; IP addresses go to addresses)"
        )
    return text.rstrip(".").lower()


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise refused("Allowed: an IPv4 or IPv6 address such as 198.51.100.7 or 2001:db8::7") from None


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), 0
    good = parts.scheme in ("http", "https") and parts.hostname and port != 0 and not _SPACE.search(text)
    if not good:
        raise refused("Allowed: an address that starts with https:// or http:// and names a host")
    if parts.username or parts.password:
        raise refused("Allowed: an address without user name and password in it")
    return text


def _source_url(text: str) -> str:
    return _url(text).rstrip("/")


def _slack_url(text: str) -> str:
    """slack_sdk joins method names to it, so the slash at the end is part of the address."""
    return _url(text).rstrip("/") + "/"


def _vpn_service(text: str) -> str:
    kind, colon, port = text.partition(":")
    if kind not in VPN_KINDS or not colon or not is_port(port):
        known = f"{nearest(kind, VPN_KINDS)}:{port}" if nearest(kind, VPN_KINDS) and is_port(port) else ""
        raise refused(f"Allowed: {', '.join(VPN_KINDS)}, each with its port such as wireguard:51820", known)
    return text


def _wireguard_key(text: str) -> str:
    address, equals, key = text.partition("=") if "=" in text[:-1] else ("", "", text)
    if (equals and not is_address(address)) or not is_wireguard_key(key):
        raise refused("Allowed: a server's public key as `wg pubkey` prints it, or address=key")
    return text


def is_wireguard_key(text: str) -> bool:
    """Whether `text` is 32 bytes in base64, as wg(8) writes keys."""
    return bool(_WIREGUARD_KEY.fullmatch(text))


def _vendor_ask(text: str) -> str:
    words = " ".join(text.lower().split())
    if words not in VENDOR_ASKS:
        raise refused(f"Allowed: {', '.join(VENDOR_ASKS)}", nearest(words, VENDOR_ASKS))
    return words


def is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536


def _openvpn_key(text: str) -> str:
    if text:
        try:
            content = Path(text).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            content = ""
        if len(_AROUND_KEY.sub("", content)) != 512 or "OpenVPN Static key V1" not in content:
            raise refused("Allowed: the path of a file that exists, as `openvpn --genkey secret` writes it")
    return text


def _network(value: object) -> object:
    try:
        return ipaddress.ip_network(str(value))
    except ValueError as error:
        guess = ""
        if "host bits" in str(error):
            guess = str(ipaddress.ip_network(str(value), strict=False))
        raise refused("Allowed: a network such as 10.20.0.0/16 or 2001:db8::/32", guess) from None


def _zone(text: str) -> str:
    if is_offset(text) and (zone := zone_of_offset(text)):
        return zone
    if text not in known_zones():
        known = spoken_zones()
        guess = nearest(text, known) or nearest(text, {name.rpartition("/")[2] for name in known})
        full = next((name for name in sorted(known) if name.rpartition("/")[2] == guess), guess)
        raise refused("Allowed: a time zone of the IANA list such as Europe/Berlin or UTC", full)
    return text


def _channel(text: str) -> str:
    if _CHANNEL_ID.fullmatch(text) or _CHANNEL_NAME.fullmatch(text):
        return text
    name = "#" + _NOT_IN_CHANNEL.sub("-", text.strip().lstrip("#@").lower())
    guess = name if _CHANNEL_NAME.fullmatch(name) else ""
    raise refused("Allowed: a channel's name such as #t2-tech, or its id such as C0123ABCD", guess)


def _handle(text: str) -> str:
    handle = text.removeprefix("@")
    if handle and not _HANDLE.fullmatch(handle):
        raise refused("Allowed: the handle of a user group such as ltm, without spaces")
    return handle


def _time_of_day(value: object) -> object:
    if isinstance(value, time):
        return value
    match = _CLOCK_TIME.fullmatch(str(value))
    if not match:
        raise refused('Allowed: a time of day such as "09:00", from "00:00" to "23:59"')
    return time(int(match[1]), int(match[2]))


def _holiday(value: object) -> object:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise refused("Allowed: a date such as 2026-12-25") from None


def _certificates(text: str) -> str:
    if text:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=text)
        except OSError:  # ssl.SSLError is one too
            raise refused("Allowed: the path of a file that exists, with certificates in PEM form") from None
    return text


def _label_matcher(text: str) -> str:
    try:
        return str(parse_matcher(text))
    except NoMatcher:
        raise refused(
            """Allowed: a label matcher as in Alertmanager such as 'region="us-east"' or 'job=~"vpn.*"', """
            "without repeats of repeats"
        ) from None


def _project(text: str) -> str:
    if text and not _PROJECT.fullmatch(text):
        guess = text.upper() if _PROJECT.fullmatch(text.upper()) else ""
        raise refused("Allowed: the key of a Jira project such as VPN", guess)
    return text


def _words(text: str) -> str:
    if not text.strip() or len(text) > 100:
        raise refused("Allowed: text of 1 to 100 characters")
    return text.strip()


def _playbook_step(text: str) -> str:
    step = " ".join(text.split())
    if not is_step(step) or len(step) > 100:
        kinds = f'{", ".join(KINDS)}, each also of the control such as "control mtr"'
        raise refused(f'Allowed: {kinds}; customers; "{BY_HAND}what to try"', nearest(step, NAMES))
    return step


def _purpose(text: str) -> str:
    if text not in PURPOSES:
        raise refused(f"Allowed: {', '.join(PURPOSES)}", nearest(text, PURPOSES))
    return text


def _customer_text(text: str) -> str:
    if not text.strip() or len(text) > 2000:
        raise refused("Allowed: text of 1 to 2,000 characters")
    unknown = unknown_placeholders(text)
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise refused(f"Nobody fills in {{{unknown[0]}}}. Allowed: {known}, and Zendesk's own in double braces")
    return text


Host = Annotated[str, AfterValidator(_host)]
IpAddress = Annotated[str, AfterValidator(_address)]
Url = Annotated[str, AfterValidator(_url)]
SourceUrl = Annotated[str, AfterValidator(_source_url)]
BaseUrl = Annotated[str, _or_empty(_source_url)]
SlackUrl = Annotated[str, AfterValidator(_slack_url)]
TlsEndpoint = Annotated[
    str,
    AfterValidator(_ascii_endpoint),
    only(is_endpoint, "Allowed: host:port such as www.example.com:443 (IPv6 as [2001:db8::7]:443)"),
]
Resolver = Annotated[
    str,
    only(
        partial(is_endpoint, port_needed=False, names=False),
        "Allowed: the address of a DNS server such as 9.9.9.9, with a port where it isn't 53 (9.9.9.9:5353)",
    ),
]
AllowedNetwork = Annotated[IpNetwork, BeforeValidator(_network)]
Zone = Annotated[str, AfterValidator(_zone)]
Channel = Annotated[str, AfterValidator(_channel)]
ChannelOrNone = Annotated[str, _or_empty(_channel)]
GroupId = Annotated[
    str,
    only(
        _GROUP_ID.fullmatch, "Allowed: the id of a user group such as S0123ABCD (its handle goes to group)", empty=True
    ),
]
GroupHandle = Annotated[str, AfterValidator(_handle)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Holiday = Annotated[date, BeforeValidator(_holiday)]
CertificateFile = Annotated[str, AfterValidator(_certificates)]
ChromiumPath = Annotated[
    str,
    only(
        lambda text: text == "off" or shutil.which(text),
        'Allowed: the path of a Chromium that can be run, "" to look for one, or "off"',
        empty=True,
    ),
]
TcpPort = Annotated[
    str,
    AfterValidator(_ascii_endpoint),
    only(
        lambda text: is_port(text) or is_endpoint(text),
        'Allowed: a TCP port such as "443", or host:port such as vpn.example.com:443',
    ),
]
VpnService = Annotated[str, AfterValidator(_vpn_service)]
WireguardKey = Annotated[str, AfterValidator(_wireguard_key)]
Currency = Annotated[
    str, only(_CURRENCY.fullmatch, "Allowed: the three letters of a currency such as usd"), AfterValidator(str.lower)
]
MatcherText = Annotated[str, AfterValidator(_label_matcher)]
OpenVpnKey = Annotated[str, AfterValidator(_openvpn_key)]
PlaybookStep = Annotated[str, AfterValidator(_playbook_step)]
Purpose = Annotated[str, AfterValidator(_purpose)]
CustomerText = Annotated[str, AfterValidator(_customer_text)]
Repository = Annotated[
    str, only(_REPOSITORY.fullmatch, "Allowed: owner and name of a repository such as acme/app", empty=True)
]
ProjectKey = Annotated[str, AfterValidator(_project)]
TicketCount = Annotated[int, Field(ge=1, le=100_000)]
UserId = Annotated[
    str, only(_USER_ID.fullmatch, "Allowed: a person's id in Slack such as U0123ABCD (profile, …, Copy member ID)")
]
ReferencePattern = Annotated[
    str,
    only(
        lambda text: len(text) <= 100 and is_bounded(text),
        "Allowed: a regular expression of at most 100 characters, without repeats of repeats",
        empty=True,
    ),
]
VendorAsk = Annotated[str, AfterValidator(_vendor_ask)]
MailServer = Annotated[
    str, only(is_endpoint, "Allowed: host:port such as smtp.example.com:587 (IPv6 as [2001:db8::25]:587)", empty=True)
]
MailAddressOrNone = Annotated[
    str,
    only(is_mail_address, "Allowed: one mail address such as support@example.com, without a name", empty=True),
]
ShortText = Annotated[str, AfterValidator(_words)]
