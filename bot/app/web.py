"""How Slack reaches the bot, and the server for what else comes in over HTTP."""

from collections.abc import Mapping, Sequence

from slack_bolt.app.async_app import AsyncApp

from bot.app.ways import build_links
from bot.clock import Clock, system_clock
from bot.settings import Settings
from bot.slack.socket import SocketMode
from bot.tasks import Tasks
from bot.web.acknowledging import Acknowledging, ack_route
from bot.web.hooks import Hook, hook_routes
from bot.web.page_server import PageServer
from bot.web.server import HttpRoute, WebServer
from bot.web.slack_http import SlackOverHttp, slack_route
from bot.web.tracker_hooks import GitHubHook, JiraHook, WakeSync

CONNECTIONS = 2

SlackConnection = SocketMode | SlackOverHttp


def build_web(
    settings: Settings,
    bolt: AsyncApp,
    tasks: Tasks,
    hooks: Sequence[Hook],
    routes: Sequence[HttpRoute] = (),
    pages: PageServer | None = None,
    clock: Clock = system_clock,
) -> tuple[SlackConnection, WebServer | None]:
    """The connection to Slack, and the server of webhooks and pages, which may be the one that Slack calls too."""
    others = [*hook_routes(hooks), *routes]
    slack, web = settings.slack, settings.web
    if slack.mode == "socket":
        token = slack.app_token.get_secret_value()
        socket = SocketMode(app=bolt, app_token=token, api_url=slack.api_url, connections=CONNECTIONS, tasks=tasks)
        return socket, _own(settings, others, socket, pages)
    shared = (slack.http_host, slack.http_port) == (web.host, web.port)
    secret = slack.signing_secret.get_secret_value()
    served = [slack_route(bolt, secret=secret, clock=clock), *(others if shared else ())]
    own = pages if shared else None
    server = WebServer(host=slack.http_host, port=slack.http_port, routes=served, connected=_while_served, pages=own)
    over_http = SlackOverHttp(server)
    return over_http, server if shared else _own(settings, others, over_http, pages)


def tracker_hooks(
    settings: Settings, *, repositories: Mapping[str, str], projects: Mapping[str, str], wake: WakeSync
) -> list[Hook]:
    """Those with a secret: nobody else could tell who is calling. Names of trackers by repository and by project."""
    github, jira = settings.web.github_secret.get_secret_value(), settings.web.jira_secret.get_secret_value()
    hooks: list[Hook] = []
    if github and repositories:
        hooks.append(GitHubHook(secret=github, trackers=repositories, wake=wake))
    if jira and projects:
        hooks.append(JiraHook(secret=jira, trackers=projects, wake=wake))
    return hooks


def ack_pages(settings: Settings, clock: Clock, escalations: Acknowledging) -> list[HttpRoute]:
    """What serves the links of mails and calls, where there are any."""
    links = build_links(settings, clock)
    return [ack_route(links, escalations, settings.workspace.tzinfo)] if links else []


def _own(
    settings: Settings, routes: Sequence[HttpRoute], connection: SlackConnection, pages: PageServer | None
) -> WebServer | None:
    if not settings.web.port:
        return None
    web = settings.web
    return WebServer(host=web.host, port=web.port, routes=routes, connected=connection.connected, pages=pages)


async def _while_served() -> bool:
    """In HTTP mode Slack reaches the bot wherever this question did."""
    return True
