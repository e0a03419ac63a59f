"""Reading an MTR, and judging small samples."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.probes.loss import Tally, loses
from bot.probes.path import Hop, Path, loss_begins, read
from bot.probes.run import Run
from bot.probes.traced import COLUMNS, traced
from bot.probes.wording import long


def path(*lost: int | None, sent: int = 10) -> Path:
    """A path whose hops lost so many packets; None is a silent hop."""
    hops = tuple(
        Hop(
            ttl,
            (f"10.0.0.{ttl}",) if count is not None else (),
            Tally(sent, (1.0,) * (sent - (count or 0)) if count is not None else ()),
        )
        for ttl, count in enumerate(lost, start=1)
    )
    return Path(f"10.0.0.{len(lost)}", "here", datetime(2026, 1, 1, tzinfo=UTC), sent, hops, reached=True)


@pytest.mark.parametrize(
    ("lost", "begins"),
    [
        ((0, 0, 4, 5, 4), 3),
        ((0, 8, 0, 5), 4),
        ((0, None, 4, 4), 3),
        ((0, 10, 4, 4), 3),
        ((4, 4, 4), 1),
        ((0, 0, 0, 6), 4),
        ((0, 0, 1, 6), 4),
    ],
)
def test_loss_begins_where_it_goes_on_to_the_end(lost: tuple[int | None, ...], begins: int) -> None:
    """Loss that stops again, silent hops, and hops worse than the target do not count."""
    assert loss_begins(path(*lost).hops).ttl == begins


def test_a_hop_that_tells_nothing_before_the_loss_is_named() -> None:
    """The reader must know that the loss may begin there as well."""
    verdict = read(path(0, None, 4, 5)).verdict

    assert verdict == (
        "Loss begins at hop 3 (10.0.0.3) or at hop 2, which can't be judged: 4 of 10 lost at hop 3, "
        "and it goes on to the end, 5 of 10 lost at 10.0.0.4"
    )


def test_loss_at_the_target_alone_is_said_so() -> None:
    """Then the network on the way is clean."""
    verdict = read(path(0, 0, 6)).verdict

    assert verdict == ("Loss begins at the target itself, 10.0.0.3 (hop 3): 6 of 10 lost; the hops before it are clean")


def test_what_so_few_packets_cannot_tell_is_not_claimed() -> None:
    """With one packet lost at the end, loss before it may or may not go on."""
    assert "may go on to the end: too few packets to tell" in read(path(0, 5, 1)).verdict
    assert "does not go on to the end" in read(path(0, 5, 0)).verdict
    assert "does not go on to the end" in read(path(0, 9, 1)).verdict


def shared(*counts: tuple[int, int], cycles: int = 10) -> Path:
    """A path whose hops were asked and lost so often; the last is the destination."""
    hops = tuple(
        Hop(ttl, (f"10.0.0.{ttl}",) if sent > lost else (), Tally(sent, (1.0,) * (sent - lost)))
        for ttl, (sent, lost) in enumerate(counts, start=1)
    )
    return Path(f"10.0.0.{len(counts)}", "here", datetime(2026, 1, 1, tzinfo=UTC), cycles, hops, reached=True)


def test_two_of_two_answers_do_not_make_a_hop_clean() -> None:
    """Where half of all packets are lost, a hop that was asked twice tells nothing."""
    verdict = read(shared((2, 0), (2, 0), (2, 0), (46, 24))).verdict

    assert verdict == (
        "10.0.0.4 (hop 4) loses packets: 24 of 46 lost; it may begin at hops 1 to 3, "
        "too few packets there to tell, run it again"
    )


def test_seven_answers_make_a_hop_clean_where_half_is_lost() -> None:
    """They would hardly all have come by chance."""
    verdict = read(shared((7, 0), (7, 0), (7, 4), (46, 24))).verdict

    assert verdict.startswith("Loss begins at hop 3 (10.0.0.3): 4 of 7 lost there")
    assert verdict.endswith("; the hops before it are clean")


def test_a_lucky_hop_behind_the_loss_does_not_move_it() -> None:
    """A hop that says little is passed over."""
    assert loss_begins(shared((7, 0), (7, 5), (2, 0), (46, 24)).hops, 10).ttl == 2


async def test_a_hop_that_was_not_asked_is_not_called_silent() -> None:
    """Nor is the path's length known then, if it stands before the destination."""
    path = shared((3, 0), (0, 0), (46, 0))
    result = traced(Run("mtr", "x", COLUMNS, lambda: path.started_at), path)

    assert long(result.verdict).startswith("No loss to 10.0.0.3 over at most 3 hops")
    assert [reading.reason for reading in result.readings] == ["", "not asked", ""]
    assert result.readings[1].cells[:3] == ("2", "???", "-")
    assert " 2.|-- ???       0.0%     0    0.0" in result.report


@given(st.lists(st.one_of(st.none(), st.integers(0, 10)), min_size=1, max_size=30), st.integers(0, 9))
def test_any_path_is_read_in_one_line(lost: list[int | None], last: int) -> None:
    """Every path gets a verdict of one line, and is ok exactly if its end does not lose packets."""
    found = read(path(*lost, last))

    assert found.verdict and "\n" not in found.verdict
    assert found.ok is not loses(last, 10)


@pytest.mark.parametrize(
    ("lost", "sent", "bad"),
    [(0, 10, False), (1, 10, False), (2, 10, True), (1, 1, True), (1, 2, False), (4, 100, False), (5, 100, True)],
)
def test_small_samples_are_judged_as_such(lost: int, sent: int, bad: bool) -> None:
    """One packet of ten is chance, two are not; all lost always counts."""
    assert loses(lost, sent) is bad


@given(st.integers(1, 200), st.integers(0, 200))
def test_more_loss_is_never_judged_better(sent: int, lost: int) -> None:
    """The judgement is monotone."""
    lost = min(lost, sent)

    assert not loses(lost, sent) or loses(min(lost + 1, sent), sent)
