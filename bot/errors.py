"""One tree of errors: each carries data, whether trying again helps, and a sentence for the person."""

import re
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

YOUR_ADMIN = "your admin"
"""As sentences call whoever runs the bot."""
_ADMIN = re.compile(YOUR_ADMIN, re.I)


class SecondLineError(Exception):
    """Root of every error of this project.

    `sentence` is plain text for the person in front of Slack: what happened and what to do. It may hold
    text from outside and is escaped where it becomes a message. `who_can` are the ids of those who can do it instead:
    their names are said behind it.
    """

    retry = False
    """Whether the same call can succeed later without anybody changing anything."""

    def __init__(self, sentence: str, *, who_can: Iterable[str | None] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.who_can = tuple(dict.fromkeys(user for user in who_can if user))


def with_admin(sentence: str, admin: str) -> str:
    """A sentence that sends to whoever runs the bot, with what people call them."""
    return _ADMIN.sub(lambda hit: admin[:1].upper() + admin[1:] if hit[0].startswith("Y") else admin, sentence)


class BadInput(SecondLineError):
    """What a person typed or chose can't be used; the sentence names what is possible."""


class TooMuch(BadInput):
    """One person asks for more than one person may. They are told once about each `topic`, not each time."""

    def __init__(self, sentence: str, *, topic: str) -> None:
        super().__init__(sentence)
        self.topic = topic


class NotAllowed(SecondLineError):
    """The person may not do this."""


class NotFound(SecondLineError):
    """A record that was named does not exist."""


def existing(record: T | None, sentence: str) -> T:
    """Returns the record. Raises NotFound with that sentence where there is none."""
    if record is None:
        raise NotFound(sentence)
    return record


class OutsideError(SecondLineError):
    """An outside system did not do what was asked of it.

    `system` is its name for people ("Zendesk"), `reason` a few words, `retry_after_s` what it asked for.
    """

    def __init__(self, system: str, reason: str, *, retry: bool, retry_after_s: float | None = None) -> None:
        hint = "Try again in a minute." if retry else "Trying again won't help until that is fixed."
        super().__init__(f"{system}: {reason}. {hint}")
        self.system = system
        self.reason = reason
        self.retry = retry
        self.retry_after_s = retry_after_s
