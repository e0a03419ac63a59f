"""The limits of views (https://docs.slack.dev/reference/views)."""

import json
from typing import Any

from bot.sandbox.slack import limits
from bot.sandbox.slack.block_rules import VIEW_BLOCKS, check_blocks
from bot.sandbox.slack.errors import ApiError, Json, refuse_arguments
from bot.sandbox.slack.findings import Findings

KEYS = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
MODAL_KEYS = KEYS | {"title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"}


def check_view(view: Json, kind: str) -> None:
    """Raises invalid_arguments or view_too_large. `kind` is modal or home."""
    found = Findings()
    if view.get("type") != kind:
        found.add(f"must be a valid enum value: {view.get('type')}", "/view/type")
    found.only(view, MODAL_KEYS if kind == "modal" else KEYS, "/view")
    if "blocks" not in view:
        found.add("missing required field: blocks", "/view")
    check_blocks(view.get("blocks", []), found, at="/view/blocks", most=limits.VIEW_BLOCKS, allowed=VIEW_BLOCKS)
    if isinstance(view.get("blocks"), list) and not view["blocks"]:
        found.add("no less than 1 items allowed", "/view/blocks")
    for key, most in (
        ("private_metadata", limits.PRIVATE_METADATA),
        ("callback_id", limits.CALLBACK_ID),
        ("external_id", limits.EXTERNAL_ID),
    ):
        found.string(view, key, "/view", most=most, least=0, required=False)
    if kind == "modal":
        _modal(view, found)
    if found.messages:
        raise refuse_arguments(*found.messages)
    if len(json.dumps(view).encode()) > limits.VIEW_BYTES:
        raise ApiError("view_too_large")


def _modal(view: Json, found: Findings) -> None:
    found.text(view, "title", "/view", most=limits.VIEW_TITLE, plain=True)
    found.text(view, "submit", "/view", most=limits.VIEW_TITLE, plain=True, required=False)
    found.text(view, "close", "/view", most=limits.VIEW_TITLE, plain=True, required=False)
    for key in ("clear_on_close", "notify_on_close", "submit_disabled"):
        found.flag(view, key, "/view")
    if not view.get("submit") and _has_input(view.get("blocks")):
        found.add("missing required field: submit", "/view")


def _has_input(blocks: Any) -> bool:
    return isinstance(blocks, list) and any(isinstance(each, dict) and each.get("type") == "input" for each in blocks)
