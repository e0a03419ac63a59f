"""Who the tokens are: asked once at start, since a wrong app token would make the Socket Mode client hang for ever."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackClientError

from bot.errors import SecondLineError
from bot.slack.answers import SlackBusy, SlackError, SlackUnclear, explained
from bot.slack.client import SlackClient

logger = logging.getLogger(__name__)

PATIENCE_S = 600.0
"""How long a Slack that is away is waited for at start; after that whoever starts the bot decides."""
PAUSE_S = 1.0
PAUSE_MAX_S = 30.0

BOT_TOKEN, APP_TOKEN = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
APP_TOKEN_WORDS = {
    "invalid_auth": "the app-level token is wrong",
    "not_authed": "the app-level token is empty",
    "not_allowed_token_type": 'it is no app-level token, which begins with "xapp-"',
    "token_revoked": "the app-level token was revoked: make another one",
    "token_expired": "the app-level token has expired: make another one",
    "account_inactive": "the app was removed from the workspace: install it again",
    "missing_scope": "the app-level token lacks the scope connections:write",
    "no_permission": "the app-level token lacks the scope connections:write",
}
"""What Slack's codes mean for an app-level token (https://docs.slack.dev/reference/methods/apps.connections.open)."""


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
        self.retry_after_s: float | None = None


class SlackLimits(SlackUnreachable):
    """Slack is there, and was asked too often: a bot that is started again and again comes to this."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.sentence = f"Slack limits how often the bot may start ({reason})."


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """The bot in its workspace. `name` is its handle; `scopes` is None where the server does not tell them."""

    user: str
    name: str
    bot_id: str
    team_id: str
    team: str
    token: str
    scopes: frozenset[str] | None
    url: str = ""
    """Of the workspace: the addresses of its messages begin with it."""

    def authorization(self) -> AuthorizeResult:
        """What Bolt needs for each request, so that it never asks Slack for it."""
        return AuthorizeResult(
            enterprise_id=None, team_id=self.team_id, bot_user_id=self.user, bot_id=self.bot_id, bot_token=self.token
        )


async def logged_in(
    client: SlackClient, *, bot_token: str, app_token: str, patience_s: float = PATIENCE_S, pause_s: float = PAUSE_S
) -> BotIdentity:
    """Who the tokens are; `app_token` is "" where none is needed. A Slack that is away is waited for, and said so.

    `pause_s` is the first pause, which doubles. Raises CannotLogIn, and SlackUnreachable after `patience_s`.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + patience_s
    while True:
        try:
            identity = await who_am_i(client, bot_token)
            if app_token:
                await check_app_token(client, app_token)
            return identity
        except SlackUnreachable as error:
            wait_s = max(pause_s, error.retry_after_s or 0.0)
            if loop.time() + wait_s > end:
                raise
            logger.warning("%s Trying again in %.0f s.", error.sentence, wait_s)
        await asyncio.sleep(wait_s)
        pause_s = min(pause_s * 2, PAUSE_MAX_S)


async def who_am_i(client: SlackClient, token: str) -> BotIdentity:
    """Raises CannotLogIn, SlackUnreachable."""
    try:
        response = await client.web.auth_test()
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise _login_error(explained(error, "auth.test"), BOT_TOKEN, client) from error
    headers = {str(name).lower(): value for name, value in dict(response.headers).items()}
    listed = headers.get("x-oauth-scopes")
    return BotIdentity(
        user=str(response.get("user_id") or ""),
        name=str(response.get("user") or "") or "secondline",
        bot_id=str(response.get("bot_id") or ""),
        team_id=str(response.get("team_id") or ""),
        team=str(response.get("team") or ""),
        token=token,
        url=str(response.get("url") or ""),
        scopes=frozenset(scope.strip() for scope in str(listed).split(",")) if listed is not None else None,
    )


async def check_app_token(client: SlackClient, app_token: str) -> None:
    """Open a connection's ticket and let it expire. Raises CannotLogIn, SlackUnreachable."""
    try:
        await client.web.apps_connections_open(app_token=app_token)
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise _login_error(explained(error, "apps.connections.open"), APP_TOKEN, client, APP_TOKEN_WORDS) from error


def _login_error(
    error: SlackError, variable: str, client: SlackClient, words: Mapping[str, str] | None = None
) -> SecondLineError:
    """`words` are those of a code where the same code means something else of another token."""
    if isinstance(error, SlackUnclear) or error.retry:
        kind = SlackLimits if isinstance(error, SlackBusy) else SlackUnreachable
        away = kind(client.web.base_url, error.reason)
        away.retry_after_s = error.retry_after_s
        return away
    return CannotLogIn(variable, (words or {}).get(error.code, error.reason))
