"""The one thing to do next: from the record, never empty while it is live, never what is done or can't be done."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.investigations.above import FOR_US, Above, Tier3, Told, VendorTurn, WithVendor
from bot.investigations.model import LIVE, MOVES, Event, EventKind, Investigation, Move, State
from bot.investigations.next_step import Situation, StepKind, next_step, situation
from bot.investigations.overview import Overview
from bot.probes.conclusion import Light
from tests import hostile
from tests.hostile import NOW
from tests.world import APP

OPEN = Situation(state=State.OPEN, attempted=True, light=Light.BROKEN)
ESCALATED = replace(OPEN, state=State.ESCALATED, escalated=True)
HANDED_OFF = replace(OPEN, state=State.HANDED_OFF, escalated=True)
TELIA = WithVendor("Telia", VendorTurn.WAITING, NOW, "4711")
AT = f"<!date^{int(NOW.timestamp())}^{{time}}|{NOW:%H:%M} UTC>"

MOVE_OF = {StepKind.ESCALATE: Move.ESCALATE, StepKind.HAND_OFF: Move.HAND_OFF, StepKind.RESOLVE: Move.RESOLVE}
"""The move that a step asks for, where it asks for one."""


def above(tier3: Tier3 = Tier3.NONE, **more: Any) -> Above:
    return Above(tier3=tier3, **more)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (replace(OPEN, owned=False), "claim it"),
        (replace(OPEN, suggested="KI-31"), "say whether it is KI-31"),
        (
            replace(OPEN, light=Light.UNKNOWN, attempted=False, measuring=True),
            "the first results come in a few seconds",
        ),
        (OPEN, "escalate: management doesn't know yet"),
        (replace(OPEN, light=Light.FINE, rises=True), "escalate: management doesn't know yet"),
        (replace(OPEN, reopened=True), "escalate again: management doesn't know that it's open again"),
        (replace(OPEN, light=Light.FINE, to_confirm=24), "confirm the tickets that belong to it: 24 to look at"),
        (replace(OPEN, light=Light.UNKNOWN, attempted=False), "run the probes: `probe playbook` in the thread"),
        (replace(OPEN, light=Light.UNKNOWN, by_hand=True), "try it on a device and record what you see"),
        (replace(OPEN, light=Light.UNKNOWN), "note what you find out, then resolve or dismiss it"),
        (replace(OPEN, light=Light.FINE), "resolve or dismiss it: nothing is wrong now"),
        (replace(OPEN, light=Light.FINE, known="KI-31"), "resolve once customers have the workaround: it is KI-31"),
        (replace(OPEN, cause="INV-3"), "waiting for INV-3, which caused this"),
        (replace(OPEN, cause="INV-3", to_confirm=2), "confirm the tickets that belong to it: 2 to look at"),
        (
            replace(OPEN, cause="INV-3", cause_over=True),
            "run the probes again: INV-3, which caused this, is resolved",
        ),
        (
            replace(OPEN, cause="INV-3", cause_over=True, light=Light.FINE),
            "check and resolve: INV-3, which caused this, is resolved",
        ),
        (replace(ESCALATED, waits_since=NOW), f"waiting for management since {AT}"),
        (replace(ESCALATED, waits_since=NOW, above=above(waits_for="<@ULENA>")), f"waiting for <@ULENA> since {AT}"),
        (
            replace(ESCALATED, waits_since=NOW, above=above(waits_for="<@ULENA>", unanswered_since=NOW)),
            f"call management yourself: nobody had answered by {AT}",
        ),
        (
            replace(ESCALATED, waits_since=NOW, asked_by="<@ULENA>"),
            "answer <@ULENA>, who needs to know more",
        ),
        (ESCALATED, "send to Tier 3 if it needs a fix, or resolve it once it's over"),
        (replace(ESCALATED, above=above(has_tracker=False)), "resolve once it's over: management knows"),
        (replace(HANDED_OFF, above=above(Tier3.TRIAGE)), "waiting for Tier 3 to decide who takes it"),
        (replace(HANDED_OFF, above=above(Tier3.WORKING)), "waiting for Tier 3 to fix it"),
        (replace(HANDED_OFF, above=above(Tier3.FIXED)), "waiting for the release: it is fixed"),
        (replace(HANDED_OFF, above=above(Tier3.DECLINED)), "resolve: Tier 3 closed it without a fix"),
        (replace(HANDED_OFF, above=above(Tier3.RELEASED)), "run the probes again: the fix is out, and they failed"),
        (
            replace(HANDED_OFF, above=above(Tier3.RELEASED), measuring=True),
            "the fix is out, and the probes are running",
        ),
        (
            replace(HANDED_OFF, light=Light.FINE, above=above(Tier3.RELEASED)),
            "resolve: the fix is out and probes are fine",
        ),
        (replace(HANDED_OFF, light=Light.UNKNOWN, above=above(Tier3.RELEASED)), "resolve: the fix is out"),
        (
            replace(
                HANDED_OFF,
                light=Light.FINE,
                to_confirm=39,
                confirmed=6,
                matching=45,
                above=above(Tier3.RELEASED, told=Told(6, NOW)),
            ),
            "6 of 45 matching tickets have been answered: confirm the rest?",
        ),
        (replace(ESCALATED, above=above(vendors=(TELIA,))), f"waiting for Telia since {AT}, ref 4711"),
        (
            replace(ESCALATED, above=above(vendors=(TELIA, replace(TELIA, title="Stripe", reference="")))),
            f"waiting for Telia since {AT}, ref 4711, and Stripe since {AT}",
        ),
        (
            replace(ESCALATED, above=above(vendors=(replace(TELIA, turn=VendorTurn.OURS),))),
            f"answer Telia, who has waited since {AT}, ref 4711",
        ),
        (
            replace(ESCALATED, above=above(vendors=(TELIA, replace(TELIA, turn=VendorTurn.UNKNOWN)))),
            "say whether the mail to Telia arrived",
        ),
        (
            replace(ESCALATED, waits_since=NOW, above=above(vendors=(TELIA,))),
            f"waiting for management since {AT}",
        ),
        (
            replace(HANDED_OFF, above=above(Tier3.WORKING, vendors=(TELIA,))),
            "waiting for Tier 3 to fix it",
        ),
        (replace(OPEN, above=above(told=Told(to_review=31))), "review the 31 answers to customers"),
        (replace(OPEN, above=above(told=Told(sending=1))), "1 answer is on the way to customers"),
        (replace(OPEN, state=State.RESOLVED, above=above(told=Told(to_review=1))), "review the 1 answer to customers"),
    ],
)
def test_every_state_has_its_step(now: Situation, words: str) -> None:
    """The table of states."""
    step = next_step(now)

    assert step and step.words == words


def test_a_question_waits_for_a_note_and_then_for_whoever_asked() -> None:
    """Answered in the thread by `note`; what whoever asked notes themselves is no answer."""
    investigation = Investigation(12, "app", "slow", State.ESCALATED, "UKIM", NOW, "C1", owner="UKIM")
    events = [
        Event(NOW, EventKind.ESCALATED, "UKIM", id=1),
        Event(NOW, EventKind.QUESTION, "ULENA", id=2),
        Event(NOW, EventKind.NOTE, "ULENA", id=3),
        Event(NOW, EventKind.NOTE, "UKIM", id=4),
    ]

    def words(until: int) -> str:
        step = next_step(situation(Overview(investigation, APP, tuple(events[:until]), None, ()), Above()))
        return step.words if step else ""

    assert words(1) == f"waiting for management since {AT}"
    assert words(2) == words(3) == "answer <@ULENA>, who needs to know more"
    assert words(4) == f"waiting for <@ULENA> since {AT}"


def test_what_is_over_needs_nothing() -> None:
    """No step is better than an idle one."""
    assert next_step(replace(OPEN, state=State.RESOLVED)) is None
    assert next_step(replace(OPEN, state=State.DISMISSED, owned=False)) is None


COUNTS = st.integers(0, 60)
SITUATIONS = st.builds(
    Situation,
    state=st.sampled_from(State),
    owned=st.booleans(),
    light=st.sampled_from(Light),
    measuring=st.booleans(),
    by_hand=st.booleans(),
    attempted=st.booleans(),
    rises=st.booleans(),
    to_confirm=COUNTS,
    confirmed=COUNTS,
    matching=COUNTS,
    suggested=st.sampled_from(("", "KI-31")),
    known=st.sampled_from(("", "KI-40")),
    escalated=st.booleans(),
    reopened=st.booleans(),
    waits_since=st.none() | st.just(NOW),
    asked_by=st.sampled_from(("", "<@ULENA>")),
    above=st.builds(
        Above,
        tier3=st.sampled_from(Tier3),
        has_tracker=st.booleans(),
        told=st.builds(Told, COUNTS, st.none() | st.just(NOW), COUNTS, COUNTS),
        waits_for=st.sampled_from(("", "<@ULENA>")),
        unanswered_since=st.none() | st.just(NOW),
        vendors=st.lists(
            st.builds(
                WithVendor,
                title=st.sampled_from(("Telia", "<!channel>")),
                turn=st.sampled_from(VendorTurn),
                since=st.just(NOW),
                reference=st.sampled_from(("", "4711", "*x* <@U1>")),
            ),
            max_size=3,
        ).map(tuple),
        has_vendors=st.booleans(),
    ),
)


@given(SITUATIONS)
def test_it_is_never_empty_never_done_and_never_impossible(now: Situation) -> None:
    """Whatever the record says."""
    step = next_step(now)
    if now.state not in LIVE:
        assert step is None or (step.kind is StepKind.REVIEW and now.above.told.to_review)
        return
    assert step and step.words.strip()

    possible = {
        StepKind.CLAIM: not now.owned,
        StepKind.DECIDE: bool(now.suggested),
        StepKind.ANSWER: bool(now.asked_by),
        StepKind.ESCALATE: not now.escalated and now.unhappy,
        StepKind.CONFIRM: now.to_confirm > 0,
        StepKind.HAND_OFF: now.above.has_tracker and now.above.tier3 is Tier3.NONE,
        StepKind.REVIEW: now.above.told.to_review > 0,
        StepKind.VENDOR: bool(now.above.vendors),
    }
    assert possible.get(step.kind, True)
    assert "<!channel>" not in step.words and "<@U1>" not in step.words
    if any(each.turn in FOR_US for each in now.above.vendors):
        assert step.kind in (StepKind.CLAIM, StepKind.ANSWER, StepKind.DECIDE, StepKind.REVIEW, StepKind.VENDOR)
    if step.kind in MOVE_OF:
        assert MOVE_OF[step.kind] in MOVES[now.state]
    if not now.owned:
        assert step.kind is StepKind.CLAIM


@settings(max_examples=60)
@given(hostile.overviews)
def test_every_record_has_a_situation(overview: Any) -> None:
    """Also those that a fuzzer makes."""
    now = situation(overview, Above())

    assert bool(next_step(now)) >= overview.investigation.live
    assert not (now.escalated and now.reopened)
