"""A sweep of several targets: what its message and its record hold of thousands of addresses."""

from dataclasses import replace

from bot.clock import system_clock
from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.cards import card
from bot.probes.checklist import fleet_lines
from bot.probes.icmp.peers import PING
from bot.probes.icmp.ping import LISTED, MANY, PingProbe
from bot.probes.model import About, Fault, ProbeResult, Subject, Verdict
from bot.probes.policy import ProbePolicy
from tests.fake_probe import counted
from tests.hostile import NOW
from tests.probes.icmp.fake_icmp import FakeIcmp, Says
from tests.slack_limits import texts

SUBJECT = Subject("all targets")


def swept(verdict: Verdict) -> Batch:
    result = ProbeResult("ping", "all targets", verdict, NOW, 10.5)
    run = ProbeRun(1, 1, "target", "ping", "all targets", RunState.DONE, SUBJECT, result=result)
    return Batch(1, "smoke all targets", "", "", "C1", RunState.DONE, NOW, runs=(run,), fleet=True)


def failing(*addresses: str, failed: int = 0, among: int = 10_000) -> Verdict:
    faults = tuple(Fault(About(each, each), "no answer to 10", counted(10), "silent") for each in addresses)
    return replace(PING.verdict(About("all targets"), "has trouble", faults=faults, among=among), failed=failed)


def test_targets_are_told_the_worst_first_in_ten_lines() -> None:
    titles = {f"10.0.{group}.{number}": f"Gateway {group}" for group in range(9) for number in range(group + 1)}
    batch = swept(failing(*titles))
    lines = fleet_lines(batch, titles)
    assert lines[0] == "*Gateway 8*: 10.0.8.0: no answer to 10, 10.0.8.1: no answer to 10 and 7 more"
    assert lines[-1] == "and 3 more targets, see *Details*."

    shown = "\n".join(texts(list(card(batch, titles=titles).blocks)))
    assert "45 of 10000 addresses don't answer" in shown and len(lines) + 2 <= 10


def test_how_many_fail_is_told_where_not_all_are_listed() -> None:
    lines = fleet_lines(swept(failing("10.0.0.1", "10.0.0.2", failed=4000)), {})
    assert lines[-1] == "The worst 2 are listed: the file in *Details* has all."
    assert "4000 of 10000" in "\n".join(texts(list(card(swept(failing("10.0.0.1", "10.0.0.2", failed=4000))).blocks)))


def test_where_all_is_fine_nothing_is_listed() -> None:
    assert fleet_lines(swept(PING.verdict(About("all targets"), "", among=9)), {}) == []


async def test_of_thousands_the_record_has_the_worst_and_the_file_all() -> None:
    """None answers: each is bad, and the message says so of all of them."""
    addresses = tuple(f"8.{number // 62_500}.{number // 250 % 250}.{1 + number % 250}" for number in range(MANY + 500))
    icmp = FakeIcmp(lambda _address, _ttl, _number: None)
    policy = ProbePolicy(allow_networks=("8.0.0.0/8",))
    probe = PingProbe(icmp=icmp, policy=policy, clock=system_clock, count=1, interval_s=0.01)
    seen: list[ProbeResult] = []
    result = await probe.run(Subject("fleet", addresses=addresses, trusted=True), progress=seen.append)

    assert (len(result.readings), len(result.verdict.faults), result.verdict.failing) == (LISTED, LISTED, MANY + 500)
    assert result.report.count("no answer") >= MANY + 500 and seen == []


async def test_while_thousands_are_swept_the_message_says_how_many_answer() -> None:
    addresses = tuple(f"8.0.{number // 250}.{1 + number % 250}" for number in range(MANY + 1))
    policy = ProbePolicy(allow_networks=("8.0.0.0/8",))
    icmp = FakeIcmp(lambda to, _ttl, _number: Says(to))
    probe = PingProbe(icmp=icmp, policy=policy, clock=system_clock, count=2, interval_s=0.01)
    seen: list[ProbeResult] = []
    result = await probe.run(Subject("fleet", addresses=addresses, trusted=True), progress=seen.append)

    assert [each.waiting.partition(" ")[2] for each in seen] == ["of 1,000 addresses answer so far…"]
    assert result.ok and not result.verdict.faults
