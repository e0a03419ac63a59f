"""The App Home: who opens it, and what is pressed on it."""

from bot.slack.request import Answer, Request
from commands.services import Services


async def opened(request: Request, services: Services) -> Answer:
    """Slack tells of the messages tab too, where nothing of this is seen."""
    if request.event.get("tab") != "messages":
        await services.homes.opened(request.user)
    return None


async def shown_again(request: Request, services: Services) -> None:
    """A press on the Home is seen there, also where it is refused: what no longer makes sense goes."""
    if request.on_home:
        await services.homes.show(request.user)
