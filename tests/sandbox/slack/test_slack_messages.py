"""Posting, editing, deleting, threads, marks, and reading them back."""

from typing import Any

import pytest

from tests.sandbox.slack.harbor import Harbor

TEAM = "C0T2TECH"
BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "value": "1"}


async def post(slack: Harbor, **arguments: Any) -> str:
    answer = await slack.raw("chat.postMessage", **({"channel": TEAM, "text": "x"} | arguments))
    assert answer["ok"], answer
    slack.clock.move(1)
    return str(answer["ts"])


async def newest(slack: Harbor, **arguments: Any) -> dict[str, Any]:
    history = await slack.raw("conversations.history", channel=TEAM, limit=1, **arguments)
    message: dict[str, Any] = history["messages"][0]
    return message


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NONE"}, "channel_not_found"),
        ({"channel": "C0RANDOM"}, "not_in_channel"),
        ({"channel": "C0OLD"}, "is_archived"),
        ({"text": ""}, "no_text"),
        ({"text": "  "}, "no_text"),
        ({"thread_ts": "1700000000.000001"}, "thread_not_found"),
        ({"blocks": "not json"}, "invalid_blocks_format"),
        ({"metadata": "{}"}, "invalid_metadata_format"),
        ({"metadata": {"event_type": "a", "event_payload": "b"}}, "invalid_metadata_schema"),
        ({"metadata": {"event_type": "a", "event_payload": {"b": "c" * 9000}}}, "metadata_too_large"),
        ({"markdown_text": "a"}, "markdown_text_conflict"),
    ],
)
async def test_what_cannot_be_posted(slack: Harbor, arguments: dict[str, Any], error: str) -> None:
    """Slack's own word for each."""
    assert await slack.error("chat.postMessage", **({"channel": TEAM, "text": "x"} | arguments)) == error


async def test_every_ts_is_unique_and_growing_while_the_clock_stands(slack: Harbor) -> None:
    """A ts is an id."""
    first = await slack.raw("chat.postMessage", channel=TEAM, text="1")
    second = await slack.raw("chat.postMessage", channel="C0INC", text="2")

    assert first["ts"] < second["ts"]
    assert len(first["ts"].split(".")[1]) == 6


async def test_long_text_is_cut_on_post_and_refused_on_update(slack: Harbor) -> None:
    """40,000 characters against 4,000."""
    answer = await slack.raw("chat.postMessage", channel=TEAM, text="x" * 40_001)
    update = {"channel": TEAM, "ts": answer["ts"]}

    assert len(answer["message"]["text"]) == 40_000
    assert await slack.error("chat.update", text="x" * 4_000, **update) == ""
    assert await slack.error("chat.update", text="x" * 4_001, **update) == "msg_too_long"


async def test_metadata_is_shown_to_who_asks_and_survives_edits(slack: Harbor) -> None:
    """The key of a post travels there."""
    metadata = {"event_type": "owed", "event_payload": {"key": "k1"}}
    ts = await post(slack, metadata=metadata)
    await slack.raw("chat.update", channel=TEAM, ts=ts, text="edited")

    assert (await newest(slack, include_all_metadata=True))["metadata"] == metadata
    assert "metadata" not in await newest(slack)


async def test_an_update_keeps_the_blocks_that_it_does_not_name(slack: Harbor) -> None:
    """An empty list removes them."""
    ts = await post(slack, blocks=[{"type": "divider"}])
    await slack.raw("chat.update", channel=TEAM, ts=ts, text="kept")
    kept = await newest(slack)
    await slack.raw("chat.update", channel=TEAM, ts=ts, text="gone", blocks=[])

    assert kept["blocks"][0]["type"] == "divider"
    assert "blocks" not in await newest(slack)


async def test_only_the_apps_own_messages_can_be_changed_by_it(slack: Harbor) -> None:
    """And a deleted one is not found any more."""
    theirs = await slack.say("U0KIM", TEAM, "mine")
    ours = await post(slack)
    place = {"channel": TEAM, "text": "y"}
    deleted = await slack.error("chat.delete", channel=TEAM, ts=ours)

    assert deleted == ""
    assert await slack.error("chat.update", ts=theirs, **place) == "cant_update_message"
    assert await slack.error("chat.delete", ts=theirs, channel=TEAM) == "cant_delete_message"
    assert await slack.error("chat.update", ts=ours, **place) == "message_not_found"


async def test_update_parses_names_unless_told_not_to(slack: Harbor) -> None:
    """chat.update's parse is "client" by default, chat.postMessage's "none": foreign text must not ping."""
    ts = await post(slack, text="@ltm look")
    posted = (await newest(slack))["text"]
    await slack.raw("chat.update", channel=TEAM, ts=ts, text="@ltm look")
    parsed = (await newest(slack))["text"]
    await slack.raw("chat.update", channel=TEAM, ts=ts, text="@ltm look", parse="none")

    assert posted == "@ltm look"
    assert parsed == "<!subteam^S0LTM|@ltm> look"
    assert (await newest(slack))["text"] == "@ltm look"


async def test_a_thread_is_counted_on_its_parent_and_read_by_replies(slack: Harbor) -> None:
    """Replies stay out of the channel, broadcasts are in both."""
    root = await post(slack, text="root")
    quiet = await post(slack, text="quiet", thread_ts=root)
    loud = await post(slack, text="loud", thread_ts=root, reply_broadcast=True)
    history = (await slack.raw("conversations.history", channel=TEAM, limit=2))["messages"]
    replies = (await slack.raw("conversations.replies", channel=TEAM, ts=root))["messages"]

    assert [(each["text"], each.get("subtype")) for each in history] == [("loud", "thread_broadcast"), ("root", None)]
    assert (history[1]["reply_count"], history[1]["latest_reply"], history[1]["reply_users"]) == (2, loud, ["U0BOT"])
    assert [each["ts"] for each in replies] == [root, quiet, loud]
    assert await slack.error("chat.postMessage", channel=TEAM, text="x", thread_ts=quiet) == "cannot_reply_to_message"


async def test_a_deleted_parent_of_replies_stays_as_a_tombstone(slack: Harbor) -> None:
    """The thread can be read but not written."""
    root = await post(slack, text="root")
    await post(slack, thread_ts=root)
    await slack.raw("chat.delete", channel=TEAM, ts=root)

    assert (await newest(slack))["subtype"] == "tombstone"
    assert await slack.error("chat.postMessage", channel=TEAM, text="x", thread_ts=root) == "thread_not_found"
    assert await slack.error("chat.update", channel=TEAM, text="x", ts=root) == "message_not_found"


async def test_pages_of_history_and_replies_lose_nothing(slack: Harbor) -> None:
    """Walked by cursor, the parent of a thread leads each page."""
    root = await post(slack, text="root")
    sent = [await post(slack, text=str(number), thread_ts=root) for number in range(5)]
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        page = await slack.raw("conversations.replies", channel=TEAM, ts=root, limit=3, cursor=cursor)
        assert page["messages"][0]["ts"] == root
        seen += [each["ts"] for each in page["messages"][1:]]
        cursor = page.get("response_metadata", {}).get("next_cursor", "")

    assert seen == sent
    assert not page["has_more"]


async def test_history_between_two_moments(slack: Harbor) -> None:
    """Bounds are excluded unless inclusive is set."""
    first, second, third = [await post(slack, text=str(number)) for number in range(3)]
    bounds = {"channel": TEAM, "oldest": first, "latest": third}
    outer = (await slack.raw("conversations.history", inclusive=True, **bounds))["messages"]
    inner = (await slack.raw("conversations.history", **bounds))["messages"]

    assert [each["ts"] for each in outer] == [third, second, first]
    assert [each["ts"] for each in inner] == [second]


async def test_bare_angles_and_ampersands_are_escaped_and_references_kept(slack: Harbor) -> None:
    """As Slack stores text."""
    await post(slack, text="a < b & c <@U0KIM> <!channel> &amp;")

    assert (await newest(slack))["text"] == "a &lt; b &amp; c <@U0KIM> <!channel> &amp;"


async def test_missing_ids_are_added_to_blocks(slack: Harbor) -> None:
    """block_id and action_id can be relied on in what comes back."""
    element = {key: value for key, value in BUTTON.items() if key != "action_id"}
    await post(slack, blocks=[{"type": "actions", "elements": [element]}])
    block = (await newest(slack))["blocks"][0]

    assert block["block_id"] and block["elements"][0]["action_id"]
    assert block["elements"][0]["text"]["emoji"] is True


async def test_a_persons_id_is_their_direct_messages(slack: Harbor) -> None:
    """Posting to U… and conversations.open lead to the same channel."""
    posted = await slack.raw("chat.postMessage", channel="U0KIM", text="hello")
    opened = await slack.raw("conversations.open", users="U0KIM")

    assert posted["channel"] == opened["channel"]["id"] == "D0KIM"
    assert await slack.texts("U0KIM", "D0KIM") == ["hello"]
    assert (await slack.ask("client/messages", as_="U0JO", channel="D0KIM"))["error"] == "channel_not_found"


async def test_ephemerals_are_seen_by_one_person_and_never_by_the_api(slack: Harbor) -> None:
    """They can't be updated either."""
    answer = await slack.raw("chat.postEphemeral", channel=TEAM, user="U0KIM", text="for you")
    kim, jo = await slack.texts("U0KIM", TEAM), await slack.texts("U0JO", TEAM)
    update = await slack.error("chat.update", channel=TEAM, ts=answer["message_ts"], text="y")

    assert "for you" in kim and "for you" not in jo
    assert (await newest(slack))["text"] != "for you"
    assert update == "message_not_found"
    outsider = await slack.error("chat.postEphemeral", channel=TEAM, user="U0NOBODY", text="x")
    assert outsider == "user_not_in_channel"


async def test_reactions_and_pins(slack: Harbor) -> None:
    """Twice is an error, and so is taking away what is not there."""
    ts = await post(slack)
    mark = {"channel": TEAM, "timestamp": ts}
    added = [await slack.error("reactions.add", name="eyes", **mark) for _ in range(2)]
    shown = (await slack.raw("reactions.get", **mark))["message"]["reactions"]
    removed = [await slack.error("reactions.remove", name="eyes", **mark) for _ in range(2)]
    pinned = [await slack.error("pins.add", **mark) for _ in range(2)]
    listed = (await slack.raw("pins.list", channel=TEAM))["items"]
    unpinned = [await slack.error("pins.remove", **mark) for _ in range(2)]

    assert (added, removed) == (["", "already_reacted"], ["", "no_reaction"])
    assert shown == [{"name": "eyes", "users": ["U0BOT"], "count": 1}]
    assert (pinned, unpinned) == (["", "already_pinned"], ["", "no_pin"])
    assert [each["message"]["ts"] for each in listed] == [ts]


async def test_a_permalink_leads_to_the_page_at_the_message(slack: Harbor) -> None:
    """Under whatever prefix the sandbox is mounted."""
    root = await post(slack)
    reply = await post(slack, thread_ts=root)
    link = (await slack.raw("chat.getPermalink", channel=TEAM, message_ts=reply))["permalink"]
    async with slack.http.get(link, allow_redirects=False) as response:
        place = response.headers["Location"]

    assert link.startswith(f"{slack.base}/archives/{TEAM}/p{reply.replace('.', '')}?thread_ts={root}")
    assert place == f"/#channel={TEAM}&ts={reply}&thread={root}"
