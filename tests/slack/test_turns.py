"""Who is next, whoever waits with how much."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.messages.model import (
    Message,
    MessageKind,
    MessageState,
    Place,
    Rank,
)
from bot.slack.turns import PATIENCE, Turns
from tests.hostile import NOW


def _message(number: int, person: str, rank: Rank, *, human: bool = True) -> Message:
    due_at = NOW + timedelta(seconds=number)
    place = Place("C1")
    return Message(
        number,
        f"m/{number}",
        MessageKind.POST,
        "",
        0,
        place,
        MessageState.OWED,
        due_at,
        for_user=person,
        human=human,
        rank=rank,
    )


def _served(turns: Turns, waiting: Sequence[Message]) -> list[Message]:
    """All of them, in the order in which they are served."""
    left, served = list(waiting), []
    while left:
        first = turns.order("C1", left)[0]
        turns.took("C1", first, left)
        left.remove(first)
        served.append(first)
    return served


def test_people_take_turns() -> None:
    """One person's hundred and fifty are that person's wait."""
    flood = [_message(number, "UGUEST", Rank.REST) for number in range(150)]
    others = [_message(200 + number, f"U{number}", Rank.REST) for number in range(5)]
    served = _served(Turns(), [*flood, *others])

    assert {message.for_user for message in served[:6]} == {"UGUEST", "U0", "U1", "U2", "U3", "U4"}
    assert [message.id for message in served if message.for_user == "UGUEST"] == list(range(150))


def test_coming_one_at_a_time_gains_nothing() -> None:
    """Whoever asks again as soon as they were served does not come before somebody who waits."""
    turns, kim = Turns(), [_message(number, "UKIM", Rank.ANSWER) for number in range(5)]
    order = []
    for number in range(10):
        waiting = [*kim, _message(100 + number, "UJO", Rank.ANSWER)]
        first = turns.order("C1", waiting)[0]
        turns.took("C1", first, waiting)
        order.append(first.for_user)
        kim = [message for message in kim if message is not first]

    assert Counter(order)["UKIM"] == 5


def test_a_machines_words_wait_for_those_of_the_same_person() -> None:
    """However much older they are."""
    machine, person = _message(1, "UKIM", Rank.ANSWER, human=False), _message(9, "UKIM", Rank.ANSWER)

    assert Turns().order("C1", [machine, person])[0] is person


WAITING = st.lists(
    st.tuples(st.sampled_from(["UKIM", "UJO", "UANA", ""]), st.sampled_from(list(Rank)), st.booleans()), max_size=80
)


@given(WAITING)
def test_nothing_goes_before_what_is_urgent(drawn: list[tuple[str, Rank, bool]]) -> None:
    """And all of it is served, each once."""
    messages = [_message(i, person, rank, human=human) for i, (person, rank, human) in enumerate(drawn)]
    served = _served(Turns(), messages)

    urgent = sum(message.rank is Rank.URGENT for message in messages)
    assert all(message.rank is Rank.URGENT for message in served[:urgent])
    assert sorted(message.id for message in served) == list(range(len(messages)))


@given(st.lists(st.sampled_from([Rank.ANSWER, Rank.CARD]), min_size=60, max_size=60), st.integers(1, 4))
def test_nobody_waits_for_ever(coming: list[Rank], people: int) -> None:
    """However many of higher ranks keep coming, one of the lowest goes before long; so it is for each person."""
    turns, low = Turns(), [_message(1000 + i, f"U{i}", Rank.REST) for i in range(people)]
    waiting, passed = list(low), 0
    for number, rank in enumerate(coming):
        waiting += [_message(2 * number, "UKIM", rank), _message(2 * number + 1, "UJO", Rank.ANSWER)]
        first = turns.order("C1", waiting)[0]
        turns.took("C1", first, waiting)
        waiting.remove(first)
        passed = 0 if first.rank is Rank.REST else passed + 1
        assert passed <= PATIENCE[Rank.REST] + 2 or not any(message in waiting for message in low)

    assert not any(message in waiting for message in low)


@given(st.lists(st.sampled_from(["C1", "C2", "C3"]), max_size=50))
def test_a_turn_in_one_channel_is_none_in_another(served: list[str]) -> None:
    """Who posted in one is not behind in the next."""
    turns, kim, jo = Turns(), _message(1, "UKIM", Rank.ANSWER), _message(2, "UJO", Rank.ANSWER)
    for channel in served:
        turns.took(channel, kim, [kim, jo])

    assert (turns.order("C4", [kim, jo])[0]) is kim
    assert all(turns.order(channel, [kim, jo])[0] is jo for channel in served)
