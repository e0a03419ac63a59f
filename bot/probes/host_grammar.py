"""Reading a host, address or URL that a person typed: a strict grammar, so that nothing is read two ways. Pure."""

import html
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import idna

from bot.errors import BadInput
from bot.probes.address import canonical
from bot.slack_marks import hyphened

_MAX_LENGTH, _NAME_MAX = 2000, 253
_LABEL = re.compile(r"\A(?!-)[a-z0-9_-]{1,63}+(?<!-)\Z")
_LIKE_A_NUMBER = re.compile(r"\A(\d+|0x[0-9a-f]*)\Z")
_SLACK_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>|]*))?>\Z")
_BRACKETED = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::(\d{1,5}))?\Z")
_EXAMPLES = "Give a host (vpn.example.com), an address (192.0.2.7) or a URL (https://www.example.com/)."
_INTERNAL = ("corp", "home", "intern", "internal", "intranet", "lan", "local", "localdomain", "localhost", "private")
"""Top-level domains of inside networks, which public DNS does not have (RFC 6761, 6762; ICANN's .internal)."""
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Destination:
    """Where something is on the network. `host` is a lower-case ASCII name or a canonical address (`literal`).

    `tls` is "host:port" where TLS is expected there, else "".
    """

    host: str
    literal: bool
    port: int
    url: str
    tls: str
    label: str


def read_place(text: str) -> Destination:
    """Reads a host, an address, host:port or a URL, also inside Slack's link marks. Raises BadInput."""
    plain = unmarked(text)
    if "://" in plain:
        return read_url(plain)
    host, port = _authority(hyphened(plain))
    scheme = "http" if port == 80 else "https"
    return _place(scheme, host, port, "/", shown_port=port is not None)


def read_url(text: str) -> Destination:
    """Reads an http(s) URL. Raises BadInput for anything else, for credentials in it and for odd characters."""
    _no_odd_characters(text)
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise BadInput(f"{_typed_words(text)} is not a URL. {_EXAMPLES}") from error
    if parts.scheme.lower() not in _PORTS:
        raise BadInput(f"Only http and https URLs can be probed, not {_typed_words(text)}.")
    host, port = _authority(parts.netloc)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _place(parts.scheme.lower(), host, port, path, shown_port=port is not None)


def unmarked(text: str) -> str:
    """Undoes Slack's link marks: `<http://a.b|a.b>` was typed as `a.b`, `<https://a.b/c>` as it stands."""
    plain = html.unescape(text.strip())
    link = _SLACK_LINK.match(plain)
    if not link:
        return plain
    url, label = link[1], link[2] or ""
    return label if label and url.split("://", 1)[-1] == label else url


def read_host(text: str) -> str:
    """A host name as lower-case ASCII, or a canonical IP literal. Raises BadInput.

    A name whose last part is a number is refused: resolvers read 2130706433 and 0177.1 as addresses.
    """
    literal = canonical(text)
    if literal:
        return literal
    if len(text) > _NAME_MAX:
        raise BadInput(f"{_typed_words(text)} is not a host name or address. {_EXAMPLES}")
    name = text.rstrip(".").lower() if not text.endswith("..") else text
    try:
        ascii_name = name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise BadInput(f"{_typed_words(text)} is not a host name. {_EXAMPLES}") from error
    labels = ascii_name.split(".")
    numeric = _LIKE_A_NUMBER.match(labels[-1])
    if len(ascii_name) > _NAME_MAX or numeric or not all(_LABEL.match(label) for label in labels):
        raise BadInput(f"{_typed_words(text)} is not a host name or address. {_EXAMPLES}")
    return ascii_name


def is_internal(host: str) -> bool:
    """Whether a name can't be that of a public host: one label alone, or a top-level domain of inside networks."""
    labels = host.rstrip(".").lower().split(".")
    inside = len(labels) == 1 or labels[-1] in _INTERNAL or labels[-2:] == ["home", "arpa"]
    return inside and not canonical(host)


def read_endpoint(text: str, default_port: int) -> tuple[str, int]:
    """Reads "host", "host:port" or "[v6]:port". Raises BadInput."""
    host, port = _authority(text)
    return host, port if port is not None else default_port


def host_and_port(host: str, port: int) -> str:
    """ "host:port", with brackets where the host is an IPv6 literal."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _authority(text: str) -> tuple[str, int | None]:
    _no_odd_characters(text)
    if "@" in text:
        raise BadInput(f"A user name or password has no place in {_typed_words(text)}. {_EXAMPLES}")
    bracketed = _BRACKETED.match(text)
    if bracketed:
        host, port = bracketed[1], bracketed[2]
    elif text.count(":") == 1:
        host, port = text.split(":")
    else:
        host, port = text, None
    if port is not None and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise BadInput(f"The port in {_typed_words(text)} is not a number from 1 to 65535.")
    return read_host(host), None if port is None else int(port)


def _place(scheme: str, host: str, port: int | None, path: str, *, shown_port: bool) -> Destination:
    number = port if port is not None else _PORTS[scheme]
    netloc = host_and_port(host, number) if number != _PORTS[scheme] else f"[{host}]" if ":" in host else host
    return Destination(
        host=host,
        literal=bool(canonical(host)),
        port=number,
        url=f"{scheme}://{netloc}{path}",
        tls=host_and_port(host, number) if scheme == "https" else "",
        label=host_and_port(host, number) if shown_port else host,
    )


def _no_odd_characters(text: str) -> None:
    if not text or len(text) > _MAX_LENGTH or "\\" in text or any(not c.isprintable() or c.isspace() for c in text):
        raise BadInput(f"{_typed_words(text) or 'Nothing'} can't be probed. {_EXAMPLES}")


def _typed_words(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
