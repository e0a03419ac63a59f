"""Slack over HTTP, for those who prefer it to Socket Mode."""

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp

from bot.web.server import Route, WebServer

PATH = "/slack/events"


def slack_route(app: AsyncApp) -> Route:
    """One path for commands, events and interactions; Bolt checks each request's signature."""

    async def receive(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    return Route(PATH, receive)


class SlackOverHttp:
    """The connection to Slack where Slack calls us: it is there as long as the server is."""

    def __init__(self, server: WebServer) -> None:
        self._server = server

    async def connect(self) -> None:
        await self._server.start()

    async def connected(self) -> bool:
        return self._server.running

    async def close(self) -> None:
        await self._server.close()
