"""How sure a batch is of where packets are lost, and what it offers to settle it."""

from dataclasses import replace

import pytest

from bot.probes import cards
from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.icmp.path_verdict import read
from bot.probes.model import ProbePlace, ProbeResult, Subject, Verdict
from bot.probes.next_look import NextLook, next_looks, read_next_look
from tests.fake_probe import result
from tests.hostile import NOW
from tests.probes.icmp.test_confidence import AT_TARGET, CLEAN, LOSSY, from_berlin
from tests.probes.icmp.test_path import path
from tests.slack_limits import texts

SHORT = path(0, 0, 0, 3, 2, 12, end_sent=46)


def run(verdict: Verdict, *, step: str = "target", place: str = "", seen_from: ProbePlace | None = None) -> ProbeRun:
    label = "U.S. West" if step == "control" else "U.S. East"
    found: ProbeResult = replace(result("mtr", label), verdict=verdict, place=seen_from)
    subject = Subject(label, remote=True)
    return ProbeRun(1, 1, step, "mtr", label, RunState.DONE, subject, result=found, place=place)


def batch(*runs: ProbeRun) -> Batch:
    return Batch(7, "U.S. East", "vpn", "us-east", "C1", RunState.DONE, NOW, runs=runs, finished_at=NOW)


def labels(shown: Batch) -> list[str]:
    return [look.label for look in next_looks(shown)]


def sure(shown: Batch) -> list[str]:
    return [text for text in texts(list(cards.detail(shown).blocks)) if text.startswith("Confidence ")]


CONTROL = run(CLEAN, step="control")
BERLIN = run(read(from_berlin(AT_TARGET)), place="Berlin", seen_from=ProbePlace("Berlin", "DE", "AS3320"))


def test_few_packets_from_one_place_ask_for_more_and_for_another_place() -> None:
    """And say why."""
    shown = batch(run(read(SHORT)))

    assert labels(shown) == ["100 More", "From Berlin"]
    assert sure(shown) == [
        "Confidence low (10 packets to each hop, no clean control); a clean control, and 30 packets to each hop or "
        "another network that agrees would raise it."
    ]


def test_what_is_as_sure_as_can_be_asks_for_nothing() -> None:
    """A hundred packets a hop and a clean control."""
    shown = batch(run(read(LOSSY)), CONTROL)

    assert not labels(shown)
    assert sure(shown) == ["Confidence high (100 packets to each hop, clean control)."]


def test_another_network_that_sees_the_same_makes_it_sure() -> None:
    """Whether it was asked with the batch or for the customers."""
    few = path(0, 0, 0, 0, 0, 12, end_sent=46)
    assert read(few).path is not None
    asked = batch(run(read(few)), CONTROL, BERLIN)
    customers = replace(batch(run(read(few)), CONTROL), customers=batch(BERLIN))

    for shown in (asked, customers):
        assert [text.split(" (")[0] for text in sure(shown)] == ["Confidence high"]
        assert not labels(shown)


def test_a_place_that_was_asked_is_not_offered_again() -> None:
    """Where it saw no loss either."""
    elsewhere = run(CLEAN, place="Berlin", seen_from=ProbePlace("Berlin", "DE", "AS3320"))

    assert "From New York" in labels(batch(run(read(SHORT)), elsewhere))


def test_nothing_lost_asks_for_nothing() -> None:
    """Nor is confidence told where no place is."""
    assert not labels(batch(run(CLEAN), CONTROL)) and not sure(batch(run(CLEAN), CONTROL))


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.CANCELLED])
def test_nothing_is_offered_before_the_end(state: RunState) -> None:
    """Nor after somebody stopped it."""
    assert not next_looks(replace(batch(run(read(SHORT))), state=state))
    assert not sure(replace(batch(run(read(SHORT))), state=state))


@pytest.mark.parametrize("look", [NextLook(cycles=100), NextLook(place="New York")])
def test_a_button_is_read_as_it_was_written(look: NextLook) -> None:
    """Places have spaces."""
    assert read_next_look(look.value(7)) == (7, look)
