"""A pattern for a line that somebody shows: what varies in it is left open. Pure, without the reading's library.

What the pattern may say is less than what the reading takes: words, and the few marks that are proposed here.
"""

import re

PATTERN_MAX = 400
_TIME = re.compile(
    r"^[\[(<\"]{0,2}(?:\w{3},? )?"
    r"(?:\d{4}[-/.]\d\d[-/.]\d\d|\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{2,4})?|\w{3} {1,2}\d{1,2})?[T ,]{0,2}"
    r"\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?(?: \d{4})?[\])>\"]{0,2}\s{0,3}"
)
_VARIES = re.compile(
    r"""(?P<quoted>"[^"]{1,200}"|'[^']{1,200}')"""
    r"""|(?P<value>(?<=[=])[^\s,;]{1,200})"""
    r"""|(?P<token>[^\s=]*[\d@\\‹›][^\s=]*|\S{25,}|/\S{3,})"""
)
_NUMBER = re.compile(r"\d{1,12}")
_LETTERS = re.compile(r"[^\W\d_]{3}")
_ESCAPED = re.compile(r"\\.")
_REFUSED = re.compile(r"\(\?(?:[=!<]|P=|\()|\\[1-9]|\\[GKXRzZ]|[*+?}][+]")


def proposed(line: str) -> str:
    """A pattern that matches the line, and others that differ in numbers, names and addresses only."""
    rest = _TIME.sub("", line.strip(), count=1)[:300]
    pieces, at = [], 0
    for hit in _VARIES.finditer(rest):
        pieces += [re.escape(rest[at : hit.start()]), _open(hit)]
        at = hit.end()
    whole = "".join([*pieces, re.escape(rest[at:])]).replace("\\ ", " ")
    return whole[:PATTERN_MAX].rstrip("\\")


def _open(hit: re.Match[str]) -> str:
    """What stands for a part that varies: digits stay digits, so that a code is still looked for where it should be."""
    text = hit[0]
    if hit["quoted"]:
        return f"{text[0]}.{{1,200}}{text[0]}"
    if _NUMBER.fullmatch(text):
        return r"\d+"
    end = text.rstrip(".,;:)]")
    return r"\S+" + re.escape(text[len(end) :])


def why_not(pattern: str) -> str:
    """Why a pattern can't be used, as a sentence; "" where it can."""
    if not pattern.strip():
        return "Write the words of the line that never change."
    if len(pattern) > PATTERN_MAX:
        return f"At most {PATTERN_MAX} characters, and this is {len(pattern)}."
    if _REFUSED.search(pattern):
        return "Look-around, back references and possessive marks aren't possible."
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        return f"This is no pattern: {error.msg}."
    if compiled.search("") or not _LETTERS.search(_ESCAPED.sub(" ", pattern)):
        return "It would match nearly every line. Leave a few of its words in."
    return ""
