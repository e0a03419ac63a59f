"""The messages of a handoff and its forms."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.handoffs import cards, forms
from bot.handoffs.model import (
    TITLE_MAX,
    Decision,
    Errand,
    ErrandKind,
    Handoff,
    HandoffDraft,
    HandoffOverview,
    HungTicket,
    Lane,
    Tier3Progress,
    drafted,
)
from bot.investigations.above import Tier3
from bot.investigations.model import Investigation, State
from bot.investigations.overview import Overview
from bot.known_issues.model import Age, IssueReading, IssueState, KnownIssue, Priority
from bot.messages.model import Content
from bot.targets.model import Target
from tests import hostile
from tests.fake_tracker import issue
from tests.hostile import ALIVE, NOW
from tests.slack_limits import broken_by_message, broken_by_view, mrkdwn_texts, texts

DRAFT = HandoffDraft("app", "Calls stutter", "loses 4 of 10", "call twice", Priority.P1, Lane.HOTFIX, tickets=(7, 8))
FOUND = Handoff(5, 12, DRAFT, "UKIM", NOW)
SEEN = Overview(
    Investigation(12, "app", "calls stutter", State.HANDED_OFF, "UKIM", NOW, "C1", owner="UKIM"),
    Target("app", "The app", "app"),
    (),
    None,
    (),
)
KNOWN = KnownIssue(31, issue(31, "Calls stutter"), IssueReading(known=True), NOW)
BARE = HandoffOverview(FOUND, SEEN, None, "GitHub acme/app", Age("app", "GitHub acme/app", NOW), (), ())
MADE = replace(BARE, issue=KNOWN)
TITLE = "GitHub acme/app"


def text(content: Content) -> str:
    assert broken_by_message(content) == []
    return "\n".join(texts(list(content.blocks)))


def buttons(content: Content) -> list[str]:
    return [e["action_id"] for block in content.blocks if block["type"] == "actions" for e in block["elements"]]


LONG = " ".join(f"word{number}" for number in range(360))


@pytest.mark.parametrize("part", ["evidence", "reproduction", "reason"])
def test_what_was_typed_is_whole(part: str) -> None:
    """Development decides by what support wrote, and support reads why."""
    decision = Decision(Priority.P2, Lane.PLANNING, "URAJ", NOW, LONG if part == "reason" else "")
    typed = replace(DRAFT, **({} if part == "reason" else {part: LONG}))  # type: ignore[arg-type]
    overview = replace(MADE, handoff=replace(FOUND, draft=typed, decision=decision))
    read = [cards.triage(overview)] + ([cards.card(overview)] if part == "reason" else [])

    for content in read:
        assert LONG.replace(" ", "") in text(content).replace(" ", "").replace("\n", "").replace(">", "")


def with_state(**more: object) -> HandoffOverview:
    changed = replace(KNOWN, issue=replace(KNOWN.issue, **more))  # type: ignore[arg-type]
    return replace(BARE, issue=changed)


def test_new_handoff_says_what_is_asked_for_and_what_is_missing() -> None:
    """No issue to assign yet."""
    content = cards.card(BARE)

    assert "no issue in GitHub acme/app yet" in text(content)
    assert "*P1 Business Impacted, hotfix.* Tickets stay open until the fix is released." in text(content)
    assert "Waits for triage" in text(content)
    assert buttons(content) == [cards.ACCEPT, cards.CHANGE]


def test_triage_reads_evidence_and_reproduction() -> None:
    """Without going into the thread."""
    content = cards.triage(MADE)

    for words in ("loses 4 of 10", "call twice", "2 tickets", "INV-12", "sent by <@UKIM>"):
        assert words in text(content)
    assert buttons(content) == [cards.ACCEPT, cards.CHANGE, cards.ASSIGN]


def test_decided_handoff_can_be_changed_but_not_accepted_again() -> None:
    """Who, what and why."""
    decision = Decision(Priority.P3, Lane.FEATURE, "URAJ", NOW, "works as built")
    content = cards.card(replace(MADE, handoff=replace(FOUND, decision=decision)))

    assert "changed to this (asked for: P1 Business Impacted, hotfix) by <@URAJ>" in text(content)
    assert "works as built" in text(content)
    assert buttons(content) == [cards.CHANGE, cards.ASSIGN]


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (with_state(), "Open, nobody assigned"),
        (with_state(state=IssueState.IN_PROGRESS, assignees=("mira",)), "In progress, assigned to mira"),
        (with_state(state=IssueState.DONE, fix_version="2.4"), "Fixed, not released yet; comes in 2.4"),
        (with_state(state=IssueState.DONE, released=True, fix_version="2.4"), "Released in 2.4."),
        (with_state(state=IssueState.DECLINED), "Closed without a fix."),
        (replace(BARE, issue=replace(KNOWN, gone_at=NOW)), "Gone from the tracker since"),
    ],
)
def test_state_of_development_is_one_line(shown: HandoffOverview, words: str) -> None:
    """Whatever it is."""
    assert words in text(cards.card(shown))


@pytest.mark.parametrize(
    ("known", "decision", "words"),
    [
        (None, None, ":hourglass: Tier 3: P1 Business Impacted, hotfix, waits for triage. No issue yet."),
        (KNOWN, Decision(Priority.P1, Lane.HOTFIX, "URAJ", NOW), "hotfix, accepted by triage. Open, nobody assigned."),
        (KNOWN, Decision(Priority.P3, Lane.FEATURE, "URAJ", NOW), "P3 Service Request, feature request, changed by"),
        (with_state(state=IssueState.DECLINED).issue, None, "Business Impacted, hotfix. Closed without a fix."),
    ],
)
def test_investigation_s_card_has_one_line(known: KnownIssue | None, decision: Decision | None, words: str) -> None:
    """Priority, lane, what triage said, and where development is."""
    line = cards.progress(Tier3Progress(replace(FOUND, decision=decision), known))

    assert words in line
    assert "\n" not in line


def test_handoff_that_another_one_followed_waits_for_nothing() -> None:
    """Its buttons would only be refused."""
    content = cards.card(replace(MADE, handoff=replace(FOUND, ended_at=NOW)))

    assert "Sent to Tier 3 again later" in text(content)
    assert "Waits for triage" not in text(content)
    assert buttons(content) == []


def test_same_trouble_is_said_once() -> None:
    """Tickets that come one by one are hung by an errand each."""
    errand = Errand(1, 5, ErrandKind.HANG, "", NOW, failing_since=NOW, failure="timed out")
    content = cards.card(replace(MADE, errands=tuple(replace(errand, id=number) for number in range(30))))

    assert text(content).count("linking the tickets to the problem ticket has failed") == 1


def test_tickets_that_could_not_be_hung_are_named() -> None:
    """The first five."""
    hung = (HungTicket(1, hung=True), *(HungTicket(number, False, "it is closed") for number in range(2, 9)))
    content = cards.card(replace(MADE, hung=hung, handoff=replace(FOUND, problem_id=900)))

    assert "1 ticket is linked to problem #900" in text(content)
    assert "#2 (it is closed)" in text(content)
    assert "and 2 more" in text(content)


@settings(max_examples=60, deadline=None)
@given(hostile.shown_handoffs)
def test_every_message_keeps_slack_s_limits_and_its_buttons(shown: HandoffOverview) -> None:
    """Whatever development, customers and probes wrote; triage can press in both places."""
    card, asked = cards.card(shown), cards.triage(shown)

    for content in (card, asked):
        assert broken_by_message(content) == []
        assert not [text for text in mrkdwn_texts(content) if ALIVE.search(text)]
    assert not ALIVE.search(cards.progress(Tier3Progress(shown.handoff, shown.issue)))
    assert buttons(card) == buttons(asked)
    closed = shown.issue is not None and shown.issue.issue.closed
    assert (cards.CHANGE in buttons(card)) == (not shown.handoff.ended_at and not closed)


@settings(max_examples=40, deadline=None)
@given(hostile.overviews, hostile.handoffs, hostile.many_known_issues, hostile.WORDS)
def test_forms_keep_slack_s_limits(
    overview: Overview, handoff: Handoff, issues: tuple[KnownIssue, ...], words: str
) -> None:
    """Filled from any record, with any tracker's titles and accounts."""
    for draft in (drafted(overview, "app"), handoff.draft):
        assert broken_by_view(forms.hand_off_form(overview, draft, trackers=[("app", words)], issues=issues)) == []
    assert broken_by_view(forms.change_form(handoff)) == []
    accounts = [(words, f"account-{number}") for number in range(150)]
    assert broken_by_view(forms.assign_form(replace(handoff, assignee="account-3"), accounts)) == []


def test_fullest_form_is_small_enough() -> None:
    """As many issues, tickets and reports as menus can hold."""
    many = [replace(KNOWN, id=number, issue=issue(number, "&<>" * 400)) for number in range(1, 200)]
    draft = replace(DRAFT, title="x" * 900, evidence="&" * 9000, reproduction="<" * 9000)
    view = forms.hand_off_form(SEEN, draft, trackers=[("app", TITLE), ("vpn", TITLE)], issues=many)

    assert broken_by_view(view) == []
    (title,) = [block for block in view["blocks"] if block.get("block_id") == forms.TITLE]
    assert title["element"]["max_length"] == TITLE_MAX


@given(hostile.WORDS, st.sampled_from(["", "lena"]))
def test_account_that_is_assigned_is_chosen(name: str, assignee: str) -> None:
    """Nobody is chosen where nobody is assigned."""
    view = forms.assign_form(replace(FOUND, assignee=assignee), [(name, "lena")])
    (block,) = view["blocks"]

    assert ("initial_option" in block["element"]) == bool(assignee)


@pytest.mark.parametrize(
    ("state", "decided", "stage"),
    [
        (None, False, Tier3.TRIAGE),
        (None, True, Tier3.WORKING),
        ({"state": IssueState.IN_PROGRESS}, True, Tier3.WORKING),
        ({"state": IssueState.DONE}, True, Tier3.FIXED),
        ({"state": IssueState.DONE, "released": True}, True, Tier3.RELEASED),
        ({"state": IssueState.DECLINED}, False, Tier3.DECLINED),
    ],
)
def test_the_stage_is_what_comes_next(state: dict[str, Any] | None, decided: bool, stage: Tier3) -> None:
    """Whom the card of the investigation waits for."""
    decision = Decision(Priority.P2, Lane.PLANNING, "URAJ", NOW) if decided else None
    known = replace(KNOWN, issue=replace(KNOWN.issue, **state)) if state else None

    assert Tier3Progress(replace(FOUND, decision=decision), known).stage is stage
