"""The room's lists of words, and how words and phrases stand in them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def vocabulary(name: str) -> dict[str, Any]:
    """Returns a file of vocabulary/, by its sections and keys."""
    path = Path(__file__).with_name("vocabulary") / f"{name}.toml"
    return tomllib.loads(path.read_text("utf-8"))


def phrases_by_key(kind: str, texts: Mapping[str, str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """As a lexicon takes them."""
    return {(kind, key): listed(text) for key, text in texts.items()}


def word_set(text: str) -> frozenset[str]:
    """Words between spaces."""
    return frozenset(text.split())


def listed(text: str) -> tuple[str, ...]:
    """Phrases between commas, or on lines of their own."""
    return tuple(phrase for line in text.splitlines() for part in line.split(",") if (phrase := part.strip()))
