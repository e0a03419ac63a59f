"""What a search means: words, their synonyms, and how good a hit is. Pure; the index finds what is asked here."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from bot.known_issues.model import Age, KnownIssue, Learned
from bot.loose_json import normalized
from bot.slack_marks import searchable
from bot.targets.model import Catalog

MOST_WORDS = 48
"""How many words, phrases and targets of a question count."""
LONGEST = 1_500
"""How many characters of a question are read."""
LONGEST_WORD = 24
"""Longer ones are tokens and hashes, which nobody mistypes."""

# fmt: off
STOP_WORDS = frozenset((
    "a", "about", "after", "again", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by",
    "can", "cannot", "cant", "could", "customer", "customers", "did", "do", "does", "doesn", "doesnt", "don", "dont",
    "for", "from", "get", "gets", "had", "has", "have", "he", "her", "hi", "his", "how", "i", "if", "in", "into", "is",
    "isn", "isnt", "it", "its", "just", "keep", "keeps", "know", "known", "lot", "many", "me", "most", "my", "no",
    "not", "now", "of", "on", "only", "or", "our", "people", "please", "s", "say", "says", "she", "since", "so", "some",
    "still", "t", "that", "the", "their", "them", "then", "there", "they", "this", "to", "today", "user", "users",
    "very", "was", "we", "were", "what", "when", "which", "while", "who", "why", "will", "with", "won", "wont", "you",
    "your",
))
# fmt: on
"""Words that say nothing about what is wrong; where a question has no other words, they count."""

_FORM = re.compile(r"^[ \t>]*+(?:#{1,6}[ \t].*+|\*\*[^*\n]{1,60}\*\*:?[ \t]*+|[-*][ \t]*+\[[ xX]?\].*+)$", re.MULTILINE)
"""Headings and ticked boxes of a form: what the form says, and not who filled it in."""
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile("['’]")
_LONGEST_NAME = 4
"""Words of a target's name or of a phrase."""


@dataclass(frozen=True, slots=True)
class WordGroup:
    """One thing that is looked for: `said` as the person wrote it, `forms` the ways to say it, each as its words.

    `target` is set where the person named one.
    """

    said: str
    forms: tuple[tuple[str, ...], ...]
    target: str = ""

    @property
    def query(self) -> str:
        """FTS5's syntax: every form is quoted, so that nothing in it is syntax."""
        return " OR ".join(f'"{" ".join(form)}"' for form in self.forms)

    @property
    def word(self) -> str:
        """The one word that it is; "" for a phrase, a target, or what can be said in several ways."""
        return self.forms[0][0] if len(self.forms) == 1 and len(self.forms[0]) == 1 else ""


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """A person's question as groups of words, each of which should be found."""

    groups: tuple[WordGroup, ...]
    target: str = ""


class MatchLevel(StrEnum):
    """How near a hit is."""

    WORDS = "words"
    """It has what was asked, in these words or others."""
    AREA = "area"
    """It is about the same target or kind of trouble, and has little of what was asked."""


@dataclass(frozen=True, slots=True)
class Match:
    """A known issue, or what an investigation of ours found out, with why it matches.

    `why` are the person's own words that it has, `near` those that it says in other words, `target` the target that
    both are about ("" for none), `affected` the confirmed tickets of investigations that are about it. `score` has no
    unit; `covered` is the share (0 to 1) of what was asked that it has, rare words counting most.
    """

    issue: KnownIssue | None
    learned: Learned | None
    why: tuple[str, ...]
    target: str = ""
    score: float = 0.0
    covered: float = 0.0
    affected: int = 0
    near: tuple[str, ...] = ()
    level: MatchLevel = MatchLevel.WORDS


@dataclass(frozen=True, slots=True)
class Found:
    """What words find by themselves, best first, and which slips were put right."""

    hits: tuple[Match, ...]
    instead: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Matches:
    """Matches, best first, and how old the data is. `instead` are slips that were put right ("teh" → "the")."""

    best: tuple[Match, ...]
    ages: tuple[Age, ...] = ()
    instead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as the index has them: lower case, Latin letters without accents.

    FTS5's unicode61 compares other letters as they are (https://www.sqlite.org/fts5.html#unicode61_tokenizer).
    """
    composed = normalized("NFC", text).lower()
    plain = composed if composed.isascii() else "".join(map(_without_accent, composed))
    return tuple(_WORD.findall(plain))


@lru_cache(maxsize=16_384)
def _without_accent(char: str) -> str:
    base = unicodedata.normalize("NFD", char)[:1]
    return base if base.isascii() else char


def question(text: str, synonyms: Mapping[str, Sequence[str]], catalog: Catalog, *, target: str = "") -> SearchQuestion:
    """Read what a person typed. A target's name in it is one group, and so is a phrase that has synonyms."""
    words = words_of(searchable(_FORM.sub(" ", text[: 2 * LONGEST]))[:LONGEST])
    phrases = _phrases(synonyms)
    groups: list[WordGroup] = []
    at = 0
    while at < len(words):
        group, length = _group(words, at, phrases, catalog)
        again = any(set(group.forms) == set(other.forms) for other in groups)
        groups += [] if again else [group]
        at += length
    telling = [other for other in groups if other.said not in STOP_WORDS] or groups
    named = next((other.target for other in telling if other.target), "")
    return SearchQuestion(tuple(telling[:MOST_WORDS]), target or named)


def _group(
    words: Sequence[str], at: int, phrases: Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]], catalog: Catalog
) -> tuple[WordGroup, int]:
    """The longest thing that begins at a word, and its length in words."""
    for length in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
        part = tuple(words[at : at + length])
        said = " ".join(part)
        if part in phrases:
            return WordGroup(said, phrases[part]), length
        if target := catalog.find(said):
            names = (part, *(words_of(name) for name in (target.title, *target.aliases)))
            return WordGroup(said, tuple(dict.fromkeys(name for name in names if name)), target.key), length
    return WordGroup(words[at], ((words[at],),)), 1


def _phrases(synonyms: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Every way to say something leads to all of them."""
    phrases: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
    for word, others in synonyms.items():
        spelled = [form for text in (word, *others) for form in (text, _APOSTROPHE.sub("", text))]
        forms = tuple(dict.fromkeys(form for form in map(words_of, spelled) if form))
        for form in forms:
            phrases[form] = tuple(dict.fromkeys((form, *phrases.get(form, ()), *forms)))
    return phrases


def rarity(count: float, total: int) -> float:
    """The weight of a word that `count` of `total` documents have."""
    return math.log(1 + total / max(count, 1.0))


HALF_LIFE = timedelta(days=120)


def rank(text: float, *, same_target: bool, live: bool, at: datetime, now: datetime) -> float:
    """Joins what the words say with target, state and recency; those three decide among hits that are close."""
    recent: float = 0.5 ** (max(now - at, timedelta()) / HALF_LIFE)
    return text * (1 + 0.05 * recent) * (1.3 if same_target else 1.0) * (1.1 if live else 1.0)


def slips(word: str) -> Iterator[str]:
    """The word, and what is left of it when one letter is missing: two words that share one are a slip apart."""
    yield word
    if 4 <= len(word) <= LONGEST_WORD and not word.isdigit():
        yield from dict.fromkeys(word[:at] + word[at + 1 :] for at in range(len(word)))


def distance(one: str, other: str) -> int:
    """How many letters must be added, dropped, replaced or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        older, before, row = before, row, [at]
        for place, target in enumerate(other, 1):
            cost = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != target))
            if at > 1 and place > 1 and (letter, one[at - 2]) == (other[place - 2], target):
                cost = min(cost, older[place - 2] + 1)
            row.append(cost)
    return row[-1]


def nearest(
    word: str, candidates: Iterable[str], limit: int = 3, *, there: Callable[[str], bool] = bool
) -> tuple[str, ...]:
    """Returns the words within two slips, all equally close; a short word allows one slip. `there` filters them."""
    allowed = 1 if len(word) < 7 else 2
    ranked = sorted((far, candidate) for candidate in candidates if (far := distance(word, candidate)) <= allowed)
    words: list[str] = []
    best = allowed
    for far, candidate in ranked:
        if far > best or len(words) == limit:
            break
        if there(candidate):
            words.append(candidate)
            best = far
    return tuple(words)
