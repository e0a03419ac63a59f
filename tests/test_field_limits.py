"""What a person may write into a field, and that nothing of it is cut without a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.field_limits import TYPED_MAX, TooLong, beginning, length_in_slack, require_short, with_lines
from bot.slack.text import escape


@given(st.text("ab&<>\n", max_size=300))
def test_length_is_that_of_the_escaped_text(text: str) -> None:
    """As Slack counts it."""
    assert length_in_slack(text) == len(escape(text))


def test_limit_is_exact_and_named() -> None:
    """One more than the limit is refused, with both numbers; `&` is five."""
    require_short("x" * TYPED_MAX, "A note")
    require_short("&" * (TYPED_MAX // 5), "A note")
    with pytest.raises(TooLong, match=r"^A note takes at most 2,900 characters, and this is 2,901 long\."):
        require_short("x" * (TYPED_MAX + 1), "A note")
    with pytest.raises(TooLong) as refused:
        require_short("&" * (TYPED_MAX // 5) + "x", "A note")

    assert (refused.value.most, refused.value.length) == (TYPED_MAX, TYPED_MAX + 1)


@given(st.text("ab&<>", max_size=60), st.integers(0, 60))
def test_beginning_is_as_long_as_can_be(text: str, most: int) -> None:
    """No longer than the limit, and one character more would be."""
    begun = beginning(text, most)

    assert text.startswith(begun) and length_in_slack(begun) <= most
    assert begun == text or length_in_slack(text[: len(begun) + 1]) > most


def test_lines_are_added_below_what_was_typed() -> None:
    """Each once, none that stands there already, and only what there is room for."""
    assert with_lines("typed\n", ["a", "typed", "a", "", "b"], 20) == "typed\na\nb"
    assert with_lines("", ["a"], 20) == "a"
    assert with_lines("x" * 18, ["12", "1"], 20) == "x" * 18 + "\n1"
    assert with_lines("x" * 30, ["1"], 20) == "x" * 30
