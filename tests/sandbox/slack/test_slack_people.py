"""People who left, guests, strangers; groups that nobody is in; other apps; edits of mentions; renamed channels."""

import asyncio
from typing import Any

import pytest

from tests.sandbox.slack.harbor import Harbor
from tests.sandbox.slack.test_slack_events import TEAM, connect


async def person(slack: Harbor, user: str) -> dict[str, Any]:
    found: dict[str, Any] = (await slack.raw("users.info", user=user))["user"]
    return found


async def test_somebody_who_left_stays_listed(slack: Harbor) -> None:
    """With their name and in their groups; they can do nothing, and nobody can write to them."""
    socket = await connect(slack)
    await slack.tell("control/person", id="U0JO", deleted=True)
    event = await socket.event()
    listed = {each["id"]: each for each in (await slack.raw("users.list"))["members"]}

    assert (event["type"], event["user"]["id"], event["user"]["deleted"]) == ("user_change", "U0JO", True)
    assert (listed["U0JO"]["deleted"], listed["U0JO"]["name"]) == (True, "jo")
    assert "U0JO" in (await slack.raw("usergroups.users.list", usergroup="S0T2TECH"))["users"]
    assert (await slack.tell("client/say", as_="U0JO", channel=TEAM, text="hi"))["error"] == "account_inactive"
    assert await slack.error("conversations.open", users="U0JO") == "user_disabled"


async def test_guests_and_strangers(slack: Harbor) -> None:
    """Each with the flags of Slack; only who is of the workspace joins the team."""
    socket = await connect(slack)
    await slack.tell("control/person", id="U0JO", guest="multi")
    await slack.tell("control/person", id="U0GUS", name="gus", guest="single")
    await slack.tell("control/person", id="U0STR", name="stella", team_id="T0OTHER")
    events = [await socket.event() for _ in range(2)]
    jo, gus, stella = [await person(slack, user) for user in ("U0JO", "U0GUS", "U0STR")]

    assert [each["type"] for each in events] == ["user_change", "team_join"]
    assert (jo["is_restricted"], jo["is_ultra_restricted"]) == (True, False)
    assert (gus["is_restricted"], gus["is_ultra_restricted"]) == (True, True)
    assert (stella["team_id"], stella["is_stranger"]) == ("T0OTHER", True)
    assert "is_stranger" not in jo


async def test_disabled_group_is_listed_where_it_is_asked_for(slack: Harbor) -> None:
    """Mentioning it raises nothing; its members can't be read."""
    socket = await connect(slack)
    await slack.tell("control/usergroup", id="S0LTM", disabled=True)
    event = await socket.event()
    usual = (await slack.raw("usergroups.list"))["usergroups"]
    every = {each["id"]: each for each in (await slack.raw("usergroups.list", include_disabled=True))["usergroups"]}

    assert (event["type"], bool(event["subteam"]["date_delete"])) == ("subteam_updated", True)
    assert "S0LTM" not in [each["id"] for each in usual]
    assert every["S0LTM"]["date_delete"] > 0
    assert await slack.error("usergroups.users.list", usergroup="S0LTM") == "no_such_subteam"
    assert await slack.error("chat.postMessage", channel=TEAM, text="<!subteam^S0LTM>") == ""


async def test_empty_and_deleted_groups(slack: Harbor) -> None:
    """One has nobody, the other is nothing."""
    await slack.tell("control/usergroup", id="S0LTM", users=[])
    empty = await slack.raw("usergroups.users.list", usergroup="S0LTM")
    await slack.tell("control/usergroup", id="S0LTM", deleted=True)

    assert (empty["ok"], empty["users"]) == (True, [])
    assert await slack.error("usergroups.users.list", usergroup="S0LTM") == "no_such_subteam"
    assert (await slack.tell("control/usergroup", id="S0LTM", users=[]))["error"] == "no_such_subteam"


@pytest.mark.parametrize("user", ["", "U0KIM"])
async def test_another_app_mentions_the_bot(slack: Harbor, user: str) -> None:
    """A workflow names nobody; an app may name a person. Both have a bot_id."""
    socket = await connect(slack)
    said = await slack.tell("control/app", channel=TEAM, text="@secondline claim", user=user)
    events = {event["type"]: event for event in [await socket.event(), await socket.event()]}

    assert events["app_mention"]["ts"] == said["ts"]
    assert events["app_mention"]["bot_id"] == events["message"]["bot_id"] == "B0OTHER"
    assert events["app_mention"].get("user", "") == user


async def test_edited_mention_comes_again(slack: Harbor) -> None:
    """As another event of the same message; so does a message that an edit makes a mention."""
    socket = await connect(slack)
    ts = await slack.say("U0KIM", TEAM, "@secondline clam")
    await slack.tell("client/edit", as_="U0KIM", channel=TEAM, ts=ts, text="@secondline claim")
    plain = await slack.say("U0KIM", TEAM, "claim")
    await slack.tell("client/edit", as_="U0KIM", channel=TEAM, ts=plain, text="@secondline claim")
    frames = [await socket.frame() for _ in range(7)]
    for frame in frames:
        await socket.ack(frame)
    mentions = [each["payload"] for each in frames if each["payload"]["event"]["type"] == "app_mention"]

    assert [each["event"]["ts"] for each in mentions] == [ts, ts, plain]
    assert [bool(each["event"].get("edited")) for each in mentions] == [False, True, True]
    assert len({each["event_id"] for each in mentions}) == 3
    assert [each["event"]["text"] for each in mentions[:2]] == ["<@U0BOT> clam", "<@U0BOT> claim"]


async def test_edit_of_a_message_without_a_mention_is_no_mention(slack: Harbor) -> None:
    """Nor one that takes the mention out."""
    socket = await connect(slack)
    ts = await slack.say("U0KIM", TEAM, "@secondline claim")
    await slack.tell("client/edit", as_="U0KIM", channel=TEAM, ts=ts, text="never mind")
    events = [await socket.event() for _ in range(3)]
    with pytest.raises(TimeoutError):
        await socket.frame(within_s=0.1)

    assert [each["type"] for each in events].count("app_mention") == 1


async def test_renamed_channel_keeps_its_id_and_its_old_names(slack: Harbor) -> None:
    """The newest first, as two renames leave them."""
    socket = await connect(slack)
    await slack.tell("control/channel", id=TEAM, name="tier2")
    await slack.tell("control/channel", id=TEAM, name="tier2-tech")
    event = await socket.event()
    channel = (await slack.raw("conversations.info", channel=TEAM))["channel"]

    assert (event["type"], event["channel"]["id"], event["channel"]["name"]) == ("channel_rename", TEAM, "tier2")
    assert (channel["name"], channel["previous_names"]) == ("tier2-tech", ["tier2", "t2-tech"])


async def test_answer_that_is_lost(slack: Harbor) -> None:
    """A fault: the app has it and acked, and the person's client says that it does not answer."""
    socket = await connect(slack)
    await slack.tell("control/fault", where="interactions", method="/investigate", lose_answer=True)
    said = asyncio.create_task(slack.say("U0KIM", TEAM, "/investigate us-east"))
    envelope = await socket.frame()
    await socket.ack(envelope)
    await said

    assert envelope["payload"]["command"] == "/investigate"
    assert "operation_timeout" in (await slack.texts("U0KIM", TEAM))[-1]
