"""What customers were told turns out wrong: each of them is told what is right, once."""

import pytest

from bot.errors import BadInput
from bot.people import NotTier2
from bot.replies.model import CannotAnswer, ReplyState, RoundState, Then
from bot.replies.service import SAME_AGAIN
from tests.commands.test_mention import Thread
from tests.commands.test_stream_status import said
from tests.fake_desk import Killed
from tests.replies.rounds import Rounds

TOLD = "It works again with v2.4.1."
RIGHT = "It does not work yet. Please wait."


@pytest.fixture
async def rounds() -> Rounds:
    """Three tickets, of which two were told that it works again."""
    made = Rounds()
    made.desk.put(1, 2, 3)
    made.desk.put(4, locale="de-AT")
    await made.world.opened()
    await made.ready(1, 2, 3, 4, investigation_id=1)
    await made.approve(tickets=[1, 2, 4])
    await made.settle()
    return made


async def corrected(rounds: Rounds) -> int:
    """The correction of the first round, as it waits for approval."""
    number = await rounds.world.replies.correct(1, by="UKIM")
    await rounds.step()
    return number


async def test_who_was_told_is_asked_for_and_nobody_else(rounds: Rounds) -> None:
    """In the language of what they read, above it the words with which a correction begins."""
    correction = rounds.get(await corrected(rounds))

    assert [(reply.ticket_id, reply.language) for reply in correction.having(ReplyState.LISTED)] == [
        (1, "en"),
        (2, "en"),
        (4, "de"),
    ]
    assert {text.language: text.text for text in correction.texts} == {
        "en": f"We were wrong about this:\n\n{TOLD}",
        "de": "Das stimmte nicht:\n\nMit v2.4.1 geht es wieder.",
    }
    assert (correction.corrects, correction.state, correction.then) == (1, RoundState.READY, Then.UNCHANGED)


async def test_a_correction_that_waits_is_in_the_status(rounds: Rounds) -> None:
    """Also where it was put off, as long as nobody has sent it."""
    number = await corrected(rounds)
    thread = Thread(rounds.world)
    waits = await said(thread)
    await rounds.world.replies.put_off(number, by="UKIM")
    put_off = await said(thread)
    await rounds.approve(number, en=RIGHT, de="Noch nicht.")
    await rounds.settle()

    assert "3 tickets wait to be told what is right, since" in waits
    assert "Put off: 3 tickets not told that what we wrote was wrong, since" in put_off
    assert "what is right" not in await said(thread) and "wrong" not in await said(thread)


async def test_each_is_told_what_is_right_once(rounds: Rounds) -> None:
    """By an answer of its own, after which the first round says so and asks for nobody any more."""
    number = await corrected(rounds)
    await rounds.approve(number, en=RIGHT, de="Noch nicht.", then=Then.OPENED)
    await rounds.settle()

    assert [rounds.desk.public(ticket) for ticket in (1, 2, 3, 4)] == [
        [TOLD, RIGHT],
        [TOLD, RIGHT],
        [],
        ["Mit v2.4.1 geht es wieder.", "Noch nicht."],
    ]
    assert [rounds.desk.status(ticket) for ticket in (1, 2, 3, 4)] == ["open"] * 4
    assert rounds.world.replies.corrected(1) == {1: True, 2: True, 4: True}
    with pytest.raises(CannotAnswer):
        await rounds.world.replies.correct(1, by="UKIM")


async def test_what_was_wrong_is_marked_beside_what_is_right(rounds: Rounds) -> None:
    """Struck out where all who heard it heard the correction, else with how many did."""
    number = await corrected(rounds)
    before = [(each.wrong, each.put_right_at) for each in rounds.world.updates.words(1).said]
    await rounds.approve(number, tickets=[1, 4], en=RIGHT, de="Noch nicht.")
    await rounds.settle()
    some, right = rounds.world.updates.words(1).said

    assert before == [(False, None)]
    assert (some.wrong, some.put_right, some.customers) == (False, 2, 3) and some.put_right_at == right.at
    assert (right.wrong, right.put_right_at, right.corrects) == (False, None, "round/1")


async def test_the_problem_is_open_again_with_its_tickets() -> None:
    """A solved problem with open incidents would say that nobody waits."""
    rounds = Rounds()
    rounds.desk.put(1, 2)
    problem = (await rounds.desk.open_problem("p", subject="Login fails", note="")).id
    await rounds.desk.hang(problem, [1, 2])
    await rounds.ready(1, 2, problem_id=problem)
    await rounds.approve()
    await rounds.settle()
    assert rounds.desk.status(problem) == "solved"
    number = await corrected(rounds)
    await rounds.approve(number, en=RIGHT, then=Then.OPENED)
    await rounds.settle()

    assert rounds.desk.status(problem) == "open"


@pytest.mark.parametrize("said", [f"We were wrong about this:\n\n{TOLD}", TOLD, f" {TOLD}\n"])
async def test_the_same_is_not_said_again(rounds: Rounds, said: str) -> None:
    """Nor what the form began with: nobody has written yet what is right."""
    number = await corrected(rounds)
    assert rounds.world.replies.check(number, [1, 2], {"en": said}) == {"en": SAME_AGAIN}
    with pytest.raises(BadInput, match="Write what is right"):
        await rounds.approve(number, tickets=[1, 2], en=said)

    assert rounds.world.replies.check(number, [1, 2], {"en": RIGHT}) == {}
    assert rounds.get(number).state is RoundState.READY


async def test_a_ticket_that_changed_since_the_approval_is_left_out(rounds: Rounds) -> None:
    """As in every round: the customer wrote again, and a person decides."""
    number = await corrected(rounds)
    await rounds.approve(number, tickets=[1, 2], en=RIGHT)
    rounds.world.clock.advance(5)
    rounds.desk.writes(2)
    await rounds.settle()

    assert [rounds.desk.public(ticket)[1:] for ticket in (1, 2)] == [[RIGHT], []]
    assert [reply.ticket_id for reply in rounds.get(number).changed] == [2]


async def test_a_lost_answer_and_a_crash_correct_nobody_twice(rounds: Rounds) -> None:
    """Its stamp is its own: that of the first answer says nothing about the second."""
    number = await corrected(rounds)
    await rounds.approve(number, tickets=[1], en=RIGHT)
    rounds.desk.after.append(Killed())
    with pytest.raises(Killed):
        await rounds.settle()
    again = rounds.restarted()
    await again.settle()

    assert rounds.desk.public(1) == [TOLD, RIGHT] and not rounds.desk.careless


async def test_pressing_twice_asks_once(rounds: Rounds) -> None:
    """Two people press, or the answer to one press is lost."""
    number = await corrected(rounds)
    with pytest.raises(CannotAnswer, match="already"):
        await rounds.world.replies.correct(1, by="UJO")

    assert rounds.world.owed_keys("replies/%") == ["replies/1", f"replies/{number}"]


async def test_who_was_left_out_can_be_told_later(rounds: Rounds) -> None:
    """One correction is for some of them, the next for the rest."""
    first = await corrected(rounds)
    await rounds.approve(first, tickets=[1, 4], en=RIGHT, de="Noch nicht.")
    await rounds.settle()
    second = rounds.get(await corrected(rounds))

    assert second.id != first and [reply.ticket_id for reply in second.replies] == [2]


async def test_a_correction_can_be_wrong_too(rounds: Rounds) -> None:
    """Then its own words are put right."""
    first = await corrected(rounds)
    await rounds.approve(first, tickets=[1], en=RIGHT)
    await rounds.settle()
    second = await rounds.world.replies.correct(first, by="UKIM")
    await rounds.step()

    assert [text.text for text in rounds.get(second).texts] == [f"We were wrong about this:\n\n{RIGHT}"]


async def test_what_is_still_being_sent_is_stopped_first() -> None:
    """Else the next customer would be told it after the correction was written."""
    rounds = Rounds()
    rounds.desk.put(1, 2)
    await rounds.ready(1, 2)
    await rounds.approve()
    await rounds.step()
    with pytest.raises(CannotAnswer, match="Press Stop"):
        await rounds.world.replies.correct(1, by="UKIM")
    await rounds.world.replies.stop(1, by="UKIM")
    number = await rounds.world.replies.correct(1, by="UKIM")
    await rounds.step()
    await rounds.approve(number, en=RIGHT)

    assert [reply.ticket_id for reply in rounds.get(number).replies] == [1]
    assert rounds.get(1).note == "It was corrected"


async def test_only_tier_2_corrects(rounds: Rounds) -> None:
    with pytest.raises(NotTier2):
        await rounds.world.replies.correct(1, by="UTIER1")


async def test_a_macro_was_filled_in_for_each_so_nothing_of_it_is_offered() -> None:
    """The preview has the words of one customer, which are for nobody else."""
    rounds = Rounds()
    rounds.desk.put(1)
    await rounds.ready(1)
    rounds.world.database.run("UPDATE reply_texts SET macro_id = 9, text = 'Dear Ann, it works.'")
    rounds.world.database.run("UPDATE replies SET state = 'sent'")
    rounds.world.database.run("UPDATE reply_rounds SET state = 'ended'")
    number = await corrected(rounds)

    assert [text.text for text in rounds.get(number).texts] == ["We were wrong about this:"]


async def test_a_fix_that_is_none_says_so_on_what_was_sent(rounds: Rounds) -> None:
    """Whoever told nine customers that it is out sees that it is not, and has the button there."""
    with rounds.world.database.transaction():
        rounds.world.replies.untrue("release/app/", "app#12 is open again")
    assert rounds.get(1).note == "app#12 is open again"
    with rounds.world.database.transaction():
        rounds.world.replies.true_again("release/app/")

    assert rounds.get(1).note == "" and rounds.get(1).state is RoundState.ENDED


async def test_what_was_said_so_far_has_both(rounds: Rounds) -> None:
    """In their order: who reads on knows what customers heard, and what they heard instead."""
    number = await corrected(rounds)
    rounds.world.clock.advance(60)
    await rounds.approve(number, tickets=[1, 2], en=RIGHT)
    await rounds.settle()

    said = [(entry.text, entry.customers) for entry in rounds.world.updates.words(1).said]
    assert said[-1] == (RIGHT, 2) and (TOLD, 3) in said[:-1]
