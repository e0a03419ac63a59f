"""The bot's own figures: what is counted, and the page that shows them where a token is set for it."""

from bot.app.rooms import Rooms
from bot.metrics.measures import Measures
from bot.metrics.service import MetricSources, MetricsService
from bot.settings import Settings
from bot.slack.client import SlackClient
from bot.slack.deliveries import Deliveries
from bot.tasks import Tasks
from bot.web.metrics_page import metrics_route
from bot.web.server import HttpRoute


def metrics_pages(
    settings: Settings, rooms: Rooms, tasks: Tasks, client: SlackClient, deliveries: Deliveries
) -> list[HttpRoute]:
    """Nothing is counted where nobody may ask."""
    token = settings.web.metrics_token.get_secret_value()
    if not token:
        return []
    measures = Measures()
    client.answered.heard_by(measures.called)
    deliveries.came.heard_by(measures.delivered)
    rooms.records.owed.settled.heard_by(measures.settled)
    rooms.probe_runner.ended.heard_by(measures.probed)
    sources = MetricSources(
        owed=rooms.records.owed,
        investigations=rooms.investigations,
        escalations=rooms.escalations,
        known=rooms.known,
        status=rooms.status,
        tickets=rooms.tickets,
        stream=rooms.stream,
        loops=tasks.loops,
    )
    service = MetricsService(sources=sources, measures=measures, clock=rooms.records.clock)
    return [metrics_route(service.text, token=token)]
