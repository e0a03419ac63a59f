"""How sure it is where loss starts, and what would make it surer."""

from dataclasses import replace

import pytest

from bot.probes.icmp.confidence import Missing, agree, confidence, judged, missing
from bot.probes.icmp.path import Path
from bot.probes.icmp.path_facts import Confidence
from bot.probes.icmp.path_verdict import read
from bot.probes.model import Verdict
from bot.probes.wording.path import confidence_words
from tests.probes.icmp.test_path import path

LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH


@pytest.mark.parametrize(
    ("packets", "clean_control", "networks", "level", "wanted"),
    [
        (10, False, 1, LOW, Missing(30, control=True, another_network=True)),
        (29, True, 1, LOW, Missing(30, another_network=True)),
        (30, False, 1, LOW, Missing(control=True)),
        (100, False, 2, LOW, Missing(control=True)),
        (30, True, 1, MEDIUM, Missing(100, another_network=True)),
        (99, True, 1, MEDIUM, Missing(100, another_network=True)),
        (100, True, 1, HIGH, Missing()),
        (10, True, 2, HIGH, Missing()),
        (10, False, 2, LOW, Missing(control=True)),
    ],
)
def test_the_rule(packets: int, clean_control: bool, networks: int, level: Confidence, wanted: Missing) -> None:
    """Packets, a control and other networks; what is missing leads to the next level."""
    assert confidence(packets, clean_control=clean_control, agreeing_networks=networks) is level
    assert missing(packets, clean_control=clean_control, agreeing_networks=networks) == wanted


@pytest.mark.parametrize("clean_control", [True, False])
@pytest.mark.parametrize("networks", [1, 2, 3])
@pytest.mark.parametrize("packets", [0, 10, 30, 99, 100, 500])
def test_what_is_missing_leads_on(packets: int, networks: int, clean_control: bool) -> None:
    """Whoever gets all of it is surer than before."""
    order = [LOW, MEDIUM, HIGH]
    before = confidence(packets, clean_control=clean_control, agreeing_networks=networks)
    wanted = missing(packets, clean_control=clean_control, agreeing_networks=networks)
    after = confidence(
        max(packets, wanted.packets), clean_control=clean_control or wanted.control, agreeing_networks=networks
    )

    assert before is HIGH or order.index(after) > order.index(before)
    assert (wanted == Missing()) is (before is HIGH)


def from_berlin(found: Path) -> Path:
    """The same target over two other routers, then the same."""
    other = tuple(replace(hop, hosts=(f"10.5.0.{hop.ttl}",)) if hop.ttl < 3 else hop for hop in found.hops)
    return replace(found, source="Berlin", hops=other)


LOSSY = path(0, 0, 0, 25, 26, 125, sent=100, end_sent=496)
AT_TARGET = path(0, 0, 0, 0, 0, 125, sent=100, end_sent=496)
CLEAN = read(path(0, 0, 0, end_sent=46))


def test_places_agree_on_a_router_that_both_may_blame() -> None:
    """Also where their ways to it are others."""
    assert agree(read(LOSSY), read(from_berlin(LOSSY)))
    assert agree(read(AT_TARGET), read(from_berlin(AT_TARGET)))


def test_places_that_see_loss_elsewhere_do_not_agree() -> None:
    """Nor do those that see none, or look at another target."""
    elsewhere = replace(LOSSY, hops=tuple(replace(hop, hosts=(f"10.6.0.{hop.ttl}",)) for hop in LOSSY.hops[:-1]))
    other_target = replace(LOSSY, destination="10.1.1.1")

    assert not agree(read(LOSSY), read(replace(elsewhere, hops=(*elsewhere.hops, LOSSY.hops[-1]))))
    assert not agree(read(LOSSY), read(AT_TARGET))
    assert not agree(read(LOSSY), read(path(0, 0, 0, 0, 0, 0, end_sent=46)))
    assert not agree(read(LOSSY), read(other_target))


def level_of(verdict: Verdict) -> Confidence | None:
    return verdict.path.confidence if verdict.path else None


def test_a_verdict_is_judged_with_what_was_seen_beside_it() -> None:
    """One place without a control is low, whatever it sent."""
    lossy, berlin = read(LOSSY), read(from_berlin(LOSSY))
    short = read(path(0, 0, 0, 3, 2, 12, end_sent=46))

    assert level_of(judged(lossy)[0]) is LOW
    assert level_of(judged(lossy, control=lossy)[0]) is LOW
    assert level_of(judged(lossy, control=CLEAN)[0]) is HIGH
    assert level_of(judged(short, control=CLEAN)[0]) is LOW
    assert level_of(judged(short, control=CLEAN, others=[("AS3320", berlin)])[0]) is HIGH


def test_it_is_told_with_what_would_raise_it() -> None:
    """A network or packets, and the control where it is not there."""
    few, many = read(path(0, 0, 0, 3, 2, 12, end_sent=46)), read(LOSSY)

    assert [
        confidence_words(*judged(few)),
        confidence_words(*judged(many)),
        confidence_words(*judged(read(path(0, 0, 0, 8, 7, 38, sent=30, end_sent=146)), control=CLEAN)),
        confidence_words(*judged(many, control=CLEAN)),
        confidence_words(*judged(CLEAN)),
    ] == [
        "confidence low (10 packets to each hop, no clean control); a clean control, and 30 packets to each hop or "
        "another network that agrees would raise it",
        "confidence low (100 packets to each hop, no clean control); a clean control would raise it",
        "confidence medium (30 packets to each hop, clean control); 100 packets to each hop or another network that "
        "agrees would raise it",
        "confidence high (100 packets to each hop, clean control)",
        "",
    ]


def test_the_same_network_twice_is_one() -> None:
    """Its line may be what both see; so may one that nobody knows."""
    short = read(path(0, 0, 0, 3, 2, 12, end_sent=46))
    berlin = read(from_berlin(LOSSY))

    assert level_of(judged(short, control=CLEAN, network="AS3320", others=[("AS3320", berlin)])[0]) is LOW
    assert level_of(judged(short, control=CLEAN, others=[("", berlin)])[0]) is LOW


def test_a_control_that_lost_one_packet_is_not_clean() -> None:
    """It may be chance, or the same trouble."""
    perhaps = read(path(0, 0, 1, end_sent=46))

    assert perhaps.may_be_chance and level_of(judged(read(LOSSY), control=perhaps)[0]) is LOW


def test_what_names_no_place_has_no_confidence() -> None:
    """Nor is anything missing for it."""
    assert judged(CLEAN, control=CLEAN) == (CLEAN, Missing())
