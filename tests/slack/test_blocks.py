"""Blocks that keep to what one message holds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.model import Content
from bot.slack import blocks
from bot.slack.text import escape
from tests.slack_limits import broken_by_message

LENGTHS = st.lists(st.integers(0, 6000), max_size=80)


@settings(max_examples=50)
@given(LENGTHS, st.booleans())
def test_fitted_blocks_always_fit(lengths: list[int], with_last: bool) -> None:
    """However many and however long, and what must be last is last."""
    button = blocks.actions(blocks.button("Acknowledge", "ack", "1"))
    last = [button] if with_last else []
    fitted = blocks.fitted([blocks.section("x" * length) for length in lengths], last=last)

    assert broken_by_message(Content("x", fitted)) == []
    assert not with_last or fitted[-1] == button


def test_what_fits_is_left_alone() -> None:
    """No note where nothing is left out."""
    few = [blocks.section("a"), blocks.divider()]

    assert blocks.fitted(few) == tuple(few)


def test_chosen_options_that_are_gone_are_left_out() -> None:
    """Slack refuses an initial option that is no option."""
    assert "initial_option" not in blocks.select("a", [("A", "a")], initial="b")
    assert "initial_options" not in blocks.multi_select("a", [("A", "a")], chosen=["b"])


@given(st.lists(st.integers(1, 3000), max_size=60))
def test_sections_lose_no_line(lengths: list[int]) -> None:
    """Each is within Slack's limit, and together they have every line in its order."""
    lines = [f"{number} {'x' * length}"[:3000] for number, length in enumerate(lengths)]
    blocks_made = blocks.sections(lines)

    assert "\n".join(block["text"]["text"] for block in blocks_made).splitlines() == lines
    assert all(len(block["text"]["text"]) <= 3000 for block in blocks_made)


@given(st.text(alphabet="ab &<\n", max_size=9000), st.booleans())
def test_what_is_written_is_whole(text: str, quoted: bool) -> None:
    """In sections that Slack takes, the first with what stands before it; none where nothing was written."""
    blocks_made = blocks.written(text, before="*Note*\n", quoted=quoted)
    page_text = "\n".join(block["text"]["text"] for block in blocks_made)

    assert all(len(block["text"]["text"]) <= 3000 for block in blocks_made)
    assert bool(blocks_made) == bool(text.strip())
    assert not blocks_made or page_text.startswith("*Note*\n" + (">" if quoted else ""))
    assert escape("".join(text.split())) == "".join(page_text.removeprefix("*Note*").replace("\n>", "\n").split())
