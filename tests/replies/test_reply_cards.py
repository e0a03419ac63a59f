"""The card, the report and the form of a round."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.model import Content, Place
from bot.replies import cards, forms
from bot.replies.cards import changes
from bot.replies.forms import block_of, chosen_then, chosen_tickets, review_form, written_texts
from bot.replies.model import ProblemState, Reply, ReplyState, Round, RoundState, Text, Then
from bot.tickets.answering import Difference, DifferenceKind, Doer, RefusalKind
from tests import hostile
from tests.hostile import ALIVE, NOW
from tests.slack_limits import broken_by_message, broken_by_view, mrkdwn_texts, texts

URL = "https://desk.test/agent/tickets/1"


def reply(number: int, state: ReplyState = ReplyState.LISTED, **more: Any) -> Reply:
    usual = {"subject": f"No connection {number}", "url": URL, "status": "open", "wants": "en", "language": "en"}
    return Reply(number, state, **(usual | more))


def made(*replies: Reply, state: RoundState = RoundState.READY, **more: Any) -> Round:
    reply_round = Round(
        id=7,
        key="release/app/v2.4.1/KI-31",
        purpose="released",
        stamp="secondline-0a",
        state=state,
        then=Then.SOLVED,
        place=Place("C1"),
        for_user="UKIM",
        opened_at=NOW,
        values={"version": "v2.4.1", "title": "Login fails"},
        texts=(Text("en", "It works again."),),
        replies=replies,
    )
    return replace(reply_round, **more)


replies = st.builds(
    Reply,
    ticket_id=hostile.NUMBERS,
    state=st.sampled_from(ReplyState),
    subject=hostile.WORDS,
    url=hostile.URLS,
    status=st.sampled_from(["open", "<!here>"]),
    wants=st.sampled_from(["", "en", "fr"]),
    language=st.sampled_from(["en", "de"]),
    about=hostile.WORDS,
    kind=hostile.maybe(st.sampled_from(RefusalKind)),
    reason=hostile.WORDS,
    differences=st.lists(st.builds(Difference, st.sampled_from(DifferenceKind), hostile.WORDS), max_size=10).map(tuple),
)
written = st.builds(
    Text,
    language=st.sampled_from(["en", "de"]),
    text=hostile.WORDS,
    macro_id=hostile.maybe(hostile.NUMBERS),
    macro=hostile.WORDS,
)
rounds = st.builds(
    Round,
    id=hostile.NUMBERS,
    key=st.just("k"),
    purpose=st.one_of(st.sampled_from(["released", "planned"]), hostile.WORDS),
    stamp=st.just("s"),
    state=st.sampled_from(RoundState),
    then=st.sampled_from(Then),
    place=st.just(Place("C1")),
    for_user=hostile.USERS,
    opened_at=hostile.TIMES,
    values=st.fixed_dictionaries({"title": hostile.WORDS, "version": hostile.WORDS}),
    problem_id=hostile.maybe(hostile.NUMBERS),
    problem_state=st.sampled_from(ProblemState),
    problem_note=hostile.WORDS,
    approved_by=hostile.maybe(hostile.USERS),
    approved_at=hostile.maybe(hostile.TIMES),
    stopped_by=hostile.maybe(hostile.USERS),
    ended_at=hostile.maybe(hostile.TIMES),
    failing_since=hostile.maybe(hostile.TIMES),
    failure=hostile.WORDS,
    texts=st.lists(written, max_size=2, unique_by=lambda text: text.language).map(tuple),
    replies=st.lists(replies, max_size=130, unique_by=lambda each: each.ticket_id).map(tuple),
)


def words_of(content: Content) -> str:
    return "\n".join(texts(list(content.blocks)))


def buttons(content: Content) -> list[str]:
    return [e["action_id"] for block in content.blocks if block["type"] == "actions" for e in block["elements"]]


@given(rounds)
def test_hostile_rounds_stay_within_slacks_limits_and_inert(reply_round: Round) -> None:
    """Whatever customers, trackers and Zendesk wrote: taken by Slack, and nothing in it pings or links elsewhere."""
    for content in (cards.card(reply_round), cards.report(reply_round)):
        assert broken_by_message(content) == []
        assert not [text for text in mrkdwn_texts(content) if ALIVE.search(text)]
    view = review_form(reply_round)
    assert broken_by_view(view) == []
    assert not [text for text in mrkdwn_texts(Content("x", tuple(view["blocks"]))) if ALIVE.search(text)]


def test_a_hundred_hostile_subjects_fit_into_one_form() -> None:
    """A box each, ten in a block; the rest has one box together."""
    replies = tuple(reply(number, subject=hostile.SAMPLES[number % len(hostile.SAMPLES)]) for number in range(1, 124))
    view = review_form(made(*replies))
    boxes = [block["element"] for block in view["blocks"] if block.get("element", {}).get("type") == "checkboxes"]

    assert broken_by_view(view) == []
    assert [len(box["options"]) for box in boxes] == [10] * 10 + [1]
    assert "other 23" in boxes[-1]["options"][0]["text"]["text"]
    assert all(box["initial_options"] == box["options"] for box in boxes)


def test_what_the_form_says_is_read_back() -> None:
    """Ticked boxes over all blocks, the rest if it is wanted, and the texts by language."""
    reply_round = made(*(reply(number) for number in range(1, 103)))
    values = {"tickets-0": ["1", "2"], "tickets-1": [], "tickets-2": ["21"], "text-en": "Hi", "then": "unchanged"}

    assert chosen_tickets(values, reply_round) == [1, 2, 21]
    assert chosen_tickets(values | {"others": ["others"]}, reply_round) == [1, 2, 21, 101, 102]
    assert written_texts(values) == {"en": "Hi"} and chosen_then(values) is Then.UNCHANGED
    assert (block_of("de"), block_of("")) == ("text-de", "then")


def test_the_form_says_who_gets_another_language() -> None:
    """A missing language falls back, and the person who approves reads it."""
    reply_round = made(reply(1), reply(2, wants="fr"), reply(3, wants="fr"), reply(4, wants=""))
    field = next(block for block in review_form(reply_round)["blocks"] if block.get("block_id") == "text-en")

    assert field["label"]["text"] == "Text for 4 tickets in English"
    assert "no text in French (2 tickets)" in field["hint"]["text"]
    assert field["element"]["initial_value"] == "It works again."


def test_a_macros_words_are_shown_and_not_edited() -> None:
    """They are filled in for each customer; an edit of one preview would go to all of them."""
    text = Text("en", "Hello Mina, this works again.", 902, "Fixed, *please*")
    view = review_form(made(reply(1), texts=(text,)))

    assert not [block for block in view["blocks"] if block.get("block_id") == "text-en"]
    said = "\n".join(texts(view["blocks"]))
    assert "Hello Mina" in said and "as #1 gets it" in said


def test_a_macro_that_is_not_there_is_named() -> None:
    """The text can be written instead."""
    view = review_form(made(reply(1), texts=(Text("en", "", None, "Fixd"),)))
    field = next(block for block in view["blocks"] if block.get("block_id") == "text-en")

    assert "“Fixd” is missing" in field["hint"]["text"]


def test_the_card_asks_then_counts_then_reports() -> None:
    """One message through the whole life of a round, with the step that is possible now."""
    done, waits, closed = reply(1, ReplyState.SENT), reply(2, ReplyState.WAITING), reply(3, ReplyState.FAILED)
    closed = replace(closed, kind=RefusalKind.CLOSED)
    refused = replace(reply(4, ReplyState.FAILED), kind=RefusalKind.REFUSED, reason="422: a field is missing")
    ready = cards.card(made(reply(1), reply(2)))
    running = cards.card(made(done, waits, state=RoundState.RUNNING, approved_by="UKIM", approved_at=NOW))
    stopped = cards.card(made(done, waits, state=RoundState.STOPPED, stopped_by="UJO"))
    ended = cards.card(made(done, closed, refused, state=RoundState.ENDED, ended_at=NOW))

    assert "2 tickets wait for the answer: v2.4.1 is out" in ready.text
    assert buttons(ready) == [cards.REVIEW, cards.NOT_NOW]
    assert "1 of 2 tickets answered…" in running.text and buttons(running) == [cards.STOP]
    assert "Stopped by <@UJO>" in stopped.text and buttons(stopped) == [cards.GO_ON, cards.CORRECT]
    assert "1 of 3 tickets answered and solved, 1 closed meanwhile, 1 refused" in ended.text
    assert "422: a field is missing" in words_of(ended) and buttons(ended) == [cards.TRY_AGAIN, cards.CORRECT]


def changed(number: int, *differences: Difference) -> Reply:
    return reply(number, ReplyState.CHANGED, differences=differences)


def test_what_changed_is_listed_with_its_reason_and_asked_about_with_the_number() -> None:
    """Who reads it knows why, and how many customers one press answers."""
    wrote = changed(2, Difference(DifferenceKind.WROTE), Difference(DifferenceKind.STATUS, "solved"))
    given = changed(3, Difference(DifferenceKind.ASSIGNEE, "7"))
    reply_round = made(reply(1, ReplyState.SENT), wrote, given, state=RoundState.ENDED, run=1)
    content = cards.card(reply_round)
    (row,) = [block for block in content.blocks if block["type"] == "actions"]
    send, leave, _ = row["elements"]

    assert "1 of 3 tickets answered and solved, 2 changed since the approval" in content.text
    assert "2 tickets changed since the approval. They aren't answered:" in words_of(content)
    assert f"<{URL}|#2> the customer wrote again, solved by now" in words_of(content)
    assert f"<{URL}|#3> assigned to somebody else" in words_of(content)
    assert (send["text"]["text"], send["action_id"], send["value"]) == ("Send Anyway", cards.SEND_ANYWAY, "7 1")
    assert send["confirm"]["title"]["text"] == "Answer 2 changed tickets?"
    assert send["confirm"]["confirm"]["text"] == "Send 2" and "#2, #3" in send["confirm"]["text"]["text"]
    assert (leave["text"]["text"], leave["action_id"]) == ("Leave 2 Out", cards.LEAVE_OUT)
    assert cards.list_value(send["value"]) == (7, 1)


def test_one_that_changed_is_one() -> None:
    content = cards.card(made(changed(2, Difference(DifferenceKind.WROTE)), state=RoundState.ENDED))

    assert "1 ticket changed since the approval. It isn't answered:" in words_of(content)
    assert "Answer 1 changed ticket?" in str(content.blocks)


def test_while_it_runs_what_changed_is_listed_and_nothing_is_offered_yet() -> None:
    """The list may still grow."""
    reply_round = made(
        reply(1, ReplyState.WAITING), changed(2, Difference(DifferenceKind.WROTE)), state=RoundState.RUNNING
    )

    assert "#2> the customer wrote again" in words_of(cards.card(reply_round)) and buttons(cards.card(reply_round)) == [
        cards.STOP
    ]


def test_what_is_refused_twice_can_be_left_out() -> None:
    refused = replace(reply(4, ReplyState.FAILED), kind=RefusalKind.REFUSED)

    assert buttons(cards.card(made(refused, state=RoundState.ENDED, run=2))) == [cards.TRY_AGAIN, cards.LEAVE_OUT]


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (Difference(DifferenceKind.STATUS, "open"), "open again"),
        (Difference(DifferenceKind.STATUS, "solved", Doer.CUSTOMER), "solved by the customer"),
        (Difference(DifferenceKind.STATUS, "solved", Doer.SOMEBODY), "solved by somebody else"),
        (Difference(DifferenceKind.STATUS, "hold"), "on hold"),
        (Difference(DifferenceKind.ASSIGNEE), "assigned to nobody"),
        (Difference(DifferenceKind.GROUP), "taken from its group"),
        (Difference(DifferenceKind.REQUESTER), "its customer was deleted"),
        (Difference(DifferenceKind.REQUESTER, "7"), "it has another customer now"),
        (Difference(DifferenceKind.PROBLEM), "no longer linked to its problem"),
        (Difference(DifferenceKind.UNTAGGED, "vip"), "tag vip removed"),
        (Difference(DifferenceKind.TAGGED, "<!here>"), "tagged &lt;!here&gt;"),
    ],
)
def test_each_change_has_its_words(difference: Difference, words: str) -> None:
    assert changes([difference]) == words


def test_nothing_to_try_again_where_nothing_can_change() -> None:
    """A closed ticket stays closed."""
    closed = replace(reply(3, ReplyState.FAILED), kind=RefusalKind.CLOSED)

    assert buttons(cards.card(made(reply(1, ReplyState.SENT), closed, state=RoundState.ENDED))) == [cards.CORRECT]


def test_a_desk_that_is_down_is_told_with_its_time() -> None:
    """And that nothing is lost."""
    content = cards.card(made(reply(1), state=RoundState.READING, failing_since=NOW, failure="timed out"))

    assert "Zendesk unreachable since" in words_of(content) and "Nothing is lost" in words_of(content)


def test_the_problem_that_stays_open_says_why() -> None:
    reply_round = made(
        reply(1, ReplyState.SENT),
        state=RoundState.ENDED,
        problem_id=9,
        problem_state=ProblemState.LEFT_OPEN,
        problem_note="these of its tickets are not solved: #2",
    )

    assert "#9 stays open: these of its tickets are not solved: #2" in words_of(cards.card(reply_round))
    assert buttons(cards.card(reply_round)) == [cards.TRY_AGAIN, cards.CORRECT]


def test_who_was_told_something_wrong_can_be_told_what_is_right() -> None:
    """While one of them is in no correction yet; the card says how many know."""
    sent = made(reply(1, ReplyState.SENT), reply(2, ReplyState.SENT), reply(3, ReplyState.LEFT_OUT))
    ended = replace(sent, state=RoundState.ENDED)
    none, waits, half = (cards.card(ended, corrected=each) for each in ({}, {1: False, 2: False}, {1: True}))

    assert buttons(none) == [cards.CORRECT] and "orrect" not in words_of(none).replace("Correct What", "")
    assert buttons(waits) == [] and "The correction for 2 tickets has a card of its own" in words_of(waits)
    assert buttons(half) == [cards.CORRECT] and "Corrected: 1 ticket has been told what is right" in words_of(half)
    assert buttons(cards.card(replace(sent, state=RoundState.RUNNING))) == [cards.STOP]


def test_what_is_not_true_any_more_goes_on_by_no_single_press() -> None:
    """One that development opened again was stopped; whoever lets it go on is asked with the number."""
    stopped = made(reply(1, ReplyState.SENT), reply(2, ReplyState.WAITING), state=RoundState.STOPPED, note="It is open")
    (row,) = [block for block in cards.card(stopped).blocks if block["type"] == "actions"]
    (plain_row,) = [block for block in cards.card(replace(stopped, note="")).blocks if block["type"] == "actions"]

    assert row["elements"][0]["confirm"]["title"]["text"] == "Answer 1 more ticket?"
    assert row["elements"][0]["confirm"]["text"]["text"].startswith("It is open.")
    assert "confirm" not in plain_row["elements"][0]


def test_the_report_calls_whoever_approved_it() -> None:
    reply_round = made(reply(1, ReplyState.SENT), state=RoundState.ENDED, approved_by="UKIM")

    assert cards.report(reply_round).text.startswith("<@UKIM> ")
    assert review_form(made(reply(1)))["callback_id"] == forms.REPLIES_FORM


def test_a_ticket_that_its_customers_words_opened_has_one_reason() -> None:
    """That it is open again is what writing does."""
    assert (
        changes([Difference(DifferenceKind.WROTE), Difference(DifferenceKind.STATUS, "open", Doer.CUSTOMER)])
        == "the customer wrote again"
    )


def test_many_changed_tickets_are_listed_and_fit() -> None:
    """Each with its reason, as far as one message holds them."""
    replies = [changed(number, Difference(DifferenceKind.TAGGED, "x" * 100)) for number in range(1, 101)]
    content = cards.card(made(*replies, state=RoundState.ENDED))

    assert broken_by_message(content) == []
    assert "#40>" in words_of(content) and "… and 60 more" in words_of(content)
    assert "Send 100" in str(content.blocks)
