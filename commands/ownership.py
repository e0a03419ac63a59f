"""claim, release, join, handover: who has an investigation."""

from bot.slack.request import Answer, Request
from bot.slack.text import unescape
from commands.grammar import person_and_rest
from commands.services import Services
from commands.thread import here


async def claim_words(request: Request, services: Services, rest: str) -> Answer:
    await services.investigations.claim(here(request, services), by=request.user)
    return None


async def release_words(request: Request, services: Services, rest: str) -> Answer:
    await services.investigations.release(here(request, services), by=request.user)
    return None


async def join_words(request: Request, services: Services, rest: str) -> Answer:
    await services.investigations.join(here(request, services), by=request.user)
    return None


async def handover_words(request: Request, services: Services, rest: str) -> Answer:
    to, note = person_and_rest(rest)
    await services.investigations.hand_over(here(request, services), to=to, note=unescape(note), by=request.user)
    return None


async def claim_button(request: Request, services: Services) -> Answer:
    await services.investigations.claim(int(request.value), by=request.user)
    return None


async def join_button(request: Request, services: Services) -> Answer:
    await services.investigations.join(int(request.value), by=request.user)
    return None
