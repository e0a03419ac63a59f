"""Sweeps and the ping probe, over a network that is a function."""

import asyncio

import pytest

from bot.clock import system_clock
from bot.errors import BadInput
from bot.probes.icmp.echo import Icmp
from bot.probes.icmp.packets import IcmpKind
from bot.probes.icmp.ping import PingProbe
from bot.probes.icmp.sockets import Access
from bot.probes.icmp.waiting import FIRST_ANSWER_S
from bot.probes.model import ProbeResult, Subject
from bot.probes.policy import ProbePolicy
from bot.probes.wording import long
from tests.probes.icmp.fake_icmp import FakeIcmp, Says

ADDRESSES = ("127.0.21.1", "127.0.21.2", "127.0.21.3")
LOOPBACK = ProbePolicy(allow_networks=["127.0.0.0/8"])


async def pinged(icmp: Icmp, *addresses: str, policy: ProbePolicy = LOOPBACK, count: int = 10) -> list[ProbeResult]:
    """Every result of one run, those on the way first."""
    seen: list[ProbeResult] = []
    probe = PingProbe(icmp=icmp, policy=policy, clock=system_clock, count=count, interval_s=0.01)
    seen.append(await probe.run(Subject("U.S. East", addresses=addresses), progress=seen.append))
    return seen


async def test_the_address_that_loses_packets_is_named_against_its_peers() -> None:
    """Four of ten lost at one of three addresses is the verdict."""
    network = FakeIcmp(lambda to, _ttl, number: None if to == "127.0.21.2" and number in (1, 3, 5, 7) else Says(to))
    result = (await pinged(network, *ADDRESSES))[-1]

    assert not result.ok
    assert long(result.verdict) == "1 of 3 addresses loses packets: 127.0.21.2 (4 of 10 lost)"
    assert [reading.numbers.lost for reading in result.readings] == [0, 4, 0]


async def test_the_first_result_comes_after_the_first_round() -> None:
    """Evidence is there at once, then grows round by round."""
    results = await pinged(FakeIcmp(lambda to, *_: Says(to)), *ADDRESSES)

    assert [result.readings[0].numbers.sent for result in results] == [*range(1, 11)]


async def test_many_addresses_are_shown_after_every_few_rounds() -> None:
    """After the first in any case: judging them all takes its time."""
    addresses = [f"127.0.{number // 250}.{1 + number % 250}" for number in range(700)]
    results = await pinged(FakeIcmp(lambda to, *_: Says(to)), *addresses)

    assert [result.readings[0].numbers.sent for result in results] == [1, 4, 7, 10]


async def test_one_lost_packet_may_be_chance() -> None:
    """1 of 10 lost is shown and is no verdict."""
    network = FakeIcmp(lambda to, _ttl, number: None if number == 4 and to == ADDRESSES[0] else Says(to))
    result = (await pinged(network, *ADDRESSES))[-1]

    assert result.ok
    assert "losses that may be chance: 127.0.21.1 (1 of 10)" in long(result.verdict)


async def test_a_dead_address_does_not_answer() -> None:
    """Silence is named with the number of packets."""
    network = FakeIcmp(lambda to, *_: None if to == ADDRESSES[2] else Says(to))
    result = (await pinged(network, *ADDRESSES))[-1]

    assert long(result.verdict) == "1 of 3 addresses does not answer: 127.0.21.3 (no answer to 10)"


async def test_an_unreachable_address_says_who_says_so() -> None:
    """A router's own word is part of the reason."""
    network = FakeIcmp(lambda to, *_: Says("127.0.0.9", IcmpKind.UNREACHABLE, words="host unreachable"))
    result = (await pinged(network, "127.0.21.1"))[-1]

    assert long(result.verdict) == "127.0.21.1: no answer, 127.0.0.9 says host unreachable"


async def test_what_could_not_be_sent_is_never_zero_loss() -> None:
    """A send error is a failure with its reason."""
    result = (await pinged(FakeIcmp(lambda *_: None, unsent="this machine could not send: no route"), *ADDRESSES))[-1]

    assert not result.ok
    assert "could not send: no route" in long(result.verdict)
    assert result.readings[0].numbers.sent == 0


async def test_a_late_answer_counts_for_its_own_packet() -> None:
    """An answer that needs several rounds is credited to the packet that it answers."""
    network = FakeIcmp(lambda to, *_: Says(to, after_s=0.035))
    result = (await pinged(network, "127.0.21.1"))[-1]

    assert result.readings[0].numbers.lost == 0
    assert result.readings[0].numbers.median_ms == 35


async def test_an_address_far_slower_than_its_peers_is_named() -> None:
    """Delay is judged against the others."""
    network = FakeIcmp(lambda to, *_: Says(to, after_s=0.06 if to == ADDRESSES[1] else 0.001))
    result = (await pinged(network, *ADDRESSES))[-1]

    assert long(result.verdict) == "1 of 3 addresses has trouble: 127.0.21.2 (60.0 ms where its peers take 1.0 ms)"


async def test_without_icmp_the_result_says_what_to_do() -> None:
    """No permission is a result with a remedy."""
    result = (await pinged(FakeIcmp(lambda *_: None, mode=Access(None, "not allowed", "do this")), *ADDRESSES))[-1]

    assert not result.measured
    assert (long(result.verdict), result.remedy) == ("No pings: not allowed", "do this")


async def test_a_private_address_is_refused_with_the_key_that_allows_it() -> None:
    """Also for configured targets."""
    result = (await pinged(FakeIcmp(lambda to, *_: Says(to)), *ADDRESSES, policy=ProbePolicy()))[-1]

    assert not result.measured
    assert "127.0.21.1 is a loopback address" in long(result.verdict)
    assert "probes.allow_networks" in result.remedy


async def test_a_subject_without_an_address_is_bad_input() -> None:
    """The sentence says what is missing."""
    with pytest.raises(BadInput, match="no host or address"):
        await pinged(FakeIcmp(lambda *_: None))


async def test_a_name_without_an_address_is_a_finding() -> None:
    """DNS that fails is a result, not an error."""

    async def nothing(_host: str) -> list[str]:
        raise OSError("no such name")

    probe = PingProbe(icmp=FakeIcmp(lambda *_: None), policy=ProbePolicy(resolve=nothing), clock=system_clock)
    result = await probe.run(Subject("x", hosts=("gone.example",)), progress=lambda _result: None)

    assert result.measured and not result.ok
    assert long(result.verdict) == "gone.example: the name can't be looked up"


async def test_the_schedule_is_kept_and_the_end_does_not_wait_for_the_dead() -> None:
    """Rounds begin on time; an address that never answered gets as long as an MTR gives it, and no more.

    A busy machine takes a moment longer; twice as long would be a second wait.
    """
    loop = asyncio.get_running_loop()
    network = FakeIcmp(lambda to, *_: None if to == ADDRESSES[0] else Says(to))
    started = loop.time()
    await pinged(network, *ADDRESSES)

    assert FIRST_ANSWER_S <= loop.time() - started < 1.8 * FIRST_ANSWER_S
