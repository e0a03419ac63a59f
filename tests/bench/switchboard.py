"""A Slack of the bench's own: as little as the bot needs, so that nearly all of the time measured is the bot's.

It plays Web API and Socket Mode on loopback, checks nothing, and notes the moment at which each envelope left and
its ack came in.
"""

import asyncio
import itertools
import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import WSMsgType, web

Json = dict[str, Any]
Envelope = tuple[str, Json]
"""The envelope's type ("slash_commands", "events_api", "interactive") and its payload."""

BOT_USER, TEAM, PERSON, MANAGER = "U0BOT", "T0BENCH", "U0KIM", "U0LENA"
PEOPLE = [PERSON, MANAGER, *(f"U0T2{number:03d}" for number in range(30))]
"""Everybody is of Tier 2."""
TIER1 = [f"U0T1{number:03d}" for number in range(120)]
GROUPS = [{"id": "S0LTM", "handle": "ltm", "date_delete": 0}, {"id": "S0TIER1", "handle": "tier1", "date_delete": 0}]
_MEMBERS = {"S0LTM": [MANAGER], "S0TIER1": TIER1}


class Switchboard:
    """One bot at a time. `calls` counts its requests by Web API method."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.port = 0
        self._sockets: list[web.WebSocketResponse] = []
        self._acked: dict[str, float] = {}
        self._changed = asyncio.Event()
        self._stamps = itertools.count(1)
        self._app = web.Application(client_max_size=16 * 1024 * 1024)
        self._app.router.add_route("*", "/api/{method}", self._method)
        self._app.router.add_post("/upload", self._taken)
        self._app.router.add_post("/respond", self._taken)
        self._app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(self._app, shutdown_timeout=0.1, access_log=None)

    def mount(self, prefix: str, app: web.Application) -> None:
        """Something else under the same origin, before `open`."""
        self._app.add_subapp(prefix, app)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def connected(self) -> int:
        return len(self._sockets)

    async def open(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = int(self._runner.addresses[0][1])

    async def close(self) -> None:
        await self._runner.cleanup()

    async def until_connected(self, sockets: int = 1, *, within_s: float = 30.0) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while self.connected < sockets:
                await self._next_change()

    async def send(self, envelopes: Sequence[Envelope], *, within_s: float = 20.0) -> list[float]:
        """Send all at once, in turn over the connections; ms from each frame to its ack. Raises TimeoutError."""
        framed = [(str(uuid.uuid4()), *envelope) for envelope in envelopes]
        texts = [(number, json.dumps(_frame(number, kind, payload))) for number, kind, payload in framed]
        clock, sent = asyncio.get_running_loop().time, dict[str, float]()
        for turn, (number, text) in enumerate(texts):
            sent[number] = clock()
            await self._sockets[turn % len(self._sockets)].send_str(text)
        async with asyncio.timeout(within_s):
            while not sent.keys() <= self._acked.keys():
                await self._next_change()
        return [1000 * (self._acked.pop(number) - began) for number, began in sent.items()]

    async def _next_change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(json.dumps({"type": "hello", "num_connections": 1, "debug_info": {}}))
        self._sockets.append(socket)
        self._changed.set()
        clock = asyncio.get_running_loop().time
        try:
            async for frame in socket:
                now = clock()
                if frame.type is WSMsgType.TEXT:
                    self._acked[json.loads(frame.data).get("envelope_id", "")] = now
                    self._changed.set()
        finally:
            self._sockets.remove(socket)
        return socket

    async def _method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls[method] += 1
        await request.read()
        answer = self._answer(method, request.query)
        return web.json_response({"ok": True} | answer, headers={"x-oauth-scopes": "chat:write"})

    async def _taken(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        return web.Response(text="ok")

    def _answer(self, method: str, asked: Mapping[str, str]) -> Json:
        if method == "auth.test":
            return {"user_id": BOT_USER, "bot_id": "B0BOT", "team_id": TEAM, "team": "Bench", "url": self.origin}
        if method == "chat.getPermalink":
            return {"permalink": f"{self.origin}/archives/{asked['channel']}/p{asked['message_ts'].replace('.', '')}"}
        if method == "apps.connections.open":
            return {"url": f"ws://127.0.0.1:{self.port}/socket"}
        if method == "usergroups.list":
            return {"usergroups": GROUPS}
        if method == "usergroups.users.list":
            return {"users": _MEMBERS.get(asked.get("usergroup", ""), [])}
        if method == "files.getUploadURLExternal":
            return {"file_id": f"F{next(self._stamps)}", "upload_url": f"{self.origin}/upload"}
        return {"ts": f"1800000000.{next(self._stamps):06d}", "channels": [], "messages": [], "members": []}


def command(origin: str, name: str, text: str, *, channel: str = "C0TEAM0", user: str = PERSON) -> Envelope:
    """A slash command as Slack sends it."""
    number = uuid.uuid4().hex
    return "slash_commands", {
        "team_id": TEAM,
        "channel_id": channel,
        "channel_name": "t2",
        "user_id": user,
        "command": name,
        "text": text,
        "api_app_id": "A0BENCH",
        "is_enterprise_install": "false",
        "response_url": f"{origin}/respond",
        "trigger_id": number,
    }


def message(text: str, *, channel: str, ts: str) -> Envelope:
    """Somebody wrote in a channel."""
    event = {"type": "message", "user": PERSON, "text": text, "channel": channel, "channel_type": "channel", "ts": ts}
    return "events_api", _of_app("event_callback") | {"event_id": f"Ev{uuid.uuid4().hex}", "event": event}


def press(action_id: str, value: str, *, channel: str, ts: str) -> Envelope:
    """A button on a message."""
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": ts}
    return "interactive", _of_app("block_actions") | {
        "user": {"id": PERSON},
        "channel": {"id": channel},
        "message": {"ts": ts, "text": "card"},
        "container": {"type": "message", "message_ts": ts, "channel_id": channel},
        "trigger_id": uuid.uuid4().hex,
        "actions": [action],
    }


def submission(callback_id: str, values: dict[str, str], *, private_metadata: str, user: str = PERSON) -> Envelope:
    """A form that was sent."""
    state = {block: {"input": {"type": "plain_text_input", "value": value}} for block, value in values.items()}
    view: Json = {"id": f"V{uuid.uuid4().hex}", "hash": "1", "type": "modal", "callback_id": callback_id}
    view |= {"private_metadata": private_metadata, "state": {"values": state}}
    return "interactive", _of_app("view_submission") | {"user": {"id": user}, "view": view}


def _of_app(kind: str) -> Json:
    return {"type": kind, "team": {"id": TEAM}, "team_id": TEAM, "api_app_id": "A0BENCH", "token": "verification"}


def _frame(number: str, kind: str, payload: Json) -> Json:
    return {"envelope_id": number, "type": kind, "payload": payload, "accepts_response_payload": True}
