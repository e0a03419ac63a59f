"""Slack over HTTP: a request is judged by its bytes, its time and its signature before anything parses it."""

import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.database import Database
from bot.slack.client import SlackClient
from bot.slack.deliveries import Deliveries
from bot.slack.listener import Listener
from bot.slack.request import Answer, Conversation, Request
from bot.tasks import Tasks
from bot.web.server import WebServer
from bot.web.slack_http import BODY_MAX, FRESH_S, PATH, signed_by_slack, slack_route
from tests.database import memory_database
from tests.fake_clock import FakeClock
from tests.fake_web_api import FakeWebApi
from tests.slack import payloads
from tests.web.raw import Heard, post, sent

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = "Content-Type: application/x-www-form-urlencoded"
JSON = "Content-Type: application/json"


class Desk:
    """The bot as far as Slack's requests reach: a server, Bolt and a handler that writes down what it got."""

    def __init__(self, client: SlackClient) -> None:
        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="B1", bot_token="xoxb-1"
            )

        self.clock, self.tasks, self.seen = FakeClock(), Tasks(), list[Request]()
        self.database: Database = memory_database()
        bolt = AsyncApp(
            name="test",
            client=client.web,
            authorize=authorize,
            process_before_response=True,
            request_verification_enabled=False,
            attaching_function_token_enabled=False,
            logger=logging.getLogger("slack_bolt"),
        )
        deliveries = Deliveries(database=self.database, clock=self.clock)
        conversation = Conversation(client=FakeWebApi(), trusted_urls=())
        listener: Listener[Desk] = Listener(
            app=bolt, services=self, deliveries=deliveries, tasks=self.tasks, conversation=conversation
        )
        listener.command("/investigate", handle)
        listener.event("app_mention", handle)
        listener.button("investigation_claim", handle)
        listener.acknowledge_the_rest()
        routes = [slack_route(bolt, secret=SECRET, clock=self.clock)]
        self.server = WebServer(host="127.0.0.1", port=0, routes=routes, connected=connected)

    def signed(self, body: bytes, at: str = "") -> tuple[str, str]:
        """The two headers as Slack writes them."""
        at = at or str(int(self.clock().timestamp()))
        digest = hmac.new(SECRET.encode(), b"v0:" + at.encode("latin-1") + b":" + body, hashlib.sha256).hexdigest()
        return f"X-Slack-Request-Timestamp: {at}", f"X-Slack-Signature: v0={digest}"

    async def says(self, body: bytes, *headers: str) -> Heard:
        return await sent(self.server.port, post(PATH, body, *headers))

    async def says_signed(self, body: bytes, *headers: str) -> Heard:
        return await self.says(body, *self.signed(body), *headers)


async def handle(request: Request, desk: Desk) -> Answer:
    desk.seen.append(request)
    return None


async def connected() -> bool:
    return True


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    client = SlackClient(token="xoxb-1", api_url="http://127.0.0.1:9/api/")
    desk = Desk(client)
    await desk.server.start()
    yield desk
    await desk.server.close()
    await desk.tasks.idle()
    await client.close()


def form(payload: dict[str, Any]) -> bytes:
    return urlencode(payload).encode()


def interaction(payload: dict[str, Any]) -> bytes:
    return form({"payload": json.dumps(payload)})


WHOLE = {
    "a command": (form(payloads.command(text="café ❤ us-east")), FORM),
    "a command with a word that Bolt reads otherwise": (form(payloads.command(text="payload={} lost")), FORM),
    "an interaction": (interaction(payloads.press()), FORM),
    "an event": (json.dumps(payloads.mention("<@UBOT> claim ❤"), ensure_ascii=False).encode(), JSON),
    "an event with a charset": (json.dumps(payloads.mention()).encode(), JSON + '; charset="UTF-8"'),
}


@pytest.mark.parametrize(("body", "kind"), WHOLE.values(), ids=WHOLE)
async def test_what_slack_signed_reaches_the_handler(desk: Desk, body: bytes, kind: str) -> None:
    """And is acknowledged."""
    answer = await desk.says_signed(body, kind)
    await desk.tasks.idle()

    assert (answer.status, answer.body) == (200, b"")
    assert [request.user for request in desk.seen] == ["UKIM"]


async def test_slacks_challenge_is_answered(desk: Desk) -> None:
    """When the request URL is set, and when Slack looks at its certificate."""
    body = json.dumps({"type": "url_verification", "challenge": "c-1", "token": "t"}).encode()
    challenge = await desk.says_signed(body, JSON)
    check = await desk.says_signed(b"ssl_check=1&token=t", FORM)

    assert (challenge.status, json.loads(challenge.body)) == (200, {"challenge": "c-1"})
    assert check.status == 200


STRANGE = {
    "half an object": (b"{", JSON),
    "a list": (b"[1]", JSON),
    "a byte that is no text": (b"\xff", FORM),
    "an odd charset": (b"command=%2Ft2", FORM + "; charset=utf-99"),
    "a charset that is code": (b"{}", JSON + "; charset=../../../etc"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), JSON + "; charset=utf-16"),
    "zlib as charset": (b"x", FORM + "; charset=zlib"),
    "false gzip": (b"\x1f\x8bnope", JSON + "\r\nContent-Encoding: gzip"),
    "false deflate": (b"nope", JSON + "\r\nContent-Encoding: deflate"),
    "false brotli": (b"nope", JSON + "\r\nContent-Encoding: br"),
    "a very deep list": (b"[" * 100_000, JSON),
    "a deep object": (b'{"a":' * 50_000, JSON),
    "a number of 100,000 digits": (b"9" * 100_000, JSON),
    "a payload that is no JSON": (b"payload=%7B", FORM),
    "a payload that is a list": (b"payload=%5B1%5D", FORM),
    "an empty payload": (b"payload=", FORM),
    "a broken escape": (b"payload=%FF%FE", FORM),
    "fields without number": (b"&".join(b"a%d=1" % number for number in range(5_000)), FORM),
    "a multipart": (b"--x\r\n\r\n", "Content-Type: multipart/form-data; boundary=x"),
    "no type": (b"{}", "X-Nothing: here"),
    "a type that is no type": (b"{}", "Content-Type: \xff/\xfe; charset=\xff"),
    "nothing": (b"", JSON),
    "null": (b"null", JSON),
    "a text": (b'"x"', JSON),
    "NaN": (b"NaN", JSON),
    "lone surrogates": (b'{"type": "\\ud800", "event": "\\udfff"}', JSON),
    "an event that is a list": (b'{"type": "event_callback", "event": [1]}', JSON),
    "an event that is a text": (b'{"type": "event_callback", "event": "app_mention"}', JSON),
    "a mention of nothing": (b'{"type": "event_callback", "event": {"type": "app_mention"}}', JSON),
    "authorizations that are a number": (b'{"type": "event_callback", "authorizations": 5}', JSON),
    "authorizations of numbers": (b'{"type": "event_callback", "authorizations": [5]}', JSON),
    "a team that is a list": (b'{"type": "block_actions", "team": [1], "user": 5}', JSON),
    "actions that are none": (interaction({"type": "block_actions", "actions": 5}), FORM),
    "actions of nothing": (interaction({"type": "block_actions", "actions": []}), FORM),
    "an action that is a text": (interaction({"type": "block_actions", "actions": ["x"]}), FORM),
    "an action of ours without anything": (
        interaction({"type": "block_actions", "actions": [{"action_id": "investigation_claim"}]}),
        FORM,
    ),
    "a form of nothing": (interaction({"type": "view_submission", "view": 5}), FORM),
    "a form without values": (interaction({"type": "view_submission", "view": {"callback_id": "x", "state": 5}}), FORM),
    "a command of nobody": (form({"command": "/investigate"}), FORM),
    "a shortcut of nothing": (interaction({"type": "message_action", "callback_id": [1]}), FORM),
    "a type of its own": (b'{"type": "who knows"}', JSON),
    "a type that is a list": (b'{"type": [1], "command": {}}', JSON),
}


@pytest.mark.parametrize(("body", "kind"), STRANGE.values(), ids=STRANGE)
async def test_nothing_unsigned_is_parsed(desk: Desk, body: bytes, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """401 whatever it is, and one line."""
    answer = await desk.says(body, kind)
    later = await desk.says(body, kind, *desk.signed(body + b" "))

    assert (answer.status, later.status) == (401, 401)
    assert answer.body == b""
    assert desk.seen == []
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


@pytest.mark.parametrize(("body", "kind"), STRANGE.values(), ids=STRANGE)
async def test_what_is_signed_and_strange_does_no_harm(
    desk: Desk, body: bytes, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """400, or an answer that says that nothing here wants it; never a traceback."""
    answer = await desk.says_signed(body, kind)
    await desk.tasks.idle()

    assert answer.status in (200, 400, 404)
    assert [record for record in caplog.records if record.exc_info or record.levelno > logging.WARNING] == []
    assert len(caplog.text) < 2_000


BODY = form(payloads.command())


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "v0=",
        "v0=\xff",
        "v0=\xff" * 100,
        "v1=" + "0" * 64,
        "0" * 64,
        "v0=" + "0" * 64,
        "v0=" + "0" * 7_000,
        "é",
        ",",
    ],
)
async def test_no_other_text_is_a_signature(desk: Desk, signature: str) -> None:
    """Of whatever bytes."""
    timestamp, _ = desk.signed(BODY)
    assert (await desk.says(BODY, FORM, timestamp, f"X-Slack-Signature: {signature}")).status == 401
    assert (await desk.says(BODY, FORM, timestamp)).status == 401
    assert desk.seen == []


@pytest.mark.parametrize("seconds", [FRESH_S + 1, -FRESH_S - 1, 86_400, -86_400 * 365])
async def test_an_old_request_is_refused_and_one_of_the_future_too(desk: Desk, seconds: int) -> None:
    """Though its signature is right."""
    at = str(int(desk.clock().timestamp()) + seconds)
    assert (await desk.says(BODY, FORM, *desk.signed(BODY, at))).status == 401


@pytest.mark.parametrize("seconds", [FRESH_S, -FRESH_S])
async def test_five_minutes_are_fresh(desk: Desk, seconds: int) -> None:
    """As Slack's documentation says."""
    at = str(int(desk.clock().timestamp()) + seconds)
    assert (await desk.says(BODY, FORM, *desk.signed(BODY, at))).status == 200


@pytest.mark.parametrize(
    "at", ["now", "-1", "1e9", "9" * 5_000, "NaN", "inf", "0x10", " ", "1_795_165_920", "\xb2", "\xff", "1795165920.5"]
)
async def test_a_time_that_is_none_is_refused(desk: Desk, at: str) -> None:
    """Though it was signed as it is."""
    assert (await desk.says(BODY, FORM, *desk.signed(BODY, at))).status == 401


async def test_headers_that_come_twice_or_not_at_all_are_refused(desk: Desk) -> None:
    """Nobody can tell which of them was meant."""
    timestamp, signature = desk.signed(BODY)
    for headers in [(timestamp, timestamp, signature), (timestamp, signature, signature), (signature,), (timestamp,)]:
        assert (await desk.says(BODY, FORM, *headers)).status == 401
    assert (await desk.says(BODY, FORM, timestamp.lower(), signature.replace("X-Slack", "x-SLACK"))).status == 200


async def test_bodies_are_bounded(desk: Desk) -> None:
    """Before anybody looks at the signature; what is as long as may be is read."""
    over, most = b"x" * (BODY_MAX + 1), b"text=" + b"x" * (BODY_MAX - 5)

    assert (await desk.says(over, FORM, *desk.signed(over))).status == 413
    assert (await desk.says(most, FORM)).status == 401
    assert (await desk.says_signed(most, FORM)).status != 413
    assert BODY_MAX == 1024 * 1024


async def test_200_broken_requests_leave_a_short_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """390 kB were seen."""
    for body, kind in list(STRANGE.values())[:40] * 5:
        await desk.says(body, kind)

    assert len(caplog.text) < 500


@given(st.binary(max_size=60), st.text(max_size=40), st.text(max_size=80))
def test_nothing_made_up_is_signed(body: bytes, at: str, signature: str) -> None:
    """And nothing raises."""
    now = FakeClock()()
    assert not signed_by_slack(SECRET, {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature}, body, now=now)
    assert not signed_by_slack("", {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature}, body, now=now)


def test_the_example_of_slacks_documentation_is_right() -> None:
    """https://docs.slack.dev/authentication/verifying-requests-from-slack"""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = {
        "X-Slack-Request-Timestamp": "1531420618",
        "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    clock = FakeClock()
    clock.now = clock.now.fromtimestamp(1531420618, clock.now.tzinfo)

    assert signed_by_slack(SECRET, headers, body, now=clock())
