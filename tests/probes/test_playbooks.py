"""Playbooks: what comes next, and the one line at the end."""

from datetime import UTC, datetime

import pytest

from bot.probes.icmp.loss import Tally
from bot.probes.icmp.path_facts import DelayRise, PathFacts, PathHop
from bot.probes.icmp.path_verdict import MTR
from bot.probes.icmp.peers import judged, sweep_verdict
from bot.probes.model import About, Numbers, ProbeReading, ProbeResult, Verdict
from bot.probes.playbooks import USUAL, is_step, next_steps, read_playbook
from bot.probes.registry import KINDS
from bot.probes.wording.summary import summary
from bot.targets.model import Target

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EAST = Target("us-east", "U.S. East", "gateway", addresses=("127.0.21.1", "127.0.21.2"), control="us-west")
SITE = Target("w", "Website", "website", urls=("https://www.example.com/",))
WEST = Target("us-west", "U.S. West", "gateway", addresses=("127.0.22.1",))


def swept(label: str, *lost: int) -> ProbeResult:
    net = {"U.S. East": "127.0.21", "U.S. West": "127.0.22"}[label]
    readings = tuple(judged(f"{net}.{n}", Tally(10, (1.0,) * (10 - lo))) for n, lo in enumerate(lost, start=1))
    return ProbeResult("ping", label, sweep_verdict(label, readings), NOW, 1.0, readings=readings)


def traced(label: str, *, lost: int = 0, delays: tuple[DelayRise, ...] = ()) -> ProbeResult:
    facts = PathFacts(hops=3, cycles=10, delays=delays)
    wrong = "loses packets" if lost > 1 else ""
    numbers = Numbers(sent=10, lost=lost, average_ms=12.0)
    about = About("x", "10.0.0.3")
    chance = bool(lost) and not wrong
    verdict = MTR.verdict(about, wrong, numbers=numbers, may_be_chance=chance, path=facts)
    return ProbeResult("mtr", label, verdict, NOW, 9.0)


def said(
    kind: str, label: str, *, wrong: str = "", found: str = "", took_s: float = 0.1, **more: object
) -> ProbeResult:
    verdict = Verdict(kind, About(label), wrong, found, among=0)
    return ProbeResult(kind, label, verdict, NOW, took_s, **more)  # type: ignore[arg-type]


def test_a_gateway_is_swept_beside_its_control_first() -> None:
    """The sweep of both begins at once."""
    planned = next_steps(EAST, WEST, ())

    assert [(step.step, step.kind, step.subject.label) for step in planned] == [
        ("target", "ping", "U.S. East"),
        ("control", "ping", "U.S. West"),
    ]


def test_then_the_worst_address_is_traced_beside_the_control() -> None:
    """The sweep decides the address; a gateway without URLs gets no http."""
    done = (("targetping", swept("U.S. East", 0, 4)), ("controlping", swept("U.S. West", 0)))
    planned = next_steps(EAST, WEST, done)

    assert [(step.step, step.kind, step.subject.addresses) for step in planned] == [
        ("worst", "mtr", ("127.0.21.2",)),
        ("control", "mtr", ("127.0.22.1",)),
    ]
    rest = (*done, ("worstmtr", traced("U.S. East")), ("controlmtr", traced("U.S. West")))
    assert next_steps(EAST, WEST, rest) == ()


def test_a_gateway_without_control_is_probed_alone() -> None:
    """Steps that have nothing to look at are left out."""
    assert [step.step for step in next_steps(EAST, None, ())] == ["target"]


def test_an_app_has_no_probes() -> None:
    """Its checks are manual."""
    assert next_steps(Target("app", "App", "app", hosts=("x.example",)), None, ()) == ()


def test_a_website_is_asked_for_looked_up_and_its_certificate_read() -> None:
    """All of it follows from one URL."""
    assert [step.kind for step in next_steps(SITE, None, ())] == ["http", "dns", "tls"]


def looked_at(status: int, took_s: float = 0.3) -> tuple[tuple[str, ProbeResult], ...]:
    """The first round of a website's playbook, whose http has that status (0: no answer)."""
    reading = ProbeReading("https://www.example.com/", status == 200, numbers=Numbers(status=status or None))
    well = said("dns", "Website", found="resolves")
    http = said("http", "Website", wrong="" if status == 200 else "fails", took_s=took_s, readings=(reading,))
    return ("targethttp", http), ("targetdns", well), ("targettls", well)


@pytest.mark.parametrize("status", [200, 503])
def test_a_website_that_answers_is_looked_at_last(status: int) -> None:
    """Also where it answers badly: that is what the customers see."""
    assert [step.kind for step in next_steps(SITE, None, looked_at(status))] == ["page"]
    through = (*looked_at(status), ("targetpage", said("page", "Website", found="shows a page")))
    assert next_steps(SITE, None, through) == ()


def test_a_website_that_does_not_answer_or_is_slow_is_not_looked_at() -> None:
    """There is nothing to see, or no time left for it."""
    assert next_steps(SITE, None, looked_at(0)) == ()
    assert next_steps(SITE, None, looked_at(200, took_s=9.5)) == ()


def test_the_browser_says_no_more_than_the_others_about_the_same() -> None:
    """The status stands in the line once."""
    http = said("http", "Website", wrong="https://w.example/: status 503 Service Unavailable")
    page = said("page", "Website", wrong="https://w.example/: status 503 Service Unavailable")

    assert summary([http, page], ()) == "Website: https://w.example/: status 503 Service Unavailable"
    assert summary([page], ()) == "Website: https://w.example/: status 503 Service Unavailable"


def test_without_a_browser_the_picture_is_left_out() -> None:
    """Nobody in a hurry wants to read that each time."""
    without = {name: kind for name, kind in KINDS.items() if name != "page"}

    assert next_steps(SITE, None, looked_at(200), playbooks={"website": read_playbook(USUAL["website"], without)}) == ()


def test_every_usual_step_is_known() -> None:
    """Playbooks and registry agree."""
    assert [word for words in USUAL.values() for word in words if not is_step(word)] == []


def test_the_verdict_names_the_bad_address_and_the_clean_control() -> None:
    """One line for a person in a hurry."""
    control = [swept("U.S. West", 0), traced("U.S. West")]

    assert summary([swept("U.S. East", 0, 4), said("dns", "U.S. East", wrong="2 of 3 answers fail")], control) == (
        "U.S. East: 127.0.21.2 loses 4 of 10 (1 of 2 addresses is fine); 2 of 3 answers fail; "
        "control U.S. West is clean"
    )


def test_a_clean_path_with_a_delay_is_told_with_it() -> None:
    """An address that is slow against its peers has a hop where that begins."""
    rise = DelayRise(PathHop(2, "10.0.0.2"), after_ms=90.0, before_ms=1.0)
    slow = traced("U.S. East", delays=(rise,))

    told = summary([swept("U.S. East", 0, 4), slow], ())
    assert "the MTR after it shows no loss, and the delay begins at hop 2 (10.0.0.2)" in told
    assert summary([swept("U.S. East", 0, 4), traced("U.S. East")], ()).endswith("the MTR after it is clean")


def test_a_path_with_a_loss_that_may_be_chance_is_not_called_clean() -> None:
    """One of ten lost is no proof, of neither."""
    told = summary([swept("U.S. East", 0, 4), traced("U.S. East", lost=1)], ())

    assert "is clean" not in told and "1 of 10" in told


def test_trouble_on_both_sides_points_at_what_they_share() -> None:
    """A control that is bad as well is no proof against the target."""
    verdict = summary([swept("U.S. East", 10, 10)], [swept("U.S. West", 10)])

    assert verdict == (
        "U.S. East: 127.0.21.1 does not answer, 127.0.21.2 does not answer; control U.S. West is not clean either: "
        "127.0.22.1 does not answer, so look at what both share"
    )


def test_nothing_wrong_is_said_with_what_was_looked_at() -> None:
    """A clean playbook is a finding too."""
    own, control = [swept("U.S. East", 0, 0), traced("U.S. East")], [swept("U.S. West", 0), traced("U.S. West")]

    assert summary(own, control) == "U.S. East: nothing wrong (ping, mtr); control U.S. West is clean"


def test_a_probe_that_could_not_run_is_not_called_clean() -> None:
    """No permission is no health."""
    verdict = Verdict("ping", About("U.S. East"), "No ICMP from here", measured=False)
    barred = ProbeResult("ping", "U.S. East", verdict, NOW, 0.0)

    assert summary([barred], ()) == "U.S. East: ping could not run (No ICMP from here)"
