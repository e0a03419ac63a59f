"""What the bench prints can be read, whatever the figures are."""

from hypothesis import given
from hypothesis import strategies as st

from tests.bench.figures import Figure, at_most, percentile, ratio
from tests.bench.table import summary, table


def test_a_table_says_what_holds_and_what_does_not() -> None:
    """Columns stand under their heads, marks at the end, a note once below, however many lines refer to it."""
    figures = [
        at_most("ack", [12.0, 18.5, 14.0], 20, "ms", "over the wire"),
        at_most("start", [2.5], 2, "s", "over the wire"),
        Figure("CPU", "41 ms"),
    ]

    assert table("Acks", figures).splitlines() == [
        "== Acks",
        "what   measured                         bound",
        "-----  -------------------------------  -----  ----",
        "ack    14 ms, worst 18.5 of 3 runs [1]  20 ms  ok",
        "start  2.5 s [1]                        2 s    OVER",
        "CPU    41 ms",
        "  [1] over the wire",
    ]
    assert summary(figures) == "2 bounds measured, 1 not held"


def test_when_everything_holds_the_summary_says_so() -> None:
    """Figures without a bound don't count."""
    assert summary([at_most("start", [1.0], 2, "s"), Figure("CPU", "1 s")]) == "1 bounds measured, all held"


def test_a_peer_that_used_nothing_gives_no_ratio() -> None:
    """A ratio needs something to divide by."""
    assert (ratio(1.0, 4.0), ratio(1.0, 0.0)) == ("0.25x", "-")


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300), st.floats(0.01, 1.0))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values: list[float], share: float) -> None:
    """It is one of the values, and no smaller one would do."""
    found = percentile(values, share)

    assert found in values
    assert sum(each <= found for each in values) >= share * len(values)
    assert sum(each < found for each in values) < share * len(values) or found == min(values)
