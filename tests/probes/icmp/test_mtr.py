"""Traces and the mtr probe, over a network that is a function."""

import asyncio
import random
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.clock import system_clock
from bot.probes.icmp.echo import Icmp
from bot.probes.icmp.mtr import MtrProbe
from bot.probes.icmp.packets import IcmpKind
from bot.probes.icmp.routers import SharedRouters
from bot.probes.model import ProbeResult, Subject
from bot.probes.policy import ProbePolicy
from bot.probes.wording import long
from tests.eventually import eventually
from tests.probes.icmp.fake_icmp import FakeIcmp, Says, path_of

TARGET = "10.9.9.9"
ROUTERS = ("10.0.0.1", "10.0.0.2", "10.0.0.3")
PRIVATE = ProbePolicy(allow_networks=["10.0.0.0/8"])


def probe_over(icmp: Icmp, *, cycles: int = 10, interval_s: float = 0.0, ladder: Sequence[int] = ()) -> MtrProbe:
    interval_s = interval_s or (0.005 if ladder else 0.02)
    return MtrProbe(
        icmp=icmp, policy=PRIVATE, clock=system_clock, cycles=cycles, routers=SharedRouters(interval_s), ladder=ladder
    )


async def traced(icmp: FakeIcmp, *addresses: str, **settings: float) -> ProbeResult:
    probe = probe_over(icmp, **settings)  # type: ignore[arg-type]
    return await probe.run(Subject("U.S. East", addresses=addresses or (TARGET,)), progress=lambda _result: None)


def hosts(result: ProbeResult) -> list[str]:
    return [reading.address or "???" for reading in result.readings]


async def test_a_clean_path_ends_at_the_target() -> None:
    """The report has every hop once, each asked once a cycle."""
    result = await traced(FakeIcmp(path_of(*ROUTERS, to=TARGET)))

    assert result.ok
    assert hosts(result) == [*ROUTERS, TARGET]
    assert {reading.numbers.sent for reading in result.readings} == {10}
    assert long(result.verdict).startswith("No loss to 10.9.9.9 over 4 hops: 0 of 10 lost")


async def test_a_silent_hop_is_kept_and_costs_no_time() -> None:
    """A router that never answers is a row of question marks."""
    started = asyncio.get_running_loop().time()
    result = await traced(FakeIcmp(path_of("10.0.0.1", "", "10.0.0.3", to=TARGET)))

    assert hosts(result) == ["10.0.0.1", "???", "10.0.0.3", TARGET]
    assert result.ok
    assert asyncio.get_running_loop().time() - started < 0.4


async def test_loss_that_goes_on_to_the_end_is_named_where_it_begins() -> None:
    """The second router and all behind it lose the same packets."""
    clean = path_of(*ROUTERS, to=TARGET)
    result = await traced(FakeIcmp(lambda to, ttl, n: None if ttl >= 3 and n % 2 else clean(to, ttl, n)))

    assert not result.ok
    assert long(result.verdict).startswith(
        "5 of 10 packets to 10.9.9.9 are lost; the loss starts at hop 3 (10.0.0.3) or the target itself"
    )


async def test_loss_at_a_middle_hop_alone_is_its_rate_limit() -> None:
    """A router that limits its own answers forwards well."""
    clean = path_of(*ROUTERS, to=TARGET)
    result = await traced(FakeIcmp(lambda to, ttl, n: None if ttl == 2 and n % 2 else clean(to, ttl, n)))

    assert result.ok
    assert "hop 2 (5 of 10 lost) limits its own answers" in long(result.verdict)


async def test_balanced_routers_are_all_shown() -> None:
    """Several addresses at one distance are one hop."""
    clean = path_of(*ROUTERS, to=TARGET)

    def two_ways(to: str, ttl: int, number: int) -> Says | None:
        return Says(f"10.0.1.{number % 2}", IcmpKind.TTL_EXCEEDED) if ttl == 2 else clean(to, ttl, number)

    result = await traced(FakeIcmp(two_ways))

    assert set(result.readings[1].cells[1].split(", ")) == {"10.0.1.0", "10.0.1.1"}
    assert "    |  `|-- 10.0.1.0\n" in result.report


async def test_a_dead_target_shows_the_last_hop_that_answers() -> None:
    """One row of question marks follows it, as in mtr."""
    clean = path_of(*ROUTERS, to=TARGET)
    result = await traced(FakeIcmp(lambda to, ttl, n: clean(to, ttl, n) if ttl <= 3 else None), cycles=3)

    assert hosts(result) == [*ROUTERS, "???"]
    assert (
        long(result.verdict)
        == "10.9.9.9 does not answer ping; the path answers up to hop 3 (10.0.0.3), which may be a firewall"
    )


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        (range(15, 25), r"10\.9\.9\.9 was away for \d+\.\d s from "),
        (range(30, 40), r"10\.9\.9\.9 stopped answering at "),
    ],
)
async def test_a_time_without_answers_is_told_as_that(lost: range, told: str) -> None:
    """And not as a percentage; where it starts is told as of any loss."""
    clean = path_of(*ROUTERS, to=TARGET)
    icmp = FakeIcmp(lambda to, ttl, number: None if ttl >= 3 and number in lost else clean(to, ttl, number))
    result = await traced(icmp, cycles=40)

    assert re.match(told, long(result.verdict)) and "10 of 40" not in long(result.verdict)
    assert "UTC; the loss starts at hop 3 (10.0.0.3)" in long(result.verdict)


async def test_loss_of_one_flow_is_another_way() -> None:
    """The hops are on a good one, and are not blamed."""
    icmp = FakeIcmp(path_of(*ROUTERS, to=TARGET), loses=lambda echo: echo.flow in (2, 5))
    result = await traced(icmp, cycles=5, interval_s=1.0)

    assert "2 of 9 flows lose packets (" in long(result.verdict)
    assert "the others none: one of several equal ways is bad, and the hops show another" in long(result.verdict)
    assert result.verdict.path and result.verdict.path.begins is None
    assert [reading.ok for reading in result.readings] == [True, True, True, False]


async def test_a_target_that_another_flow_reaches_is_there() -> None:
    """The hops' own way is dead behind router 3."""
    icmp = FakeIcmp(path_of(*ROUTERS, to=TARGET), loses=lambda echo: not echo.flow and echo.ttl > 3)
    result = await traced(icmp, cycles=8, interval_s=0.4)

    assert result.verdict.path and result.verdict.path.reached and not result.ok
    assert "nothing of the hops' own flow arrives, whose way answers up to hop 3 (10.0.0.3)" in long(result.verdict)


async def test_rows_say_what_is_remarkable_and_only_loss_is_bad() -> None:
    """A limiting, a silent and a clean router are as they should be."""
    clean = path_of("10.0.0.1", "10.0.0.2", "", "10.0.0.4", "10.0.0.5", to=TARGET)

    def network(to: str, ttl: int, number: int) -> Says | None:
        is_lost = number % 4 == ttl % 4 if ttl > 3 else ttl == 2 and number % 10 < 8
        return None if is_lost else clean(to, ttl, number)

    result = await traced(FakeIcmp(network), cycles=60, interval_s=0.01)

    assert [(reading.ok, reading.cause) for reading in result.readings] == [
        (True, ""),
        (True, "limited"),
        (True, "silent"),
        *[(False, "loss")] * 3,
    ]
    assert result.readings[1].reason == "48 of 60 lost, limits its own answers"


async def test_a_router_that_says_unreachable_ends_the_path() -> None:
    """Its word is in the verdict."""
    clean = path_of(*ROUTERS, to=TARGET)
    no = Says("10.0.0.2", IcmpKind.UNREACHABLE, words="host unreachable")
    result = await traced(FakeIcmp(lambda to, ttl, n: clean(to, ttl, n) if ttl < 2 else no))

    assert hosts(result)[:2] == ["10.0.0.1", "10.0.0.2"]
    assert long(result.verdict) == "10.9.9.9 is not reached: hop 2 (10.0.0.2) says host unreachable"


async def test_a_path_longer_than_the_first_look_is_followed_to_its_end() -> None:
    """Distances are added as answers come, within the first cycle."""
    routers = [f"10.0.2.{n}" for n in range(20)]
    result = await traced(FakeIcmp(path_of(*routers, to=TARGET)), cycles=1)

    assert hosts(result) == [*routers, TARGET]


async def test_answers_slower_than_the_interval_are_not_lost() -> None:
    """Each answer is credited to its own cycle, and the last wait suffices."""
    result = await traced(FakeIcmp(lambda *_: Says(TARGET, after_s=0.09)), interval_s=0.01)

    assert result.readings[0].numbers.loss_pct == 0


async def test_a_path_of_a_second_and_a_half_loses_nothing() -> None:
    """Answers slower than the interval, and than every fixed wait: those of the last cycle count too."""
    result = await traced(FakeIcmp(lambda *_: Says(TARGET, after_s=1.5)), cycles=3, interval_s=0.1)

    assert (result.readings[0].numbers.loss_pct, result.readings[0].numbers.sent) == (0, 3)
    assert result.duration_s < 2.0


async def test_a_slow_answer_to_the_only_cycle_is_waited_for() -> None:
    """A router that takes its time is not yet silent."""
    clean = path_of("10.0.0.1", to=TARGET)
    slow = Says("10.0.0.1", IcmpKind.TTL_EXCEEDED, after_s=0.15)
    result = await traced(FakeIcmp(lambda to, ttl, n: slow if ttl == 1 else clean(to, ttl, n)), cycles=1)

    assert hosts(result) == ["10.0.0.1", TARGET]


async def test_the_target_is_asked_more_often_than_the_routers() -> None:
    """Five probes a second to the end, one to each hop, and the counts say so."""
    result = await traced(FakeIcmp(path_of(*ROUTERS, to=TARGET)), cycles=2, interval_s=1.0)

    assert [reading.numbers.sent for reading in result.readings] == [2, 2, 2, 6]


async def test_packets_on_their_way_are_not_lost_yet() -> None:
    """A table on the way counts what was answered or is late."""
    seen: list[ProbeResult] = []
    icmp = FakeIcmp(lambda _to, _ttl, number: Says(TARGET, after_s=0.01 if number == 0 else 0.5))
    await probe_over(icmp, cycles=4, interval_s=0.4).run(Subject("x", addresses=(TARGET,)), progress=seen.append)

    assert [result.readings[0].numbers.sent for result in seen] == [1, 4]
    assert {result.readings[0].numbers.loss_pct for result in seen} == {0}


async def test_what_this_machine_drops_is_said() -> None:
    """Its own loss is not the path's."""
    icmp = FakeIcmp(path_of(to=TARGET))

    def dropping(to: str, ttl: int, number: int) -> Says | None:
        icmp.drops += number == 1
        return Says(to)

    icmp.network = dropping
    result = await traced(icmp, cycles=2)

    assert long(result.verdict).endswith(
        "this machine itself dropped 1 arriving packet, so loss may be its own: run it again"
    )


async def test_both_families_of_a_name_are_compared() -> None:
    """The worse one is traced, and the verdict says how they differ."""
    policy = ProbePolicy(allow_networks=["10.0.0.0/8", "fd00::/8"])
    icmp = FakeIcmp(lambda to, *_: None if ":" in to else Says(to))
    probe = MtrProbe(icmp=icmp, policy=policy, clock=system_clock, cycles=1, routers=SharedRouters(1.0))
    result = await probe.run(Subject("x", addresses=(TARGET, "fd00::9")), progress=lambda _result: None)

    assert result.verdict.about.address == "fd00::9"
    assert long(result.verdict).endswith("; IPv6 does not answer at all, IPv4 does")


async def test_the_first_table_comes_after_the_first_cycle() -> None:
    """Progress shows one row per hop with one packet each, then at most one table a second."""
    seen: list[ProbeResult] = []
    await probe_over(FakeIcmp(path_of(*ROUTERS, to=TARGET))).run(
        Subject("x", addresses=(TARGET,)), progress=seen.append
    )

    assert [result.readings[0].numbers.sent for result in seen] == [1]
    assert not seen[0].report


async def test_a_second_caller_joins_the_first() -> None:
    """One run per address: no hop is asked twice a cycle, and both get the result under their own label."""
    icmp = FakeIcmp(path_of(to=TARGET))
    probe = probe_over(icmp)
    runs = [probe.run(Subject(label, addresses=(TARGET,)), progress=lambda _result: None) for label in ("one", "two")]
    one, two = await asyncio.gather(*runs)

    assert (one.label, two.label) == ("one", "two")
    assert (one.verdict, one.readings) == (two.verdict, two.readings)
    assert sum(echo.ttl == 1 for echo in icmp.sent) == 10


async def test_the_trace_lives_while_anybody_looks() -> None:
    """One caller leaving changes nothing for the other; the last to leave ends it."""
    icmp = FakeIcmp(path_of(to=TARGET))
    probe = probe_over(icmp, cycles=500)
    subject = Subject("x", addresses=(TARGET,))
    first, second = (asyncio.create_task(probe.run(subject, progress=lambda _result: None)) for _ in range(2))
    await eventually(lambda: len(icmp.sent) > 9)
    first.cancel()
    sent = len(icmp.sent)
    await eventually(lambda: len(icmp.sent) > sent)
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)

    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("mtr ")]


async def test_of_several_addresses_the_worst_is_traced() -> None:
    """A moment of pings chooses."""
    icmp = FakeIcmp(lambda to, _ttl, number: None if to == "10.9.9.8" and number % 2 else Says(to))
    result = await traced(icmp, TARGET, "10.9.9.8", "10.9.9.7")

    assert result.verdict.about.address == "10.9.9.8"


async def test_nothing_sent_is_said() -> None:
    """A send error is the verdict."""
    result = await traced(FakeIcmp(lambda *_: None, unsent="this machine could not send: no route"), cycles=1)

    assert long(result.verdict) == "Nothing could be sent to 10.9.9.9: this machine could not send: no route"


@pytest.mark.parametrize("lost", [0, 5])
async def test_the_report_goes_with_the_result(lost: int) -> None:
    """The file is named after the address and the start."""
    result = await traced(FakeIcmp(lambda to, _ttl, number: None if number < lost else Says(to)))

    assert result.report.startswith("Start: ")
    assert result.report_name == f"mtr-10.9.9.9-{result.started_at:%Y%m%dT%H%M%SZ}.txt"
    assert result.readings[0].numbers.loss_pct == lost * 10


class TestLadder:
    """Where packets are lost, the same run goes on by itself to say where."""

    async def test_loss_is_answered_at_once_and_its_place_later(self) -> None:
        """Ten cycles say that there is loss; thirty and a hundred narrow the place, in the same run."""
        probe = probe_over(losing_from(5, of=9), ladder=(30, 100))
        first = await probe.run(Subject("x", addresses=(TARGET,)), progress=lambda _result: None)
        seen: list[ProbeResult] = []
        last = await probe.refine(first, progress=seen.append)

        assert (first.goes_on_to, last.goes_on_to) == (30, 0)
        assert [result.goes_on_to for result in seen if result.readings[0].numbers.sent == 30] == [100]
        assert [result.readings[0].numbers.sent for result in (first, last)] == [10, 100]
        assert width(last) <= width(first)
        assert holds(last, 5) and holds(first, 5)
        assert last.report and last.started_at == first.started_at

    async def test_a_clean_path_goes_nowhere(self) -> None:
        """Nothing is lost, so nothing is open."""
        result = await probe_over(FakeIcmp(path_of(*ROUTERS, to=TARGET)), ladder=(30, 100)).run(
            Subject("x", addresses=(TARGET,)), progress=lambda _result: None
        )

        assert result.goes_on_to == 0

    async def test_a_result_whose_run_is_gone_is_the_last(self) -> None:
        """After a restart nobody goes on."""
        probe = probe_over(losing_from(5, of=9), ladder=(30,))
        first = await probe.run(Subject("x", addresses=(TARGET,)), progress=lambda _result: None)
        later = probe_over(losing_from(5, of=9), ladder=(30,))

        assert (await later.refine(first, progress=lambda _result: None)).goes_on_to == 0

    async def test_whoever_leaves_last_ends_it(self) -> None:
        """A cancelled wait leaves no trace running."""
        icmp = losing_from(5, of=9)
        probe = probe_over(icmp, ladder=(100_000,))
        first = await probe.run(Subject("x", addresses=(TARGET,)), progress=lambda _result: None)
        waiting = asyncio.create_task(probe.refine(first, progress=lambda _result: None))
        sent = len(icmp.sent)
        await eventually(lambda: len(icmp.sent) > sent + 50)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

        assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("mtr ")]

    async def test_whoever_does_not_come_back_leaves_nothing_running(self) -> None:
        """A run that nobody refines ends by itself, soon."""
        icmp = losing_from(5, of=9)
        await probe_over(icmp, ladder=(100_000,)).run(Subject("x", addresses=(TARGET,)), progress=lambda _result: None)

        assert running()
        await eventually(lambda: not running(), within_s=15.0)

    async def test_everybody_who_has_a_result_can_wait_for_a_better_one(self) -> None:
        """One trace for two runs: each goes on under its own label, and one that leaves stops nobody."""
        icmp = losing_from(5, of=9)
        probe = probe_over(icmp, ladder=(30,))
        labels = ("one", "two", "three")
        firsts = await asyncio.gather(
            *(probe.run(Subject(label, addresses=(TARGET,)), progress=lambda _result: None) for label in labels)
        )
        sent = len(icmp.sent)
        waiting = [asyncio.create_task(probe.refine(first, progress=lambda _result: None)) for first in firsts]
        await eventually(lambda: len(icmp.sent) > sent)
        waiting[0].cancel()
        lasts = await asyncio.gather(*waiting[1:])

        assert [(last.label, last.readings[0].numbers.sent) for last in lasts] == [("two", 30), ("three", 30)]
        assert sum(echo.ttl == 1 for echo in icmp.sent) == 30

    async def test_the_first_of_two_may_leave_before_the_other_comes_back(self) -> None:
        """Whoever has a result has time to ask for more."""
        icmp = losing_from(5, of=9)
        probe = probe_over(icmp, ladder=(30,))
        one, two = [
            await probe.run(Subject(label, addresses=(TARGET,)), progress=lambda _result: None) for label in "ab"
        ]
        sent = len(icmp.sent)
        leaving = asyncio.create_task(probe.refine(one, progress=lambda _result: None))
        await eventually(lambda: len(icmp.sent) > sent)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        last = await probe.refine(two, progress=lambda _result: None)

        assert last.readings[0].numbers.sent == 30

    async def test_who_comes_later_gets_what_is_known_at_once(self) -> None:
        """The trace of another is past its first cycles: nobody waits for them again."""
        icmp = losing_from(5, of=9)
        probe = probe_over(icmp, ladder=(30, 100))
        first = await probe.run(Subject("x", addresses=(TARGET,)), progress=lambda _result: None)
        waiting = asyncio.create_task(probe.refine(first, progress=lambda _result: None))
        await eventually(lambda: sum(echo.ttl == 1 for echo in icmp.sent) > 30)
        later = await probe.run(Subject("later", addresses=(TARGET,)), progress=lambda _result: None)

        assert (later.label, later.readings[0].numbers.sent, later.goes_on_to) == ("later", 30, 100)
        assert (await waiting).readings[0].numbers.sent == 100

    async def test_an_old_result_is_not_continued_by_a_newer_run(self) -> None:
        """What it came from has ended; what runs now is somebody else's."""
        probe = probe_over(losing_from(5, of=9), ladder=(40,))
        subject = Subject("x", addresses=(TARGET,))
        first = await probe.run(subject, progress=lambda _result: None)
        await eventually(lambda: not running(), within_s=15.0)
        newer = await probe.run(subject, progress=lambda _result: None)

        assert newer.goes_on_to == 40
        assert await probe.refine(first, progress=lambda _result: None) == replace(first, goes_on_to=0)

    async def test_tables_are_shown_now_and_then(self) -> None:
        """At each step; one a second would be a hundred."""
        seen: list[ProbeResult] = []
        probe = probe_over(losing_from(5, of=9), ladder=(30, 60, 90))
        first = await probe.run(Subject("x", addresses=(TARGET,)), progress=lambda _result: None)
        await probe.refine(first, progress=seen.append)

        assert [result.readings[0].numbers.sent for result in seen] == [10, 30, 60]
        assert [result.goes_on_to for result in seen] == [30, 60, 90]

    async def test_the_run_goes_on_without_a_break(self) -> None:
        """Whoever comes back late has lost no cycle."""
        icmp = losing_from(5, of=9)
        probe = probe_over(icmp, ladder=(500,))
        await probe.run(Subject("x", addresses=(TARGET,)), progress=lambda _result: None)

        await eventually(lambda: sum(echo.ttl == 1 for echo in icmp.sent) > 20)

    async def test_a_longer_run_is_not_cut_by_a_shorter_one(self) -> None:
        """They share one trace, which goes as far as anybody wants."""
        icmp = FakeIcmp(path_of(*ROUTERS, to=TARGET))
        probe = probe_over(icmp)
        short, longer = await asyncio.gather(
            *(
                probe.run(Subject("x", addresses=(TARGET,), cycles=cycles), progress=lambda _result: None)
                for cycles in (10, 25)
            )
        )

        assert [result.readings[0].numbers.sent for result in (short, longer)] == [10, 25]
        assert sum(echo.ttl == 1 for echo in icmp.sent) == 25

    async def test_who_is_known_to_reject_is_not_looked_for(self) -> None:
        """No packet was lost otherwise, so more of them say nothing new."""
        clean = path_of(*ROUTERS, to=TARGET)
        no = Says("10.0.0.2", IcmpKind.UNREACHABLE, words="packet filtered", filtered=True)
        icmp = FakeIcmp(lambda to, ttl, number: no if ttl > 2 and number % 3 == 1 else clean(to, ttl, number))
        result = await probe_over(icmp, ladder=(30,)).run(
            Subject("x", addresses=(TARGET,)), progress=lambda _result: None
        )

        assert "hop 2 (10.0.0.2) rejects 3 of 10 packets to 10.9.9.9: filtered by a firewall" in long(result.verdict)
        assert (result.ok, result.goes_on_to) == (False, 0)

    async def test_more_cycles_can_be_asked_for(self) -> None:
        """A person's "100 more" are made at once."""
        subject = Subject("x", addresses=(TARGET,), cycles=40)
        result = await probe_over(losing_from(5, of=9), ladder=()).run(subject, progress=lambda _result: None)

        assert result.readings[0].numbers.sent == 40


async def test_mtrs_count_together_what_they_share() -> None:
    """To two addresses behind the same routers, at once; one of them alone is told of none."""
    clean = path_of(*ROUTERS, to="")

    def network(to: str, ttl: int, number: int) -> Says | None:
        return (Says(to) if ttl > 3 else clean(to, ttl, number)) if ttl < 3 or number % 2 else None

    probe, subjects = probe_over(FakeIcmp(network)), [Subject("x", addresses=(f"10.9.9.{n}",)) for n in (8, 9)]
    together = await asyncio.gather(*(probe.run(each, progress=lambda _result: None) for each in subjects))
    alone = await probe_over(FakeIcmp(network)).run(subjects[0], progress=lambda _result: None)

    assert "counted with 1 other MTR over the same routers" in long(together[1].verdict)
    assert "counted with" not in long(alone.verdict)


def running() -> list[asyncio.Task[object]]:
    return [task for task in asyncio.all_tasks() if task.get_name().startswith("mtr ")]


def losing_from(hop: int, *, of: int) -> FakeIcmp:
    """A path whose hops lose one packet in four from one of them on, each by a rhythm of its own."""
    clean = path_of(*(f"10.0.0.{ttl}" for ttl in range(1, of)), to=TARGET)

    def is_lost(ttl: int, number: int) -> bool:
        """Drawn for each packet, whenever it is sent."""
        return ttl >= hop and random.Random(f"{ttl} {number}").random() < 0.25

    return FakeIcmp(lambda to, ttl, number: None if is_lost(ttl, number) else clean(to, ttl, number))


def width(result: ProbeResult) -> int:
    begins = result.verdict.path.begins if result.verdict.path else None
    return begins.last.ttl - begins.first.ttl + 1 if begins else 99


def holds(result: ProbeResult, hop: int) -> bool:
    begins = result.verdict.path.begins if result.verdict.path else None
    return begins is None or begins.first.ttl <= hop <= begins.last.ttl
