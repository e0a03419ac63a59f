"""Buttons and words that do one thing to the record that they name, as the person who says so."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.slack.listener import Handler
from bot.slack.request import Answer, Request
from commands.services import Services
from commands.thread import meant

Spoken = Callable[[Request, Services, str], Awaitable[Answer]]
"""Answers a word, and gets what was said behind it."""


class Verb(Protocol):
    """What a service does for a person to one of its records."""

    def __call__(self, number: int, /, *, by: str) -> Awaitable[object]: ...


def pressed(verb: Callable[[Services], Verb]) -> Handler[Services]:
    """What such a button does, and says nothing: the record's card shows it."""

    async def press(request: Request, services: Services) -> Answer:
        await verb(services)(int(request.value), by=request.user)
        return None

    return press


def spoken(verb: Callable[[Services], Verb]) -> Spoken:
    """What a word does that says nothing else, to the investigation that it is about."""

    async def say(request: Request, services: Services, rest: str) -> Answer:
        number, _ = meant(request, services, rest)
        await verb(services)(number, by=request.user)
        return None

    return say
