"""What a person wrote in Slack, as people read it."""

from collections.abc import Callable, Mapping

from bot.errors import SecondLineError
from bot.field_limits import TYPED_MAX, length_in_slack
from bot.slack.request import Request
from bot.slack.text import unescape
from commands.services import Services


async def said(text: str, services: Services) -> str:
    """Entities and links undone, and mentions as names: an id tells nobody anything in a card, an issue or a mail."""
    return unescape(await services.directory.readable(text))


def said_by_person(request: Request, services: Services) -> bool:
    """A message of an app has its `bot_id`, also where it names a person; that of a workflow may name nobody."""
    event = request.event
    by_app = event.get("bot_id") or event.get("subtype") == "bot_message"
    return bool(request.user) and not by_app and request.user != services.bot_user


async def done_by_colleague(request: Request, services: Services) -> bool:
    """Whether somebody did it who counts, and no app: events such as reactions don't say who that is."""
    return said_by_person(request, services) and await services.directory.is_colleague(request.user)


def missing(request: Request, sentences: Mapping[str, str]) -> dict[str, str]:
    """The sentences, by block, of those that hold no words."""
    return {block: sentence for block, sentence in sentences.items() if not request.typed(block).strip()}


def too_long(request: Request, *blocks: str, limits: Mapping[str, int] | None = None) -> dict[str, str]:
    """Sentences by block. Slack itself holds people to the number of characters, and shows some of them as several."""
    wrong = {}
    for block in blocks:
        length = length_in_slack(request.typed(block))
        most = (limits or {}).get(block, TYPED_MAX)
        if length > most:
            wrong[block] = f"At most {most:,} characters, and this is {length:,}: &, < and > count as 4 or 5."
    return wrong


def refused(block: str, check: Callable[[], object]) -> dict[str, str]:
    """Why a service does not take what stands in a form, at one of its blocks: the form stays with what was written."""
    try:
        check()
    except SecondLineError as error:
        return {block: error.sentence}
    return {}
