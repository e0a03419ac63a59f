"""What is let go of after a while, from all rooms."""

from datetime import timedelta

from bot.app.ground import Ground
from bot.emptying import Emptying, Step
from bot.investigations.store import InvestigationStore
from bot.known_issues.links import IssueLinks
from bot.messages.store import SentContent
from bot.probes.emptying import ProbeDetails
from bot.tickets.emptying import SuggestedTickets


def build_emptying(ground: Ground) -> Emptying:
    database, wanted = ground.database, ground.settings.database
    investigations = InvestigationStore(database=database, clock=ground.clock)
    links = IssueLinks(database=database, clock=ground.clock)
    content, details = timedelta(days=wanted.content_days), timedelta(days=wanted.details_days)
    steps = (
        Step(content, SentContent(database=database).empty),
        Step(details, ProbeDetails(database=database, kept=investigations.live_or_closed_since).empty),
        Step(details, SuggestedTickets(database=database, waiting=links.investigations).empty),
    )
    return Emptying(steps=steps, clock=ground.clock)
