"""The limits of blocks (https://docs.slack.dev/reference/block-kit/blocks) and what Slack adds to them."""

import copy
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from bot.sandbox.slack import limits
from bot.sandbox.slack.element_rules import ACCESSORIES, ACTIONS, INPUTS, WITHOUT_ACTION, Check, check_element, image
from bot.sandbox.slack.errors import ApiError, Json
from bot.sandbox.slack.findings import Findings
from bot.sandbox.slack.rich_text_rules import rich_text
from bot.sandbox.slack.table_rules import TABLES, data_table, table, tables_together


def _section(block: Json, at: str, found: Findings) -> None:
    if "text" not in block and "fields" not in block:
        found.add("missing required field: text", at)
    found.text(block, "text", at, most=limits.SECTION_TEXT, required=False)
    for index, field in enumerate(found.items(block, "fields", at, most=limits.SECTION_FIELDS, required=False)):
        found.text({"field": field}, "field", f"{at}/fields/{index}", most=limits.FIELD_TEXT)
    if "accessory" in block:
        check_element(block["accessory"], f"{at}/accessory", found, ACCESSORIES)
    found.flag(block, "expand", at)


def _header(block: Json, at: str, found: Findings) -> None:
    found.text(block, "text", at, most=limits.HEADER_TEXT, plain=True)


def _context(block: Json, at: str, found: Findings) -> None:
    for index, element in enumerate(found.items(block, "elements", at, most=limits.CONTEXT_ELEMENTS)):
        place = f"{at}/elements/{index}"
        if isinstance(element, dict) and element.get("type") == "image":
            image(element, place, found)
        else:
            found.text({"element": element}, "element", place, most=limits.SECTION_TEXT)


def _actions(block: Json, at: str, found: Findings) -> None:
    for index, element in enumerate(found.items(block, "elements", at, most=limits.ACTIONS_ELEMENTS)):
        check_element(element, f"{at}/elements/{index}", found, ACTIONS)


def _context_actions(block: Json, at: str, found: Findings) -> None:
    kinds = {"feedback_buttons", "icon_button"}
    for index, element in enumerate(found.items(block, "elements", at, most=limits.CONTEXT_ACTIONS)):
        if not isinstance(element, dict) or element.get("type") not in kinds:
            found.add("unsupported type", f"{at}/elements/{index}/type")


def _divider(block: Json, at: str, found: Findings) -> None:
    found.only(block, ("type", "block_id"), at)


def _image(block: Json, at: str, found: Findings) -> None:
    image(block, at, found)
    found.text(block, "title", at, most=limits.IMAGE_TITLE, plain=True, required=False)


def _input(block: Json, at: str, found: Findings) -> None:
    found.text(block, "label", at, most=limits.INPUT_LABEL, plain=True)
    found.text(block, "hint", at, most=limits.INPUT_HINT, plain=True, required=False)
    check_element(block.get("element"), f"{at}/element", found, INPUTS)
    found.flag(block, "optional", at)
    found.flag(block, "dispatch_action", at)


def _markdown(block: Json, at: str, found: Findings) -> None:
    found.string(block, "text", at, most=limits.MARKDOWN_TEXT)


def _video(block: Json, at: str, found: Findings) -> None:
    found.string(block, "alt_text", at, most=limits.ALT_TEXT)
    found.text(block, "title", at, most=limits.VIDEO_TITLE, plain=True)
    found.text(block, "description", at, most=limits.VIDEO_DESCRIPTION, plain=True, required=False)
    found.string(block, "author_name", at, most=limits.VIDEO_AUTHOR, required=False)
    found.string(block, "video_url", at, most=limits.IMAGE_URL)
    found.string(block, "thumbnail_url", at, most=limits.IMAGE_URL)


def _file(block: Json, at: str, found: Findings) -> None:
    found.string(block, "external_id", at, most=limits.BLOCK_ID)
    if block.get("source") != "remote":
        found.add("must be a valid enum value", f"{at}/source")


VIEW_BLOCKS: dict[str, Check] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
    "image": _image,
    "input": _input,
    "rich_text": rich_text,
    "video": _video,
}
"""Facts for views name fewer types than for messages; the rest is refused there."""
MESSAGE_BLOCKS: dict[str, Check] = VIEW_BLOCKS | {
    "markdown": _markdown,
    "table": table,
    "data_table": data_table,
    "file": _file,
    "context_actions": _context_actions,
}


def check_blocks(blocks: Any, found: Findings, *, at: str, most: int, allowed: dict[str, Check]) -> None:
    """Every block, the number of them, and that ids are unique."""
    if not isinstance(blocks, list):
        found.add("must be an array", at)
        return
    if len(blocks) > most:
        found.add(f"no more than {most} items allowed", at)
    for index, block in enumerate(blocks):
        place = f"{at}/{index}"
        kind = block.get("type") if isinstance(block, dict) else None
        if kind not in allowed:
            found.add(f"unsupported type: {kind}", f"{place}/type")
            continue
        allowed[kind](block, place, found)
        found.string(block, "block_id", place, most=limits.BLOCK_ID, required=False)
        _unique((each.get("action_id") for each in elements_of(block)), "action_id", place, found)
    _unique((block.get("block_id") for block in blocks if isinstance(block, dict)), "block_id", at, found)


def _unique(ids: Iterable[Any], name: str, at: str, found: Findings) -> None:
    given = [each for each in ids if each is not None]
    for doubled in sorted({str(each) for each in given if given.count(each) > 1}):
        found.add(f"`{name}` {doubled} already exists", at)


def elements_of(block: Json) -> list[Json]:
    """The elements of a block that can carry an action_id."""
    if block.get("type") not in ("section", "actions", "input"):
        return []
    listed = block.get("elements")
    elements = [block.get("accessory"), block.get("element"), *(listed if isinstance(listed, list) else [])]
    return [each for each in elements if isinstance(each, dict) and each.get("type") not in WITHOUT_ACTION]


def check_message_blocks(blocks: Any, *, unknown: Collection[str] = ()) -> None:
    """Raises invalid_blocks, only_one_table_allowed or msg_blocks_too_long; `unknown` are kinds of newer workspaces."""
    found = Findings()
    allowed = {kind: check for kind, check in MESSAGE_BLOCKS.items() if kind not in unknown}
    check_blocks(blocks, found, at="/blocks", most=limits.MESSAGE_BLOCKS, allowed=allowed)
    if not found.messages:
        tables_together(blocks, found)
    if found.messages:
        raise ApiError("invalid_blocks", messages=found.messages, errors=found.messages)
    if sum(block["type"] in TABLES for block in blocks) > 1:
        raise ApiError("only_one_table_allowed")
    if sum(map(len, texts_of(blocks))) > limits.ALL_BLOCKS_CHARS:
        raise ApiError("msg_blocks_too_long")


def check_slack_files(blocks: list[Json], can_show: Callable[[Json], bool]) -> None:
    """Raises invalid_blocks for a file that is not there, not worked through yet, no picture, or somebody else's."""
    found = Findings()
    for at, file in _slack_files(blocks, "/blocks"):
        if not can_show(file):
            found.add("invalid slack file", at)
    if found.messages:
        raise ApiError("invalid_blocks", messages=found.messages, errors=found.messages)


def _slack_files(node: Any, at: str) -> Iterator[tuple[str, Json]]:
    """Every Slack file that something shows, with where it stands."""
    if isinstance(node, list):
        for index, each in enumerate(node):
            yield from _slack_files(each, f"{at}/{index}")
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "slack_file" and isinstance(value, dict):
                yield f"{at}/{key}", value
            else:
                yield from _slack_files(value, f"{at}/{key}")


def texts_of(node: Any) -> Iterator[str]:
    """Every string that people see somewhere in `node`."""
    if isinstance(node, list):
        for each in node:
            yield from texts_of(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("text", "alt_text") and isinstance(value, str):
                yield value
            else:
                yield from texts_of(value)


def completed(blocks: list[Json], new_id: Callable[[], str]) -> tuple[Json, ...]:
    """The blocks as Slack keeps them: ids where there were none, and the defaults of text objects."""
    kept = copy.deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", new_id())
        for element in elements_of(block):
            element.setdefault("action_id", new_id())
        _complete_texts(block)
    return tuple(kept)


def _complete_texts(node: Any) -> None:
    if isinstance(node, list):
        for each in node:
            _complete_texts(each)
    elif isinstance(node, dict):
        if node.get("type") == "plain_text":
            node.setdefault("emoji", True)
        elif node.get("type") == "mrkdwn":
            node.setdefault("verbatim", False)
        for value in node.values():
            _complete_texts(value)
