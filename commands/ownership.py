"""claim, release, join, handover: who has an investigation."""

from bot.investigations.forms import NOTE, PERSON
from bot.slack.request import Answer, Request
from commands.grammar import person_and_rest
from commands.inputs import said, too_long
from commands.services import Services
from commands.thread import meant


async def claim_words(request: Request, services: Services, rest: str) -> Answer:
    number, _ = meant(request, services, rest)
    await services.investigations.claim(number, by=request.user)
    return None


async def release_words(request: Request, services: Services, rest: str) -> Answer:
    number, _ = meant(request, services, rest)
    await services.investigations.release(number, by=request.user)
    return None


async def join_words(request: Request, services: Services, rest: str) -> Answer:
    number, _ = meant(request, services, rest)
    await services.investigations.join(number, by=request.user)
    return None


async def handover_words(request: Request, services: Services, rest: str) -> Answer:
    """The investigation's name may stand before or after the person's."""
    to, words = person_and_rest(rest)
    number, note = meant(request, services, words)
    await services.investigations.hand_over(number, to=to, note=await said(note, services), by=request.user)
    return None


async def claim_button(request: Request, services: Services) -> Answer:
    await services.investigations.claim(int(request.value), by=request.user)
    return None


async def handed_over(request: Request, services: Services) -> Answer:
    number, note = int(request.private_metadata), str(request.values.get(NOTE) or "")
    await services.investigations.hand_over(number, to=str(request.values[PERSON]), note=note, by=request.user)
    return None


def hand_over_check(request: Request, services: Services) -> dict[str, str]:
    return too_long(request, NOTE) if request.values.get(PERSON) else {PERSON: "Choose who takes it."}


async def join_button(request: Request, services: Services) -> Answer:
    await services.investigations.join(int(request.value), by=request.user)
    return None
