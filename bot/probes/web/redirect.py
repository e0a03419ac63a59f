"""Where a Location header leads, read as browsers read it and then judged by the strict grammar for URLs. Pure."""

import re
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from bot.errors import BadInput
from bot.loose_json import has_endless_host
from bot.probes.host_grammar import Destination, read_url

_LENGTH_MAX = 8000
"""About what servers take as one line; longer ones lead nowhere for most clients."""
# What must not stand in a request's path as it is (https://url.spec.whatwg.org/#path-percent-encode-set), and what
# would end its line. A "%" stays: what is encoded already is not encoded twice.
_UNSAFE = re.compile(r"[^!$%&'()*+,\-./:;=?@\[\]_~A-Za-z0-9|^]")


def next_place(place: Destination, location: str) -> Destination:
    """Where `location` leads from `place`; it is a header's value, each byte of it one character. Raises BadInput.

    Spaces and other scripts are percent-encoded in the path, and a host in another script is looked up as IDNA.
    """
    text = _as_text(location)
    if not text or len(text) > _LENGTH_MAX or any(ord(c) < 0x20 or ord(c) == 0x7F for c in text) or "\\" in text:
        raise BadInput("The place that it leads to is not a URL.")
    if has_endless_host(text):
        raise BadInput("The place that it leads to is not a URL.")
    try:
        parts = urlsplit(urljoin(place.url, text))
    except ValueError as error:
        raise BadInput("The place that it leads to is not a URL.") from error
    origin = read_url(f"{parts.scheme}://{parts.netloc}/")
    path = _encoded(parts.path or "/") + (f"?{_encoded(parts.query)}" if parts.query else "")
    return replace(origin, url=origin.url.removesuffix("/") + path)


def _as_text(location: str) -> str:
    """The header as UTF-8 where it is that: what it was sent as; else byte by byte, as browsers take it."""
    data = location.strip().encode("latin-1")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _encoded(text: str) -> str:
    return _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)
