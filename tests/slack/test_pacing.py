"""How fast Slack may be spoken to, whatever comes in whatever order."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

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
        assert sum(timedelta() <= last - each < timedelta(seconds=60) for each in edited) <= UPDATES_PER_MIN


@given(st.floats(0.1, 600), st.floats(0, 700))
def test_retry_after_is_waited_for(asked_s: float, later_s: float) -> None:
    """A channel waits as long as Slack said, another one does not."""
    pacer = Pacer()
    pacer.block("C1", until=NOW + timedelta(seconds=asked_s))
    later = NOW + timedelta(seconds=later_s)

    assert (pacer.post_wait_s("C1", later) > 0) == (later < NOW + timedelta(seconds=asked_s))
    assert pacer.post_wait_s("C2", later) == 0
