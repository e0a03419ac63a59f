"""Which language a text is in, by its small words and its script (vocabulary/languages.toml)."""

import re
from collections.abc import Iterable
from typing import Final

from bot.reading.word_lists import vocabulary, word_set

_VOCABULARY: Final = vocabulary("languages")
# fmt: off
_SCRIPTS = (
    (0x0400, 0x052F, "ru"), (0x0370, 0x03FF, "el"), (0x0590, 0x05FF, "he"), (0x0600, 0x06FF, "ar"),
    (0x0900, 0x097F, "hi"), (0x0E00, 0x0E7F, "th"),
    (0xAC00, 0xD7AF, "ko"), (0x1100, 0x11FF, "ko"), (0x3040, 0x30FF, "ja"), (0x4E00, 0x9FFF, "zh"),
)
_SHARES = (0, *(1 / count for count in range(1, 30)))
_UKRAINIAN = frozenset("іїєґ")
_PERSIAN = frozenset("پچژگ")
_LETTERS = {"de": "ß", "pt": "ãõ", "es": "ñ¿¡", "pl": "łąężś", "tr": "ğ",
    "hu": "ő", "sv": "å", "da": "ø", "cs": "řě", "ro": "țș", "fr": "œê"}
# fmt: on
_MARKED = {letter: language for language, letters in _LETTERS.items() for letter in letters}
_MARKED_LETTER = re.compile(f"[{''.join(_MARKED)}]")
_FOREIGN = re.compile("[\u0370-\u06ff\u0900-\u097f\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
SILENT: Final = word_set(_VOCABULARY["silent"]["words"])
"""Words of letters, not of what letters are about."""


def small_words() -> dict[str, tuple[str, ...]]:
    """The languages of each small word."""
    return _by_word(_VOCABULARY["small"])


def telling_words() -> dict[str, tuple[str, ...]]:
    """The languages of words that tell them, small ones and those of complaints."""
    telling = _VOCABULARY["telling"]
    both = {key: f"{words} {telling.get(key, '')}" for key, words in _VOCABULARY["small"].items()}
    return _by_word(both)


def _by_word(lists: dict[str, str]) -> dict[str, tuple[str, ...]]:
    languages: dict[str, tuple[str, ...]] = {}
    for key, text in lists.items():
        for word in dict.fromkeys(text.split()):
            languages[word] = (*languages.get(word, ()), key)
    return languages


def language_of(text: str, said: Iterable[tuple[str, ...]]) -> str:
    """ISO 639-1, "" where nothing tells. `said` are the languages of each word that is known."""
    if _FOREIGN.search(text):
        script = _script(text)
        if script:
            return script
    weights: dict[str, float] = {}
    for languages in said:
        share = _SHARES[len(languages)]
        for language in languages:
            weights[language] = weights.get(language, 0) + share
    if not text.isascii():
        for char in _MARKED_LETTER.findall(text, 0, 2_000):
            marked = _MARKED[char]
            weights[marked] = weights.get(marked, 0) + 0.5
    return max(weights, key=lambda language: weights[language]) if weights else ""


def _script(text: str) -> str:
    """The language of a script other than Latin, where most letters are of it."""
    letters = [char for char in text[:600] if char.isalpha()]
    counts: dict[str, int] = {}
    for char in letters:
        if char > "\u0370":
            point = ord(char)
            language = next((language for first, last, language in _SCRIPTS if first <= point <= last), "")
            if language:
                counts[language] = counts.get(language, 0) + 1
    if not counts or 3 * sum(counts.values()) < len(letters):
        return ""
    if "ja" in counts:
        return "ja"
    best = max(counts, key=lambda language: counts[language])
    if best == "ru" and not _UKRAINIAN.isdisjoint(letters):
        return "uk"
    return "fa" if best == "ar" and not _PERSIAN.isdisjoint(letters) else best
