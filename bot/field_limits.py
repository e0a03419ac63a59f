"""How much a person may write into one field of a record: what is kept is also shown, whole, in one message."""

from collections.abc import Iterable

from bot.errors import BadInput

TYPED_MAX = 2900
"""Characters as Slack counts them; a section of a message takes 3,000."""

_LONGER_IN_SLACK = {"&": 5, "<": 4, ">": 4}


class TooLong(BadInput):
    """More than can be shown. `what` names it for the person ("A note"); `most` is the limit."""

    def __init__(self, what: str, length: int, most: int) -> None:
        super().__init__(f"{what} takes at most {most:,} characters, and this is {length:,} long. Shorten it.")
        self.length = length
        self.most = most


def length_in_slack(text: str) -> int:
    """Slack counts `&`, `<` and `>` as the entities that it needs for them."""
    return len(text) + sum(text.count(char) * (length - 1) for char, length in _LONGER_IN_SLACK.items())


def require_short(text: str, what: str, most: int = TYPED_MAX) -> None:
    """Raises TooLong. Nothing that a person wrote is cut without a word."""
    length = length_in_slack(text)
    if length > most:
        raise TooLong(what, length, most)


def beginning(text: str, most: int = TYPED_MAX) -> str:
    """As much of a text as is short enough."""
    return text if length_in_slack(text) <= most else text[: _fitting(text, most)]


def _fitting(text: str, most: int) -> int:
    length = 0
    for place, char in enumerate(text):
        length += _LONGER_IN_SLACK.get(char, 1)
        if length > most:
            return place
    return len(text)


def with_lines(typed: str, lines: Iterable[str], most: int = TYPED_MAX) -> str:
    """What somebody typed, whole, with the lines that are not in it yet, as far as there is room for them."""
    text = typed.rstrip()
    for line in lines:
        longer = f"{text}\n{line}" if text else line
        if line and line not in text and length_in_slack(longer) <= most:
            text = longer
    return text
