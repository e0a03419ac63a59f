"""Who the tokens are: asked once at start, since a wrong app token would make the Socket Mode client hang for ever."""

from dataclasses import dataclass

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackClientError

from bot.errors import SecondLineError
from bot.slack.answers import SlackError, SlackUnclear, explained
from bot.slack.client import SlackClient


class CannotLogIn(SecondLineError):
    """Slack does not take a token. `variable` is the environment variable to mend."""

    def __init__(self, variable: str, reason: str) -> None:
        super().__init__(f"Slack refuses {variable}: {reason}.")
        self.variable = variable
        self.reason = reason


class SlackUnreachable(SecondLineError):
    """Slack did not answer at all; starting later may work."""

    retry = True

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"Slack does not answer at {url} ({reason}). Check the network and SLACK_API_URL.")


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot in its workspace. `name` is its handle; `scopes` is None where the server does not tell them."""

    user: str
    name: str
    bot_id: str
    team_id: str
    team: str
    token: str
    scopes: frozenset[str] | None

    def authorization(self) -> AuthorizeResult:
        """What Bolt needs for each request, so that it never asks Slack for it."""
        return AuthorizeResult(
            enterprise_id=None, team_id=self.team_id, bot_user_id=self.user, bot_id=self.bot_id, bot_token=self.token
        )


async def who_am_i(client: SlackClient, token: str) -> Identity:
    """Raises CannotLogIn, SlackUnreachable."""
    try:
        response = await client.web.auth_test()
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise _told(explained(error, "auth.test"), "SLACK_BOT_TOKEN", client) from error
    headers = {str(name).lower(): value for name, value in dict(response.headers).items()}
    listed = headers.get("x-oauth-scopes")
    return Identity(
        user=str(response.get("user_id") or ""),
        name=str(response.get("user") or "") or "secondline",
        bot_id=str(response.get("bot_id") or ""),
        team_id=str(response.get("team_id") or ""),
        team=str(response.get("team") or ""),
        token=token,
        scopes=frozenset(scope.strip() for scope in str(listed).split(",")) if listed is not None else None,
    )


async def check_app_token(client: SlackClient, app_token: str) -> None:
    """Open a connection's ticket and let it expire. Raises CannotLogIn, SlackUnreachable."""
    try:
        await client.web.apps_connections_open(app_token=app_token)
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise _told(explained(error, "apps.connections.open"), "SLACK_APP_TOKEN", client) from error


def _told(error: SlackError, variable: str, client: SlackClient) -> SecondLineError:
    if isinstance(error, SlackUnclear) or error.retry:
        return SlackUnreachable(client.web.base_url, error.reason)
    return CannotLogIn(variable, error.reason)
