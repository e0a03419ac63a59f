"""The buttons of an announcement: look into it, silence it, hear of it again."""

from bot.slack.request import Answer, Request
from bot.slack.text import cut
from bot.status.cards import LONG_H, SHORT_H
from commands.investigate import ask_target, opened_by_button
from commands.services import Services


async def investigate_button(request: Request, services: Services) -> Answer:
    """Open an investigation with what was announced as its symptom, or show who has it.

    Of a page as a whole nobody knows which target it is about, so a form asks.
    """
    announcement = services.status.announcements.going(int(request.value)).announcement
    target = services.catalog.named(announcement.target)
    symptom = cut(", ".join(dict.fromkeys(trouble.name for trouble in announcement.seen)), 200)
    if services.status.page_called(announcement.target):
        await ask_target(request, services, symptom, channel=announcement.channel)
        return None
    channel = await services.directory.team_channel(target.team)
    opened = await services.investigations.open(target, symptom=symptom, by=request.user, channel=channel)
    return await opened_by_button(request, services, opened, target)


async def silence_short(request: Request, services: Services) -> Answer:
    await services.status.announcements.silence(int(request.value), hours=SHORT_H, by=request.user)
    return None


async def silence_long(request: Request, services: Services) -> Answer:
    await services.status.announcements.silence(int(request.value), hours=LONG_H, by=request.user)
    return None
