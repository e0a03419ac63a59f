"""What a message shows, read from an app's request and checked against every limit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.block_rules import check_message_blocks, check_slack_files, completed
from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.limits import ATTACHMENTS, MARKDOWN_TEXT, METADATA_BYTES
from bot.sandbox.slack.text import linked, stored
from bot.sandbox.slack.workspace import Workspace

FALLBACK = "This content can't be displayed."


def structure(value: Any, error: str) -> Any:
    """JSON that forms carry as a string and JSON requests as itself."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ApiError(error) from None


def flag(value: Any) -> bool:
    return str(value).lower() in ("1", "true")


@dataclass(frozen=True, slots=True)
class Content:
    """`blocks` and `attachments` are None where the request does not name them."""

    text: str
    has_text: bool
    blocks: tuple[Json, ...] | None
    attachments: tuple[Json, ...] | None
    metadata: Json | None

    @classmethod
    def read(cls, args: Mapping[str, Any], workspace: Workspace, *, parse: str = "none") -> "Content":
        """Raises ApiError for what Slack would not take. `parse` is the method's default."""
        markdown = args.get("markdown_text")
        if markdown:
            _check_markdown(args, str(markdown))
        blocks = _blocks(args, workspace)
        attachments = _attachments(args, workspace)
        raw = str(markdown or args.get("text") or "")
        if not raw.strip() and not blocks and not attachments:
            raise ApiError("no_text")
        text = _parsed(stored(raw), args, workspace, parse)
        has_text = bool(raw)
        return cls(text or FALLBACK, has_text, blocks, attachments, _metadata(args))


def _check_markdown(args: Mapping[str, Any], markdown: str) -> None:
    if args.get("text") or args.get("blocks"):
        raise ApiError("markdown_text_conflict")
    if len(markdown) > MARKDOWN_TEXT:
        raise ApiError("msg_too_long")


def _blocks(args: Mapping[str, Any], workspace: Workspace) -> tuple[Json, ...] | None:
    if args.get("blocks") is None:
        return None
    blocks = structure(args["blocks"], "invalid_blocks_format")
    check_message_blocks(blocks, unknown=workspace.unknown_blocks)
    check_slack_files(blocks, workspace.can_show)
    return completed(blocks, lambda: workspace.new_id("b")[:6])


def _attachments(args: Mapping[str, Any], workspace: Workspace) -> tuple[Json, ...] | None:
    if args.get("attachments") is None:
        return None
    attachments = structure(args["attachments"], "invalid_attachments")
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        raise ApiError("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise ApiError("too_many_attachments")
    for each in attachments:
        if each.get("blocks"):
            check_message_blocks(each["blocks"])
            check_slack_files(each["blocks"], workspace.can_show)
    return tuple(attachments)


def _metadata(args: Mapping[str, Any]) -> Json | None:
    if args.get("metadata") is None:
        return None
    metadata = structure(args["metadata"], "invalid_metadata_format")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise ApiError("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict) or not metadata["event_type"]:
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > METADATA_BYTES:
        raise ApiError("metadata_too_large")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def _parsed(text: str, args: Mapping[str, Any], workspace: Workspace, parse: str) -> str:
    wanted = str(args.get("parse") or parse)
    if wanted not in ("none", "client", "full"):
        raise ApiError("invalid_arguments", messages=["parse is none, full or client"])
    if wanted == "none" and not flag(args.get("link_names")):
        return text
    return linked(text, workspace.reference)
