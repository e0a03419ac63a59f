"""The limits of block elements (https://docs.slack.dev/reference/block-kit/block-elements)."""

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.slack import limits
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.findings import Findings

_FILE_ID = re.compile(r"^[F][A-Z0-9]{8,}$")

Check = Callable[[Json, str, Findings], None]
_CHOICES_HAVE = {"type", "action_id", "options", "confirm", "focus_on_load", "placeholder"}
"""A placeholder is refused in words of its own."""


def _button(element: Json, at: str, found: Findings) -> None:
    found.text(element, "text", at, most=limits.BUTTON_TEXT, plain=True)
    found.string(element, "value", at, most=limits.BUTTON_VALUE, required=False)
    found.string(element, "url", at, most=limits.BUTTON_URL, required=False)
    found.string(element, "accessibility_label", at, most=limits.ACCESSIBILITY_LABEL, required=False)
    if element.get("style") not in (None, "primary", "danger"):
        found.add("must be a valid enum value", f"{at}/style")


def _option(option: Any, at: str, found: Findings, *, plain: bool) -> None:
    if not isinstance(option, dict):
        found.add("must be a valid object", at)
        return
    found.text(option, "text", at, most=limits.OPTION_TEXT, plain=plain)
    found.string(option, "value", at, most=limits.OPTION_VALUE)
    found.text(option, "description", at, most=limits.OPTION_DESCRIPTION, plain=True, required=False)


def _options(element: Json, at: str, found: Findings, *, most: int, plain: bool = True) -> list[Any]:
    options = found.items(element, "options", at, most=most)
    for index, option in enumerate(options):
        _option(option, f"{at}/options/{index}", found, plain=plain)
    values = [option.get("value") for option in options if isinstance(option, dict)]
    if len(set(map(str, values))) != len(values):
        found.add("option values must be unique", f"{at}/options")
    return options


def _initial(element: Json, key: str, options: list[Any], at: str, found: Findings) -> None:
    given = element.get(key)
    if given is None:
        return
    chosen = given if isinstance(given, list) else [given]
    if not chosen or any(each not in options for each in chosen):
        found.add("must be one of the provided options", f"{at}/{key}")


def _grouped(element: Json, at: str, found: Findings) -> list[Any]:
    flat: list[Any] = []
    for index, group in enumerate(found.items(element, "option_groups", at, most=limits.SELECT_OPTIONS)):
        place = f"{at}/option_groups/{index}"
        if not isinstance(group, dict):
            found.add("must be a valid object", place)
            continue
        found.text(group, "label", place, most=limits.OPTION_TEXT, plain=True)
        flat += _options(group, place, found, most=limits.SELECT_OPTIONS)
    return flat


def _static_select(element: Json, at: str, found: Findings) -> None:
    if ("options" in element) == ("option_groups" in element):
        found.add("one of options and option_groups must be provided", at)
        return
    grouped = "option_groups" in element
    options = _grouped(element, at, found) if grouped else _options(element, at, found, most=limits.SELECT_OPTIONS)
    _initial(element, "initial_option", options, at, found)
    _initial(element, "initial_options", options, at, found)


def _external_select(element: Json, at: str, found: Findings) -> None:
    if not isinstance(element.get("min_query_length", 3), int):
        found.add("must be an integer", f"{at}/min_query_length")


def _overflow(element: Json, at: str, found: Findings) -> None:
    _options(element, at, found, most=limits.OVERFLOW_OPTIONS)


def _checkboxes(element: Json, at: str, found: Findings) -> None:
    options = _options(element, at, found, most=limits.CHOICES, plain=False)
    _initial(element, "initial_options", options, at, found)
    if not isinstance(element.get("initial_options", []), list):
        found.add("must be an array", f"{at}/initial_options")
    found.only(element, _CHOICES_HAVE | {"initial_options"}, at)


def _radio_buttons(element: Json, at: str, found: Findings) -> None:
    options = _options(element, at, found, most=limits.CHOICES, plain=False)
    _initial(element, "initial_option", options, at, found)
    found.only(element, _CHOICES_HAVE | {"initial_option"}, at)


def _plain_text_input(element: Json, at: str, found: Findings) -> None:
    found.string(element, "initial_value", at, most=limits.PLAIN_TEXT_INPUT, least=0, required=False)
    for key, least in (("min_length", 0), ("max_length", 1)):
        value = element.get(key, least)
        if not isinstance(value, int) or not least <= value <= limits.PLAIN_TEXT_INPUT:
            found.add(f"must be from {least} to {limits.PLAIN_TEXT_INPUT}", f"{at}/{key}")
    shortest, longest = element.get("min_length", 0), element.get("max_length", limits.PLAIN_TEXT_INPUT)
    if isinstance(shortest, int) and isinstance(longest, int) and shortest > longest:
        found.add("min_length must not exceed max_length", at)


def _number_input(element: Json, at: str, found: Findings) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        found.add("missing required field: is_decimal_allowed", at)


def _file_input(element: Json, at: str, found: Findings) -> None:
    most = element.get("max_files", limits.FILE_INPUT_FILES)
    if not isinstance(most, int) or not 1 <= most <= limits.FILE_INPUT_FILES:
        found.add(f"must be from 1 to {limits.FILE_INPUT_FILES}", f"{at}/max_files")


def image(element: Json, at: str, found: Findings) -> None:
    found.string(element, "alt_text", at, most=limits.ALT_TEXT)
    if ("image_url" in element) == ("slack_file" in element):
        found.add("one of image_url and slack_file must be provided", at)
    found.string(element, "image_url", at, most=limits.IMAGE_URL, required=False)
    if "slack_file" in element:
        _slack_file(element["slack_file"], f"{at}/slack_file", found)


def _slack_file(file: Any, at: str, found: Findings) -> None:
    """https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object"""
    if not isinstance(file, dict) or ("id" in file) == ("url" in file):
        found.add("one of id and url must be provided", at)
    elif "id" in file and not _FILE_ID.fullmatch(str(file["id"])):
        found.add(f"input must match regex pattern: {_FILE_ID.pattern}", f"{at}/id")
    else:
        found.string(file, "url", at, most=limits.IMAGE_URL, required=False)


def _anything(element: Json, at: str, found: Findings) -> None:
    """No limits beyond those of every element."""


SELECTS: dict[str, Check] = {
    f"{many}{kind}_select": check
    for many in ("", "multi_")
    for kind, check in {
        "static": _static_select,
        "external": _external_select,
        "users": _anything,
        "conversations": _anything,
        "channels": _anything,
    }.items()
}
PICKERS: dict[str, Check] = dict.fromkeys(("datepicker", "timepicker", "datetimepicker"), _anything)
CHOICES: dict[str, Check] = {"checkboxes": _checkboxes, "radio_buttons": _radio_buttons}
INPUTS: dict[str, Check] = {
    "plain_text_input": _plain_text_input,
    "email_text_input": _anything,
    "url_text_input": _anything,
    "number_input": _number_input,
    "file_input": _file_input,
    "rich_text_input": _anything,
    **SELECTS,
    **PICKERS,
    **CHOICES,
}
ACTIONS: dict[str, Check] = {"button": _button, "overflow": _overflow, **SELECTS, **PICKERS, **CHOICES}
ACCESSORIES: dict[str, Check] = {"image": image, **ACTIONS}
WITHOUT_ACTION = {"image"}
WITH_PLACEHOLDER = {*SELECTS, "datepicker", "timepicker", *(kind for kind in INPUTS if kind.endswith("_input"))}


def check_element(element: Any, at: str, found: Findings, allowed: dict[str, Check]) -> None:
    """One element where only the types of `allowed` may stand."""
    if not isinstance(element, dict):
        found.add("must be a valid object", at)
        return
    kind = element.get("type")
    if kind not in allowed:
        found.add(f"unsupported type: {kind}", f"{at}/type")
        return
    allowed[kind](element, at, found)
    if kind not in WITHOUT_ACTION:
        found.string(element, "action_id", at, most=limits.ACTION_ID, required=False)
    if "placeholder" in element:
        if kind not in WITH_PLACEHOLDER:
            found.add("no placeholder allowed", f"{at}/placeholder")
        found.text(element, "placeholder", at, most=limits.PLACEHOLDER, plain=True)
    if "confirm" in element:
        _confirm(element["confirm"], f"{at}/confirm", found)


def _confirm(confirm: Any, at: str, found: Findings) -> None:
    if not isinstance(confirm, dict):
        found.add("must be a valid object", at)
        return
    found.text(confirm, "title", at, most=limits.CONFIRM_TITLE, plain=True)
    found.text(confirm, "text", at, most=limits.CONFIRM_TEXT)
    found.text(confirm, "confirm", at, most=limits.CONFIRM_BUTTON, plain=True)
    found.text(confirm, "deny", at, most=limits.CONFIRM_BUTTON, plain=True)
    if confirm.get("style") not in (None, "primary", "danger"):
        found.add("must be a valid enum value", f"{at}/style")
