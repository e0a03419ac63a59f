"""Files in three steps, and shared into threads."""

from typing import Any

import pytest

from tests.eventually import eventually
from tests.sandbox.slack.harbor import BOT_TOKEN, Harbor

TEAM = "C0T2TECH"


async def test_slack_sdks_upload_arrives_in_the_thread(slack: Harbor) -> None:
    """files_upload_v2 takes all three steps; the share shows up with the file's facts and files.info tells where."""
    root = (await slack.web.chat_postMessage(channel=TEAM, text="root"))["ts"]
    answer = await slack.web.files_upload_v2(
        channel=TEAM, thread_ts=root, content="hop 1\nhop 2\n", filename="mtr.txt", title="MTR", snippet_type="text"
    )
    file_id = answer["files"][0]["id"]

    await eventually(lambda: slack.sandbox.site.files.files[file_id].shares)
    info = await slack.raw("files.info", file=file_id)
    replies = (await slack.raw("conversations.replies", channel=TEAM, ts=root))["messages"]
    place = info["file"]["shares"]["public"][TEAM][0]
    shown = replies[-1]["files"][0]

    assert (place["ts"], place["thread_ts"]) == (replies[-1]["ts"], root)
    assert (shown["id"], shown["name"], shown["title"], shown["size"]) == (file_id, "mtr.txt", "MTR", 12)
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    async with slack.http.get(shown["url_private"], headers=headers) as response:
        assert await response.text() == "hop 1\nhop 2\n"
    async with slack.http.get(shown["url_private"]) as response:
        assert "Sign in" in await response.text()
    async with slack.http.get(shown["url_private"], headers={"Sec-Fetch-Site": "same-origin"}) as response:
        assert (await response.text(), response.headers["Content-Security-Policy"]) == ("hop 1\nhop 2\n", "sandbox")


async def upload(slack: Harbor, user: str, name: str, content: bytes) -> str:
    """As the page does it; the file's id."""
    where = f"{slack.base}/client/upload"
    async with slack.http.post(where, params={"as": user, "name": name}, data=content) as response:
        return str((await response.json())["file"]["id"])


async def test_what_a_person_shares_is_one_message_that_the_app_can_read(slack: Harbor) -> None:
    """A file_share with its text, in the thread; the bot reads the bytes with its token."""
    root = await slack.say("U0KIM", TEAM, "root")
    file_id = await upload(slack, "U0KIM", "client.log", b"reconnecting\n")
    await slack.say("U0KIM", TEAM, "from a customer", thread_ts=root, files=[file_id])

    listed = (await slack.raw("conversations.replies", channel=TEAM, ts=root))["messages"]
    sent = listed[-1]
    assert (sent["subtype"], sent["text"], sent["thread_ts"], sent["upload"]) == (
        "file_share",
        "from a customer",
        root,
        False,
    )
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    async with slack.http.get(sent["files"][0]["url_private"], headers=headers) as response:
        assert await response.text() == "reconnecting\n"
    assert (await slack.raw("files.info", file=file_id))["file"]["user"] == "U0KIM"


async def test_only_who_uploaded_a_file_shares_it_and_once(slack: Harbor) -> None:
    file_id = await upload(slack, "U0KIM", "client.log", b"x")
    said = {"channel": TEAM, "text": "", "files": [file_id]}
    assert (await slack.tell("client/say", as_="U0JO", **said))["error"] == "file_not_found"
    assert (await slack.tell("client/say", as_="U0KIM", **said))["ok"]
    assert (await slack.tell("client/say", as_="U0KIM", **said))["error"] == "file_not_found"


async def reserve(slack: Harbor, content: bytes, **more: Any) -> dict[str, Any]:
    return await slack.raw("files.getUploadURLExternal", filename="a.bin", length=len(content), **more)


async def complete(slack: Harbor, file_id: str, **more: Any) -> str:
    return await slack.error("files.completeUploadExternal", files=[{"id": file_id, "title": "t"}], **more)


async def test_a_file_without_its_bytes_cannot_be_completed_nor_one_twice(slack: Harbor) -> None:
    """The middle step is not optional."""
    reserved = await reserve(slack, b"abc")
    early = await complete(slack, reserved["file_id"])
    async with slack.http.post(reserved["upload_url"], data=b"abc") as response:
        uploaded = (response.status, await response.text())
    first, second = await complete(slack, reserved["file_id"]), await complete(slack, reserved["file_id"])

    assert uploaded == (200, "OK - 3")
    assert (early, first, second) == ("file_not_found", "", "file_not_found")


async def test_fewer_bytes_than_announced_are_refused(slack: Harbor) -> None:
    """The length is a promise."""
    reserved = await reserve(slack, b"abc")
    async with slack.http.post(reserved["upload_url"], data=b"ab") as response:
        status = response.status

    assert status == 400


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"channel_id": "C0RANDOM"}, "not_in_channel"),
        ({"channel_id": "C0OLD"}, "is_archived"),
        ({"channel_id": TEAM, "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channels": f"{TEAM},C0INC", "thread_ts": "1.000000"}, "invalid_arguments"),
    ],
)
async def test_where_a_file_cannot_go(slack: Harbor, more: dict[str, str], error: str) -> None:
    """The refused file can still be completed elsewhere."""
    reserved = await reserve(slack, b"abc")
    async with slack.http.post(reserved["upload_url"], data=b"abc"):
        pass

    assert await complete(slack, reserved["file_id"], **more) == error
    assert await complete(slack, reserved["file_id"], channel_id=TEAM) == ""


@pytest.mark.parametrize(
    ("length", "more", "error"),
    [
        (0, {}, "invalid_arguments"),
        (1_000_000, {"snippet_type": "text"}, ""),
        (1_000_001, {"snippet_type": "text"}, "snippet_too_large"),
        (1_000_001, {}, ""),
        (9, {"snippet_type": "poem"}, "unknown_snippet_type"),
        (9, {"alt_txt": "a" * 1000}, ""),
        (9, {"alt_txt": "a" * 1001}, "alt_txt_too_large"),
    ],
)
async def test_limits_of_files(slack: Harbor, length: int, more: dict[str, str], error: str) -> None:
    """Accepted at the bound, refused one over."""
    assert await slack.error("files.getUploadURLExternal", filename="a", length=length, **more) == error


REFUSED = "invalid slack file [json-pointer:/blocks/0/slack_file]"


async def uploaded(slack: Harbor, name: str, content: bytes = b"a picture") -> str:
    """By the app, shared nowhere; its id."""
    reserved = await slack.raw("files.getUploadURLExternal", filename=name, length=len(content))
    async with slack.http.post(reserved["upload_url"], data=content):
        pass
    assert await complete(slack, reserved["file_id"]) == ""
    return str(reserved["file_id"])


async def shown(slack: Harbor, **file: str) -> dict[str, Any]:
    """The answer to a message that shows a file."""
    block = {"type": "image", "alt_text": "Tickets", "slack_file": file}
    return await slack.raw("chat.postMessage", channel=TEAM, text="card", blocks=[block])


async def test_blocks_show_a_picture_that_is_shared_nowhere_as_soon_as_it_is_worked_through(slack: Harbor) -> None:
    """Until then it has no type, and no block may name it."""
    file_id = await uploaded(slack, "tickets.png")
    early = await shown(slack, id=file_id)
    assert (early["error"], early["errors"]) == ("invalid_blocks", [REFUSED])
    assert (await slack.raw("files.info", file=file_id))["file"]["mimetype"] == ""

    await eventually(lambda: slack.sandbox.site.files.files[file_id].processed)
    ready = (await slack.raw("files.info", file=file_id))["file"]
    assert (ready["mimetype"], ready["channels"], ready["shares"]) == ("image/png", [], {})
    sent = await shown(slack, id=file_id)
    assert sent["message"]["blocks"][0]["slack_file"] == {"id": file_id} and "files" not in sent["message"]
    assert (await shown(slack, url=ready["url_private"]))["ok"]


async def test_blocks_show_no_unknown_file_no_other_kind_and_nothing_that_is_somebody_elses(slack: Harbor) -> None:
    text = await uploaded(slack, "mtr.txt")
    await eventually(lambda: slack.sandbox.site.files.files[text].processed)
    private = await upload(slack, "U0KIM", "mine.png", b"x")

    for file in ({"id": "F0123456789"}, {"id": text}, {"id": private}, {"url": "https://x.example/a.png"}):
        assert (await shown(slack, **file))["errors"] == [REFUSED]
