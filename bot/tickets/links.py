"""Ticket ids in what people paste: links to the help desk in any of its forms, and bare numbers."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.loose_json import has_endless_host

# Slack's own form comes first, so that its label ("<url|label>") is never read: the label can name another ticket.
_SLACK_LINK = r"<(?P<slack>[^<>|]*+)(?:\|[^<>]*+)?>"
_PLAIN_LINK = r"(?<![^\s<>|,/])(?P<plain>[^\s<>|,/]++/[^\s<>|,]++)"
# "INV-12", "10.1.2.3", "09:12" and "2025-11-22" hold no ticket numbers.
_NUMBER = r"(?<![\w.:/#@%&+-])#?(?P<number>[0-9]{1,12})(?![\w:/%@-]|\.[0-9])"
_PARTS = re.compile(f"{_SLACK_LINK}|{_PLAIN_LINK}|{_NUMBER}")

# /agent/tickets/7, /agent/#/tickets/7, /tickets/7, /hc/en-us/requests/7, /requests/7, /api/v2/tickets/7.json, with or
# without a path in front of them.
_TICKET_PATH = re.compile(r"/(?:tickets|requests)/([0-9]{1,12})(?![\w-])", re.IGNORECASE)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)


def ticket_ids(text: str, *, hosts: frozenset[str], bare: bool = False) -> tuple[int, ...]:
    """The tickets named in `text`, in order, each once.

    `hosts` are those of the help desk and its brands, lower case, "acme.zendesk.com" or "127.0.0.1:8787"; links
    to any other host are not looked at. With `bare`, "#12345" and "12345" count too.
    """
    numbers = (_id_of(part, hosts, bare) for part in _PARTS.finditer(text))
    return tuple(dict.fromkeys(number for number in numbers if number))


def _id_of(part: re.Match[str], hosts: frozenset[str], bare: bool) -> int | None:
    if part["number"]:
        return int(part["number"]) if bare else None
    return next((_id_in(url, hosts) for url in _urls(part["slack"] or part["plain"] or "")), None)


def _urls(link: str) -> Iterator[str]:
    start = _SCHEME.search(link)
    if start:
        yield link[start.start() :]
    elif "://" not in link:
        yield "https://" + link.lstrip("([{\"'`*_~")


def _id_in(url: str, hosts: frozenset[str]) -> int | None:
    if has_endless_host(url):
        return None
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if host not in hosts and f"{host}:{port}" not in hosts:
        return None
    # The query is left out: "?return_to=/tickets/7" is not what the link shows.
    hit = _TICKET_PATH.search(parts.path) or _TICKET_PATH.search(parts.fragment)
    return int(hit[1]) if hit else None
