"""What Slack tells about itself: people, groups, channels, the bot's own membership, App Home."""

import logging

from bot.handovers import cards as handover_cards
from bot.investigations.home_cards import Reader, home
from bot.slack.request import Answer, Request
from commands.investigate import live_rows
from commands.services import Services

logger = logging.getLogger(__name__)

PEOPLE_EVENTS = (
    "subteam_created",
    "subteam_updated",
    "subteam_members_changed",
    "user_change",
    "team_join",
    "channel_rename",
    "group_rename",
    "channel_archive",
    "channel_unarchive",
    "group_archive",
    "group_unarchive",
    "channel_id_changed",
)
"""After these the directory is read again."""


async def people_changed(request: Request, services: Services) -> Answer:
    """A person who changed comes whole with the event (https://docs.slack.dev/reference/events/user_change)."""
    person = request.event.get("user")
    services.directory.changed(person if isinstance(person, dict) else None)
    services.handovers.people_changed()
    if isinstance(person, dict):
        await services.claims.person_changed(str(person.get("id") or ""))
    return None


async def joined_channel(request: Request, services: Services) -> Answer:
    """The bot was invited: what was refused there can be sent now."""
    if request.user == services.bot_user:
        services.directory.changed()
        services.owed.retry_refused(request.channel)
    return None


async def home_opened(request: Request, services: Services) -> Answer:
    waiting = services.handovers.waiting_for(request.user)
    targets = [services.catalog.named(services.investigations.get(each.investigation_id).target) for each in waiting]
    blocks = handover_cards.waiting(list(zip(waiting, targets, strict=True)))
    await services.conversation.show_home(
        request.user, home(await live_rows(services), await _reader(request, services), waiting=blocks)
    )
    return None


async def _reader(request: Request, services: Services) -> Reader:
    team = services.directory.team_title(await services.people.team_of(request.user))
    manages = request.user in await services.people.managers()
    example = next((target.key for target in services.catalog.targets if target.addresses), "us-east")
    return Reader(request.user, team, manages, example, services.bot_name)


async def token_lost(request: Request, services: Services) -> Answer:
    """Nothing can be sent any more; the log is the only place left to say so."""
    logger.error("Slack withdrew the bot's token (%s): install the app again", request.event.get("type"))
    return None
