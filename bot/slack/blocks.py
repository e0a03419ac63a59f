"""Block Kit as small functions that keep Slack's limits. Pure.

Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.field_limits import TYPED_MAX
from bot.messages.model import Block, Content, ShownPicture
from bot.slack.text import BUTTON_MAX, HEADER_MAX, OPTION_MAX, SECTION_MAX, clean, cut, cut_markup, pieces

MESSAGE_CHARS = 12_000
"""All text of one message; Slack was seen to refuse about 13,200 characters over all blocks."""

MESSAGE_BLOCKS = 50

INPUT_MAX = 3000
"""Characters of a text input."""


def plain(text: str, limit: int) -> Block:
    """Nothing in it is parsed, not even an emoji's name."""
    return {"type": "plain_text", "text": cut(clean(text), limit) or " ", "emoji": False}


def mrkdwn(text: str, limit: int = SECTION_MAX) -> Block:
    return {"type": "mrkdwn", "text": cut_markup(text, limit) or " "}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER_MAX)}


def section(text: str, *, accessory: Block | None = None, block_id: str = "") -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return _named(block | ({"accessory": accessory} if accessory else {}), block_id)


def verbatim(text: str) -> Block:
    """Text to copy: its lines are kept, and nothing in it is parsed."""
    return {"type": "section", "text": {"type": "plain_text", "text": cut(text, SECTION_MAX) or " ", "emoji": False}}


def sections(lines: Sequence[str]) -> list[Block]:
    """Lines below each other in as few sections as hold them: one section alone would lose its last lines."""
    pieces: list[str] = []
    for line in lines:
        if pieces and len(pieces[-1]) + len(line) < SECTION_MAX:
            pieces[-1] += f"\n{line}"
        else:
            pieces.append(line)
    return [section(piece) for piece in pieces]


def written(text: str, *, before: str = "", quoted: bool = False) -> list[Block]:
    """A person's own words, whole, in as many sections as they need; `before` is markup that begins the first."""
    mark = ">" if quoted else ""
    parts = pieces(text, SECTION_MAX - len(before) - len(mark), newline=f"\n{mark}")
    return [section(f"{'' if place else before}{mark}{piece}") for place, piece in enumerate(parts)]


def fields(*texts: str) -> Block:
    return {"type": "section", "fields": [mrkdwn(text, 2000) for text in texts[:10]]}


def image(picture: ShownPicture) -> Block:
    """A picture that Slack has, as wide as the message."""
    return {"type": "image", "slack_file": {"id": picture.file_id}, "alt_text": cut(picture.alt, 2000)}


def message(line: str, *more: Block) -> Content:
    """A message of one line, with what stands below it."""
    return Content(line, (section(line), *more))


def with_image(content: Content, picture: ShownPicture | None, *, before: Collection[str]) -> Content:
    """A message with a picture above the first block of these types, at its end where there is none of them."""
    if not picture:
        return content
    blocks = content.blocks
    place = next((place for place, block in enumerate(blocks) if block["type"] in before), len(blocks))
    return replace(content, blocks=(*blocks[:place], image(picture), *blocks[place:]))


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text, 2000) for text in texts[:10]]}


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Block, block_id: str = "") -> Block:
    return _named({"type": "actions", "elements": list(elements[:25])}, block_id)


def button(label: str, action_id: str, value: str, *, style: str = "", confirm: Block | None = None) -> Block:
    block: Block = {"type": "button", "text": plain(label, BUTTON_MAX), "action_id": action_id, "value": value}
    return block | ({"style": style} if style else {}) | ({"confirm": confirm} if confirm else {})


def link_button(label: str, action_id: str, url: str) -> Block:
    return {"type": "button", "text": plain(label, BUTTON_MAX), "action_id": action_id, "url": url}


def overflow(action_id: str, options: Sequence[tuple[str, str]]) -> Block:
    return {"type": "overflow", "action_id": action_id, "options": [option(*choice) for choice in options[:5]]}


def option(label: str, value: str) -> Block:
    return {"text": plain(label, OPTION_MAX), "value": value}


def confirm(title: str, text: str, yes: str, no: str = "Back") -> Block:
    return {"title": plain(title, 100), "text": plain(text, 300), "confirm": plain(yes, 30), "deny": plain(no, 30)}


def select(action_id: str, options: Sequence[tuple[str, str]], *, initial: str = "", placeholder: str = "") -> Block:
    listed = [option(*choice) for choice in options[:100]]
    chosen = next((row for row in listed if row["value"] == initial), None)
    block: Block = {"type": "static_select", "action_id": action_id, "options": listed}
    block |= {"placeholder": plain(placeholder or "Choose", 150)}
    return block | ({"initial_option": chosen} if chosen else {})


def checkboxes(action_id: str, options: Sequence[tuple[str, str]], *, chosen: Sequence[str] = ()) -> Block:
    listed = [option(*choice) for choice in options[:10]]
    initial = [row for row in listed if row["value"] in chosen]
    block: Block = {"type": "checkboxes", "action_id": action_id, "options": listed}
    return block | ({"initial_options": initial} if initial else {})


def multi_select(action_id: str, options: Sequence[tuple[str, str]], *, chosen: Sequence[str] = ()) -> Block:
    listed = [option(*choice) for choice in options[:100]]
    initial = [row for row in listed if row["value"] in chosen]
    block: Block = {"type": "multi_static_select", "action_id": action_id, "options": listed}
    block |= {"placeholder": plain("Choose", 150)}
    return block | ({"initial_options": initial} if initial else {})


def user_select(action_id: str) -> Block:
    return {"type": "users_select", "action_id": action_id, "placeholder": plain("Choose a person", 150)}


def moment_input(action_id: str, initial: datetime) -> Block:
    """A day and a time of day, to the minute, in the person's own zone."""
    return {"type": "datetimepicker", "action_id": action_id, "initial_date_time": int(initial.timestamp()) // 60 * 60}


def text_input(
    action_id: str, *, initial: str = "", multiline: bool = False, placeholder: str = "", longest: int = TYPED_MAX
) -> Block:
    block: Block = {"type": "plain_text_input", "action_id": action_id, "multiline": multiline, "max_length": longest}
    block |= {"initial_value": cut(initial, longest)} if initial else {}
    return block | ({"placeholder": plain(placeholder, 150)} if placeholder else {})


def field(block_id: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    block: Block = {"type": "input", "block_id": block_id, "label": plain(label, 2000), "element": element}
    return block | {"optional": optional} | ({"hint": plain(hint, 2000)} if hint else {})


def told_while_typed(block: Block) -> Block:
    """A field of text whose form is told to the app with what is typed into it, by the action of its element."""
    element = block["element"] | {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    return block | {"dispatch_action": True, "element": element}


def told_when_chosen(block: Block) -> Block:
    """A field with choices whose form is told to the app when one is chosen, by the action of its element."""
    return block | {"dispatch_action": True}


def modal(callback_id: str, title: str, submit: str, blocks: Sequence[Block], *, private_metadata: str = "") -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain("Cancel", 24),
        "private_metadata": private_metadata,
        "blocks": list(blocks[:100]),
    }


def sheet(title: str, blocks: Sequence[Block]) -> Block:
    """A modal in which there is nothing to send: its buttons do what there is to do."""
    return {"type": "modal", "title": plain(title, 24), "close": plain("Done", 24), "blocks": list(blocks[:100])}


def fitted(blocks: Sequence[Block], *, last: Sequence[Block] = ()) -> tuple[Block, ...]:
    """As many leading blocks as one message may hold, a note where some are left out, and always the `last` ones."""
    kept: list[Block] = []
    room = MESSAGE_CHARS - _chars(list(last))
    for block in blocks:
        room -= _chars(block)
        if room < 0 or len(kept) == MESSAGE_BLOCKS - 1 - len(last):
            return (*kept, context("… the rest does not fit into one message."), *last)
        kept.append(block)
    return (*kept, *last)


def _chars(block: object) -> int:
    """How many characters of text a block shows, at any depth."""
    if isinstance(block, dict):
        own = sum(len(block[name]) for name in ("text", "alt_text") if isinstance(block.get(name), str))
        return own + sum(_chars(value) for value in block.values())
    return sum(_chars(part) for part in block) if isinstance(block, list) else 0


def _named(block: Block, block_id: str) -> Block:
    return block | ({"block_id": block_id} if block_id else {})
