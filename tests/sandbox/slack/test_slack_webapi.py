"""Tokens, scopes, argument forms and the list of what is covered."""

import json

import pytest

from bot.sandbox.slack.registry import COVERED, methods
from tests.sandbox.slack.harbor import APP_TOKEN, BOT_TOKEN, Harbor


def test_the_list_of_covered_methods_is_the_registry() -> None:
    """What people read and what answers are the same."""
    assert list(COVERED) == sorted(methods())


@pytest.mark.parametrize("method", COVERED)
async def test_every_covered_method_has_a_function_in_slack_sdk_and_wants_a_token(slack: Harbor, method: str) -> None:
    """No name is misspelt, none answers a stranger but api.test."""
    assert callable(getattr(slack.web, method.replace(".", "_")))
    assert (await slack.error(method, token="")) == ("" if method == "api.test" else "not_authed")


async def test_an_unknown_method_says_so(slack: Harbor) -> None:
    """Even before the token is looked at."""
    assert await slack.error("chat.shout", token="") == "unknown_method"


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", "xoxb-wrong", "invalid_auth"),
        ("auth.test", APP_TOKEN, "not_allowed_token_type"),
        ("apps.connections.open", BOT_TOKEN, "not_allowed_token_type"),
        ("apps.connections.open", "xapp-wrong", "invalid_auth"),
    ],
)
async def test_a_wrong_token_is_refused(slack: Harbor, method: str, token: str, error: str) -> None:
    """Bot and app tokens are not interchangeable."""
    assert await slack.error(method, token=token) == error


async def test_a_missing_scope_names_what_is_needed_and_what_is_there(slack: Harbor) -> None:
    """users:read.email is not in the manifest of these tests."""
    answer = await slack.raw("users.lookupByEmail", email="kim@harbor.example")

    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read.email")
    assert "chat:write" in answer["provided"].split(",")


async def test_scopes_taken_away_are_missing_at_once(slack: Harbor) -> None:
    """As when an administrator approves less than the manifest asks."""
    await slack.tell("control/scopes", remove=["channels:history"])

    assert await slack.error("conversations.history", channel="C0T2TECH") == "missing_scope"


async def test_the_scopes_stand_in_a_header(slack: Harbor) -> None:
    """How a program finds out what it may do."""
    answer = await slack.web.auth_test()

    assert "usergroups:read" in answer.headers["x-oauth-scopes"]
    assert (answer["user_id"], answer["bot_id"], answer["team"]) == ("U0BOT", "B0BOT", "Harbor VPN")


async def test_form_json_and_query_arguments_are_the_same(slack: Harbor) -> None:
    """Blocks arrive as a JSON string in forms."""
    blocks = json.dumps([{"type": "divider"}])
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    form = {"channel": "C0T2TECH", "text": "form", "blocks": blocks}
    url = f"{slack.base}/api/chat.postMessage"
    async with slack.http.post(url, data=form, headers=headers) as response:
        by_form = await response.json()
    async with slack.http.get(url, params=form | {"token": BOT_TOKEN}) as response:
        by_query = await response.json()

    assert by_form["message"]["blocks"][0]["type"] == by_query["message"]["blocks"][0]["type"] == "divider"


async def test_broken_json_is_refused(slack: Harbor) -> None:
    """A body that is no JSON, and one that is no object."""
    headers = {"Authorization": f"Bearer {BOT_TOKEN}", "Content-Type": "application/json"}
    async with slack.http.post(f"{slack.base}/api/auth.test", data="{", headers=headers) as response:
        broken = await response.json()
    async with slack.http.post(f"{slack.base}/api/auth.test", data="[]", headers=headers) as response:
        listed = await response.json()

    assert (broken["error"], listed["error"]) == ("invalid_json", "json_not_object")


async def test_the_log_keeps_every_call_without_its_token(slack: Harbor) -> None:
    """What tests assert on."""
    await slack.error("chat.postMessage", channel="C0NONE", text="x", token=BOT_TOKEN)
    call = (await slack.ask("control/log"))["calls"][-1]

    assert (call["method"], call["answer_ok"], call["error"]) == ("chat.postMessage", False, "channel_not_found")
    assert BOT_TOKEN not in json.dumps(call)


async def test_people_channels_and_groups_are_found(slack: Harbor) -> None:
    """The directory that the bot reads at its start."""
    users = await slack.web.users_list(limit=3)
    more = await slack.web.users_list(limit=100, cursor=users["response_metadata"]["next_cursor"])
    groups = await slack.web.usergroups_list(include_users=True)
    channels = await slack.web.conversations_list(exclude_archived=True, types="public_channel")
    names = {each["name"]: each["is_member"] for each in channels["channels"]}

    assert [each["id"] for each in users["members"]] == ["USLACKBOT", "U0KIM", "U0JO"]
    assert more["members"][-1]["is_bot"] and more["response_metadata"]["next_cursor"] == ""
    assert {each["handle"]: each["users"] for each in groups["usergroups"]}["ltm"] == ["U0LENA", "U0RAJ"]
    assert names == {"t2-tech": True, "t2-cs": True, "tier1": True, "incidents": True, "random": False}
    assert "email" not in users["members"][1]["profile"]


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
        ("conversations.list", {"limit": 1001}, "invalid_limit"),
        ("conversations.list", {"cursor": "nonsense"}, "invalid_cursor"),
        ("conversations.list", {"types": "planet"}, "invalid_types"),
        ("conversations.info", {"channel": "C0NONE"}, "channel_not_found"),
        ("conversations.history", {"channel": "C0RANDOM"}, "not_in_channel"),
        ("conversations.history", {"channel": "C0T2TECH", "oldest": "soon"}, "invalid_ts_oldest"),
        ("conversations.join", {"channel": "C0OLD"}, "is_archived"),
        ("bots.info", {"bot": "B0OTHER"}, "bot_not_found"),
        ("files.info", {"file": "F0NONE"}, "file_not_found"),
    ],
)
async def test_refusals(slack: Harbor, method: str, arguments: dict[str, object], error: str) -> None:
    """Slack's own word for each."""
    assert await slack.error(method, **arguments) == error
