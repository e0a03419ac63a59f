"""Which readings are about the same, and why others can't be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.judgement import FAMILIES, Apart, Level, Shared, judged, related
from bot.reading.model import Reading, Said

EAST, WEST = (Said("us-east"),), (Said("us-west"),)


def say(symptom: str = "", platform: str = "", wish: str = "") -> Reading:
    """Trouble of U.S. East."""
    return Reading(
        affected=EAST,
        symptom=Said(symptom) if symptom else None,
        platform=Said(platform) if platform else None,
        wish=Said(wish) if wish else None,
    )


PACKET_LOSS = say("drops")


@pytest.mark.parametrize(
    ("said", "apart"),
    [
        (Reading(affected=WEST, symptom=Said("drops")), Apart.TARGET),
        (Reading(affected=WEST, elsewhere=EAST), Apart.TARGET),
        (Reading(elsewhere=EAST, symptom=Said("drops")), Apart.MENTION),
        (Reading(affected=(*WEST, *EAST)), None),
        (Reading(elsewhere=WEST), None),
        (Reading(), None),
        (say("payment"), Apart.TOPIC),
        (say("crash"), Apart.TOPIC),
        (say("", wish="refund"), Apart.TOPIC),
        (say("drops", wish="refund"), None),
        (say("our-own-class"), None),
    ],
)
def test_only_what_both_say_and_say_differently_rules_out(said: Reading, apart: Apart | None) -> None:
    judgement = judged(PACKET_LOSS, said)

    assert judgement.apart == apart
    assert (judgement.level is Level.APART) == (apart is not None) and (not apart or judgement.weight == 0)


@pytest.mark.parametrize(
    ("said", "level", "shared"),
    [
        (say("drops"), Level.SAME, {Shared.TARGET, Shared.SYMPTOM}),
        (say("connect"), Level.AREA, {Shared.TARGET, Shared.KIN}),
        (say(), Level.AREA, {Shared.TARGET}),
        (Reading(symptom=Said("drops")), Level.SAME, {Shared.SYMPTOM}),
        (Reading(), Level.AREA, set()),
    ],
)
def test_what_is_shared_says_how_near_it_is(said: Reading, level: Level, shared: set[Shared]) -> None:
    judgement = judged(PACKET_LOSS, said)

    assert (judgement.level, set(judgement.shared)) == (level, shared)


def test_slow_and_speed_are_one_symptom() -> None:
    assert judged(say("slow"), say("speed")).level is Level.SAME


def test_one_error_code_is_the_same_trouble() -> None:
    """Whatever else they call it."""
    asked, said = Reading(symptom=Said("connect"), codes=("809",)), Reading(symptom=Said("slow"), codes=("809", "1"))

    assert (judged(asked, said).level, judged(asked, said).weight) == (Level.SAME, 5)


def test_where_nothing_is_asked_but_the_target_its_trouble_is_the_same() -> None:
    """What does not name it may be of the same area."""
    assert [judged(say(), said).level for said in (say("payment"), say(), Reading())] == [
        Level.SAME,
        Level.SAME,
        Level.AREA,
    ]


def test_platforms_are_apart_where_both_are_told() -> None:
    asked = say("crash", "ios")

    assert [judged(asked, say("crash", each)).apart for each in ("android", "ios", "")] == [Apart.PLATFORM, None, None]


def test_a_wish_is_the_same_as_itself_alone() -> None:
    """Whoever asks about refunds is answered with refunds."""
    asked = Reading(wish=Said("refund"))

    assert judged(asked, Reading(wish=Said("refund"))).level is Level.SAME
    assert judged(asked, Reading(symptom=Said("payment"))).apart is Apart.TOPIC
    assert judged(asked, Reading()).level is Level.AREA


@given(st.sampled_from(sorted(frozenset().union(*FAMILIES))), st.sampled_from(sorted(frozenset().union(*FAMILIES))))
def test_families_hold_both_ways(one: str, other: str) -> None:
    assert related(one, other) == related(other, one)
    assert (judged(say(one), say(other)).apart is None) == related(one, other)
