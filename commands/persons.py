"""Whether a person did what an event tells of: nothing is done in the name of an app, a workflow or nobody."""

from bot.slack.request import Request
from commands.services import Services


def said_by_person(request: Request, services: Services) -> bool:
    """A message of an app has its `bot_id`, also where it names a person; that of a workflow may name nobody."""
    event = request.event
    by_app = event.get("bot_id") or event.get("subtype") == "bot_message"
    return bool(request.user) and not by_app and request.user != services.bot_user


async def done_by_person(request: Request, services: Services) -> bool:
    """For events that don't say so, such as reactions: Slack tells who is an app."""
    return said_by_person(request, services) and not await services.directory.is_app(request.user)
