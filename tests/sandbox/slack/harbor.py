"""A running sandbox Slack on port 0, people who act in it over HTTP, and a clock that tests move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import system_clock
from bot.sandbox.slack.seeds import APP_TOKEN, BOT_TOKEN, HttpMode, Timing, WorkspaceSeed, harbor_seed
from bot.sandbox.slack.server import SlackSandbox

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Second Line"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": "secondline"},
        "slash_commands": [
            {"command": "/investigate", "description": "Look into a trend", "usage_hint": "<target>"},
            {"command": "/escaped", "description": "With should_escape", "should_escape": True},
        ],
        "shortcuts": [
            {"name": "Investigate this", "type": "message", "callback_id": "investigate_message", "description": "d"},
            {"name": "Open", "type": "global", "callback_id": "investigate_form", "description": "d"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "app_mentions:read",
                "channels:history",
                "channels:join",
                "channels:read",
                "chat:write",
                "commands",
                "files:read",
                "files:write",
                "groups:history",
                "groups:read",
                "im:history",
                "im:read",
                "im:write",
                "pins:read",
                "pins:write",
                "reactions:read",
                "reactions:write",
                "team:read",
                "usergroups:read",
                "users:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "app_mention",
                "channel_rename",
                "file_shared",
                "member_joined_channel",
                "message.channels",
                "message.im",
                "pin_added",
                "pin_removed",
                "reaction_added",
                "reaction_removed",
                "subteam_members_changed",
                "subteam_updated",
                "team_join",
                "user_change",
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}

START = datetime(2025, 3, 3, 9, 12, tzinfo=UTC)
QUICK = Timing(ack_s=0.3, retry_delays_s=(0.0, 0.02, 0.02), refresh_grace_s=0.02, share_delay_s=0.0)


class TestClock:
    """Stands still until a test moves it."""

    __test__ = False

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Harbor:
    """`base` is where the sandbox is mounted; `web` is the bot's own client."""

    sandbox: SlackSandbox
    clock: TestClock
    base: str
    http: aiohttp.ClientSession
    web: AsyncWebClient

    async def tell(self, name: str, /, **body: Any) -> dict[str, Any]:
        """POST to the client or control API: `tell("client/say", ...)`; `as_` stands for "as"."""
        if "as_" in body:
            body["as"] = body.pop("as_")
        async with self.http.post(f"{self.base}/{name}", json=body) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    async def ask(self, name: str, /, **query: str) -> dict[str, Any]:
        if "as_" in query:
            query["as"] = query.pop("as_")
        async with self.http.get(f"{self.base}/{name}", params=query) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    async def say(self, user: str, channel: str, text: str, **more: Any) -> str:
        answer = await self.tell("client/say", as_=user, channel=channel, text=text, **more)
        assert answer["ok"], answer
        return str(answer.get("ts", ""))

    async def texts(self, user: str, channel: str, **more: str) -> list[str]:
        answer = await self.ask("client/messages", as_=user, channel=channel, **more)
        return [each["text"] for each in answer["messages"]]

    async def error(self, method: str, /, **arguments: Any) -> str:
        """The error of one Web API call, "" when it is ok."""
        return str((await self.raw(method, **arguments)).get("error", ""))

    async def raw(self, method: str, /, token: str = BOT_TOKEN, **arguments: Any) -> dict[str, Any]:
        """One Web API call as JSON, with nothing of slack_sdk between."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.http.post(f"{self.base}/api/{method}", json=arguments, headers=headers) as response:
            answer: dict[str, Any] = await response.json()
            return answer


@asynccontextmanager
async def harbor(
    *, seed: WorkspaceSeed | None = None, timing: Timing = QUICK, http: HttpMode | None = None, live_clock: bool = False
) -> AsyncIterator[Harbor]:
    """Mounted under a prefix, as in the whole sandbox. `live_clock` is for libraries that read the time themselves."""
    clock = TestClock()
    sandbox = SlackSandbox(
        clock=system_clock if live_clock else clock, seed=seed or harbor_seed(MANIFEST, http=http, timing=timing)
    )
    app = web.Application()
    app.add_subapp("/slack", sandbox.routes())
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}/slack"
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(BOT_TOKEN, base_url=f"{base}/api/", session=session, retry_handlers=[])
        yield Harbor(sandbox, clock, base, session, client)
    await runner.cleanup()


__all__ = ["APP_TOKEN", "BOT_TOKEN", "MANIFEST", "QUICK", "START", "Harbor", "TestClock", "harbor"]
