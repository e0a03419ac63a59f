"""The table of near words that comes with the bot, and tables in general."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.known_issues.search.near import NearWord, NearWords, TableWord, shipped, written

WORDS = st.text(min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("wakes", "sleeps"),
        ("hotmail", "email"),
        ("langsam", "slow"),
        ("verbinden", "connects"),
        ("lento", "slow"),
        ("crash", "broken"),
    ],
)
def test_it_knows_what_customers_say_instead(word: str, other: str) -> None:
    assert other in [near.word for near in shipped().of(word)]


def test_common_words_tell_little_in_any_language() -> None:
    telling = shipped().telling

    assert max(map(telling, ("the", "because", "und", "nicht"))) < 0.7 < min(map(telling, ("handshake", "printer")))
    assert telling("zzqx") == 1.0


@given(st.dictionaries(WORDS, st.lists(st.tuples(WORDS, st.integers(0, 255)), max_size=4), max_size=8))
def test_reading_is_the_inverse_of_writing(table: dict[str, list[tuple[str, int]]]) -> None:
    """But for near words that the table does not have; a word that it lacks is not found beside its neighbours."""
    rows = {
        word: TableWord([NearWord(other, share / 255) for other, share in near if other in table], 1.0)
        for word, near in table.items()
    }
    read = NearWords(written(rows))

    assert {word: list(read.of(word)) for word in table} == {word: list(row.near) for word, row in rows.items()}
    assert not read.of("".join(table) + "x")


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no table"):
        NearWords(b"PK\x03\x04 something else")
