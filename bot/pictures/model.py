"""A picture as the rooms hand it on."""

import hashlib
from dataclasses import dataclass

ALT_MAX = 1000
"""Characters that Slack takes as the alternative text of a file."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG. `alt` is what a screen reader says instead, at most ALT_MAX characters; it holds the verdict."""

    png: bytes
    alt: str

    @property
    def digest(self) -> str:
        """The same for two pictures that look and read alike."""
        return hashlib.sha256(self.png + self.alt.encode()).hexdigest()[:32]


def cut_alt(words: str) -> str:
    """At most as long as Slack takes it."""
    return words if len(words) <= ALT_MAX else words[: ALT_MAX - 1] + "…"
