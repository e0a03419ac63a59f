"""Buttons that do one thing to the record that they name, as the person who presses them."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.slack.listener import Handler
from bot.slack.request import Answer, Request
from commands.services import Services


class Verb(Protocol):
    """What a service does for a person to one of its records."""

    def __call__(self, number: int, /, *, by: str) -> Awaitable[object]: ...


def pressed(verb: Callable[[Services], Verb]) -> Handler[Services]:
    """What such a button does, and says nothing: the record's card shows it."""

    async def press(request: Request, services: Services) -> Answer:
        await verb(services)(int(request.value), by=request.user)
        return None

    return press
