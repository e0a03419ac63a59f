"""Markdown as Atlassian Document Format: what stands within a paragraph. Pure."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

Node = dict[str, Any]
Marks = tuple[tuple[str, str], ...]
"""Kinds of marks, the outermost first; a link has its address beside it."""

SPECIAL_CHARACTERS = r"\`*_~[]<>#|+.!()-"
SPECIAL = r"\\`*_~\[\]<>#|+.!()-"
# What is marked holds no second opener of its kind, and no run gives back what it took: a text full of openers without
# an end is read once.
_STRONG = r"(?:\\.|[^\\*]|\*(?!\*)){1,2000}+"
_STRIKE = r"(?:\\.|[^\\~]|~(?!~)){1,2000}+"
_EM = r"(?:\\.|[^\\*]|(?<=\s)\*(?=\s)|\*\*(?=[^\s*])(?:\\.|[^\\*])++\*\*){1,2000}+"
_UNDER = r"(?:\\.|[^\\_]|(?<=\w)_(?=\w)){1,2000}+"
_INLINE = re.compile(
    rf"\\(?P<literal>[{SPECIAL}])"
    r"|(?P<break>\n)"
    r"|(?<!`)(?P<ticks>`{1,5}+)(?P<code>[^`\n]{1,2000}+)(?P=ticks)(?!`)"
    r"|\[(?P<label>(?:\\.|[^\[\]\\\n]){1,300}+)\]\((?P<href>https?://[^\s()]{1,2000}+)\)"
    rf"|\*\*(?=[^\s*])(?P<strong>{_STRONG})(?<=[^\s*])\*\*(?!\*)"
    rf"|~~(?=\S)(?P<strike>{_STRIKE})(?<=\S)~~"
    rf"|(?<!\*)\*(?=[^\s*])(?P<em>{_EM})(?<=[^\s*\\])\*(?!\*)"
    rf"|(?<!\w)_(?=[^\s_])(?P<under>{_UNDER})(?<=[^\s_\\])_(?!\w)"
    r"|(?P<url>https?://[^\s<>()\[\]*`~|\\]{1,2000})",
    re.DOTALL,
)


def inline_from(markdown: str, marks: Marks = ()) -> list[Node]:
    """Nodes of a paragraph; neighbours with the same marks are one."""
    found: list[Node] = []
    at = 0
    for hit in _INLINE.finditer(markdown):
        _add(found, markdown[at : hit.start()], marks)
        at = hit.end()
        _add_hit(found, hit, marks)
    _add(found, markdown[at:], marks)
    return _joined(found)


def _add_hit(found: list[Node], hit: re.Match[str], marks: Marks) -> None:
    kind = hit.lastgroup or ""
    match kind:
        case "break":
            found.append({"type": "hardBreak"})
        case "literal" | "url":
            _add(found, hit[kind], (*marks, ("link", hit["url"])) if kind == "url" and not _linked(marks) else marks)
        case "code":
            # Jira allows code to be a link, and nothing else beside it.
            _add(found, hit["code"], (*(mark for mark in marks if mark[0] == "link"), ("code", "")))
        case "href":
            inner = marks if _linked(marks) else (*marks, ("link", hit["href"]))
            found += inline_from(hit["label"], inner)
        case _:
            name = "em" if kind == "under" else kind
            inner = marks if (name, "") in marks else (*marks, (name, ""))
            found += inline_from(hit[kind], inner)


def _add(found: list[Node], text: str, marks: Marks) -> None:
    if text:
        named = [{"type": kind, "attrs": {"href": href}} if href else {"type": kind} for kind, href in marks]
        found.append({"type": "text", "text": text, **({"marks": named} if named else {})})


def _joined(nodes: Sequence[Node]) -> list[Node]:
    """Equal neighbours as one, each put together once: there may be as many as letters."""
    found: list[Node] = []
    for (kind, marks), group in groupby(nodes, key=lambda node: (node["type"], node.get("marks"))):
        alike = list(group)
        if kind == "text":
            joined = "".join(node["text"] for node in alike)
            found.append({"type": "text", "text": joined, **({"marks": marks} if marks else {})})
        else:
            found += alike
    return found


def _linked(marks: Marks) -> bool:
    return any(kind == "link" for kind, _ in marks)
