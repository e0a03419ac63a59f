"""How well tickets are told apart, on a labelled set; and what is counted where not all of them were read."""

from dataclasses import replace

import pytest

from bot.tickets.cards import card
from bot.tickets.collection import Collected, counted
from tests.tickets.collected_cases import Shares, cases, measured
from tests.tickets.test_collection import WATCH, linked


@pytest.mark.parametrize(
    ("half", "streams", "least"),
    [
        ("seen", False, Shares(0.84, 0.84, 0.86, 0.81)),
        ("seen", True, Shares(0.84, 0.92, 0.86, 0.88)),
        ("kept", False, Shares(0.69, 0.82, 0.70, 0.70)),
        ("kept", True, Shares(0.69, 0.86, 0.70, 0.73)),
    ],
)
async def test_what_belongs_is_listed_and_the_rest_is_not(half: str, streams: bool, least: Shares) -> None:
    """Of 156 tickets each. Before tickets were read the first half had 0.52 / 0.92 and 0.50 / 0.20."""
    shares = await measured(cases(half), streams=streams)

    assert shares.listed_precision >= least.listed_precision and shares.listed_recall >= least.listed_recall
    assert shares.belongs_precision >= least.belongs_precision and shares.belongs_recall >= least.belongs_recall


def test_what_was_not_read_counts_as_what_was() -> None:
    """A quarter of what was read is not about it: so is a quarter of the rest, and nobody knows the number."""
    tickets = tuple(linked(n) for n in range(75))
    others = tuple(replace(linked(n), unfit="target") for n in range(75, 100))
    collected = Collected(replace(WATCH, total=300, last_hour=300), tickets, left_out=others)

    assert (collected.total, collected.about, collected.unread) == (225, True, 200)
    assert collected.counts and collected.counts.last_hour == 225
    assert counted(collected) == "About 225 tickets in the last hour, usually none"
    assert "*About 225 matching tickets*" in card(collected, per_page=10).text
    assert "The newest 100 of 300 were read" in str(card(collected, per_page=10).blocks)


def test_where_all_that_was_read_belongs_nothing_is_estimated() -> None:
    collected = Collected(replace(WATCH, total=300, last_hour=0), tuple(linked(n, 5) for n in range(100)))

    assert (collected.total, collected.about) == (300, False)


def test_one_angry_customer_is_no_rise() -> None:
    """Twelve tickets, and one who writes them; of others who write once more than one is."""
    angry = tuple(replace(linked(n, 0.05 * n), requester_id=7) for n in range(1, 13))
    others = tuple(replace(linked(n, 0.05 * (n - 20)), requester_id=n) for n in range(21, 33))
    watch = replace(WATCH, total=12, last_hour=12)

    assert counted(Collected(watch, angry)) == "12 matching tickets from 1 customer"
    assert Collected(watch, angry).began_at is None
    assert counted(Collected(watch, others)) == "12 tickets in the last hour, usually none"
    assert Collected(watch, others).began_at == others[-1].created_at


def test_customers_are_told_where_they_are_fewer_than_tickets() -> None:
    tickets = tuple(replace(linked(n, 0.05 * n), requester_id=n // 2) for n in range(2, 18))
    collected = Collected(replace(WATCH, total=16, last_hour=16), tickets)

    assert counted(collected) == "16 tickets from 8 customers in the last hour, usually none"
    assert collected.customers == 8
