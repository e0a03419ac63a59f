"""Where a request reached this sandbox: scheme, host and the prefix under which it is mounted."""

from aiohttp import web

ANCHOR = "socket"
"""The name of a route at `/socket`, from which the prefix is read."""


def base_url(request: web.Request) -> str:
    anchor = str(request.app.router[ANCHOR].url_for())
    return f"{request.scheme}://{request.host}{anchor.removesuffix('/socket')}"
