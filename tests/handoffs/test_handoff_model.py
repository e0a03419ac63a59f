"""What development reads, and what the form begins with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.handoffs.model import (
    BODY_MAX,
    Decision,
    Handoff,
    HandoffDraft,
    Lane,
    body_text,
    drafted,
    triage_text,
)
from bot.investigations.model import Event, EventKind, Investigation, State
from bot.investigations.overview import Overview
from bot.known_issues.model import IssueReading, IssueState, KnownIssue, Priority, TrackerIssue
from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.model import Subject
from bot.targets.model import Target
from bot.tickets.collection import Collected, LinkedTicket, LinkState, TicketWatch
from tests import hostile
from tests.fake_probe import result

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
INVESTIGATION = Investigation(12, "us-east", "packet loss", State.OPEN, "UKIM", NOW, "C1", owner="UKIM")
TARGET = Target("us-east", "U.S. East", "gateway")
RUN = ProbeRun(
    3,
    1,
    "target",
    "mtr",
    "U.S. East",
    RunState.DONE,
    Subject("U.S. East"),
    result=result("mtr", "U.S. East", lost=3, report="HOST: a\n"),
)
BATCH = Batch(1, "Playbook", "gateway", "us-east", "C1", RunState.DONE, NOW, runs=(RUN,))
WATCH = TicketWatch(12, ("us east",), "packet loss", NOW, True, NOW)


def linked(number: int, subject: str, state: LinkState = LinkState.CONFIRMED) -> LinkedTicket:
    return LinkedTicket(number, state, subject, "open", f"https://desk.test/agent/tickets/{number}", NOW)


def overview_of(*events: Event, tickets: tuple[LinkedTicket, ...] = ()) -> Overview:
    return Overview(INVESTIGATION, TARGET, events, Collected(WATCH, tickets), (BATCH,))


def handoff(draft: HandoffDraft) -> Handoff:
    return Handoff(5, 12, draft, "UKIM", NOW)


def draft(**more: object) -> HandoffDraft:
    words = {"tracker": "app", "title": "Packet loss", "evidence": "", "reproduction": ""}
    return HandoffDraft(**words | {"priority": Priority.P1, "lane": Lane.HOTFIX} | more)  # type: ignore[arg-type]


def test_title_says_what_is_wrong_where_nobody_typed_it() -> None:
    """The name of a target alone would tell development nothing."""
    overview = overview_of()
    silent = replace(overview, investigation=replace(overview.investigation, symptom=""))

    assert drafted(silent, "app").title == f"U.S. East: {overview.headline.trouble}" != "U.S. East: "
    assert "." not in overview.headline.trouble.replace("10.1.2.3", ""), "it stands in the middle of sentences"
    assert drafted(replace(silent, batches=()), "app").title == "U.S. East"


def test_form_begins_with_what_is_recorded() -> None:
    """Confirmed tickets, verdicts and telling reports; suggested tickets are no evidence."""
    filled = drafted(overview_of(tickets=(linked(7, "slow"), linked(8, "other", LinkState.SUGGESTED))), "app")

    assert (filled.title, filled.evidence) == (
        "U.S. East: packet loss",
        "mtr U.S. East: 10.1.2.3: 3 of 10 lost",
    )
    assert (filled.tickets, filled.runs) == ((7,), (3,))
    assert (filled.priority, filled.lane) == (Priority.P2, Lane.HOTFIX)


def test_escalated_trend_begins_as_p1() -> None:
    """Management knows already: business is impacted until somebody says otherwise."""
    assert drafted(overview_of(Event(NOW, EventKind.ESCALATED, "UKIM")), "app").priority is Priority.P1


@pytest.mark.parametrize("priority", [*Priority, None])
def test_form_begins_with_the_priority_of_the_issue(priority: Priority | None) -> None:
    """Development has rated what somebody said it is; without a rating it is as for any other."""
    url = "https://tracker.test/31"
    issue = TrackerIssue("app", "31", "app#31", url, "t", "", IssueState.OPEN, NOW, NOW)
    filled = drafted(overview_of(), "app", issue=KnownIssue(31, issue, IssueReading(True, priority=priority), NOW))

    assert (filled.priority, filled.issue_id) == (priority or Priority.P2, 31)


def test_issue_has_evidence_reproduction_tickets_and_reports_as_text() -> None:
    """Development reads all of it without Slack and without Zendesk."""
    asked = draft(evidence="loses 3 of 10", reproduction="connect twice", tickets=(7,), runs=(3,))
    body = body_text(handoff(asked), overview_of(tickets=(linked(7, "slow"),)))

    for part in ("INV-12", "packet loss", "loses 3 of 10", "connect twice", "P1 Business Impacted, hotfix", "HOST: a"):
        assert part in body
    assert "[#7](https://desk.test/agent/tickets/7) `slow`" in body


def test_evidence_is_of_the_target_and_says_each_thing_once() -> None:
    """Neither another target, nor a refusal, nor what a newer probe found otherwise."""
    fine = replace(RUN, id=4, result=result("mtr", "U.S. East"))
    refused = replace(RUN, id=5, kind="tls", result=result("tls", "U.S. East", barred="not configured"))
    other = replace(BATCH, id=2, target="us-west", runs=(replace(RUN, id=6, label="U.S. West"),))
    batches = (BATCH, replace(BATCH, id=3, runs=(fine, refused)), other)
    filled = drafted(replace(overview_of(), batches=batches), "app")

    assert (filled.evidence, filled.runs) == ("Nothing wrong: mtr", ())


def test_report_of_a_kind_that_writes_none_is_its_table() -> None:
    """Development reads what failed, not only that it did."""
    made = result("http", "U.S. East", lost=10)
    batch = replace(BATCH, runs=(replace(RUN, kind="http", result=made),))
    body = body_text(handoff(draft(runs=(3,))), replace(overview_of(), batches=(batch,)))

    assert "http U.S. East from our own network" in body and "10 of 10 lost" in body.split("~~~~")[1]


def test_long_report_says_that_it_is_cut() -> None:
    """And where the rest is."""
    made = replace(RUN.result, report="x" * 9000) if RUN.result else None
    batch = replace(BATCH, runs=(replace(RUN, result=made),))
    body = body_text(handoff(draft(runs=(3,))), replace(overview_of(), batches=(batch,)))

    assert "(cut: the whole of it is in Slack)" in body


def test_issue_says_since_when_by_the_earliest_evidence() -> None:
    """Not since somebody opened it."""
    tickets = tuple(replace(linked(n, "slow"), created_at=NOW - timedelta(minutes=3 * n)) for n in range(1, 9))
    watch = replace(WATCH, since=NOW - timedelta(hours=24), last_ok_at=NOW, total=8, last_hour=8)
    body = body_text(handoff(draft()), replace(overview_of(), collected=Collected(watch, tickets)))

    assert body.startswith("From support's INV-12, since 2026-11-20 08:48 UTC.")


def test_handed_over_again_begins_with_what_was_typed() -> None:
    """Title, reproduction and evidence as they were sent, priority and lane as triage left them, with what is new."""
    typed = draft(title="Calls stutter", evidence="since 8.4", reproduction="call twice", tickets=(7, 8), runs=(3,))
    decision = Decision(Priority.P0, Lane.PLANNING, "URAJ", NOW)
    last = Handoff(5, 12, typed, "UKIM", NOW, decision=decision)
    filled = drafted(overview_of(tickets=(linked(7, "slow"), linked(9, "slow"))), "app", last=last)

    assert (filled.title, filled.reproduction) == ("Calls stutter", "call twice")
    assert filled.evidence == "since 8.4\nmtr U.S. East: 10.1.2.3: 3 of 10 lost"
    assert (filled.priority, filled.lane) == (Priority.P0, Lane.PLANNING)
    assert (filled.tickets, filled.runs) == ((7, 8, 9), (3,))


def test_empty_parts_are_left_out() -> None:
    """No heading without something under it."""
    body = body_text(handoff(draft()), overview_of())

    assert "## Reproduction" not in body
    assert "## Probes" not in body


def test_decision_of_triage_counts_above_what_was_asked_for() -> None:
    """And its reason goes onto the issue."""
    decision = Decision(Priority.P3, Lane.FEATURE, "URAJ", NOW, "works as built")
    handoff = Handoff(5, 12, draft(), "UKIM", NOW, decision=decision)

    assert (handoff.priority, handoff.lane) == (Priority.P3, Lane.FEATURE)
    assert triage_text(decision) == "Triage: P3 Service Request, lane feature request. works as built"


@settings(max_examples=60, deadline=None)
@given(overview=hostile.overviews, words=hostile.WORDS)
def test_hostile_words_reach_nobody_in_the_tracker(overview: Overview, words: str) -> None:
    """Names and numbers of other issues are broken up, HTML is text, the body keeps the trackers' limits."""
    tickets = tuple(ticket.ticket_id for ticket in overview.collected.tickets) if overview.collected else ()
    runs = tuple(run.id for batch in overview.batches for run in batch.runs)
    filled = draft(title="T", evidence=f"{words} @security #12 <img src=x>", tickets=tickets, runs=runs)
    body = body_text(handoff(filled), overview)
    outside_code = "".join(part for number, part in enumerate(body.split("~~~~")) if number % 2 == 0)

    assert len(body) <= BODY_MAX
    assert "@security" not in outside_code
    assert "<img" not in outside_code


@given(st.text())
def test_fence_cannot_be_closed_from_inside(report: str) -> None:
    """A report that has fences in it stays one block of code."""
    run = ProbeRun(
        3,
        1,
        "target",
        "mtr",
        "x",
        RunState.DONE,
        Subject("x"),
        result=result("mtr", "x", report=report + "\n~~~~~\n@all"),
    )
    batch = Batch(1, "Playbook", "gateway", "us-east", "C1", RunState.DONE, NOW, runs=(run,))
    body = body_text(handoff(draft(runs=(3,))), Overview(INVESTIGATION, TARGET, (), None, (batch,)))

    assert sum(line.startswith("~~~~") for line in body.splitlines()) == 2
