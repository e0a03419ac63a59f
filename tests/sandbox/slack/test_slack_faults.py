"""The sandbox misbehaves on demand."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.faults import Fault, Faults
from bot.sandbox.slack.seeds import Timing
from tests.eventually import eventually
from tests.sandbox.slack.bolted import Inbox, connected, new_app
from tests.sandbox.slack.harbor import APP_TOKEN, BOT_TOKEN, Harbor, harbor

TEAM = "C0T2TECH"


async def post(slack: Harbor) -> tuple[int, dict[str, Any], dict[str, str]]:
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    url = f"{slack.base}/api/chat.postMessage"
    async with slack.http.post(url, json={"channel": TEAM, "text": "x"}, headers=headers) as response:
        body = await response.json() if response.content_type == "application/json" else {}
        return response.status, body, dict(response.headers)


def test_a_fault_is_used_up_and_matches_by_place_and_method() -> None:
    """Oldest first."""
    faults = Faults()
    faults.add(Fault("api", method="chat.*", times=2))
    taken = [faults.take("api", name) for name in ("users.list", "chat.update", "chat.delete", "chat.delete")]

    assert [each is not None for each in taken] == [False, True, True, False]
    assert faults.take("upload") is None


async def test_status_error_and_retry_after(slack: Harbor) -> None:
    """Each once, then all is well."""
    await slack.tell("control/fault", where="api", method="chat.postMessage", status=503)
    await slack.tell("control/fault", where="api", method="chat.postMessage", error="is_archived")
    await slack.tell("control/fault", where="api", method="chat.postMessage", retry_after=5)
    status, refused, limited, fine = [await post(slack) for _ in range(4)]

    assert status[0] == 503
    assert refused[1] == {"ok": False, "error": "is_archived"}
    assert (limited[0], limited[2]["Retry-After"]) == (429, "5")
    assert fine[1]["ok"]


async def test_a_lost_answer_did_the_work_and_a_cut_did_not(slack: Harbor) -> None:
    """Only the log can tell them apart."""
    for fault in ({"lose_answer": True}, {"cut": True}):
        await slack.tell("control/fault", where="api", method="chat.postMessage", **fault)
        with pytest.raises(aiohttp.ClientError):
            await post(slack)
    calls = (await slack.ask("control/log"))["calls"]

    assert [(each["answer_ok"], each["fault"]) for each in calls] == [(True, True), (False, True)]
    assert (await slack.texts("U0KIM", TEAM)).count("x") == 1


async def test_slack_sdks_own_retry_doubles_a_message_whose_answer_was_lost(slack: Harbor) -> None:
    """Why the bot's client has no retry handlers."""
    await slack.tell("control/fault", where="api", method="chat.postMessage", lose_answer=True)
    client = AsyncWebClient(BOT_TOKEN, base_url=f"{slack.base}/api/", session=slack.http)
    await client.chat_postMessage(channel=TEAM, text="once?")

    assert (await slack.texts("U0KIM", TEAM)).count("once?") == 2


async def test_a_revoked_token_says_so(slack: Harbor) -> None:
    """Every method, from then on."""
    await slack.tell("control/revoke")

    assert (await post(slack))[1]["error"] == "token_revoked"


async def test_clear_ends_all_faults_and_empties_the_log(slack: Harbor) -> None:
    """Between two parts of a test."""
    await slack.tell("control/fault", where="api", times=99, status=500)
    await slack.tell("control/clear")

    assert (await post(slack))[1]["ok"]
    assert len((await slack.ask("control/log"))["calls"]) == 1


async def test_unknown_faults_are_refused(slack: Harbor) -> None:
    """A typing error in a test must not pass in silence."""
    assert (await slack.tell("control/fault", where="api", tims=2))["error"] == "invalid_arguments"
    assert (await slack.tell("control/fault", where="moon"))["error"] == "invalid_arguments"
    assert (await slack.tell("control/disconnect", reason="boredom"))["error"] == "invalid_arguments"


async def test_a_failed_handshake(slack: Harbor) -> None:
    """The ticket is not used up by it."""
    await slack.tell("control/fault", where="socket", status=502)
    url = (await slack.raw("apps.connections.open", token=APP_TOKEN))["url"]
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await slack.http.ws_connect(url)
    socket = await slack.http.ws_connect(url)

    assert (await socket.receive_json(timeout=3))["type"] == "hello"


async def test_a_cut_connection_ends_without_a_word(slack: Harbor) -> None:
    """No frame, no close handshake."""
    url = (await slack.raw("apps.connections.open", token=APP_TOKEN))["url"]
    socket = await slack.http.ws_connect(url)
    await socket.receive_json(timeout=3)
    await slack.tell("control/disconnect", reason="cut")
    message = await socket.receive(timeout=3)

    assert message.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    assert not slack.sandbox.site.socket.connected


async def test_bolt_reconnects_after_a_refresh() -> None:
    """With one new ticket, and events flow again."""
    async with harbor(timing=Timing()) as slack:
        app, inbox = new_app(slack), Inbox()

        @app.event("message")
        async def heard(body: dict[str, Any]) -> None:
            inbox.put(body)

        def tickets() -> int:
            return sum(each["method"] == "apps.connections.open" for each in slack.sandbox.control.log())

        async with connected(app):
            await slack.tell("control/disconnect", reason="refresh_requested")
            await eventually(lambda: tickets() == 2 and slack.sandbox.site.socket.connected)
            await slack.say("U0KIM", TEAM, "still there?")
            body = await inbox.next()

    assert body["event"]["text"] == "still there?"
    assert tickets() == 2


async def test_an_archived_channel_and_a_bot_that_was_removed(slack: Harbor) -> None:
    """What an administrator does in the middle of an investigation."""
    await slack.tell("control/channel", id=TEAM, archived=True)
    archived = (await post(slack))[1]["error"]
    await slack.tell("control/channel", id=TEAM, archived=False, bot_member=False)

    with pytest.raises(SlackApiError, match="not_in_channel"):
        await slack.web.chat_postMessage(channel=TEAM, text="x")
    assert archived == "is_archived"
