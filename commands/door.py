"""Who may ask the bot for anything: colleagues. Guests, strangers, apps and those who left are nobody.

Whoever is refused hears whom to ask instead.
"""

import html
import re
from collections.abc import Sequence

from bot.errors import SecondLineError, with_admin
from bot.messages.model import Content
from bot.names import names_listed
from bot.people import NotColleague
from bot.slack.given_back import given_back
from bot.slack.request import Clarification, Request
from bot.slack.text import escape
from commands.inputs import said
from commands.services import Services

ASKED_BY = ("command", "shortcut", "button", "form")
"""The kinds of routes that somebody asks for something by. Events tell of everybody, also of those who just left."""

WHOM_MAX = 4
"""So many names one sentence has."""

_LINK = re.compile(r"<(?:mailto:|(?=https?://))([^<>|\s'\"]{1,500}+)(?>(?:\|[^<>]{0,500}+)?)>?")
"""What Slack makes of an address; `<target>` is a word of our own."""
_CUT = re.compile(r"<[@#!][^<>\s'\"]{0,200}+(?!>)")
"""The beginning of a mention, where a sentence has only the first words of a text."""


class NotAdmitted(Clarification):
    """Tells somebody who is no colleague whom to ask, and gives back what they wrote: a sent command is gone.

    Who goes on all the same hears it once a minute, but for forms: their words are longer.
    """

    def __init__(self, refused: NotColleague, words: tuple[str, ...], *, is_form: bool) -> None:
        sentence = escape(refused.sentence)
        topic = "" if is_form else "who may ask"
        super().__init__(given_back(sentence, words) if words else Content(sentence), topic=topic)
        self.user = refused.user


async def admitted(route: str, request: Request, services: Services) -> bool:
    """Whether a handler runs for who asks. Raises NotAdmitted."""
    kind, _, name = route.partition(" ")
    if kind not in ASKED_BY:
        return True
    try:
        return await heard(request, services)
    except NotColleague as refused:
        typed = (await said(request.text, services)).strip() if kind == "command" else ""
        words = (f"{name} {typed}",) if typed else request.written
        raise NotAdmitted(refused, words, is_form=kind == "form") from refused


def shut(request: Request, services: Services) -> bool:
    """Whether Slack has said that who asks is no colleague: what `admitted` finds out, as far as memory goes."""
    return services.directory.is_gone(request.user)


async def worded(error: SecondLineError, user: str, services: Services) -> str:
    """What went wrong, with whom to ask: whatever it says back of somebody's words they read as they saw them."""
    others = [each for each in error.who_can if each != user]
    whom = await whom_to_ask(others, services) if others else ""
    named = _CUT.sub("…", _LINK.sub(r"\1", await services.directory.readable(error.sentence)))
    return f"{with_admin(html.unescape(named), services.directory.admin)} {whom}".strip()


async def whom_to_ask(users: Sequence[str], services: Services) -> str:
    """ "Ask @lena or @raj.": names as text, which call nobody."""
    named = await services.people.called(users)
    names = [f"@{named[user]}" for user in users if user in named]
    listed = names if len(names) <= WHOM_MAX else [*names[: WHOM_MAX - 1], "another of them"]
    return f"Ask {names_listed(listed, last='or')}." if listed else ""


async def heard(request: Request, services: Services) -> bool:
    """Whether it is a colleague who asks. Raises NotColleague; an app is told nothing, or two could talk for ever."""
    if await services.directory.is_app(request.user):
        return False
    await services.directory.require_colleague(request.user)
    return True
