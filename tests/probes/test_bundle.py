"""One file of several runs: how it is named, and what is in it."""

from dataclasses import replace

from bot.probes.batch import ProbeRun, RunState
from bot.probes.bundle import bundle, bundle_of
from bot.probes.model import ProbePlace, Subject
from tests.fake_probe import result
from tests.probes.test_probe_cards import batch


def run(kind: str, *, step: str = "target", place: str = "", report: str = "") -> ProbeRun:
    measured = replace(result(kind, "U.S. East", report=report), place=ProbePlace(place) if place else None)
    return ProbeRun(1, 1, step, kind, "U.S. East", RunState.DONE, Subject("U.S. East"), result=measured, place=place)


def test_a_file_is_named_by_target_time_and_kind() -> None:
    """One report is itself; several have a title each."""
    one = bundle([run("mtr", report="HOST: a")], about="us-east")
    several = bundle([run("mtr", report="HOST: a"), run("mtr", place="Berlin", report="HOST: b")], about="us-east")

    assert one and (one.name, one.text) == ("us-east-2026-11-20-0912-mtr.txt", "HOST: a\n")
    assert several and several.name == one.name
    assert "mtr U.S. East from Berlin\n" in several.text and several.text.index("HOST: a") < several.text.index(
        "HOST: b"
    )


def test_kinds_name_it_while_they_are_few() -> None:
    kinds = [run(kind) for kind in ("ping", "mtr", "tls")]

    assert [file.name[24:] for n in (1, 2, 3) if (file := bundle(kinds[:n], about="us-east"))] == [
        "ping.txt",
        "ping-mtr.txt",
        "probes.txt",
    ]


def test_a_playbook_is_one_file_with_what_it_compared() -> None:
    """Also with a name from outside."""
    played = replace(batch(result("ping", "../x y"), result("tls", "a")), playbook="gateway", target="")
    file = bundle_of(played)

    assert file and file.name == "x-y-2026-11-20-0912-playbook.txt"
    assert "tls a from our own network" in file.text
    assert bundle_of(batch()) is None
