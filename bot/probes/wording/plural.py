"""What several do where one does something. Pure."""

_PLURALS = {
    "loses packets": "lose packets",
    "does not answer": "do not answer",
    "has trouble": "have trouble",
    "fails": "fail",
}


def plural_of(phrase: str) -> str:
    """A phrase of `Verdict.wrong` for several."""
    return _PLURALS.get(phrase, phrase)
