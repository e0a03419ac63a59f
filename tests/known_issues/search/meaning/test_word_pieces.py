"""Splitting a text as BERT's own tokenizer does; the expected pieces are its answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.known_issues.search.meaning.word_pieces import shipped

PIECES = shipped()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", [101, 102]),
        ("the", [101, 1996, 102]),
        ("The THE", [101, 1996, 1996, 102]),
        ("naïve", [101, 15743, 102]),
        ("don't", [101, 2123, 1005, 1056, 102]),
        ("x" * 101, [101, 100, 102]),
    ],
)
def test_words_become_numbers(text: str, numbers: list[int]) -> None:
    assert PIECES.numbers(text, at_most=99) == numbers


def test_an_unknown_word_is_made_of_its_pieces() -> None:
    whole = PIECES.numbers("wireguard", at_most=99)

    assert len(whole) > 3
    assert PIECES.numbers("wire", at_most=99)[1] == whole[1]


@given(st.text(max_size=300), st.integers(2, 40))
def test_any_text_is_split_into_no_more_than_asked(text: str, at_most: int) -> None:
    numbers = PIECES.numbers(text, at_most=at_most)

    assert len(numbers) <= at_most
    assert (numbers[0], numbers[-1]) == (101, 102)
