"""The buttons of elevated tickets: look into a target's, and list them."""

from bot.elevations import cards
from bot.slack.request import Answer, Request
from commands.investigate import who_has_it
from commands.services import Services


async def investigate_button(request: Request, services: Services) -> Answer:
    """Open the target's investigation with these tickets on its list, or show who has it."""
    gathering_id, key = cards.read_investigate_value(request.value)
    opened = await services.elevations.investigate(gathering_id, key, by=request.user)
    return None if opened.created else await who_has_it(services, opened.investigation, services.catalog.named(key))


async def show_button(request: Request, services: Services) -> Answer:
    gathered = services.elevations.gathered(int(request.value), listed=cards.LISTED_MAX)
    return cards.listing(gathered, lambda target: services.catalog.named(target).title)
