"""Every kind of Slack's payloads read as one Request, and answers that reach one person."""

import asyncio
import contextlib
from collections import deque
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.messages.budget import OverBudget
from bot.messages.model import Content
from bot.slack.answers import MessageGone, SlackError, SlackUnclear
from bot.slack.deliveries import delivery_key
from bot.slack.request import PERMALINKS_AT_ONCE, Conversation, Request, read
from tests.eventually import eventually
from tests.fake_web_api import FakeWebApi
from tests.slack import payloads

URL = "https://hooks.slack.com/commands/T1/1/x"


def test_command() -> None:
    """Commands come from channels only, never from threads."""
    request = read(payloads.command())

    assert (request.user, request.channel, request.text) == ("UKIM", "C1", "us-east packet loss")
    assert (request.trigger_id, request.response_url, request.root_ts) == ("t.1", URL, "")


def test_command_without_text() -> None:
    """Slack leaves the key out or sends an empty text."""
    assert read({k: v for k, v in payloads.command().items() if k != "text"}).text == ""


def test_mention_in_a_thread() -> None:
    """The thread's root says which investigation is meant."""
    request = read(payloads.mention())

    assert (request.user, request.ts, request.root_ts) == ("UKIM", "1700000000.000100", "1699999999.000100")


def test_button_on_a_card() -> None:
    """The card itself is the root of its thread."""
    request = read(payloads.press())

    assert (request.user, request.channel, request.value, request.root_ts) == ("UKIM", "C1", "12", "5.5")


def test_choice_of_a_menu() -> None:
    """Its value is where a button's is."""
    assert read(payloads.choice("menu", "release 12")).value == "release 12"


def test_button_in_an_ephemeral() -> None:
    """There is no message, only a container."""
    body = {k: v for k, v in payloads.press().items() if k != "message"}
    request = read(body)

    assert (request.channel, request.ts) == ("C1", "5.5")


def test_button_in_a_form_has_no_channel() -> None:
    """Neither channel nor message nor response_url."""
    gone = ("channel", "message", "container", "response_url")
    assert read({k: v for k, v in payloads.press().items() if k not in gone}).channel == ""


def test_message_shortcut() -> None:
    """The message with its author, and the thread that it stands in."""
    request = read(payloads.message_shortcut())

    assert (request.user, request.channel, request.ts, request.root_ts) == ("UKIM", "CGENERAL", "7.7", "7.1")
    assert request.message["user"] == "UTOM"


def test_global_shortcut() -> None:
    """It comes from nowhere."""
    request = read(payloads.global_shortcut())

    assert (request.user, request.channel, request.trigger_id) == ("UKIM", "", "t.4")


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "plain_text_input", "value": "a link"}, "a link"),
        ({"type": "plain_text_input", "value": None}, ""),
        ({"type": "static_select", "selected_option": {"value": "us-east"}}, "us-east"),
        ({"type": "static_select", "selected_option": None}, ""),
        ({"type": "multi_static_select", "selected_options": [{"value": "1"}, {"value": "2"}]}, ["1", "2"]),
        ({"type": "multi_static_select", "selected_options": []}, []),
        ({"type": "users_select", "selected_user": "UJO"}, "UJO"),
        ({"type": "users_select", "selected_user": None}, ""),
    ],
)
def test_form_input(element: dict[str, object], value: object) -> None:
    """Read by block id, whatever the element."""
    request = read(payloads.submission("form", {"cause": {"input": element}}))

    assert (request.values["cause"], request.private_metadata, request.view_id) == (value, "12", "V1")


PINNED = {"type": "message", "channel": "C1", "message": {"ts": "5.5"}}
REACTED = {"type": "message", "channel": "C1", "ts": "5.5"}
EDITED: dict[str, Any] = {"subtype": "message_changed", "channel": "C1", "message": {"user": "U1", "ts": "5.5"}}


@pytest.mark.parametrize(
    ("body", "user", "channel", "ts"),
    [
        (payloads.event("reaction_added", user="U1", reaction="pushpin", item=REACTED), "U1", "C1", "5.5"),
        (payloads.event("reaction_added", user="U1", reaction="x", item={"type": "file", "file": "F1"}), "U1", "", ""),
        (payloads.event("pin_added", user="U1", channel_id="C1", item=PINNED), "U1", "C1", "5.5"),
        (payloads.event("app_home_opened", user="U1", channel="D1", tab="home"), "U1", "D1", ""),
        (payloads.event("member_joined_channel", user="UBOT", channel="C1"), "UBOT", "C1", ""),
        (payloads.event("user_change", user={"id": "U1", "name": "kim"}), "U1", "", ""),
        (payloads.event("channel_rename", channel={"id": "C1", "name": "new"}), "", "C1", ""),
        (payloads.event("subteam_updated", subteam={"id": "S1"}), "", "", ""),
        (payloads.event("tokens_revoked", tokens={"bot": ["UBOT"]}), "", "", ""),
        (payloads.event("message", **EDITED), "", "C1", ""),
    ],
)  # fmt: skip
def test_events(body: dict[str, object], user: str, channel: str, ts: str) -> None:
    """Slack puts people, channels and messages into different places."""
    request = read(body)

    assert (request.user, request.channel, request.ts) == (user, channel, ts)


def test_delivery_keys_are_the_same_for_the_same_thing_only() -> None:
    """Redelivered events, pressed buttons, submitted forms."""
    again = delivery_key(payloads.mention() | {"event_time": 1700000060})
    keys = [
        delivery_key(body)
        for body in (
            payloads.mention(),
            payloads.mention(event_id="Ev2"),
            payloads.command(),
            payloads.command(trigger_id="t.9"),
            payloads.press(),
            payloads.submission("form", {}),
            payloads.submission("form", {}, view_hash="2.b"),
        )
    ]

    assert again == keys[0]
    assert len(set(keys)) == len(keys)


def test_delivery_keys_without_any_of_slacks_ids() -> None:
    """A smaller server's twins, commands and presses are told apart all the same; what comes again is known."""
    post = {"channel": "C1", "user": "U1", "text": "<@UBOT> claim", "ts": "5.1"}
    bodies: list[dict[str, Any]] = [
        {"event": {"type": "message"} | post, "envelope_id": "e1"},
        {"event": {"type": "app_mention"} | post, "envelope_id": "e2"},
        {"command": "/t2", "text": "status", "user_id": "U1", "channel_id": "C1", "envelope_id": "e3"},
        {"command": "/t2", "text": "status", "user_id": "U1", "channel_id": "C1", "envelope_id": "e4"},
        {"type": "block_actions", "actions": [{"action_id": "a", "value": "1"}], "envelope_id": "e5"},
        {"type": "block_actions", "actions": [{"action_id": "a", "value": "2"}], "envelope_id": "e6"},
    ]
    keys = [delivery_key(body) for body in bodies]

    assert len(set(keys)) == len(keys)
    assert delivery_key(bodies[0] | {"envelope_id": "e9"}) == keys[0]
    assert delivery_key(bodies[2]) == keys[2]


@pytest.fixture
def slack() -> FakeWebApi:
    return FakeWebApi()


def conversation(slack: FakeWebApi) -> Conversation:
    return Conversation(client=slack, trusted_urls=("https://hooks.slack.com/",))


async def test_answer_by_response_url(slack: FakeWebApi) -> None:
    """Only the person sees it, and the card that the button stands on stays."""
    await conversation(slack).answer(read(payloads.command()), "hello")

    (answer,) = slack.answered
    assert (answer["url"], answer["text"], answer["response_type"]) == (URL, "hello", "ephemeral")
    assert answer["replace_original"] is False


async def test_foreign_response_url_is_not_used(slack: FakeWebApi) -> None:
    """A payload can't send the bot's words anywhere else."""
    request = replace(read(payloads.command()), response_url="https://hooks.slack.com.evil.test/x")
    await conversation(slack).answer(request, "hello")

    assert slack.answered == []
    assert slack.called("chat.postEphemeral")[0]["user"] == "UKIM"


async def test_answer_to_a_mention_stays_in_its_thread(slack: FakeWebApi) -> None:
    """Where the person looks."""
    await conversation(slack).answer(read(payloads.mention()), Content("hello", ({"type": "divider"},)))

    (call,) = slack.called("chat.postEphemeral")
    assert (call["channel"], call["thread_ts"], call["text"]) == ("C1", "1699999999.000100", "hello")


async def test_channel_that_the_bot_is_not_in_is_answered_directly(slack: FakeWebApi) -> None:
    """The person hears it all the same."""
    slack.fail("chat.postEphemeral", SlackError("channel_not_found", method="chat.postEphemeral"))
    await conversation(slack).answer(read(payloads.mention()), "hello")

    assert slack.texts("UKIM") == ["hello"]


async def test_answer_in_direct_messages(slack: FakeWebApi) -> None:
    """Nobody else is there, so it is an ordinary message."""
    await conversation(slack).answer(Request(user="UKIM", channel="D1"), "hello")

    assert slack.texts("D1") == ["hello"]


async def test_nothing_to_say_is_nothing_sent(slack: FakeWebApi) -> None:
    """An empty answer is none."""
    await conversation(slack).answer(read(payloads.command()), None)
    await conversation(slack).answer(read(payloads.command()), "")

    assert (slack.calls, slack.answered) == ([], [])


async def test_server_without_permalinks_and_history(slack: FakeWebApi) -> None:
    """What it can't tell is left out."""
    slack.missing |= {"chat.getPermalink", "conversations.replies"}

    assert await conversation(slack).permalink("C1", "5.5") == ""
    assert await conversation(slack).message_at("C1", "5.5") == {}


async def test_a_permalink_is_asked_for_once(slack: FakeWebApi) -> None:
    """Whoever lists what is open asks for the same ones; one that Slack could not tell is asked for again."""
    talk = conversation(slack)
    assert await talk.permalink("C1", "5.5") == ""
    slack.answers["chat.getPermalink"] = {"permalink": "https://slack.test/p5"}
    for ts in ("5.5", "6.6", "5.5"):
        assert await talk.permalink("C1", ts) == "https://slack.test/p5"

    asked = [arguments["message_ts"] for arguments in slack.called("chat.getPermalink")]
    assert asked == ["5.5", "5.5", "6.6"]


async def test_few_permalinks_are_asked_for_at_once() -> None:
    """Fifty answers that come together would keep everybody else waiting."""
    slow = _SlowWebApi()
    talk = Conversation(client=slow, trusted_urls=())

    links = asyncio.gather(*(talk.permalink("C1", f"{number}.1") for number in range(50)))
    for number in range(50):
        await eventually(partial(slow.has, min(PERMALINKS_AT_ONCE, 50 - number)), within_s=5.0)
        ts, answered = slow.asked.popleft()
        answered.set_result({"permalink": f"https://slack.test/{ts}"})

    assert await links == [f"https://slack.test/{number}.1" for number in range(50)]


class _SlowWebApi(FakeWebApi):
    """Answers what is `asked` when the test does."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: deque[tuple[str, asyncio.Future[dict[str, Any]]]] = deque()

    def has(self, count: int) -> bool:
        return len(self.asked) == count

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.asked.append((arguments["message_ts"], answer))
        return await answer


async def test_message_is_the_one_with_its_ts(slack: FakeWebApi) -> None:
    """Slack answers with the root of the thread too."""
    slack.channels["C1"] = {
        "5.5": {"ts": "5.5", "text": "root"},
        "6.6": {"ts": "6.6", "thread_ts": "5.5", "text": "reply"},
    }

    assert (await conversation(slack).message_at("C1", "6.6")).get("text") == "reply"


async def test_message_is_found_by_the_root_of_its_thread(slack: FakeWebApi) -> None:
    """Where conversations.replies does not take the ts of a reply; trouble that passes is not "there is none"."""
    slack.channels["C1"] = {"6.6": {"ts": "6.6", "thread_ts": "5.5", "text": "reply"}}
    slack.fail("conversations.replies", MessageGone("thread_not_found", method="conversations.replies"))
    message = await conversation(slack).message_at("C1", "6.6", roots=["5.5"])
    slack.fail("conversations.replies", SlackUnclear("no_answer", method="conversations.replies", retry=True))

    assert message.get("text") == "reply"
    with pytest.raises(SlackUnclear):
        await conversation(slack).message_at("C1", "6.6", roots=["5.5"])


async def test_one_person_does_not_use_up_everybodys_forms(slack: FakeWebApi) -> None:
    """Slack opens a hundred in a minute for all; somebody else can still escalate."""
    talk, opened = conversation(slack), 0
    for _ in range(150):
        with contextlib.suppress(OverBudget):
            await talk.open_form(Request(user="UGUEST", trigger_id="t"), {})
            opened += 1
    await talk.open_form(Request(user="UKIM", trigger_id="t"), {})

    assert (opened, len(slack.called("views.open"))) == (30, 31)
