"""`/t2 forget`, and the buttons below what would go."""

from bot.forgetting.model import Scope
from bot.slack.request import Answer, Request
from commands.services import Services

LOOKING = "I'm looking for what is stored. A direct message shows it, and nothing goes before you confirm."


async def words(request: Request, services: Services, rest: str) -> Answer:
    """`/t2 forget <ticket or requester>`."""
    await services.forgetting.ask(rest, by=request.user)
    return LOOKING


async def ticket_button(request: Request, services: Services) -> Answer:
    await services.forgetting.confirm(int(request.value), Scope.TICKET, by=request.user)
    return None


async def customer_button(request: Request, services: Services) -> Answer:
    await services.forgetting.confirm(int(request.value), Scope.CUSTOMER, by=request.user)
    return None
