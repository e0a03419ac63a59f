"""Slack's message text: what people type, what is stored, and rich_text made from it."""

import re
from collections.abc import Callable
from typing import Any

_REFERENCE = r"<(?:@[UW]\w+|#[CG]\w+|![a-z]+|!subteam\^S\w+|!date\^|https?://|mailto:|tel:)[^<>]*>"
_TOKEN = re.compile(f"({_REFERENCE})")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_TYPED_NAME = re.compile(r"(?<![\w<@#])([@#])([a-z0-9][a-z0-9._-]*)", re.IGNORECASE)
_MENTION = re.compile(r"<@(\w+)(?:\|[^<>]*+)?>")
_ENDINGS = "app|cloud|co|com|de|dev|eu|example|info|io|net|org|test|uk|us"
"""The top-level domains that make a bare host a link; Slack knows all of them, and adds these."""
_TYPED_LINK = re.compile(
    rf"(?<![\w/@.<|-])(https?://[^\s<>|]+|(?:[a-z0-9-]++\.)+(?:{_ENDINGS})(?![\w@-]))", re.IGNORECASE
)

Lookup = Callable[[str, str], str | None]
"""Finds what "@" or "#" and a name mean: the reference (`<@U0KIM>`), or None."""


def _outside_references(text: str, change: Callable[[str], str]) -> str:
    parts = _TOKEN.split(text)
    return "".join(part if index % 2 else change(part) for index, part in enumerate(parts))


def stored(text: str) -> str:
    """The text as Slack keeps it: bare &, < and > become entities, references stay."""

    def escape(part: str) -> str:
        return _BARE_AMPERSAND.sub("&amp;", part).replace("<", "&lt;").replace(">", "&gt;")

    return _outside_references(text, escape)


def linked(text: str, lookup: Lookup) -> str:
    """`parse=client` and link_names: @name, #channel and bare addresses become references."""

    def name(match: re.Match[str]) -> str:
        word = match[2].rstrip(".-_")
        found = lookup(match[1], word)
        return found + match[2][len(word) :] if found else match[0]

    def link(match: re.Match[str]) -> str:
        address = match[1].rstrip(".,;:!?)")
        rest = match[1][len(address) :]
        shown = f"<{address}>" if "://" in address else f"<http://{address}|{address}>"
        return shown + rest

    with_links = _outside_references(text, lambda part: _TYPED_LINK.sub(link, part))
    return _outside_references(with_links, lambda part: _TYPED_NAME.sub(name, part))


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def rich_text(text: str, block_id: str) -> dict[str, Any]:
    """The rich_text block that Slack's composer adds to what people write."""
    parts = _TOKEN.split(text)
    elements = [_element(part, bool(index % 2)) for index, part in enumerate(parts) if part]
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def _element(part: str, is_reference: bool) -> dict[str, Any]:
    if not is_reference:
        return {"type": "text", "text": unescaped(part)}
    target, _, label = part[1:-1].partition("|")
    if target.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": target.removeprefix("!subteam^")}
    kinds = {"@": ("user", "user_id"), "#": ("channel", "channel_id"), "!": ("broadcast", "range")}
    if target[0] in kinds:
        kind, key = kinds[target[0]]
        return {"type": kind, key: target[1:]}
    link = {"type": "link", "url": unescaped(target)}
    return link | ({"text": unescaped(label)} if label else {})


def mentions(text: str, user_id: str) -> bool:
    return any(found[1] == user_id for found in _MENTION.finditer(text))
