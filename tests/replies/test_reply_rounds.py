"""Rounds of replies from the first card to the last answer."""

import asyncio
from collections import deque

import pytest

from bot.errors import BadInput
from bot.people import NotTier2
from bot.replies.cards import changes
from bot.replies.drafting import Templates
from bot.replies.model import CannotAnswer, ProblemState, ReplyState, RoundState, Then
from bot.tickets.answering import MERGED_TAG, MacroEffect, RefusalKind
from bot.tickets.desk import DeskError, TicketChanged
from tests.fake_desk import Killed, limited, lost, unreachable
from tests.replies.rounds import CARD, TEXTS, Rounds

ENGLISH = "It works again with v2.4.1."


@pytest.fixture
def rounds() -> Rounds:
    made = Rounds()
    made.desk.put(1, 2, 3)
    return made


async def test_a_round_is_read_then_waits_for_a_person(rounds: Rounds) -> None:
    """Nobody is answered before the approval, however long that takes."""
    reply_round = await rounds.ready(1, 2, 3)
    await rounds.settle()

    assert reply_round.state is RoundState.READY
    assert [text.text for text in reply_round.texts] == [ENGLISH]
    assert rounds.desk.comments == {}
    assert rounds.world.owed_keys("replies/%") == [CARD]


async def test_opening_the_same_key_twice_opens_once(rounds: Rounds) -> None:
    """A release that is told of twice makes one card."""
    assert rounds.open([1]) == rounds.open([1, 2]) == 1
    assert len(rounds.get().replies) == 1


async def test_approved_tickets_are_answered_publicly_and_solved(rounds: Rounds) -> None:
    """Only those that were chosen, each with the words that the form had."""
    await rounds.ready(1, 2, 3)
    await rounds.approve(tickets=[1, 3], en="It works again.")
    await rounds.settle()

    assert rounds.desk.comments == {1: [("It works again.", True)], 3: [("It works again.", True)]}
    assert [rounds.desk.status(number) for number in (1, 2, 3)] == ["solved", "open", "solved"]
    assert rounds.get().state is RoundState.ENDED
    assert [found.id for found in rounds.done] == [1]


async def test_status_can_be_left_as_it_is(rounds: Rounds) -> None:
    """A round about plans tells customers something without ending their ticket."""
    await rounds.ready(1)
    await rounds.approve(then=Then.UNCHANGED)
    await rounds.settle()

    assert rounds.desk.public(1) == [ENGLISH] and rounds.desk.status(1) == "open"


async def test_each_customer_reads_their_own_language(rounds: Rounds) -> None:
    """A region falls back to its language, and a language without a text to the fallback."""
    rounds.desk.put(4, locale="de-AT")
    rounds.desk.put(5, locale="fr")
    reply_round = await rounds.ready(1, 4, 5)
    await rounds.approve()
    await rounds.settle()

    assert [(reply.wants, reply.language) for reply in reply_round.replies] == [
        ("en", "en"),
        ("de", "de"),
        ("fr", "en"),
    ]
    assert [rounds.desk.public(n) for n in (1, 4, 5)] == [[ENGLISH], ["Mit v2.4.1 geht es wieder."], [ENGLISH]]


async def test_two_people_approve_at_once(rounds: Rounds) -> None:
    """The first one counts; the second is told, and nothing is sent twice."""
    await rounds.ready(1, 2)
    first, second = await asyncio.gather(rounds.approve(), rounds.approve(tickets=[1]), return_exceptions=True)
    await rounds.settle()

    assert not isinstance(first, BaseException) and isinstance(second, CannotAnswer)
    assert {number: len(rounds.desk.public(number)) for number in (1, 2)} == {1: 1, 2: 1}


async def test_only_tier_2_approves(rounds: Rounds) -> None:
    """The form can't be opened by others, and can't be sent by them either."""
    await rounds.ready(1)
    for act in (
        rounds.world.replies.review(1, by="UTIER1"),
        rounds.world.replies.approve(1, ticket_ids=[1], texts={}, then=Then.SOLVED, by="UTIER1"),
        rounds.world.replies.stop(1, by="UTIER1"),
        rounds.world.replies.try_again(1, by="UTIER1"),
    ):
        with pytest.raises(NotTier2):
            await act


@pytest.mark.parametrize(
    ("tickets", "text", "says"), [([], "x", "Choose"), ([1], "  ", "Write"), ([99], "x", "Choose")]
)
async def test_what_cannot_be_sent_is_refused(rounds: Rounds, tickets: list[int], text: str, says: str) -> None:
    """No ticket, no words, or a ticket that the round does not have."""
    await rounds.ready(1)

    with pytest.raises(BadInput, match=says):
        await rounds.approve(tickets=tickets, en=text)
    assert rounds.get().state is RoundState.READY


async def test_answers_are_paced(rounds: Rounds) -> None:
    """Sixty a minute are one a second, by our own clock."""
    await rounds.ready(1, 2, 3)
    await rounds.approve()
    began = rounds.world.clock.now
    while await rounds.step():
        pass

    assert len(rounds.desk.comments) == 1
    await rounds.settle()
    assert len(rounds.desk.comments) == 3
    assert 2 <= (rounds.world.clock.now - began).total_seconds() <= 4


async def test_retry_after_is_obeyed(rounds: Rounds) -> None:
    """Zendesk's 429 makes the round wait as long as it says, without a second try of anything else."""
    await rounds.ready(1, 2)
    await rounds.approve()
    rounds.desk.before = deque([limited(90)])
    await rounds.step()
    rounds.world.clock.advance(89)

    assert not await rounds.step() and rounds.desk.comments == {}
    assert rounds.get().failing_since is not None
    await rounds.settle()
    assert rounds.desk.public(1) == rounds.desk.public(2) == [ENGLISH]


async def test_desk_down_keeps_the_round_waiting(rounds: Rounds) -> None:
    """It says since when and why, and goes on by itself."""
    rounds.desk.down = unreachable()
    number = rounds.open([1, 2])
    await rounds.settle(within_s=600)
    since = rounds.get(number).failing_since

    assert rounds.get(number).state is RoundState.READING and since is not None
    assert rounds.world.replies.failing() == (since, "it does not answer")
    rounds.desk.down = None
    await rounds.settle(within_s=60)
    assert rounds.get(number).state is RoundState.READY and rounds.get(number).failing_since is None


async def test_a_refused_login_is_the_desks_trouble_and_fails_no_ticket(rounds: Rounds) -> None:
    """What an admin has to mend is waited for; the tickets are not given up."""
    await rounds.ready(1, 2)
    await rounds.approve()
    rounds.desk.down = DeskError("Zendesk", "login refused (401)", retry=False)
    await rounds.settle(within_s=600)
    rounds.desk.down = None
    await rounds.settle()

    assert rounds.get().failed == {} and rounds.desk.public(1) == rounds.desk.public(2) == [ENGLISH]


async def test_a_lost_answer_is_looked_for_before_anything_is_sent_again(rounds: Rounds) -> None:
    """The desk acted and nobody heard of it: one comment. It did not act: one comment too."""
    await rounds.ready(1, 2)
    await rounds.approve()
    rounds.desk.after = deque([lost()])
    await rounds.step()
    unsure = rounds.get().having(ReplyState.UNSURE)
    rounds.desk.before = deque([lost()])
    await rounds.settle()

    assert [reply.ticket_id for reply in unsure] == [1]
    assert rounds.desk.public(1) == rounds.desk.public(2) == [ENGLISH]
    assert rounds.get().failed == {}


async def test_tickets_that_changed_meanwhile(rounds: Rounds) -> None:
    """Closed, merged and deleted ones are named; one that is solved is left out until a person wants it answered."""
    rounds.desk.put(4, 5)
    await rounds.ready(1, 2, 3, 4, 5)
    await rounds.approve()
    rounds.desk.set(1, status="solved")
    rounds.desk.set(2, status="closed")
    rounds.desk.set(3, status="closed", tags=(MERGED_TAG,))
    rounds.desk.remove(4)
    await rounds.settle()

    assert rounds.desk.comments.keys() == {5}
    assert changed(rounds) == {1: "solved by now"}
    assert rounds.get().failed == {RefusalKind.CLOSED: 1, RefusalKind.MERGED: 1, RefusalKind.GONE: 1}
    assert rounds.world.owed_keys("replies/1/report/%") == ["replies/1/report/1"]
    await rounds.world.replies.send_anyway(1, run=1, by="UKIM")
    await rounds.settle()
    assert rounds.desk.public(1) == [ENGLISH] and rounds.desk.status(1) == "solved"


CHANGES = [
    ({"status": "solved"}, "solved by now"),
    ({"status": "pending"}, "waits for the customer"),
    ({"status": "suspended"}, "suspended by now"),
    ({"assignee_id": 7}, "assigned to somebody else"),
    ({"group_id": 7}, "given to another group"),
    ({"requester_id": 7}, "it has another customer now"),
    ({"problem_id": 7}, "linked to problem #7"),
    ({"tags": ("vip",)}, "tagged vip"),
]


@pytest.mark.parametrize(("change", "words"), CHANGES)
async def test_what_others_change_is_left_out_with_its_reason(
    rounds: Rounds, change: dict[str, object], words: str
) -> None:
    """The approval was one of another ticket; the others are answered."""
    await rounds.ready(1, 2)
    await rounds.approve()
    rounds.desk.set(1, **change)
    await rounds.settle()

    assert rounds.desk.public(1) == [] and rounds.desk.public(2) == [ENGLISH]
    assert changed(rounds) == {1: words} and rounds.get().state is RoundState.ENDED


@pytest.mark.parametrize(
    ("by_customer", "words"), [(True, "the customer wrote again"), (False, "somebody wrote to the customer")]
)
async def test_what_was_written_since_is_left_out(rounds: Rounds, by_customer: bool, words: str) -> None:
    """Between the review and the answer, in the same second too."""
    await rounds.ready(1, 2)
    await rounds.approve()
    rounds.desk.writes(1, by_customer=by_customer)
    await rounds.settle()

    assert rounds.desk.public(1) == [] and changed(rounds) == {1: words}


async def test_what_changes_nothing_for_the_customer_is_answered(rounds: Rounds) -> None:
    """Another priority, subject, and the bot's own tags."""
    await rounds.ready(1, 2)
    await rounds.approve()
    rounds.world.clock.advance(60)
    rounds.desk.set(1, priority="urgent", subject="Re", updated_at=rounds.world.clock())
    rounds.desk.set(2, tags=("inv-3", "secondline-0a"), updated_at=rounds.world.clock())
    await rounds.settle()

    assert rounds.desk.public(1) == rounds.desk.public(2) == [ENGLISH]


async def test_what_changed_before_the_review_is_what_the_person_sees(rounds: Rounds) -> None:
    """The form shows the tickets as they are, so an approval of these is one."""
    await rounds.ready(1, 2, 3)
    rounds.desk.set(1, status="solved")
    rounds.desk.writes(2)
    rounds.desk.set(3, status="closed")
    reply_round = await rounds.world.replies.review(1, by="UKIM")
    await rounds.approve(reading=reply_round.reading)
    await rounds.settle()

    assert [reply.status for reply in reply_round.having(ReplyState.LISTED)] == ["solved", "open"]
    assert rounds.desk.comments.keys() == {1, 2} and changed(rounds) == {}


async def test_an_older_form_approves_nothing_that_it_did_not_show(rounds: Rounds) -> None:
    """Kim opens the form, the customer writes, Jo opens it too; what Kim sends then is not what Jo saw."""
    await rounds.ready(1, 2)
    kim = await rounds.world.replies.review(1, by="UKIM")
    rounds.desk.writes(1)
    jo = await rounds.world.replies.review(1, by="UJO")

    with pytest.raises(BadInput, match="changed since you opened this"):
        await rounds.approve(reading=kim.reading)
    await rounds.approve(reading=jo.reading)
    await rounds.settle()
    assert rounds.desk.comments.keys() == {1, 2}


async def test_tickets_that_join_under_an_open_form_are_not_decided_by_it(rounds: Rounds) -> None:
    """They had no box in it."""
    rounds.gather([1])
    await rounds.step()
    form = await rounds.world.replies.review(1, by="UKIM")
    rounds.gather([1, 2])
    await rounds.step()

    with pytest.raises(BadInput, match="changed since you opened this"):
        await rounds.approve(tickets=[1], reading=form.reading)
    assert len(rounds.get().having(ReplyState.LISTED)) == 2


async def test_a_desk_that_is_slow_or_down_does_not_keep_the_review_waiting(rounds: Rounds) -> None:
    """What was read before is shown, and each ticket is looked at before it is answered anyway."""
    await rounds.ready(1)
    rounds.desk.down = unreachable()

    assert (await rounds.world.replies.review(1, by="UKIM")).having(ReplyState.LISTED)


async def test_nobody_is_left_when_the_review_is_opened(rounds: Rounds) -> None:
    """A form without boxes would be no use."""
    await rounds.ready(1)
    rounds.desk.remove(1)

    with pytest.raises(CannotAnswer, match="can be answered any more"):
        await rounds.world.replies.review(1, by="UKIM")


async def test_send_anyway_sends_just_these_once_and_looks_once_more(rounds: Rounds) -> None:
    """What was left unticked, refused or answered stays as it is; what changed again is left out again."""
    rounds.desk.put(4, 5)
    rounds.desk.refused = {4: "refused (422)"}
    await rounds.ready(1, 2, 3, 4, 5)
    await rounds.approve(tickets=[1, 2, 3, 4])
    rounds.desk.writes(1)
    rounds.desk.writes(2)
    await rounds.settle()
    rounds.desk.set(2, status="solved")
    await rounds.world.replies.send_anyway(1, run=1, by="UJO")
    with pytest.raises(CannotAnswer, match="decided this already"):
        await rounds.world.replies.send_anyway(1, run=1, by="UKIM")
    await rounds.settle()

    assert {number: rounds.desk.public(number) for number in (1, 2, 3, 4, 5)} == {
        1: [ENGLISH],
        2: [],
        3: [ENGLISH],
        4: [],
        5: [],
    }
    assert changed(rounds) == {2: "solved by now"} and rounds.get().failed == {RefusalKind.REFUSED: 1}
    with pytest.raises(CannotAnswer, match="decided this already"):
        await rounds.world.replies.send_anyway(1, run=1, by="UKIM")
    await rounds.world.replies.send_anyway(1, run=2, by="UKIM")
    await rounds.settle()
    assert rounds.desk.public(2) == [ENGLISH] and changed(rounds) == {}


async def test_what_is_left_out_by_a_person_is_decided(rounds: Rounds) -> None:
    """Nothing more can be done about it, and only Tier 2 says so."""
    await rounds.ready(1, 2)
    await rounds.approve()
    rounds.desk.writes(1)
    await rounds.settle()
    with pytest.raises(NotTier2):
        await rounds.world.replies.leave_out(1, run=1, by="UTIER1")
    with pytest.raises(NotTier2):
        await rounds.world.replies.send_anyway(1, run=1, by="UTIER1")
    await rounds.world.replies.leave_out(1, run=1, by="UKIM")

    assert rounds.get().undecided == () and rounds.desk.public(1) == []
    with pytest.raises(CannotAnswer):
        await rounds.world.replies.send_anyway(1, run=1, by="UKIM")


async def test_nothing_is_sent_anyway_while_it_still_runs(rounds: Rounds) -> None:
    """The list is not whole yet."""
    await rounds.ready(1, 2)
    await rounds.approve()
    rounds.desk.writes(1)
    await rounds.step()

    with pytest.raises(CannotAnswer):
        await rounds.world.replies.send_anyway(1, run=1, by="UKIM")


async def test_killed_between_two_answers_the_rest_is_looked_at_too(rounds: Rounds) -> None:
    """What others changed while the bot was down is left out; what was answered before it died is not sent again."""
    await rounds.ready(1, 2, 3)
    await rounds.approve()
    rounds.desk.after = deque([Killed()])
    with pytest.raises(Killed):
        await rounds.step()
    rounds.desk.writes(1)
    rounds.desk.writes(2)
    again = rounds.restarted()
    await again.settle()

    assert [rounds.desk.public(number) for number in (1, 2, 3)] == [[ENGLISH], [], [ENGLISH]]
    assert changed(again) == {2: "the customer wrote again"}
    await again.world.replies.send_anyway(1, run=1, by="UKIM")
    rounds.desk.after = deque([Killed()])
    again.world.clock.advance(60)
    with pytest.raises(Killed):
        await again.settle()
    last = again.restarted()
    await last.settle()
    assert rounds.desk.public(2) == [ENGLISH] and not rounds.desk.careless


async def test_what_was_closed_before_the_review_is_not_offered(rounds: Rounds) -> None:
    """The form lists only those that can be answered."""
    rounds.desk.set(2, status="closed")
    rounds.desk.remove(3)
    reply_round = await rounds.ready(1, 2, 3)

    assert [reply.ticket_id for reply in reply_round.having(ReplyState.LISTED)] == [1]
    assert reply_round.failed == {RefusalKind.CLOSED: 1, RefusalKind.GONE: 1}


async def test_nobody_left_to_answer(rounds: Rounds) -> None:
    """A round of closed tickets ends without asking anybody."""
    rounds.desk.set(2, status="closed")

    assert (await rounds.ready(2)).state is RoundState.ENDED


async def test_refused_tickets_can_be_tried_again(rounds: Rounds) -> None:
    """Only they; those that were answered are left alone, and a second failure is reported again."""
    rounds.desk.refused = {2: "refused (422): a field is missing"}
    await rounds.ready(1, 2)
    await rounds.approve()
    await rounds.settle()
    await rounds.world.replies.try_again(1, by="UJO")
    await rounds.settle()
    rounds.desk.refused = {}
    await rounds.world.replies.try_again(1, by="UJO")
    await rounds.settle()

    assert rounds.desk.public(1) == rounds.desk.public(2) == [ENGLISH]
    assert rounds.get().failed == {} and len(rounds.done) == 3
    assert rounds.world.owed_keys("replies/1/report/%") == ["replies/1/report/1", "replies/1/report/2"]
    with pytest.raises(CannotAnswer):
        await rounds.world.replies.try_again(1, by="UJO")


async def test_stop_and_go_on(rounds: Rounds) -> None:
    """Nothing more goes out after a stop, and going on finishes the rest."""
    await rounds.ready(1, 2, 3)
    await rounds.approve()
    await rounds.step()
    await rounds.world.replies.stop(1, by="UJO")
    await rounds.settle()

    assert len(rounds.desk.comments) == 1 and rounds.get().stopped_by == "UJO"
    await rounds.world.replies.go_on(1, by="UKIM")
    await rounds.settle()
    assert len(rounds.desk.comments) == 3 and rounds.get().state is RoundState.ENDED


async def test_a_stopped_round_still_finds_out_what_happened(rounds: Rounds) -> None:
    """An answer whose outcome is unknown is looked for, and nothing is sent."""
    await rounds.ready(1, 2)
    await rounds.approve()
    rounds.desk.after = deque([lost()])
    await rounds.step()
    await rounds.world.replies.stop(1, by="UKIM")
    await rounds.settle()

    assert [reply.state for reply in rounds.get().replies] == [ReplyState.SENT, ReplyState.WAITING]


async def test_put_off_and_reviewed_later(rounds: Rounds) -> None:
    """Not now is no never."""
    await rounds.ready(1)
    await rounds.world.replies.put_off(1, by="UKIM")
    put_off = rounds.get().state
    await rounds.approve()
    await rounds.settle()

    assert put_off is RoundState.PUT_OFF and rounds.desk.public(1) == [ENGLISH]


async def test_the_problem_is_solved_last_and_without_a_word(rounds: Rounds) -> None:
    """Its incidents have had their answer by then; the problem itself gets no comment that could be copied to them."""
    rounds.desk.put(9)
    rounds.desk.incidents = {1: 9, 2: 9}
    await rounds.ready(1, 2, problem_id=9)
    await rounds.approve()
    await rounds.settle()

    assert rounds.desk.status(9) == "solved" and 9 not in rounds.desk.comments
    assert rounds.desk.calls[-1] == "solve_problem" and rounds.get().problem_state is ProblemState.SOLVED


async def test_the_problem_stays_open_while_one_of_its_customers_has_no_answer(rounds: Rounds) -> None:
    """Zendesk would solve the ticket that was left out, unanswered. Later the problem can be tried again."""
    rounds.desk.put(9)
    rounds.desk.incidents = {1: 9, 2: 9}
    await rounds.ready(1, 2, problem_id=9)
    await rounds.approve(tickets=[1])
    await rounds.settle()

    assert rounds.desk.status(9) == "open" and rounds.desk.status(2) == "open"
    assert rounds.get().problem_note == "these of its tickets are not solved: #2"
    rounds.desk.set(2, status="solved")
    await rounds.world.replies.try_again(1, by="UKIM")
    await rounds.settle()
    assert rounds.desk.status(9) == "solved" and rounds.desk.public(1) == [ENGLISH]


async def test_the_problem_is_left_alone_where_nothing_is_solved(rounds: Rounds) -> None:
    """A round that leaves the status as it is does not touch it."""
    rounds.desk.put(9)
    await rounds.ready(1, problem_id=9)
    await rounds.approve(then=Then.UNCHANGED)
    await rounds.settle()

    assert rounds.desk.status(9) == "open" and "solve_problem" not in rounds.desk.calls


async def test_a_macro_speaks_to_each_customer_by_itself(rounds: Rounds) -> None:
    """Its placeholders are filled in per ticket: what one customer reads never goes to another."""
    rounds.desk.known_macros = {902: ("Fixed, try again", MacroEffect("Your ticket {{ticket.id}} is done.", True))}
    rounds.world.reply_runner._templates = _with_macro("fixed, TRY again")
    await rounds.world.opened()
    reply_round = await rounds.ready(1, 2, investigation_id=1)
    await rounds.approve(en="an edited preview changes nothing")
    await rounds.settle()

    assert reply_round.texts[0].macro_id == 902 and reply_round.texts[0].text == "Your ticket 1 is done."
    assert [rounds.desk.public(n) for n in (1, 2)] == [["Your ticket 1 is done."], ["Your ticket 2 is done."]]
    assert [entry.text for entry in rounds.world.updates.words(1).said] == ["Fixed, try again"]


@pytest.mark.parametrize("effect", [MacroEffect("for agents", False), MacroEffect("", True)])
async def test_a_macro_without_words_for_customers_is_not_used(rounds: Rounds, effect: MacroEffect) -> None:
    """The configured text stands in, and the form names the macro."""
    rounds.desk.known_macros = {902: ("Fixed", effect)}
    rounds.world.reply_runner._templates = _with_macro("902")
    reply_round = await rounds.ready(1)

    assert (reply_round.texts[0].macro_id, reply_round.texts[0].macro, reply_round.texts[0].text) == (
        None,
        "902",
        ENGLISH,
    )


async def test_a_killed_process_takes_up_where_it_was(rounds: Rounds) -> None:
    """Killed after the desk acted and before anything was stored: looked for, not repeated."""
    await rounds.ready(1, 2)
    await rounds.approve()
    rounds.desk.after = deque([Killed()])
    with pytest.raises(Killed):
        await rounds.step()
    again = rounds.restarted()
    await again.settle()

    assert rounds.desk.public(1) == rounds.desk.public(2) == [ENGLISH]
    assert "answered" in rounds.desk.calls


def changed(rounds: Rounds) -> dict[int, str]:
    return {reply.ticket_id: changes(reply.differences) for reply in rounds.get().changed}


def _with_macro(name: str) -> Templates:
    return Templates(texts=TEXTS, macros={"released": {"en": name}})


async def test_an_outage_does_not_count_as_changes_by_others() -> None:
    """Only others' changes use up the tries against them."""
    rounds = Rounds()
    rounds.desk.put(1)
    await rounds.ready(1)
    await rounds.approve()
    rounds.desk.before += [DeskError("Zendesk", "unreachable: connection refused", retry=True) for _ in range(8)]
    rounds.desk.before.append(TicketChanged("Zendesk", "409", retry=True))
    await rounds.settle()

    assert [reply.state for reply in rounds.get().replies] == [ReplyState.SENT]
