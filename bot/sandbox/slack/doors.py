"""The addresses beside the Web API: the socket, uploads, downloads, response_urls, permalinks."""

import json
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.slack.client import body_of
from bot.sandbox.slack.errors import ApiError, RateLimited
from bot.sandbox.slack.faults import suffer
from bot.sandbox.slack.file_wire import mimetype_of
from bot.sandbox.slack.site import Site

BROWSERS = {"same-origin", "same-site", "none"}
"""What browsers say in Sec-Fetch-Site for a page's own requests; programs send no such header."""


class Doors:
    """Each can be told to misbehave like the Web API."""

    def __init__(self, *, site: Site, page_url: str) -> None:
        self._site = site
        self._page_url = page_url

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/upload/{id}", self.upload),
            web.get("/files/{id}/{name}", self.download),
            web.post("/respond/{team}/{secret}", self.respond),
            web.get(r"/archives/{channel}/p{place:\d{16}}", self.permalink),
        ]

    async def socket(self, request: web.Request) -> web.StreamResponse:
        fault = self._site.faults.take("socket")
        return await suffer(fault, request, lambda: self._site.socket.accept(request))

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Raw bytes or a form with one file; no token is asked for, the address is the secret."""

        async def work() -> web.StreamResponse:
            content = await _content_of(request)
            try:
                self._site.files.take_bytes(request.match_info["id"], content)
            except ApiError as error:
                return web.Response(status=400, text=str(error.body()))
            return web.Response(text=f"OK - {len(content)}")

        return await suffer(self._site.faults.take("upload"), request, work)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """For the app's token with files:read, or for people in a browser."""
        if not self._may_read(request):
            return web.Response(text="<html><title>Sign in | Slack</title></html>", content_type="text/html")
        file = self._site.files.files.get(request.match_info["id"])
        if file is None or file.content is None or not file.complete:
            return web.Response(status=404)
        kind = mimetype_of(file)
        headers = {"Content-Type": kind + ("; charset=utf-8" if kind.startswith("text/") else "")}
        if "download" in request.query:
            headers["Content-Disposition"] = f'attachment; filename="{json.dumps(file.name)[1:-1]}"'
        # A file comes from outside: no script in it may run on the page's origin.
        headers |= {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=file.content, headers=headers)

    def _may_read(self, request: web.Request) -> bool:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = self._site.workspace.tokens.get(bearer)
        by_app = token is not None and "files:read" in token.scopes
        return by_app or request.headers.get("Sec-Fetch-Site") in BROWSERS or "as" in request.query

    async def respond(self, request: web.Request) -> web.StreamResponse:
        async def work() -> web.StreamResponse:
            secret = f"{request.match_info['team']}/{request.match_info['secret']}"
            try:
                self._site.responses.take(secret, await body_of(request))
            except RateLimited as error:
                headers = {"Retry-After": str(error.retry_after_s)}
                return web.json_response(error.body(), status=429, headers=headers)
            except ApiError as error:
                gone = error.code in ("invalid_url", "expired_url", "used_url")
                return web.json_response(error.body(), status=404 if gone else 400)
            return web.Response(text="ok")

        return await suffer(self._site.faults.take("respond"), request, work)

    async def permalink(self, request: web.Request) -> web.StreamResponse:
        """To the page, at the message."""
        place, channel = request.match_info["place"], request.match_info["channel"]
        where = {"channel": channel, "ts": f"{place[:-6]}.{place[-6:]}"}
        thread = {"thread": request.query["thread_ts"]} if "thread_ts" in request.query else {}
        raise web.HTTPFound(f"{self._page_url}#{urlencode(where | thread)}")


async def _content_of(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""
