"""The message of a handoff in its investigation's thread, and the one that asks triage."""

from collections.abc import Sequence

from bot.handoffs.model import (
    LANE_RULES,
    LANE_WORDS,
    TRACKER_ERRANDS,
    Errand,
    ErrandKind,
    Handoff,
    HandoffOverview,
    Tier3Progress,
)
from bot.known_issues import wording
from bot.known_issues.model import PRIORITY_WORDS, IssueState, KnownIssue
from bot.messages.model import Block, Content
from bot.names import few_named
from bot.slack.blocks import actions, button, context, fitted, sections, written
from bot.slack.text import at, clock_time, cut, foreign, link, person, plural

ACCEPT = "handoff_accept"
CHANGE = "handoff_change"
ASSIGN = "handoff_assign"
RETRY = "handoff_retry"

_NAMED = 5

_DOING = {
    ErrandKind.CREATE: "making the issue",
    ErrandKind.EVIDENCE: "adding the evidence to the issue",
    ErrandKind.TRIAGE: "telling the issue what triage decided",
    ErrandKind.ASSIGN: "assigning the issue",
    ErrandKind.PROBLEM: "making the problem ticket",
    ErrandKind.HANG: "linking the tickets to the problem ticket",
    ErrandKind.TICKETS: "telling the issue which tickets came and went",
}


def card(overview: HandoffOverview) -> Content:
    """In the thread; edited with everything that development does."""
    handoff = overview.handoff
    lines = [
        f":hammer_and_wrench: *{person(handoff.handed_by)} sent this to Tier 3*",
        named(overview),
        f"*{asked(handoff)}.* {LANE_RULES[handoff.lane]}",
        state_words(overview),
        _triage(overview, f"changed to this (asked for: {asked(handoff, of_draft=True)})"),
        *_desk(overview),
    ]
    blocks = [*sections([line for line in lines if line]), *_reason(overview), *_trouble(overview)]
    last = [context(age) for age in _age(overview)] + ([actions(*buttons)] if (buttons := _buttons(overview)) else [])
    return Content(f"{overview.about.investigation.name} is with Tier 3", fitted(blocks, last=last))


def triage(overview: HandoffOverview) -> Content:
    """To those who triage: what came in, and what they can do about it. Edited to what was decided."""
    handoff, about = overview.handoff, overview.about
    evidence = written(handoff.draft.evidence, before="*Evidence*\n")
    how = written(handoff.draft.reproduction, before="*Reproduction*\n")
    count = plural(len(handoff.draft.tickets), "ticket")
    lines = [
        f":inbox_tray: *From support: {foreign(about.target.title)}* ({about.investigation.name})",
        named(overview),
        f"Asked for: *{asked(handoff, of_draft=True)}*, {count}. {LANE_RULES[handoff.draft.lane]}",
    ]
    lines += [line for line in (_triage(overview, f"changed to *{asked(handoff)}*"), state_words(overview)) if line]
    small = context(f"sent by {person(handoff.handed_by)} {at(handoff.handed_at)}", *_age(overview))
    last = [*([actions(*buttons)] if (buttons := _buttons(overview)) else []), small]
    blocks = [*sections(lines), *_reason(overview), *evidence, *how]
    return Content(f"From support: {foreign(handoff.draft.title)}", fitted(blocks, last=last))


def progress(tier3: Tier3Progress) -> str:
    """On the investigation's own card, in one line; version and ETA stand there with the known issue."""
    mark, words = _progress(tier3.issue) if tier3.issue else (":hourglass:", "No issue yet")
    parts = [f"{mark} Tier 3: {asked(tier3.handoff)}", _answer(tier3)]
    return ", ".join(part for part in parts if part) + f". {words}."


def still_open(tier3: Tier3Progress) -> str:
    """For the form that would close it, without markup: "Tier 3 still has app#31 Login fails"; "" where it is done."""
    if not tier3.open:
        return ""
    if not tier3.issue:
        return f"Tier 3 still has it: “{cut(tier3.handoff.draft.title, 120)}”, no issue yet"
    issue = tier3.issue.issue
    begun = "in progress" if issue.state is IssueState.IN_PROGRESS else "open"
    return f"Tier 3 still has {issue.key} “{cut(issue.title, 120)}”: {begun}"


def asked(handoff: Handoff, *, of_draft: bool = False) -> str:
    priority, lane = (handoff.draft.priority, handoff.draft.lane) if of_draft else (handoff.priority, handoff.lane)
    return f"{priority} {PRIORITY_WORDS[priority]}, {LANE_WORDS[lane]}"


def named(overview: HandoffOverview) -> str:
    """The issue as a link, or what is being made."""
    if not overview.issue:
        return f"*{foreign(overview.handoff.draft.title)}*, no issue in {foreign(overview.tracker_title)} yet"
    issue = overview.issue.issue
    return f"*{link(issue.url, f'{issue.key} {issue.title}')}* ({overview.issue.name})"


def state_words(overview: HandoffOverview) -> str:
    """Where development is with it, in one line; "" while there is no issue."""
    return issue_state(overview.issue) if overview.issue else ""


def issue_state(known: KnownIssue) -> str:
    """Where development is with an issue and when the fix comes, in one line."""
    mark, words = _progress(known)
    over = known.gone_at or known.issue.released or known.issue.closed
    return f"{mark} {words}{'' if over else _fix(known)}."


def _progress(known: KnownIssue) -> tuple[str, str]:
    """A mark, and where development is with an issue."""
    issue = known.issue
    if known.gone_at:
        return ":ghost:", f"Gone from the tracker since {at(known.gone_at)}"
    if issue.released:
        return ":package:", f"Released{_in(issue.fix_version)}"
    if issue.state is IssueState.DECLINED:
        return ":no_entry_sign:", "Closed without a fix"
    if issue.state is IssueState.DONE:
        return ":white_check_mark:", f"Fixed, not released yet{_in(issue.fix_version, '; comes')}{_day(known)}"
    begun = issue.state is IssueState.IN_PROGRESS
    who = f"assigned to {foreign(', '.join(issue.assignees), 80)}" if issue.assignees else "nobody assigned"
    return (":construction:", f"In progress, {who}") if begun else (":radio_button:", f"Open, {who}")


def _in(version: str, before: str = "") -> str:
    return f"{before} in {foreign(version, 40)}" if version else ""


def _fix(known: KnownIssue) -> str:
    version = known.issue.fix_version
    return f"; fix{_in(version)}{_day(known)}" if version else f", {wording.eta(known)}"


def _day(known: KnownIssue) -> str:
    """The ETA without the version that is named before it."""
    eta = known.reading.eta
    return f", ETA {wording.day(eta)}" if eta else f", {wording.NO_ETA}"


def _triage(overview: HandoffOverview, changed_to: str) -> str:
    """`changed_to` says the change, so that a message that holds one half of it already does not repeat it."""
    decision, handoff = overview.handoff.decision, overview.handoff
    if handoff.ended_at:
        return ":leftwards_arrow_with_hook: Sent to Tier 3 again later. That one counts."
    if not decision:
        return "" if _closed(overview) else ":hourglass: Waits for triage."
    what = changed_to if handoff.changed_by_triage else "accepted"
    return f":ballot_box_with_check: Triage: {what} by {person(decision.by)} at {clock_time(decision.at)}."


def _reason(overview: HandoffOverview) -> list[Block]:
    """Why triage changed what was asked for, whole."""
    decision = overview.handoff.decision
    return written(decision.reason, quoted=True) if decision and not overview.handoff.ended_at else []


def _answer(tier3: Tier3Progress) -> str:
    """What triage made of it; nobody is waited for once the issue is closed."""
    if tier3.handoff.decision:
        return "changed by triage" if tier3.handoff.changed_by_triage else "accepted by triage"
    return "" if tier3.issue and tier3.issue.issue.closed else "waits for triage"


def _desk(overview: HandoffOverview) -> list[str]:
    """The tickets on their problem ticket."""
    hung = sum(ticket.hung for ticket in overview.hung)
    refused = [ticket for ticket in overview.hung if ticket.failure]
    problem = f"#{overview.handoff.problem_id}"
    label = link(overview.handoff.problem_url, problem) if overview.handoff.problem_url else problem
    lines = [f":ticket: {plural(hung, 'ticket is', 'tickets are')} linked to problem {label}"] if hung else []
    if refused:
        named_ones = [f"#{ticket.ticket_id} ({foreign(ticket.failure, 60)})" for ticket in refused]
        lines.append(f":warning: Not linked: {few_named(named_ones, _NAMED)}")
    if overview.gone:
        lines.append(f":warning: Tier 3 was told of {_numbers(overview.gone)}, taken off since")
    if overview.still_hung:
        lines.append(f":warning: Still linked to the problem ticket, and taken off: {_numbers(overview.still_hung)}")
    return lines


def _numbers(tickets: Sequence[int]) -> str:
    return few_named(tickets, _NAMED, name="#{}".format)


def _trouble(overview: HandoffOverview) -> list[Block]:
    """What could not be done outside, since when, and whether it is tried again."""
    failing = [errand for errand in overview.waiting if errand.failing_since]
    lines = dict.fromkeys(_failing(overview, errand) for errand in failing)
    if any(errand.given_up for errand in failing):
        lines["Fix that, then press *Try Again*."] = None
    elif failing and not all(errand.waits_until for errand in failing):
        lines["It is tried again by itself."] = None
    return [context("\n".join(lines))] if lines else []


def _failing(overview: HandoffOverview, errand: Errand) -> str:
    system = overview.tracker_title if errand.kind in TRACKER_ERRANDS else "Zendesk"
    if errand.waits_until:
        until = f"{_DOING[errand.kind]} waits until {at(errand.waits_until)} ({foreign(errand.failure, 150)})"
        return f":hourglass: {foreign(system)}: {until}. *Try Again* asks at once."
    since = f" since {clock_time(errand.failing_since)}" if errand.failing_since else ""
    return f":warning: {foreign(system)}: {_DOING[errand.kind]} has failed{since} ({foreign(errand.failure, 150)})."


def _age(overview: HandoffOverview) -> list[str]:
    """How old the state is, where there is one; a handoff that another one followed is not kept up to date."""
    age = overview.age.at_rest() if overview.handoff.ended_at else overview.age
    return [wording.seen_age(age)] if overview.issue else []


def _buttons(overview: HandoffOverview) -> list[Block]:
    handoff, value = overview.handoff, str(overview.handoff.id)
    if handoff.ended_at:
        return []
    accept = [] if handoff.decision else [button("Accept Lane and Priority", ACCEPT, value, style="primary")]
    assign = [button("Assign…", ASSIGN, value)] if overview.issue else []
    retry = [button("Try Again", RETRY, value)] if _mendable(overview) else []
    return retry if _closed(overview) else [*accept, button("Change…", CHANGE, value), *assign, *retry]


def _closed(overview: HandoffOverview) -> bool:
    return overview.issue is not None and overview.issue.issue.closed


def _mendable(overview: HandoffOverview) -> bool:
    """Whether somebody may have to mend something before it goes on, or may hurry it."""
    waiting = any(errand.given_up or errand.waits_until for errand in overview.waiting)
    return waiting or any(ticket.failure for ticket in overview.hung)
