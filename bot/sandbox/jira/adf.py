"""Atlassian Document Format: whether a document is one, its plain text, and documents from plain text.

Nodes and marks: developer.atlassian.com/cloud/jira/platform/apis/document/structure.
"""

import re
from typing import Any

from bot.sandbox.jira.records import Adf

_INLINE = {"text", "hardBreak", "mention", "emoji", "inlineCard", "date", "status"}
_BLOCKS = {
    "paragraph",
    "heading",
    "bulletList",
    "orderedList",
    "codeBlock",
    "blockquote",
    "rule",
    "panel",
    "table",
    "mediaSingle",
    "expand",
}
_CHILDREN: dict[str, set[str]] = {
    "doc": _BLOCKS,
    "paragraph": _INLINE,
    "heading": _INLINE,
    "bulletList": {"listItem"},
    "orderedList": {"listItem"},
    "listItem": {"paragraph", "bulletList", "orderedList", "codeBlock", "mediaSingle"},
    "codeBlock": {"text"},
    "blockquote": {"paragraph", "bulletList", "orderedList", "codeBlock"},
    "panel": {"paragraph", "heading", "bulletList", "orderedList"},
    "expand": _BLOCKS,
    "table": {"tableRow"},
    "tableRow": {"tableCell", "tableHeader"},
    "tableCell": _BLOCKS - {"table"},
    "tableHeader": _BLOCKS - {"table"},
    "mediaSingle": {"media"},
}
_NEEDS = {"heading": "level", "panel": "panelType", "mention": "id", "emoji": "shortName", "date": "timestamp"}
_MARKS = {"strong", "em", "code", "link", "strike", "underline", "textColor", "subsup", "backgroundColor"}
_NOT_EMPTY = {"bulletList", "orderedList", "listItem", "table", "tableRow", "blockquote", "panel"}


def is_document(found: Any) -> bool:
    """Whether it is a doc of version 1 whose nodes are known, stand where they may, and have what they need."""
    return isinstance(found, dict) and found.get("type") == "doc" and found.get("version") == 1 and _is_node(found)


def _is_node(node: Any) -> bool:
    if not isinstance(node, dict):
        return False
    kind, content = node.get("type"), node.get("content", [])
    if kind == "text":
        return _is_text(node)
    if kind in _NEEDS and _NEEDS[kind] not in (node.get("attrs") or {}):
        return False
    if kind == "heading" and node["attrs"]["level"] not in range(1, 7):
        return False
    if not isinstance(content, list) or (kind in _NOT_EMPTY and not content):
        return False
    allowed = _CHILDREN.get(str(kind))
    if allowed is None:
        return not content
    return all(isinstance(one, dict) and one.get("type") in allowed and _is_node(one) for one in content)


def _is_text(node: Adf) -> bool:
    """A text has at least one character; code goes with a link only."""
    marks = node.get("marks", [])
    if not isinstance(node.get("text"), str) or not node["text"] or not isinstance(marks, list):
        return False
    kinds = [mark.get("type") if isinstance(mark, dict) else None for mark in marks]
    if any(kind not in _MARKS for kind in kinds) or ("code" in kinds and set(kinds) - {"code", "link"}):
        return False
    return all(mark.get("attrs", {}).get("href") for mark in marks if mark["type"] == "link")


def plain(node: Adf | None) -> str:
    """The text as Jira's older wiki notation has it, which webhooks still send."""
    return "\n\n".join(filter(None, (_block(one, "*") for one in (node or {}).get("content", []))))


def _block(node: Adf, bullet: str) -> str:
    kind, content = node["type"], node.get("content", [])
    if kind == "heading":
        return f"h{node['attrs']['level']}. {_inline(content)}"
    if kind in ("bulletList", "orderedList"):
        sign = "*" if kind == "bulletList" else "#"
        return "\n".join(f"{sign} " + " ".join(_block(part, sign) for part in item["content"]) for item in content)
    if kind == "codeBlock":
        return "{code}" + _inline(content) + "{code}"
    if kind == "rule":
        return "----"
    return _inline(content) if kind == "paragraph" else "\n".join(_block(one, bullet) for one in content)


def _inline(nodes: list[Adf]) -> str:
    signs = {"strong": "*", "em": "_", "strike": "-"}
    written = []
    for node in nodes:
        text = (
            "\n"
            if node["type"] == "hardBreak"
            else str(node.get("text") or (node.get("attrs") or {}).get("text") or "")
        )
        for mark in node.get("marks", []):
            if mark["type"] in signs:
                text = f"{signs[mark['type']]}{text}{signs[mark['type']]}"
            if mark["type"] == "code":
                text = "{{" + text + "}}"
            if mark["type"] == "link":
                text = f"[{text}|{mark['attrs']['href']}]"
        written.append(text)
    return "".join(written)


_MARKED = re.compile(r"\*\*(.+?)\*\*|\*([^\s*][^*]*+)\*|`(.+?)`|\[([^\[\]]++)\]\(([^\s()]++)\)")
_MARKS_OF = ("strong", "em", "code")
_HEADING = re.compile(r"\A(#{1,6})\s+(.+)")
_EMPTY_LINE = re.compile(r"\n(?>(?:[^\S\n]*+\n)+)")
_LISTS = (
    ("bulletList", re.compile(r"\A[-*]\s++")),
    ("orderedList", re.compile(r"\A\d++\.\s++")),
)


def document(text: str) -> Adf:
    """A document from simple Markdown: `#` headings, `-` and `1.` lists, fences, **bold**, *em*, `code`, [links](…)."""
    content: list[Adf] = []
    for block in _EMPTY_LINE.split(text.strip()) if text.strip() else []:
        content += _blocks(block)
    return {"type": "doc", "version": 1, "content": content}


def _blocks(block: str) -> list[Adf]:
    lines = block.splitlines()
    if block.startswith("```"):
        return [{"type": "codeBlock", "content": [{"type": "text", "text": "\n".join(lines[1:-1]) or " "}]}]
    heading = _HEADING.fullmatch(lines[0])
    if heading:
        first = {"type": "heading", "attrs": {"level": len(heading[1])}, "content": _texts(heading[2])}
        return [first, *(_blocks("\n".join(lines[1:])) if lines[1:] else [])]
    for kind, sign in _LISTS:
        if all(sign.match(line) for line in lines):
            items = [_paragraph(sign.sub("", line)) for line in lines]
            return [{"type": kind, "content": [{"type": "listItem", "content": [item]} for item in items]}]
    return [_paragraph(" ".join(line.strip() for line in lines))]


def _paragraph(text: str) -> Adf:
    return {"type": "paragraph", "content": _texts(text)}


def _texts(text: str) -> list[Adf]:
    nodes: list[Adf] = []
    end = 0
    for found in _MARKED.finditer(text):
        if found.start() > end:
            nodes.append({"type": "text", "text": text[end : found.start()]})
        *marked, link, href = found.groups()
        kind, words = next((both for both in zip(_MARKS_OF, marked, strict=True) if both[1]), ("link", link))
        mark: Adf = {"type": kind, **({"attrs": {"href": href}} if kind == "link" else {})}
        nodes.append({"type": "text", "text": words, "marks": [mark]})
        end = found.end()
    if end < len(text):
        nodes.append({"type": "text", "text": text[end:]})
    return nodes
