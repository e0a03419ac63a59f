"""The sections of an issue's body, whatever way their headings are written. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.loose import normalized

_BOLD, _LINE = 7, 8
"""Ranks below the six of Markdown: a line in bold, a line that ends in a colon."""

# No repeat gives back what it took: a long line is read once.
_FENCE = re.compile(r"\A {0,3}(`{3,}+|~{3,}+)(.*)")
_ATX = re.compile(r"\A {0,3}(#{1,6}+)(?:[ \t]++(.*))?\Z")
_UNDERLINE = re.compile(r"\A {0,3}(=++|-{2,}+)[ \t]*+\Z")
_IN_BOLD = re.compile(r"\A {0,3}(\*\*|__)(?=\S)(.+?)(?<=\S)\1[ \t]*+(:?)[ \t]*+(.*)", re.S)
_COLON = re.compile(r"\A {0,3}(?:[-*+][ \t]++)?([^:\n]{1,60}):(?!/)[ \t]*+(.*)")
_COMMENTS = re.compile(
    r"(^ {0,3}(`{3,}+|~{3,}+)[^\n]*+\n.*?(?:^ {0,3}\2[`~]*+[ \t]*+$|\Z))|<!--.*?(?:-->|\Z)", re.M | re.S
)
_NUMBER = re.compile(r"^(?:\(?[\divx]{1,4}[.)]\)?\s*)+", re.I)
_ADDED = re.compile(r"(?<!\s)\s*+[(\[][^()\[\]]*+[)\]]\s*$")
_EMPHASIS = re.compile(r"[*_`]")

HEADING_MAX = 300
"""A longer line is a text and no heading that anybody asked for."""

LINES_MAX = 3_000
"""So many lines outside of fences are looked at: what is longer is a log, and what follows it its end."""

OTHER = "other"
"""The name for headings that nobody reads, but which end a section that began with a mere line."""

# fmt: off
MISSING = frozenset((
    "", "no response", "n/a", "na", "none", "none yet", "none known", "none so far", "nothing", "no", "tbd", "tba",
    "todo", "unknown", "not known", "not yet", "no workaround", "no workaround known", "no known workaround", "keine",
    "keiner", "keins", "nein", "unbekannt", "nicht bekannt", "noch keine", "noch keiner", "k.a", "ninguno", "ninguna",
    "desconocido", "aucun", "aucune", "inconnu", "nessuno", "nessuna", "nenhum", "nenhuma",
))
# fmt: on
"""What people and forms write where they have nothing to say."""


@dataclass(frozen=True, slots=True)
class _Heading:
    """`name` is the section that it begins, "" for one that nobody asked for; `rest` stands behind it on its line."""

    rank: int
    name: str
    rest: str = ""
    lines: int = 1


def folded_heading(text: str) -> str:
    """The form in which headings are compared: "2. 🔧 **Workaround(s):**" is "workaround(s)"."""
    plain = normalized("NFKC", text).casefold()
    plain = "".join(char if _counts(char) else " " for char in plain)
    return _NUMBER.sub("", " ".join(plain.split())).strip(" :.-–—").strip()


def sections(body: str, headings: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """By name what stands under its headings; a name whose section is missing or says nothing is left out.

    A section ends at the next heading of the same or a higher level, or at any other one that is asked for. Headings
    in code fences and HTML comments are none. Two sections of one name are joined.
    """
    words = _folded(tuple((name, tuple(listed)) for name, listed in headings.items()))
    found: dict[str, list[str]] = {}
    name, rank, fence = "", 0, ""
    lines = _without_comments(body).split("\n")
    at = looked = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            found.setdefault(name, []).append(line)
            at += 1
            continue
        looked += not fence
        if fence or looked > LINES_MAX:
            heading = None
        else:
            heading = _heading(line, lines[at + 1] if at + 1 < len(lines) else "", words)
        fence = _fence_after(fence, line)
        if heading and (heading.name not in ("", OTHER) or heading.rank <= rank):
            name, rank = heading.name, heading.rank
            found.setdefault(name, []).append(heading.rest)
        else:
            found.setdefault(name, []).extend(lines[at : at + (heading.lines if heading else 1)])
        at += heading.lines if heading else 1
    texts = {each: "\n".join(listed).strip() for each, listed in found.items() if each not in ("", OTHER)}
    return {each: text for each, text in texts.items() if not says_nothing(text)}


@lru_cache(maxsize=64)
def _folded(headings: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    """Which section a heading begins: the same for every issue of a tracker."""
    return {folded_heading(word): name for name, listed in headings for word in listed}


def says_nothing(text: str) -> bool:
    """Whether a section holds nothing but a word for nothing."""
    return len(text) < 60 and " ".join(text.casefold().split()).strip(" _*`.!-–—?:()") in MISSING


def _heading(line: str, following: str, words: Mapping[str, str]) -> _Heading | None:
    """What kind of heading the line is, None for text. Lines in bold or with a colon count where they are asked for."""
    if atx := _ATX.fullmatch(line):
        return _Heading(len(atx[1]), _named(_without_closing_marks(atx[2] or ""), words))
    if line.strip() and (under := _UNDERLINE.fullmatch(following)) and not _fence_opens(line):
        name = _named(line, words)
        if name or not line.rstrip().endswith((".", "!", "?", "|", ";", ",")):  # else a rule below a sentence
            return _Heading(1 if under[1][0] == "=" else 2, name, lines=2)
    if bold := _IN_BOLD.fullmatch(line):
        name = _named(bold[2], words)
        colon = bold[3] or bold[2].rstrip().endswith(":")
        if not bold[4] or (name and colon):
            return _Heading(_BOLD, name, bold[4])
    if (plain := _COLON.fullmatch(line)) and (name := _named(plain[1], words)):
        return _Heading(_LINE, name, plain[2])
    return None


def _without_closing_marks(text: str) -> str:
    """ "Workaround ##" is "Workaround"; a heading of marks alone has no words."""
    kept = text.rstrip(" \t")
    before = kept.rstrip("#")
    return before.rstrip(" \t") if not before or before[-1] in " \t" else kept


def _named(text: str, words: Mapping[str, str]) -> str:
    """The section that a heading means; what is added in brackets does not count."""
    if len(text) > HEADING_MAX:
        return ""
    plain = _EMPHASIS.sub("", text)
    return words.get(folded_heading(plain)) or words.get(folded_heading(_ADDED.sub("", plain)), "")


def _fence_opens(line: str) -> str:
    found = _FENCE.fullmatch(line)
    return found[1] if found and not (found[1][0] == "`" and "`" in found[2]) else ""


def _fence_after(fence: str, line: str) -> str:
    """The fence that is open after `line`; a closing one is at least as long as the opening one, and bare."""
    if not fence:
        return _fence_opens(line)
    found = _FENCE.fullmatch(line)
    closed = found and found[1][0] == fence[0] and len(found[1]) >= len(fence) and not found[2].strip()
    return "" if closed else fence


def _without_comments(body: str) -> str:
    """Templates hide their hints in HTML comments; one that is never closed hides the rest."""
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    return _COMMENTS.sub(lambda hit: hit[1] or "", text)


def _counts(char: str) -> bool:
    """Emoji and their joiners do not; letters, digits, marks and punctuation do."""
    return unicodedata.category(char)[0] in "LNPMZ" and char not in "\ufe0f\u20e3*_`#"
