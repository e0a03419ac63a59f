"""`/t2 briefing` and the buttons on briefings."""

from bot.briefings import cards
from bot.briefings.model import BriefingOverview
from bot.messages.model import Content
from bot.slack.blocks import context
from bot.slack.request import Answer, Request
from bot.slack.text import plural
from commands.inputs import said
from commands.services import Services

_ANSWERS = 5
"""Slack takes no more answers to one command."""


async def words(request: Request, services: Services, rest: str) -> Answer:
    """Alone it shows the briefing of now; with words it is about the channel's schedule."""
    text = (await said(rest, services)).strip()
    match text.lower().rstrip(".!"):
        case "" | "now" | "show":
            return await _now(request, services)
        case "when" | "when?":
            return await _when(request, services)
        case "off" | "stop" | "never":
            return await _off(request, services)
    planned = await services.briefings.schedules.set(request.channel, text, by=request.user)
    return f"{cards.planned(planned)} `/t2 briefing off` ends it."


async def read_button(request: Request, services: Services) -> Answer:
    """Counts once; whoever presses again is told who has read it."""
    first, readers = await services.briefings.read(int(request.value), by=request.user)
    return None if first else cards.read_by(readers)


async def join_button(request: Request, services: Services) -> Answer:
    briefing, investigation = cards.read_value(request.value)
    await services.briefings.join(briefing, investigation, by=request.user)
    return None


async def claim_button(request: Request, services: Services) -> Answer:
    briefing, investigation = cards.read_value(request.value)
    await services.briefings.claim(briefing, investigation, by=request.user)
    return None


async def _now(request: Request, services: Services) -> Answer:
    overview = await services.briefings.now(request.channel)
    *first, last = _parts(overview)
    for part in first:
        await services.conversation.answer(request, part)
    return last


def _parts(overview: BriefingOverview) -> list[Content]:
    count = cards.pages(overview)
    parts = [cards.page(overview, number) for number in range(min(count, _ANSWERS))]
    if count > _ANSWERS:
        note = context(f"… {plural(count - _ANSWERS, 'more part')}; a briefing in a channel has them in its thread.")
        parts[-1] = Content(parts[-1].text, (*parts[-1].blocks, note))
    return parts


async def _when(request: Request, services: Services) -> Answer:
    planned = await services.briefings.schedules.of(request.channel)
    if planned:
        return cards.planned(planned)
    return "This channel has no briefing. `/t2 briefing at 09:00 Europe/Berlin weekdays` gives it one."


async def _off(request: Request, services: Services) -> Answer:
    had = await services.briefings.schedules.stop(request.channel, by=request.user)
    return "This channel gets no briefing any more." if had else "This channel has no briefing."
