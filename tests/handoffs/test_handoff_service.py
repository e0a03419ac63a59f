"""To Tier 3 and back, with a tracker and a desk that answer, fail, and lose answers."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bot.errors import BadInput
from bot.field_limits import TooLong
from bot.handoffs import cards
from bot.handoffs.model import AlreadyHandedOff, ErrandKind, HandoffDraft, Lane
from bot.handoffs.triage import NotTriage
from bot.investigations import cards as investigation_cards
from bot.investigations.card import card as investigation_card
from bot.investigations.model import IllegalMove, State
from bot.known_issues.model import EtaSource, IssueState, Priority
from bot.known_issues.naming import NoTracker
from bot.messages.model import Place
from bot.people import NotTier2
from bot.tickets.collection import LinkState
from bot.tickets.desk import DeskError
from tests.eventually import eventually
from tests.fake_desk import FakeDesk, lost
from tests.fake_tracker import down, issue
from tests.slack_limits import texts
from tests.world import US_EAST, World

DRAFT = HandoffDraft("app", "Calls stutter", "loses 4 of 10", "call twice", Priority.P1, Lane.HOTFIX, tickets=(7, 8))


async def opened(**more: object) -> World:
    """An investigation with two confirmed tickets, and a tracker that is known."""
    desk = FakeDesk()
    desk.put(7, 8, 9)
    world = World(desk=desk, **more)  # type: ignore[arg-type]
    await world.opened(US_EAST, symptom="calls stutter")
    await world.evidence.add_tickets(1, [7, 8], by="UKIM")
    return world


async def done(world: World) -> None:
    """Run the errands until none is due."""
    world.tasks.forever(world.errands.run, name="errands")
    await eventually(lambda: not world.handoffs._store.due(world.clock()))
    await world.tasks.drain(deadline_s=0)


def card_text(world: World, number: int = 1) -> str:
    content = cards.card(world.handoffs.overview(number))
    return "\n".join(texts(list(content.blocks)))


def standing(world: World) -> str:
    progress = world.handoffs.progress(1)
    assert progress
    return cards.progress(progress)


def desk_of(world: World) -> FakeDesk:
    assert isinstance(world.desk, FakeDesk)
    return world.desk


async def test_issue_problem_ticket_and_links_are_made_once() -> None:
    """The record first; tracker and desk follow, and all of it is shown."""
    world = await opened()
    handoff = await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    assert world.investigations.get(1).state is State.HANDED_OFF
    assert "no issue in GitHub acme/app yet" in card_text(world)
    await done(world)

    assert [made.title for made in world.tracker.made.values()] == ["Calls stutter"]
    assert desk_of(world).incidents == dict.fromkeys((7, 8), world.handoffs.get(1).problem_id)
    known = world.known.get(world.handoffs.get(handoff.id).issue_id or 0)
    assert [issue.id for issue in world.known.about(1)] == [known.id]
    assert "2 tickets are linked to problem" in card_text(world)
    assert "handed_off" in world.kinds(1)


async def test_form_is_filled_and_offers_issues_that_read_like_it() -> None:
    """The linked one is chosen already; without any, a new one is."""
    world = await opened()
    world.known.intake.applied("app", world.tracker.put(issue(31, "Calls stutter on U.S. East")), cursor="1")
    ready = await world.handoffs.prepare(1, by="UKIM")
    assert ready.draft.issue_id is None
    assert [issue.issue.key for issue in ready.issues] == ["app#31"]
    await world.knowledge.use(1, ready.issues[0].id, by="UKIM")

    assert (await world.handoffs.prepare(1, by="UKIM")).draft.issue_id == ready.issues[0].id


async def test_an_issue_that_exists_gets_the_evidence_as_a_comment() -> None:
    """Nothing is made twice in the tracker."""
    world = await opened()
    world.known.intake.applied("app", world.tracker.put(issue(31, "Stutter")), cursor="1")
    known = world.handoffs.named_issue("app#31")
    await world.handoffs.hand_off(1, replace(DRAFT, issue_id=known.id, tracker=""), by="UKIM")
    await done(world)

    assert world.tracker.made == {}
    assert [key for key, text in world.tracker.comments.values() if "loses 4 of 10" in text] == ["app#31"]


async def test_tracker_that_is_down_is_asked_again_and_the_card_says_so() -> None:
    """Since when and why; nothing is lost, and nothing is made twice."""
    world = await opened()
    world.tracker.failure = down("timed out")
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await done(world)
    assert "making the issue has failed since" in card_text(world)
    assert "timed out" in card_text(world)
    world.tracker.failure = None
    world.clock.advance(60)
    await done(world)

    assert len(world.tracker.made) == 1
    assert "has failed since" not in card_text(world)


async def test_what_trying_again_does_not_help_waits_for_a_person() -> None:
    """A token without rights is mended by somebody, who then presses the button."""
    world = await opened()
    world.tracker.failure = down("it refused GITHUB_TOKEN (401)", retry=False)
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await done(world)
    assert "Fix that, then press" in card_text(world)
    world.clock.advance(3600)
    await done(world)
    assert world.tracker.made == {}
    world.tracker.failure = None
    await world.triage.retry(1, by="UKIM")
    await done(world)

    assert len(world.tracker.made) == 1


async def test_lost_answer_of_the_desk_leaves_one_problem_ticket() -> None:
    """The stamp finds what an earlier try has made."""
    world = await opened()
    desk_of(world).after.append(lost())
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await done(world)
    world.clock.advance(60)
    await done(world)

    assert len(desk_of(world).problems) == 1
    assert set(desk_of(world).incidents) == {7, 8}


async def test_tickets_confirmed_later_hang_there_too() -> None:
    """Also those that a search found after the handoff."""
    world = await opened()
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await done(world)
    await world.evidence.add_tickets(1, [9], by="UKIM")
    await done(world)

    assert set(desk_of(world).incidents) == {7, 8, 9}


async def test_triage_decides_and_only_triage() -> None:
    """Asked where they are; what they say counts here and on the issue, with its reason."""
    world = await opened(triage_leads=("URAJ",))
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await done(world)
    assert world.place("triage/1/URAJ") == Place("URAJ")
    with pytest.raises(NotTriage, match="Only the triage leads"):
        await world.triage.accept(1, by="UKIM")
    await world.triage.decide(1, Priority.P3, Lane.FEATURE, reason="works as built", by="URAJ")
    await done(world)

    handoff = world.handoffs.get(1)
    assert (handoff.priority, handoff.lane) == (Priority.P3, Lane.FEATURE)
    assert any("works as built" in text for _, text in world.tracker.comments.values())
    assert "changed to this (asked for: P1 Business Impacted, hotfix)" in card_text(world)
    asked = "\n".join(texts(list(cards.triage(world.handoffs.overview(1)).blocks)))
    assert "Asked for: *P1 Business Impacted, hotfix*, " in asked
    assert "Triage: changed to *P3 Service Request, feature request* by <@URAJ>" in asked
    assert "triaged" in world.kinds(1)


async def test_whoever_handed_it_over_is_told_of_the_decision() -> None:
    """By a message in the thread, with the reason; the same once more is none, and nobody tells themselves."""
    world = await opened()
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await world.triage.decide(1, Priority.P2, Lane.PLANNING, reason="needs a new protocol", by="UJO")
    await world.triage.decide(1, Priority.P2, Lane.PLANNING, reason="needs a new protocol", by="UANA")
    (key,) = world.owed_keys("told/%")
    event = world.evidence.event(int(key.split("/")[1]))
    assert event
    content = investigation_cards.notice(event, world.evidence.overview(1))
    await world.triage.decide(1, Priority.P0, Lane.HOTFIX, reason="spreads", by="UKIM")

    assert content and content.text == (
        ":ballot_box_with_check: <@UKIM>, <@UJO> decided about INV-1: "
        "P2 Standard, product planning: needs a new protocol."
    )
    assert world.owed_keys("told/%") == [key]


async def test_form_begins_with_the_last_handoff_after_reopening() -> None:
    """What was typed for development is not typed again."""
    world = await opened()
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await world.investigations.resolve(1, root_cause="a bug", workaround="", by="UKIM")
    await world.investigations.reopen(1, by="UKIM")
    ready = await world.handoffs.prepare(1, by="UKIM")

    assert (ready.draft.title, ready.draft.reproduction) == (DRAFT.title, DRAFT.reproduction)


async def test_reason_that_is_too_long_is_refused() -> None:
    """Support reads the whole of it, or is not told half."""
    world = await opened()
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    with pytest.raises(TooLong, match="A reason"):
        await world.triage.decide(1, Priority.P2, Lane.PLANNING, reason="x" * 2901, by="UKIM")

    assert world.handoffs.get(1).decision is None


async def test_accepting_twice_is_one_decision() -> None:
    """Two leads press at the same time."""
    world = await opened()
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await asyncio.gather(world.triage.accept(1, by="UKIM"), world.triage.accept(1, by="UJO"))

    assert [errand.kind for errand in world.handoffs.overview(1).errands].count(ErrandKind.TRIAGE) == 1


async def test_hotfix_keeps_tickets_open_and_other_lanes_tell_the_customers() -> None:
    """A round of answers waits for somebody to look at it; a hotfix opens none."""
    world = await opened(reply_texts={"noted": {"en": "We noted {target}."}})
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await world.triage.accept(1, by="UKIM")
    assert world.owed_keys("replies/%") == []
    await world.triage.decide(1, Priority.P3, Lane.FEATURE, reason="later", by="UKIM")

    assert world.owed_keys("replies/%") == ["replies/1"]
    assert world.replies.get(1).purpose == "noted"


async def test_somebody_of_the_tracker_is_assigned() -> None:
    """By the tracker's own accounts."""
    world = await opened()
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    with pytest.raises(BadInput, match="no issue in the tracker yet"):
        await world.triage.accounts(1, by="UKIM")
    await done(world)
    _, accounts = await world.triage.accounts(1, by="UKIM")
    await world.triage.assign(1, accounts[0].id, by="UKIM")
    await done(world)

    assert list(world.tracker.assigned.values()) == ["lena-dev"]


async def test_what_development_does_edits_one_message() -> None:
    """Assigned, moved, fixed, released: the state is a line of it, and endings are on the timeline."""
    world = await opened()
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await done(world)
    (made,) = world.tracker.made.values()
    before = world.wanted("handoff/1")
    moved = replace(made, assignees=("mira",), fix_version="2.4.1", eta_dates={EtaSource.MILESTONE: date(2026, 12, 12)})
    world.known.intake.applied("app", [moved], cursor="2")
    assert "assigned to mira" in card_text(world)
    assert "12 Dec 2026" in card_text(world)
    fixed = replace(moved, state=IssueState.DONE, released=True)
    world.known.intake.applied("app", [fixed], cursor="3")

    assert "Released in 2.4.1" in card_text(world)
    assert world.wanted("handoff/1") > before
    assert world.kinds(1).count("issue") >= 2
    assert world.owed_keys("handoff/%") == ["handoff/1"]


async def test_state_says_how_old_it_is_while_the_tracker_is_away() -> None:
    """On the handoff and on the investigation's card, both edited when that begins and when it ends."""
    world = await opened()
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await done(world)
    world.known.intake.answered("app")
    before = (world.wanted("handoff/1"), world.wanted("investigation/1"))
    for _ in range(2):
        world.known.intake.failed("app", "timed out")
    card = "\n".join(texts(list(investigation_card(world.evidence.overview(1)).blocks)))
    assert "unreachable since" in card_text(world)
    assert "unreachable since" in card
    assert (world.wanted("handoff/1"), world.wanted("investigation/1")) == (before[0] + 1, before[1] + 1)
    world.known.intake.answered("app")

    assert "unreachable since" not in card_text(world)


async def test_card_of_the_investigation_says_how_far_tier_3_is() -> None:
    """It is owed an edit with each step: handed over, made, decided, assigned."""
    world = await opened()
    assert world.handoffs.progress(1) is None
    versions = [world.wanted("investigation/1")]
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    versions.append(world.wanted("investigation/1"))
    assert standing(world).endswith("waits for triage. No issue yet.")
    await done(world)
    versions.append(world.wanted("investigation/1"))
    await world.triage.decide(1, Priority.P2, Lane.PLANNING, reason="", by="UKIM")
    versions.append(world.wanted("investigation/1"))
    (made,) = world.tracker.made.values()
    world.known.intake.applied("app", [replace(made, state=IssueState.IN_PROGRESS, assignees=("mira",))], cursor="2")
    versions.append(world.wanted("investigation/1"))

    assert standing(world).endswith("P2 Standard, product planning, changed by triage. In progress, assigned to mira.")
    assert versions == sorted(set(versions))


async def test_only_tier_2_hands_off_and_only_once() -> None:
    """A second form says that it is done already."""
    world = await opened()
    with pytest.raises(NotTier2):
        await world.handoffs.hand_off(1, DRAFT, by="ULENA")
    with pytest.raises(BadInput, match="needs a title"):
        await world.handoffs.hand_off(1, replace(DRAFT, title=" "), by="UKIM")
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")

    with pytest.raises((IllegalMove, AlreadyHandedOff)):
        await world.handoffs.hand_off(1, DRAFT, by="UJO")


async def test_handed_over_again_after_reopening_keeps_the_problem_ticket() -> None:
    """The earlier handoff ends, and its tickets hang where they hung."""
    world = await opened()
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await done(world)
    await world.investigations.resolve(1, root_cause="a bad link", workaround="", by="UKIM")
    await world.investigations.reopen(1, by="UKIM")
    second = await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await done(world)

    assert world.handoffs.get(1).ended_at
    assert world.handoffs.get(second.id).problem_id == world.handoffs.get(1).problem_id
    assert len(desk_of(world).problems) == 1


async def test_rejected_tickets_never_hang() -> None:
    """What somebody said does not belong is left alone."""
    world = await opened()
    await world.evidence.decide(1, [8], LinkState.REJECTED, by="UKIM")
    await world.handoffs.hand_off(1, replace(DRAFT, tickets=(7,)), by="UKIM")
    await done(world)

    assert set(desk_of(world).incidents) == {7}


async def test_without_a_tracker_the_sentence_says_what_to_configure() -> None:
    """Nobody fills in a form for nothing."""
    world = await opened()
    world.known._trackers.clear()

    with pytest.raises(NoTracker, match=r"\[trackers"):
        await world.handoffs.prepare(1, by="UKIM")


async def test_a_restart_tries_at_once_what_the_desk_refused() -> None:
    """Somebody may have mended its login; nobody has to press for that."""
    world = await opened()
    desk_of(world).before.append(DeskError("Zendesk", "it refused the login (401)", retry=False))
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await done(world)
    assert desk_of(world).problems == {}
    assert "Fix that, then press" in card_text(world)
    again = World(clock=world.clock, database=world.database, desk=world.desk)
    again.tasks.forever(again.errands.run, name="errands")
    await eventually(lambda: set(desk_of(again).incidents) == {7, 8} and "Fix that" not in card_text(again))
    await again.tasks.drain(deadline_s=0)


async def test_a_desk_that_asks_for_a_long_wait_is_told_with_its_end() -> None:
    """And can be hurried."""
    world = await opened()
    desk_of(world).before.append(DeskError("Zendesk", "rate limit (429)", retry=True, retry_after_s=600.0))
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await done(world)
    assert "Zendesk: making the problem ticket waits until <!date^" in card_text(world)
    await world.triage.retry(1, by="UKIM")
    await done(world)

    assert set(desk_of(world).incidents) == {7, 8}
