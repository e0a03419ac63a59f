"""The one parser of words: for slash commands, mentions and direct messages."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.errors import BadInput
from bot.investigations.update_model import Purpose
from bot.probes.places import CUSTOMERS
from bot.slack_marks import straight
from bot.targets.model import folded

EXAMPLES: dict[str, str] = {
    "investigate": "investigate us-east packet loss",
    "claim": "claim",
    "release": "release",
    "handover": "handover @jo customers on Android only, MTR is clean",
    "move": "move T2 CS only customers on Android",
    "join": "join",
    "tickets": "tickets https://acme.zendesk.com/agent/tickets/4711",
    "probe": "probe mtr us-east from Brisbane, Berlin",
    "known": "known cannot connect on android",
    "note": "note only customers of one provider",
    "correct": "correct only customers of two providers",
    "withdraw": "withdraw wrong customer",
    "update": "update the provider is on it, next news at 11",
    "said": "said by phone use U.S. West for now",
    "tell": "tell tier 1 use U.S. West for now, we are mending U.S. East",
    "remind": "remind me in 30 min call the provider again",
    "escalate": "escalate",
    "ack": "ack",
    "handoff": "handoff",
    "vendor": "vendor note they see it too, and reroute",
    "reference": "reference NL-4711",
    "resolve": "resolve transit provider fixed its link",
    "dismiss": "dismiss one customer with a broken router",
    "reopen": "reopen",
    "merge": "merge INV-3",
    "unmerge": "unmerge INV-5",
    "caused": "caused by INV-12",
    "same": "same transit as INV-12",
    "related": "related to INV-12 both began after the release",
    "unrelate": "unrelate INV-12",
    "timeline": "timeline",
    "export": "export",
    "status": "status",
    "trends": "trends",
    "help": "help",
}
"""Every word that a mention understands, with an example of its use."""

ALIASES = {
    "?": "help",
    "acknowledge": "ack",
    "take": "claim",
    "ticket": "tickets",
    "notes": "note",
    "updates": "update",
    "reminder": "remind",
    "relate": "related",
    "unrelated": "unrelate",
}
MEANT = {
    "add": ("tickets", "note"),
    "assign": ("handover",),
    "cancel": ("dismiss",),
    "close": ("resolve", "dismiss"),
    "closed": ("resolve", "dismiss"),
    "done": ("resolve",),
    "dup": ("merge",),
    "duplicate": ("merge",),
    "fixed": ("resolve",),
    "followup": ("remind",),
    "log": ("note",),
    "mine": ("claim",),
    "snooze": ("remind",),
    "solve": ("resolve",),
    "solved": ("resolve",),
    "takeover": ("claim",),
    "transfer": ("handover", "move"),
    "undo": ("unmerge", "reopen"),
}
"""What is called otherwise elsewhere: what looks like it is something else."""
_PROBES = frozenset(("ping", "mtr", "http", "dns", "tls", "tcp", "vpn", "smoke"))
"""Kinds of probes that are no ordinary words: whoever says one with a target wants it run."""
MEANT |= dict.fromkeys(_PROBES, ("probe",))

_AROUND_IT = " \t\n\r\xa0"
_AROUND = f"{_AROUND_IT},:;.!"
"""What people write after a mention ("@secondline: claim") or a word ("claim!") and mean nothing by."""
# Letters of any script, digits, and what stands in names of cities and networks; "+" means and.
_PLACE = re.compile(r"[\w .+'’()&/-]{1,60}")
_CUSTOMERS = ("customers", "the customers", "customer", "tickets")
_EMOJI_FIRST = re.compile(r"\A\s*+(?::[\w+'-]{1,100}:\s*+){1,50}")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*+)?>")
_ME = re.compile(r"\A\s*me\b[\s,:]*", re.IGNORECASE)
_FIRST_TIER = r"tier[\s‐‑-]?(?:1|one)|t1"
_TIMES = re.compile(r"\A(.*?)(?: ?[x×] ?(\d{1,2}))?\Z")
_AUDIENCE = re.compile(
    rf"\A\s*+(?:(?:to|for)\s)?(?:the\s)?({_FIRST_TIER}|management|managers?|ltm|@ltm)\s?:", re.IGNORECASE
)
_TOLD_BY = re.compile(
    r"\A\s*+(?:by|on|in|via|over)\s(?:the\s)?(phone|calls?|chat|tickets?|hand|status\s?page)\b[\s:,]*", re.IGNORECASE
)
_OTHER_WAY = re.compile(r"\A\s*+(?:by|via|over)\s+\w+\W*\Z", re.IGNORECASE)
_WAYS = {
    "phone": Purpose.PHONE,
    "call": Purpose.PHONE,
    "chat": Purpose.CHAT,
    "ticket": Purpose.HAND,
    "hand": Purpose.HAND,
    "page": Purpose.STATUS_PAGE,
}
_TIER1 = re.compile(rf"\A\s*+(?:{_FIRST_TIER})\b[\s,:]*", re.IGNORECASE)
_TO = re.compile(r"\A\s*+to\s", re.IGNORECASE)
_TO_WHOM = re.compile(r"(?<!\S)(?:over )?(?:to|for|with)[\s:]{1,9}\Z", re.IGNORECASE)
_BEHIND = f"{_AROUND}-–—"
_TEAM_WORDS = 4
_DIGITS = re.compile(r"\d+")
_SPACES = re.compile(r"\s+")
_LISTED = re.compile(r",| and | & ")
_IN_STATE = re.compile(r"(?<=\w\w\w), ?(AK|CT|DC|FL|HI|IA|KS|MI|N[DHJMVY]|O[HKR]|RI|TX|UT|VT|W[AIVY])\b")
"""A state of the USA behind a city, "Washington, DC", whose letters are no country's: that is one place."""
_FROM = re.compile(r" from ", re.IGNORECASE)
_WRAPPED = re.compile(r"\A(```|[`*_~\"'“”‘’])(.+?)[`*_~\"'“”‘’]{1,3}(\s.*|)\Z", re.DOTALL)
"""What is pasted from help, and what stands in quotation marks."""
_POLITE = re.compile(r"\A(?:please|pls|plz)\b[\s,:]*", re.IGNORECASE)
_JOINED = re.compile(r"[:,#]")
_OUR_TEAM = re.compile(r"\A(?:the\s+)?(\w+)\s+team\b", re.IGNORECASE)


_EQUAL = 0.02
"""Words whose likeness differs by less are equally near."""


class UnknownWord(BadInput):
    """The first word is no command. `nearest` is the one that it resembles, "" if none, or several equally."""

    def __init__(self, word: str) -> None:
        word = word.strip(_AROUND)
        meant_ones = list(MEANT.get(word.lower(), ())) or _alike(word.lower())
        self.nearest = meant_ones[0] if len(meant_ones) == 1 else ""
        example = EXAMPLES[meant_ones[0] if meant_ones else "probe"]
        meant = f"Did you mean {' or '.join(map(repr, meant_ones))}? " if meant_ones else ""
        super().__init__(f"I don't know {word[:40]!r}. {meant}For example: `{example}`. `help` lists everything.")


def _alike(word: str) -> list[str]:
    close = difflib.get_close_matches(word, [*EXAMPLES, *ALIASES], n=5, cutoff=0.5)
    likes = [difflib.SequenceMatcher(None, name, word).ratio() for name in close]
    first = [ALIASES.get(name, name) for name, like in zip(close, likes, strict=True) if like > likes[0] - _EQUAL]
    return list(dict.fromkeys(first))[:3]


@dataclass(frozen=True, slots=True)
class ReadWords:
    """A command's first word, in its canonical form, and everything after it."""

    verb: str
    rest: str


def parse(text: str, bot_user: str = "") -> ReadWords:
    """Read a command; mentions of the bot itself, and emoji, marks and "please" before it are left out.

    Nothing is `help`, `hand over` and `hand-over` are one, and `mtr us-east` is `probe mtr us-east`.

    Raises UnknownWord.
    """
    without = _MENTION.sub(lambda hit: " " if hit[1] == bot_user else hit[0], text)
    begun = _EMOJI_FIRST.sub("", straight(without)).lstrip(_AROUND).rstrip(_AROUND_IT)
    said = _POLITE.sub("", _unwrapped(begun).lstrip(_AROUND))
    verb, rest = _first_word(said)
    word = verb.lower().rstrip(_AROUND)
    word = ALIASES.get(word, word)
    if not word:
        return ReadWords("help", "")
    if word in _PROBES and rest:
        return ReadWords("probe", said)
    if word not in EXAMPLES:
        second, after = (*rest.split(maxsplit=1), "", "")[:2]
        joined = {f"{word}{second}".lower().rstrip(_AROUND): after, word.replace("-", ""): rest}
        word, rest = next(((name, left) for name, left in joined.items() if name in EXAMPLES), ("", rest))
    if not word:
        raise UnknownWord(verb)
    return ReadWords(word, rest.strip())


def _unwrapped(text: str) -> str:
    wrapped = _WRAPPED.match(text)
    return f"{wrapped[2]}{wrapped[3]}" if wrapped else text


def _first_word(said: str) -> tuple[str, str]:
    """The word, and what follows; "note:x" and "tickets#4711" are two words where the first is one that is known."""
    verb, rest = (*said.split(maxsplit=1), "", "")[:2]
    mark = _JOINED.search(verb)
    known = mark and (verb[: mark.start()].lower() in EXAMPLES or verb[: mark.start()].lower() in ALIASES)
    if not mark or not known:
        return verb, rest
    return verb[: mark.start()], said[mark.start() :].lstrip(_AROUND)


def person_and_rest(text: str) -> tuple[str, str]:
    """`to <@U123>: some words` as ("U123", "some words"). Raises BadInput where nobody is mentioned."""
    match = _MENTION.search(text)
    if not match:
        raise BadInput("Mention the person: `handover @jo what they should know`.")
    before, after = _TO_WHOM.sub("", text[: match.start()]), text[match.end() :].lstrip(_BEHIND)
    return match[1], " ".join(f"{before} {after}".split())


def purpose_and_text(text: str) -> tuple[Purpose, str]:
    """`management: he called` as (MANAGEMENT, "he called"); for both where nobody is named with a colon."""
    match = _AUDIENCE.match(text)
    if not match:
        return Purpose.BOTH, text.strip()
    tier1 = match[1].lower().startswith("t")
    return Purpose.TIER1 if tier1 else Purpose.MANAGEMENT, text[match.end() :].strip()


def told_how(text: str) -> tuple[Purpose, str]:
    """`by phone: use U.S. West` as (PHONE, "use U.S. West"); by hand where it does not say how, as `by mail` alone."""
    match = _TOLD_BY.match(text)
    if not match and _OTHER_WAY.match(text):
        return Purpose.HAND, ""
    if not match:
        return Purpose.HAND, text.strip()
    how = next(purpose for word, purpose in _WAYS.items() if word in match[1].lower())
    return how, text[match.end() :].strip()


def team_and_note(text: str, teams: Mapping[str, str]) -> tuple[str, str]:
    """`to T2 CS only on Android` as ("t2-cs", "only on Android"); ("", all of it) where no team is named first.

    `teams` are keys by title. Alone, a word of one team's title names it too.
    """
    known = {folded(name): key for title, key in teams.items() for name in (title, key)}
    named = _OUR_TEAM.sub(r"\1", _TO.sub("", text, count=1), count=1)
    alone = [key for title, key in teams.items() if folded(named) in map(folded, title.split())]
    if len(alone) == 1 and folded(named):
        return alone[0], ""
    for count in range(_TEAM_WORDS, 0, -1):
        words = named.split(maxsplit=count)
        if len(words) >= count and (key := known.get(folded("".join(words[:count])))):
            return key, "".join(words[count:]).strip(_AROUND)
    return "", text.strip()


def names_no_team(note: str, titles: Iterable[str]) -> bool:
    """Whether a note begins as if it named a team that there is not: one word alone, or "T9" where there is "T2"."""
    first, *others = _TO.sub("", note, count=1).split() or [""]
    shapes = {_DIGITS.sub("0", folded(title.split()[0])) for title in titles if title.strip()}
    return bool(first) and (not others or _DIGITS.sub("0", folded(first)) in shapes)


def for_tier1(text: str) -> str:
    """`tier 1: use U.S. West` as "use U.S. West", and "" for `tier 1 nothing`, which takes it back."""
    words = _TIER1.sub("", text, count=1).strip()
    return "" if words.lower().rstrip(".!") == "nothing" else words


def whom_first(text: str) -> tuple[str, str]:
    """`<@U123> some words` as ("U123", "some words"); "" for "me", and where nobody stands first."""
    words = _ME.sub("", text, count=1)
    match = _MENTION.match(words.lstrip())
    return (match[1], words.lstrip()[match.end() :].strip()) if match else ("", words)


def kind_and_places(text: str) -> tuple[str, str, tuple[str, ...]]:
    """`mtr us-east from Brisbane, Germany x2` as ("mtr", "us-east", ("Brisbane", "Germany", "Germany")).

    `from here` names no place, `from customers` those of the tickets. Raises BadInput.
    """
    what, *places = _FROM.split(_SPACES.sub(" ", f"{text.strip()} "), maxsplit=1)
    kind, _, subject = what.strip().partition(" ")
    # "+" is Globalping's "and".
    parts = _LISTED.split(_IN_STATE.sub(r"+\1", "".join(places)))
    listed = [place for part in parts for place in _place(part.strip())]
    return kind.lower(), subject.strip(), tuple(listed)


def _place(words: str) -> list[str]:
    """One place, as often as probes are wanted there; none for here."""
    match = _TIMES.fullmatch(words.rstrip(" .!"))
    name, count = (match[1].strip(), int(match[2] or 1)) if match else ("", 1)
    if name.lower() in ("", "here", "local"):
        return []
    if name.lower() in _CUSTOMERS:
        return [CUSTOMERS]
    if not _PLACE.fullmatch(name) or not count:
        raise BadInput(f"{words[:40]!r} is no place. For example: `probe mtr us-east from Brisbane, Germany x2`.")
    return [name] * count
