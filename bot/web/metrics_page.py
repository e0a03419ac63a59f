"""GET /metrics, for whoever has the token: names of trackers and counts are the company's own affair."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from bot.logins.model import same
from bot.logs import Calm
from bot.web.server import HttpRoute
from bot.web.wire import HttpAnswer, HttpRequest

logger = logging.getLogger(__name__)

PATH = "/metrics"
TEXT = "text/plain; version=0.0.4; charset=utf-8"


def metrics_route(text: Callable[[], bytes], *, token: str) -> HttpRoute:
    """`token` is what Prometheus sends as a bearer token; without one there is no such route."""
    log = Calm(logger)

    async def receive(request: HttpRequest) -> HttpAnswer:
        if not same(request.headers.get("Authorization", ""), f"Bearer {token}"):
            log.warning("token", f"{PATH}: 401: a question without the token of web.metrics_token")
            return HttpAnswer(HTTPStatus.UNAUTHORIZED, headers=(("WWW-Authenticate", "Bearer"),))
        return HttpAnswer(HTTPStatus.OK, text(), TEXT, headers=(("Cache-Control", "no-store"),))

    return HttpRoute(PATH, receive, 0, methods=("GET",))
