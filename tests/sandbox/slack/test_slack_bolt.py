"""The unchanged libraries that the bot uses, against the sandbox."""

from typing import Any

from slack_bolt.async_app import AsyncAck

from tests.sandbox.slack.bolted import Inbox, connected, new_app
from tests.sandbox.slack.harbor import Harbor


async def test_a_command_reaches_bolt_and_its_ack_text_is_seen_by_the_caller_alone(slack: Harbor) -> None:
    """Command to envelope to ack to ephemeral."""
    app, inbox = new_app(slack), Inbox()

    @app.command("/investigate")
    async def investigate(ack: AsyncAck, body: dict[str, Any]) -> None:
        inbox.put(body)
        await ack("Looking into it.")

    async with connected(app):
        answer = await slack.tell("client/say", as_="U0KIM", channel="C0T2TECH", text="/investigate us-east loss")
    body = await inbox.next()

    assert answer == {"ok": True, "command": True}
    assert (body["command"], body["text"], body["user_id"], body["channel_name"]) == (
        "/investigate",
        "us-east loss",
        "U0KIM",
        "t2-tech",
    )
    assert "thread_ts" not in body
    assert "Looking into it." in await slack.texts("U0KIM", "C0T2TECH")
    assert "Looking into it." not in await slack.texts("U0JO", "C0T2TECH")


async def test_post_and_update_by_slack_sdk(slack: Harbor) -> None:
    """One message, edited in place."""
    posted = await slack.web.chat_postMessage(channel="C0T2TECH", text="card", metadata=_key("a"))
    await slack.web.chat_update(channel="C0T2TECH", ts=posted["ts"], text="card, newer")
    history = await slack.web.conversations_history(channel="C0T2TECH", limit=1, include_all_metadata=True)

    message = history["messages"][0]
    assert (message["text"], message["edited"]["user"]) == ("card, newer", "U0BOT")
    assert message["metadata"]["event_payload"] == {"key": "a"}


def _key(key: str) -> dict[str, Any]:
    return {"event_type": "owed", "event_payload": {"key": key}}
