"""What Tier 3 and those who wait for it see."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.handoffs import cards, forms
from bot.handoffs.model import (
    Decision,
    Errand,
    ErrandKind,
    Handoff,
    HandoffDraft,
    HandoffOverview,
    HungTicket,
    Lane,
    Tier3Progress,
)
from bot.investigations.model import State
from bot.known_issues.model import IssueState, KnownIssue, Priority
from tests.words.plain import Message
from tests.words.records import AGE, KNOWN, NOW, OPEN, RESOLVED, at, overview

DRAFT = HandoffDraft(
    "app",
    "Voice calls break up",
    "U.S. East loses 4 of 10 packets.",
    "Call somebody for ten minutes.",
    Priority.P1,
    Lane.HOTFIX,
    tickets=(48500, 48501),
)
HANDED = Handoff(5, 4, DRAFT, "UKIM", NOW)
ABOUT = overview(replace(OPEN, state=State.HANDED_OFF))
NEW = HandoffOverview(HANDED, ABOUT, None, "GitHub acme/app", AGE, (), ())
MADE = replace(NEW, issue=KNOWN)
ACCEPTED = Decision(Priority.P1, Lane.HOTFIX, "URAJ", at(30))
CHANGED = Decision(Priority.P3, Lane.FEATURE, "URAJ", at(30), "It works as it was built.")


def messages() -> Mapping[str, Message]:
    overviews = {
        "no issue yet": NEW,
        "waits for triage": MADE,
        "accepted": _with(decision=ACCEPTED),
        "changed": _with(decision=CHANGED),
        "in progress": replace(MADE, issue=_in(IssueState.IN_PROGRESS, assignees=("mira",))),
        "fixed": replace(MADE, issue=_in(IssueState.DONE)),
        "released": replace(MADE, issue=_in(IssueState.DONE, released=True)),
        "declined": replace(MADE, issue=_in(IssueState.DECLINED)),
        "gone from the tracker": replace(MADE, issue=replace(KNOWN, gone_at=NOW)),
        "with a problem ticket": replace(
            _with(problem_id=48525, problem_url="https://acme.zendesk.test/48525"),
            hung=(HungTicket(48500, True), HungTicket(48501, True), HungTicket(48502, False, "it is closed")),
        ),
        "everything fails": replace(MADE, errands=tuple(map(_failing, range(len(ErrandKind)), ErrandKind))),
        "the investigation is over": replace(MADE, about=overview(replace(OPEN, **RESOLVED))),
    }
    listed: dict[str, Message] = {f"Handoff, {name}": cards.card(each) for name, each in overviews.items()}
    listed |= {
        f"Triage, {name}": cards.triage(overviews[name])
        for name in ("no issue yet", "waits for triage", "accepted", "changed")
    }
    steps = {
        "no issue yet": Tier3Progress(HANDED, None),
        "accepted": Tier3Progress(replace(HANDED, decision=ACCEPTED), KNOWN),
        "changed": Tier3Progress(replace(HANDED, decision=CHANGED), KNOWN),
        "released": Tier3Progress(HANDED, _in(IssueState.DONE, released=True)),
        "declined": Tier3Progress(HANDED, _in(IssueState.DECLINED)),
    }
    listed |= {f"On the investigation's card, {name}": cards.progress(each) for name, each in steps.items()}
    listed |= {f"Before it is closed, {name}": cards.still_open(each) for name, each in steps.items()}
    listed["Words"] = [cards.asked(HANDED), cards.named(MADE), cards.state_words(MADE), cards.issue_state(KNOWN)]
    listed["Form: hand to Tier 3"] = forms.hand_off_form(
        ABOUT, DRAFT, trackers=[("app", "GitHub acme/app")], issues=[KNOWN]
    )
    listed["Form: change"] = forms.change_form(HANDED)
    listed["Form: assign"] = forms.assign_form(HANDED, [("Mira", "mira"), ("Raj", "raj")])
    return listed


def _with(**more: Any) -> HandoffOverview:
    return replace(MADE, handoff=replace(HANDED, **more))


def _in(state: IssueState, **more: Any) -> KnownIssue:
    return replace(KNOWN, issue=replace(KNOWN.issue, state=state, **more))


def _failing(number: int, kind: ErrandKind) -> Errand:
    return Errand(number, 5, kind, "mira", NOW, failing_since=at(1), failure="timed out", given_up=number % 2 == 0)
