"""Which handler a delivery is for: by its name, however many there are."""

import sys
from types import FrameType

import pytest
from slack_bolt.async_app import AsyncAck, AsyncBoltRequest

from bot.slack.deliveries import Payload
from bot.slack.listener import Routing
from bot.slack.routes import route_of
from tests.in_process import bolt_app
from tests.slack import payloads
from tests.slack.payloads import Json

ROUTES = 300


@pytest.mark.parametrize(
    ("body", "route"),
    [
        (payloads.command("/t2"), "command /t2"),
        (payloads.press("investigation_claim"), "button investigation_claim"),
        (payloads.choice("investigation_menu", "1"), "button investigation_menu"),
        (payloads.submission("form", {}), "form form"),
        (payloads.message_shortcut("investigate_message"), "shortcut investigate_message"),
        (payloads.global_shortcut("investigate_form"), "shortcut investigate_form"),
        (payloads.mention(), "event app_mention"),
        (payloads.event("message", channel="C1", subtype="message_changed"), "event message"),
        (payloads.submission("form", {}) | {"type": "view_closed"}, ""),
        (payloads.TEAM | {"type": "block_suggestion", "action_id": "a"}, ""),
        ({}, ""),
    ],
)
def test_each_kind_has_its_name(body: Json, route: str) -> None:
    """As Bolt reads it: what is closed or only typed is for nobody."""
    assert route_of(body) == route


@pytest.mark.parametrize(
    "body",
    [
        {"command": ["/t2"]},
        {"type": ["event_callback"]},
        {"type": "event_callback", "event": "x"},
        {"type": "event_callback", "event": {"type": {}}},
        {"type": "block_actions", "actions": [1]},
        {"type": "block_actions", "actions": {"0": 1}},
        {"type": "view_submission", "view": None},
        {"type": "shortcut"},
    ],
)
async def test_what_slack_never_sends_has_no_route(body: Json) -> None:
    """It goes on to Bolt, which answers it."""
    went_on: list[bool] = []

    async def next_() -> None:
        went_on.append(True)

    routing = Routing({"button x", "event message"}, _acknowledge)
    request = AsyncBoltRequest(mode="socket_mode", body={})
    request.body = body
    await routing.async_process(req=request, resp=None, next=next_)  # type: ignore[arg-type]

    assert went_on == [True]


@pytest.mark.parametrize("body", [payloads.command(), payloads.mention(), payloads.submission("form", {})])
async def test_many_routes_cost_nothing(body: Json) -> None:
    """The last of three hundred is found by as many calls as the only one; Bolt's own search asks each of them."""
    heard: list[Payload] = []

    async def listen(route: str, ack: AsyncAck, body: Payload) -> None:
        heard.append(body)
        await ack()

    others = {f"{kind} {number}" for number in range(ROUTES) for kind in ("command", "event", "form")}
    alone = await _calls(Routing({route_of(body)}, listen), body)
    among_many = await _calls(Routing(others | {route_of(body)}, listen), body)

    assert heard == [body] * 4
    assert alone == among_many < ROUTES


async def _acknowledge(route: str, ack: AsyncAck, body: Payload) -> None:
    await ack()


async def _calls(routing: Routing, body: Json) -> int:
    """How many functions are called for a delivery; the first one, which fills caches, is not counted."""
    bolt, counted = bolt_app(), 0
    bolt.use(routing)

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal counted
        counted += event == "call"

    assert (await bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))).status == 200
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        await bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    finally:
        sys.setprofile(before)
    return counted
