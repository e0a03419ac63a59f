"""How fast Slack may be spoken to, whatever comes in whatever order."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.model import Rank
from bot.slack.pacing import POST_BURST, UPDATES_PER_MIN, Pacer
from tests.hostile import NOW

GAPS = st.lists(st.floats(0, 3), max_size=300)


@given(GAPS)
def test_never_more_than_a_post_a_second_after_the_burst(gaps: list[float]) -> None:
    """In every window of a channel: a short burst and one for each second."""
    pacer, now, posted = Pacer(), NOW, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        if pacer.post_wait_s("C1", now) == 0:
            pacer.posted("C1", now)
            posted.append(now)

    for i, first in enumerate(posted):
        for j, last in enumerate(posted[i:], 1):
            assert j <= POST_BURST + (last - first).total_seconds() + 1.001


@given(st.lists(st.tuples(st.floats(0, 3), st.booleans()), max_size=200))
def test_never_more_than_fifty_edits_a_minute(changes: list[tuple[float, bool]]) -> None:
    """People's and machines' together."""
    pacer, now, edited = Pacer(), NOW, []
    for gap, human in changes:
        now += timedelta(seconds=gap)
        if pacer.update_wait_s(now, human=human) == 0:
            pacer.updated(now)
            edited.append(now)

    for last in edited:
        assert sum(timedelta() <= last - earlier < timedelta(seconds=60) for earlier in edited) <= UPDATES_PER_MIN


@given(st.floats(0.1, 600), st.floats(0, 700))
def test_retry_after_is_waited_for(asked_s: float, later_s: float) -> None:
    """A channel waits as long as Slack said, another one does not."""
    pacer = Pacer()
    pacer.block("C1", until=NOW + timedelta(seconds=asked_s))
    later = NOW + timedelta(seconds=later_s)

    assert (pacer.post_wait_s("C1", later) > 0) == (later < NOW + timedelta(seconds=asked_s))
    assert pacer.post_wait_s("C2", later) == 0


@given(st.lists(st.tuples(st.floats(0, 2), st.sampled_from(list(Rank))), max_size=300))
def test_escalations_borrow_and_it_is_paid_back(gaps: list[tuple[float, Rank]]) -> None:
    """Whatever their ranks: at most four at once, and a message a second in the long run."""
    pacer, now, posted = Pacer(), NOW, []
    for gap, rank in gaps:
        now += timedelta(seconds=gap)
        if pacer.post_wait_s("C1", now, rank=rank) == 0:
            pacer.posted("C1", now)
            posted.append(now)

    for i, first in enumerate(posted):
        for j, last in enumerate(posted[i:], 1):
            assert j <= POST_BURST + 1 + (last - first).total_seconds() + 1e-6


@pytest.mark.parametrize("human", [True, False])
def test_no_burst_leaves_a_minute_without_edits(human: bool) -> None:
    """However many want to be edited, the next one goes within three seconds."""
    pacer, now, edited = Pacer(), NOW, []
    for _ in range(6000):
        now += timedelta(seconds=0.05)
        if pacer.update_wait_s(now, human=human) == 0:
            pacer.updated(now, human=human)
            edited.append(now)

    assert max(later - earlier for earlier, later in pairwise(edited)) <= timedelta(seconds=3)
    assert len(edited) >= (40 if human else 30) * 5


def test_the_last_edits_are_an_acknowledgements() -> None:
    """What people do leaves four of them."""
    pacer, now = Pacer(), NOW
    for _ in range(1200):
        now += timedelta(seconds=0.05)
        if pacer.update_wait_s(now, human=True) == 0:
            pacer.updated(now, human=True)

    for _ in range(4):
        assert pacer.update_wait_s(now, human=True, rank=Rank.URGENT) == 0
        pacer.updated(now, human=True)


def test_a_method_has_a_budget_of_its_own() -> None:
    """Half a minute's worth at once, then by the tier; what is blocked and what is used up of one stops no other."""
    pacer, begins = Pacer(), 0
    while pacer.method_wait_s(["reactions.add"], NOW) == 0:
        pacer.called(["reactions.add"], NOW)
        begins += 1
    pacer.block("files.getUploadURLExternal", until=NOW + timedelta(seconds=40))

    assert begins == 25
    assert 1 < pacer.method_wait_s(["reactions.add"], NOW) <= 1.2
    assert pacer.method_wait_s(["files.getUploadURLExternal"], NOW) == 40
    assert pacer.method_wait_s(["conversations.history", "chat.update"], NOW) == 0
    assert pacer.post_wait_s("C1", NOW) == 0
