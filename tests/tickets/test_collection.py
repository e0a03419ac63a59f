"""Rules about what was collected."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tickets.collection import Collected, LinkedTicket, LinkState, TicketWatch, counted, growth, symptom_words
from bot.tickets.rise import Counts
from tests.hostile import NOW

WATCH = TicketWatch(1, (), "", NOW - timedelta(hours=24), True, NOW, last_ok_at=NOW, total=0, last_hour=0)
COUNTS = st.integers(0, 10**6)


def collected_of(total: int | None, last_hour: int | None) -> Collected:
    return Collected(replace(WATCH, total=total, last_hour=last_hour), ())


def linked(number: int, hours_ago: float = 0.5, *, matches: bool = True, confirmed: bool = False) -> LinkedTicket:
    state = LinkState.CONFIRMED if confirmed else LinkState.SUGGESTED
    written_at = NOW - timedelta(hours=hours_ago)
    return LinkedTicket(number, state, "slow", "open", "https://desk.test/1", written_at, matches=matches)


@pytest.mark.parametrize(
    ("total", "last_hour", "words"),
    [
        (None, None, ""),
        (12 + 23, 12, "12 in the last hour, usually 1 an hour"),
        (3, 3, "3 in the last hour, usually none"),
        (30 + 5, 30, "30 in the last hour, usually one in 5 h"),
        (0 + 276, 0, "none in the last hour, usually 12 an hour"),
        (2 + 23, 2, ""),
        (0 + 3, 0, ""),
        (12 * 24, 12, ""),
        (0, 0, ""),
    ],
)
def test_growth_in_words(total: int | None, last_hour: int | None, words: str) -> None:
    """What a person sees at a glance; nothing where chance alone makes such a difference."""
    assert growth(collected_of(total, last_hour)) == words


@pytest.mark.parametrize(
    ("total", "last_hour", "confirmed", "line"),
    [
        (35, 30, 6, "30 tickets in the last hour, usually one in 5 h · 6 confirmed"),
        (276, 0, 0, "No tickets in the last hour, usually 12 an hour"),
        (25, 2, 0, "25 matching tickets"),
        (1, 1, 1, "1 matching ticket · 1 confirmed"),
        (0, 0, 0, "No matching tickets"),
        (None, None, 0, ""),
    ],
)
def test_count_in_one_line(total: int | None, last_hour: int | None, confirmed: int, line: str) -> None:
    """How many wrote in the last hour where that is unusual, else how many match; and how many people confirmed."""
    tickets = tuple(linked(n, hours_ago=5, confirmed=True) for n in range(confirmed))

    assert counted(Collected(replace(WATCH, total=total, last_hour=last_hour), tickets)) == line


@given(COUNTS, COUNTS, st.floats(0, 800))
def test_growth_never_fails(total: int, last_hour: int, window_h: float) -> None:
    """A card that can't be rendered would not be sent; the part may be counted later than the whole, and be more."""
    since = NOW - timedelta(hours=window_h)
    collected = Collected(replace(WATCH, since=since, total=total, last_hour=last_hour), ())

    assert growth(collected) == "" or " in the last hour, usually " in growth(collected)
    assert "one in 1 h" not in growth(collected)


def test_confirmed_tickets_that_no_search_finds_count_in() -> None:
    """25 match and 28 are confirmed: there are 28."""
    matching = [linked(n, hours_ago=5, confirmed=True) for n in range(25)]
    added = [linked(n, confirmed=True, matches=False) for n in (100, 101, 102)]
    collected = Collected(replace(WATCH, total=25), (*matching, *added))

    assert (collected.total, len(collected.confirmed)) == (28, 28)
    assert (collected.counts and collected.counts.last_hour) == 3


def test_what_people_rejected_counts_nowhere() -> None:
    """Neither in all, nor in the last hour: it belongs to something else."""
    rejected = tuple(linked(n) for n in range(8))
    collected = Collected(replace(WATCH, total=10, last_hour=10), tuple(linked(n) for n in (90, 91)), rejected)

    assert collected.total == 2
    assert collected.counts == Counts(2, 0, 23, 2, 0)


def test_a_ticket_found_by_the_search_and_named_by_a_person_is_one() -> None:
    """A pasted ticket that matches is in the desk's count already."""
    assert Collected(replace(WATCH, total=1), (linked(1, confirmed=True),)).total == 1


def test_began_with_the_first_ticket_of_the_rise() -> None:
    """Not with the first in the time that was searched, nor with one that people rejected."""
    rise = [linked(n, hours_ago=0.1 * n) for n in range(1, 9)]
    background, rejected = [linked(50 + n, hours_ago=6.0 * n) for n in (1, 2, 3)], (linked(70, hours_ago=1.5),)
    collected = Collected(replace(WATCH, total=12, last_hour=8), (*rise, *background), rejected)

    assert collected.began_at == rise[-1].created_at


def test_began_with_what_people_confirmed_where_no_rise_is_seen() -> None:
    """Two tickets are no rise; one of them that somebody confirmed is evidence all the same, if it is of this time."""
    suggested, confirmed = linked(1, hours_ago=7), linked(2, hours_ago=3, confirmed=True)
    old = linked(3, hours_ago=24 * 20, confirmed=True, matches=False)
    watch = replace(WATCH, total=2)

    assert Collected(watch, (suggested,)).began_at is None
    assert Collected(watch, (suggested, confirmed, old)).began_at == confirmed.created_at


@given(st.text())
def test_symptom_words_are_few_and_plain(symptom: str) -> None:
    """No search grammar gets through, whatever people type."""
    words = symptom_words(symptom)

    assert len(words) <= 3
    assert not [word for word in words if set(word) & set(' :"*<>()')]


def test_words_that_say_nothing_are_left_out() -> None:
    """People write sentences."""
    assert symptom_words("Customers can't connect since today") == ("connect",)
