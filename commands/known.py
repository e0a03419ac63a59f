"""`/known`: what development and our own investigations know already, and using it."""

import logging
from functools import partial

from bot.errors import BadInput, NotFound, OutsideError
from bot.known_issues.cards import INVESTIGATION, page, results, use_form
from bot.known_issues.cards import used as card_of_use
from bot.known_issues.model import LinkVerdict, is_name, name_in
from bot.messages.model import Content
from bot.slack.request import Answer, Request
from bot.slack_marks import plain_name
from commands.inputs import said
from commands.pressed import pressed
from commands.services import Services
from commands.thread import discussed_in

logger = logging.getLogger(__name__)

SHORTCUT = "known_message"

it_is = pressed(lambda services: partial(services.knowledge.decide, verdict=LinkVerdict.IT_IS))
it_isnt = pressed(lambda services: partial(services.knowledge.decide, verdict=LinkVerdict.IT_ISNT))


async def slash(request: Request, services: Services) -> Answer:
    """`/known <words>`, `/known KI-31`, a tracker's key or address; alone: what affects most, and what changed last."""
    return await words(request, services, request.text)


async def words(request: Request, services: Services, rest: str) -> Answer:
    """In a thread the investigation's own target counts, and a hit can be used for it at once."""
    text = (await said(rest, services)).strip()
    number = name_in(text) or await _named(services, text)
    if number:
        return _page(request, services, number)
    if not text:
        here, live = _thread_of(request, services), _live(services)
        return results("", await services.knowledge.newest(), titles=_titles(services), here=here, live=live)
    return await _found(services, text, _thread_of(request, services))


async def from_message(request: Request, services: Services) -> Answer:
    """The shortcut *What is known about it?* on a customer's words."""
    text = (await said(str(request.message.get("text") or ""), services)).strip()
    if not text:
        raise BadInput("There are no words in that message. Type them: `/known cannot connect on Android`.")
    return await _found(services, text, _thread_of(request, services))


async def read_button(request: Request, services: Services) -> Answer:
    return _page(request, services, int(request.value))


async def use_button(request: Request, services: Services) -> Answer:
    """Use a known issue for an investigation; a form asks for which one where that is not clear."""
    issue_id, _, named = request.value.partition(" ")
    number = int(named) if named else _thread_of(request, services)
    live = services.investigations.live()
    if not number and not live:
        raise BadInput("Nothing is being investigated. `/investigate us-east packet loss` opens an investigation.")
    if number or len(live) == 1:
        return await _use(request, services, number or live[0].id, int(issue_id))
    titles = [
        (investigation.id, f"{services.catalog.named(investigation.target).title}: {investigation.symptom}")
        for investigation in live
    ]
    await services.conversation.open_form(request, use_form(services.known.get(int(issue_id)), titles))
    return None


async def used(request: Request, services: Services) -> Answer:
    return await _use(request, services, int(str(request.values[INVESTIGATION])), int(request.private_metadata))


async def _found(services: Services, text: str, here: int | None) -> Content:
    matches = await services.knowledge.search(text, here=here)
    return results(text, matches, titles=_titles(services), here=here, live=_live(services))


def _page(request: Request, services: Services, issue_id: int) -> Content:
    here, live = _thread_of(request, services), _live(services)
    return page(services.knowledge.page(issue_id), titles=_titles(services), here=here, live=live)


def _titles(services: Services) -> dict[str, str]:
    return {target.key: target.title for target in services.catalog}


def _live(services: Services) -> list[int]:
    """What a known issue can be used for."""
    return [investigation.id for investigation in services.investigations.live()]


async def _named(services: Services, text: str) -> int | None:
    """A key or an address names one issue, also one that was not stored; other texts are words to look for."""
    text = plain_name(text)
    if not is_name(text):
        return None
    try:
        return (await services.known.naming.read(text)).id
    except (BadInput, NotFound, OutsideError) as error:
        if text.startswith("http"):
            raise
        logger.info("%r is looked for: %s", text, error)
        return None


async def _use(request: Request, services: Services, investigation_id: int, issue_id: int) -> Answer:
    return card_of_use(await services.knowledge.use(investigation_id, issue_id, by=request.user))


def _thread_of(request: Request, services: Services) -> int | None:
    """The investigation in whose thread the person is, if they are in one."""
    return discussed_in(services, request.channel, request.thread_ts or str(request.message.get("thread_ts") or ""))
