"""Markdown as Atlassian Document Format: what stands within a paragraph. Pure."""

import re
from typing import Any

Node = dict[str, Any]
Marks = tuple[tuple[str, str], ...]
"""Kinds of marks, the outermost first; a link has its address beside it."""

SPECIAL_CHARACTERS = r"\`*_~[]<>#|+.!()-"
SPECIAL = r"\\`*_~\[\]<>#|+.!()-"
# What is marked holds no second opener of its kind, and no run gives back what it took: a text full of openers without
# an end is read once.
_STRONG = r"(?>(?:\\.|[^\\*]|\*(?!\*)){1,2000})"
_STRIKE = r"(?>(?:\\.|[^\\~]|~(?!~)){1,2000})"
_EM = r"(?>(?:\\.|[^\\*]|(?<=\s)\*(?=\s)|\*\*(?=[^\s*])(?>(?:\\.|[^\\*])+)\*\*){1,2000})"
_UNDER = r"(?>(?:\\.|[^\\_]|(?<=\w)_(?=\w)){1,2000})"
_INLINE = re.compile(
    rf"\\(?P<literal>[{SPECIAL}])"
    r"|(?P<break>\n)"
    r"|(?<!`)(?P<ticks>`{1,5}+)(?P<code>[^`\n]{1,2000}+)(?P=ticks)(?!`)"
    r"|\[(?P<label>(?>(?:\\.|[^\[\]\\\n]){1,300}))\]\((?P<href>https?://[^\s()]{1,2000}+)\)"
    rf"|\*\*(?=[^\s*])(?P<strong>{_STRONG})(?<=[^\s*])\*\*(?!\*)"
    rf"|~~(?=\S)(?P<strike>{_STRIKE})(?<=\S)~~"
    rf"|(?<!\*)\*(?=[^\s*])(?P<em>{_EM})(?<=[^\s*\\])\*(?!\*)"
    rf"|(?<!\w)_(?=[^\s_])(?P<under>{_UNDER})(?<=[^\s_\\])_(?!\w)"
    r"|(?P<url>https?://[^\s<>()\[\]*`~|\\]{1,2000})",
    re.DOTALL,
)


def inline_from(markdown: str, marks: Marks = ()) -> list[Node]:
    """Nodes of a paragraph; neighbours with the same marks are one."""
    line = _InlineLine()
    _read(line, markdown, marks)
    return line.ended()


class _InlineLine:
    """Collects nodes. Text with the same marks is one node, put together once: it may come letter by letter."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._texts: list[str] = []
        self._marks: Marks = ()

    def text(self, text: str, marks: Marks) -> None:
        if text and marks != self._marks:
            self._end_text()
            self._marks = marks
        if text:
            self._texts.append(text)

    def end(self) -> None:
        self._end_text()
        self._nodes.append({"type": "hardBreak"})

    def ended(self) -> list[Node]:
        self._end_text()
        return self._nodes

    def _end_text(self) -> None:
        if self._texts:
            named = [{"type": kind, "attrs": {"href": href}} if href else {"type": kind} for kind, href in self._marks]
            words = {"type": "text", "text": "".join(self._texts)}
            self._nodes.append({**words, "marks": named} if named else words)
            self._texts = []


def _read(line: _InlineLine, markdown: str, marks: Marks) -> None:
    at = 0
    for hit in _INLINE.finditer(markdown):
        line.text(markdown[at : hit.start()], marks)
        at = hit.end()
        _take(line, hit, marks)
    line.text(markdown[at:], marks)


def _take(line: _InlineLine, hit: re.Match[str], marks: Marks) -> None:
    kind = hit.lastgroup or ""
    match kind:
        case "break":
            line.end()
        case "literal" | "url":
            line.text(hit[kind], (*marks, ("link", hit["url"])) if kind == "url" and not _linked(marks) else marks)
        case "code":
            # Jira allows code to be a link, and nothing else beside it.
            line.text(hit["code"], (*(mark for mark in marks if mark[0] == "link"), ("code", "")))
        case "href":
            _read(line, hit["label"], marks if _linked(marks) else (*marks, ("link", hit["href"])))
        case _:
            name = "em" if kind == "under" else kind
            _read(line, hit[kind], marks if (name, "") in marks else (*marks, (name, "")))


def _linked(marks: Marks) -> bool:
    return any(kind == "link" for kind, _ in marks)
