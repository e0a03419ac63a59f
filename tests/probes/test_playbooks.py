"""Playbooks: what comes next, and the one line at the end."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.probes.loss import Tally
from bot.probes.model import DELAY, ProbeResult, Reading
from bot.probes.peers import judged, sweep_verdict
from bot.probes.playbooks import next_steps, playbook_verdict
from bot.probes.registry import KINDS
from bot.probes.steps import NEEDS
from bot.targets.model import Target

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EAST = Target("us-east", "U.S. East", "gateway", addresses=("127.0.21.1", "127.0.21.2"), control="us-west")
SITE = Target("w", "Website", "website", urls=("https://www.example.com/",))
WEST = Target("us-west", "U.S. West", "gateway", addresses=("127.0.22.1",))


def swept(label: str, *lost: int) -> ProbeResult:
    net = {"U.S. East": "127.0.21", "U.S. West": "127.0.22"}[label]
    readings = tuple(judged(f"{net}.{n}", Tally(10, (1.0,) * (10 - lo))) for n, lo in enumerate(lost, start=1))
    ok = all(reading.ok for reading in readings)
    return ProbeResult("ping", label, ok, sweep_verdict(readings), NOW, 1.0, readings=readings)


def traced(label: str, verdict: str = "") -> ProbeResult:
    return ProbeResult("mtr", label, not verdict, verdict or "No loss to x", NOW, 9.0)


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
    reading = Reading("https://www.example.com/", status == 200, data={"status": status})
    well = ProbeResult("dns", "Website", True, "It resolves", NOW, 0.1)
    http = ProbeResult("http", "Website", status == 200, "It answers", NOW, took_s, readings=(reading,))
    return ("targethttp", http), ("targetdns", well), ("targettls", well)


@pytest.mark.parametrize("status", [200, 503])
def test_a_website_that_answers_is_looked_at_last(status: int) -> None:
    """Also where it answers badly: that is what the customers see."""
    assert [step.kind for step in next_steps(SITE, None, looked_at(status))] == ["page"]
    through = (*looked_at(status), ("targetpage", ProbeResult("page", "Website", True, "It shows", NOW, 1.0)))
    assert next_steps(SITE, None, through) == ()


def test_a_website_that_does_not_answer_or_is_slow_is_not_looked_at() -> None:
    """There is nothing to see, or no time left for it."""
    assert next_steps(SITE, None, looked_at(0)) == ()
    assert next_steps(SITE, None, looked_at(200, took_s=9.5)) == ()


def test_the_browser_says_no_more_than_the_others_about_the_same() -> None:
    """The status stands in the line once."""
    http = ProbeResult("http", "Website", False, "https://w.example/: status 503 Service Unavailable", NOW, 0.3)
    page = ProbeResult("page", "Website", False, "https://w.example/: status 503 Service Unavailable", NOW, 1.0)

    assert playbook_verdict([http, page]) == "Website: https://w.example/: status 503 Service Unavailable"
    assert playbook_verdict([page]) == "Website: https://w.example/: status 503 Service Unavailable"


def test_without_a_browser_the_picture_is_left_out() -> None:
    """Nobody in a hurry wants to read that each time."""
    assert next_steps(SITE, None, looked_at(200), missing=("page",)) == ()


def test_every_step_is_a_known_probe() -> None:
    """Playbooks and registry agree."""
    assert set(NEEDS) == set(KINDS)


def test_the_verdict_names_the_bad_address_and_the_clean_control() -> None:
    """One line for a person in a hurry."""
    loss = "Loss begins at hop 3 (10.0.0.3): 4 of 10 lost there"
    results = [swept("U.S. East", 0, 4), swept("U.S. West", 0), traced("U.S. East", loss), traced("U.S. West")]

    assert playbook_verdict(results) == (
        "U.S. East: 127.0.21.2 loses 4 of 10 (1 of 2 addresses are fine); loss begins at hop 3 (10.0.0.3); "
        "control U.S. West is clean"
    )


def test_a_clean_path_with_a_delay_is_told_with_it() -> None:
    """An address that is slow against its peers has a hop where that begins."""
    delay = "the delay begins at hop 3 (10.0.0.3): 1.0 ms before, 90.0 ms from there on"
    long = replace(traced("U.S. East"), data={DELAY: delay})

    assert playbook_verdict([swept("U.S. East", 0, 4), long]).endswith(f"the MTR after it shows no loss, and {delay}")
    assert playbook_verdict([swept("U.S. East", 0, 4), traced("U.S. East")]).endswith("the MTR after it is clean")


def test_trouble_on_both_sides_points_at_what_they_share() -> None:
    """A control that is bad as well is no proof against the target."""
    verdict = playbook_verdict([swept("U.S. East", 10, 10), swept("U.S. West", 10)])

    assert verdict == (
        "U.S. East: 127.0.21.1 does not answer, 127.0.21.2 does not answer; control U.S. West is not clean either: "
        "127.0.22.1 does not answer, so look at what both share"
    )


def test_nothing_wrong_is_said_with_what_was_looked_at() -> None:
    """A clean playbook is a finding too."""
    results = [swept("U.S. East", 0, 0), swept("U.S. West", 0), traced("U.S. East"), traced("U.S. West")]

    assert playbook_verdict(results) == "U.S. East: nothing wrong from here (ping, mtr); control U.S. West is clean"


def test_a_probe_that_could_not_run_is_not_called_clean() -> None:
    """No permission is no health."""
    barred = ProbeResult("ping", "U.S. East", False, "No ICMP from here", NOW, 0.0, could_run=False)

    assert playbook_verdict([barred]) == "U.S. East: ping could not run (No ICMP from here)"
