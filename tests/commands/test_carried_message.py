"""A message on its way through a form."""

from hypothesis import given
from hypothesis import strategies as st

from bot.investigations.model import SourceMessage
from commands.carried_message import ROOM, packed, unpacked

TEXT = st.sampled_from(["", "logins fail", "нет связи " * 90, "😀" * 4000, "\x00" * 4000, '"\\\n' * 2000, "x" * 9000])


@given(TEXT, st.sampled_from(["", "C1"]))
def test_every_message_fits_and_comes_back(text: str, channel: str) -> None:
    """Slack refuses a form whose metadata is too long, in any script."""
    source = SourceMessage(
        "C1", "5.5", author="UTOM", text=text, permalink="https://acme.slack.com/archives/C1/p5", thread_ts="1.1"
    )
    written = packed(source, channel=channel)
    back, where = unpacked(written)

    assert len(written.encode("utf-16-le")) // 2 <= ROOM
    assert back and (back.ts, back.author, back.permalink, where) == ("5.5", "UTOM", source.permalink, channel)
    assert back.text == text or (back.text.endswith("…") and text.startswith(back.text[:-1]))


def test_ordinary_messages_are_whole() -> None:
    """A complaint of a few paragraphs loses nothing, whatever its script."""
    source = SourceMessage("C1", "5.5", text="нет связи " * 90)

    assert unpacked(packed(source)) == (source, "")
    assert unpacked(packed(None, channel="C2")) == (None, "C2")
