"""How words and phrases stand in the room's lists. Pure."""


def word_set(text: str) -> frozenset[str]:
    """Words between spaces."""
    return frozenset(text.split())


def listed(text: str) -> tuple[str, ...]:
    """Phrases between commas, or on lines of their own."""
    return tuple(phrase for line in text.splitlines() for part in line.split(",") if (phrase := part.strip()))
