"""The lines of a Markdown text: how deep each stands in quotes and folded parts, without what is struck out. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

DEPTH_MAX = 20
LINES_MAX = 1_500
"""How many lines outside of fences are read; a longer text is a log, and what follows it is its end."""
_FEW = "\n" * 20
_BLANK = re.compile(r"\n{21,}+")
_FENCE = re.compile(r"\A {0,3}(`{3,}+|~{3,}+)(.*)")
_QUOTE = re.compile(r"\A {0,3}>[ \t]?")
_ALERT = re.compile(r"\A {0,3}\\?\[![A-Za-z]{1,30}\\?\][+-]?[ \t]*+(.*)")
"""The first line of an alert (`> [!NOTE]`), in some dialects with a title."""
_FOLD = re.compile(
    r"<(?P<end>/?)(?:details|blockquote)\b[^<>]{0,100}+>|<summary\b[^<>]{0,100}+>(?P<title>[^\n]{0,100}?)</summary>",
    re.I,
)
_STRUCK_TAG = re.compile(r"</?(?:del|s|strike)(?:\s[^<>]{0,100}+)?>", re.I)
_ONE_TILDE = re.compile(r"(?<![\w~\\])~(?=[^\s~])([^~\n]{1,300}+)(?<=\S)~(?![\w~])")
_MARKER = re.compile(r"\A\s*+(?:[-*+]|\d{1,9}+[.)])?\s*+(?:\[[ xX]\])?[\s.,;:!]*+\Z")
_ESCAPED, _HOLE = "\ue000", "\ue001"
"""Placeholders for an escaped tilde and for struck text while other marks are searched."""
_HOLES = re.compile(rf"[ \t]?{_HOLE}[ \t]?")
_TAGS = re.compile(r"<[^<>]{0,200}+>")


@dataclass(frozen=True, slots=True)
class MarkdownLine:
    """`depth` counts the quotes and folded parts around it, whose marks `text` has no more; `code` is as it was."""

    text: str
    depth: int = 0
    code: bool = False


def lines_of(body: str) -> list[MarkdownLine]:
    """Every line; a code block's fences are code too. What is struck out is not there."""
    lines: list[MarkdownLine] = []
    paragraph: list[MarkdownLine] = []
    for line in _parted(body):
        same = paragraph and paragraph[-1].depth == line.depth
        if line.code or not line.text.strip() or (paragraph and not same):
            lines += _unstruck(paragraph)
            paragraph = []
        if line.code:
            lines.append(line)
        else:
            paragraph.append(line)
    return lines + _unstruck(paragraph)


def unmarked(text: str) -> str:
    """A text by itself without the marks of quotes, alerts and folded parts, and without what is struck out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.text for line in lines_of(plain)).strip()


def _parted(body: str) -> Iterator[MarkdownLine]:
    fence, around, folds, quotes_before, looked = "", 0, 0, 0, 0
    lines = _BLANK.sub(_FEW, body).split("\n")
    for at, raw in enumerate(lines):
        looked += bool(raw) and not fence
        if looked > LINES_MAX:
            yield MarkdownLine("\n".join(lines[at:]), code=True)
            return
        text, quotes = _unquoted(raw, around if fence else DEPTH_MAX)
        if fence and quotes == around:
            yield MarkdownLine(text, quotes + folds, code=True)
            fence = _fence_after(fence, text)
            continue
        if fence := _fence_opens(text):
            around = quotes
            yield MarkdownLine(text, quotes + folds, code=True)
            continue
        alert = _ALERT.fullmatch(text) if quotes > quotes_before else None
        quotes_before = quotes
        if alert:
            yield MarkdownLine(f"**{alert[1].strip()}**" if alert[1].strip() else "", quotes + folds)
            continue
        for part, opened in _folded(text, folds):
            folds = opened
            yield MarkdownLine(part, quotes + opened)


def _unquoted(text: str, most: int) -> tuple[str, int]:
    """Removes the marks of at most so many quotes; returns the text and how many there were."""
    depth = 0
    while depth < most and (mark := _QUOTE.match(text)):
        text, depth = text[mark.end() :], depth + 1
    return text, depth


def _folded(text: str, folds: int) -> Iterator[tuple[str, int]]:
    """The parts of a line between the tags of folded parts, each with how many are open; a title is in bold."""
    at, folded = 0, False
    for hit in _FOLD.finditer(text) if "<" in text else ():
        folded = True
        if text[at : hit.start()].strip():
            yield text[at : hit.start()], folds
        if hit["title"] is not None:
            yield f"**{_TAGS.sub('', hit['title']).strip(' *')}**", folds
        else:
            folds = max(0, folds - 1) if hit["end"] else min(DEPTH_MAX, folds + 1)
        at = hit.end()
    rest = text[at:]
    yield ("" if folded and not rest.strip() else rest), folds


def _unstruck(lines: Sequence[MarkdownLine]) -> list[MarkdownLine]:
    """The lines of one paragraph; those of which nothing is left are left out."""
    if not any("~" in line.text or "<" in line.text for line in lines):
        return list(lines)
    before = [_STRUCK_TAG.sub("~~", line.text) for line in lines]
    kept = _without_struck("\n".join(before)).split("\n")
    return [
        replace(line, text=text)
        for line, was, text in zip(lines, before, kept, strict=True)
        if text == was or not _MARKER.fullmatch(text)
    ]


def _without_struck(text: str) -> str:
    """Removes struck text, but no line and no gap between words. A mark without its partner stays."""
    parts = text.replace("\\~", _ESCAPED).split("~~")
    if len(parts) % 2 == 0:
        last = parts.pop()
        parts[-1] += f"~~{last}"
    kept = ["\n" * part.count("\n") or _HOLE if at % 2 else part for at, part in enumerate(parts)]
    return _HOLES.sub(" ", _ONE_TILDE.sub(_HOLE, "".join(kept))).replace(_ESCAPED, "\\~")


def _fence_opens(line: str) -> str:
    match = _FENCE.fullmatch(line)
    return match[1] if match and not (match[1][0] == "`" and "`" in match[2]) else ""


def _fence_after(fence: str, line: str) -> str:
    """The fence that is open after `line`; a closing one is at least as long as the opening one, and bare."""
    match = _FENCE.fullmatch(line)
    closed = match and match[1][0] == fence[0] and len(match[1]) >= len(fence) and not match[2].strip()
    return "" if closed else fence
