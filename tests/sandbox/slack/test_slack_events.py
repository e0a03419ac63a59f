"""Which events the app gets, and that they are repeated until acked."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.sandbox.slack.seeds import Timing, harbor_seed
from tests.eventually import eventually
from tests.sandbox.slack.harbor import APP_TOKEN, MANIFEST, Harbor, harbor

TEAM = "C0T2TECH"


class Socket:
    """A bare Socket Mode client: it acks what it is told to ack."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def frame(self, within_s: float = 3.0) -> dict[str, Any]:
        frame: dict[str, Any] = await self.socket.receive_json(timeout=within_s)
        return frame

    async def ack(self, envelope: dict[str, Any], payload: dict[str, Any] | None = None) -> None:
        answer = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
        await self.socket.send_json(answer)

    async def event(self) -> dict[str, Any]:
        """The next event, acked."""
        envelope = await self.frame()
        await self.ack(envelope)
        event: dict[str, Any] = envelope["payload"]["event"]
        return event


async def connect(slack: Harbor) -> Socket:
    url = (await slack.raw("apps.connections.open", token=APP_TOKEN))["url"]
    socket = Socket(await slack.http.ws_connect(url))
    assert (await socket.frame())["type"] == "hello"
    return socket


async def test_hello_says_how_many_connections_there_are(slack: Harbor) -> None:
    """And for which app."""
    first = await connect(slack)
    url = (await slack.raw("apps.connections.open", token=APP_TOKEN))["url"]
    second = Socket(await slack.http.ws_connect(url + "&debug_reconnects=true"))
    hello = await second.frame()

    assert not first.socket.closed
    assert hello["num_connections"] == 2
    assert hello["connection_info"] == {"app_id": "A0SECONDLINE"}
    assert hello["debug_info"]["approximate_connection_time"] == 360


async def test_a_ticket_opens_one_connection_once(slack: Harbor) -> None:
    """The second use of an address fails in the handshake."""
    url = (await slack.raw("apps.connections.open", token=APP_TOKEN))["url"]
    await slack.http.ws_connect(url)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await slack.http.ws_connect(url)


async def test_the_eleventh_connection_is_sent_away(slack: Harbor) -> None:
    """Ten are allowed."""
    ten = [await connect(slack) for _ in range(10)]
    url = (await slack.raw("apps.connections.open", token=APP_TOKEN))["url"]
    frame = await Socket(await slack.http.ws_connect(url)).frame()

    assert not any(each.socket.closed for each in ten)
    assert (frame["type"], frame["reason"]) == ("disconnect", "too_many_websockets")


async def test_each_envelope_goes_to_one_connection_only(slack: Harbor) -> None:
    """Two connections share the work."""
    sockets = [await connect(slack), await connect(slack)]
    for number in range(4):
        await slack.say("U0KIM", TEAM, f"message {number}")
    events = [await asyncio.gather(*(each.event() for each in sockets)) for _ in range(2)]
    texts = [each["text"] for pair in events for each in pair]

    assert sorted(texts) == [f"message {number}" for number in range(4)]


async def test_an_ack_on_another_connection_counts(slack: Harbor) -> None:
    """Late acks go out on the new socket after a reconnect."""
    first, second = await connect(slack), await connect(slack)
    command = asyncio.create_task(slack.tell("client/say", as_="U0KIM", channel=TEAM, text="/investigate a"))
    waits = {asyncio.create_task(each.frame()): each for each in (first, second)}
    done, rest = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    got = done.pop()
    other = second if waits[got] is first else first
    await other.ack(got.result(), {"text": "from the other"})
    await command

    assert "from the other" in await slack.texts("U0KIM", TEAM)


async def test_an_event_that_is_not_acked_comes_three_more_times(slack: Harbor) -> None:
    """With the same event_id, and the attempt and reason in the envelope."""
    socket = await connect(slack)
    await slack.say("U0KIM", TEAM, "hello")
    envelopes = [await socket.frame() for _ in range(4)]

    assert [(each["retry_attempt"], each["retry_reason"]) for each in envelopes] == [
        (0, ""),
        (1, "timeout"),
        (2, "timeout"),
        (3, "timeout"),
    ]
    assert len({each["payload"]["event_id"] for each in envelopes}) == 1
    assert len({each["envelope_id"] for each in envelopes}) == 4
    await eventually(lambda: not slack.sandbox.site.events.delivering)
    assert [event["text"] for event in slack.sandbox.site.events.unheard.values()] == ["hello"]


async def test_what_was_acked_is_heard(slack: Harbor) -> None:
    """Also where it took a second attempt."""
    socket = await connect(slack)
    await slack.say("U0KIM", TEAM, "hello")
    await socket.frame()
    assert len(slack.sandbox.site.events.unheard) == 1
    await socket.event()
    await eventually(lambda: not slack.sandbox.site.events.delivering)
    assert not slack.sandbox.site.events.unheard


async def test_a_command_without_an_answer_says_that_it_failed(slack: Harbor) -> None:
    """The person reads it below; whoever plays the person needs to know too."""
    answer = await slack.tell("client/say", as_="U0KIM", channel=TEAM, text="/investigate a")
    assert answer == {"ok": True, "command": True, "failed": "dispatch_failed"}


async def test_an_event_without_a_connection_waits_for_its_next_attempt() -> None:
    """Nobody is connected when it happens."""
    async with harbor(timing=Timing(retry_delays_s=(0.05, 0.05, 5.0))) as slack:
        await slack.say("U0KIM", TEAM, "early")
        socket = await connect(slack)
        envelope = await socket.frame()

    assert envelope["payload"]["event"]["text"] == "early"
    assert envelope["retry_attempt"] > 0


async def test_a_mention_has_a_twin_with_an_event_id_of_its_own(slack: Harbor) -> None:
    """app_mention and message for one post."""
    socket = await connect(slack)
    ts = await slack.say("U0KIM", TEAM, "@secondline claim gw1.us-east.example.com @ltm")
    envelopes = [await socket.frame(), await socket.frame()]
    events = {each["payload"]["event"]["type"]: each["payload"]["event"] for each in envelopes}

    assert set(events) == {"message", "app_mention"}
    assert events["message"]["ts"] == events["app_mention"]["ts"] == ts
    assert events["app_mention"]["text"] == (
        "<@U0BOT> claim <http://gw1.us-east.example.com|gw1.us-east.example.com> <!subteam^S0LTM|@ltm>"
    )
    assert envelopes[0]["payload"]["event_id"] != envelopes[1]["payload"]["event_id"]


async def test_edits_deletions_reactions_and_pins_are_events(slack: Harbor) -> None:
    """In the shapes of the Events API."""
    socket = await connect(slack)
    ts = await slack.say("U0KIM", TEAM, "first")
    place = {"as_": "U0KIM", "channel": TEAM, "ts": ts}
    await slack.tell("client/react", name="pushpin", **place)
    await slack.tell("client/react", name="pushpin", remove=True, **place)
    await slack.tell("client/pin", **place)
    await slack.tell("client/pin", remove=True, **place)
    await slack.tell("client/edit", text="second", **place)
    await slack.tell("client/delete", **place)
    events = [await socket.event() for _ in range(7)]

    assert [each["type"] for each in events[:5]] == [
        "message",
        "reaction_added",
        "reaction_removed",
        "pin_added",
        "pin_removed",
    ]
    assert events[1]["item"] == {"type": "message", "channel": TEAM, "ts": ts}
    assert events[3]["item"]["message"]["ts"] == ts
    changed, deleted = events[5], events[6]
    assert (changed["subtype"], changed["message"]["text"]) == ("message_changed", "second")
    assert changed["previous_message"]["text"] == "first"
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)


async def test_membership_homes_groups_and_direct_messages(slack: Harbor) -> None:
    """The rest of what the manifest subscribes to."""
    socket = await connect(slack)
    await slack.ask("client/home", as_="U0KIM")
    await slack.tell("control/channel", id="C0RANDOM", bot_member=True)
    await slack.tell("control/usergroup", id="S0LTM", users=["U0LENA", "U0JO"])
    await slack.tell("control/channel", id="C0INC", name="major-incidents")
    await slack.say("U0KIM", "D0KIM", "hi @secondline")
    events = [await socket.event() for _ in range(5)]

    assert [each["type"] for each in events] == [
        "app_home_opened",
        "member_joined_channel",
        "subteam_members_changed",
        "channel_rename",
        "message",
    ]
    assert (events[2]["added_users"], events[2]["removed_users"]) == (["U0JO"], ["U0RAJ"])
    assert events[3]["channel"]["name"] == "major-incidents"
    assert (events[4]["channel_type"], events[4]["channel"]) == ("im", "D0KIM")


async def test_no_events_from_channels_without_the_bot_or_without_scope_or_subscription() -> None:
    """Only the last message is heard."""
    quiet = MANIFEST | {
        "settings": MANIFEST["settings"] | {"event_subscriptions": {"bot_events": ["message.channels"]}}
    }
    async with harbor(seed=harbor_seed(quiet)) as slack:
        socket = await connect(slack)
        await slack.say("U0KIM", "C0RANDOM", "not here")
        await slack.say("U0KIM", "D0KIM", "not subscribed")
        ts = await slack.say("U0KIM", TEAM, "heard")
        await slack.tell("client/react", as_="U0KIM", channel=TEAM, ts=ts, name="eyes")
        await slack.tell("control/scopes", remove=["channels:history"])
        await slack.say("U0KIM", TEAM, "no scope")
        first = await socket.event()
        with pytest.raises(TimeoutError):
            await socket.frame(within_s=0.1)

    assert first["text"] == "heard"


@pytest.mark.parametrize("reason", ["refresh_requested", "link_disabled"])
async def test_a_disconnect_frame_comes_before_the_end(slack: Harbor, reason: str) -> None:
    """The page learns that the bot is gone."""
    socket = await connect(slack)
    closing = asyncio.create_task(slack.tell("control/disconnect", reason=reason))
    frame = await socket.frame()
    end = await socket.socket.receive(timeout=3)
    await closing
    await eventually(lambda: not slack.sandbox.site.socket.connected)

    assert (frame["type"], frame["reason"]) == ("disconnect", reason)
    assert end.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED)
    assert (await slack.ask("client/state", as_="U0KIM"))["bot"]["connected"] is False


async def test_a_warning_is_followed_by_the_refresh(slack: Harbor) -> None:
    """After the grace."""
    socket = await connect(slack)
    await slack.tell("control/disconnect", reason="warning")
    reasons = [(await socket.frame())["reason"] for _ in range(2)]

    assert reasons == ["warning", "refresh_requested"]


async def test_a_connection_has_a_life() -> None:
    """It is warned and refreshed without anybody asking."""
    async with harbor(timing=Timing(connection_s=0.05, refresh_grace_s=0.02)) as slack:
        socket = await connect(slack)
        reasons = [(await socket.frame())["reason"] for _ in range(2)]

    assert reasons == ["warning", "refresh_requested"]


async def test_closing_the_sandbox_leaves_no_task_behind() -> None:
    """Also with retries, shares and connections under way."""
    before = asyncio.all_tasks()
    async with harbor(timing=Timing(share_delay_s=60)) as slack:
        socket = await connect(slack)
        await slack.say("U0KIM", TEAM, "never acked")
        await socket.frame()
        await slack.tell("control/disconnect", reason="warning")
    await eventually(lambda: asyncio.all_tasks() <= before | {asyncio.current_task()})

    assert not slack.sandbox.site.socket.connected


async def test_without_socket_mode_in_the_manifest_the_link_is_disabled() -> None:
    """The switch is the manifest's."""
    off = MANIFEST | {"settings": MANIFEST["settings"] | {"socket_mode_enabled": False}}
    async with harbor(seed=harbor_seed(off)) as slack:
        url = (await slack.raw("apps.connections.open", token=APP_TOKEN))["url"]
        frame = await Socket(await slack.http.ws_connect(url)).frame()

    assert frame["reason"] == "link_disabled"


async def test_redelivery_of_an_acked_event(slack: Harbor) -> None:
    """A fault: Slack did not see the ack."""
    socket = await connect(slack)
    await slack.tell("control/fault", where="events", method="message", redeliver=True)
    await slack.say("U0KIM", TEAM, "twice")
    envelopes = []
    for _ in range(2):
        envelopes.append(await socket.frame())
        await socket.ack(envelopes[-1])
    with pytest.raises(TimeoutError):
        await socket.frame(within_s=0.1)

    assert len({each["payload"]["event_id"] for each in envelopes}) == 1
    assert [each["retry_attempt"] for each in envelopes] == [0, 1]
