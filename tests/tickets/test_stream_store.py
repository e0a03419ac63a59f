"""What is stored of the desk's stream, whatever order and however often its rows come in."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database import Database
from bot.tickets.stream import LeftRow, StreamRow
from bot.tickets.stream_model import StreamGap
from bot.tickets.stream_store import RARE, ForgottenTickets, StreamStore
from tests.database import memory_database
from tests.tickets.stream_rows import BEGAN, HASH, left, row

LATER = BEGAN + timedelta(days=1)


@pytest.fixture
def database() -> Database:
    return memory_database()


@pytest.fixture
def store(database: Database) -> StreamStore:
    return StreamStore(database=database)


def told(store: StreamStore, *rows: StreamRow | LeftRow) -> None:
    """One by one, as from as many pages."""
    for each in rows:
        if isinstance(each, LeftRow):
            store.leave([each])
        else:
            store.put([HASH.ticket(each)])
            store.used((HASH.term(word), HASH.customer(each), word, each.created_at) for word in each.reading.terms)


def kept(store: StreamStore) -> dict[int, str]:
    return {ticket.id: ticket.status for ticket in store.created(since=BEGAN, until=LATER)}


def test_a_ticket_comes_back_as_it_was_stored(store: StreamStore) -> None:
    ticket = HASH.ticket(row(1, terms=("error 809", "grüße"), versions=("ios 26.2", "app 8.4")))

    assert store.put([ticket]) == (ticket,)
    assert store.tickets([1, 2]) == [ticket]
    assert store.put([ticket]) == ()


def test_neither_text_nor_name_is_stored(store: StreamStore, database: Database) -> None:
    """Not even the number of the requester."""
    told(store, row(1, customer=48_151_623, terms=("mina", "mina castillo")))

    stored = str([database.rows(f"SELECT * FROM {table}") for table in ("stream_tickets", "stream_terms")])
    assert "mina" not in stored
    assert "48151623" not in stored


def test_another_key_makes_other_hashes(store: StreamStore) -> None:
    first = store.begin(BEGAN)

    assert len(first) == 32
    assert store.begin(LATER) == first == store.key()
    assert StreamStore(database=memory_database()).begin(BEGAN) != first


def test_the_word_of_a_term_is_kept_once_three_customers_used_it(store: StreamStore) -> None:
    term = HASH.term("error 809")
    told(store, row(1, customer=1, terms=("error 809",)), row(2, customer=2, terms=("error 809",)))
    told(store, row(3, customer=1, terms=("error 809",)), row(4, customer=2, terms=("error 809",)))
    assert store.words([term]) == {}

    told(store, row(5, customer=3, terms=("error 809", "mina")))

    assert store.words([term, HASH.term("mina")]) == {term: "error 809"}


def test_what_left_comes_back_only_with_a_later_change(store: StreamStore) -> None:
    told(store, row(1, changed=1), left(1, changed=5), row(1, changed=1), row(1, changed=5))
    assert kept(store) == {}

    told(store, row(1, changed=6))
    assert kept(store) == {1: "new"}

    told(store, left(1, changed=5))
    assert kept(store) == {1: "new"}


def test_the_newest_of_a_series(store: StreamStore) -> None:
    told(store, *(row(number, minute=number) for number in range(1, 1001)))
    told(store, row(2000, minute=1, target="us-west", versions=("ios 26.2",), terms=("error 809",)))
    newest = partial(store.newest, since=BEGAN, until=LATER)

    assert [each.id for each in newest(target="us-east", limit=2)] == [1000, 999]
    assert [each.id for each in newest(target="us-west", symptom="connect")] == [2000]
    assert [each.id for each in newest(version="ios 26.2")] == [2000]
    assert [each.id for each in newest(term=HASH.term("error 809"))] == [2000]
    assert newest(target="us-west", symptom="login") == []
    assert len(newest(limit=5000)) == 1001


def test_tickets_between_two_times_in_their_order_part_by_part(store: StreamStore) -> None:
    told(store, *(row(number, minute=number // 3) for number in range(20, 0, -1)))

    listed = store.created(since=BEGAN, until=BEGAN + timedelta(minutes=6), limit=4)
    ids = [ticket.id for ticket in listed]
    while listed:
        last = listed[-1]
        listed = store.created(since=last.created_at, after=last.id, until=BEGAN + timedelta(minutes=6), limit=4)
        ids += [ticket.id for ticket in listed]

    assert ids == list(range(1, 18))


def test_forgotten_after_a_while(store: StreamStore, database: Database) -> None:
    told(store, row(1, customer=1, terms=("a",)), row(2, customer=2, terms=("a",)), row(3, customer=3, terms=("a",)))
    told(store, row(4, terms=("rare",)), row(5, minute=3 * 1440, terms=("b",)), left(6, changed=0))
    store.late(StreamGap(BEGAN, BEGAN + timedelta(hours=1), desk=True))
    forgotten = ForgottenTickets(database=database)

    assert forgotten.empty(BEGAN) == 0
    assert forgotten.empty_rare(BEGAN + timedelta(days=1)) == 1
    assert forgotten.empty(BEGAN + timedelta(days=1)) == 6
    assert forgotten.empty(BEGAN + timedelta(days=1)) == 0

    assert [ticket.id for ticket in store.tickets(range(10))] == [5]
    assert store.words([HASH.term("a")]) == {}
    assert store.gaps(since=BEGAN) == []
    assert database.column("SELECT term FROM stream_terms") == [HASH.term("b")]
    assert RARE.days == 7


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[StreamRow | LeftRow], list[StreamRow | LeftRow]]:
    """What a desk told of a few tickets in its own order, and the same in another order with repetitions."""
    rows: list[StreamRow | LeftRow] = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        for step in range(draw(st.integers(1, 4))):
            if draw(st.booleans()) or step == 0:
                status = draw(st.sampled_from(["new", "open", "solved"]))
                rows.append(row(number, minute=number, changed=number + 10 * step, status=status, terms=("slow",)))
            else:
                rows.append(left(number, changed=number + 10 * step))
    mixed = draw(st.permutations([*rows, *draw(st.lists(st.sampled_from(rows), max_size=6))]))
    return rows, mixed


@given(histories())
def test_any_order_and_repetition_of_rows_gives_the_same_tables(
    history: tuple[Sequence[StreamRow | LeftRow], Sequence[StreamRow | LeftRow]],
) -> None:
    tables = []
    for rows in history:
        database = memory_database()
        told(StreamStore(database=database), *rows)
        names = ("stream_tickets ORDER BY id", "stream_left ORDER BY id")
        tables.append([database.rows(f"SELECT * FROM {name}") for name in names])
        tables[-1].append(StreamStore(database=database).words([HASH.term("slow")]))  # type: ignore[arg-type]
    assert tables[0] == tables[1]
