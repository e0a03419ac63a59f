"""Sweeps over a network that is a function: what is counted of each address."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.probes.icmp.packets import IcmpKind
from bot.probes.icmp.sweep import Pinged, Sweep
from bot.probes.icmp.waiting import FIRST_ANSWER_S, PATIENCE_MAX_S
from tests.probes.icmp.fake_icmp import FakeIcmp, Network, Says

LIVE, OTHER = "10.9.9.1", "10.9.9.2"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


async def swept(network: Network, *addresses: str, interval_s: float = 0.02) -> tuple[list[Pinged], float]:
    """The records of ten rounds, and how long they took."""
    sweep = Sweep(
        FakeIcmp(network), addresses, count=10, interval_s=interval_s, on_round=lambda: None, clock=lambda: NOON
    )
    started = asyncio.get_running_loop().time()
    await sweep.run()
    return sweep.pinged, asyncio.get_running_loop().time() - started


@pytest.mark.parametrize("last", [4, 7])
async def test_an_address_that_stops_to_answer_tells_since_when(last: int) -> None:
    """The time of the first packet that was not answered, and that it lasts."""
    (pinged,), _ = await swept(lambda to, _, number: Says(to) if number < 10 - last else None, LIVE)
    (quiet,) = pinged.quiet

    assert (quiet.lost, quiet.until, pinged.tally.lost) == (last, None, last)
    assert abs(quiet.since - NOON - timedelta(seconds=0.02 * (10 - last))) < timedelta(seconds=0.02)


@pytest.mark.parametrize("lost", [(), (9,), (7, 8, 9), (1, 3, 5, 7), (0, 1, 2)])
async def test_what_may_be_chance_is_no_gap(lost: tuple[int, ...]) -> None:
    """Up to three at the end, or some between."""
    (pinged,), took_s = await swept(lambda to, _, number: None if number in lost else Says(to), LIVE)

    assert (pinged.quiet, pinged.tally.lost) == ((), len(lost))
    assert took_s < 1


async def test_one_that_becomes_slow_has_not_stopped_to_answer() -> None:
    """Where the last packets are silent it is waited for as one that has never answered: then they come."""
    (pinged,), took_s = await swept(lambda to, _, number: Says(to, after_s=0.0 if number < 5 else 1.5), LIVE)

    assert (pinged.tally.lost, pinged.quiet) == (0, ())
    assert 1.5 < took_s < 2.2


async def test_three_seconds_of_delay_are_no_loss() -> None:
    """A sweep waits for the first answer as long as an MTR does."""
    (slow, live), took_s = await swept(lambda to, *_: Says(to, after_s=3.0 if to == LIVE else 0.0), LIVE, OTHER)

    assert (slow.tally.lost, slow.tally.best_ms, live.tally.lost) == (0, 3000, 0)
    assert FIRST_ANSWER_S == PATIENCE_MAX_S
    assert 3.1 < took_s < 3.5


async def test_a_dead_address_costs_the_first_wait_once() -> None:
    """From the start on, however many are dead."""
    pinged, took_s = await swept(lambda to, *_: Says(to) if to == LIVE else None, LIVE, OTHER, "10.9.9.3", "10.9.9.4")

    assert [each.tally.received for each in pinged] == [10, 0, 0, 0]
    assert FIRST_ANSWER_S <= took_s < FIRST_ANSWER_S + 0.3


async def test_packets_on_their_way_are_not_lost_yet() -> None:
    """A look while they are counts those that were answered or are late."""
    counts: list[tuple[int, int]] = []
    sweep = Sweep(
        FakeIcmp(lambda to, *_: Says(to, after_s=0.1)),
        [LIVE],
        count=10,
        interval_s=0.04,
        on_round=lambda: counts.append((sweep.pinged[0].tally.sent, sweep.pinged[0].tally.lost)),
    )
    await sweep.run()

    assert {lost for sent, lost in counts[3:]} == {0} and counts[-1][0] < 9
    assert (sweep.pinged[0].tally.sent, sweep.pinged[0].tally.lost) == (10, 0)


async def test_an_address_that_refuses_ping_says_so_itself() -> None:
    """A router's word about it is not its own."""

    def network(to: str, _ttl: int, _number: int) -> Says:
        return Says(to if to == LIVE else "10.0.0.1", IcmpKind.UNREACHABLE, words="port unreachable")

    (refusing, rejected), took_s = await swept(network, LIVE, OTHER)

    assert (refusing.refused, rejected.refused) == ("port unreachable", "")
    assert rejected.unreachable == "10.0.0.1 says port unreachable"
    assert (refusing.tally.received, refusing.quiet, took_s < 1) == (0, (), True)
