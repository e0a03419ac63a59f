"""Which investigation a person means: by where they are, or by its name."""

import re

from bot.errors import BadInput
from bot.investigations.model import id_in
from bot.investigations.service import NotAnInvestigation
from bot.slack.request import Request
from commands.services import Services

_MENTION = re.compile(r"\s{0,99}+<@([A-Z0-9]{1,20})(?:\|[^<>]{0,100})?>[\s,:]{0,99}")
_END = " \t\n.!"
_NAME = re.compile(
    r"""[*_~`'"(\[]{0,3}+(?>(?:<[^<>|\s]{1,500}+\|)?)[*_~`'"(\[]{0,3}+"""
    r"""\bINV[\s\u2010-\u2015\u2212-]?(\d{1,9})\b[*_~`'")\]>]{0,4}[\s,:;]*""",
    re.IGNORECASE,
)
"""As people type and paste it: phones put other dashes for the hyphen; Slack sends bold, code and links as marks."""


class AnotherThread(BadInput):
    """Words that change something were said in one investigation's thread and name another."""

    def __init__(self, here: int, named: int) -> None:
        super().__init__(
            f"This thread is about INV-{here}. Say it in the thread of INV-{named}, or leave its name out."
        )
        self.here = here
        self.named = named


def thread_itself(request: Request, services: Services) -> int | None:
    """The investigation whose thread this is, also where that goes on in another one."""
    return _with_root(services, request.channel, request.root_ts)


def thread_of(request: Request, services: Services) -> int | None:
    """The investigation that words in this thread are about."""
    return discussed_in(services, request.channel, request.root_ts)


def discussed_in(services: Services, channel: str, root_ts: str | None) -> int | None:
    """The investigation that the thread with this root is about: where that was merged, the one in which it goes on."""
    number = _with_root(services, channel, root_ts)
    return services.investigations.survivor(number).id if number is not None else None


def _with_root(services: Services, channel: str, root_ts: str | None) -> int | None:
    key = services.owed.key_at(channel, root_ts) if root_ts else None
    return id_in(key) if key else None


def named_first(text: str) -> tuple[int | None, str]:
    """`INV-3 and more` as (3, "and more"); (None, text) where no investigation is named first."""
    rest = text.lstrip()
    name = _NAME.match(rest)
    return (int(name[1]), rest[name.end() :]) if name else (None, text)


def named_after(text: str, bot_user: str) -> str:
    """ "@bot INV-3: claim" as "@bot claim INV-3"."""
    mention = _MENTION.match(text)
    begins = mention.end() if mention and mention[1] == bot_user else 0
    number, rest = named_first(text[begins:])
    if number is None or not rest.strip():
        return text
    verb, _, others = rest.partition(" ")
    return f"{text[:begins]}{verb} INV-{number} {others}"


def named_anywhere(text: str) -> tuple[int | None, str]:
    """The investigation named in the middle or at the end, where only one is named."""
    names = list(_NAME.finditer(text))
    if len(names) != 1:
        return None, text
    return int(names[0][1]), f"{text[: names[0].start()]} {text[names[0].end() :]}".strip()


def names_in(text: str) -> tuple[list[int], str]:
    """Every investigation that is named, in order, and the text without their names."""
    return [int(name[1]) for name in _NAME.finditer(text)], " ".join(_NAME.sub(" ", text).split())


def around_last_name(text: str) -> tuple[list[int], str, str]:
    """Every investigation that is named, in order, what stands before the last of them without names, and behind it."""
    names = list(_NAME.finditer(text))
    if not names:
        return [], text, ""
    before, behind = text[: names[-1].start()], text[names[-1].end() :]
    return [int(name[1]) for name in names], " ".join(_NAME.sub(" ", before).split()), " ".join(behind.split())


def meant(request: Request, services: Services, rest: str) -> tuple[int, str]:
    """The investigation that a word is about, and what was said besides its name.

    In a thread it is that one. Raises NotAnInvestigation outside of threads without a name, and AnotherThread where
    it is not clear which of two is meant; a name alone is.
    """
    here, (named, words) = thread_of(request, services), named_first(rest)
    if named is None:
        if here is None:
            raise NotAnInvestigation
        return here, rest
    named = services.investigations.survivor(named).id
    if here not in (None, named) and words.strip(_END):
        raise AnotherThread(here, named)
    return named, words


def noted(request: Request, services: Services, rest: str) -> tuple[int, str]:
    """The investigation for words that only go on the record: in a thread another one's name is part of them."""
    here, (named, _) = thread_of(request, services), named_first(rest)
    if here is not None and named not in (here, thread_itself(request, services)):
        return here, rest
    return meant(request, services, rest)
