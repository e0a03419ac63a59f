"""A message as its reader sees it, in plain text: what is pressed in brackets, a picture by its alternative text."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from bot.messages.model import Content

Json = Mapping[str, Any]
Message = Content | dict[str, Any] | Sequence[dict[str, Any] | str] | str
"""A message, a form or App Home, parts of these, or texts."""

SHORT = 3
"""Words of a line that is rather read twice than left out."""
OPTIONS_MAX = 6
"""Of a list of choices: the others are alike."""
PEOPLE = {"UKIM": "kim", "UJO": "jo", "ULENA": "lena", "URAJ": "raj", "UTOM": "tom"}
_GROUPS = {"SLTM": "ltm"}
_CHANNELS = {"C1": "t2-tech", "C2": "t2-cs"}

_DATE = re.compile(r"<!date\^\d+\^[^|<>]*\|([^<>]*)>")
_USER = re.compile(r"<@([A-Z0-9]+)>")
_GROUP = re.compile(r"<!subteam\^([A-Z0-9]+)(?:\|[^<>]*)?>")
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|[^<>]*)?>")
_LINK = re.compile(r"<(https?://[^|<>]+)(?:\|([^<>]*))?>")
_INVISIBLE = "\u2060"


def page(title: str, messages: Mapping[str, Message]) -> str:
    """All messages of one room below each other, as they are kept: of a further state what is not as before."""
    parts = [f"# {title}"]
    group, before = "", frozenset[str]()
    for name, message in messages.items():
        lines = rendered(message).splitlines()
        same = before if name.partition(",")[0] == group else frozenset()
        text = "\n".join(f"    {line}".rstrip() for line in _without(lines, same))
        parts.append(f"## {name}\n\n{text}")
        group, before = name.partition(",")[0], frozenset(lines)
    return "\n\n".join(parts) + "\n"


def _without(lines: Sequence[str], same: Collection[str]) -> Iterator[str]:
    """One "⋮" for lines that the message above has too, where they are more than a word or two."""
    left_out = False
    for line in lines:
        if line in same and len(line.split()) > SHORT:
            if not left_out:
                yield "⋮"
            left_out = True
        else:
            left_out = False
            yield line


def rendered(message: Message) -> str:
    """One message; its notification stands first where it is not the first line of what it shows."""
    if isinstance(message, str):
        return readable(message)
    if isinstance(message, Content):
        body = "\n".join(lines_of(message.blocks))
        text = readable(message.text)
        if not body:
            return text
        return body if body.startswith(text) else f"(notified: {text})\n{body}".rstrip()
    if isinstance(message, dict):
        return "\n".join(_view(message))
    return "\n".join(map(rendered, message))


def readable(text: str) -> str:
    """Markup as Slack shows it, but for bold, which stays marked."""
    text = _DATE.sub(lambda date: date[1].removesuffix(" UTC"), text)
    text = _USER.sub(lambda user: f"@{PEOPLE.get(user[1], user[1])}", text)
    text = _GROUP.sub(lambda group: f"@{_GROUPS.get(group[1], group[1])}", text)
    text = _CHANNEL.sub(lambda channel: f"#{_CHANNELS.get(channel[1], channel[1])}", text)
    text = _LINK.sub(lambda link: f"{link[2] or link[1]}↗", text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text.replace(_INVISIBLE, "")


def lines_of(blocks: Sequence[Json]) -> Iterator[str]:
    """Every line that blocks show; controls of a row stand side by side."""
    for block in blocks:
        yield from _block(block)


def _view(view: Json) -> Iterator[str]:
    if "blocks" not in view:
        yield from _block(view)
    elif view["type"] == "modal":
        buttons = " ".join(f"[{view[name]['text']}]" for name in ("close", "submit") if name in view)
        yield f"┌ {view['title']['text']}"
        yield from (f"│ {line}" for line in lines_of(view["blocks"]))
        yield f"└ {buttons}"
    else:
        yield from lines_of(view["blocks"])


def _block(block: Json) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield f"# {readable(block['text']['text'])}"
        case "section":
            texts = [block["text"]] if "text" in block else []
            for text in (*texts, *block.get("fields", ())):
                yield from _text(text).splitlines()
            if "accessory" in block:
                yield _element(block["accessory"])
        case "context":
            yield "· " + " | ".join(map(_element, block["elements"]))
        case "actions":
            yield " ".join(map(_element, block["elements"]))
        case "divider":
            yield "———"
        case "image":
            yield f"(picture: {block['alt_text']})"
        case "input":
            yield from _input(block)
        case "table" | "data_table":
            yield from _table(block)
        case kind:
            yield f"({kind}) {readable(_anything(block))}"


def _input(block: Json) -> Iterator[str]:
    optional = " (optional)" if block.get("optional") else ""
    yield f"{block['label']['text']}{optional}"
    yield from (f"  {line}" for line in _element(block["element"]).splitlines())
    if "hint" in block:
        yield f"  · {block['hint']['text']}"


def _table(block: Json) -> Iterator[str]:
    """As narrow as it is in the form that stands in for it."""
    for row in block["rows"]:
        cells = [_cell(cell) for cell in (row if isinstance(row, list) else row.get("cells", ()))]
        yield " | ".join(cells)


def _cell(cell: Json) -> str:
    return readable(_anything(cell)) or "-"


def _anything(value: object) -> str:
    """All text of something at any depth, in order."""
    if isinstance(value, dict):
        own = [str(value["text"])] if isinstance(value.get("text"), str | int | float) else []
        return " ".join([*own, *filter(None, (_anything(each) for each in value.values()))])
    if isinstance(value, list | tuple):
        return " ".join(filter(None, map(_anything, value)))
    return ""


def _text(text: Json) -> str:
    return readable(text["text"]) if text["type"] == "mrkdwn" else str(text["text"])


def _element(element: Json) -> str:
    kind = element["type"]
    if kind in ("mrkdwn", "plain_text"):
        return _text(element)
    if kind == "image":
        return f"(picture: {element['alt_text']})"
    if kind == "button":
        return _button(element)
    if kind == "overflow":
        return f"[⋮ {' / '.join(option['text']['text'] for option in element['options'])}]"
    if "options" in element or "option_groups" in element:
        return _choice(element)
    if kind.endswith("text_input"):
        return f"[{element.get('initial_value') or '…' + element.get('placeholder', {}).get('text', '')}]"
    return f"[{element.get('placeholder', {}).get('text', kind)} ▾]"


def _button(element: Json) -> str:
    style = {"primary": "▶ ", "danger": "⚠ "}.get(element.get("style", ""), "")
    label = f"[{style}{element['text']['text']}]"
    asks = element.get("confirm")
    if not asks:
        return label
    title, text, yes, no = (asks[part]["text"] for part in ("title", "text", "confirm", "deny"))
    return f"{label} (asks: {title} {text} [{yes}] [{no}])"


def _choice(element: Json) -> str:
    groups = element.get("option_groups") or [{"options": element["options"]}]
    initial = [*element.get("initial_options", ()), *filter(None, [element.get("initial_option")])]
    chosen = [option["value"] for option in initial]
    box = {True: "☑", False: "☐"} if element["type"] == "checkboxes" else {True: "●", False: "○"}
    lines = []
    options = [option for group in groups for option in group["options"]]
    for option in options[:OPTIONS_MAX]:
        lines.append(f"{box[option['value'] in chosen]} {_text(option['text'])}")
        if "description" in option:
            lines.append(f"   {_text(option['description'])}")
    more = len(options) - OPTIONS_MAX
    return "\n".join([*lines, *([f"  … {more} more"] if more > 0 else [])])
