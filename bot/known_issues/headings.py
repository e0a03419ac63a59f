"""The sections of an issue's body, whatever way their headings are written. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.known_issues.empty_answers import says_nothing
from bot.known_issues.lines import MarkdownLine, lines_of
from bot.loose_json import normalized

_BOLD, _LINE = 7, 8
"""Ranks below the six of Markdown: a line in bold, a line that ends in a colon."""


def _counts(char: str) -> bool:
    """Emoji and their joiners do not; letters, digits, marks and punctuation do."""
    return unicodedata.category(char)[0] in "LNPMZ" and char not in "\ufe0f\u20e3*_`#"


# No repeat gives back what it took: a long line is read once.
_ATX = re.compile(r"\A {0,3}(#{1,6}+)(?:[ \t]++(.*))?\Z")
_UNDERLINE = re.compile(r"\A {0,3}(=++|-{2,}+)[ \t]*+\Z")
_IN_BOLD = re.compile(r"\A {0,3}(\*{1,3}+|_{1,3}+)(?=\S)(.+?)(?<=\S)\1[ \t]*+(:|[-–—](?=[ \t])|)[ \t]*+(.*)", re.S)
_COLON = re.compile(r"\A {0,3}([^:\n]{1,60}):(?!/)[ \t]*+(.*)")
_DASHED = re.compile(r"\A {0,3}([^:\n]{1,60}?)[ \t][-–—][ \t]++(.*)")
_ITEM = re.compile(r"\A {0,3}[-*+][ \t]++(?:\[[ xX]\][ \t]++)?")
_START = r"\A( {0,3}(?:#{1,6}+[ \t]++|[-*+][ \t]++)?(?:\*\*|__)?)"
_EMOJI = re.compile(rf"{_START}(?::[\w+-]{{1,50}}+:[ \t]{{0,20}}){{1,5}}")
_ORNAMENT = re.compile(rf"{_START}([^\w\s\x00-\x7f]{{1,10}}+)[ \t]*+")
_LINK = re.compile(rf"{_START}\[([^\[\]\n]{{1,100}}+)\]\([^()\s]{{1,2000}}+\)")
_ANY_LINK = re.compile(r"\[([^\[\]\n]{0,100}+)\]\([^()\s]{0,500}+\)")
_CODE = re.compile(r":[\w+-]{1,50}+:")
_TAG = re.compile(r"<[^<>]{1,200}+>")
_STRONG_TAG = re.compile(r"</?(?:b|strong)>", re.I)
_TITLE_TAG = re.compile(r"\A {0,3}<h([1-6])(?:\s[^<>]{0,200}+)?>(.{1,300}?)</h\1>[ \t]*+\Z", re.I)
_COMMENTS = re.compile(
    r"(^ {0,3}(`{3,}+|~{3,}+)[^\n]*+\n.*?(?:^ {0,3}\2[`~]*+[ \t]*+$|\Z))|<!--.*?(?:-->|\Z)", re.M | re.S
)
_NUMBER = re.compile(r"^(?:\(?[\divx]{1,4}[.)]\)?\s*)+", re.I)
_ADDED = re.compile(r"(?<!\s)\s*+[(\[][^()\[\]]*+[)\]]\s*$")
_EMPHASIS = re.compile(r"[*_`]")

_ORNAMENTS = str.maketrans({chr(code): " " for code in range(128) if not _counts(chr(code))})

HEADING_MAX = 300
"""A longer line is a text and no heading that anybody asked for."""

OTHER = "other"
"""The name for headings that nobody reads, but which end a section that began with a mere line."""


@dataclass(frozen=True, slots=True)
class _Heading:
    """`name` is the section that it begins, "" for one that nobody asked for; `rest` stands behind it on its line."""

    rank: int
    name: str
    rest: str = ""
    lines: int = 1


@lru_cache(maxsize=1024)
def folded_heading(text: str) -> str:
    """The form in which headings are compared: "2. 🔧 **Workaround(s):**" is "workaround(s)"."""
    if text.isascii():
        plain = text.casefold().translate(_ORNAMENTS)
    else:
        plain = normalized("NFKC", text).casefold()
        plain = "".join(char if _counts(char) else " " for char in plain)
    return _NUMBER.sub("", " ".join(plain.split())).strip(" :.-–—").strip()


def sections(body: str, headings: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Returns the text under each heading by name, without those that are missing or say nothing.

    A section ends at the next heading of the same or a higher level, or at any other one that is asked for; one that
    begins in a quote or a folded part ends with it, unless it has nothing to say there. Headings in code fences and
    HTML comments are none. Two sections of one name are joined.
    """
    words = _folded(tuple((name, tuple(listed)) for name, listed in headings.items()))
    sorter = _Sorter()
    lines = lines_of(_without_comments(body))
    at = 0
    while at < len(lines):
        line, following = lines[at], lines[at + 1] if at + 1 < len(lines) else MarkdownLine("")
        sorter.enter(line.depth)
        below = following.text if following.depth == line.depth and not following.code else ""
        heading = None if line.code or not line.text.strip() else _heading(line.text, below, words)
        count = heading.lines if heading else 1
        if not (heading and sorter.began(heading)):
            sorter.add(line.text for line in lines[at : at + count])
        at += count
    return sorter.texts()


class _Section:
    """`rank` is that of its heading."""

    def __init__(self, name: str, rank: int, first: str = "") -> None:
        self.name = name
        self.rank = rank
        self.lines = [first]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


class _Sorter:
    """Puts each line to the section that it belongs to."""

    def __init__(self) -> None:
        self._now = _Section("", 0)
        self._sections = [self._now]
        self._around: list[_Section] = []

    def enter(self, depth: int) -> None:
        """Into a quote, or out of it, where the section around it goes on."""
        while depth > len(self._around):
            self._around.append(self._now)
        while depth < len(self._around):
            before = self._around.pop()
            begun = self._now is not before and self._now.name not in ("", OTHER)
            if not begun or self._now.text:
                self._now = before

    def began(self, heading: "_Heading") -> bool:
        """Whether a section begins with this heading; else it is text like any other line.

        Headings that nobody asked for end nothing that began outside of their quote.
        """
        outside = bool(self._around) and self._now is self._around[-1]
        if heading.name in ("", OTHER) and (outside or heading.rank > self._now.rank):
            return False
        self._now = _Section(heading.name, heading.rank, heading.rest)
        self._sections.append(self._now)
        return True

    def add(self, lines: Iterable[str]) -> None:
        self._now.lines += lines

    def texts(self) -> dict[str, str]:
        texts: dict[str, list[str]] = {}
        for section in self._sections:
            if section.name not in ("", OTHER) and not says_nothing(section.text):
                texts.setdefault(section.name, []).append(section.text)
        return {name: "\n\n".join(listed) for name, listed in texts.items()}


@lru_cache(maxsize=64)
def _folded(headings: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    """Maps headings to the names of their sections; cached, since it is the same for every issue of a tracker."""
    return {folded_heading(word): name for name, listed in headings for word in listed}


def _heading(line: str, following: str, words: Mapping[str, str]) -> _Heading | None:
    """Returns the heading on a line, None for text. Lines in bold or with a colon count where asked for."""
    line = _undecorated(line)
    if atx := _ATX.match(line):
        return _titled(len(atx[1]), _without_closing_marks(atx[2] or ""), words)
    if line.strip() and (under := _UNDERLINE.fullmatch(following)):
        name = _named(line, words)
        if name or not line.rstrip().endswith((".", "!", "?", "|", ";", ",")):  # else a rule below a sentence
            return _Heading(1 if under[1][0] == "=" else 2, name, lines=2)
    return _in_line(line, words)


def _without_closing_marks(text: str) -> str:
    """ "Workaround ##" is "Workaround"; a heading of marks alone has no words."""
    kept = text.rstrip(" \t")
    before = kept.rstrip("#")
    return before.rstrip(" \t") if not before or before[-1] in " \t" else kept


def _in_line(line: str, words: Mapping[str, str]) -> _Heading | None:
    """A heading that has a line to itself, or what it is about behind it; an item of a list only if it is asked for."""
    item = _ITEM.match(line)
    line = line[item.end() :] if item else line
    bold = _IN_BOLD.fullmatch(line) if line.lstrip()[:1] in ("*", "_") else None
    if bold:
        name = _named(bold[2], words)
        if name and (bold[3] or not bold[4] or bold[2].rstrip().endswith(":")):
            return _Heading(_BOLD, name, bold[4])
        heading = _titled(_BOLD, bold[2], words) if not bold[4] else None
        if heading and (heading.name or (not item and len(bold[1]) > 1)):
            return heading
    plain = _COLON.fullmatch(line) if ":" in line else None
    if plain and (name := _named(plain[1], words)):
        return _Heading(_LINE, name, plain[2])
    bare = words.get(" ".join(line[:100].split()).casefold(), "")  # without ornaments: every line of text comes here
    return _Heading(_LINE, bare) if bare not in ("", OTHER) else None


def _titled(rank: int, title: str, words: Mapping[str, str]) -> _Heading:
    """One that a mark makes a heading; it may have all its section behind a colon or a dash."""
    if name := _named(title, words):
        return _Heading(rank, name)
    plain = _undecorated(title)
    said = _COLON.match(plain) or _DASHED.match(plain)
    name = _named(said[1], words) if said else ""
    return _Heading(rank, name, said[2] if said and name else "")


def _undecorated(line: str) -> str:
    """Turns HTML into Markdown, and drops the emoji and the link that a heading may begin with."""
    if "<" in line:
        line = _TITLE_TAG.sub(lambda hit: f"{'#' * int(hit[1])} {hit[2]}", _STRONG_TAG.sub("**", line))
    line = _EMOJI.sub(lambda hit: hit[1], line) if ":" in line else line
    if line and not line.isascii():
        line = _ORNAMENT.sub(lambda hit: hit[1] if all(map(_is_ornament, hit[2])) else hit[0], line)
    return _LINK.sub(lambda hit: f"{hit[1]}{hit[2]}", line) if "[" in line else line


def _named(text: str, words: Mapping[str, str]) -> str:
    """The section that a heading means; what is added in brackets does not count."""
    if len(text) > HEADING_MAX:
        return ""
    plain = _ANY_LINK.sub(lambda hit: hit[1], text) if "[" in text else text
    plain = _CODE.sub(" ", plain) if ":" in plain else plain
    plain = _TAG.sub(" ", plain) if "<" in plain else plain
    plain = _EMPHASIS.sub("", plain).rstrip(" :")
    short = _ADDED.sub("", plain) if plain.endswith((")", "]")) else ""
    return words.get(folded_heading(plain)) or (words.get(folded_heading(short), "") if short else "")


def _without_comments(body: str) -> str:
    """Templates hide their hints in HTML comments; one that is never closed hides the rest."""
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    return _COMMENTS.sub(lambda hit: hit[1] or "", text)


def _is_ornament(char: str) -> bool:
    """Emoji and their joiners, arrows and the like."""
    return unicodedata.category(char) in ("So", "Sk", "Sm", "Cf", "Mn", "Me", "Cn")
