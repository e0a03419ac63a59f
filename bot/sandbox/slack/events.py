"""Events for the app: which ones it gets, and that each is sent until acked, at most four times."""

import asyncio

from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.model import Channel
from bot.sandbox.slack.seeds import Timing
from bot.sandbox.slack.tasks import OwnedTasks
from bot.sandbox.slack.transport import NotDelivered, Retry, Transport
from bot.sandbox.slack.workspace import Workspace

SCOPES = {
    "app_mention": "app_mentions:read",
    "app_home_opened": "",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "file_shared": "files:read",
    "subteam_created": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "subteam_members_changed": "usergroups:read",
    "user_change": "users:read",
    "team_join": "users:read",
    "tokens_revoked": "",
    "app_uninstalled": "",
}
"""The scope that an event type needs (https://docs.slack.dev/reference/events); BY_CHANNEL depends on the channel."""

BY_CHANNEL = {
    "member_joined_channel",
    "member_left_channel",
    "channel_archive",
    "channel_unarchive",
    "group_archive",
    "group_unarchive",
    "channel_rename",
    "group_rename",
}


def subscription(event: Json, channel: Channel | None) -> tuple[str, str]:
    """The name in the manifest and the scope that an event needs."""
    kind = event["type"]
    if kind == "message" and channel is not None:
        return f"message.{channel.kinds}", f"{channel.kinds}:history"
    if kind in BY_CHANNEL and channel is not None:
        return kind, f"{channel.kinds}:read"
    return kind, SCOPES.get(kind, "unknown")


class Events:
    """Filters by subscription, scope and membership, then delivers in tasks of its own.

    `unheard` are the events that the app has not acknowledged: yet, or in the end.
    """

    def __init__(self, *, workspace: Workspace, transport: Transport, faults: Faults, timing: Timing) -> None:
        self._workspace = workspace
        self._transport = transport
        self._faults = faults
        self._timing = timing
        self._tasks = OwnedTasks()
        self.unheard: dict[str, Json] = {}
        workspace.on_event(self.offer)

    def offer(self, event: Json) -> None:
        if self._wanted(event):
            self._tasks.start(self._deliver(self._wrapped(event)))

    def _wanted(self, event: Json) -> bool:
        channel = self._workspace.channels.get(_channel_of(event))
        name, scope = subscription(event, channel)
        granted = set().union(*(t.scopes for t in self._workspace.tokens.values() if t.kind == "bot"))
        if name not in self._workspace.manifest.events or (scope and scope not in granted):
            return False
        return channel is None or self._workspace.bot_user in channel.members

    def _wrapped(self, event: Json) -> Json:
        seed = self._workspace.seed
        authorization = {"enterprise_id": None, "team_id": seed.team_id, "user_id": seed.bot_user, "is_bot": True}
        return {
            "token": "sandbox-verification-token",
            "team_id": seed.team_id,
            "context_team_id": seed.team_id,
            "context_enterprise_id": None,
            "api_app_id": seed.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self._workspace.new_id("Ev"),
            "event_time": self._workspace.now_s,
            "authorizations": [authorization | {"is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": f"4-{self._workspace.new_id('E')}",
        }

    @property
    def delivering(self) -> bool:
        """Whether an event is on its way, or waits to be sent again."""
        return self._tasks.running

    async def _deliver(self, payload: Json) -> None:
        self.unheard[payload["event_id"]] = payload["event"]
        fault = self._faults.take("events", payload["event"]["type"])
        if fault and fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault and fault.cut:
            await self._transport.cut()
        retry = Retry()
        for delay_s in (*self._timing.retry_delays_s, None):
            try:
                await self._transport.send("events_api", payload, retry=retry)
            except NotDelivered as failure:
                if failure.final:
                    return
                reason = failure.reason
            else:
                self.unheard.pop(payload["event_id"], None)
                if fault is None or not (fault.redeliver or fault.lose_answer):
                    return
                fault, reason = None, "timeout"
            if delay_s is None:
                return
            await asyncio.sleep(delay_s)
            retry = Retry(retry.attempt + 1, reason)

    async def close(self) -> None:
        await self._tasks.close()


def _channel_of(event: Json) -> str:
    item = event.get("item")
    in_item = item.get("channel") if isinstance(item, dict) else None
    channel = event.get("channel") or event.get("channel_id") or in_item or ""
    return str(channel["id"] if isinstance(channel, dict) else channel)
