"""After a release: who was not told yet, who comes late, and what is not true any more."""

from collections import deque
from datetime import time

import pytest

from bot.briefings.cards import page
from bot.briefings.model import BriefingOverview
from bot.briefings.planning import Defaults
from bot.briefings.schedule import Schedule
from bot.handoffs.model import HandoffDraft, Lane
from bot.known_issues.model import IssueState, Priority
from bot.replies import cards
from bot.replies.cards import changes
from bot.replies.forms import review_form
from bot.replies.model import CannotAnswer, ReplyState, Round, RoundState, Then
from bot.tickets.collection import LinkState
from commands import t2
from tests.commands.test_mention import Thread
from tests.eventually import eventually
from tests.fake_desk import FakeDesk, lost, ticket, unreachable
from tests.fake_tracker import issue
from tests.releases.test_release_service import fixed, opened, stutter
from tests.slack_limits import broken_by_message, texts
from tests.world import US_WEST, World


@pytest.fixture
async def world() -> World:
    """INV-1 has the confirmed tickets 7 and 8 and is about app#31, which is out in 2.4.1."""
    world = await opened()
    world.known.intake.applied("app", [fixed()], cursor="2")
    await work(world)
    return world


def desk(world: World) -> FakeDesk:
    assert isinstance(world.desk, FakeDesk)
    return world.desk


async def work(world: World) -> None:
    """All that is due in the next minutes."""
    for _ in range(60):
        while await world.reply_runner.step(desk(world)):
            pass
        world.clock.advance(2)


async def approve(world: World, number: int = 1, tickets: list[int] | None = None) -> None:
    listed = [reply.ticket_id for reply in world.replies.get(number).having(ReplyState.LISTED)]
    chosen = listed if tickets is None else tickets
    await world.replies.approve(number, ticket_ids=chosen, texts={}, then=Then.SOLVED, by="UKIM")


async def late(world: World, *numbers: int) -> None:
    desk(world).put(*numbers)
    await world.evidence.add_tickets(1, numbers, by="UKIM")


def listed(reply_round: Round) -> list[int]:
    return sorted(reply.ticket_id for reply in reply_round.having(ReplyState.LISTED))


def untold(world: World) -> int:
    return len({waiting.ticket_id for waiting in world.releases.untold()})


async def status_of(world: World) -> str:
    content = await t2.status(Thread(world).services)
    assert content and not isinstance(content, str)
    return "\n".join(texts(list(content.blocks)))


async def test_a_ticket_that_is_confirmed_after_the_answers_is_offered_one(world: World) -> None:
    """In a card of its own with the same news; those who were told, or left out by a person, are not asked about."""
    await approve(world, tickets=[7])
    await work(world)
    await late(world, 9)
    await work(world)
    reply_round = world.replies.get(2)

    assert listed(reply_round) == [9] and reply_round.state is RoundState.READY
    assert reply_round.values == world.replies.get(1).values and reply_round.place == world.replies.get(1).place
    await approve(world, 2)
    await late(world, 10, 11)
    await work(world)
    assert listed(world.replies.get(3)) == [10, 11]
    assert desk(world).public(9) == ["U.S. East is mended in 2.4.1."]
    assert world.owed_keys("replies/_") == ["replies/1", "replies/2", "replies/3"]


async def test_a_ticket_that_comes_before_the_approval_joins_its_round(world: World) -> None:
    """One card, with a form that has a box for it; what was put off asks again."""
    await world.replies.put_off(1, by="UKIM")
    await late(world, 9)
    await work(world)

    assert listed(world.replies.get(1)) == [7, 8, 9] and world.replies.get(1).state is RoundState.READY
    assert world.owed_keys("replies/_") == ["replies/1"]


async def test_an_investigation_that_turns_out_to_be_about_it_brings_its_tickets() -> None:
    """Somebody says so after the release, and takes it back."""
    world = await opened()
    await world.knowledge.use_no_longer(1, 1, by="UKIM")
    world.known.intake.applied("app", [fixed()], cursor="2")
    before = world.owed_keys("replies/%")
    await world.knowledge.use(1, 1, by="UKIM")
    await work(world)
    asked = listed(world.replies.get(1))
    await world.knowledge.use_no_longer(1, 1, by="UKIM")

    assert before == [] and asked == [7, 8]
    assert world.replies.get(1).state is RoundState.ENDED and untold(world) == 0


async def test_nothing_is_offered_while_the_fix_is_not_out() -> None:
    world = await opened()
    await late(world, 9)

    assert world.owed_keys("replies/%") == []


async def test_a_rejected_ticket_is_told_nothing(world: World) -> None:
    """Off the list before the approval, left out after it; confirmed again it is offered again."""
    await world.evidence.decide(1, [7], LinkState.REJECTED, by="UKIM")
    before = listed(world.replies.get(1))
    await world.evidence.decide(1, [7], LinkState.CONFIRMED, by="UKIM")
    await work(world)
    again = listed(world.replies.get(1))
    await approve(world)
    await world.evidence.decide(1, [8], LinkState.REJECTED, by="UKIM")
    await work(world)

    assert (before, again) == ([8], [7, 8])
    assert [changes(reply.differences) for reply in world.replies.get(1).changed] == ["no longer confirmed"]
    assert desk(world).public(8) == [] and len(desk(world).public(7)) == 1


async def test_an_open_form_decides_nothing_about_what_was_taken_off(world: World) -> None:
    """It still has a box for it."""
    form = await world.replies.review(1, by="UKIM")
    await world.evidence.decide(1, [7], LinkState.REJECTED, by="UJO")

    assert "changed since you opened this" in world.replies.check(1, [7, 8], {}, reading=form.reading)[""]


async def test_an_issue_that_is_open_again_stops_its_answers(world: World) -> None:
    """Nobody is told that a fix is out which is none; the same version once more asks again."""
    await approve(world)
    await world.reply_runner.step(desk(world))
    world.known.intake.applied("app", [stutter()], cursor="3")
    await work(world)
    stopped = world.replies.get(1)

    assert (stopped.state, stopped.note) == (RoundState.STOPPED, "app#31 is open again")
    assert "app#31 is open again" in "\n".join(texts(list(cards.card(stopped).blocks)))
    assert len(desk(world).comments) == 1 and untold(world) == 0
    world.known.intake.applied("app", [fixed()], cursor="4")
    assert world.replies.get(1).note == "" and untold(world) == 1


async def test_a_round_that_nobody_approved_is_put_off_while_the_issue_is_open_again(world: World) -> None:
    world.known.intake.applied("app", [stutter()], cursor="3")
    put_off = world.replies.get(1)
    world.known.intake.applied("app", [fixed()], cursor="4")
    await work(world)

    assert (put_off.state, put_off.note) == (RoundState.PUT_OFF, "app#31 is open again")
    assert world.replies.get(1).state is RoundState.READY and world.owed_keys("replies/_") == ["replies/1"]


async def test_another_version_overtakes_the_round_of_the_first(world: World) -> None:
    """One card asks, and each customer counts once."""
    world.known.intake.applied("app", [stutter()], cursor="3")
    world.known.intake.applied("app", [fixed(version="2.4.2")], cursor="4")
    await work(world)

    assert [world.replies.get(number).state for number in (1, 2)] == [RoundState.PUT_OFF, RoundState.READY]
    assert untold(world) == 2


async def test_the_number_of_customers_who_were_not_told_goes_down_to_zero(world: World) -> None:
    """Not now, on the way, changed, refused: they wait. Told, left out by a person, closed: they don't."""
    await late(world, 9, 10, 11)
    await work(world)
    numbers = [untold(world)]
    await world.replies.put_off(1, by="UKIM")
    numbers.append(untold(world))
    desk(world).refused = {8: "refused (422)"}
    await approve(world, tickets=[7, 8, 9, 10])
    numbers.append(untold(world))
    desk(world).writes(7)
    desk(world).set(9, status="closed")
    await work(world)
    numbers.append(untold(world))
    await world.replies.send_anyway(1, run=1, by="UKIM")
    await work(world)
    numbers.append(untold(world))
    await world.replies.leave_out(1, run=2, by="UKIM")
    numbers.append(untold(world))

    assert numbers == [5, 5, 4, 2, 1, 0]


async def test_the_round_says_how_many_look_the_same_and_are_not_confirmed() -> None:
    """On its card, in its form, and up to date with the next search."""
    world = await opened()
    desk(world).found = [ticket(number, world.clock()) for number in (20, 21, 22)]
    await world.desk_settled()
    world.known.intake.applied("app", [fixed()], cursor="2")
    await work(world)
    round_ = world.replies.get(1)
    words = "\n".join(texts(list(cards.card(round_, alike=world.replies.alike(round_)).blocks)))
    asked = texts(review_form(round_, alike=world.replies.alike(round_))["blocks"])
    before = world.wanted("replies/1")
    await world.evidence.decide(1, [20], LinkState.REJECTED, by="UKIM")
    await world.evidence.decide(1, [21], LinkState.CONFIRMED, by="UKIM")

    assert "3 more tickets look the same and aren't confirmed: they get no answer." in words
    assert "3 more tickets look the same and aren't confirmed: they get no answer." in asked
    assert world.replies.alike(world.replies.get(1)) == 1 and world.wanted("replies/1") > before
    assert "1 more ticket looks the same and isn't confirmed" in "\n".join(
        texts(list(cards.card(round_, alike=1).blocks))
    )


async def test_what_the_desk_counts_beyond_its_list_looks_the_same_too() -> None:
    """A hundred are listed, however many there are."""
    world = await opened()
    desk(world).found = [ticket(number, world.clock()) for number in (20, 21)]
    desk(world).total = 140
    await world.desk_settled()

    collected = world.tickets.of(1)
    assert collected and collected.total == 140 and len(collected.confirmed) == 2
    assert world.tickets.unconfirmed([1]) == 138 and world.tickets.unconfirmed([1], without=[20]) == 137


async def test_status_says_it_until_everybody_is_told(world: World) -> None:
    """With what they wait for, and since when."""
    before = await status_of(world)
    await approve(world, tickets=[7])
    on_the_way = await status_of(world)
    await work(world)

    assert ":mega: *2 customers haven't been told that 2.4.1 is out*" in before and "KI-1 Calls stutter" in before
    assert "1 customer hasn't been told that" in on_the_way
    assert "been told" not in await status_of(world)


async def test_status_names_several_fixes(world: World) -> None:
    """Each with its number; a customer of two counts once in all."""
    world.known.intake.applied("app", world.tracker.put(issue(32, "Echo")), cursor="3")
    await world.opened(US_WEST, symptom="echo")
    desk(world).put(12)
    await world.evidence.add_tickets(2, [8, 12], by="UKIM")
    await world.knowledge.use(2, 2, by="UKIM")
    world.known.intake.applied("app", [fixed(32, "Echo", version="2.5")], cursor="4")
    words = await status_of(world)

    assert "*3 customers haven't been told of a fix that is out*" in words
    assert "• 2: 2.4.1 is out, KI-1 Calls stutter" in words and "• 2: 2.5 is out, KI-2 Echo" in words


async def test_the_briefing_says_it_and_stays_true() -> None:
    """It is no quiet day while somebody waits; the number goes down during the day."""
    world = await opened()
    world.briefings.schedules._defaults = Defaults("UTC", Schedule(time(9), "UTC"), ("#t2-tech",), ())
    world.known.intake.applied("app", [fixed()], cursor="2")
    await work(world)
    await world.briefings.send_due()
    morning = briefing_text(world)
    await approve(world)
    await world.reply_runner.step(desk(world))
    versions = world.wanted("briefing/1")
    await world.briefings.keep_true()
    noon, amended = briefing_text(world), world.wanted("briefing/1") > versions
    await work(world)
    await world.briefings.keep_true()

    assert "Released, not yet told" in morning and "*2 customers haven't been told that 2.4.1 is out*" in morning
    assert "2 customers not told" in morning and "KI-1 Calls stutter" in morning
    assert "*1 customer hasn't been told" in noon and "(was 2)" in noon and amended
    assert "All 2 customers were told that 2.4.1 is out" in briefing_text(world)
    later = await world.briefings.now("C1")
    assert "Released, not yet told" not in said(later)


def briefing_text(world: World) -> str:
    return said(world.briefings.overview(1))


def said(briefing: BriefingOverview) -> str:
    content = page(briefing, 0)
    assert broken_by_message(content) == []
    return "\n".join([content.text, *texts(list(content.blocks))])


async def handed_off() -> World:
    """The same with a handoff whose problem ticket has been solved after the answers."""
    world = await opened()
    draft = HandoffDraft("app", "Calls stutter", "", "", Priority.P1, Lane.HOTFIX, issue_id=1, tickets=(7, 8))
    await world.handoffs.hand_off(1, draft, by="UKIM")
    await errands_done(world)
    world.known.intake.applied("app", [fixed()], cursor="2")
    await work(world)
    await approve(world)
    await work(world)
    assert desk(world).status(problem(world)) == "solved"
    return world


async def errands_done(world: World) -> None:
    world.tasks.forever(world.errands.run, name="errands")
    await eventually(lambda: not world.handoffs._store.due(world.clock()))
    await world.tasks.drain(deadline_s=0)


def problem(world: World) -> int:
    number = world.handoffs.get(1).problem_id
    assert number
    return number


async def test_the_problem_ticket_is_opened_again_for_late_tickets_and_solved_after_them() -> None:
    """Agents see that somebody waits, until nobody does."""
    world = await handed_off()
    first = problem(world)
    await late(world, 9)
    await errands_done(world)
    opened_again = desk(world).status(first)
    await work(world)
    await approve(world, 2)
    await work(world)

    assert opened_again == "open" and problem(world) == first and desk(world).incidents[9] == first
    assert desk(world).status(first) == "solved" and desk(world).status(9) == "solved"
    assert 9 in desk(world).comments and [number for number in desk(world).comments if number == first] == [first]


@pytest.mark.parametrize("over", ["closed", "gone"])
async def test_a_new_problem_ticket_stands_for_one_that_is_closed(over: str) -> None:
    """Made once, also where its answer is lost; the round solves it at the end."""
    world = await handed_off()
    first = problem(world)
    desk(world).remove(first) if over == "gone" else desk(world).set(first, status="closed")
    await late(world, 9)
    desk(world).after = deque([lost()])
    await errands_done(world)
    world.clock.advance(120)
    await errands_done(world)
    second = problem(world)
    await work(world)
    await approve(world, 2)
    await work(world)

    assert second != first and desk(world).incidents[9] == second
    assert len(desk(world).problems) == 2 and world.replies.get(2).problem_id == second
    assert desk(world).status(second) == "solved"


async def test_a_fix_that_moves_to_another_version_is_not_out(world: World) -> None:
    """Development took it back: nobody is told, nobody is counted."""
    world.known.intake.applied("app", [stutter(fix_version="2.5", state=IssueState.DONE)], cursor="3")

    assert world.replies.get(1).state is RoundState.PUT_OFF and untold(world) == 0
    assert world.replies.get(1).note == "app#31 comes with another version"


async def test_what_was_put_off_can_be_let_go(world: World) -> None:
    """Nobody is told, and nobody waits; what is confirmed later is offered by itself."""
    await world.replies.put_off(1, by="UKIM")
    card = cards.card(world.replies.get(1))
    await world.replies.leave_out(1, run=0, by="UKIM")
    await late(world, 9)
    await work(world)

    assert "Leave 2 tickets without this answer?" in str(card.blocks)
    assert world.replies.get(1).state is RoundState.ENDED and desk(world).comments == {}
    assert listed(world.replies.get(2)) == [9] and untold(world) == 1


async def test_send_anyway_says_that_the_issue_is_open_again(world: World) -> None:
    """The round has ended; what it would say is untrue since."""
    await approve(world)
    desk(world).writes(7)
    await work(world)
    world.known.intake.applied("app", [stutter()], cursor="3")

    assert world.replies.get(1).note == "app#31 is open again" and untold(world) == 0
    assert "app#31 is open again. #7 changed since the approval." in str(cards.card(world.replies.get(1)).blocks)


async def test_a_ticket_that_was_never_looked_at_is_not_approved_blindly(world: World) -> None:
    """Such as one of a round that an earlier version of the bot read, while the desk is down."""
    world.database.run("UPDATE replies SET seen = '' WHERE ticket_id = 7")
    desk(world).down = unreachable()
    with pytest.raises(CannotAnswer, match="doesn't say how"):
        await world.replies.review(1, by="UKIM")
    desk(world).down = None

    assert len((await world.replies.review(1, by="UKIM")).having(ReplyState.LISTED)) == 2
