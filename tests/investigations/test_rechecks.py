"""What a form says of probes that ran again: as sure as they are, and nothing that was not measured."""

from dataclasses import replace

import pytest

from bot.investigations.recheck_cards import notice, words
from bot.investigations.recheck_model import Rechecked, RecheckProgress, read
from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.findings import failed
from bot.probes.icmp.peers import PING
from bot.probes.model import About, Fault, Numbers, ProbeResult, Subject, Verdict
from bot.probes.wording.summary import still
from bot.status.model import SourceKind, StatusReport, TargetStatus
from tests.fake_probe import counted, result
from tests.hostile import NOW
from tests.slack_limits import texts

BAD, FINE = result("ping", "U.S. East", lost=5), result("ping", "U.S. East")


def run(number: int, result: ProbeResult | None, *, kind: str = "", place: str = "", step: str = "target") -> ProbeRun:
    state = RunState.DONE if result else RunState.QUEUED
    named = kind or (result.kind if result else "ping")
    return ProbeRun(number, 1, step, named, "U.S. East", state, Subject("U.S. East"), result=result, place=place)


def batch(*runs: ProbeRun, state: RunState = RunState.DONE, target: str = "us-east") -> Batch:
    return Batch(1, "Playbook", "gateway", target, "C1", state, NOW, runs=runs)


def said(*runs: ProbeRun, state: RunState = RunState.DONE) -> str:
    return words(read(1, "U.S. East", batch(*runs, state=state), None))


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ((("a", 5, "loss"),), "50 % loss to a"),
        ((("a", 5, "loss"), ("b", 10, "silent")), "50 % loss to a and no answer from b"),
        ((("a", 5, "loss"), ("b", 3, "loss"), ("c", 2, "loss"), ("d", 9, "loss"), ("e", 9, "loss")), "and 2 more"),
        ((("a", 0, "slow"),), "a: 0 of 10 lost"),
    ],
)
def test_what_still_fails_is_told_by_address(faults: tuple[tuple[str, int, str], ...], expected: str) -> None:
    parts = tuple(Fault(About(name), f"{lost} of 10 lost", counted(lost), cause) for name, lost, cause in faults)
    verdict = PING.verdict(About("U.S. East"), "loses packets", faults=parts, among=9)

    assert expected in still(verdict)


def test_the_same_loss_is_told_once_whoever_saw_it() -> None:
    """From here and from two places, by MTR: one figure, and nothing of where it may begin."""
    lossy = result("mtr", "U.S. East", lost=4)
    lossy = replace(lossy, verdict=replace(lossy.verdict, caveats=("only one way was looked at",)))
    told_text = said(run(1, lossy), run(2, lossy, place="Berlin"), run(3, lossy, place="Brisbane"))

    assert told_text == "Still failing: 40 % loss to 10.1.2.3."


def test_doubt_of_a_verdict_stays_with_it() -> None:
    """A caveat belongs to every shorter form."""
    verdict = replace(BAD.verdict, caveats=("they lose alike",))

    assert still(verdict) == "50 % loss to 10.1.2.3; they lose alike"


def test_what_failed_once_runs_again_though_it_passed_since() -> None:
    """What comes and goes is what people close too early."""
    first, since = batch(run(1, BAD)), batch(run(2, FINE))

    assert [run.id for run in failed([first, since], "us-east")] == [1]


def test_only_the_target_itself_runs_again() -> None:
    """Not its control, not another target, not what could not be measured, and no trace beside its ping."""
    barred = result("tls", "U.S. East", barred="no ICMP")
    own = batch(run(1, BAD, step="control"), run(2, barred), run(3, BAD), run(4, result("mtr", "x", lost=5)))

    assert [item.id for item in failed([own, batch(run(9, BAD), target="us-west")], "us-east")] == [3]


def test_places_run_again_too_after_what_is_seen_from_here() -> None:
    """A trace from elsewhere has no ping beside it."""
    there = run(1, result("mtr", "U.S. East", lost=10), place="Brisbane")

    assert [item.id for item in failed([batch(there, run(2, BAD))], "us-east")] == [2, 1]


def test_all_pass_is_said_only_where_all_were_measured() -> None:
    """Cancelled, interrupted and barred ones are no green."""
    barred = result("tls", "U.S. East", barred="no route")
    cancelled = replace(run(3, None), state=RunState.CANCELLED)

    assert said(run(1, FINE), run(2, FINE)) == "All 2 checks pass now."
    assert said(run(1, FINE), run(2, barred)) == "1 of 2 checks passes now. Not measured: tls couldn't run (no route)."
    assert said(run(1, FINE), cancelled) == "1 of 2 checks passes now. Not measured: ping was cancelled."
    assert said(run(1, BAD), run(2, FINE)) == "Still failing: 50 % loss to 10.1.2.3. 1 of 2 checks passes now."


def test_a_loss_that_may_be_chance_is_told_with_the_green() -> None:
    chance = PING.verdict(About("a"), numbers=Numbers(10, 1, median_ms=9.0), may_be_chance=True, caveats=("x",))

    assert "May be chance: " in said(run(1, replace(FINE, verdict=chance)))


def test_source_that_does_not_answer_says_nothing_about_alerts() -> None:
    """Neither that one fires nor that none does."""
    away = StatusReport("ops", "Alertmanager", SourceKind.ALERTS, read_at=NOW, failing_since=NOW)
    rechecked = read(1, "U.S. East", batch(run(1, FINE)), TargetStatus("us-east", (away,)))

    assert words(rechecked) == "The check passes now. Alertmanager doesn't answer, so alerts may be missing."
    assert ":white_circle:" in str(notice([rechecked]))


def test_running_ones_are_counted_and_late_ones_named() -> None:
    rechecked = read(1, "U.S. East", batch(run(1, BAD), run(2, None), state=RunState.RUNNING), None)

    assert words(rechecked) == "Running the 2 checks… Still failing: 50 % loss to 10.1.2.3."
    assert words(rechecked, late=True).startswith("Still waiting for 1 of 2 checks.")


def test_probes_that_cannot_be_asked_for_say_why() -> None:
    rechecked = read(1, "U.S. East", None, None, why="You have 10 probes waiting already.")

    assert words(rechecked) == "It can't be checked now. You have 10 probes waiting already."


def test_several_investigations_are_told_apart_and_nothing_formats() -> None:
    """A target's name is configuration, a host's answer is not."""
    one = Rechecked(
        1,
        "INV-1",
        "U.S. East",
        RecheckProgress.ENDED,
        failed=1,
        failing=(Verdict("tls", About("x"), "*bold* <!channel>", among=0),),
    )
    page_text = "\n".join(texts(notice([one, replace(one, investigation_id=2, name="INV-2", failing=(), passing=1)])))

    assert "*INV-1 U.S. East*: Still failing: " in page_text and "*INV-2 U.S. East*: The check" in page_text
    assert "<!channel>" not in page_text
