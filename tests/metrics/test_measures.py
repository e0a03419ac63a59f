"""What is counted as it happens."""

import pytest

from bot.messages.owed import WITHDRAWN
from bot.metrics.measures import Measures


def value(measures: Measures, name: str, **labels: str) -> float:
    return measures.registry.get_sample_value(name, labels) or 0.0


def test_calls_of_slack_are_timed_and_failures_counted_by_slacks_word() -> None:
    measures = Measures()
    measures.called("chat.update", 0.2, "")
    measures.called("chat.update", 0.3, "ratelimited")

    assert value(measures, "secondline_slack_call_seconds_count", method="chat.update") == 2
    assert value(measures, "secondline_slack_call_seconds_sum", method="chat.update") == pytest.approx(0.5)
    assert value(measures, "secondline_slack_call_failures_total", method="chat.update", error="ratelimited") == 1


def test_what_went_out_or_was_withdrawn_is_no_refusal() -> None:
    measures = Measures()
    measures.settled("escalation/1", "", "")
    measures.settled("escalation/2", WITHDRAWN, "")
    measures.settled("escalation/3", "is_archived", "the channel is archived")

    assert value(measures, "secondline_messages_refused_total", error="is_archived") == 1
    assert value(measures, "secondline_messages_refused_total", error=WITHDRAWN) == 0


def test_the_lag_falls_into_its_bucket() -> None:
    measures = Measures()
    for lag_s in (0.05, 0.3, 400.0):
        measures.delivered(lag_s)

    assert value(measures, "secondline_slack_lag_seconds_bucket", le="0.1") == 1
    assert value(measures, "secondline_slack_lag_seconds_bucket", le="0.5") == 2
    assert value(measures, "secondline_slack_lag_seconds_count") == 3


def test_two_bots_in_one_process_count_apart() -> None:
    """The library's own registry is one for the whole process."""
    one, other = Measures(), Measures()
    one.delivered(1.0)

    assert value(other, "secondline_slack_lag_seconds_count") == 0
