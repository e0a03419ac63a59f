"""A picture owed by a use case, on its way to Slack."""

from bot.messages.model import Place
from tests.slack.desk import Desk

PNG = b"\x89PNG\r\n\x1a\n and bytes that are no text: \xff\x00"


def owed(desk: Desk) -> None:
    desk.store.picture("run/1/picture", name="mtr-1.png", title="mtr", png=PNG, alt="Loss begins", place=Place("C1"))


async def test_a_picture_arrives_byte_for_byte_with_its_alt_text() -> None:
    """The words for a screen reader go with the name and the length."""
    desk = Desk()
    owed(desk)
    await desk.send()

    asked = next(arguments for method, arguments in desk.slack.calls if method == "files.getUploadURLExternal")
    assert (asked["filename"], asked["length"], asked["alt_txt"]) == ("mtr-1.png", len(PNG), "Loss begins")
    assert desk.slack.files["http://files.test/F1"] == PNG


async def test_a_server_without_files_gets_the_alt_text() -> None:
    """Instead of bytes that nobody can read."""
    desk = Desk()
    desk.slack.missing.add("files.getUploadURLExternal")
    owed(desk)
    await desk.send()

    (text,) = desk.slack.texts("C1")
    assert "Loss begins" in text and "PNG" not in text
