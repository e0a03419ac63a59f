"""The name of what somebody did in Slack, by which its handler is found. Pure."""

from bot.loose_json import mapping, objects
from bot.slack.deliveries import Payload


def route_of(payload: Payload) -> str:
    """The kind and the name, such as "button investigation_claim"; "" for what has neither."""
    if "command" in payload:
        return f"command {payload['command']}"
    kind = payload.get("type")
    if kind == "event_callback":
        return f"event {mapping(payload.get('event')).get('type')}"
    if kind == "block_actions":
        return f"button {next(iter(objects(payload.get('actions'))), {}).get('action_id')}"
    if kind == "view_submission":
        return f"form {mapping(payload.get('view')).get('callback_id')}"
    if kind in ("shortcut", "message_action"):
        return f"shortcut {payload.get('callback_id')}"
    return ""
