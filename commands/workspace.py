"""What Slack tells about itself: people, groups, channels, the bot's own membership."""

import logging

from bot.slack.request import Answer, Request
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


async def token_lost(request: Request, services: Services) -> Answer:
    """Nothing can be sent any more; the log is the only place left to say so."""
    logger.error("Slack withdrew the bot's token (%s): install the app again", request.event.get("type"))
    return None
