"""What is let go of after a while, from all rooms."""

from datetime import timedelta

from bot.app.ground import Ground
from bot.emptying import Emptying, Step
from bot.messages.emptying import SentContent
from bot.probes.emptying import ProbeDetails
from bot.tickets.emptying import SuggestedTickets
from commands.services import Services


def build_emptying(ground: Ground, services: Services) -> Emptying:
    database, wanted = ground.database, ground.settings.database
    content, details = timedelta(days=wanted.content_days), timedelta(days=wanted.details_days)
    steps = (
        Step(content, SentContent(database=database).empty),
        Step(details, ProbeDetails(database=database, kept=services.investigations.live_or_closed_since).empty),
        Step(details, SuggestedTickets(database=database).empty),
    )
    return Emptying(steps=steps, clock=ground.clock)
