"""The classes of what is wrong, with the words that customers use for them, in eight languages. Pure.

Those of vocabulary/symptoms.toml: what is strong is a sign of its class by itself; what is weak is a hint.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.reading.word_lists import listed, vocabulary

STRONG: Final = 3
PLAIN: Final = 2
WEAK: Final = 1
_WEIGHTS: Final = {"strong": STRONG, "plain": PLAIN, "weak": WEAK}

USUAL: Final[Mapping[str, Mapping[str, str]]] = vocabulary("symptoms")
"""Phrases by key and clearness; the order decides where two classes are said equally."""

FIRST: Final = listed("leak, payment, streaming, login, dns, crash, drops, speed, slow, connect")
"""Of two that are said equally the more special one."""

DENIED: Final = "!"

_NAMES = frozenset(("streaming", "payment", "login", "speed", "dns"))


def names_only(value: str) -> bool:
    """Whether a hit's class has words for what something is about, and not for what is wrong: "Netflix", "password"."""
    return value.rpartition(" ")[0] in _NAMES


def symptom_phrases(own: Mapping[str, Sequence[str]], *, usual: bool = True) -> dict[tuple[str, str], tuple[str, ...]]:
    """As a lexicon takes them; kind and weight are one: "symptom" or "verb", and "connect 3"."""
    by_place: dict[tuple[str, str], list[str]] = {}
    for key, words in USUAL.items() if usual else ():
        for clearness, text in words.items():
            _sorted(by_place, f"{key} {_WEIGHTS[clearness]}", listed(text))
    for key, phrases in own.items():
        _sorted(by_place, f"{key} {STRONG}", phrases)
    return {place: tuple(phrases) for place, phrases in by_place.items()}


def _sorted(by_place: dict[tuple[str, str], list[str]], value: str, phrases: Sequence[str]) -> None:
    for phrase in phrases:
        denied = phrase.startswith(DENIED)
        by_place.setdefault(("verb" if denied else "symptom", value), []).append(phrase.removeprefix(DENIED))
