"""What is true of a target now, of all that was measured in an investigation."""

from dataclasses import replace

from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.findings import Findings, findings
from bot.probes.icmp.path_facts import PathEnd, PathFacts
from bot.probes.model import ProbePlace, ProbeResult, Subject
from tests.fake_probe import result
from tests.hostile import NOW

LOSS, FINE = result("mtr", "U.S. East", lost=4), result("mtr", "U.S. East")


def run(number: int, outcome: ProbeResult, *, step: str = "target", place: str = "") -> ProbeRun:
    subject = Subject(outcome.label)
    return ProbeRun(
        number, number, step, outcome.kind, outcome.label, RunState.DONE, subject, result=outcome, place=place
    )


def batch(*runs: ProbeRun, target: str = "us-east") -> Batch:
    return Batch(runs[0].id, "probes", "", target, "C1", RunState.DONE, NOW, runs=runs)


def told(found: Findings) -> list[tuple[str, bool]]:
    return [(each.kind, each.result.ok) for each in found.own if each.result]


def test_another_target_and_a_typed_host_change_nothing() -> None:
    """`probe mtr us-west` in a thread about U.S. East is about U.S. West."""
    other = batch(run(2, result("mtr", "U.S. West")), target="us-west")
    typed = batch(run(3, result("mtr", "example.com")), target="")

    assert told(findings([batch(run(1, LOSS)), other, typed], "us-east")) == [("mtr", False)]


def test_the_newest_of_a_kind_counts() -> None:
    """What was lost before and is not any more is over."""
    assert told(findings([batch(run(1, LOSS)), batch(run(2, FINE))], "us-east")) == [("mtr", True)]
    assert told(findings([batch(run(1, FINE)), batch(run(2, LOSS))], "us-east")) == [("mtr", False)]


def test_what_could_not_be_measured_replaces_nothing() -> None:
    """A refusal, a kind that is not configured, and a run that never ended."""
    barred = result("mtr", "U.S. East", barred="No ICMP from here")
    interrupted = replace(run(3, FINE), state=RunState.INTERRUPTED)

    batches = [batch(run(1, LOSS)), batch(run(2, barred)), batch(interrupted)]
    assert told(findings(batches, "us-east")) == [("mtr", False)]
    assert findings([batch(run(2, barred))], "us-east") == Findings()


def test_failures_come_first_and_the_worst_of_them_before_all() -> None:
    """A dead target before one that loses four of ten, and that before what is fine."""
    dead = run(3, result("ping", "U.S. East", lost=10))
    found = findings([batch(run(1, result("http", "U.S. East")), run(2, LOSS), dead)], "us-east")

    assert [each.kind for each in found.own] == ["ping", "mtr", "http"]
    assert [each.kind for each in found.failing] == ["ping", "mtr"]


def test_a_host_that_may_ignore_pings_is_not_the_worst() -> None:
    """Half of the packets lost to the website says more than an end of the way that never answers."""
    silent = result("mtr", "U.S. East", lost=10)
    silent = replace(silent, verdict=replace(silent.verdict, path=PathFacts(hops=8, cycles=10, end=PathEnd.SILENT)))
    http = run(2, result("http", "U.S. East", lost=5))

    assert [each.kind for each in findings([batch(run(1, silent), http)], "us-east").own] == ["http", "mtr"]


def test_the_control_is_beside_it_and_never_the_finding() -> None:
    """Also where it is the only one that fails."""
    control = run(2, result("mtr", "U.S. West", lost=4), step="control")
    found = findings([batch(run(1, FINE), control)], "us-east")

    assert told(found) == [("mtr", True)]
    assert [each.id for each in found.control] == [2]


def test_each_place_has_a_finding_of_its_own() -> None:
    """What is fine from Berlin does not mend what is lost from here."""
    there = run(2, replace(FINE, place=ProbePlace("Berlin", "DE")), place="Berlin")
    found = findings([batch(run(1, LOSS)), batch(there)], "us-east")

    assert [(each.place, each.result.ok) for each in found.own if each.result] == [("", False), ("Berlin", True)]
