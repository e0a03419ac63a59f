"""What an app runs on, and the words for it."""

from typing import Final

from bot.reading.word_lists import listed, phrases_by_key, vocabulary

_VOCABULARY: Final = vocabulary("platforms")
PLATFORMS: Final[dict[str, str]] = _VOCABULARY["platforms"]
"""Phrases by key."""


def platform_phrases() -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        **phrases_by_key("platform", PLATFORMS),
        **phrases_by_key("browser", _VOCABULARY["browsers"]),
        **phrases_by_key("platforms", _VOCABULARY["several"]),
        ("platform", ""): listed(_VOCABULARY["idle"]["phrases"]),
    }
