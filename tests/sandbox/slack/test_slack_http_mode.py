"""Deliveries by signed HTTP requests, verified by the real slack_bolt."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.httpmode import HttpDelivery, signature
from bot.sandbox.slack.seeds import HttpMode
from bot.sandbox.slack.transport import Retry
from tests.sandbox.slack.bolted import Inbox
from tests.sandbox.slack.harbor import BOT_TOKEN, QUICK, Harbor, harbor

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


def test_the_example_of_slacks_documentation() -> None:
    """https://docs.slack.dev/authentication/verifying-requests-from-slack"""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )

    assert signature(SECRET, "1531420618", body) == (
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    )


@asynccontextmanager
async def listening(handler: Any) -> AsyncIterator[str]:
    """A web server for the app's request URL."""
    app = web.Application()
    app.router.add_post("/slack/events", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await runner.cleanup()


class BoltOverHttp:
    """A Bolt app that believes Slack's clock, and so the real time of its signature check."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.app: AsyncApp | None = None

    def build(self, slack: Harbor) -> None:
        client = AsyncWebClient(BOT_TOKEN, base_url=f"{slack.base}/api/", session=slack.http, retry_handlers=[])
        self.app = AsyncApp(name="test", client=client, signing_secret=SECRET, process_before_response=True)
        self.app.command("/investigate")(self._command)
        self.app.event("message")(self._event)

    async def _command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        self.inbox.put(body)
        await ack("by HTTP")

    async def _event(self, body: dict[str, Any]) -> None:
        self.inbox.put(body)

    async def handle(self, request: web.Request) -> web.Response:
        assert self.app is not None
        return await to_aiohttp_response(await self.app.async_dispatch(await to_bolt_request(request)))


async def test_commands_and_events_pass_bolts_signature_check() -> None:
    """The whole way, and the ack's text is shown."""
    bolt = BoltOverHttp()
    async with listening(bolt.handle) as url, harbor(http=HttpMode(url, SECRET), live_clock=True) as slack:
        bolt.build(slack)
        await slack.say("U0KIM", "C0T2TECH", "/investigate us-east")
        command = await bolt.inbox.next()
        await slack.say("U0KIM", "C0T2TECH", "hello")
        event = await bolt.inbox.next()
        texts = await slack.texts("U0KIM", "C0T2TECH")

    assert (command["text"], event["event"]["text"]) == ("us-east", "hello")
    assert "by HTTP" in texts


async def test_a_request_url_answers_the_challenge() -> None:
    """Bolt does; a stranger's server does not."""
    bolt = BoltOverHttp()

    async def strange(request: web.Request) -> web.Response:
        return web.json_response({"challenge": "no"})

    async with listening(bolt.handle) as url, harbor(http=HttpMode(url, SECRET), live_clock=True) as slack:
        bolt.build(slack)
        right = await slack.tell("control/verify")
    async with listening(strange) as url, harbor(http=HttpMode(url, SECRET)) as slack:
        wrong = await slack.tell("control/verify")

    assert (right["verified"], wrong["verified"]) == (True, False)


async def test_events_are_repeated_with_headers_until_told_to_stop() -> None:
    """X-Slack-No-Retry ends it."""
    seen: list[tuple[str | None, str | None]] = []
    done = Inbox()

    async def fail(request: web.Request) -> web.Response:
        seen.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        last = len(seen) == 3
        if last:
            done.put({})
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"} if last else {})

    async with listening(fail) as url, harbor(http=HttpMode(url, SECRET)) as slack:
        await slack.say("U0KIM", "C0T2TECH", "hello")
        await done.next()

    assert seen == [(None, None), ("1", "http_error"), ("2", "http_error")]


async def test_interactions_are_a_form_with_one_field() -> None:
    """As Slack posts them."""
    inbox = Inbox()

    async def take(request: web.Request) -> web.Response:
        inbox.put(dict(await request.post()))
        return web.Response()

    async with listening(take) as url, harbor() as slack:
        delivery = HttpDelivery(clock=slack.clock, mode=HttpMode(url, SECRET), timing=QUICK)
        answer = await delivery.send("interactive", {"type": "shortcut"}, retry=Retry())
        await delivery.close()

    assert answer == {}
    assert await inbox.next() == {"payload": '{"type": "shortcut"}'}
