"""A pattern for a line that somebody shows: what varies in it is left open. Pure, without the reading's library.

What the pattern may say is less than what the reading takes: words, and the few marks that are proposed here.
"""

import re
import warnings

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
_PAIR = re.compile(r"\\(.)", re.DOTALL)
_KNOWN_ESCAPES = frozenset("AbBdDsSwWnrtfvax0")
_CLASS = re.compile(r"\[\^?+\]?+[^\]\[]*+\]")
_BOUNDARY = re.compile(r"\\[bBA]")
_OTHER_GROUP = re.compile(r"\(\?(?!:|P<[A-Za-z_]\w*>|(?:[ims]+|[ims]*-[ims]+)[:)])")
_POSSESSIVE = re.compile(r"[*+?}]\+")
_OPEN_REPEAT = re.compile(r"\{,\d")
_TOKEN = re.compile(r"\[\^?+\]?+[^\]\[]*+\]|\{(?P<least>\d+)(?:,(?P<most>\d*))?\}|.")
REPEAT_MAX = 1000
"""What RE2 takes, of repeats of repeats all together."""


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
        return f"{text[0]}[^{text[0]}]+{text[0]}"
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
    if "\n" in pattern or "\r" in pattern:
        return "It has a line break in it. Write one line."
    if why := _not_of_re2(pattern):
        return why
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            compiled = re.compile(pattern)
    except FutureWarning:  # the other engine reads [[:alpha:]] as letters
        return "Marks within [ ] can be read in two ways. Write a backslash before each: [\\[a\\]]."
    except re.error as error:
        return f"This is no pattern: {error.msg}."
    if compiled.search("") or not _LETTERS.search(_ESCAPED.sub(" ", pattern)):
        return "It would match nearly every line. Leave a few of its words in."
    return ""


def _not_of_re2(pattern: str) -> str:
    """What Python's engine takes and the reading's doesn't, or reads in another way; "" where there is nothing."""
    plain = _PAIR.sub("_", pattern)
    escapes = [hit[1] for hit in _PAIR.finditer(pattern)]
    if _OTHER_GROUP.search(plain) or _POSSESSIVE.search(plain) or any(each in "123456789" for each in escapes):
        return "Look-around, back references and possessive marks aren't possible."
    strange = next((each for each in escapes if _is_strange(each)), "")
    if strange or any(map(_BOUNDARY.search, _CLASS.findall(pattern))):
        return f"\\{strange or 'b'} isn't possible here. Write the letter itself."
    if _OPEN_REPEAT.search(plain):
        return "A repeat needs its least number: write {0,5} for {,5}."
    if _repeats(plain) > REPEAT_MAX:
        return f"Nothing can be repeated more than {REPEAT_MAX:,} times."
    return ""


def _is_strange(letter: str) -> bool:
    """Whether the letter behind a backslash means nothing, or something else, to the other engine."""
    return (letter.isalnum() or not letter.isascii()) and letter not in _KNOWN_ESCAPES


def _repeats(pattern: str) -> int:
    """How often the innermost part is repeated at most, repeats of repeats multiplied."""
    most_in, last = [1], 1
    for token in _TOKEN.finditer(pattern):
        if token[0] == "(":
            most_in.append(1)
        elif token[0] == ")":
            last = most_in.pop()
        elif token["least"]:
            last *= max(1, int(token["most"] or token["least"]))
        else:
            last = 1
        if not most_in:
            return last
        most_in[-1] = max(most_in[-1], last)
    return max(most_in)
