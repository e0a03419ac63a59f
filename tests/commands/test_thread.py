"""Which investigation is meant: by the thread, by its name in direct messages and elsewhere, and never by accident."""

from typing import Any

import pytest

from bot.errors import BadInput, NotFound
from bot.investigations.service import NotAnInvestigation
from bot.messages.model import Content
from bot.slack.request import Answer, read
from commands import mention, t2
from commands.thread import AnotherThread, around_last_name, named_first
from tests.commands.test_mention import Thread
from tests.slack import payloads
from tests.world import APP, US_EAST, US_WEST, World

PLACES: dict[str, dict[str, Any]] = {
    "direct": {"channel": "D1", "ts": "9.9", "channel_type": "im"},
    "channel": {"channel": "C1", "ts": "9.9", "channel_type": "channel"},
    "another thread": {"channel": "C1", "ts": "9.9", "thread_ts": "8.8", "channel_type": "channel"},
}


@pytest.fixture
async def thread() -> Thread:
    """INV-1 has the thread 1.1; INV-2 is about U.S. East, INV-3 about U.S. West; nobody has them."""
    world = World()
    for target in (APP, US_EAST, US_WEST):
        await world.opened(target, by="UTOM")
    world.sent("investigation/1", "1.1")
    return Thread(world)


async def say(thread: Thread, where: str, text: str) -> Answer:
    """As Kim, who mentions the bot where it is not a direct message."""
    if where == "direct":
        return await mention.message(
            read(payloads.event("message", user="UKIM", text=text, **PLACES[where])), thread.services
        )
    body = payloads.event("app_mention", user="UKIM", text=f"<@UBOT> {text}", **PLACES[where])
    return await mention.mentioned(read(body), thread.services)


def owners(thread: Thread) -> list[str | None]:
    return [investigation.owner for investigation in thread.world.investigations.live()]


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize(
    "text",
    [
        "claim INV-3",
        "claim inv-3",
        "Claim INV 3.",
        "claim INV\u20113",
        "claim inv3!",
        "claim\xa0INV-3,",
        "take INV\u20133",
    ],
)
async def test_name_stands_for_the_thread(thread: Thread, where: str, text: str) -> None:
    """However a phone writes it; a reaction says that it was done."""
    assert await say(thread, where, text) is None

    assert owners(thread) == [None, None, "UKIM"]
    assert thread.world.owed_keys("done/%")


@pytest.mark.parametrize("where", PLACES)
async def test_every_word_takes_a_name(thread: Thread, where: str) -> None:
    """With what else was said."""
    world = thread.world
    await say(thread, where, "claim INV-2")
    await say(thread, where, "note INV-2: only on Android")
    await say(thread, where, "join INV-3")
    await say(thread, where, "handover INV-2 <@UJO> it is the new provider")
    await say(thread, where, "dismiss INV-3 one customer")
    answer = await say(thread, where, "timeline INV-2")
    with pytest.raises(NotFound, match="INV-9"):
        await say(thread, where, "claim INV-9")

    assert [handover.investigation_id for handover in world.handovers.waiting_for("UJO")] == [2]
    assert world.investigations.get(3).reason == "one customer"
    assert [event.text for event in world.evidence.overview(2).events if event.kind in ("note", "handover")] == [
        "only on Android",
        "it is the new provider",
    ]
    assert isinstance(answer, Content) and answer.text.startswith("INV-2")


@pytest.mark.parametrize("where", PLACES)
async def test_without_a_name_nothing_is_meant(thread: Thread, where: str) -> None:
    """The sentence says how to name one."""
    with pytest.raises(NotAnInvestigation, match="`claim INV-3`"):
        await say(thread, where, "claim")


async def test_name_alone_counts_in_another_one_s_thread(thread: Thread) -> None:
    """Nobody who types `claim INV-3` wants INV-1."""
    await thread.mention("claim INV-3")

    assert owners(thread) == [None, None, "UKIM"]


@pytest.mark.parametrize(
    "text", ["resolve INV-3 a link was mended", "dismiss INV-3 has it", "handover <@UJO> INV-3 is his"]
)
async def test_words_about_another_one_change_neither(thread: Thread, text: str) -> None:
    """In a thread they could mean both."""
    await thread.mention("claim")
    with pytest.raises(AnotherThread, match=r"about INV-1.*INV-3"):
        await thread.mention(text)

    assert owners(thread) == ["UKIM", None, None]


async def test_own_name_is_no_part_of_the_words(thread: Thread) -> None:
    """And another one's name in a note is."""
    await thread.mention("note INV-1 has two causes")
    await thread.mention("note INV-3 has the same")

    notes = [event.text for event in thread.world.evidence.overview(1).events if event.kind == "note"]
    assert notes == ["has two causes", "INV-3 has the same"]


@pytest.mark.parametrize("where", PLACES)
async def test_probe_where_the_person_is(thread: Thread, where: str) -> None:
    """No investigation is needed to measure."""
    await say(thread, where, "probe ping us-west")
    (key,) = thread.world.owed_keys("probes/%")[3:] or [""]
    place = thread.world.place(key)

    assert (place.channel, place.thread_ts) == (PLACES[where]["channel"], PLACES[where].get("thread_ts"))
    assert thread.world.probes.of(3)[-1].title != "ping U.S. West"


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("text", ["probe ping INV-3", "probe INV-3 ping", "probe INV-3 ping us-west"])
async def test_probe_of_a_named_investigation(thread: Thread, where: str, text: str) -> None:
    """Its own target is meant, and its thread gets it."""
    await say(thread, where, text)

    assert thread.world.probes.of(3)[-1].title == "ping U.S. West"


@pytest.mark.parametrize("where", PLACES)
async def test_probe_of_nothing(thread: Thread, where: str) -> None:
    """There is no target to take from where the person is."""
    with pytest.raises(BadInput, match="Say what to measure and where"):
        await say(thread, where, "probe ping")


@pytest.mark.parametrize("where", PLACES)
async def test_status_is_the_status(thread: Thread, where: str) -> None:
    """Not the help."""
    answer = await say(thread, where, "status")

    assert isinstance(answer, Content) and answer.text == "3 investigations open"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INV-3 and more", (3, "and more")),
        ("  inv-12: x", (12, "x")),
        ("INVENTORY-3", (None, "INVENTORY-3")),
        ("about INV-3", (None, "about INV-3")),
        ("INV-3x", (None, "INV-3x")),
        ("", (None, "")),
    ],
)
def test_name_at_the_beginning(text: str, expected: tuple[int | None, str]) -> None:
    """Elsewhere it is part of the words."""
    assert named_first(text) == expected


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize(
    "text",
    [
        "INV-3 claim",
        "INV-3: claim",
        "claim `INV-3`",
        "claim *INV-3*",
        "claim (INV-3)",
        "claim <https://slack.test/archives/C1/p11|INV-3>",
        "claim *<https://slack.test/archives/C1/p11|INV-3>*.",
    ],
)
async def test_name_as_slack_shows_it(thread: Thread, where: str, text: str) -> None:
    """Copied from a list, in code or bold, or said before the word."""
    assert await say(thread, where, text) is None

    assert owners(thread) == [None, None, "UKIM"]


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("text", ["probe ping us-east INV-3", "INV-3 probe ping us-east", "probe ping `INV-3` us-east"])
async def test_probe_for_an_investigation_named_anywhere(thread: Thread, where: str, text: str) -> None:
    """No target is called like that."""
    await say(thread, where, text)

    assert thread.world.probes.of(3)[-1].title == "ping U.S. East"


@pytest.mark.parametrize("where", PLACES)
async def test_status_of_one(thread: Thread, where: str) -> None:
    """Who has it; how it ended, with what helps."""
    await say(thread, where, "claim INV-3")
    answer = await say(thread, where, "status INV-3")
    await say(thread, where, "resolve INV-3 transit provider")
    ended = await say(thread, where, "status of INV-3")

    assert isinstance(answer, Content) and answer.text.startswith("<@UKIM> has U.S. West")
    assert isinstance(ended, Content) and "U.S. West is resolved (INV-3 in <#C1>)" in ended.text
    with pytest.raises(NotFound):
        await say(thread, where, "status INV-9")


@pytest.mark.parametrize("text", ["INV-3", "INV-3 is fine", "see INV-3 and INV-2"])
async def test_a_name_without_a_word_is_no_command(thread: Thread, text: str) -> None:
    """Nothing happens by accident."""
    with pytest.raises(BadInput):
        await say(thread, "direct", text)

    assert owners(thread) == [None, None, None]


async def test_slash_status_of_one(thread: Thread) -> None:
    """The same as by mention."""
    answer = await t2.slash(read(payloads.command("/t2", "status INV-3")), thread.services)

    assert isinstance(answer, Content) and answer.text.startswith("INV-3 is about U.S. West")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("transit as INV-12 because of Telia", ([12], "transit as", "because of Telia")),
        ("INV-3 transit as INV-12", ([3, 12], "transit as", "")),
        ("transit", ([], "transit", "")),
    ],
)
def test_what_stands_around_the_last_name(text: str, expected: tuple[list[int], str, str]) -> None:
    """What is said before it and behind it are two things."""
    assert around_last_name(text) == expected
