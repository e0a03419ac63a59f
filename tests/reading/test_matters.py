"""What somebody wants or complains of exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.model import TicketText
from tests.reading.catalogs import reader


def matters(subject: str, text: str = "") -> set[str]:
    return {said.key for said in reader().read(TicketText(subject, text)).matters}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("My card was declined twice", {"declined"}),
        ("Meine Karte wird abgelehnt", {"declined"}),
        ("Mi tarjeta es rechazada", {"declined"}),
        ("Ma carte est refusée", {"declined"}),
        ("Renewing with PayPal fails", {"declined"}),
        ("doppelt abgebucht", {"charged"}),
        ("Charged twice this month", {"charged"}),
        ("Bitte um Rückerstattung", {"question"}),
        ("Cancel my subscription", {"question"}),
        ("I need an invoice with our VAT number", {"question"}),
        ("Is port forwarding possible on US East?", {"question"}),
        ("Which server do you recommend for Netflix?", {"question"}),
        ("US East does not connect", set()),
        ("US East does not connect. How can I fix that?", set()),
        ("Refund please, I can't connect to anything", set()),
        ("the login code is refused", set()),
        ("", set()),
    ],
)
def test_matters(text: str, found: set[str]) -> None:
    """A question or a wish is one only where nothing is wrong."""
    assert matters(text) == found


def test_the_words_are_told() -> None:
    """Each once, of its first place."""
    said = reader().read(TicketText("Card declined", "The card was declined again."))

    assert [(each.key, each.words) for each in said.matters] == [("declined", ("declined",))]


def test_no_phrase_reaches_over_the_end_of_a_sentence() -> None:
    assert "charged" not in matters("Charged. Twice I tried to call")


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    matters(text, text)
