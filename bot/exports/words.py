"""What a Slack message says, in plain words for a page: names for mentions, labels for links, no marks. Pure."""

import re
from collections.abc import Iterable, Mapping

from bot.messages.model import Block, Content
from bot.slack.text import unescape
from bot.slack_marks import readable, unnamed, without_emoji

_BOLD = re.compile(r"(?<![\w*\u2060])\*(?=[^\s*\u2060])([^*\n]{1,500}?)(?<=\S)\*(?![\w*])")
_FENCE = "```"
_JOINER = "\u2060"


def people_in(texts: Iterable[str]) -> frozenset[str]:
    """Ids of people, groups and channels that are mentioned without a name."""
    return frozenset(number for text in texts for number in unnamed(text))


def plain(text: str, names: Mapping[str, str]) -> str:
    """Text of ours in mrkdwn as a person reads it; `names` are those of mentions by id."""
    shown = unescape(readable(_BOLD.sub(r"\1", text), names)).replace(_FENCE, "")
    return without_emoji(shown).replace(_JOINER, "").strip()


def texts_of(content: Content) -> list[str]:
    """Every text of a message's blocks in their order, as it stands there; buttons and pictures have none."""
    return [text for block in content.blocks for text in _texts(block)]


def _texts(block: Block) -> list[str]:
    match block.get("type"):
        case "section":
            own = [block["text"]["text"]] if "text" in block else []
            return own + [field["text"] for field in block.get("fields", ())]
        case "header":
            return [str(block["text"]["text"])]
        case "context":
            return [element["text"] for element in block["elements"] if "text" in element]
        case "table":
            return ["  ".join(_cell(cell) for cell in row) for row in block["rows"]]
    return []


def _cell(cell: Block) -> str:
    """Of a table: raw text, or the texts of rich text at any depth."""
    if isinstance(cell.get("text"), str):
        return str(cell["text"])
    return "".join(_cell(part) for part in cell.get("elements", ()))
