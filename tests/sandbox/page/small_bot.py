"""A bot of a few lines that uses what the page can show: a card, a form, a Home, a file."""

from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.seeds import APP_TOKEN, BOT_TOKEN

Json = dict[str, Any]

REPORT = "HOST: probe   Loss%\n" + "".join(f"{hop:3d}.|-- hop-{hop}.example  0.0%\n" for hop in range(1, 21))


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(label: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(label), "action_id": action_id, "value": "12", **more}


def card(target: str) -> list[Json]:
    sure = {
        "title": plain("Dismiss it?"),
        "text": plain("Nobody is told."),
        "confirm": plain("Dismiss"),
        "deny": plain("Back"),
    }
    return [
        {"type": "header", "block_id": "head", "text": plain(f"INV-12 {target}")},
        {
            "type": "section",
            "block_id": "what",
            "text": {"type": "mrkdwn", "text": "*Open* since <!date^1740993120^{time}|09:12>"},
        },
        {
            "type": "actions",
            "block_id": "do",
            "elements": [button("Escalate", "escalate", style="primary"), button("Dismiss", "dismiss", confirm=sure)],
        },
    ]


def form(*more: Json) -> Json:
    levels = [{"text": plain(name), "value": name} for name in ("P0", "P1")]
    return {
        "type": "modal",
        "callback_id": "escalation",
        "title": plain("Escalate INV-12"),
        "submit": plain("Send"),
        "blocks": [
            field("impact", "Impact", {"type": "plain_text_input", "action_id": "text"}),
            field("level", "Priority", {"type": "static_select", "action_id": "pick", "options": levels}),
            field("runs", "Attach", {"type": "checkboxes", "action_id": "pick", "options": levels}, optional=True),
            *more,
        ],
    }


def field(block_id: str, label: str, element: Json, *, optional: bool = False) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, "optional": optional}


class SmallBot:
    """Remembers what reached it: `pressed`, `submitted` (the values of forms), `homes` (openings of its Home)."""

    def __init__(self, *, api_url: str, http: aiohttp.ClientSession) -> None:
        self.client = AsyncWebClient(BOT_TOKEN, base_url=api_url, session=http, retry_handlers=[])
        self.pressed: list[Json] = []
        self.submitted: list[Json] = []
        self.shortcuts: list[Json] = []
        self.homes = 0
        app = AsyncApp(name="test", client=self.client, process_before_response=True)
        app.command("/investigate")(self._investigate)
        app.action("escalate")(self._escalate)
        app.action("dismiss")(self._dismiss)
        app.action("ticks")(self._tick)
        app.view("escalation")(self._submit)
        app.shortcut("investigate_message")(self._shortcut)
        app.event("app_home_opened")(self._home)
        self._handler = AsyncSocketModeHandler(app, APP_TOKEN, ping_interval=1)

    async def connect(self) -> None:
        await self._handler.connect_async()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def post(self, channel: str, text: str, **more: Any) -> str:
        answer = await self.client.chat_postMessage(channel=channel, text=text, **more)
        return str(answer["ts"])

    async def _investigate(self, ack: Any, command: Json) -> None:
        await ack()
        await self.post(command["channel_id"], f"INV-12 {command['text']}", blocks=card(command["text"]))

    async def _escalate(self, ack: Any, body: Json) -> None:
        await ack()
        self.pressed.append(body)
        await self.client.views_open(trigger_id=body["trigger_id"], view=form())

    async def _dismiss(self, ack: Any, body: Json) -> None:
        await ack()
        self.pressed.append(body)

    async def _tick(self, ack: Any) -> None:
        await ack()

    async def _submit(self, ack: Any, view: Json) -> None:
        values = view["state"]["values"]
        if values["impact"]["text"]["value"] == "none":
            await ack(response_action="errors", errors={"impact": "Say who is affected."})
            return
        self.submitted.append(values)
        await ack()

    async def _shortcut(self, ack: Any, body: Json) -> None:
        await ack()
        self.shortcuts.append(body)

    async def _home(self, event: Json) -> None:
        self.homes += 1
        blocks = [{"type": "section", "block_id": "hello", "text": plain("Good morning")}]
        await self.client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})
