"""The addresses of a sweep against each other, and the two families."""

from collections.abc import Sequence

from bot.probes.icmp.loss import Tally
from bot.probes.icmp.peers import against_peers, compared, judged, sweep_verdict
from bot.probes.model import ProbeReading
from bot.probes.wording import long


def readings(*received: int, sent: int = 10, rtt_ms: float = 20.0, family: int = 4) -> list[ProbeReading]:
    """One address each, with so many answers of `sent`."""
    name = "192.0.2.{}" if family == 4 else "2001:db8::{}"
    return [judged(name.format(n), Tally(sent, (rtt_ms,) * got)) for n, got in enumerate(received, 1)]


def verdict(found: Sequence[ProbeReading]) -> str:
    return long(sweep_verdict("U.S. East", against_peers(found)))


def test_three_of_forty_one_are_named() -> None:
    """Those that lose more than their peers, and how much."""
    said = verdict(readings(*[10] * 38, 6, 7, 5))

    bad = "192.0.2.39 (4 of 10 lost), 192.0.2.40 (3 of 10 lost), 192.0.2.41 (5 of 10 lost)"
    assert said == f"3 of 41 addresses lose packets: {bad}"


def test_two_of_ten_beside_forty_clean_ones_is_loss() -> None:
    """Its peers lose nothing, so it is not the line."""
    assert verdict(readings(*[10] * 40, 8)).startswith("1 of 41 addresses loses packets: 192.0.2.41 (2 of 10 lost)")


def test_two_of_ten_among_peers_that_lose_a_little_may_be_chance() -> None:
    """Of a hundred healthy addresses one or another loses two."""
    said = verdict(readings(*[10] * 80, *[9] * 19, 8))

    assert said.startswith("All 100 addresses answer")
    assert "losses that may be chance" in said


def test_half_of_them_bad_are_all_named() -> None:
    """Bad peers do not excuse each other."""
    assert verdict(readings(*[10] * 5, *[5] * 5)).startswith("5 of 10 addresses lose packets: ")


def test_loss_that_all_share_is_not_theirs() -> None:
    """Where all lose alike, the place to look at is what they share."""
    said = verdict(readings(7, 6, 8, 7, 6, 7))

    assert said.startswith("6 of 6 addresses lose packets: ")
    assert "they lose alike, 19 of 60 together: look at what they share" in said


def test_one_that_is_worse_among_lossy_ones_is_not_alike() -> None:
    """Then the sentence is left out."""
    assert "alike" not in verdict(readings(*[9] * 9, 0, *[8] * 9, 1, sent=10))


def test_families_are_compared_by_loss_delay_and_silence() -> None:
    """Dead, losing, slower, alike; nothing where there is one family only."""
    four, six = readings(10, 10), readings(10, 10, family=6)

    assert compared(four) == ""
    assert compared([*four, *six]) == "IPv4 and IPv6 are alike"
    assert compared([*four, *readings(0, 0, family=6)]) == "IPv6 does not answer at all, IPv4 does"
    assert compared([*readings(0), *six]) == "IPv4 does not answer at all, IPv6 does"
    assert compared([*four, *readings(5, 6, family=6)]) == "IPv6 loses 9 of 20, IPv4 0 of 20"
    assert compared([*four, *readings(10, 10, family=6, rtt_ms=90)]) == "IPv6 takes 90.0 ms where IPv4 takes 20.0 ms"
    assert compared([*readings(0), *readings(0, family=6)]) == ""
