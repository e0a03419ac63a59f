"""Which investigation a person means by where they are."""

from bot.investigations.model import id_in
from bot.investigations.service import NotAnInvestigation
from bot.slack.request import Request
from commands.services import Services


def here(request: Request, services: Services) -> int:
    """The investigation whose thread this is. Raises NotAnInvestigation."""
    key = services.owed.key_at(request.channel, request.root_ts) if request.root_ts else None
    number = id_in(key) if key else None
    if number is None:
        raise NotAnInvestigation
    return number
