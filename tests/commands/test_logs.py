"""Logs in messages: which are read, and where; lines shown and named."""

from typing import Any

import pytest

from bot.customer_logs.forms import MEANING, PATTERN, ROLE, TICKET, TITLE, TRY
from bot.errors import BadInput
from bot.slack.kept import kept
from bot.slack.request import Request, read
from commands import logs, mention
from tests.commands.test_mention import LINK, Thread
from tests.fake_desk import ticket
from tests.slack import payloads
from tests.world import US_WEST, World

LOG = {"id": "F1", "name": "Client.LOG", "mimetype": "", "mode": "hosted"}
PASTED = "```2026-11-20 14:00:00 connect\n2026-11-20 14:00:01 error 7```"


@pytest.fixture
async def thread() -> Thread:
    world = World()
    await world.opened()
    world.sent("investigation/1", "1.1")
    return Thread(world)


def drops(there: Thread) -> list[tuple[int | None, str, str]]:
    rows = there.world.database.rows(
        "SELECT d.investigation_id, d.channel, l.file_id FROM log_drops d JOIN customer_logs l ON l.drop_id = d.id"
    )
    return [(row["investigation_id"], row["channel"], row["file_id"]) for row in rows]


@pytest.mark.parametrize(
    ("more", "read_it"),
    [
        ({"files": [LOG], "subtype": "file_share"}, True),
        ({"files": [LOG | {"name": "x.zip"}]}, True),
        ({"files": [LOG | {"name": "snippet", "mimetype": "text/plain"}]}, True),
        ({"files": [LOG | {"name": "x.png", "mimetype": "image/png"}]}, False),
        ({"files": [LOG | {"mode": "tombstone"}]}, False),
        ({"files": [LOG | {"id": ""}]}, False),
        ({"files": "junk"}, False),
        ({"files": [LOG], "bot_id": "B2"}, False),
        ({"files": [LOG], "user": "UBOT"}, False),
        ({"files": [LOG], "thread_ts": "2.2"}, False),
        ({"files": [LOG], "thread_ts": ""}, False),
        ({"text": f"see {PASTED}"}, True),
        ({"text": "see ```x = 1\ny = 2```"}, False),
    ],
)
async def test_which_messages_have_logs(thread: Thread, more: dict[str, Any], read_it: bool) -> None:
    """In the thread of an investigation, by people, and of a kind that may be one."""
    assert await thread.message(**{"text": "here"} | more) is None

    assert len(drops(thread)) == int(read_it)
    assert thread.world.owed_keys("logs/%") == (["logs/1"] if read_it else [])


async def test_what_is_dropped_in_a_thread_that_was_merged_counts_where_it_goes_on(thread: Thread) -> None:
    """The log, and the ticket beside it."""
    other = await thread.world.opened(US_WEST, by="UJO")
    await thread.world.rooms.merges.merge(1, other.id, by="UKIM")
    assert thread.world.desk
    thread.world.desk.hidden = [ticket(7, thread.world.clock())]
    await thread.message(f"of {LINK}", files=[LOG])

    assert [number for number, _, _ in drops(thread)] == [other.id]
    collected = thread.world.tickets.of(other.id)
    assert collected and 7 in {each.ticket_id for each in collected.tickets}


async def test_tickets_beside_a_log_are_taken(thread: Thread) -> None:
    """Whose log it is stands beside it; links in the log itself are no tickets."""
    assert thread.world.desk
    thread.world.desk.hidden = [ticket(7, thread.world.clock())]
    await thread.message(f"of {LINK}", files=[LOG])
    await thread.message(f"```2026-11-20 14:00:00 error {LINK[:-1]}8\n2026-11-20 14:00:01 end```", ts="9.8")

    collected = thread.world.tickets.of(1)
    assert collected and 7 in {each.ticket_id for each in collected.tickets}
    assert len(drops(thread)) == 2


async def test_whose_log_it_is_is_kept_with_it(thread: Thread) -> None:
    """By a link beside it, or asked for once; what is no ticket is refused beside the field."""
    await thread.message(f"of {LINK}", files=[LOG, LOG | {"id": "F2", "name": "other.log"}])
    await thread.message("here", files=[LOG | {"id": "F3"}], ts="9.8")
    assert [thread.world.logs.drop(number).tickets for number in (1, 2)] == [(7,), ()]
    thread.slack.answers["views.open"] = {"view": {"id": "V1"}}
    await logs.whose_button(Request(user="UKIM", value="2", trigger_id="t"), thread.services)
    (opened,) = [arguments for method, arguments in thread.slack.calls if method == "views.open"]
    wrong, right = (Request(user="UKIM", values={TICKET: text}, private_metadata="2") for text in ("her", f"<{LINK}>"))
    assert "Which ticket is this log from?" in str(opened["view"])
    assert logs.check_whose(wrong, thread.services).keys() == {TICKET} and not logs.check_whose(right, thread.services)
    await logs.told_whose(right, thread.services)

    assert thread.world.logs.drop(2).tickets == (7,)


async def test_in_a_direct_message_it_is_no_command(thread: Thread) -> None:
    """The words beside the file are not run; those of a message without one are."""
    where = {"channel": "D1", "channel_type": "im", "thread_ts": ""}
    assert await thread.message("what is this?", files=[LOG], **where) is None
    assert drops(thread) == [(None, "D1", "F1")]
    with pytest.raises(BadInput):
        await thread.message("what is this?", **where)


async def test_after_a_crash_a_pasted_log_is_read_in_slack(thread: Thread) -> None:
    """Its lines were not stored with the delivery."""
    body = payloads.event(
        "message", text=PASTED, user="UTOM", channel="C1", ts="9.9", thread_ts="1.1", channel_type="channel"
    )
    await mention.message(read(kept(body)), thread.services)

    assert drops(thread) == [(1, "C1", "")]


async def test_lines_are_shown_to_whoever_presses(thread: Thread) -> None:
    thread.world.log_source.files["F1"] = ("x.log", b"2026-11-20 14:00:00 TLS Error: TLS handshake failed\n")
    await thread.message("here", files=[LOG])
    await thread.world.log_reader.step()
    pressed = Request(user="UKIM", channel="C1", value="1 0")
    answer = await logs.lines_button(pressed, thread.services)
    assert answer and not isinstance(answer, str) and "handshake" in answer.text

    assert await logs.lines_button(Request(user="UKIM", value="77 0"), thread.services) is None


def form(**values: str) -> Request:
    typed = {TITLE: "Full", ROLE: "cause", MEANING: "No seats.", TRY: "a\nb", PATTERN: "license refused"} | values
    return Request(user="UKIM", values=typed, private_metadata="C1 1.1")


async def test_a_line_is_named(thread: Thread) -> None:
    """A lead is asked in that thread."""
    message = {"text": f"```{PASTED[3:-3]}```", "ts": "9.9", "thread_ts": "1.1"}
    shortcut = Request(user="UKIM", channel="C1", message=message, trigger_id="t")
    thread.slack.answers["views.open"] = {"view": {"id": "V1"}}
    assert await logs.name_line(shortcut, thread.services) is None
    [opened] = [arguments for method, arguments in thread.slack.calls if method == "views.open"]
    assert opened["view"]["private_metadata"] == "C1 1.1"

    assert await logs.named(form(), thread.services) is None
    place = thread.world.place("log-signature/1")
    assert (place.channel, place.thread_ts) == ("C1", "1.1")
    assert thread.world.logs.signature(1).tries == ("a", "b")


async def test_the_form_says_what_is_missing(thread: Thread) -> None:
    wrong = logs.check(form(title="", meaning="", pattern=".*"), thread.services)
    assert set(wrong) == {TITLE, MEANING, PATTERN}
    assert logs.check(form(), thread.services) == {}


async def test_a_message_without_words_has_no_line(thread: Thread) -> None:
    with pytest.raises(BadInput):
        await logs.name_line(Request(user="UKIM", message={"text": " "}), thread.services)
