"""Slack's limits, as a check of messages and views.

Sources: https://docs.slack.dev/reference/block-kit/blocks, /block-elements, /composition-objects, /surfaces/modals.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from bot.messages.model import Content

Json = dict[str, Any]

TEXT_MAX = 4000
"""What chat.update takes; chat.postMessage takes more."""
MESSAGE_CHARS = 13_200

BLOCKS = {"section", "header", "context", "divider", "actions", "input", "image", "table", "data_table"}
LENGTHS = {
    "action_id": 255,
    "block_id": 255,
    "callback_id": 255,
    "private_metadata": 3000,
    "url": 3000,
    "initial_value": 3000,
}
PLAIN = {"title": 24, "submit": 24, "close": 24, "label": 2000, "hint": 2000, "placeholder": 150}


def broken_by_message(content: Content) -> list[str]:
    """What Slack would not take of a message; [] if it takes all."""
    found = [] if 0 < len(content.text) <= TEXT_MAX else [f"text has {len(content.text)} characters"]
    found += [f"{len(content.blocks)} blocks"] if len(content.blocks) > 50 else []
    chars = sum(len(text) for text in texts(content.blocks))
    found += [f"{chars} characters in all"] if chars > MESSAGE_CHARS else []
    return found + list(_blocks(content.blocks))


def broken_by_view(view: Json) -> list[str]:
    """The same for a modal or a Home tab."""
    found = [] if 1 <= len(view["blocks"]) <= 100 else [f"{len(view['blocks'])} blocks"]
    found += [] if len(json.dumps(view)) <= 250_000 else ["more than 250 kB"]
    found += list(_lengths(view, "view", PLAIN if view["type"] == "modal" else {}))
    return found + list(_blocks(view["blocks"]))


def texts(blocks: object) -> Iterator[str]:
    """Every text that blocks show."""
    if isinstance(blocks, dict):
        if isinstance(blocks.get("text"), str):
            yield blocks["text"]
        for value in blocks.values():
            yield from texts(value)
    elif isinstance(blocks, list | tuple):
        for each in blocks:
            yield from texts(each)


def mrkdwn_texts(content: Content) -> list[str]:
    """What Slack parses for mentions and formatting: all but plain_text."""
    return [content.text, *(each["text"] for each in _objects(content.blocks) if each.get("type") == "mrkdwn")]


def _objects(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _objects(each)


def _blocks(blocks: Sequence[Json]) -> Iterator[str]:
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield f"block ids are not unique: {ids}"
    for block in blocks:
        if block["type"] not in BLOCKS:
            yield f"no check for {block['type']}"
        yield from _block(block)
        for each in _objects(block):
            yield from _lengths(each, block["type"], {"label": 2000, "hint": 2000, "placeholder": 150})
            yield from _element(each)


def _block(block: Json) -> Iterator[str]:
    kind = block["type"]
    if kind == "section":
        yield from _text(block.get("text"), 3000, "section")
        for each in block.get("fields", ()):
            yield from _text(each, 2000, "field")
    elif kind == "header":
        yield from _text(block["text"], 150, "header")
    elif kind == "context":
        if not 1 <= len(block["elements"]) <= 10:
            yield f"context with {len(block['elements'])} elements"
        for each in block["elements"]:
            yield from _text(each, 2000, "context")
    elif kind in ("table", "data_table"):
        yield from _table(block)
    elif kind == "actions":
        ids = [each["action_id"] for each in block["elements"]]
        if not 1 <= len(ids) <= 25 or len(ids) != len(set(ids)):
            yield f"actions {ids}"


def _table(block: Json) -> Iterator[str]:
    rows = block["rows"]
    cells = [cell["text"] for row in rows for cell in row]
    if not 1 <= len(rows) <= 100 or len({len(row) for row in rows}) != 1 or len(rows[0]) > 20:
        yield f"table of {len(rows)} rows"
    if not all(cells) or sum(map(len, cells)) > 10_000:
        yield f"table of {sum(map(len, cells))} characters"


def _element(element: Json) -> Iterator[str]:
    kind = element.get("type")
    if kind == "button":
        yield from _text(element["text"], 75, "button")
        if len(element.get("value", "")) > 2000:
            yield "button value"
    if "options" in element:
        values = [option["value"] for option in element["options"]]
        most = {"checkboxes": 10, "overflow": 5}.get(str(kind), 100)
        if not 1 <= len(values) <= most or len(values) != len(set(values)):
            yield f"{kind} with options {values}"
        for option in element["options"]:
            yield from _text(option["text"], 75, "option")
            if not 1 <= len(option["value"]) <= 150:
                yield f"option value of {len(option['value'])}"
        for initial in [*element.get("initial_options", ()), *filter(None, [element.get("initial_option")])]:
            if initial not in element["options"]:
                yield f"initial option {initial} is no option"
        if element.get("initial_options") == []:
            yield "no initial options are left out, not empty"


def _lengths(each: Json, where: str, plain: dict[str, int]) -> Iterator[str]:
    for name, limit in LENGTHS.items():
        if isinstance(each.get(name), str) and len(each[name]) > limit:
            yield f"{name} of {where} has {len(each[name])} characters"
    for name, limit in plain.items():
        if isinstance(each.get(name), dict):
            yield from _text(each[name], limit, f"{name} of {where}")


def _text(text: Json | None, limit: int, what: str) -> Iterator[str]:
    if text is not None and not 1 <= len(text["text"]) <= limit:
        yield f"{what} with {len(text['text'])} characters"
