"""Whether a payload has the shape that Slack's have, as far as Bolt and the bot rely on it. Pure.

https://docs.slack.dev/interactivity/handling-user-interaction, https://docs.slack.dev/apis/events-api
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

Json = Mapping[str, Any]

_TEXTS = ("type", "command", "callback_id", "team_id", "enterprise_id", "user_id", "channel_id", "token", "challenge")
_OBJECTS = ("team", "user", "channel", "enterprise", "view", "message", "container", "event")


def of_slacks_shape(payload: object) -> bool:
    """False for what Bolt or the bot would fall over; kinds that nobody knows are Bolt's to answer."""
    if not isinstance(payload, dict) or not payload:
        return False
    if not _are(payload, str, _TEXTS) or not _are(payload, dict, _OBJECTS) or not _authorizations(payload):
        return False
    if not _objects(payload.get("response_urls", [])):
        return False
    if (
        not _state(payload.get("view") or {})
        or not _state(payload)
        or (payload.get("actions") and not _actions(payload))
    ):
        return False
    if "event" in payload:
        return _event(payload)
    if "command" in payload:
        return all(isinstance(payload.get(name), str) for name in ("command", "user_id", "channel_id"))
    kind = _KINDS.get(payload.get("type") or "")
    return not kind or kind(payload)


def with_whole_characters(payload: dict[str, Any]) -> dict[str, Any]:
    """Half a surrogate pair, which a text that was cut may end with, becomes a question mark: no database takes it."""
    text = json.dumps(payload, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return dict(json.loads(text.encode("utf-8", "replace")))
    return payload


def _are(holder: Json, kind: type, names: tuple[str, ...]) -> bool:
    """Whether these fields, as far as they are there, are of a kind."""
    return all(isinstance(holder[name], kind) for name in names if holder.get(name) is not None)


def _objects(listed: object) -> bool:
    return isinstance(listed, list) and all(isinstance(item, dict) for item in listed)


def _authorizations(payload: Json) -> bool:
    listed: Any = payload.get("authorizations") or []
    return _objects(listed) and all(_are(item, str, _TEXTS) for item in listed)


def _event(payload: Json) -> bool:
    event = payload.get("event")
    if not isinstance(event, dict) or not isinstance(event.get("type"), str):
        return False
    people = all(isinstance(event.get(name), str | dict | None) for name in ("user", "channel"))
    if event["type"] in ("app_mention", "message") and not _are(event, str, ("channel",)):
        return False
    item = event.get("item")
    if isinstance(item, dict) and not _are(item, dict, ("message",)):
        return False
    return people and _are(event, str, ("subtype", "text", "ts", "thread_ts", "channel_id", "bot_id"))


def _actions(payload: Json) -> bool:
    actions: Any = payload.get("actions")
    return bool(actions) and _objects(actions) and all(map(_action, actions))


def _action(action: Json) -> bool:
    named = isinstance(action.get("action_id"), str) and isinstance(action.get("type"), str)
    return named and _are(action, str, ("block_id",)) and _are(action, dict, ("selected_option",))


def _view(payload: Json) -> bool:
    view = payload.get("view")
    return isinstance(view, dict) and all(isinstance(view.get(name), str) for name in ("type", "callback_id"))


def _state(holder: Json) -> bool:
    """The inputs of a form or a message by block and action."""
    state = holder.get("state") or {}
    values = (state.get("values") or {}) if isinstance(state, dict) else None
    return isinstance(values, dict) and all(
        isinstance(element, dict) and _inputs(element) for element in values.values()
    )


def _inputs(elements: Json) -> bool:
    return all(isinstance(element, dict) and _input(element) for element in elements.values())


def _input(element: Json) -> bool:
    many = element.get("selected_options") or []
    return _objects(many) and all("value" in option for option in many) and _are(element, dict, ("selected_option",))


def _shortcut(payload: Json) -> bool:
    return isinstance(payload.get("callback_id"), str)


_KINDS: dict[str, Callable[[Json], bool]] = {
    "event_callback": _event,
    "block_actions": _actions,
    "view_submission": _view,
    "view_closed": _view,
    "shortcut": _shortcut,
    "message_action": _shortcut,
}
