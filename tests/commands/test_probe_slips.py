"""`/probe` with a slip of a kind or a target: asked what was meant, with a press that does it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import BadInput
from bot.messages.model import Content
from bot.probes.cards import did_you_mean
from bot.slack.request import Clarification, read
from commands import mention, probe
from tests.commands.test_mention import Thread
from tests.slack import payloads
from tests.slack_limits import broken_by_message
from tests.world import APP, World


@pytest.fixture
async def thread() -> Thread:
    world = World()
    await world.opened(APP)
    world.sent("investigation/1", "1.1")
    return Thread(world)


async def asked(thread: Thread, text: str) -> Content:
    with pytest.raises(Clarification) as caught:
        await probe.slash(read(payloads.command("/probe", text)), thread.services)
    assert broken_by_message(caught.value.content) == []
    return caught.value.content


def buttons(content: Content) -> list[dict[str, Any]]:
    return list(content.blocks[1]["elements"])


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("mrt us-east", ["mtr U.S. East"]),
        ("ping us-eats", ["ping U.S. East", "ping U.S. West"]),
        ("ping us-est", ["ping U.S. East", "ping U.S. West"]),
        ("pign us-eest from Berlin", ["ping U.S. East", "ping U.S. West"]),
        ("us-east ping", ["ping U.S. East"]),
        ("mrt example.com", ["mtr example.com"]),
        ("ping us eest", ["ping U.S. East", "ping U.S. West"]),
    ],
)
async def test_slips_are_asked_about(thread: Thread, text: str, labels: list[str]) -> None:
    """Where several are near none stands out, and nothing is measured yet."""
    before = thread.world.owed_keys("probes/%")
    content = await asked(thread, text)

    assert [element["text"]["text"] for element in buttons(content)] == labels
    assert [element.get("style") for element in buttons(content)] == (["primary"] if len(labels) == 1 else [None, None])
    assert "Did you mean" in content.text
    assert thread.world.owed_keys("probes/%") == before


@pytest.mark.parametrize("text", ["us-east", "U.S. East"])
async def test_a_target_alone_is_asked_what_to_measure(thread: Thread, text: str) -> None:
    content = await asked(thread, text)

    assert [each["text"]["text"] for each in buttons(content)] == [
        "playbook U.S. East",
        "ping U.S. East",
        "mtr U.S. East",
    ]


def test_slip_in_a_kind_alone_is_quoted_as_it_was_typed() -> None:
    content = did_you_mean("mrt", "", [("mtr", "mtr ")])
    assert content.text == "I don't know `/probe mrt`. Did you mean mtr?"


async def test_press_measures_what_was_meant(thread: Thread) -> None:
    """By whoever was asked, where they asked."""
    content = await asked(thread, "mrt us-east")
    (button,) = buttons(content)
    await probe.meant_button(read(payloads.press(button["action_id"], button["value"])), thread.services)
    batch = thread.world.probes.get(2)

    assert batch and (batch.title, batch.requested_by, batch.channel) == ("mtr U.S. East", "UKIM", "C1")


async def test_press_in_a_thread_is_evidence(thread: Thread) -> None:
    """The investigation goes with the button."""
    body = payloads.event(
        "app_mention", user="UKIM", text="<@UBOT> probe mrt us-east", channel="C1", ts="9.9", thread_ts="1.1"
    )
    with pytest.raises(Clarification) as caught:
        await mention.mentioned(read(body), thread.services)
    (button,) = buttons(caught.value.content)
    await probe.meant_button(replace(read(payloads.press()), value=button["value"]), thread.services)

    assert [batch.title for batch in thread.world.probes.of(1)][-1] == "mtr U.S. East"


@pytest.mark.parametrize("text", ["xx us-east", "ping xyzzy", "xx xyzzy", "xx " + "http://a.example/" + "x" * 1980])
async def test_what_is_near_to_nothing_is_told(thread: Thread, text: str) -> None:
    """With what there is."""
    with pytest.raises(BadInput) as caught:
        await probe.slash(read(payloads.command("/probe", text)), thread.services)

    assert not isinstance(caught.value, Clarification)


async def test_tier_1_is_asked_too(thread: Thread) -> None:
    """A slip of a target's name is no host of somebody else."""
    body = payloads.command("/probe", "ping us-eats") | {"user_id": "UTOM"}
    with pytest.raises(Clarification):
        await probe.slash(read(body), thread.services)
