"""Findings in a few words: shorter, and as true as the whole."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.probes.brief import short
from bot.probes.loss import Tally
from bot.probes.model import CAVEATS, ProbeResult, Reading
from bot.probes.path import read
from bot.probes.peers import against_peers, judged, lose_alike, sweep_verdict
from bot.probes.verdicts import verdict_of
from tests.probes.test_path import path

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def found(kind: str, verdict: str, *readings: Reading, caveats: tuple[str, ...] = ()) -> ProbeResult:
    return ProbeResult(kind, "x", False, verdict, NOW, 1.0, readings=readings, data={CAVEATS: list(caveats)})


def swept(*received: int, rtts_ms: tuple[float, ...] = (), caveats: tuple[str, ...] = ()) -> ProbeResult:
    delays = rtts_ms or (1.0,) * len(received)
    tallies = (Tally(10, (rtt,) * got) for got, rtt in zip(received, delays, strict=True))
    readings = against_peers([judged(f"192.0.2.{n}", tally) for n, tally in enumerate(tallies, 1)])
    alike = lose_alike(readings)
    return found("ping", sweep_verdict(readings), *readings, caveats=(*([alike] if alike else []), *caveats))


def tried(*reasons: str, caveats: tuple[str, ...] = ()) -> ProbeResult:
    readings = [Reading(f"10.0.0.{n}:443", not reason, reason=reason) for n, reason in enumerate(reasons)]
    verdict = "; ".join([verdict_of(readings, noun="ports", well=f"All {len(reasons)} ports are open"), *caveats])
    return found("tcp", verdict, *readings, caveats=caveats)


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        ((0, 0, 6), "loss begins at the target itself, 10.0.0.3 (hop 3)"),
        ((0, None, 6), "loss begins at the target itself, 10.0.0.3 (hop 3) or at hop 2, which can't be judged"),
        ((0, None, 4, 5), "loss begins at hop 3 (10.0.0.3) or at hop 2, which can't be judged"),
        ((None, None, 4, 5), "loss begins at hop 3 (10.0.0.3) or at hops 1 to 2, which can't be judged"),
    ],
)
def test_hops_that_may_be_the_cause_as_well_stay(lost: tuple[int | None, ...], words: str) -> None:
    """A silent hop before the loss is not cleared by leaving it out."""
    assert short(found("mtr", read(path(*lost)).verdict)) == words


@given(st.lists(st.one_of(st.none(), st.integers(0, 10)), min_size=1, max_size=12), st.integers(2, 10))
def test_doubt_about_where_loss_begins_is_never_cut(lost: list[int | None], last: int) -> None:
    """Where the whole has doubts, the short form has them."""
    verdict = read(path(*lost, last)).verdict

    assert ("can't be judged" in short(found("mtr", verdict))) is ("can't be judged" in verdict)


def test_silent_hops_are_no_reason_of_a_traceroute() -> None:
    """Why a router in the middle is silent is not why packets are lost."""
    silent = Reading("2. ???", False, reason="does not answer")

    assert short(found("traceroute", "Loss begins at hop 3 (x): 2 of 2 lost", silent)) == "loss begins at hop 3 (x)"


def test_slow_address_with_one_lost_packet_is_called_slow() -> None:
    """The one packet is chance, the delay is the finding."""
    slow = swept(10, 10, 9, rtts_ms=(1.0, 1.0, 60.0))

    assert short(slow) == "192.0.2.3: 60.0 ms where its peers take 1.0 ms (2 of 3 addresses are fine)"


def test_loss_that_all_share_is_not_put_on_the_addresses() -> None:
    """The short form says too that they lose alike."""
    assert "and 3 more; they lose alike, 19 of 60 together: look at what they share" in short(swept(7, 6, 8, 7, 6, 7))


def test_what_this_machine_dropped_stays() -> None:
    """Loss that may be its own is said so also among other lines."""
    said = short(swept(10, 4, caveats=("this machine itself dropped 9 arriving packets",)))

    assert said.endswith(
        "192.0.2.2 loses 6 of 10 (1 of 2 addresses are fine); this machine itself dropped 9 arriving packets"
    )


def test_a_name_without_address_stays_beside_what_fails() -> None:
    """And where everything else is well it is all that is wrong."""
    gone = ("gone.example: the name can't be looked up",)

    assert short(tried("refused", "refused", "", caveats=gone)) == f"2 of 3 ports fail (refused); {gone[0]}"
    assert short(tried("", "", caveats=gone)) == f"all 2 ports are open; {gone[0]}"


def test_different_reasons_are_left_to_the_whole() -> None:
    """The count is true without them."""
    assert short(tried("refused", "timeout")) == "2 of 2 ports fail"
