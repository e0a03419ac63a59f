"""The sandbox's Slack as one aiohttp application."""

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.slack.acts import Acts
from bot.sandbox.slack.client import ClientApi
from bot.sandbox.slack.control import Control
from bot.sandbox.slack.doors import Doors
from bot.sandbox.slack.live import Live
from bot.sandbox.slack.openid import OpenId
from bot.sandbox.slack.origin import ANCHOR
from bot.sandbox.slack.screen import Screen
from bot.sandbox.slack.seeds import WorkspaceSeed
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.webapi import WebApi

LARGEST_BODY_BYTES = 64 * 1024 * 1024


class SlackSandbox:
    """A Slack workspace with one app. In the same process `acts`, `screen` and `control` are the client API.

    `page_url` is where the browser page is served; permalinks lead there.
    """

    def __init__(self, *, clock: Clock, seed: WorkspaceSeed, page_url: str = "/") -> None:
        self.site = Site(clock=clock, seed=seed)
        self.api = WebApi(site=self.site)
        self.acts = Acts(site=self.site)
        self.screen = Screen(site=self.site)
        self.control = Control(site=self.site, api=self.api)
        self._live = Live(site=self.site)
        self._client = ClientApi(site=self.site, acts=self.acts, screen=self.screen, live=self._live)
        self._doors = Doors(site=self.site, page_url=page_url)

    def routes(self) -> web.Application:
        """The application, to be run alone or mounted under any prefix."""
        app = web.Application(client_max_size=LARGEST_BODY_BYTES)
        app.add_routes(OpenId(site=self.site).routes())
        app.router.add_route("*", "/api/{method}", self.api.handle)
        app.router.add_get("/socket", self._doors.socket, name=ANCHOR)
        app.add_routes([*self._doors.routes(), *self._client.routes(), *self.control.routes()])
        app.on_shutdown.append(self._shut_down)
        return app

    async def _shut_down(self, app: web.Application) -> None:
        await self.close()

    async def close(self) -> None:
        """End connections and tasks; may be called again."""
        await self.site.close()
        await self._live.close()
