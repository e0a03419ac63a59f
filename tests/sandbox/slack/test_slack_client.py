"""What the browser page sees and does."""

from typing import Any

import pytest

from tests.sandbox.slack.harbor import Harbor

TEAM = "C0T2TECH"


async def test_the_state_is_all_that_a_page_needs(slack: Harbor) -> None:
    """Me, people, channels, commands, shortcuts, groups, the bot."""
    state = await slack.ask("client/state", as_="U0KIM")
    channels = {each["name"]: each for each in state["channels"]}

    assert (state["me"], state["team"]) == ("U0KIM", {"id": "T0HARBOR", "name": "Harbor VPN"})
    assert {each["name"] for each in state["people"]} >= {"kim", "jo", "ana", "tom", "lena", "raj", "secondline"}
    assert channels["old-outages"]["is_archived"] and channels["directmessage"]["user"] == "U0BOT"
    assert state["commands"][0] == {
        "command": "/investigate",
        "usage_hint": "<target>",
        "description": "Look into a trend",
    }
    assert {each["type"] for each in state["shortcuts"]} == {"message", "global"}
    assert {each["handle"] for each in state["usergroups"]} == {"ltm", "t2-tech", "t2-cs", "tier1"}
    assert state["bot"] == {"user_id": "U0BOT", "name": "secondline", "connected": False}


async def test_a_status_is_shown_until_its_end(slack: Harbor) -> None:
    async def shown() -> object:
        people = (await slack.ask("client/state", as_="U0KIM"))["people"]
        return next(each["status"] for each in people if each["id"] == "U0LENA")

    assert await shown() is None
    await slack.tell("control/status", id="U0LENA", text="On vacation", emoji=":palm_tree:")
    assert await shown() == {"text": "On vacation", "emoji": ":palm_tree:"}
    await slack.tell("control/status", id="U0LENA", text="On vacation", emoji=":palm_tree:", until=1)
    assert await shown() is None


async def test_the_morning_is_there(slack: Harbor) -> None:
    """Tom's message of a few minutes ago, with its reaction and its thread."""
    messages = (await slack.ask("client/messages", as_="U0KIM", channel="C0TIER1"))["messages"]
    last = messages[-1]
    thread = await slack.texts("U0KIM", "C0TIER1", thread_ts=last["ts"])

    assert last["text"] == "lots of tickets about US East, people drop after a minute or can't connect"
    assert (last["reply_count"], last["reactions"][0]["name"]) == (1, "eyes")
    assert thread[1] == "three more while I typed that"
    assert [each["ts"] for each in messages] == sorted(each["ts"] for each in messages)


async def test_unread_counts_what_others_wrote_since_one_looked(slack: Harbor) -> None:
    """One's own messages are read."""

    async def unread(user: str) -> int:
        state = await slack.ask("client/state", as_=user)
        return int(next(each["unread"] for each in state["channels"] if each["id"] == TEAM))

    before = await unread("U0JO")
    slack.clock.move(1)
    await slack.say("U0KIM", TEAM, "news")
    counted = (await unread("U0JO"), await unread("U0KIM"))
    await slack.texts("U0JO", TEAM)

    assert (before, counted, await unread("U0JO")) == (0, (1, 0), 0)


@pytest.mark.parametrize(
    ("call", "body", "error"),
    [
        ("say", {"channel": "C0OLD", "text": "x"}, "is_archived"),
        ("say", {"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ("say", {"channel": "D0JO", "text": "x"}, "channel_not_found"),
        ("say", {"channel": TEAM, "text": " "}, "no_text"),
        ("say", {"channel": TEAM}, "invalid_arguments"),
        ("say", {"channel": TEAM, "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ("shortcut", {"callback_id": "nope"}, "unknown_shortcut"),
        ("shortcut", {"callback_id": "investigate_message"}, "unknown_shortcut"),
        ("view", {"view_id": "V0", "type": "submit"}, "not_found"),
        ("react", {"channel": TEAM, "ts": "1.000000", "name": "eyes"}, "message_not_found"),
    ],
)
async def test_what_a_person_cannot_do(slack: Harbor, call: str, body: dict[str, Any], error: str) -> None:
    """Answered with Slack's words and status 200."""
    assert (await slack.tell(f"client/{call}", as_="U0KIM", **body))["error"] == error


async def test_the_bot_is_invited_and_removed_by_slacks_own_commands(slack: Harbor) -> None:
    """Slackbot says how when somebody mentions it where it is not."""
    await slack.say("U0KIM", "C0RANDOM", "@secondline help")
    hint = (await slack.texts("U0KIM", "C0RANDOM"))[-1]
    await slack.say("U0KIM", "C0RANDOM", "/invite @secondline")
    joined = await slack.error("chat.postMessage", channel="C0RANDOM", text="hello")
    await slack.say("U0KIM", "C0RANDOM", "/remove <@U0BOT>")
    removed = await slack.error("chat.postMessage", channel="C0RANDOM", text="hello")

    assert hint == "@secondline is not in this channel. To add it: `/invite @secondline`"
    assert (joined, removed) == ("", "not_in_channel")


async def test_people_change_only_their_own_messages(slack: Harbor) -> None:
    """Editing marks the message."""
    ts = await slack.say("U0KIM", TEAM, "a <b> & @jo")
    place = {"channel": TEAM, "ts": ts}
    refused = await slack.tell("client/edit", as_="U0JO", text="x", **place)
    kept = await slack.tell("client/delete", as_="U0JO", **place)
    await slack.tell("client/edit", as_="U0KIM", text="b", **place)
    message = (await slack.ask("client/messages", as_="U0KIM", channel=TEAM))["messages"][-1]

    assert (refused["error"], kept["error"]) == ("cant_update_message", "cant_delete_message")
    assert (message["text"], message["edited"]["user"]) == ("b", "U0KIM")


async def test_what_people_type_becomes_slacks_text_and_rich_text(slack: Harbor) -> None:
    """Names, channels, links and entities."""
    await slack.say("U0KIM", TEAM, "@jo see #tier1 & https://a.example/x, not a@b.example or mtr.txt")
    message = (await slack.ask("client/messages", as_="U0KIM", channel=TEAM))["messages"][-1]
    elements = message["blocks"][0]["elements"][0]["elements"]

    assert message["text"] == ("<@U0JO> see <#C0TIER1|tier1> &amp; <https://a.example/x>, not a@b.example or mtr.txt")
    assert [each["type"] for each in elements] == ["user", "text", "channel", "text", "link", "text"]
    assert elements[3]["text"] == " & "


async def test_the_live_feed_tells_each_person_what_concerns_them(slack: Harbor) -> None:
    """Messages of everybody's channels, but ephemerals and direct messages of one's own only."""
    url = f"{slack.base}/client/live"
    async with slack.http.ws_connect(url, params={"as": "U0JO"}) as jo:
        await slack.raw("chat.postEphemeral", channel=TEAM, user="U0KIM", text="for kim")
        await slack.say("U0KIM", "D0KIM", "private")
        ts = await slack.say("U0KIM", TEAM, "for all")
        await slack.raw("views.publish", user_id="U0JO", view={"type": "home", "blocks": [{"type": "divider"}]})
        await slack.tell("control/channel", id="C0INC", archived=True)
        frames = [await jo.receive_json(timeout=3) for _ in range(3)]

    assert frames[0] == {"type": "message", "channel": TEAM, "thread_ts": None, "ts": ts}
    assert (frames[1]["type"], frames[1]["view"]["type"]) == ("home", "home")
    assert frames[2] == {"type": "channels"}
