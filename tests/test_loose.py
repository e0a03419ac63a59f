"""JSON from outside that may hold anything."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import loose_json as loose

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=10,
)


@given(VALUES)
def test_whatever_it_is_it_can_be_stored(value: object) -> None:
    """Nothing raises, and every text is one that SQLite takes."""
    texts = [loose.text(value), loose.line(value), loose.address(value), loose.digits(value), *loose.lines(value, "a")]
    loose.instant(value), loose.number(value), loose.whole(value)

    assert all("\x00" not in each and each.encode() is not None for each in texts)
    assert all(isinstance(each, dict) for each in loose.objects(value))


def test_a_line_keeps_what_joins_emoji() -> None:
    """Control characters and line ends become spaces."""
    assert loose.line("a\x1b[1m\r\nb \ud800 👩‍🔧") == "a [1m b ? 👩‍🔧"


def test_times_come_in_utc() -> None:
    """With any zone, or with none; a program's zero is no time."""
    nine = datetime(2026, 11, 20, 9, tzinfo=UTC)

    written = ("2026-11-20T10:00:00+0100", "2026-11-20T09:00:00Z", "2026-11-20 09:00:00")
    assert [loose.instant(each) for each in written] == [nine] * 3
    assert loose.instant("0001-01-01T00:00:00Z") is None


def test_an_id_is_digits_however_it_is_written() -> None:
    """True is no number, and a long one is no id."""
    assert [loose.digits(each) for each in (12, "12", True, "1x", "²", "9" * 20, 1.0)] == ["12", "12"] + [""] * 5


@pytest.mark.parametrize(
    ("url", "endless"),
    [
        ("https://acme.test/" + "a" * 1000, False),
        ("/ü//" + "b" * 1000, False),
        ("//" + "a" * 301, True),
        ("https://" + "ü" * 301 + "/x", True),
        ("https://acme.test?" + "a" * 1000, False),
        ("mailto:" + "a" * 1000, False),
        ("", False),
    ],
)
def test_a_host_longer_than_any_is_seen_before_it_is_read(url: str, endless: bool) -> None:
    """Paths and queries may be long."""
    assert loose.has_endless_host(url) is endless


def test_marks_beyond_any_language_are_left_out() -> None:
    """What people write stays as `unicodedata` has it."""
    for words in ("Zürich", "e\u0301te\u0301", "\u1e9b\u0323", "ก็", "\ufb01x ½"):
        assert loose.normalized("NFKC", words) == unicodedata.normalize("NFKC", words)
    assert len(loose.normalized("NFC", "x" + "\u0316" * 1000 + "y")) < 40
