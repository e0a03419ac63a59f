"""Pictures that blocks show: uploaded once, shown when Slack has worked them through, and never in anybody's way."""

import json
from datetime import timedelta

import pytest

from bot.messages.model import Content, MessageState
from bot.pictures.model import Picture
from bot.slack.answers import BlocksRefused, MessageGone, SlackBusy, SlackError
from bot.slack.blocks import image, section
from bot.slack.outbox import LOOKS_MAX
from bot.slack.taken_pictures import PictureClient, files_in
from tests.slack.desk import Desk

SLOT = "investigation/1/tickets"
PNG = b"\x89PNG\r\n\x1a\n no text: \xff"
READY = {"file": {"mimetype": "image/png"}}


def desk() -> Desk:
    """Its only view shows the picture of the slot where there is one."""
    made = Desk()

    def view(_: int) -> Content:
        shown = made.store.shown_picture(SLOT)
        return Content("card", (section("card"), *([image(shown)] if shown else [])))

    made.outbox = made.outboxed({"words": view})
    return made


def own(made: Desk, words: str = "30 tickets", *, key: str = "card/1") -> None:
    made.store.image(SLOT, Picture(PNG + words.encode(), words), title="Tickets", shown_in=key)


def shown(made: Desk) -> list[str]:
    (message,) = made.slack.messages("C1")
    return files_in(message["blocks"])


def rows(made: Desk) -> list[tuple[str, int]]:
    """State and length of the content of what is owed as images."""
    found = made.database.rows("SELECT state, content FROM messages WHERE kind = 'image' ORDER BY id")
    return [(row["state"], len(row["content"])) for row in found]


async def test_the_card_goes_first_and_shows_the_picture_when_slack_is_ready() -> None:
    made = desk()
    made.card()
    own(made)
    await made.send()
    assert shown(made) == []
    assert next(method for method, _ in made.slack.calls) == "chat.postMessage"

    made.slack.answers["files.info"] = READY
    await made.send(after_s=1.5)
    await made.send(after_s=2.5)

    (done,) = made.slack.called("files.completeUploadExternal")
    assert "channel_id" not in done and made.slack.files["http://files.test/F1"].startswith(PNG)
    assert shown(made) == ["F1"] and rows(made) == [("sent", 0)]
    (message,) = made.slack.messages("C1")
    assert message["blocks"][1] == {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "30 tickets"}


async def test_what_slack_is_still_working_on_is_asked_for_again() -> None:
    made = desk()
    made.card()
    own(made)
    await made.send()
    made.slack.answers["files.info"] = {"file": {"mimetype": ""}}
    await made.send(after_s=1.5)
    assert shown(made) == [] and len(made.slack.called("files.info")) == 1

    made.slack.answers["files.info"] = READY
    for _ in range(3):
        await made.send(after_s=2.5)
    assert shown(made) == ["F1"] and len(made.slack.called("files.getUploadURLExternal")) == 1


async def test_a_picture_that_is_never_ready_is_given_up() -> None:
    """Its card stays as it is."""
    made = desk()
    made.card()
    own(made)
    made.slack.answers["files.info"] = {"file": {}}
    for _ in range(LOOKS_MAX + 2):
        await made.send(after_s=61)

    assert len(made.slack.called("files.info")) == LOOKS_MAX and shown(made) == []
    assert made.store.refusals()[0].reason.startswith("Slack has the picture") and made.notices() == []


async def test_the_same_picture_is_uploaded_once_and_a_newer_one_takes_its_place() -> None:
    """Until Slack has the newer one, the earlier one is shown; then only the newer one is kept."""
    made = desk()
    made.slack.answers["files.info"] = READY
    made.card()
    for _ in range(2):
        own(made)
        await made.send(after_s=4)
        await made.send(after_s=4)
    assert len(made.slack.called("files.getUploadURLExternal")) == 1 and shown(made) == ["F1"]

    own(made, "45 tickets")
    await made.send()
    assert shown(made) == ["F1"]
    await made.send(after_s=2)
    await made.send(after_s=4)
    assert shown(made) == ["F2"] and rows(made) == [("sent", 0)]


async def test_a_picture_comes_back() -> None:
    """What was shown before, uploaded already, is the newest again."""
    made = desk()
    made.slack.answers["files.info"] = READY
    made.card()
    own(made, "a")
    await made.send(after_s=2)
    await made.send(after_s=4)
    own(made, "b")
    own(made, "a")
    await made.send(after_s=2)
    await made.send(after_s=4)

    made_shown = made.store.shown_picture(SLOT)
    assert made_shown and made_shown.alt == "a" and shown(made) == ["F1"]


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
async def test_a_refused_upload_leaves_the_card_alone(method: str) -> None:
    made = desk()
    made.card()
    own(made)
    made.slack.fail(method, SlackError("missing_scope", method=method))
    await made.send()

    assert shown(made) == [] and [state for state, _ in rows(made)] == ["refused"]
    assert made.slack.texts("C1") == ["card"], "nobody is told twice, and no file turns into a message"


async def test_a_limit_delays_the_picture_and_nothing_else() -> None:
    made = desk()
    made.card()
    own(made)
    busy = SlackBusy("ratelimited", method="files.getUploadURLExternal", retry=True, retry_after_s=30)
    made.slack.fail("files.getUploadURLExternal", busy)
    made.slack.answers["files.info"] = READY
    await made.send()
    assert made.slack.texts("C1") == ["card"]
    for _ in range(4):
        await made.send(after_s=31)
    assert shown(made) == ["F2"], "the second that was asked for"


@pytest.mark.parametrize("arrived", [True, False])
async def test_after_a_crash_it_is_asked_for_and_uploaded_anew_where_it_is_missing(arrived: bool) -> None:
    made = desk()
    made.card()
    own(made)
    made.slack.lose_answer("files.completeUploadExternal")
    if arrived:
        made.slack.answers["files.info"] = READY
    await made.send()
    made.store.interrupted()
    if not arrived:
        made.slack.fail("files.info", MessageGone("file_not_found", method="files.info"))
    await made.send(after_s=3)
    made.slack.answers["files.info"] = READY
    for _ in range(4):
        await made.send(after_s=5)

    assert shown(made) == (["F1"] if arrived else ["F2"])
    assert [state for state, _ in rows(made)] == [MessageState.SENT]


async def test_a_server_that_tells_nothing_of_files_is_believed() -> None:
    made = desk()
    made.card()
    own(made)
    made.slack.missing.add("files.info")
    for _ in range(3):
        await made.send(after_s=4)
    assert shown(made) == ["F1"]


async def test_where_slack_refuses_the_block_the_message_stands_without_it() -> None:
    """And that picture is not tried again."""
    made = desk()
    client = PictureClient(client=made.slack, refused=made.store.refuse_pictures)
    made.slack.answers["files.info"] = READY
    made.card()
    own(made)
    for _ in range(3):
        await made.send(after_s=4)
    assert shown(made) == ["F1"]

    made.slack.fail("chat.postMessage", BlocksRefused("invalid_blocks", method="chat.postMessage", detail="slack_file"))
    blocks = [section("card"), image(made.store.shown_picture(SLOT))]  # type: ignore[arg-type]
    await client.call("chat.postMessage", channel="C2", text="card", blocks=blocks)

    (message,) = made.slack.messages("C2")
    assert message["blocks"] == [section("card")]
    assert made.store.shown_picture(SLOT) is None and [state for state, _ in rows(made)] == ["refused"]


async def test_where_the_rest_is_refused_too_the_picture_is_not_the_reason() -> None:
    made = desk()
    client = PictureClient(client=made.slack, refused=made.store.refuse_pictures)
    made.slack.answers["files.info"] = READY
    own(made)
    for _ in range(2):
        await made.send(after_s=4)
    for _ in range(2):
        made.slack.fail("chat.postMessage", BlocksRefused("invalid_blocks", method="chat.postMessage"))
    blocks = [section("card"), image(made.store.shown_picture(SLOT))]  # type: ignore[arg-type]
    with pytest.raises(BlocksRefused):
        await client.call("chat.postMessage", channel="C2", text="card", blocks=blocks)

    assert made.store.shown_picture(SLOT)


async def test_an_answer_goes_without_a_refused_picture_too() -> None:
    made = desk()
    client = PictureClient(client=made.slack, refused=made.store.refuse_pictures)
    await client.respond("http://hooks.test/1", {"text": "x", "blocks": [section("x")]})
    await client.upload("http://files.test/9", b"x")
    assert json.dumps(made.slack.answered) == json.dumps(
        [{"url": "http://hooks.test/1", "text": "x", "blocks": [section("x")]}]
    )


def test_a_slot_knows_whether_it_was_renewed_lately() -> None:
    made = Desk()
    assert not made.store.picture_since(SLOT, timedelta(minutes=10))
    own(made)
    made.clock.advance(599)
    assert made.store.picture_since(SLOT, timedelta(minutes=10))
    made.clock.advance(2)
    assert not made.store.picture_since(SLOT, timedelta(minutes=10))
