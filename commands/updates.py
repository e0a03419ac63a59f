"""update, said, tell: news for those who wait, what customers were told, and what Tier 1 should say."""

from bot.errors import BadInput
from bot.investigations.update_forms import NEWS, PURPOSE, TIER1_TEXT, read_metadata
from bot.investigations.update_model import News, Purpose, has_words
from bot.slack.request import Answer, Request
from commands.grammar import for_tier1, purpose_and_text, told_how
from commands.inputs import said, too_long
from commands.services import Services
from commands.thread import noted


async def update_words(request: Request, services: Services, rest: str) -> Answer:
    """`update …` for management and Tier 1; `update management: …` or `update tier 1: …` for one of them."""
    number, words = noted(request, services, rest)
    purpose, text = purpose_and_text(await said(words, services))
    await services.updates.write(number, News(text, purpose), by=request.user)
    return None


async def said_words(request: Request, services: Services, rest: str) -> Answer:
    """`said by phone …`: what customers were told."""
    number, words = noted(request, services, rest)
    purpose, text = told_how(await said(words, services))
    if not text:
        raise BadInput("Write what customers were told: `said by phone use U.S. West for now`.")
    await services.updates.write(number, News(text, purpose), by=request.user)
    return None


async def tell_words(request: Request, services: Services, rest: str) -> Answer:
    """`tell tier 1 …`: what Tier 1 should say now; `tell tier 1 nothing` takes it back."""
    number, words = noted(request, services, rest)
    typed = await said(words, services)
    if not typed.strip():
        raise BadInput("Write what Tier 1 should say: `tell tier 1 use U.S. West for now`.")
    advice = for_tier1(typed)
    await services.updates.write(number, News("", Purpose.TIER1, advice), by=request.user)
    return _NOBODY_ASKED if advice and not services.investigations.has_askers(number) else None


_NOBODY_ASKED = (
    "It's saved. Nobody of Tier 1 sees it yet: none of their messages is in this investigation. "
    "Use *Investigate this* on one."
)


async def submitted(request: Request, services: Services) -> Answer:
    number, began_with = read_metadata(request.private_metadata)
    purpose, text = Purpose(str(request.values[PURPOSE])), request.typed(NEWS)
    advice = _advice(request, services, number, began_with)
    await services.updates.write(number, News(text, purpose, advice), by=request.user)
    return None


def check(request: Request, services: Services) -> dict[str, str]:
    """What was written stays in the form where there is nothing to save, or too much."""
    number, began_with = read_metadata(request.private_metadata)
    if wrong := too_long(request, NEWS, TIER1_TEXT):
        return wrong
    if not has_words(request.typed(NEWS)) and _advice(request, services, number, began_with) is None:
        return {NEWS: "Write what is new."}
    return {}


def _advice(request: Request, services: Services, number: int, began_with: int) -> str | None:
    """What Tier 1 should say, None where the person left what the form began with: somebody may have changed it."""
    typed = request.typed(TIER1_TEXT).strip()
    entries = {entry.id: entry.text for entry in services.updates.words(number).entries}
    return None if typed == entries.get(began_with, "").strip() else typed
