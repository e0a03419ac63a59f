"""rich_text blocks (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block)."""

from typing import Any

from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.findings import Findings

CONTAINERS = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
INLINE = {
    "text": "text",
    "link": "url",
    "user": "user_id",
    "usergroup": "usergroup_id",
    "channel": "channel_id",
    "broadcast": "range",
    "emoji": "name",
    "date": "timestamp",
    "color": "value",
    "team": "team_id",
}
"""Each inline element and the key that it can't be without."""
STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}
ANY_LENGTH = 1_000_000


def rich_text(block: Json, at: str, found: Findings) -> None:
    for index, container in enumerate(found.items(block, "elements", at, most=ANY_LENGTH, least=0)):
        _container(container, f"{at}/elements/{index}", found, CONTAINERS)


def _container(container: Any, at: str, found: Findings, allowed: set[str]) -> None:
    kind = container.get("type") if isinstance(container, dict) else None
    if kind not in allowed:
        found.add(f"unsupported type: {kind}", f"{at}/type")
        return
    is_list = kind == "rich_text_list"
    if is_list and container.get("style") not in ("bullet", "ordered"):
        found.add("must be a valid enum value", f"{at}/style")
    for index, element in enumerate(found.items(container, "elements", at, most=ANY_LENGTH, least=0)):
        place = f"{at}/elements/{index}"
        if is_list:
            _container(element, place, found, {"rich_text_section"})
        else:
            _inline(element, place, found)


def _inline(element: Any, at: str, found: Findings) -> None:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in INLINE:
        found.add(f"unsupported type: {kind}", f"{at}/type")
        return
    key = INLINE[kind]
    if element.get(key) in (None, ""):
        found.add(f"missing required field: {key}", at)
    style = element.get("style", {})
    if not isinstance(style, dict) or set(style) - STYLES or not all(isinstance(on, bool) for on in style.values()):
        found.add("must be a valid style", f"{at}/style")
