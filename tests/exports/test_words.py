"""A Slack message in plain words."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exports.model import inline
from bot.exports.words import people_in, plain, texts_of
from bot.handoffs.markdown import in_tracker
from bot.messages.model import Content
from bot.slack.blocks import actions, button, context, fields, header, section
from bot.slack.text import foreign, link, person

NAMES = {"UKIM": "kim"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("*U.S. East* is down", "U.S. East is down"),
        ("<@UKIM> owns it", "@kim owns it"),
        ("<https://x.test/a?b=1&amp;c=2|#4711>", "#4711"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        (":red_circle: lost", "lost"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("```one\ntwo```", "one\ntwo"),
        ("since <!date^1^{time}|09:14 UTC>", "since 09:14 UTC"),
    ],
)
def test_marks_become_words(text: str, said: str) -> None:
    assert plain(text, NAMES) == said


@given(st.text(alphabet=st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=100))
def test_words_from_outside_stay_what_they_are(words: str) -> None:
    """But for emoji codes, which mean nothing here."""
    if ":" not in words:
        assert plain(foreign(words, 400), {}).split() == words.replace("\u2060", "").split()


def test_texts_come_in_the_order_of_the_blocks() -> None:
    blocks = (
        header("Head"),
        section("*one*"),
        fields("two", "three"),
        actions(button("No", "a", "b")),
        context("four"),
    )

    assert texts_of(Content("", blocks)) == ["Head", "*one*", "two", "three", "four"]
    assert people_in([person("UKIM"), link("https://x.test", "y")]) == {"UKIM"}


@pytest.mark.parametrize("written", [inline, in_tracker])
def test_no_subject_turns_the_line_that_it_stands_in(written: Callable[[str], str]) -> None:
    assert written("\u202ecod.exe\u2069 שלום") == "cod.exe שלום"
