"""Which payloads Bolt and the bot can read: real ones, and none that they would fall over."""

import contextlib
import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.deliveries import delivery_key
from bot.slack.request import read
from bot.slack.shape import of_slacks_shape, with_whole_characters
from bot.web.slack_http import for_bolt
from bot.web.wire import RequestRefused
from tests.slack import payloads

INPUT = {"cause": {"input": {"type": "plain_text_input", "value": "a link"}}}
CHOSEN = {"to": {"input": {"type": "static_select", "selected_option": {"value": "p1"}}}}
MANY = {"ids": {"input": {"type": "checkboxes", "selected_options": [{"value": "1"}, {"value": "2"}]}}}
REAL: list[dict[str, Any]] = [
    payloads.command(),
    payloads.press(),
    payloads.choice("investigation_more", "12"),
    payloads.message_shortcut(),
    payloads.mention(),
    payloads.edited_mention(),
    payloads.submission("form", INPUT | CHOSEN | MANY),
    payloads.event("team_join", user={"id": "UNEW", "name": "new"}),
    payloads.event("channel_rename", channel={"id": "C1", "name": "t2", "created": 1}),
    payloads.event("pin_added", user="UKIM", channel_id="C1", item={"type": "message", "message": {"ts": "1.1"}}),
    payloads.event("reaction_added", user="UKIM", item={"type": "message", "channel": "C1", "ts": "1.1"}),
    {"type": "url_verification", "challenge": "c", "token": "t"},
    {"ssl_check": "1", "token": "t"},
    {
        "type": "view_closed",
        "view": {"type": "modal", "callback_id": "x", "state": {"values": {}}},
        "user": {"id": "U"},
    },
    {"type": "shortcut", "callback_id": "x", "user": {"id": "UKIM"}, "team": None, "enterprise": None},
]
ODD: list[Any] = [None, True, 0, 1.5, "", "x", [], [1], ["x"], [[]], {}, {"a": 1}, {"id": 1}, [{}]]


@pytest.mark.parametrize("payload", REAL, ids=lambda payload: str(payload.get("type") or payload.get("command")))
def test_what_slack_sends_has_its_shape(payload: dict[str, Any]) -> None:
    """Nothing of it is refused."""
    assert of_slacks_shape(payload)
    assert with_whole_characters(payload) == payload


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each holder with a key or an index in it, however deep."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, Any]:
    """A real payload of which one or two values are something else, or missing."""
    payload: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(REAL)))
    for _ in range(draw(st.integers(1, 2))):
        spots = list(places(payload))
        if not spots:
            break
        holder, key = spots[draw(st.integers(0, len(spots) - 1))]
        if draw(st.booleans()) and isinstance(holder, dict):
            del holder[key]
        else:
            holder[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
    return payload


@settings(max_examples=500, deadline=None)
@given(spoilt())
def test_what_has_its_shape_can_be_read(payload: dict[str, Any]) -> None:
    """By the bot, where it is of a kind that it hears; by Bolt, or it is refused."""
    if not of_slacks_shape(payload):
        return
    with contextlib.suppress(RequestRefused):
        for_bolt(payload)
    if payload.keys() & {"command", "event", "actions", "view", "callback_id"}:
        assert delivery_key(payload)
        assert isinstance(read(payload).user, str)


@pytest.mark.parametrize("payload", [*ODD, {"type": "event_callback"}, {"command": 5}], ids=repr)
def test_what_is_none_of_slacks_is_refused(payload: object) -> None:
    """Whatever it is; an object of a kind that nobody knows is left to Bolt."""
    assert of_slacks_shape(payload) is (payload in ({"a": 1}, {"id": 1}))
