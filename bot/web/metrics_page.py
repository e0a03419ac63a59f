"""GET /metrics, for whoever has the token: names of trackers and counts are the company's own affair."""

import hmac
import logging
from collections.abc import Callable
from http import HTTPStatus

from bot.logs import Calm
from bot.web.server import HttpRoute
from bot.web.wire import HttpAnswer, HttpRequest

logger = logging.getLogger(__name__)

PATH = "/metrics"
TEXT = "text/plain; version=0.0.4; charset=utf-8"


def metrics_route(text: Callable[[], bytes], *, token: str) -> HttpRoute:
    """`token` is what Prometheus sends as a bearer token; without one there is no such route."""
    return HttpRoute(PATH, _Scraped(text, token).receive, 0, methods=("GET",))


class _Scraped:
    def __init__(self, text: Callable[[], bytes], token: str) -> None:
        self._text = text
        self._expected = f"Bearer {token}".encode()
        self._log = Calm(logger)

    async def receive(self, request: HttpRequest) -> HttpAnswer:
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(given, self._expected):
            self._log.warning("token", f"{PATH}: 401: a question without the token of web.metrics_token")
            return HttpAnswer(HTTPStatus.UNAUTHORIZED, headers=(("WWW-Authenticate", "Bearer"),))
        return HttpAnswer(HTTPStatus.OK, self._text(), TEXT, headers=(("Cache-Control", "no-store"),))
