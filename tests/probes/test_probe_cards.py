"""The message about probe runs, its table, and the stored form of results."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.probes import cards
from bot.probes.batch import SUBJECTS, Batch, ProbeRun, RunState, read_result, stored_result
from bot.probes.model import ProbeResult, Subject
from bot.probes.tables import ROWS_SHOWN
from tests import hostile
from tests.fake_probe import result
from tests.hostile import ALIVE, NOW
from tests.slack_limits import broken_by_message, mrkdwn_texts, texts


def batch(*results: ProbeResult, state: RunState = RunState.DONE) -> Batch:
    runs = [
        ProbeRun(n, 1, "target", r.kind, r.label, RunState.DONE, Subject(r.label), result=r)
        for n, r in enumerate(results)
    ]
    return Batch(1, "ping app", "", "app", "C1", state, NOW, runs=tuple(runs), finished_at=NOW)


def text(shown: Batch) -> str:
    return "\n".join(texts(list(cards.card(shown).blocks)))


def test_long_tables_say_what_they_leave_out() -> None:
    """And that the file has the rest, once there is one."""
    long = result("mtr", "app")
    long = replace(long, readings=long.readings * 30)

    assert f"… and {30 - ROWS_SHOWN} more, all well" in text(batch(long))
    assert "more, all well; the file has all of them" in text(batch(replace(long, report="HOST: a")))


def test_bad_rows_beyond_the_table_are_not_called_well() -> None:
    """More bad addresses than rows."""
    long = result("ping", "app", lost=4)

    assert "… and 6 more" in text(batch(replace(long, readings=long.readings * 30)))
    assert "all well" not in text(batch(replace(long, readings=long.readings * 30)))


def test_failed_run_says_how_to_mend_it() -> None:
    """A probe that could not run is a result with a remedy."""
    barred = result("ping", "app", barred="no ICMP", remedy="set net.ipv4.ping_group_range")

    assert ":warning:" in text(batch(barred)) and ":red_circle:" not in text(batch(barred))
    assert ":wrench: set net.ipv4.ping" in text(batch(barred))


def test_interrupted_batch_asks_to_be_run_again() -> None:
    """Nobody waits for what no longer runs."""
    assert "Run it again" in text(batch(state=RunState.INTERRUPTED))


@settings(max_examples=30)
@given(hostile.batches)
def test_every_batch_keeps_slack_s_limits(shown: Batch) -> None:
    """Host names and reasons from outside are inert, and all fits into one message."""
    card = cards.card(shown)

    assert broken_by_message(card) == []
    assert not [each for each in mrkdwn_texts(card) if ALIVE.search(each)]
    assert not [each for each in mrkdwn_texts(card) if each.count("```") not in (0, 2)]


@settings(max_examples=40)
@given(hostile.results())
def test_stored_result_comes_back(found: ProbeResult) -> None:
    """JSON and back is the same record."""
    assert read_result(stored_result(found)) == found


@given(st.builds(Subject, label=st.text(), hosts=st.lists(st.text()).map(tuple), trusted=st.booleans()))
def test_stored_subject_comes_back(subject: Subject) -> None:
    """The same for what is measured."""
    assert SUBJECTS.read(SUBJECTS.write(subject)) == subject
