"""Texts for customers, their languages, and the pace."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies.model import spoken
from bot.replies.wording import PLACEHOLDERS, TEXT_MAX, filled, unknown_placeholders
from bot.tickets.pace import Pace
from tests.fake_clock import FakeClock


def test_values_are_filled_in_and_a_line_without_its_value_is_left_out() -> None:
    """What is not known is not said, and not shown as an empty placeholder."""
    template = "Hello,\n\n{target} is fixed in {version}.\n\nUntil then: {workaround}\n\nYour team"

    assert filled(template, {"target": "Login", "version": "v2", "workaround": " "}) == (
        "Hello,\n\nLogin is fixed in v2.\n\nYour team"
    )


def test_zendesks_own_placeholders_are_left_to_zendesk() -> None:
    """The team may use them in its texts."""
    assert filled("Hello {{ticket.requester.first_name}}: {target}", {"target": "Login"}) == (
        "Hello {{ticket.requester.first_name}}: Login"
    )


@given(st.dictionaries(st.sampled_from(PLACEHOLDERS), st.text("{}% ticket.\ncomments", max_size=40)))
def test_a_value_from_outside_never_becomes_a_placeholder(values: dict[str, str]) -> None:
    """`{{ticket.comments}}` in a tracker's title would show customers what agents wrote among themselves."""
    text = filled("{target}{version}\n{workaround} {eta}{target}", values)

    assert "{{" not in text and "{%" not in text and len(text) <= TEXT_MAX


def test_text_that_is_too_long_ends_between_words_and_says_so() -> None:
    """A customer's answer never stops in the middle of a word as if it were all."""
    workaround = "switch to Miami " * 100
    text = filled("{target}. {workaround}", {"target": "Login", "workaround": workaround})
    longest = filled("word " * 1000, {})

    assert text.endswith("Miami …") or text.endswith("to …") or text.endswith("switch …")
    assert len(longest) <= TEXT_MAX and longest.endswith("word …")


def test_what_nobody_fills_in_is_named() -> None:
    assert unknown_placeholders("{target} {versoin} {{ticket.id}} {title}") == ["versoin", "title"]


@pytest.mark.parametrize(
    ("locale", "offered", "expected"),
    [
        ("de-AT", ("en", "de"), "de"),
        ("pt_BR", ("en", "pt", "pt-br"), "pt-br"),
        ("pt-PT", ("en", "pt-br"), "en"),
        ("fr", ("de", "en"), "en"),
        ("", ("de", "en"), "en"),
        ("fr", ("de",), "de"),
        ("fr", (), ""),
    ],
)
def test_the_language_that_a_customer_reads(locale: str, offered: tuple[str, ...], expected: str) -> None:
    """Exact, then without the region, then the fallback, then any."""
    assert spoken(locale, offered, "en") == expected


def test_pace_spreads_evenly_and_obeys_a_pause() -> None:
    """Thirty a minute are one every two seconds; a pause that was asked for is never cut short by the next one."""
    clock, pace = FakeClock(), Pace(per_minute=30)
    assert pace.wait_s(clock()) == 0
    pace.used(clock())
    assert pace.wait_s(clock()) == 2
    pace.hold(until=clock() + timedelta(seconds=60))
    pace.used(clock())
    assert pace.wait_s(clock()) == 60
    clock.advance(61)
    assert pace.wait_s(clock()) == 0
