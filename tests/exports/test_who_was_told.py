"""A story has who was told: each step of the ladder, and each customer of a round of replies."""

from datetime import UTC, timedelta

from bot.app.pages import build_stories
from bot.escalations.telling import WayKind
from bot.exports.model import WholeInvestigation, document
from bot.exports.tracker_copy import NOTHING_FILLED_IN, WhoWasTold, copy_text
from bot.replies.model import ReplyState
from tests.escalations.climbing import TEN, Climb
from tests.replies.rounds import Rounds
from tests.world import US_EAST, US_WEST, World


async def story(world: World, *, full: bool = True, management: bool = False) -> WholeInvestigation:
    stories = build_stories(world.rooms, zone=UTC, workspace_url="")
    return await stories.story(world.evidence.overview(1), full=full, management=management)


def tracker_copy(world: World) -> str:
    told = WhoWasTold(world.escalations.history(1), tuple(world.replies.of(1)))
    return copy_text(world.evidence.overview(1), NOTHING_FILLED_IN, UTC, told)


def steps(whole: WholeInvestigation) -> list[tuple[str, str, str]]:
    return [(f"{step.at:%H:%M}" if step.at else "", step.whom, step.became) for step in whole.escalations[-1].steps]


async def test_each_step_of_the_ladder_with_what_became_of_it_and_what_is_due() -> None:
    climb = await Climb(refusals={"ULENA": "user_not_found"}).begun()
    await climb.walk(TEN)
    whole = await story(climb.world)

    assert steps(whole) == [
        ("10:14", "@ltm in the thread", "told"),
        ("10:24", "DM @Lena", "not told, they aren't in Slack any more"),
        ("10:24", "DM @Raj", "told"),
        ("10:34", "phone bridge", ""),
    ]
    assert [step.planned for step in whole.escalations[0].steps] == [False, False, False, True]
    assert (whole.escalations[0].answer, whole.escalations[0].waits) == ("Nobody has answered yet", True)
    assert "- 2026-11-30 10:24 UTC DM @Raj: told" in document(whole, UTC)
    assert "phone bridge: due" in document(whole, UTC)


async def test_who_acknowledged_it_and_when() -> None:
    climb = await Climb().begun()
    await climb.walk(TEN)
    climb.world.clock.advance(60)
    await climb.world.escalations.acknowledge(1, by="ULENA")
    whole = await story(climb.world)

    once = whole.escalations[0]
    assert (once.answer, once.waits, once.by) == ("Acknowledged by lena", False, "kim")
    assert once.answered_at == climb.at + TEN + timedelta(seconds=60)
    assert [step.became for step in once.steps] == ["told", "told"], "what was stopped before it began is not there"
    assert ("Request", "Call Harbor") in once.parts and "**Request:** Call Harbor" in document(whole, UTC)


async def test_an_earlier_escalation_stays_in_the_story() -> None:
    climb = await Climb().begun()
    await climb.world.escalations.take_back(1, by="UKIM")
    await climb.world.escalations.escalate(1, climb.world.escalations.get(1).draft, by="UJO")

    assert [one.answer for one in (await story(climb.world)).escalations] == [
        "Taken back by kim",
        "Nobody has answered yet",
    ]


async def test_management_sees_how_it_was_escalated_and_tier_1_does_not() -> None:
    climb = await Climb().begun()

    assert (await story(climb.world, full=False, management=True)).escalations
    assert not (await story(climb.world, full=False)).escalations


async def test_the_tracker_reads_no_name_of_a_ladder() -> None:
    climb = await Climb().begun(priority="P1")
    await climb.walk(TEN)
    await climb.world.escalations.acknowledge(1, by="ULENA")
    copy = tracker_copy(climb.world).split("### Escalation\n\n")[1].split("\n\n")[0]

    assert copy.splitlines() == [
        "- 2026-11-30 10:14 UTC Escalated as P1",
        "- 2026-11-30 10:14 UTC Management's group in the thread: told",
        "- 2026-11-30 10:24 UTC A direct message: told",
        "- 2026-11-30 10:24 UTC Acknowledged",
    ]
    assert WayKind.GROUP not in copy and "ena" not in copy


async def test_which_customers_were_answered_when_who_waits_and_what_failed() -> None:
    rounds = Rounds()
    await rounds.world.opened(US_EAST)
    rounds.desk.put(11, 12, 13, 14)
    await rounds.ready(11, 12, 13, investigation_id=1)
    waiting = (await story(rounds.world)).rounds[0]
    rounds.desk.remove(13)
    await rounds.approve(tickets=[11, 13])
    await rounds.settle()
    whole = await story(rounds.world)

    assert (
        waiting.counts == (("wait for approval", 3),)
        and waiting.words == "3 tickets wait for the answer: v2.4.1 is out"
    )
    assert [ticket.became for ticket in waiting.tickets] == ["waits for approval"] * 3
    done = whole.rounds[0]
    assert (done.news, done.approved_by) == ("v2.4.1 is out", "kim")
    assert done.words == "1 of 2 tickets answered and solved, 1 deleted or not found"
    assert done.counts == (("answered", 1), ("failed", 1), ("left out", 1))
    became = {ticket.number: (ticket.became, bool(ticket.at)) for ticket in done.tickets}
    assert became == {11: ("answered", True), 12: ("left out", False), 13: ("deleted or not found", False)}
    assert "  - [#11](" in document(whole, UTC) and "deleted or not found" in document(whole, UTC)
    assert " UTC 1 of 2 tickets answered (released)" in tracker_copy(rounds.world)


async def test_of_a_round_over_several_only_the_own_tickets_are_there() -> None:
    """Others see how many were told, and no ticket."""
    rounds = Rounds()
    await rounds.world.opened(US_EAST)
    await rounds.world.opened(US_WEST)
    rounds.desk.put(11, 12)
    await rounds.ready(11, 12, investigation_id=2)
    await rounds.ready(11, key="other", investigation_id=1)

    assert [len(each.tickets) for each in (await story(rounds.world)).rounds] == [1]
    others = (await story(rounds.world, full=False)).rounds
    assert [(each.counts, each.tickets) for each in others] == [((("wait for approval", 1),), ())]
    assert rounds.get(2).having(ReplyState.LISTED)
