"""Handoffs whose tracker, desk, investigation or triage changes while something is still to be done."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import BadInput
from bot.field_limits import TooLong
from bot.handoffs import cards
from bot.handoffs.model import TITLE_MAX, ErrandKind, HandoffDraft, Lane
from bot.handoffs.triage import NotTriage
from bot.known_issues.model import IssueState, Priority, TrackerIssue
from bot.known_issues.naming import NoTracker
from bot.known_issues.tracker import Account, TrackerError
from bot.people import NotTier2
from bot.replies.model import RoundState
from bot.tickets.answering import HangOutcome
from bot.tickets.collection import LinkState
from tests.eventually import eventually
from tests.fake_clock import FakeClock
from tests.fake_desk import FakeDesk, lost
from tests.fake_tracker import FakeTracker, down, issue
from tests.slack_limits import texts
from tests.world import US_EAST, US_WEST, World, contents

DRAFT = HandoffDraft("app", "Calls stutter", "loses 4 of 10", "call twice", Priority.P1, Lane.HOTFIX, tickets=(7, 8))


async def opened(**more: Any) -> World:
    desk = FakeDesk()
    desk.put(7, 8, 9)
    world = World(desk=desk, **more)
    await world.opened(US_EAST, symptom="calls stutter")
    await world.evidence.add_tickets(1, [7, 8], by="UKIM")
    return world


async def handed(**more: Any) -> World:
    """The same, with Tier 3."""
    world = await opened(**more)
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    return world


async def done(world: World) -> None:
    world.tasks.forever(world.errands.run, name="errands")
    await eventually(lambda: not world.handoffs._store.due(world.clock()))
    await world.tasks.drain(deadline_s=0)


async def again(world: World, draft: HandoffDraft = DRAFT) -> int:
    """Resolved, reopened, and handed over once more."""
    await world.investigations.resolve(1, root_cause="a bad link", workaround="", by="UKIM")
    await world.investigations.reopen(1, by="UKIM")
    return (await world.handoffs.hand_off(1, draft, by="UKIM")).id


def card_text(world: World, number: int = 1) -> str:
    return "\n".join(texts(list(cards.card(world.handoffs.overview(number)).blocks)))


def desk_of(world: World) -> FakeDesk:
    assert isinstance(world.desk, FakeDesk)
    return world.desk


async def test_tracker_that_was_removed_from_the_configuration_holds_up_nothing_else() -> None:
    """The card says so; the problem ticket is made all the same."""
    world = await handed()
    world.known._trackers.clear()
    await done(world)

    assert "No tracker is named app" in card_text(world)
    assert "Fix that, then press" in card_text(world)
    assert set(desk_of(world).incidents) == {7, 8}


async def test_desk_that_was_removed_from_the_configuration_is_said_once() -> None:
    """And asked for by a person, not by a loop without a pause."""
    world = await handed()
    world.errands._desk = None
    await done(world)
    world.clock.advance(3600)
    await done(world)

    assert "Zendesk: making the problem ticket has failed" in card_text(world)
    assert "it is no longer set up" in card_text(world)
    assert len(world.tracker.made) == 1


async def test_form_that_names_a_removed_tracker_is_refused() -> None:
    """Nobody hands over to where nothing arrives."""
    world = await opened()
    with pytest.raises(NoTracker, match="named old"):
        await world.handoffs.hand_off(1, replace(DRAFT, tracker="old"), by="UKIM")


async def test_issue_that_is_gone_is_not_offered() -> None:
    """Though somebody said that it is the one."""
    world = await opened()
    world.known.intake.applied("app", world.tracker.put(issue(31, "Calls stutter")), cursor="1")
    await world.knowledge.use(1, 1, by="UKIM")
    world.known.intake.rechecked("app", {"31": None})
    ready = await world.handoffs.prepare(1, by="UKIM")

    assert ready.draft.issue_id is None
    assert ready.issues == ()


async def test_issue_that_goes_before_the_evidence_is_added_waits_for_a_person() -> None:
    """The sentence is the tracker's."""
    world = await opened()
    world.known.intake.applied("app", world.tracker.put(issue(31, "Stutter")), cursor="1")
    await world.handoffs.hand_off(1, replace(DRAFT, issue_id=1), by="UKIM")
    world.tracker.failure = down("it has no issue app#31", retry=False)
    await done(world)

    assert "adding the evidence to the issue has failed" in card_text(world)


@pytest.mark.parametrize("part", ["title", "evidence", "reproduction"])
async def test_what_is_too_long_is_refused_and_never_cut(part: str) -> None:
    """The sentence says how much there is room for; a title that fits is one line as trackers take it."""
    world = await opened()
    before = contents(world)
    with pytest.raises(TooLong, match="takes at most"):
        await world.handoffs.hand_off(1, replace(DRAFT, **{part: "x" * 2901}), by="UKIM")  # type: ignore[arg-type]
    assert contents(world) == before
    handoff = await world.handoffs.hand_off(1, replace(DRAFT, title="a\n b " + "x" * 196), by="UKIM")

    assert handoff.draft.title == "a b " + "x" * 196
    assert len(handoff.draft.title) == TITLE_MAX


@pytest.mark.parametrize("reached", [True, False])
async def test_issue_is_made_once_though_it_is_handed_over_again_before_it_was_made(reached: bool) -> None:
    """What was begun for the earlier handoff goes on for the later one, by the same stamp."""
    world = await opened()
    tracker = world.tracker
    if not reached:
        tracker.failure = down()
    else:
        make = tracker.create

        async def lose(*given: Any, **named: Any) -> Any:
            await make(*given, **named)
            raise down("timed out")

        tracker.create = lose  # type: ignore[method-assign]
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await done(world)
    tracker.failure = None
    if reached:
        tracker.create = make  # type: ignore[method-assign]
    second = await again(world)
    world.clock.advance(60)
    await done(world)

    assert len(tracker.made) == 1
    assert world.handoffs.get(second).issue_id
    assert world.handoffs.get(1).issue_id is None
    assert "That one counts" in card_text(world, 1)


async def test_problem_ticket_is_made_once_though_it_is_handed_over_again_meanwhile() -> None:
    """The desk's answer was lost before the second handoff."""
    world = await opened()
    desk_of(world).after.append(lost())
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await done(world)
    second = await again(world)
    world.clock.advance(60)
    await done(world)

    assert list(desk_of(world).problems.values()) == [world.handoffs.get(second).problem_id]
    assert set(desk_of(world).incidents) == {7, 8}


async def test_answer_that_comes_after_the_second_handoff_belongs_to_it() -> None:
    """The tracker was still being asked when the investigation was handed over again."""
    world = await opened()
    asked, go_on, make = asyncio.Event(), asyncio.Event(), world.tracker.create

    async def slow(*given: Any, **named: Any) -> Any:
        asked.set()
        await go_on.wait()
        return await make(*given, **named)

    world.tracker.create = slow  # type: ignore[method-assign]
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    world.tasks.forever(world.errands.run, name="errands")
    await asked.wait()
    second = await again(world)
    go_on.set()
    await eventually(lambda: world.handoffs.get(second).issue_id is not None)
    await eventually(lambda: not world.handoffs._store.due(world.clock()))
    await world.tasks.drain(deadline_s=0)

    assert len(world.tracker.made) == 1


async def test_stamps_of_another_database_are_others() -> None:
    """One that was put aside counted from one too, and its issue is still in the tracker."""
    clock = FakeClock()
    clock.advance(86_400)
    first, later = await handed(), await handed(clock=clock)
    stamps = {errand.stamp for world in (first, later) for errand in world.handoffs.overview(1).errands}

    assert len(stamps) == 2 * len(first.handoffs.overview(1).errands)


async def test_last_assignee_counts_though_the_tracker_was_down_for_the_first() -> None:
    """A retry must not undo what was chosen later."""
    world = await handed()
    await done(world)
    world.tracker.failure = down()
    await world.triage.assign(1, "lena-dev", by="UKIM")
    await done(world)
    world.tracker.failure = None
    await world.triage.assign(1, "max-dev", by="UKIM")
    await done(world)
    world.clock.advance(60)
    await done(world)

    assert list(world.tracker.assigned.values()) == ["max-dev"]
    assert "assigning the issue fails" not in card_text(world)


async def test_decision_that_was_changed_before_it_was_told_is_told_once() -> None:
    """The issue reads only what counts."""
    world = await handed()
    await done(world)
    world.tracker.failure = down()
    await world.triage.accept(1, by="UKIM")
    await done(world)
    await world.triage.decide(1, Priority.P3, Lane.HOTFIX, reason="rare", by="UKIM")
    world.tracker.failure = None
    await done(world)
    world.clock.advance(60)
    await done(world)

    comments = [text for _, text in world.tracker.comments.values() if text.startswith("Triage")]
    assert len(comments) == 1
    assert "P3" in comments[0]


async def test_accepting_late_does_not_undo_another_decision() -> None:
    """One lead changed it while the other still saw the button."""
    world = await handed()
    await world.triage.decide(1, Priority.P3, Lane.HOTFIX, reason="rare", by="UKIM")
    with pytest.raises(BadInput, match="something else meanwhile"):
        await world.triage.accept(1, by="UJO")

    assert world.handoffs.get(1).priority is Priority.P3


async def test_round_of_a_lane_that_does_not_count_any_more_is_put_off() -> None:
    """Nobody is asked to tell customers that it is planned while it is a hotfix."""
    world = await handed(reply_texts={"planned": {"en": "{target} is planned."}})
    await world.triage.decide(1, Priority.P2, Lane.PLANNING, reason="big", by="UKIM")
    await world.reply_runner.step(desk_of(world))
    assert world.replies.get(1).state is RoundState.READY
    await world.triage.decide(1, Priority.P0, Lane.HOTFIX, reason="spreads", by="UKIM")

    assert world.replies.get(1).state is RoundState.PUT_OFF


async def test_rejected_tickets_are_not_told_of_a_lane() -> None:
    """Somebody said after the handoff that one does not belong."""
    world = await handed(reply_texts={"planned": {"en": "{target} is planned."}})
    await world.evidence.decide(1, [8], LinkState.REJECTED, by="UKIM")
    await world.triage.decide(1, Priority.P2, Lane.PLANNING, reason="big", by="UKIM")

    assert [reply.ticket_id for reply in world.replies.get(1).replies] == [7]


class Slow(FakeTracker):
    """Says who is there only after a while that no form can wait."""

    quick = False
    accounts: tuple[Account, ...] = (Account("5b10a2844c20", "Mira"),)

    async def assignable(self) -> tuple[Account, ...]:
        if not self.quick:
            await asyncio.Event().wait()
        return self.accounts


async def test_slow_tracker_is_not_waited_for_longer_than_a_form_can() -> None:
    """A sentence instead; what it said before is offered where there is that."""
    tracker = Slow()
    world = await handed(tracker=tracker, accounts_s=0.1)
    await done(world)
    with pytest.raises(TrackerError, match=r"did not say within 0\.1 s"):
        await world.triage.accounts(1, by="UKIM")
    tracker.quick = True
    await world.triage.accounts(1, by="UKIM")
    tracker.quick = False
    _, accounts = await world.triage.accounts(1, by="UKIM")
    await world.triage.assign(1, accounts[0].id, by="UKIM")

    assert world.evidence.overview(1).events[-1].text == "assigned to Mira"


async def test_tracker_with_nobody_to_assign_is_said() -> None:
    """Slack takes no menu without options."""
    tracker = Slow()
    tracker.quick, tracker.accounts = True, ()
    world = await handed(tracker=tracker)
    await done(world)
    with pytest.raises(BadInput, match="nobody whom the bot can assign"):
        await world.triage.accounts(1, by="UKIM")


async def test_leads_that_slack_does_not_know_let_nobody_decide() -> None:
    """A typing error in the configuration gives no rights to everybody."""
    world = await handed(triage_leads=("lena typo",))

    async def none(people: object) -> frozenset[str]:
        return frozenset()

    world.people.named = none  # type: ignore[method-assign]
    with pytest.raises(NotTriage, match=r"secondline\.toml"):
        await world.triage.accept(1, by="UKIM")


async def test_leads_and_tier_2_can_try_again() -> None:
    """The leads see the button too, and are perhaps of another tier."""
    world = await handed(triage_leads=("URAJ",))
    world.tracker.failure = down(retry=False)
    await done(world)
    with pytest.raises(NotTier2):
        await world.triage.retry(1, by="ULENA")
    world.tracker.failure = None
    await world.triage.retry(1, by="URAJ")
    await done(world)

    assert len(world.tracker.made) == 1


async def test_closed_issue_waits_for_nobody_but_can_be_tried_again() -> None:
    """What triage could press is gone, what somebody has to mend is not."""
    world = await handed()
    await done(world)
    world.tracker.failure = down("it refused GITHUB_TOKEN (401)", retry=False)
    await world.triage.accept(1, by="UKIM")
    await done(world)
    (made,) = world.tracker.made.values()
    world.known.intake.applied("app", [replace(made, state=IssueState.DONE)], cursor="2")
    blocks = cards.card(world.handoffs.overview(1)).blocks

    assert [
        element["action_id"] for block in blocks for element in block.get("elements", []) if "action_id" in element
    ] == [cards.RETRY]


async def test_dismissed_investigation_can_not_be_handed_over() -> None:
    """Its form stays open with the reason; what was handed over before stays with Tier 3."""
    world = await handed()
    await world.investigations.dismiss(1, reason="one customer", by="UKIM")
    await done(world)

    assert len(world.tracker.made) == 1
    with pytest.raises(BadInput):
        await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    assert [errand.kind for errand in world.handoffs.overview(1).waiting] == []
    assert ErrandKind.CREATE in {errand.kind for errand in world.handoffs.overview(1).errands}


class SlowComments:
    """Holds the tracker's first comment until `go` is set, as a tracker does that takes its time."""

    def __init__(self, tracker: FakeTracker) -> None:
        self.entered, self.go = asyncio.Event(), asyncio.Event()
        self._comment = tracker.comment
        tracker.comment = self.comment  # type: ignore[method-assign]

    async def comment(self, issue: TrackerIssue, text: str, *, stamp: str) -> str:
        self.entered.set()
        await self.go.wait()
        return await self._comment(issue, text, stamp=stamp)


async def test_an_errand_that_is_overtaken_while_another_is_slow_is_not_run() -> None:
    """No issue is made that nobody wants any more."""
    world = await opened()
    world.known.intake.applied("app", world.tracker.put(issue(31, "Stutter")), cursor="1")
    await world.opened(US_WEST, symptom="slow")
    await world.handoffs.hand_off(2, replace(DRAFT, tickets=(), issue_id=1), by="UKIM")
    await world.handoffs.hand_off(1, replace(DRAFT, title="Old title"), by="UKIM")
    slow = SlowComments(world.tracker)
    world.tasks.forever(world.errands.run, name="errands")
    await slow.entered.wait()
    await again(world, replace(DRAFT, issue_id=1))
    slow.go.set()
    await eventually(lambda: not world.handoffs._store.due(world.clock()))
    await world.tasks.drain(deadline_s=0)

    assert [known.issue.key for known in world.known.about(1)] == ["app#31"]
    assert not world.tracker.made


async def test_only_the_last_decision_is_written_on_the_issue() -> None:
    """Triage thought again while the first comment waited behind another one."""
    world = await opened()
    world.known.intake.applied("app", world.tracker.put(issue(31, "Stutter")), cursor="1")
    await world.handoffs.hand_off(1, replace(DRAFT, issue_id=1), by="UKIM")
    await world.triage.decide(1, Priority.P0, Lane.HOTFIX, reason="one", by="UKIM")
    slow = SlowComments(world.tracker)
    world.tasks.forever(world.errands.run, name="errands")
    await slow.entered.wait()
    await world.triage.decide(1, Priority.P3, Lane.FEATURE, reason="two", by="UKIM")
    slow.go.set()
    await eventually(lambda: not world.handoffs._store.due(world.clock()))
    await world.tasks.drain(deadline_s=0)

    said = [text for _, text in world.tracker.comments.values() if "Triage" in text]
    assert len(said) == 1 and "two" in said[0]


async def test_tickets_that_zendesk_declined_hang_after_somebody_mended_it() -> None:
    """The card has the button while any is left."""
    world = await opened()
    desk = desk_of(world)
    hangs, declined = desk._hang, "not allowed (403): check the role"
    desk._hang = lambda problem_id, number: HangOutcome(number, None, declined)  # type: ignore[method-assign]
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await done(world)
    assert "Try Again" in str(cards.card(world.handoffs.overview(1)).blocks)

    desk._hang = hangs  # type: ignore[method-assign]
    await world.triage.retry(1, by="UKIM")
    await done(world)

    assert set(desk.incidents) == {7, 8}
    assert "Try Again" not in str(cards.card(world.handoffs.overview(1)).blocks)
