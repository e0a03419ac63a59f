"""Atlassian Document Format as Markdown: what Jira keeps, in the form that support reads. Pure.

A document from outside may hold anything: unknown blocks are read as what is in them, unknown inline nodes as their
text, and what has neither is left out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from bot.known_issues.jira.adf_inline import SPECIAL_CHARACTERS, Node, inline_from
from bot.loose_json import items, mapping, text

DEPTH_MAX = 20
TRIED_MAX = 20_000
"""A longer paragraph is escaped without trying whether it need be."""
_LISTS = ("bulletList", "orderedList", "taskList")
_RANK = ("link", "strong", "strike", "em", "code")
_BLOCK_START = re.compile(
    r"^([^\S\n]*+)(#{1,6}(?=\s)|>|[-*+](?=\s)|`{3}|~{3}|-{3}|\*{3}|_{3}|\||\d{1,9}(?=[.)]\s))", re.MULTILINE
)
_BARE_PIPE = re.compile(r"(?<!\\)\|")
_ESCAPES = str.maketrans({char: f"\\{char}" for char in SPECIAL_CHARACTERS})
_NO_LANGUAGE = re.compile(r"[^\w+#.-]")
_WEB_ADDRESS = re.compile(r"https?://[^\s()]{1,2000}")
_TICKS = re.compile(r"`+")


def markdown(document: object) -> str:
    """The whole document; "" for what is none. Older fields hold plain text, which passes as it is."""
    return text(document) if isinstance(document, str) else _blocks(mapping(document), 0)


def _blocks(parent: Mapping[str, Any], depth: int) -> str:
    if depth > DEPTH_MAX:
        return ""
    blocks = [_block(mapping(node), depth) for node in items(parent.get("content"))]
    return "\n\n".join(block for block in blocks if block)


def _block(node: Mapping[str, Any], depth: int) -> str:
    show = _BLOCKS.get(text(node.get("type")))
    if show:
        return show(node, depth)
    if any(mapping(child).get("type") == "text" for child in items(node.get("content"))):
        return _paragraph(node, depth)
    return _blocks(node, depth + 1)


def _paragraph(node: Mapping[str, Any], _depth: int) -> str:
    return _BLOCK_START.sub(_escape_start, inline(items(node.get("content"))).strip())


def _escape_start(match: re.Match[str]) -> str:
    """ "1." becomes "1\\.", since a digit can't be escaped."""
    return match[0] + "\\" if match[2].isdigit() else f"{match[1]}\\{match[2]}"


def _heading(node: Mapping[str, Any], _depth: int) -> str:
    level = mapping(node.get("attrs")).get("level")
    marks = "#" * (level if isinstance(level, int) and 1 <= level <= 6 else 2)
    words = " ".join(inline(items(node.get("content"))).split())
    return f"{marks} {words}" if words else ""


def _code(node: Mapping[str, Any], _depth: int) -> str:
    body = "".join(text(mapping(child).get("text")) for child in items(node.get("content")))
    longest = max((len(run) for run in _TICKS.findall(body)), default=0)
    fence = "`" * max(3, longest + 1)
    language = _NO_LANGUAGE.sub("", text(mapping(node.get("attrs")).get("language")))[:30]
    return f"{fence}{language}\n{body}\n{fence}" if body else f"{fence}{language}\n{fence}"


def _quote(node: Mapping[str, Any], depth: int) -> str:
    return _quoted(_blocks(node, depth + 1))


def _quoted(inner: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))


def _bullets(node: Mapping[str, Any], depth: int) -> str:
    return _items(node, depth, lambda _: "- ")


def _numbers(node: Mapping[str, Any], depth: int) -> str:
    start = mapping(node.get("attrs")).get("order")
    first = start if isinstance(start, int) and 0 <= start < 10**8 else 1
    return _items(node, depth, lambda place: f"{first + place}. ")


def _tasks(node: Mapping[str, Any], depth: int) -> str:
    done = [mapping(mapping(item).get("attrs")).get("state") == "DONE" for item in items(node.get("content"))]
    return _items(node, depth, lambda place: "- \\[x\\] " if done[place] else "- \\[ \\] ")


def _items(node: Mapping[str, Any], depth: int, mark: Callable[[int], str]) -> str:
    """One after the other without empty lines; what an item holds is indented as far as its text."""
    texts = []
    for place, item in enumerate(items(node.get("content"))):
        begin = mark(place)
        indent = " " * (begin.index(" ") + 1)
        inner = _within(mapping(item), depth)
        texts.append(begin + inner.replace("\n", f"\n{indent}").replace(f"\n{indent}\n", "\n\n"))
    return "\n".join(texts)


def _within(item: Mapping[str, Any], depth: int) -> str:
    """A task's words stand in it directly, a list item's in paragraphs."""
    if any(mapping(child).get("type") == "text" for child in items(item.get("content"))):
        return _paragraph(item, depth)
    if depth >= DEPTH_MAX:
        return ""
    blocks = ""
    for node in map(mapping, items(item.get("content"))):
        gap = "\n" if node.get("type") in _LISTS else "\n\n"
        block = _block(node, depth + 1)
        blocks = f"{blocks}{gap}{block}" if blocks and block else blocks or block
    return blocks


def _table(node: Mapping[str, Any], depth: int) -> str:
    """The first row is the head, as Markdown wants it; a cell's lines become one."""
    rows = items(node.get("content"))
    lines = [[_cell(mapping(cell), depth) for cell in items(mapping(row).get("content"))] for row in rows]
    if not lines or not lines[0]:
        return ""
    head, *rest = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([head, "|" + " --- |" * len(lines[0]), *rest])


def _cell(node: Mapping[str, Any], depth: int) -> str:
    return _BARE_PIPE.sub(r"\\|", " ".join(_blocks(node, depth + 1).split()))


def _expand(node: Mapping[str, Any], depth: int) -> str:
    """Quoted, so that its end can be told."""
    title = " ".join(text(mapping(node.get("attrs")).get("title")).split())
    inner = "\n\n".join(part for part in (f"**{title}**" if title else "", _blocks(node, depth + 1)) if part)
    return _quoted(inner) if inner else ""


_BLOCKS: Mapping[str, Callable[[Mapping[str, Any], int], str]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "codeBlock": _code,
    "blockquote": _quote,
    "panel": _quote,
    "bulletList": _bullets,
    "orderedList": _numbers,
    "taskList": _tasks,
    "table": _table,
    "expand": _expand,
    "nestedExpand": _expand,
    "rule": lambda _node, _depth: "---",
}


def inline(nodes: Sequence[object]) -> str:
    """Letters are escaped only where a paragraph would else be read as something different."""
    plain = _plain(nodes)
    markdown = "".join(_shown(node, lambda words: words) for node in plain)
    if len(markdown) <= TRIED_MAX and _plain(inline_from(markdown)) == plain:
        return markdown
    return "".join(_shown(node, lambda words: words.translate(_ESCAPES)) for node in plain)


def _plain(nodes: Sequence[object]) -> list[Node]:
    """Text and line breaks only, with marks that Markdown has, in one order, equal neighbours joined."""
    plain: list[Node] = []
    for marks, alike in groupby(map(mapping, nodes), key=_joined_by):
        if marks is None:
            plain += [{"type": "hardBreak"} for _ in alike]
        elif words := "".join(map(_words, alike)):
            plain.append({"type": "text", "text": words, "marks": marks})
    return plain


def _joined_by(node: Mapping[str, Any]) -> list[tuple[str, str]] | None:
    """Texts with the same marks are one; line breaks stay apart."""
    return None if node.get("type") == "hardBreak" else _marks(node)


def _words(node: Mapping[str, Any]) -> str:
    attrs = mapping(node.get("attrs"))
    match node.get("type"):
        case "text":
            return text(node.get("text")).replace("\n", " ")
        case "inlineCard":
            return text(attrs.get("url"))
        case "date":
            return _date(attrs.get("timestamp"))
        case _:
            return text(attrs.get("text")) or text(attrs.get("shortName"))


def _date(milliseconds: object) -> str:
    """Jira keeps a date as milliseconds in a text."""
    try:
        return datetime.fromtimestamp(int(text(milliseconds)) / 1000, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _marks(node: Mapping[str, Any]) -> list[tuple[str, str]]:
    marks = {}
    for mark in map(mapping, items(node.get("marks"))):
        href = text(mapping(mark.get("attrs")).get("href"))
        if mark.get("type") != "link" or _WEB_ADDRESS.fullmatch(href):
            marks[text(mark.get("type"))] = href if mark.get("type") == "link" else ""
    if "code" in marks:
        marks = {kind: href for kind, href in marks.items() if kind in ("code", "link")}
    return [(kind, marks[kind]) for kind in _RANK if kind in marks]


def _shown(node: Node, escape: Callable[[str], str]) -> str:
    """Spaces at the ends stand outside of marks, where Markdown wants them."""
    if node["type"] == "hardBreak":
        return "\n"
    words, marks = node["text"], dict(node["marks"])
    core = words.strip()
    if not core:
        return str(words)
    before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    markdown = f"`{core}`" if "code" in marks and "`" not in core else escape(core)
    if "em" in marks:
        markdown = f"_{markdown}_" if "strong" in marks or "strike" in marks else f"*{markdown}*"
    if "strike" in marks:
        markdown = f"~~{markdown}~~"
    if "strong" in marks:
        markdown = f"**{markdown}**"
    if "link" in marks and core != marks["link"]:
        markdown = f"[{markdown}]({marks['link']})"
    return f"{before}{markdown}{after}"
