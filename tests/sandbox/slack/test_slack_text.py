"""Message text and cursors, for any input."""

import html

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack.paging import page
from bot.sandbox.slack.text import linked, mentions, rich_text, stored, unescaped


@given(st.text())
def test_storing_stored_text_changes_nothing(text: str) -> None:
    """Entities are not escaped twice."""
    assert stored(stored(text)) == stored(text)


@given(st.text(alphabet=st.characters(exclude_characters="&<>")))
def test_text_without_markup_is_stored_as_it_is(text: str) -> None:
    """And comes back from rich_text."""
    elements = rich_text(text, "b")["elements"][0]["elements"]

    assert stored(text) == text
    assert "".join(each["text"] for each in elements) == text


@given(st.text())
def test_escaped_foreign_text_is_text_again(text: str) -> None:
    """What a careful app escapes is what people read, and never a mention."""
    escaped = html.escape(text, quote=False)

    assert stored(escaped) == escaped
    assert unescaped(escaped) == text
    assert not mentions(escaped, "U0BOT")


@given(st.text())
def test_nothing_is_linked_where_nothing_is_known(text: str) -> None:
    """Names stay names; only addresses become links."""
    kept = text.replace(".", " ").replace("://", " ")

    assert linked(stored(kept), lambda sign, name: None) == stored(kept)


@given(st.lists(st.integers()), st.integers(min_value=1, max_value=7))
def test_pages_joined_are_the_whole(items: list[int], limit: int) -> None:
    """No item is lost or doubled."""
    walked: list[int] = []
    cursor = ""
    while True:
        chosen, cursor = page(items, cursor, limit)
        walked += chosen
        if not cursor:
            break

    assert walked == items
