"""The post to management and its forms."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.escalations import cards, forms
from bot.escalations.model import (
    Escalation,
    EscalationDraft,
    EscalationPost,
    EscalationQuestion,
    PreparedForm,
    drafted,
    meter,
)
from bot.field_limits import length_in_slack
from bot.investigations.model import Investigation, State
from bot.investigations.onset import Onset, OnsetSource
from bot.investigations.overview import Overview
from bot.messages.model import Content
from bot.probes.batch import ProbeRun, RunState
from bot.probes.model import Subject
from bot.slack.text import unescape
from bot.tickets.collection import LinkedTicket, LinkState
from tests import hostile
from tests.fake_probe import result, verdict
from tests.hostile import ALIVE, NOW
from tests.slack_limits import broken_by_message, broken_by_view, mrkdwn_texts, texts
from tests.world import APP

LONG_URL = "https://desk.test/agent/tickets/123456789012"
DRAFT = EscalationDraft("logins fail", "09:00", "31 tickets", "an MTR", "a decision")
FOUND = Escalation(5, 12, DRAFT, "<!subteam^SLTM>", "", "UKIM", NOW)
INVESTIGATION = Investigation(12, "app", "login fails", State.ESCALATED, "UKIM", NOW, "C1", owner="UKIM")
posted = st.builds(
    EscalationPost,
    escalation=hostile.escalations,
    investigation=hostile.investigations,
    tickets=hostile.many_tickets.map(lambda each: each * 4),
    runs=st.lists(hostile.runs, max_size=12).map(tuple),
)


def post(escalation: Escalation = FOUND) -> Content:
    return cards.post(EscalationPost(escalation, INVESTIGATION, (), ()))


def text(content: Content) -> str:
    return "\n".join(texts(list(content.blocks)))


def buttons(content: Content) -> list[str]:
    return [e["action_id"] for block in content.blocks if block["type"] == "actions" for e in block["elements"]]


def test_post_notifies_and_asks_for_an_answer() -> None:
    """The mention is in the text too, which is what notifications show."""
    assert post().text.startswith("<!subteam^SLTM> ")
    assert buttons(post()) == [cards.ACKNOWLEDGE, cards.NEED_MORE, cards.TAKE_BACK]


def test_post_begins_with_what_management_is_asked_to_do() -> None:
    """Then whom it hurts since when, what is wrong, and the evidence; a reader on a phone may stop after each line."""
    onset = Onset(NOW - timedelta(minutes=10), OnsetSource.ALERT)
    content = post(replace(FOUND, onset=onset, draft=replace(DRAFT, since="")))
    lines = text(content).split("\n")

    assert content.text == "<!subteam^SLTM> a decision\nlogins fail"
    assert lines[0] == "<!subteam^SLTM> a decision"
    assert [line.partition(":*")[0] for line in lines[1:5]] == ["*Impact", "*Since", "*What is wrong", "*Evidence"]
    assert lines[2].endswith("|09:02 UTC>, the first alert")


@pytest.mark.parametrize(("hours", "shown"), [(1, "{time}"), (40, "{date_short_pretty} {time}")])
def test_since_has_its_day_where_it_is_not_today_s(hours: int, shown: str) -> None:
    """In the reader's own zone."""
    began = NOW - timedelta(hours=hours)

    assert cards.since(Onset(began, OnsetSource.PAGE), NOW).startswith(f"<!date^{int(began.timestamp())}^{shown}|")


def test_since_of_a_person_counts_before_the_record_s() -> None:
    """They may know what no alert told."""
    known = post(replace(FOUND, onset=Onset(NOW), draft=replace(DRAFT, since="since dawn")))

    assert "*Since:* since dawn" in text(known) and "when it was opened" not in text(known)


def test_post_that_reaches_nobody_begins_with_that() -> None:
    """Right below the request, once; who stands for the group is a small remark at the end."""
    nobody = post(replace(FOUND, mention="@ltm", mention_note="Nobody was notified: @ltm has no members."))
    people = post(replace(FOUND, mention="<@ULENA>", mention_note="@ltm has no members; these people stand for it."))

    assert "Nobody was notified" in str(nobody.blocks[1]) and text(nobody).count("Nobody was notified") == 1
    assert "these people stand for it" in str(people.blocks[-1]) and "these people" not in str(people.blocks[:-1])


def test_acknowledged_post_says_who_and_has_no_buttons() -> None:
    """Nobody presses a second time."""
    done = post(replace(FOUND, acknowledged_by="ULENA", acknowledged_at=NOW))

    assert "Acknowledged by <@ULENA>" in text(done)
    assert buttons(done) == []


def test_note_says_why_the_group_was_not_notified() -> None:
    """Whoever escalates must see that nobody was reached."""
    assert "Nobody was notified" in text(post(replace(FOUND, mention="@ltm", mention_note="Nobody was notified.")))


@pytest.mark.parametrize(
    ("owner", "escalated_by", "whom"),
    [
        ("UKIM", "UKIM", "<@UKIM>, "),
        ("UKIM", "UJO", "<@UKIM> and <@UJO>, "),
        (None, "UJO", "<@UJO>, "),
        ("ULENA", "UJO", "<@UJO>, "),
        (None, "ULENA", ""),
    ],
)
def test_question_goes_to_the_owner_and_to_whoever_escalated(owner: str | None, escalated_by: str, whom: str) -> None:
    """Each once, and not whoever asks; every line of it is quoted."""
    words = EscalationQuestion("ULENA", NOW, "how many?\nsince when?")
    asked = cards.question(replace(INVESTIGATION, owner=owner), words, escalated_by)

    assert asked.text == f":question: {whom}<@ULENA> asks about INV-12:\n>how many?\n>since when?"
    assert text(asked).endswith(">how many?\n>since when?")


def test_filled_in_parts_that_are_empty_are_left_out() -> None:
    """No headings without words."""
    bare = post(replace(FOUND, draft=replace(DRAFT, affected=" ", since="")))

    assert "Impact" not in text(bare) and "Since" not in text(bare)
    assert "What is wrong" in text(bare)


LONG = "\n".join(f"word{number} <b> & more" for number in range(1000))


@pytest.mark.parametrize("part", list(forms.LIMITS))
def test_what_was_typed_stands_whole_in_the_post(part: str) -> None:
    """Every part as long as the form takes it, with a hundred tickets beside it."""
    typed: dict[str, Any] = {name: _as_long_as(most) for name, most in forms.LIMITS.items()}
    tickets = tuple(LinkedTicket(n, LinkState.CONFIRMED, "slow", "open", LONG_URL, NOW) for n in range(100))
    escalation = replace(FOUND, draft=replace(DRAFT, **typed))
    posted = EscalationPost(escalation, INVESTIGATION, tickets, ())
    content, details = cards.post(posted), cards.details(posted)
    words = "".join(unescape(text(details if part == forms.TRIED else content)).split())

    assert "".join(typed[part].split()) in words
    assert broken_by_message(content) == [] and broken_by_message(details) == []


def _as_long_as(most: int) -> str:
    """As much of a text as Slack counts `most` characters for."""
    return next(LONG[:end] for end in range(most, 0, -1) if length_in_slack(LONG[:end]) <= most)


def test_forms_hold_people_to_what_can_be_shown() -> None:
    """The limit stands on the input, but where something longer was typed before there was one."""
    overview = Overview(INVESTIGATION, APP, (), None, ())
    view = forms.escalate_form(PreparedForm(overview, replace(DRAFT, wrong="w" * 2500)), (), NOW)
    limits = {block["block_id"]: block["element"]["max_length"] for block in view["blocks"] if block["type"] == "input"}

    assert limits == forms.LIMITS | {forms.WRONG: 2500}


def test_question_is_whole() -> None:
    """As long as its form takes it."""
    words = " ".join(f"word{number}" for number in range(360))
    asked = cards.question(INVESTIGATION, EscalationQuestion("ULENA", NOW, words), "UKIM")

    assert words.replace(" ", "") in text(asked).replace(" ", "").replace("\n", "").replace(">", "")


def test_reports_in_the_thread_are_linked() -> None:
    """Those that come with the post stand below it."""
    runs = tuple(
        ProbeRun(n, 1, "target", kind, "a", RunState.DONE, Subject("a"), result=result(kind, "a", lost=4))
        for n, kind in enumerate(("mtr", "ping"), 1)
    )
    links = {1: "https://slack.test/files/F1"}
    words = text(cards.post(EscalationPost(FOUND, INVESTIGATION, (), runs, links)))

    assert "*Reports:* <https://slack.test/files/F1|mtr a>, ping a" in words


@settings(max_examples=40)
@given(posted)
def test_every_post_keeps_slack_s_limits_and_its_buttons(shown: EscalationPost) -> None:
    """An escalation that nobody can acknowledge, because its text was long, would be none."""
    content = cards.post(shown)

    assert broken_by_message(content) == []
    awaited = shown.investigation.live and not shown.escalation.withdrawn_at
    assert buttons(content) == ([cards.ACKNOWLEDGE, cards.NEED_MORE, cards.TAKE_BACK] if awaited else [])
    more = cards.details(shown)
    assert broken_by_message(more) == []
    assert not [text for text in mrkdwn_texts(content) + mrkdwn_texts(more) if ALIVE.search(text)]


def test_longest_record_keeps_its_buttons() -> None:
    """Every field filled to what the form takes, a hundred tickets, a dozen probes that say much."""
    escalation = replace(FOUND, draft=EscalationDraft(*("x" * 2900,) * 5), mention_note="y" * 3000)
    tickets = tuple(LinkedTicket(n, LinkState.CONFIRMED, "&" * 200, "open", LONG_URL, NOW) for n in range(100))
    run = ProbeRun(1, 1, "target", "mtr", "z" * 500, RunState.DONE, Subject("a"), result=result("mtr", "a"))
    runs = (replace(run, result=replace(result("mtr", "a"), verdict=verdict("mtr", "&" * 3000, lost=10))),) * 12
    content = cards.post(EscalationPost(escalation, INVESTIGATION, tickets, runs))

    assert broken_by_message(content) == []
    assert buttons(content) == [cards.ACKNOWLEDGE, cards.NEED_MORE, cards.TAKE_BACK]


@settings(max_examples=30)
@given(hostile.overviews, hostile.escalations, hostile.WORDS)
def test_forms_keep_slack_s_limits(overview: Overview, escalation: Escalation, words: str) -> None:
    """Filled from any record, also with more tickets than a menu may have."""
    for draft in (drafted(overview), escalation.draft):
        prepared = PreparedForm(overview, draft, escalation.escalated_at)
        assert broken_by_view(forms.escalate_form(prepared, meter(overview, draft), NOW)) == []
    assert broken_by_view(forms.need_more_form(escalation)) == []
    assert broken_by_message(cards.question(INVESTIGATION, EscalationQuestion("ULENA", NOW, words), "UJO")) == []
