"""The outbox: every message once, the newest state, whatever Slack does."""

import asyncio
import json

import pytest

from bot.messages.model import Content, Place
from bot.slack.answers import BlocksRefused, MessageGone, SlackBusy, SlackError, SlackUnclear
from bot.slack.blocks import context
from bot.slack.text import as_of
from tests.eventually import eventually
from tests.slack.desk import Desk


@pytest.fixture
async def desk() -> Desk:
    return Desk()


async def test_card_is_posted_once_with_its_key(desk: Desk) -> None:
    """Owing the same key twice owes one message; the key travels in the metadata."""
    desk.card()
    desk.card()
    await desk.send()

    (message,) = desk.slack.messages("C1")
    assert message["metadata"]["event_payload"] == {"key": "card/1"}
    assert message["unfurl_links"] is False


async def test_changes_of_a_machine_are_gathered(desk: Desk) -> None:
    """Five changes within two seconds become one edit that shows the last of them."""
    desk.card()
    await desk.send()
    for word in "abcde":
        desk.words = word
        desk.store.changed("card/1", human=False)
        await desk.send(after_s=0.1)
    assert not desk.slack.called("chat.update")
    await desk.send(after_s=2)

    (edit,) = desk.slack.called("chat.update")
    assert (edit["text"], edit["parse"]) == ("e", "none")


async def test_change_of_a_person_goes_out_at_once(desk: Desk) -> None:
    """A human's change does not wait, even behind a gathered one."""
    desk.card()
    await desk.send()
    desk.store.changed("card/1", human=False)
    desk.words = "claimed"
    desk.store.changed("card/1", human=True)
    await desk.send()

    assert desk.slack.texts("C1") == ["claimed"]


async def test_same_content_is_not_sent_again(desk: Desk) -> None:
    """A change that does not show costs no call."""
    desk.card()
    await desk.send()
    desk.store.changed("card/1", human=True)
    await desk.send()

    assert not desk.slack.called("chat.update")
    assert desk.store.waiting() == 0


@pytest.mark.parametrize("metadata", [True, False])
async def test_lost_answer_is_found_again(desk: Desk, metadata: bool) -> None:
    """The post was made, its answer lost: it is found by key (or by its words) and not made twice."""
    desk.slack.metadata = metadata
    desk.slack.lose_answer("chat.postMessage")
    desk.card()
    await desk.send()
    await desk.send(after_s=5)

    assert desk.slack.texts("C1") == ["first"]
    assert desk.store.place_of("card/1") is not None


async def test_lost_request_is_sent_again(desk: Desk) -> None:
    """No answer and no message: it is posted, once."""
    desk.slack.fail("chat.postMessage", _unclear())
    desk.card()
    await desk.send()
    assert desk.slack.texts("C1") == []
    await desk.send(after_s=5)

    assert desk.slack.texts("C1") == ["first"]


async def test_words_of_another_message_are_not_taken_for_ours(desk: Desk) -> None:
    """Without metadata two messages with the same words stay two messages."""
    desk.slack.metadata = False
    desk.card("card/1")
    await desk.send()
    desk.slack.fail("chat.postMessage", _unclear())
    desk.card("card/2")
    await desk.send()
    await desk.send(after_s=5)

    assert desk.slack.texts("C1") == ["first", "first"]


async def test_killed_while_sending_is_settled_at_start(desk: Desk) -> None:
    """What was being sent when the program died is looked for before it is sent."""
    desk.card()
    (message,) = desk.store.due(desk.clock())
    desk.store.sending(message, "")
    await desk.slack.call("chat.postMessage", channel="C1", text="first", metadata={"event_payload": {"key": "card/1"}})
    desk.store.interrupted()
    await desk.send(after_s=5)

    assert len(desk.slack.messages("C1")) == 1


async def test_record_that_moved_on_meanwhile_is_shown(desk: Desk) -> None:
    """A found message that shows an older state is edited."""
    desk.slack.lose_answer("chat.postMessage")
    desk.card()
    await desk.send()
    desk.words = "second"
    desk.store.changed("card/1", human=True)
    await desk.send(after_s=5)

    assert desk.slack.texts("C1") == ["second"]


async def test_retry_after_is_obeyed(desk: Desk) -> None:
    """A channel that is rate limited waits as long as Slack says, others go on."""
    desk.slack.fail("chat.postMessage", SlackBusy("ratelimited", method="x", retry=True, retry_after_s=30))
    desk.card("card/1")
    await desk.send()
    desk.card("card/2", place=Place("C2"))
    await desk.send(after_s=29)
    assert (desk.slack.texts("C1"), desk.slack.texts("C2")) == ([], ["first"])
    await desk.send(after_s=2)

    assert desk.slack.texts("C1") == ["first"]


async def test_posting_keeps_to_a_message_a_second(desk: Desk) -> None:
    """After a short burst one message a second goes into a channel."""
    for number in range(8):
        desk.card(f"card/{number}")
    await desk.send()
    burst = len(desk.slack.messages("C1"))
    await desk.send(after_s=1)
    await desk.send(after_s=1)

    assert burst == 3
    assert len(desk.slack.messages("C1")) == burst + 2


async def test_newer_time_since_when_all_is_so_is_no_edit(desk: Desk) -> None:
    """Whatever marks the message; with the next thing that differs the time is shown too."""
    desk.block = context(f"open, {as_of(desk.clock())}")
    desk.card()
    await desk.send()
    for words in ("open", "fixed"):
        desk.clock.advance(180)
        desk.block = context(f"{words}, {as_of(desk.clock())}")
        desk.store.changed("card/1", human=False)
        await desk.send(after_s=3)

    (edit,) = desk.slack.called("chat.update")
    assert edit["blocks"] == [desk.block]


async def test_edits_keep_to_fifty_a_minute_and_leave_room_for_people(desk: Desk) -> None:
    """Machines may use 35 edits of a minute, a person's change still goes out."""
    keys = [f"card/{number}" for number in range(6)]
    for number, key in enumerate(keys):
        desk.card(key, place=Place(f"C{number}"))
    await desk.send()
    for second in range(59):
        desk.words = f"word {second}"
        for key in keys:
            desk.store.changed(key, human=False)
        await desk.send(after_s=1)
    machine = len(desk.slack.called("chat.update"))
    desk.words = "a person's"
    desk.store.changed("card/0", human=True)
    await desk.send()

    assert 25 <= machine <= 35
    assert desk.slack.texts("C0") == ["a person's"]


async def test_what_a_person_asked_for_comes_first_after_rate_limits(desk: Desk) -> None:
    """However often it was refused, and though a machine's message is older and has its last word already."""
    desk.card("card/machine", human=False)
    desk.card("card/person")
    for _ in range(4):
        desk.slack.fail("chat.postMessage", SlackBusy("ratelimited", method="chat.postMessage", retry_after_s=2))
        await desk.send(after_s=2)
    desk.store.changed("card/machine", human=True)
    await desk.send(after_s=2)

    posted = [message["metadata"]["event_payload"]["key"] for message in desk.slack.messages("C1")]
    assert posted == ["card/person", "card/machine"]


async def test_refusal_is_kept_and_told(desk: Desk) -> None:
    """An archived channel is not tried again; the person hears of it, and the thread's messages go with it."""
    desk.slack.fail("chat.postMessage", SlackError("is_archived", method="chat.postMessage"))
    desk.card()
    desk.store.text("reply/1", text="in the thread", place=Place("C1", thread_key="card/1"))
    await desk.send()
    await desk.send(after_s=600)

    assert desk.notices() == [("card/1", "U1")]
    assert [call["channel"] for call in desk.slack.called("chat.postMessage")] == ["C1", "U1"]
    assert {refused.key for refused in desk.store.refusals()} == {"card/1", "reply/1"}


async def test_invited_bot_sends_what_was_refused(desk: Desk) -> None:
    """Once the bot is let in, what was refused there goes out."""
    desk.slack.fail("chat.postMessage", SlackError("not_in_channel", method="chat.postMessage"))
    desk.card()
    await desk.send()
    desk.store.retry_refused("C1")
    await desk.send()

    assert desk.slack.texts("C1") == ["first"]


async def test_reply_waits_for_its_thread(desk: Desk) -> None:
    """A reply goes under the ts of the card that was owed with it."""
    desk.slack.fail("chat.postMessage", SlackBusy("ratelimited", method="x", retry=True, retry_after_s=5))
    desk.card()
    desk.store.text("reply/1", text="in the thread", place=Place("C1", thread_key="card/1"))
    await desk.send()
    await desk.send(after_s=6)

    card, reply = desk.slack.messages("C1")
    assert reply["thread_ts"] == card["ts"]


async def test_deleted_card_is_posted_again_and_a_post_is_not(desk: Desk) -> None:
    """A card is a projection of its record; a post was said once."""
    desk.card()
    desk.store.post("post/1", view="words", record_id=1, place=Place("C1"))
    await desk.send()
    desk.slack.channels["C1"].clear()
    desk.words = "second"
    desk.store.changed("card/1", human=True)
    desk.store.changed("post/1", human=True)
    await desk.send()
    await desk.send(after_s=2)

    assert desk.slack.texts("C1") == ["second"]


async def test_deletion_that_slack_tells_brings_the_card_back(desk: Desk) -> None:
    """The event message_deleted is enough, nobody needs to press anything."""
    desk.card()
    await desk.send()
    place = desk.store.place_of("card/1")
    assert place
    desk.slack.channels["C1"].clear()
    desk.store.deleted(*place)
    await desk.send()

    assert desk.slack.texts("C1") == ["first"]
    assert desk.store.key_at(*place) == "card/1"


async def test_refused_blocks_go_as_text(desk: Desk) -> None:
    """Blocks that a server does not know cost nobody the message."""
    desk.slack.fail("chat.postMessage", BlocksRefused("invalid_blocks", method="chat.postMessage"))
    desk.card()
    await desk.send()

    (message,) = desk.slack.messages("C1")
    assert message["blocks"] == []


async def test_file_is_shared_in_the_thread(desk: Desk) -> None:
    """Three steps; the text arrives as it was."""
    desk.card()
    desk.store.file("file/1", name="mtr.txt", title="mtr", text="HOST é", place=Place("C1", thread_key="card/1"))
    await desk.send()

    card, shared = desk.slack.messages("C1")
    assert shared["thread_ts"] == card["ts"]
    assert desk.slack.files["http://files.test/F1"].decode() == "HOST é"


async def test_file_whose_sharing_was_not_answered_is_not_shared_twice(desk: Desk) -> None:
    """The file's id was stored before, so it is found in the channel."""
    desk.slack.lose_answer("files.completeUploadExternal")
    desk.store.file("file/1", name="mtr.txt", title="mtr", text="x", place=Place("C1"))
    await desk.send()
    await desk.send(after_s=5)

    assert len(desk.slack.messages("C1")) == 1
    assert desk.store.waiting() == 0


@pytest.mark.parametrize("told_by", ["files.info", "files.completeUploadExternal"])
async def test_address_of_a_file_is_kept(desk: Desk, told_by: str) -> None:
    """It is linked later, instead of being sent again; Slack tells it with the sharing or when it is asked."""
    details = {"permalink": "https://slack.test/files/F1"}
    if told_by == "files.info":
        desk.slack.answers["files.info"] = {"file": details}
    else:
        desk.slack.file_facts = details
    desk.store.file("file/1", name="mtr.txt", title="mtr", text="x", place=Place("C1"))
    assert desk.store.file_link("file/1") == ""
    await desk.send()

    assert desk.store.file_link("file/1") == "https://slack.test/files/F1"
    assert desk.store.file_link("file/2") is None
    assert len(desk.slack.called("files.info")) == (told_by == "files.info")


async def test_file_without_an_address_is_there_all_the_same(desk: Desk) -> None:
    """A missing scope costs the link only; what Slack refused for good is not there."""
    desk.slack.fail("files.info", SlackError("missing_scope", method="files.info"))
    desk.store.file("file/1", name="mtr.txt", title="mtr", text="x", place=Place("C1"))
    await desk.send()
    assert (desk.store.waiting(), desk.store.file_link("file/1")) == (0, "")
    desk.slack.fail("files.getUploadURLExternal", SlackError("is_archived", method="files.getUploadURLExternal"))
    desk.slack.fail("chat.postMessage", SlackError("is_archived", method="chat.postMessage"))
    desk.store.file("file/2", name="mtr.txt", title="mtr", text="x", place=Place("C1"))
    await desk.send()

    assert desk.store.file_link("file/2") is None


async def test_file_waits_for_the_post_that_it_belongs_to(desk: Desk) -> None:
    """Whoever is called by a post reads that first, though files travel by a way of their own."""
    desk.card()
    desk.slack.fail(
        "chat.postMessage", SlackBusy("ratelimited", method="chat.postMessage", retry=True, retry_after_s=5)
    )
    desk.store.file("file/1", name="mtr.txt", title="mtr", text="x", place=Place("C1"), after="card/1")
    await desk.send()
    assert desk.slack.messages("C1") == []
    await desk.send(after_s=6)

    first, second = desk.slack.messages("C1")
    assert "files" in second and "files" not in first


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "files.completeUploadExternal"])
async def test_server_without_files_gets_the_text(desk: Desk, step: str) -> None:
    """A server that lacks any of the steps still shows the report, once, and says why it is no file."""
    desk.slack.missing.add(step)
    desk.store.file("file/1", name="mtr.txt", title="mtr us-east", text="HOST `x`", place=Place("C1"))
    desk.slack.lose_answer("chat.postMessage")
    await desk.send()
    await desk.send(after_s=3)

    (text,) = desk.slack.texts("C1")
    assert text == f"*mtr us-east* (not as a file: {step} answered unknown_method)\n```HOST 'x'```"
    assert desk.store.waiting() == 0


async def test_lost_answer_is_found_by_the_words_of_the_attempt(desk: Desk) -> None:
    """Without metadata, and with nothing but the bot's id on a message, the record may have moved on meanwhile."""
    desk.slack.metadata = False
    desk.slack.lose_answer("chat.postMessage")
    desk.card()
    await desk.send()
    for message in desk.slack.messages("C1"):
        del message["user"]
        message["bot_id"] = "B0BOT"
    desk.words = "second"
    desk.store.changed("card/1", human=True)
    await desk.send(after_s=3)

    assert desk.slack.texts("C1") == ["second"]


async def test_person_is_reached_where_a_user_id_is_no_channel(desk: Desk) -> None:
    """The conversation is opened first, as Slack's documents have it."""
    desk.slack.answers["conversations.open"] = {"channel": {"id": "D1"}}
    desk.store.text("told/1", text="hello", place=Place("U1"))
    await desk.send()

    assert desk.slack.texts("D1") == ["hello"]


@pytest.mark.parametrize("place", ["U1", "#triage"])
async def test_a_lost_answer_is_found_where_a_person_or_a_name_was_meant(desk: Desk, place: str) -> None:
    """Histories know conversations by their ids alone."""
    desk.channels["#triage"] = "C99"
    desk.slack.answers["conversations.open"] = {"channel": {"id": "D1"}}
    desk.slack.lose_answer("chat.postMessage")
    desk.card(place=Place(place))
    await desk.send()
    await desk.send(after_s=5)

    assert {call["channel"] for call in desk.slack.called("conversations.history")} <= {"D1", "C99"}
    assert len(desk.slack.called("chat.postMessage")) == 1 and desk.store.waiting() == 0


async def test_what_was_refused_by_name_is_owed_again_once_the_bot_is_invited(desk: Desk) -> None:
    """Slack tells of an invitation by the channel's id."""
    desk.channels["#triage"] = "C99"
    desk.slack.fail("chat.postMessage", SlackError("not_in_channel", method="chat.postMessage"))
    desk.card(place=Place("#triage"))
    await desk.send()
    desk.store.retry_refused("C99")
    await desk.send()

    assert desk.slack.texts("C99") == ["first"]


async def test_replies_go_where_their_card_went(desk: Desk) -> None:
    """A channel may be configured by a name that only chat.postMessage understands."""
    desk.card(place=Place("#tech"))
    await desk.send()
    (message,) = desk.slack.messages("#tech")
    desk.database.run("UPDATE messages SET channel = 'C1' WHERE key = 'card/1'")
    desk.store.file("file/1", name="a.txt", title="A", text="b", place=Place("#tech", thread_key="card/1"))
    await desk.send()

    (shared,) = desk.slack.called("files.completeUploadExternal")
    assert (shared["channel_id"], shared["thread_ts"]) == ("C1", message["ts"])


async def test_reaction_that_is_there_already_counts_as_done(desk: Desk) -> None:
    """A repeated reaction is no trouble."""
    desk.slack.fail("reactions.add", SlackError("already_reacted", method="reactions.add"))
    desk.store.reaction("done/1", channel="C1", ts="1.2", name="eyes")
    await desk.send()

    assert desk.store.waiting() == 0
    assert desk.notices() == []


async def test_thread_that_is_gone_refuses_the_reply(desk: Desk) -> None:
    """A reply to a deleted message is refused with words, not tried for ever."""
    desk.slack.fail("chat.postMessage", MessageGone("thread_not_found", method="chat.postMessage"))
    desk.store.text("reply/1", text="x", place=Place("C1", thread_ts="1.2"), for_user="U1")
    await desk.send()

    assert desk.notices() == [("reply/1", "U1")]


async def test_record_that_can_not_be_rendered_holds_up_nobody(desk: Desk) -> None:
    """It is tried again after a while, not in every round; the others of its channel are sent."""
    desk.store.card("card/1", view="nowhere", record_id=1, place=Place("C1"))
    desk.card("card/2")
    await desk.send()
    await desk.send()

    assert desk.slack.texts("C1") == ["first"]
    assert [message.key for message in desk.store.due(desk.clock())] == []
    desk.clock.advance(60)
    assert [message.key for message in desk.store.due(desk.clock())] == ["card/1"]


async def test_everything_owed_survives_a_restart(desk: Desk) -> None:
    """A second outbox on the same database sends what the first one did not."""
    desk.card()
    second = Desk(clock=desk.clock, database=desk.database)
    await second.send()

    assert second.slack.texts("C1") == ["first"]


def _unclear() -> SlackError:
    return SlackUnclear("no_answer", method="chat.postMessage", retry=True)


def test_file_content_is_json() -> None:
    """The stored form of a file is readable by anyone."""
    desk = Desk()
    desk.store.file("file/1", name="a.txt", title="A", text="b", place=Place("C1"))

    assert json.loads(desk.store.due(desk.clock())[0].content) == {"name": "a.txt", "title": "A", "text": "b"}


async def test_replies_that_wait_do_not_hide_when_their_card_is_due(desk: Desk) -> None:
    """After a lost answer the outbox looks again in two seconds, although replies are overdue until it has."""
    desk.slack.fail("chat.postMessage", _unclear())
    desk.card()
    desk.card("card/2", place=Place("C1", thread_key="card/1"))
    await desk.send()

    assert desk.outbox.send_due() <= 2.0


async def test_nothing_is_sent_that_can_not_be_written_down(desk: Desk) -> None:
    """While the database can't be written nothing goes out; when it can again, it goes out once."""
    desk.card()
    desk.database.run("PRAGMA query_only = ON")
    desk.outbox.send_due()
    await desk.tasks.idle()
    assert desk.slack.texts("C1") == []
    desk.database.run("PRAGMA query_only = OFF")
    running = asyncio.create_task(desk.outbox.run())
    await eventually(lambda: desk.store.place_of("card/1"))
    running.cancel()

    assert desk.slack.texts("C1") == ["first"]


async def test_full_channel_hides_no_other(desk: Desk) -> None:
    """Two hundred messages that wait for one channel do not keep those of another."""
    for number in range(200):
        desk.store.text(f"busy/{number}", text="x", place=Place("C1"))
    desk.card("card/1", place=Place("C2"))
    await desk.send()

    assert desk.slack.texts("C2") == ["first"]


async def test_refused_lately_is_tried_once_more_at_start(desk: Desk) -> None:
    """Whoever mends a scope and starts the bot again does not have to do the work again."""
    desk.slack.fail("chat.postMessage", SlackError("missing_scope", method="chat.postMessage"))
    desk.card()
    await desk.send()
    desk.store.retry_recent()
    await desk.send()

    assert desk.slack.texts("C1") == ["first"]


async def test_server_without_reactions_is_no_trouble(desk: Desk) -> None:
    """A sign that can't be given is left out, not listed as refused."""
    desk.slack.missing.add("reactions.add")
    desk.store.reaction("done/1", channel="C1", ts="1.2", name="eyes")
    await desk.send()

    assert desk.store.refusals() == []
    assert desk.store.waiting() == 0


async def test_a_post_waits_for_the_one_before_it(desk: Desk) -> None:
    """Also where that one is tried again later; a thread that is read from top to bottom keeps its order."""
    desk.store.post("post/1", view="words", record_id=1, place=Place("C1"))
    await desk.send(after_s=3)
    for number in (2, 3):
        place, after = Place("C1", thread_key="post/1"), f"post/{number - 1}"
        desk.store.post(f"post/{number}", view="words", record_id=1, place=place, after=after)
    for _ in range(3):
        desk.slack.fail("chat.postMessage", SlackUnclear("internal_error", method="chat.postMessage", retry=True))
    for _ in range(20):
        await desk.send(after_s=10)

    tried = [call["metadata"]["event_payload"]["key"] for call in desk.slack.called("chat.postMessage")]
    assert tried == ["post/1", *["post/2"] * 4, "post/3"]


async def test_a_post_does_not_wait_for_one_that_was_refused(desk: Desk) -> None:
    """What Slack never takes must not hold back the rest."""
    desk.store.post("post/1", view="words", record_id=1, place=Place("C1"))
    desk.store.post("post/2", view="words", record_id=1, place=Place("C1"), after="post/1")
    desk.slack.fail("chat.postMessage", SlackError("msg_too_long", method="chat.postMessage", retry=False))
    await desk.send(after_s=3)
    await desk.send(after_s=3)

    assert [call["metadata"]["event_payload"]["key"] for call in desk.slack.messages("C1")] == ["post/2"]


async def test_a_post_follows_one_whose_record_is_gone() -> None:
    """Nothing was shown, and nothing waits for it."""
    desk = Desk()
    texts_shown: dict[int, Content | None] = {1: None, 2: Content("second")}
    desk.outbox._views = {"words": texts_shown.get}
    desk.store.post("a", view="words", record_id=1, place=Place("C1"))
    await desk.send()
    desk.store.post("b", view="words", record_id=2, place=Place("C1"), after="a")
    await desk.send(after_s=60)

    assert desk.slack.texts("C1") == ["second"]
