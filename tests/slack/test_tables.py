"""Tables as blocks, and plain ones where a workspace does not take these."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import Clock
from bot.database import Database
from bot.sandbox.slack.block_rules import check_message_blocks
from bot.slack.answers import BlocksRefused, SlackError
from bot.slack.blocks import section
from bot.slack.tables import PLAIN_WIDTH, data_table, plain, plain_text, room_for, table, without
from bot.slack.taken_blocks import REMEMBERED, RefusedBlocks, TableClient
from tests.database import memory_database
from tests.fake_clock import FakeClock
from tests.fake_web_api import FakeWebApi
from tests.hostile import WORDS

HOPS = ("Hop", "Host", "Lost")
ROWS = [("1", "10.0.0.1", "0 of 10"), ("2", "ae1.core.example.net", "4 of 10")]
refused = BlocksRefused("invalid_blocks", method="chat.postMessage")


def client(slack: FakeWebApi, database: Database, clock: Clock) -> TableClient:
    return TableClient(client=slack, refused=RefusedBlocks(database=database, clock=clock))


def types(slack: FakeWebApi) -> list[list[str]]:
    """Of the blocks of each attempt."""
    return [[block["type"] for block in arguments["blocks"]] for _, arguments in slack.calls]


@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=1, max_size=120))
def test_every_table_keeps_slack_s_limits(rows: list[list[str]]) -> None:
    """Rows as many as have room, whatever they say; so do both plainer forms."""
    fitting = rows[: room_for(HOPS, rows)]
    message = [data_table("x", HOPS, fitting)]

    for refused_kinds in ((), ("data_table",), ("data_table", "table")):
        check_message_blocks(without(message, refused_kinds))
    check_message_blocks([table(HOPS, fitting)])


@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=1, max_size=9))
def test_no_plain_row_is_wider_than_a_phone(rows: list[list[str]]) -> None:
    """Aligned where they fit, else a paragraph each."""
    assert max(map(len, plain_text(HOPS, rows).splitlines())) <= PLAIN_WIDTH


def test_plain_rows_stay_below_each_other_while_they_fit() -> None:
    """And turn into paragraphs without empty cells where they don't."""
    assert plain_text(("Place", "Lost"), [("Brisbane", "4 of 10")]) == "Place        Lost\nBrisbane  4 of 10"
    assert plain_text(HOPS, [("2", "ae1.core.example.net", "-"), ("3", "x" * 40, "4 of 10")]).splitlines() == [
        "2",
        "  host ae1.core.example.net",
        "3",
        f"  host {'x' * 27}",
        f"  {'x' * 13}, lost 4 of 10",
    ]


def test_a_long_plain_table_says_what_it_leaves_out() -> None:
    """The file has it."""
    blocks = plain(("Address", "Lost"), *[(f"10.0.0.{n}", "0 of 10") for n in range(99)])

    assert "59 more rows" in str(blocks[-1])


async def test_what_is_refused_is_tried_plainer_and_remembered() -> None:
    """One kind after the other; the next message begins with what is taken, also after a restart, for a while."""
    slack, database, clock = FakeWebApi(), memory_database(), FakeClock()
    message = [section("Path"), data_table("Path", HOPS, ROWS)]
    slack.fail("chat.postMessage", refused)
    slack.fail("chat.postMessage", refused)

    await client(slack, database, clock).call("chat.postMessage", channel="C1", text="t", blocks=message)
    assert types(slack) == [["section", "data_table"], ["section", "table"], ["section", "section"]]
    await client(slack, database, clock).call("chat.postMessage", channel="C1", text="t", blocks=message)
    assert types(slack)[3:] == [["section", "section"]]
    clock.advance(REMEMBERED.total_seconds() + 1)
    await client(slack, database, clock).call("chat.postMessage", channel="C1", text="t", blocks=message)
    assert types(slack)[4:] == [["section", "data_table"]]


async def test_a_message_that_no_form_helps_teaches_nothing() -> None:
    """Something else in it was wrong."""
    slack, database, clock = FakeWebApi(), memory_database(), FakeClock()
    for _ in range(2):
        slack.fail("chat.postMessage", refused)
    with pytest.raises(BlocksRefused):
        await client(slack, database, clock).call("chat.postMessage", channel="C1", blocks=[table(HOPS, ROWS)])

    assert RefusedBlocks(database=database, clock=clock).kinds() == frozenset()


async def test_other_trouble_is_not_taken_for_a_refusal() -> None:
    """It is raised at once; a limit of one message is not remembered."""
    slack, database, clock = FakeWebApi(), memory_database(), FakeClock()
    taking = client(slack, database, clock)
    slack.fail("chat.postEphemeral", SlackError("is_archived", method="chat.postEphemeral"))
    with pytest.raises(SlackError):
        await taking.call("chat.postEphemeral", channel="C1", blocks=[table(HOPS, ROWS)])
    slack.fail("chat.postMessage", BlocksRefused("msg_blocks_too_long", method="chat.postMessage"))
    await taking.call("chat.postMessage", channel="C1", blocks=[table(HOPS, ROWS)])

    assert RefusedBlocks(database=database, clock=clock).kinds() == frozenset()


async def test_everything_else_goes_as_it_is() -> None:
    """Messages without tables, uploads, answers by a response_url."""
    slack = FakeWebApi()
    taking = client(slack, memory_database(), FakeClock())
    await taking.call("chat.postMessage", channel="C1", text="t")
    await taking.upload("http://files.test/F1", b"x")
    await taking.respond("https://hooks.slack.com/1", {"text": "t"})
    await taking.respond("https://hooks.slack.com/1", {"text": "t", "blocks": [table(HOPS, ROWS)]})

    assert slack.called("chat.postMessage") == [{"channel": "C1", "text": "t"}]
    assert slack.files == {"http://files.test/F1": b"x"}
    assert [body.get("blocks", [{}])[0].get("type") for body in slack.answered] == [None, "table"]
