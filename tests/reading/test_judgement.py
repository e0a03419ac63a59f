"""Which readings are about the same, and why others can't be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.judgement import FAMILIES, Apart, Nearness, Shared, judged, related
from bot.reading.model import Reading, Said

EAST, WEST = (Said("us-east"),), (Said("us-west"),)


def say(symptom: str = "", platform: str = "", *matters: str, wish: str = "") -> Reading:
    """Trouble of U.S. East."""
    return Reading(
        affected=EAST,
        symptom=Said(symptom) if symptom else None,
        platform=Said(platform) if platform else None,
        matters=tuple(map(Said, matters)),
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
        (say("", "", "question", wish="refund"), Apart.TOPIC),
        (say("payment", wish="refund"), Apart.TOPIC),
        (say("drops", wish="refund"), None),
        (say("our-own-class"), None),
    ],
)
def test_only_what_both_say_and_say_differently_rules_out(said: Reading, apart: Apart | None) -> None:
    judgement = judged(PACKET_LOSS, said)

    assert judgement.apart == apart
    assert (judgement.level is Nearness.APART) == (apart is not None)


@pytest.mark.parametrize(
    ("said", "level", "shared"),
    [
        (say("drops"), Nearness.SAME, {Shared.TARGET, Shared.SYMPTOM}),
        (say("connect"), Nearness.AREA, {Shared.TARGET, Shared.KIN}),
        (say(), Nearness.AREA, {Shared.TARGET}),
        (Reading(symptom=Said("drops")), Nearness.SAME, {Shared.SYMPTOM}),
        (Reading(), Nearness.AREA, set()),
    ],
)
def test_what_is_shared_says_how_near_it_is(said: Reading, level: Nearness, shared: set[Shared]) -> None:
    judgement = judged(PACKET_LOSS, said)

    assert (judgement.level, set(judgement.shared)) == (level, shared)


def test_slow_and_speed_are_one_symptom() -> None:
    assert judged(say("slow"), say("speed")).level is Nearness.SAME


def test_one_error_code_is_the_same_trouble() -> None:
    """Whatever else they call it."""
    asked, said = Reading(symptom=Said("connect"), codes=("809",)), Reading(symptom=Said("slow"), codes=("809", "1"))

    assert judged(asked, said).level is Nearness.SAME


def test_where_nothing_is_asked_but_the_target_its_trouble_is_the_same() -> None:
    """What does not name it may be of the same area."""
    assert [judged(say(), said).level for said in (say("payment"), say(), Reading())] == [
        Nearness.SAME,
        Nearness.SAME,
        Nearness.AREA,
    ]


def test_platforms_are_apart_where_both_are_told() -> None:
    asked = say("crash", "ios")

    assert [judged(asked, say("crash", each)).apart for each in ("android", "ios", "")] == [Apart.PLATFORM, None, None]


def test_what_somebody_wants_is_the_same_as_itself_alone() -> None:
    """Whoever asks about refunds is answered with refunds."""
    asked = Reading(matters=(Said("question"),), wish=Said("refund"))

    assert judged(asked, Reading(wish=Said("refund"))).level is Nearness.SAME
    assert judged(asked, Reading(symptom=Said("payment"))).apart is Apart.TOPIC
    assert judged(asked, Reading()).level is Nearness.AREA


@pytest.mark.parametrize(
    ("matters", "wish", "apart"),
    [
        (("declined",), "", None),
        (("declined",), "refund", None),
        (("charged",), "refund", Apart.TOPIC),
        (("question",), "refund", Apart.TOPIC),
        (("question",), "", Apart.TOPIC),
        ((), "", None),
    ],
)
def test_things_of_one_class_are_told_apart(matters: tuple[str, ...], wish: str, apart: Apart | None) -> None:
    """Refunds are no declined cards, though both are payment; where both are told it belongs."""
    assert judged(say("payment", "", "declined"), say("payment", "", *matters, wish=wish)).apart is apart


def test_a_question_is_no_trouble_of_the_target() -> None:
    """Whether or not somebody said what the trouble is."""
    question = say("", "", "question")

    assert [judged(asked, question).apart for asked in (say("connect"), say())] == [Apart.TOPIC, Apart.TOPIC]


def test_words_of_no_class_are_compared_themselves() -> None:
    """More than half of them; and nothing is the same only because nobody understood what is asked."""
    asked = replace(say(), terms=("page", "load", "page load"))
    said = [replace(say(), terms=terms) for terms in (("page", "white"), ("price",), ())]

    assert [judged(asked, each).level for each in said] == [Nearness.SAME, Nearness.AREA, Nearness.AREA]


def test_other_trouble_may_be_of_the_area() -> None:
    """Of a gateway anything may be told; a refund is no trouble all the same."""
    crash, refund = say("crash"), say("", "", "question", wish="refund")

    assert judged(PACKET_LOSS, crash, any_symptom=True).level is Nearness.AREA
    assert judged(PACKET_LOSS, refund, any_symptom=True).apart is Apart.TOPIC


@given(st.sampled_from(sorted(frozenset().union(*FAMILIES))), st.sampled_from(sorted(frozenset().union(*FAMILIES))))
def test_families_hold_both_ways(one: str, other: str) -> None:
    assert related(one, other) == related(other, one)
    assert (judged(say(one), say(other)).apart is None) == related(one, other)
