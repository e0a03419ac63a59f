"""Which one picture answers the question of a batch."""

from dataclasses import replace

from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.icmp.path_verdict import read
from bot.probes.illustration import illustration
from bot.probes.model import ProbePlace, ProbeResult, Subject, Verdict
from tests.fake_probe import reading, result
from tests.hostile import NOW
from tests.probes.icmp.test_confidence import CLEAN, LOSSY
from tests.probes.test_tables import swept


def run(found: ProbeResult, *, step: str = "target", place: str = "") -> ProbeRun:
    measured = replace(found, place=ProbePlace(place) if place else None)
    subject = Subject(found.label)
    return ProbeRun(1, 1, step, found.kind, found.label, RunState.DONE, subject, result=measured, place=place)


def traced(verdict: Verdict, label: str = "U.S. East") -> ProbeResult:
    hops = tuple(reading(str(hop)) for hop in range(1, 7))
    return replace(result("mtr", label), verdict=verdict, readings=hops)


def batch(*runs: ProbeRun, playbook: str = "") -> Batch:
    return Batch(7, "U.S. East", playbook, "us-east", "C1", RunState.DONE, NOW, runs=runs, finished_at=NOW)


def words(shown: Batch, before: Batch | None = None) -> str:
    picture = illustration(shown, before)
    return picture.alt if picture else ""


def test_one_path_is_drawn_hop_by_hop() -> None:
    """What loses packets before what is fine, and never the control."""
    shown = batch(run(swept(0, 0)), run(traced(read(LOSSY))), run(traced(CLEAN, "U.S. West"), step="control"))

    assert words(shown).startswith("mtr of U.S. East: ")


def test_several_places_are_cells() -> None:
    """Those that somebody asked for, and in a playbook those of the customers with what is seen from here."""
    here, berlin = run(traced(read(LOSSY)), step="worst"), run(traced(CLEAN), place="Berlin")
    asked = batch(replace(here, step="target"), berlin)
    part = replace(batch(berlin), parent_id=7)
    played = replace(batch(here, playbook="gateway"), customers=part)

    for shown in (asked, played):
        assert "from our network to U.S. East" in words(shown) and "The other one is fine." in words(shown)
    assert words(replace(played, customers=replace(part, state=RunState.RUNNING))).startswith("mtr of U.S. East: ")


def test_a_repeat_is_drawn_beside_what_it_was() -> None:
    """Before and after in one picture."""
    assert "before" in words(batch(run(traced(CLEAN))), batch(run(traced(read(LOSSY))))).lower()


def test_an_address_of_several_that_fails_is_a_cell() -> None:
    """Few that are fine need no picture."""
    assert "198.51.100.2" in words(batch(run(swept(0, 4, 0))))
    assert illustration(batch(run(swept(0, 0, 0)))) is None
    assert illustration(batch(run(result("tls", "U.S. East", lost=4)))) is None
