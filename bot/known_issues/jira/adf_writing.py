"""Markdown as Atlassian Document Format, which Jira takes instead: blocks. Pure.

Headings in quotes, and quotes in lists, are no valid documents there (adf-schema): they become paragraphs.
"""

import re
from collections.abc import Sequence

from bot.known_issues.jira.adf_inline import Node, inline_from

# No repeat gives back what it took: a long line is read once.
_FENCE = re.compile(r"\A(?P<ticks>`{3,}+|~{3,}+)\s*+(?P<language>[\w+#.-]{0,30}+)[^`]*+\Z")
_HEADING = re.compile(r"\A(?P<marks>#{1,6})\s++(?P<words>\S.*)")
_RULE = re.compile(r"\A(?:-{3,}+|\*{3,}+|_{3,}+)\s*+\Z")
_ITEM = re.compile(r"\A(?P<bullet>[-*+]|(?P<number>\d{1,9})[.)])(?P<gap>\s{1,4})(?=\S)")
_TABLE = re.compile(r"\A\|.*\|\s*+\Z")
_TABLE_LINE = re.compile(r"\A\|(?>(?:\s*+:?-++:?\s*+\|)+)\s*+\Z")
_BARE_PIPE = re.compile(r"(?<!\\)\|")
_QUOTE_MARK = re.compile(r"^> ?")
DEPTH_MAX = 6
_IN_LIST = ("paragraph", "bulletList", "orderedList", "codeBlock")


def document(markdown: str) -> Node:
    return {"version": 1, "type": "doc", "content": blocks(markdown.split("\n"), 0)}


def blocks(lines: Sequence[str], depth: int) -> list[Node]:
    """Returns the blocks of lines of Markdown."""
    nodes: list[Node] = []
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        node, at = _block(lines, at, depth)
        nodes.append(node)
    return nodes


def _block(lines: Sequence[str], at: int, depth: int) -> tuple[Node, int]:
    """The block that begins at a line, and where the next may begin."""
    line = lines[at]
    if fence := _FENCE.match(line):
        return _code(lines, at, fence)
    if _RULE.match(line):
        return {"type": "rule"}, at + 1
    if heading := _HEADING.match(line):
        content = inline_from(_without_closing_marks(heading["words"]))
        return {"type": "heading", "attrs": {"level": len(heading["marks"])}, "content": content}, at + 1
    if line.startswith(">") and depth < DEPTH_MAX:
        return _quote(lines, at, depth)
    if (item := _ITEM.match(line)) and depth < DEPTH_MAX:
        return _list(lines, at, item, depth)
    if _TABLE.match(line) and at + 1 < len(lines) and _TABLE_LINE.match(lines[at + 1]):
        return _table(lines, at)
    return _paragraph(lines, at, depth)


def _without_closing_marks(words: str) -> str:
    """ "Words ##" is "Words"; what has no space before it belongs to them."""
    kept = words.rstrip()
    before = kept.rstrip("#")
    return before.rstrip() if before[-1:].isspace() else kept


def _code(lines: Sequence[str], at: int, fence: re.Match[str]) -> tuple[Node, int]:
    end = at + 1
    while end < len(lines) and not (lines[end].startswith(fence["ticks"]) and not lines[end].strip(fence["ticks"][0])):
        end += 1
    text = "\n".join(lines[at + 1 : end])
    node: Node = {"type": "codeBlock"}
    if fence["language"]:
        node["attrs"] = {"language": fence["language"]}
    if text:
        node["content"] = [{"type": "text", "text": text}]
    return node, end + 1


def _quote(lines: Sequence[str], at: int, depth: int) -> tuple[Node, int]:
    end = at
    while end < len(lines) and lines[end].startswith(">"):
        end += 1
    inner = [_QUOTE_MARK.sub("", line) for line in lines[at:end]]
    content = [_as_one_of(_IN_LIST, node) for node in blocks(inner, depth + 1)]
    return {"type": "blockquote", "content": content or [{"type": "paragraph", "content": []}]}, end


def _list(lines: Sequence[str], at: int, first: re.Match[str], depth: int) -> tuple[Node, int]:
    """Items of one kind; what is indented as far as an item's text belongs to it."""
    items: list[Node] = []
    numbered = first["number"] is not None
    while at < len(lines) and (item := _ITEM.match(lines[at])) and (item["number"] is not None) == numbered:
        width, inner, end = item.end(), [lines[at][item.end() :]], at + 1
        while end < len(lines) and _belongs(lines, end, width):
            inner.append(lines[end][width:])
            end += 1
        content = [_as_one_of(_IN_LIST, node) for node in blocks(inner, depth + 1)]
        if content[0]["type"] not in ("paragraph", "codeBlock"):
            content.insert(0, {"type": "paragraph", "content": []})
        items.append({"type": "listItem", "content": content})
        at = end
    if not numbered:
        return {"type": "bulletList", "content": items}, at
    return {"type": "orderedList", "attrs": {"order": int(first["number"])}, "content": items}, at


def _belongs(lines: Sequence[str], at: int, width: int) -> bool:
    """An indented line, or an empty one with an indented one after it."""
    if lines[at].strip():
        return lines[at].startswith(" " * width)
    return at + 1 < len(lines) and bool(lines[at + 1].strip()) and lines[at + 1].startswith(" " * width)


def _table(lines: Sequence[str], at: int) -> tuple[Node, int]:
    end = at + 2
    while end < len(lines) and _TABLE.match(lines[end]):
        end += 1
    table = [_row(lines[at], "tableHeader"), *(_row(line, "tableCell") for line in lines[at + 2 : end])]
    return {"type": "table", "content": table}, end


def _row(line: str, kind: str) -> Node:
    cells = _BARE_PIPE.split(line.strip()[1:-1])
    paragraphs = [{"type": "paragraph", "content": inline_from(cell.strip())} for cell in cells]
    return {"type": "tableRow", "content": [{"type": kind, "content": [paragraph]} for paragraph in paragraphs]}


def _paragraph(lines: Sequence[str], at: int, depth: int) -> tuple[Node, int]:
    """Up to an empty line or another block. A line's end is one, as GitHub and chats show it."""
    end = at + 1
    while end < len(lines) and lines[end].strip() and not _begins(lines[end], depth):
        end += 1
    text = "\n".join(line.rstrip() for line in lines[at:end])
    return {"type": "paragraph", "content": inline_from(text.lstrip())}, end


def _begins(line: str, depth: int) -> bool:
    nested = depth < DEPTH_MAX and (line.startswith(">") or _ITEM.match(line))
    return bool(nested or _FENCE.match(line) or _RULE.match(line) or _HEADING.match(line))


def _as_one_of(kinds: Sequence[str], node: Node) -> Node:
    if node["type"] in kinds:
        return node
    return {"type": "paragraph", "content": _words_of(node)}


def _words_of(node: Node) -> list[Node]:
    """The inline nodes beneath a block, in order."""
    if node["type"] in ("text", "hardBreak"):
        return [node]
    return [inner for child in node.get("content", []) for inner in _words_of(child)]
