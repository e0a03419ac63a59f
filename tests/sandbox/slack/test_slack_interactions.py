"""Commands, buttons, shortcuts and forms, with the real slack_bolt on the other side."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck

from tests.sandbox.slack.bolted import Inbox, connected, new_app
from tests.sandbox.slack.harbor import Harbor

TEAM = "C0T2TECH"
Body = dict[str, Any]


def plain(text: str) -> Body:
    return {"type": "plain_text", "text": text}


def asking(block_id: str, element: Body, **more: Any) -> Body:
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element, **more}


TEXT = {"type": "plain_text_input", "action_id": "typed", "min_length": 3}
MENU = {
    "type": "static_select",
    "action_id": "chosen",
    "options": [{"text": plain("East"), "value": "east"}, {"text": plain("West"), "value": "west"}],
}
BUTTON = {"type": "button", "action_id": "claim", "text": plain("Claim"), "value": "12"}
BOXES = {
    "type": "checkboxes",
    "action_id": "ticks",
    "options": [{"text": plain(name), "value": name} for name in ("one", "two", "three")],
}
LIST = [{"type": "actions", "block_id": "page", "elements": [BOXES]}, {"type": "actions", "elements": [BUTTON]}]
CARD = [{"type": "actions", "block_id": "moves", "elements": [BUTTON, MENU]}]


def form(**more: Any) -> Body:
    blocks = [asking("what", TEXT), asking("where", MENU, optional=True)]
    return {
        "type": "modal",
        "callback_id": "open",
        "title": plain("Open"),
        "submit": plain("Open"),
        "private_metadata": "kept",
        "blocks": blocks,
        **more,
    }


def pressed(action_id: str, kind: str, **more: Any) -> Body:
    return {"block_id": "moves", "action_id": action_id, "type": kind, **more}


async def card(slack: Harbor, **more: Any) -> str:
    answer = await slack.raw("chat.postMessage", channel=TEAM, text="card", blocks=CARD, **more)
    return str(answer["ts"])


class Recorder:
    """A Bolt app that acks everything and keeps the bodies; `views` are sent back to what opens them."""

    def __init__(self, slack: Harbor) -> None:
        self.app, self.inbox, self.ack = new_app(slack), Inbox(), dict[str, Any]()
        for register, name in (
            (self.app.command, "/investigate"),
            (self.app.command, "/escaped"),
            (self.app.action, "claim"),
            (self.app.action, "chosen"),
            (self.app.action, "ticks"),
            (self.app.shortcut, "investigate_message"),
            (self.app.shortcut, "investigate_form"),
            (self.app.view, "open"),
        ):
            register(name)(self._take)
        self.app.view_closed("open")(self._take)

    async def _take(self, ack: AsyncAck, body: Body) -> None:
        self.inbox.put(body)
        await ack(**self.ack)


async def test_slash_text_is_as_typed_unless_it_should_be_escaped(slack: Harbor) -> None:
    """should_escape turns names and hosts into references with labels."""
    recorder = Recorder(slack)
    async with connected(recorder.app):
        for command in ("/investigate", "/escaped"):
            await slack.say("U0KIM", TEAM, f"{command} <@U0JO> #tier1 gw1.example.com a&b")
    raw, escaped = await recorder.inbox.next(), await recorder.inbox.next()

    assert raw["text"] == "@jo #tier1 gw1.example.com a&b"
    assert escaped["text"] == "<@U0JO|jo> <#C0TIER1|tier1> <http://gw1.example.com|gw1.example.com> a&amp;b"


async def test_a_command_in_a_thread_is_refused(slack: Harbor) -> None:
    """Slack has no slash commands in threads."""
    root = await slack.say("U0KIM", TEAM, "root")
    answer = await slack.tell("client/say", as_="U0KIM", channel=TEAM, text="/investigate x", thread_ts=root)

    assert answer["error"] == "slash_in_thread"


async def test_a_command_without_anybody_connected_is_lost_and_the_person_told(slack: Harbor) -> None:
    """By Slackbot, and to that person alone."""
    await slack.say("U0KIM", TEAM, "/investigate x")
    await slack.say("U0KIM", TEAM, "/unknown x")
    shown = (await slack.ask("client/messages", as_="U0KIM", channel=TEAM))["messages"][-2:]

    assert [(each["user"], each["ephemeral"]) for each in shown] == [("USLACKBOT", True)] * 2
    assert shown[0]["text"] == "/investigate failed because the app did not respond"
    assert shown[1]["text"] == "`/unknown` is not a valid command."


async def test_a_command_that_is_not_acked_times_out_once(slack: Harbor) -> None:
    """It is never repeated."""
    app, inbox = new_app(slack), Inbox()

    @app.command("/investigate")
    async def silent(body: Body) -> None:
        inbox.put(body)

    async with connected(app):
        await slack.say("U0KIM", TEAM, "/investigate x")
        await inbox.next()

    assert (await slack.texts("U0KIM", TEAM))[-1] == '/investigate failed with the error "operation_timeout"'
    assert inbox.empty


async def test_a_button_gives_the_message_its_value_and_where_it_stood(slack: Harbor) -> None:
    """block_actions with container, message, state and action."""
    recorder = Recorder(slack)
    root = await card(slack)
    ts = await card(slack, thread_ts=root)
    state = {"values": {"moves": {"chosen": {"type": "static_select", "selected_option": MENU["options"][0]}}}}
    press = {"as_": "U0JO", "channel": TEAM, "message_ts": ts, "state": state}
    async with connected(recorder.app):
        answer = await slack.tell("client/press", action=pressed("claim", "button", value="forged"), **press)
        body = await recorder.inbox.next()

    assert answer == {"ok": True}
    assert body["actions"][0] | {"action_ts": ""} == {
        "type": "button",
        "block_id": "moves",
        "action_id": "claim",
        "text": plain("Claim") | {"emoji": True},
        "value": "12",
        "action_ts": "",
    }
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": TEAM,
        "is_ephemeral": False,
        "thread_ts": root,
    }
    assert (body["user"]["id"], body["channel"], body["message"]["ts"]) == ("U0JO", {"id": TEAM, "name": "t2-tech"}, ts)
    assert body["state"]["values"]["moves"]["chosen"]["selected_option"]["value"] == "east"


async def test_ticks_are_told_at_once_and_with_every_press(slack: Harbor) -> None:
    """A tick is an action of its own; a button gives all that is ticked, and what nobody touched is empty."""
    recorder = Recorder(slack)
    ts = str((await slack.raw("chat.postMessage", channel=TEAM, text="list", blocks=LIST))["ts"])
    two = BOXES["options"][:2]
    state = {"values": {"page": {"ticks": {"type": "checkboxes", "selected_options": two}}}}
    where = {"as_": "U0JO", "channel": TEAM, "message_ts": ts}
    tick = {"block_id": "page", "action_id": "ticks", "type": "checkboxes", "selected_options": two}
    async with connected(recorder.app):
        await slack.tell("client/press", action=tick, state=state, **where)
        ticked = await recorder.inbox.next()
        await slack.tell("client/press", action=pressed("claim", "button"), state=state, **where)
        claimed = await recorder.inbox.next()
        await slack.tell("client/press", action=pressed("claim", "button"), **where)
        untouched = await recorder.inbox.next()

    assert [each["value"] for each in ticked["actions"][0]["selected_options"]] == ["one", "two"]
    values = [body["state"]["values"]["page"]["ticks"]["selected_options"] for body in (ticked, claimed, untouched)]
    assert [[each["value"] for each in chosen] for chosen in values] == [["one", "two"], ["one", "two"], []]


async def test_a_press_gives_what_the_person_ticked_before_an_edit_arrived(slack: Harbor) -> None:
    """The client had the older blocks: the app hears of options that it has taken away."""
    recorder = Recorder(slack)
    ts = str((await slack.raw("chat.postMessage", channel=TEAM, text="list", blocks=LIST))["ts"])
    rest = [{"type": "actions", "block_id": "page", "elements": [BOXES | {"options": BOXES["options"][1:]}]}, LIST[1]]
    await slack.raw("chat.update", channel=TEAM, ts=ts, text="list", blocks=rest)
    ticks = {"type": "checkboxes", "selected_options": BOXES["options"][:2]}
    state = {"values": {"page": {"ticks": ticks}, "gone": {"ticks": ticks}, "forged": {"ticks": {"type": "poem"}}}}
    async with connected(recorder.app):
        where = {"as_": "U0JO", "channel": TEAM, "message_ts": ts}
        await slack.tell("client/press", action=pressed("claim", "button"), state=state, **where)
        values = (await recorder.inbox.next())["state"]["values"]
        new = {"block_id": "page", "action_id": "ticks", "type": "checkboxes", "selected_options": BOXES["options"]}
        late = await slack.tell("client/press", action=new, state=state, **where)

    chosen = {block: [each["value"] for each in entry["ticks"]["selected_options"]] for block, entry in values.items()}
    assert chosen == {"page": ["one", "two"], "gone": ["one", "two"]}
    assert late == {"ok": False, "error": "invalid_option"}


@pytest.mark.parametrize(
    ("action", "error"),
    [
        (pressed("other", "button"), "action_not_found"),
        (pressed("chosen", "static_select", selected_option={"value": "mars"}), "invalid_option"),
    ],
)
async def test_nobody_can_press_what_is_not_there(slack: Harbor, action: Body, error: str) -> None:
    """The app is not even asked."""
    ts = await card(slack)
    answer = await slack.tell("client/press", as_="U0JO", channel=TEAM, message_ts=ts, action=action)

    assert answer["error"] == error


async def test_a_press_on_a_card_that_was_just_edited_counts(slack: Harbor) -> None:
    """Slack gives blocks without a block_id a new one with each edit."""
    recorder = Recorder(slack)
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    posted = await slack.raw("chat.postMessage", channel=TEAM, text="card", blocks=blocks)
    old = posted["message"]["blocks"][0]["block_id"]
    edited = await slack.raw("chat.update", channel=TEAM, ts=posted["ts"], blocks=blocks)
    new = edited["message"]["blocks"][0]["block_id"]
    action = {"block_id": old, "action_id": "claim", "type": "button"}
    async with connected(recorder.app):
        await slack.tell("client/press", as_="U0JO", channel=TEAM, message_ts=posted["ts"], action=action)
        body = await recorder.inbox.next()

    assert old != new
    assert body["actions"][0]["block_id"] == new


async def test_a_menu_of_an_ephemeral_message_comes_without_the_message(slack: Harbor) -> None:
    """Slack does not keep ephemerals."""
    recorder = Recorder(slack)
    posted = await slack.raw("chat.postEphemeral", channel=TEAM, user="U0KIM", text="only you", blocks=CARD)
    action = pressed("chosen", "static_select", selected_option={"value": "west"})
    press = {"channel": TEAM, "message_ts": posted["message_ts"], "action": action}
    async with connected(recorder.app):
        await slack.tell("client/press", as_="U0KIM", **press)
        body = await recorder.inbox.next()
    stranger = await slack.tell("client/press", as_="U0JO", **press)

    assert "message" not in body and body["container"]["is_ephemeral"] is True
    assert body["actions"][0]["selected_option"]["value"] == "west"
    assert stranger["error"] == "message_not_found"


async def test_shortcuts_carry_the_message_or_nothing(slack: Harbor) -> None:
    """message_action and shortcut."""
    recorder = Recorder(slack)
    ts = await slack.say("U0TOM", "C0TIER1", "lots of tickets")
    async with connected(recorder.app):
        place = {"channel": "C0TIER1", "message_ts": ts}
        await slack.tell("client/shortcut", as_="U0KIM", callback_id="investigate_message", **place)
        on_message = await recorder.inbox.next()
        await slack.tell("client/shortcut", as_="U0KIM", callback_id="investigate_form")
        everywhere = await recorder.inbox.next()

    assert (on_message["type"], on_message["message"]["text"], on_message["message_ts"]) == (
        "message_action",
        "lots of tickets",
        ts,
    )
    assert on_message["response_url"].startswith(slack.base)
    assert (everywhere["type"], "channel" in everywhere) == ("shortcut", False)


async def opened(slack: Harbor, recorder: Recorder, view: Body) -> str:
    """A form opened by the shortcut; its view id."""
    await slack.tell("client/shortcut", as_="U0KIM", callback_id="investigate_form")
    trigger_id = (await recorder.inbox.next())["trigger_id"]
    answer = await slack.raw("views.open", trigger_id=trigger_id, view=view)
    assert answer["ok"], answer
    return str(answer["view"]["id"])


async def submit(slack: Harbor, view_id: str, **typed: str) -> Body:
    values = {"what": {"typed": {"type": "plain_text_input", "value": typed.get("what")}}}
    return await slack.tell("client/view", as_="U0KIM", view_id=view_id, type="submit", state={"values": values})


async def test_a_trigger_lives_three_seconds_and_once(slack: Harbor) -> None:
    """Open the view first, fill it later."""
    recorder = Recorder(slack)
    async with connected(recorder.app):
        await slack.tell("client/shortcut", as_="U0KIM", callback_id="investigate_form")
        first = (await recorder.inbox.next())["trigger_id"]
        await slack.tell("client/shortcut", as_="U0KIM", callback_id="investigate_form")
        second = (await recorder.inbox.next())["trigger_id"]
    invalid = await slack.error("views.open", trigger_id="1.2.3", view=form())
    slack.clock.move(3)
    once = [await slack.error("views.open", trigger_id=first, view=form()) for _ in range(2)]
    slack.clock.move(0.1)
    late = await slack.error("views.open", trigger_id=second, view=form())

    assert (invalid, once, late) == ("invalid_trigger_id", ["", "exchanged_trigger_id"], "expired_trigger_id")


async def test_a_form_is_sent_with_everything_filled_in_and_closes(slack: Harbor) -> None:
    """What was not touched is there as null."""
    recorder = Recorder(slack)
    async with connected(recorder.app):
        view_id = await opened(slack, recorder, form())
        answer = await submit(slack, view_id, what="packet loss")
        body = await recorder.inbox.next()

    assert answer == {"ok": True}
    assert body["view"]["state"]["values"] == {
        "what": {"typed": {"type": "plain_text_input", "value": "packet loss"}},
        "where": {"chosen": {"type": "static_select", "selected_option": None}},
    }
    assert (body["view"]["private_metadata"], body["view"]["callback_id"]) == ("kept", "open")
    assert (await slack.ask("client/view", as_="U0KIM"))["view"] is None


async def test_what_slacks_form_refuses_never_reaches_the_app(slack: Harbor) -> None:
    """Missing and too short."""
    recorder = Recorder(slack)
    async with connected(recorder.app):
        view_id = await opened(slack, recorder, form())
        missing = await submit(slack, view_id)
        short = await submit(slack, view_id, what="ab")

    assert missing["errors"] == {"what": "Please complete this required field."}
    assert short["errors"] == {"what": "Please enter at least 3 characters."}
    assert recorder.inbox.empty


async def test_the_apps_errors_keep_the_form_open(slack: Harbor) -> None:
    """response_action errors, for blocks that exist."""
    recorder = Recorder(slack)
    async with connected(recorder.app):
        view_id = await opened(slack, recorder, form())
        recorder.ack = {"response_action": "errors", "errors": {"what": "Unknown target."}}
        refused = await submit(slack, view_id, what="mars")
        recorder.ack = {"response_action": "errors", "errors": {"nowhere": "?"}}
        wrong = await submit(slack, view_id, what="mars")

    assert refused["errors"] == {"what": "Unknown target."}
    assert wrong["error"] == "dispatch_unknown_error"
    assert (await slack.ask("client/view", as_="U0KIM"))["view"]["id"] == view_id


async def test_a_submission_can_push_update_and_clear(slack: Harbor) -> None:
    """A stack of three, and nothing after clear."""
    recorder = Recorder(slack)
    async with connected(recorder.app):
        view_id = await opened(slack, recorder, form())
        recorder.ack = {"response_action": "push", "view": form()}
        for _ in range(2):
            view_id = await top(slack)
            assert (await submit(slack, view_id, what="more"))["ok"]
        fourth = await submit(slack, await top(slack), what="more")
        recorder.ack = {"response_action": "update", "view": form(title=plain("Newer"))}
        await submit(slack, await top(slack), what="more")
        updated = (await slack.ask("client/view", as_="U0KIM"))["view"]
        recorder.ack = {"response_action": "clear"}
        await submit(slack, await top(slack), what="more")

    assert fourth["error"] == "push_limit_reached"
    assert updated["title"]["text"] == "Newer"
    assert (await slack.ask("client/view", as_="U0KIM"))["view"] is None


async def top(slack: Harbor) -> str:
    return str((await slack.ask("client/view", as_="U0KIM"))["view"]["id"])


async def test_views_are_updated_by_id_and_hash(slack: Harbor) -> None:
    """An old hash is a conflict; a closed view is not found."""
    recorder = Recorder(slack)
    async with connected(recorder.app):
        view_id = await opened(slack, recorder, form(notify_on_close=True))
        stale = (await slack.ask("client/view", as_="U0KIM"))["view"]["hash"]
        first = await slack.error("views.update", view_id=view_id, hash=stale, view=form(notify_on_close=True))
        second = await slack.error("views.update", view_id=view_id, hash=stale, view=form())
        await slack.tell("client/view", as_="U0KIM", view_id=view_id, type="close")
        closed = await recorder.inbox.next()
    gone = await slack.error("views.update", view_id=view_id, view=form())

    assert (first, second, gone) == ("", "hash_conflict", "not_found")
    assert (closed["type"], closed["view"]["id"], closed["is_cleared"]) == ("view_closed", view_id, False)
    assert closed["view"]["state"] == {"values": {}}, "as Slack tells it, who has what was typed from other payloads"


async def test_a_button_in_a_form_can_push_a_view(slack: Harbor) -> None:
    """Its trigger comes from a view; a command's does not push."""
    recorder = Recorder(slack)
    view = form(blocks=[asking("what", TEXT), *CARD])
    async with connected(recorder.app):
        view_id = await opened(slack, recorder, view)
        act = {"as_": "U0KIM", "view_id": view_id, "type": "action", "action": pressed("claim", "button")}
        await slack.tell("client/view", state={"values": {}}, **act)
        body = await recorder.inbox.next()
        pushed = await slack.raw("views.push", trigger_id=body["trigger_id"], view=form())
        await slack.tell("client/shortcut", as_="U0KIM", callback_id="investigate_form")
        other = (await recorder.inbox.next())["trigger_id"]
    refused = await slack.error("views.push", trigger_id=other, view=form())

    assert (body["container"], "message" in body) == ({"type": "view", "view_id": view_id}, False)
    assert (pushed["view"]["previous_view_id"], pushed["view"]["root_view_id"]) == (view_id, view_id)
    assert refused == "invalid_trigger_id"


async def test_home_is_published_and_watched(slack: Harbor) -> None:
    """With hash, and for the one person."""
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = (await slack.raw("views.publish", user_id="U0KIM", view=home))["view"]
    conflict = await slack.error("views.publish", user_id="U0KIM", view=home, hash="old")
    again = await slack.error("views.publish", user_id="U0KIM", view=home, hash=first["hash"])

    assert (conflict, again) == ("hash_conflict", "")
    assert (await slack.ask("client/home", as_="U0KIM", peek="1"))["view"]["id"] == first["id"]
    assert (await slack.ask("client/home", as_="U0JO", peek="1"))["view"] is None
    assert await slack.error("views.publish", user_id="U0NOBODY", view=home) == "user_not_found"


async def use(slack: Harbor, url: str, **body: Any) -> tuple[int, str]:
    async with slack.http.post(url, json=body) as response:
        return response.status, await response.text()


async def response_url(slack: Harbor) -> str:
    """That of a command by Kim in a channel where the bot is not a member."""
    recorder = Recorder(slack)
    async with connected(recorder.app):
        await slack.say("U0KIM", "C0RANDOM", "/investigate x")
        return str((await recorder.inbox.next())["response_url"])


async def test_a_response_url_works_five_times(slack: Harbor) -> None:
    """Also where the bot is not a member; ephemeral unless told otherwise."""
    url = await response_url(slack)
    codes = []
    for number in range(6):
        slack.clock.move(1)
        shown = "in_channel" if number == 1 else "ephemeral"
        codes.append((await use(slack, url, text=f"answer {number}", response_type=shown))[0])
    mine, theirs = await slack.texts("U0KIM", "C0RANDOM"), await slack.texts("U0JO", "C0RANDOM")

    assert codes == [200] * 5 + [404]
    assert [each for each in mine if "answer" in each] == [f"answer {number}" for number in range(5)]
    assert [each for each in theirs if "answer" in each] == ["answer 1"]


async def test_a_response_url_lives_thirty_minutes(slack: Harbor) -> None:
    """And then says that it has expired."""
    url = await response_url(slack)
    slack.clock.move(30 * 60)
    in_time = await use(slack, url, text="x")
    slack.clock.move(1)
    late = await use(slack, url, text="x")

    assert in_time == (200, "ok")
    assert late[0] == 404 and "expired_url" in late[1]


async def test_a_response_url_keeps_to_the_limits(slack: Harbor) -> None:
    """Nothing to show, and blocks that Slack does not take."""
    url = await response_url(slack)

    assert (await use(slack, url, text=""))[0] == 400
    assert "invalid_blocks" in (await use(slack, url, blocks=[{"type": "poem"}]))[1]


async def test_a_response_replaces_or_deletes_what_was_pressed(slack: Harbor) -> None:
    """The only way to change an ephemeral message."""
    recorder = Recorder(slack)
    posted = await slack.raw("chat.postEphemeral", channel=TEAM, user="U0KIM", text="before", blocks=CARD)
    press = {"channel": TEAM, "message_ts": posted["message_ts"], "action": pressed("claim", "button")}
    async with connected(recorder.app):
        await slack.tell("client/press", as_="U0KIM", **press)
        url = (await recorder.inbox.next())["response_url"]
    await use(slack, url, text="after", replace_original=True)
    replaced = await slack.texts("U0KIM", TEAM)
    await use(slack, url, delete_original=True)

    assert "after" in replaced and "before" not in replaced
    assert "after" not in await slack.texts("U0KIM", TEAM)
