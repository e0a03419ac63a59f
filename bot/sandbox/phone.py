"""The company's phone bridge: a webhook that calls somebody, of which the sandbox shows whom it would have called.

It is as strict as one that people wrote with a library for Standard Webhooks: a request without a signature of its
secret, or from another time, is refused.
"""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.rest.page import issue_page

SECRET = "whsec_c2FuZGJveC1waG9uZS1icmlkZ2Utc2VjcmV0LQ=="
TOLERANCE = timedelta(minutes=5)
PATH = "/phone"


class Phone:
    """`calls` are what it was told, each key once, oldest first. `now` is the time of the sandbox."""

    def __init__(self, *, now: Callable[[], datetime], secret: str = SECRET) -> None:
        self._now = now
        self._key = b64decode(secret.removeprefix("whsec_"))
        self.calls: dict[str, dict[str, Any]] = {}
        self.times: dict[str, datetime] = {}

    def routes(self) -> web.Application:
        """To be mounted at PATH: POST calls, GET shows a page of what was called."""
        app = web.Application(client_max_size=256 * 1024)
        app.router.add_post("/", self._call)
        app.router.add_post("", self._call)
        app.router.add_get("/", self._page)
        app.router.add_get("", self._page)
        return app

    async def _call(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self._signed(request.headers, body):
            return web.json_response({"error": "the signature is wrong, or too old"}, status=401)
        try:
            told = json.loads(body)
        except ValueError:
            return web.json_response({"error": "no JSON"}, status=400)
        key = request.headers["webhook-id"]
        self.times.setdefault(key, self._now())
        self.calls.setdefault(key, told)
        return web.Response(status=204)

    def _signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        number, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not number or not at.isdigit() or abs(self._now().timestamp() - int(at)) > TOLERANCE.total_seconds():
            return False
        mac = hmac.new(self._key, f"{number}.{at}.".encode() + body, hashlib.sha256).digest()
        wanted = f"v1,{b64encode(mac).decode()}"
        return any(hmac.compare_digest(each, wanted) for each in headers.get("webhook-signature", "").split())

    async def _page(self, request: web.Request) -> web.Response:
        texts = [
            (f"{self.times[key]:%H:%M} UTC · {told.get('investigation', '')}", str(told.get("text", "")))
            for key, told in reversed(self.calls.items())
        ]
        texts = texts or [("Nobody", "Nobody was called yet.")]
        page = issue_page("Phone bridge", "Who would have been called", {}, texts)
        return web.Response(text=page, content_type="text/html")
