"""What people fill in and press, checked against the blocks that they see."""

import re
from typing import Any

from bot.sandbox.slack.block_rules import elements_of
from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.limits import PLAIN_TEXT_INPUT
from bot.sandbox.slack.model import Message
from bot.sandbox.slack.text import rich_text

REQUIRED = "Please complete this required field."
VALUE_KEYS = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
"""Under which key each element's value stands in view.state and actions; "value" for the rest."""
LISTS = {"selected_options", "selected_users", "selected_channels", "selected_conversations", "files"}
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
_URL = re.compile(r"^https?://\S+$")
FORMS = {
    "email_text_input": (_EMAIL, "Please enter a valid email address."),
    "number_input": (_NUMBER, "Please enter a number."),
    "url_text_input": (_URL, "Please enter a valid URL."),
}


def value_key(element: Json) -> str:
    return VALUE_KEYS.get(element["type"], "value")


def options_of(element: Json) -> list[Json]:
    groups = element.get("option_groups") or []
    return list(element.get("options") or []) + [option for group in groups for option in group["options"]]


def _element(blocks: list[Json], block_id: object, action_id: object) -> tuple[str, Json]:
    """The element and the block_id that it has now.

    An edit of the message gives blocks without a block_id new ones while the person's finger is on the button, so an
    action_id that stands in one place only is enough.
    """
    named = [(block["block_id"], each) for block in blocks for each in elements_of(block)]
    named = [(place, each) for place, each in named if each["action_id"] == action_id]
    exact = [each for each in named if each[0] == block_id]
    if not exact and len(named) != 1:
        raise ApiError("action_not_found")
    return (exact or named)[0]


def action(blocks: list[Json], given: Json) -> Json:
    """The entry of `actions` for what was pressed; raises action_not_found or invalid_option."""
    block_id, element = _element(blocks, given.get("block_id"), given.get("action_id"))
    entry: Json = {"type": element["type"], "block_id": block_id, "action_id": element["action_id"]}
    if element["type"] == "button":
        return entry | {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    key = value_key(element)
    entry[key] = _checked(element, given.get(key))
    return entry | ({"placeholder": element["placeholder"]} if "placeholder" in element else {})


def _checked(element: Json, value: Any) -> Any:
    """The value; where options are given it must be among them, and comes back as the app wrote it."""
    options = options_of(element)
    if not options or value is None:
        return value
    by_value = {option["value"]: {"text": option["text"], "value": option["value"]} for option in options}
    many = _listed(value)
    if any(not isinstance(each, dict) or each.get("value") not in by_value for each in many):
        raise ApiError("invalid_option")
    chosen = [by_value[each["value"]] for each in many]
    return chosen if isinstance(value, list) else chosen[0]


def _initial(element: Json) -> Any:
    key = value_key(element)
    initial = element.get("initial_" + key.removeprefix("selected_").removeprefix("rich_text_"))
    return [] if initial is None and key in LISTS else initial


def state(blocks: list[Json], given: Json) -> Json:
    """view.state.values for every element that has a value; what was not touched has its initial value."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in ("button", "overflow"):
                continue
            key = value_key(element)
            filled = (given.get(block["block_id"]) or {}).get(element["action_id"])
            value = filled.get(key) if isinstance(filled, dict) else _initial(element)
            entry = {"type": element["type"], key: _checked(element, None if value == "" else value)}
            values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return values


def state_in_message(blocks: list[Json], given: Json) -> Json:
    """state.values of a message: what the person's client has. An edit on its way takes nothing from that.

    Slack documents no check of it, so an app must bear options and blocks that its message has no longer.
    """
    values = state(blocks, {})
    elements = {(block["block_id"], each["action_id"]): each for block in blocks for each in elements_of(block)}
    for block_id, entries in given.items():
        for action_id, entry in entries.items() if isinstance(entries, dict) else ():
            if _is_value(entry):
                known = elements.get((block_id, action_id), {"type": entry["type"]})
                values.setdefault(block_id, {})[action_id] = _as_written(known, entry)
    return values


def _is_value(entry: object) -> bool:
    """Whether it is what an element of its type has."""
    if not isinstance(entry, dict) or entry.get("type") not in VALUE_KEYS:
        return False
    key = VALUE_KEYS[entry["type"]]
    options = [each for each in _listed(entry.get(key)) if isinstance(each, dict)]
    return set(entry) == {"type", key} and all({"text", "value"} <= set(each) for each in options)


def _as_written(element: Json, entry: Json) -> Json:
    """Options that the message still has, as the app wrote them."""
    offered = {option["value"]: {"text": option["text"], "value": option["value"]} for option in options_of(element)}
    value = entry[VALUE_KEYS[entry["type"]]]
    chosen = [offered.get(each["value"], each) if isinstance(each, dict) else each for each in _listed(value)]
    return entry | {VALUE_KEYS[entry["type"]]: chosen if isinstance(value, list) else chosen[0]}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def missing(blocks: list[Json], values: Json) -> dict[str, str]:
    """What Slack's form says before it sends anything, by block id."""
    errors = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = values[block["block_id"]][element["action_id"]][value_key(element)]
        wrong = _wrong(element, value, optional=bool(block.get("optional")))
        if wrong:
            errors[block["block_id"]] = wrong
    return errors


def _wrong(element: Json, value: Any, *, optional: bool) -> str:
    if value in (None, [], ""):
        return "" if optional else REQUIRED
    if element["type"] in FORMS:
        form, words = FORMS[element["type"]]
        return "" if form.match(str(value)) else words
    if element["type"] == "plain_text_input":
        return _wrong_length(element, str(value))
    return ""


def _wrong_length(element: Json, value: str) -> str:
    shortest, longest = element.get("min_length", 0), element.get("max_length", PLAIN_TEXT_INPUT)
    if len(value) < shortest:
        return f"Please enter at least {shortest} characters."
    return f"Please enter no more than {longest} characters." if len(value) > longest else ""


def composed(text: str, message: Message) -> list[Json]:
    """The rich_text of an edited message, in the block that it had."""
    block_id = message.blocks[0]["block_id"] if message.blocks else "edit"
    return [rich_text(text, block_id)]
