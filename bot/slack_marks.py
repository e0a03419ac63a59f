"""Marks in what people write: names for readers in place of Slack's, nothing for searches, no turned lines. Pure."""

import re
from collections.abc import Mapping

_MARK = re.compile(r"<(?P<kind>[@#]|!subteam\^|!)(?P<of>[^<>|]{1,200}+)(?:\|(?P<label>[^<>]{0,200}+))?>")
_EMOJI = re.compile(r"(?<![\w:])(?::[\w+'-]{1,100}:){1,50}(?!\w)")
_LETTER = re.compile(r"[^\W\d_]")
_NUMBERED = re.compile(r"[+-]1|100|1234|8ball")
_CALLED = re.compile(r"(?<![\w.@#])(?:@[^\W_][\w.-]{0,80}|#[^\W\d_A-Z][\w-]{0,80})")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
"""Marks that turn the direction of the text that follows; a subject must not rearrange the line it stands in."""
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_UNKNOWN = {"@": "@someone", "#": "#channel", "!subteam^": "@group"}


def straight(text: str) -> str:
    """Foreign text without direction marks."""
    return text if text.isascii() else _TURNS.sub("", text)


def hyphened(text: str) -> str:
    """A name with the hyphen that was meant: phones put other dashes for it."""
    return text.translate(_HYPHENS)


def plain_name(text: str) -> str:
    """A name as it was meant, without the marks that people paste around it; an address stays as it is."""
    return text.strip() if "://" in text else hyphened(straight(text)).strip(" \t\n\xa0*_~`'\"()[].,:;!?")


def unnamed(text: str) -> frozenset[str]:
    """Ids of people, groups and channels that are mentioned without a name."""
    marks = _MARK.finditer(text) if "<" in text else ()
    return frozenset(hit["of"] for hit in marks if hit["kind"] != "!" and not (hit["label"] or "").strip("@# "))


def readable(text: str, names: Mapping[str, str]) -> str:
    """Every mention as a name: that of `names` (by id), else the one it came with, else a word for it."""
    return _MARK.sub(lambda hit: _name(hit, names), text) if "<" in text else text


def without_emoji(text: str) -> str:
    """Without `:rotating_light:` and the like, which mean nothing outside of Slack; times and addresses stay."""
    if ":" not in text:
        return text
    plain = _EMOJI.sub(lambda hit: " " if _is_emoji(hit[0]) else hit[0], text)
    return "\n".join(" ".join(line.split()) for line in plain.split("\n")).strip() if plain != text else text


def searchable(text: str) -> str:
    """Only what may stand in a ticket or an issue: no emoji, and nobody's name."""
    return _CALLED.sub(" ", without_emoji(_MARK.sub(" ", text) if "<" in text else text))


def _name(hit: re.Match[str], names: Mapping[str, str]) -> str:
    kind, of, label = hit["kind"], hit["of"], (hit["label"] or "").strip()
    if kind == "!":
        # <!date^…|09:14> has its own words; <!here> and the like are names.
        return label.lstrip("@") if of.startswith("date^") else f"@{(label or of).lstrip('@')}"
    name = names.get(of) or label
    return f"{kind[0].replace('!', '@')}{name.lstrip('@#')}" if name.strip("@# ") else _UNKNOWN[kind]


def _is_emoji(codes: str) -> bool:
    return all(_LETTER.search(code) or _NUMBERED.fullmatch(code) for code in codes.strip(":").split("::"))
