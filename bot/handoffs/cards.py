"""The message of a handoff in its investigation's thread, and the one that asks triage."""

from bot.handoffs.model import (
    LANE_RULES,
    LANE_WORDS,
    TRACKER_ERRANDS,
    Decision,
    Errand,
    ErrandKind,
    Handoff,
    Shown,
    Standing,
)
from bot.known_issues import wording
from bot.known_issues.model import PRIORITY_WORDS, IssueState, KnownIssue
from bot.messages.model import Block, Content
from bot.slack.blocks import actions, button, context, fitted, sections, written
from bot.slack.text import at, clock_time, cut, foreign, link, person, plural

ACCEPT = "handoff_accept"
CHANGE = "handoff_change"
ASSIGN = "handoff_assign"
RETRY = "handoff_retry"

_DOING = {
    ErrandKind.CREATE: "making the issue",
    ErrandKind.EVIDENCE: "adding the evidence to the issue",
    ErrandKind.TRIAGE: "telling the issue what triage decided",
    ErrandKind.ASSIGN: "assigning the issue",
    ErrandKind.PROBLEM: "making the problem ticket",
    ErrandKind.HANG: "hanging the tickets on the problem ticket",
}


def card(shown: Shown) -> Content:
    """In the thread; edited with everything that development does."""
    found = shown.handoff
    first = f":hammer_and_wrench: {person(found.handed_by)} handed this to Tier 3: {named(shown)}"
    lines = [
        first,
        f"*{asked(found)}.* {LANE_RULES[found.lane]}",
        state_words(shown),
        _triage(shown, _to_this(found)),
        *_desk(shown),
    ]
    blocks = [*sections([line for line in lines if line]), *_reason(shown), *_trouble(shown)]
    last = [context(age) for age in _age(shown)] + ([actions(*buttons)] if (buttons := _buttons(shown)) else [])
    return Content(f"{shown.seen.investigation.name} is with Tier 3", fitted(blocks, last=last))


def triage(shown: Shown) -> Content:
    """To those who triage: what came in, and what they can do about it. Edited to what was decided."""
    found, seen = shown.handoff, shown.seen
    head = f":inbox_tray: From support: {named(shown)} ({seen.investigation.name}, {foreign(seen.target.title)})"
    evidence = written(found.draft.evidence, before="*Evidence*\n")
    how = written(found.draft.reproduction, before="*Reproduction*\n")
    count = plural(len(found.draft.tickets), "ticket")
    lines = [head, f"Asked for: *{asked(found, of_draft=True)}*, {count}. {LANE_RULES[found.draft.lane]}"]
    lines += [line for line in (_triage(shown, f"changed to *{asked(found)}*"), state_words(shown)) if line]
    small = context(f"handed over by {person(found.handed_by)} {at(found.handed_at)}", *_age(shown))
    last = [*([actions(*buttons)] if (buttons := _buttons(shown)) else []), small]
    return Content(
        f"From support: {foreign(found.draft.title)}",
        fitted([*sections(lines), *_reason(shown), *evidence, *how], last=last),
    )


def standing(found: Standing) -> str:
    """On the investigation's own card, in one line; version and ETA stand there with the known issue."""
    mark, words = _progress(found.issue) if found.issue else (":hourglass:", "No issue yet")
    parts = [f"{mark} Tier 3: {asked(found.handoff)}", _answer(found)]
    return ", ".join(part for part in parts if part) + f". {words}."


def still_open(found: Standing) -> str:
    """For the form that would close it, without markup: "Tier 3 still has app#31 Login fails"; "" where it is done."""
    if not found.open:
        return ""
    if not found.issue:
        return f"Tier 3 still has it: “{cut(found.handoff.draft.title, 120)}”, no issue yet"
    issue = found.issue.issue
    begun = "in progress" if issue.state is IssueState.IN_PROGRESS else "open"
    return f"Tier 3 still has {issue.key} “{cut(issue.title, 120)}”: {begun}"


def asked(found: Handoff, *, of_draft: bool = False) -> str:
    priority, lane = (found.draft.priority, found.draft.lane) if of_draft else (found.priority, found.lane)
    return f"{priority} {PRIORITY_WORDS[priority]}, {LANE_WORDS[lane]}"


def named(shown: Shown) -> str:
    """The issue as a link, or what is being made."""
    if not shown.issue:
        return f"*{foreign(shown.handoff.draft.title)}* (no issue in {foreign(shown.tracker_title)} yet)"
    issue = shown.issue.issue
    return f"*{link(issue.url, f'{issue.key} {issue.title}')}* ({shown.issue.name})"


def state_words(shown: Shown) -> str:
    """Where development is with it, in one line; "" while there is no issue."""
    return issue_state(shown.issue) if shown.issue else ""


def issue_state(known: KnownIssue) -> str:
    """Where development is with an issue and when the fix comes, in one line."""
    mark, words = _progress(known)
    over = known.gone_at or known.issue.released or known.issue.closed
    return f"{mark} {words}{'' if over else _fix(known)}."


def _progress(known: KnownIssue) -> tuple[str, str]:
    """A mark, and where development is with an issue."""
    issue = known.issue
    if known.gone_at:
        return ":ghost:", f"The tracker has not had it any more since {at(known.gone_at)}"
    if issue.released:
        return ":package:", f"Released{_in(issue.fix_version)}"
    if issue.state is IssueState.DECLINED:
        return ":no_entry_sign:", "Closed without a fix"
    if issue.state is IssueState.DONE:
        return ":white_check_mark:", f"Fixed, not released yet{_in(issue.fix_version)}{_day(known)}"
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


def _to_this(found: Handoff) -> str:
    return f"changed to this (asked for: {asked(found, of_draft=True)})"


def _triage(shown: Shown, changed_to: str) -> str:
    """`changed_to` says the change, so that a message that holds one half of it already does not repeat it."""
    decision, found = shown.handoff.decision, shown.handoff
    if found.ended_at:
        return ":leftwards_arrow_with_hook: Handed to Tier 3 again since; that one counts."
    if not decision:
        return "" if _closed(shown) else ":hourglass: Waits for triage."
    what = changed_to if _changed(found, decision) else "accepted"
    return f":ballot_box_with_check: Triage: {what} by {person(decision.by)} at {clock_time(decision.at)}."


def _reason(shown: Shown) -> list[Block]:
    """Why triage changed what was asked for, whole."""
    decision = shown.handoff.decision
    return written(decision.reason, quoted=True) if decision and not shown.handoff.ended_at else []


def _answer(found: Standing) -> str:
    """What triage made of it; nobody is waited for once the issue is closed."""
    decision = found.handoff.decision
    if decision:
        return "changed by triage" if _changed(found.handoff, decision) else "accepted by triage"
    return "" if found.issue and found.issue.issue.closed else "waits for triage"


def _changed(found: Handoff, decision: Decision) -> bool:
    return (decision.priority, decision.lane) != (found.draft.priority, found.draft.lane)


def _desk(shown: Shown) -> list[str]:
    """The tickets on their problem ticket."""
    hung = sum(each.hung for each in shown.hung)
    refused = [each for each in shown.hung if each.failure]
    problem = f"#{shown.handoff.problem_id}"
    label = link(shown.handoff.problem_url, problem) if shown.handoff.problem_url else problem
    lines = [f":ticket: {plural(hung, 'ticket hangs', 'tickets hang')} on {label}"] if hung else []
    if refused:
        named_ones = ", ".join(f"#{each.ticket_id} ({foreign(each.failure, 60)})" for each in refused[:5])
        more = f" and {len(refused) - 5} more" if len(refused) > 5 else ""
        lines.append(f":warning: Not hanging there: {named_ones}{more}")
    return lines


def _trouble(shown: Shown) -> list[Block]:
    """What could not be done outside, since when, and whether it is tried again."""
    lines = dict.fromkeys(_failing(shown, errand) for errand in shown.waiting if errand.failing_since)
    return [context("\n".join(lines))] if lines else []


def _failing(shown: Shown, errand: Errand) -> str:
    system = shown.tracker_title if errand.kind in TRACKER_ERRANDS else "Zendesk"
    since = f" since {clock_time(errand.failing_since)}" if errand.failing_since else ""
    if errand.waits_until:
        until = f"{_DOING[errand.kind]} waits until {at(errand.waits_until)} ({foreign(errand.failure, 150)})"
        return f":hourglass: {foreign(system)}: {until}. *Try again* asks at once."
    then = "Mend that and press *Try again*." if errand.given_up else "Tried again by itself."
    return f":warning: {foreign(system)}: {_DOING[errand.kind]} fails{since} ({foreign(errand.failure, 150)}). {then}"


def _age(shown: Shown) -> list[str]:
    """How old the state is, where there is one; a handoff that another one followed is not kept up to date."""
    age = shown.age.at_rest() if shown.handoff.ended_at else shown.age
    return [wording.seen_age(age)] if shown.issue else []


def _buttons(shown: Shown) -> list[Block]:
    found, value = shown.handoff, str(shown.handoff.id)
    if found.ended_at:
        return []
    accept = [] if found.decision else [button("Accept lane and priority", ACCEPT, value, style="primary")]
    assign = [button("Assign…", ASSIGN, value)] if shown.issue else []
    retry = [button("Try again", RETRY, value)] if _mendable(shown) else []
    return retry if _closed(shown) else [*accept, button("Change…", CHANGE, value), *assign, *retry]


def _closed(shown: Shown) -> bool:
    return shown.issue is not None and shown.issue.issue.closed


def _mendable(shown: Shown) -> bool:
    """Whether somebody may have to mend something before it goes on, or may hurry it."""
    waiting = any(errand.given_up or errand.waits_until for errand in shown.waiting)
    return waiting or any(each.failure for each in shown.hung)
