"""What serves the signed links: GET shows what is asked, POST acknowledges it.

Scanners of mail follow every link, and some programs load it for a preview: so GET and HEAD change nothing.
"""

import logging
from datetime import tzinfo
from http import HTTPStatus
from typing import Protocol

from bot.errors import NotFound, SecondLineError
from bot.escalations.links import PATH, LinkClaim, LinkedEscalation, LinkRefused
from bot.logs import Calm
from bot.web.ack_page import answered, done, failed, refused, waiting
from bot.web.server import HttpRoute
from bot.web.wire import HttpAnswer, HttpRequest

logger = logging.getLogger(__name__)

BODY_MAX = 4 * 1024
"""A form without fields; some browsers send an empty one along."""


class Links(Protocol):
    """Reads the signed part of an address."""

    def read(self, token: str) -> LinkClaim:
        """Raises LinkRefused."""


class Acknowledging(Protocol):
    """What the service of escalations does for a link."""

    def linked(self, step_id: int) -> LinkedEscalation:
        """Raises NotFound."""

    async def acknowledge_by_link(self, step_id: int) -> object:
        """Raises SecondLineError where it needs no answer any more."""


def ack_route(links: Links, escalations: Acknowledging, zone: tzinfo) -> HttpRoute:
    log = Calm(logger)

    async def receive(request: HttpRequest) -> HttpAnswer:
        try:
            step_id = links.read(request.path.removeprefix(PATH)).step_id
            linked = escalations.linked(step_id)
        except (LinkRefused, NotFound) as error:
            expired = isinstance(error, LinkRefused) and error.expired
            if not expired:
                log.warning("link", f"{PATH}: 404: a link that is not one of ours")
            return answered(refused(expired=expired), HTTPStatus.GONE if expired else HTTPStatus.NOT_FOUND)
        if request.method != "POST" or linked.acknowledged_at or not linked.needed:
            return answered(waiting(linked, zone))
        try:
            await escalations.acknowledge_by_link(step_id)
        except SecondLineError as error:
            linked = escalations.linked(step_id)
            awaited = linked.needed and not linked.acknowledged_at
            return answered(failed(linked, error.sentence) if awaited else waiting(linked, zone))
        return answered(done(linked))

    return HttpRoute(PATH, receive, BODY_MAX, methods=("GET", "POST"), more=True)
