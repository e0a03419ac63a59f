"""Words as they are compared, and phrases that are looked for: one table for all of them, made once. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from bot.loose_json import normalized
from bot.reading.cues import flags_of
from bot.reading.languages import SILENT, small_words, telling_words
from bot.reading.word_lists import word_set

_TOKEN = re.compile(r"([぀-ヿ㐀-鿿]|[^\W_]+(?:'[^\W_]+|(?<=\d)\.\d+)*)")
_MARKS = re.compile("[\u0300-\u036f]+")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})
# Before a vowel some words are written together with the next one: "j'habite", "dell'app".
_ELIDED = word_set(
    """
    l d j n s c m t qu jusqu lorsqu puisqu quelqu all dall dell nell sull coll un quest quell dov com anch
    """
)
_SMALL = frozenset(small_words())
_TELLING = telling_words()
_LONGEST = 30
"""Letters of a word that is a term; what is longer is a token of a machine."""
_DIGITS = "0123456789"
GAP_MAX = 2
"""Words that may stand in the place of a "~"."""
_REMEMBERED = 6_000
"""Words whose meaning is kept: a language has some thousands that come again and again."""


def split(text: str) -> list[str]:
    """Words at odd places, what stands between them at even ones."""
    return _TOKEN.split(text)


def folded(word: str) -> str:
    """Without marks and apostrophes: "Zürich" is "zurich", "don't" is "dont", "l'app" is "app"."""
    if "'" in word:
        head, _, rest = word.partition("'")
        word = rest.replace("'", "") if head in _ELIDED and rest else word.replace("'", "")
    if word.isascii():
        return word
    bare = _MARKS.sub("", normalized("NFD", word)).translate(_LETTERS)
    return normalized("NFC", bare)


def folded_words(text: str) -> list[str]:
    plain = normalized("NFKC", normalized("NFKC", text).casefold()).replace("’", "'")
    return [folded(word) for word in _TOKEN.findall(plain)]


class Hit(NamedTuple):
    """A phrase that stands in a text: the words from `start` to before `end`."""

    start: int
    end: int
    kind: str
    value: str


@dataclass(slots=True)
class _Node:
    """Where phrases go on, by the next word, the beginning of a word, any number or a gap."""

    words: dict[str, "_Node"] = field(default_factory=dict)
    stems: dict[str, "_Node"] = field(default_factory=dict)
    number: "_Node | None" = None
    gap: "_Node | None" = None
    ends: tuple[tuple[str, str], ...] = ()
    sizes: tuple[int, ...] = ()
    """Of `stems`, by their letters."""
    more: bool = False
    """Whether any phrase goes on."""

    def seal(self) -> None:
        """Notes what is asked often, when everything is in."""
        self.more = bool(self.words or self.stems or self.number or self.gap)
        if not self.more:
            return
        self.sizes = tuple(sorted({len(stem) for stem in self.stems}))
        for node in (*self.words.values(), *self.stems.values(), self.number, self.gap):
            if node:
                node.seal()


class Entry:
    """What a word is, before anything around it is looked at."""

    def __init__(
        self, word: str, *, alone: tuple[tuple[str, str], ...], begins: tuple[_Node, ...], named: bool
    ) -> None:
        self.word = word
        """Folded."""
        self.stem = word.rstrip(_DIGITS)
        """Without a number at its end."""
        self.alone = alone
        """The phrases that it is by itself, as kind and value."""
        self.begins = begins
        """Where longer phrases begin with it."""
        open_ended = any(node.stems or node.number or node.gap for node in begins)
        self.follow = None if open_ended else frozenset(word for node in begins for word in node.words)
        """The words that may come next in those; None for many."""
        self.telling = bool(alone or begins)
        """Whether any phrase begins with it."""
        self.named = named
        """Whether names begin with it."""
        self.flags = flags_of(word)
        """What kinds of word of `cues` it is."""
        self.number = word[:1].isdigit() or (word[-1:].isdigit() and word[0] in "vwiam")
        """Whether it may be a version or a code."""
        self.small = word in _SMALL
        """Whether it says nothing by itself in some language."""
        self.silent = word in SILENT or (len(word) < 2 and not word.isdigit()) or len(word) > _LONGEST
        """Whether it is a word of letters, not of what letters are about."""
        self.languages = _TELLING.get(word, ())
        """Those that have it, where it tells any."""


class Lexicon:
    """Finds phrases: "connect*" is any word that begins so, "#" a number, "s#" an "s" with one, "~" up to two words."""

    def __init__(self, phrases: Mapping[tuple[str, str], Iterable[str]], *, name_begins: frozenset[str]) -> None:
        self._root = _Node()
        self._names = name_begins
        self.entry = lru_cache(maxsize=_REMEMBERED)(self._entry)
        """What a word of a text is; those that were asked lately are known."""
        for (kind, value), spelled in phrases.items():
            for phrase in spelled:
                self._add(phrase, kind, value)
        self._root.seal()

    def _add(self, phrase: str, kind: str, value: str) -> None:
        node = self._root
        for element in elements(phrase):
            if element == "#":
                node.number = node.number or _Node()
                node = node.number
            elif element == "~":
                node.gap = node.gap or _Node()
                node = node.gap
            elif element.endswith("*"):
                node = node.stems.setdefault(element[:-1], _Node())
            else:
                node = node.words.setdefault(element, _Node())
        if node is not self._root and (kind, value) not in node.ends:
            node.ends = (*node.ends, (kind, value))

    def _entry(self, word: str) -> Entry:
        bare = folded(word)
        nodes = tuple(_following(self._root, bare))
        stem = bare.rstrip(_DIGITS)
        alone: dict[str, str] = {}
        for node in nodes:
            for kind, value in node.ends:
                if kind not in alone or _stronger(value, alone[kind]):
                    alone[kind] = value
        return Entry(
            bare,
            alone=tuple(alone.items()),
            begins=tuple(node for node in nodes if node.more),
            named=bare in self._names or (len(stem) > 1 and stem in self._names),
        )

    def hits(self, words: Sequence[Entry], breaks: Sequence[int]) -> list[Hit]:
        """All phrases, in the order in which they begin; of one kind the longest at each place.

        `breaks[i]` is not 0 where a clause ends before word i: no phrase reaches over that.
        """
        hits: list[Hit] = []
        append, new = hits.append, tuple.__new__  # Hit(…) takes three times as long
        last = len(words) - 1
        for at, entry in enumerate(words):
            if not entry.telling:
                continue
            follow = entry.follow
            if entry.begins and at < last and not breaks[at + 1] and (follow is None or words[at + 1].word in follow):
                ends: list[tuple[int, str, str]] = []
                for node in entry.begins:
                    _collect(node, words, breaks, at + 1, ends)
                if not ends:
                    for kind, value in entry.alone:
                        append(new(Hit, (at, at + 1, kind, value)))
                    continue
                best = {kind: Hit(at, at + 1, kind, value) for kind, value in entry.alone}
                for end, kind, value in ends:
                    known = best.get(kind)
                    if known is None or known.end < end or (known.end == end and _stronger(value, known.value)):
                        best[kind] = Hit(at, end, kind, value)
                hits.extend(best.values())
            elif entry.alone:
                for kind, value in entry.alone:
                    append(new(Hit, (at, at + 1, kind, value)))
        return hits


def _stronger(value: str, other: str) -> bool:
    """Of two classes of symptoms; their weight is the last letter."""
    return value[-1:] > other[-1:]


def _following(node: _Node, word: str) -> list[_Node]:
    """Where phrases go on with a word."""
    nodes = []
    exact = node.words.get(word)
    if exact:
        nodes.append(exact)
    for size in node.sizes:
        if size > len(word):
            break
        stem = node.stems.get(word[:size])
        if stem:
            nodes.append(stem)
    if word[-1:].isdigit():
        if node.number and word[0].isdigit():
            nodes.append(node.number)
        numbered = node.words.get(f"{word.rstrip(_DIGITS)}#")
        if numbered:
            nodes.append(numbered)
    return nodes


def _collect(
    node: _Node, words: Sequence[Entry], breaks: Sequence[int], at: int, ends: list[tuple[int, str, str]]
) -> None:
    """Adds where phrases end that go on from a node with the word at a place."""
    if at >= len(words) or breaks[at]:
        return
    word = words[at].word
    if word in node.words or node.sizes or word[-1].isdigit():
        for following in _following(node, word):
            ends.extend([(at + 1, kind, value) for kind, value in following.ends])
            if following.more:
                _collect(following, words, breaks, at + 1, ends)
    if node.gap:
        for place in range(at, min(at + GAP_MAX + 1, len(words))):
            if breaks[place]:
                break
            _collect(node.gap, words, breaks, place, ends)


_ELEMENT = re.compile(r"[#~぀-ヿ㐀-鿿]|[^\W_]+(?:['’][^\W_]+)*[*#]?")


def elements(phrase: str) -> list[str]:
    """A phrase of a list as the table has it."""
    plain = normalized("NFKC", normalized("NFKC", phrase).casefold()).replace("’", "'")
    return [_element(element) for element in _ELEMENT.findall(plain)]


def _element(element: str) -> str:
    mark = element[-1] if element[-1] in "*#" else ""
    return folded(element.rstrip("*#")) + mark
