"""The card of a round of replies, and the report that calls somebody when something is left to do."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.messages.model import Block, Content
from bot.names import few_named
from bot.replies.languages import language_name
from bot.replies.model import (
    CORRECTED,
    OPEN_REPLIES,
    WAS_CORRECTED,
    ProblemState,
    Reply,
    ReplyState,
    Round,
    RoundState,
    Then,
)
from bot.slack.blocks import actions, button, confirm, context, fitted, section, sections
from bot.slack.text import at, clock_time, foreign, link, person, plural
from bot.tickets.answering import Difference, DifferenceKind, Doer, RefusalKind

REVIEW = "replies_review"
NOT_NOW = "replies_not_now"
STOP = "replies_stop"
GO_ON = "replies_go_on"
TRY_AGAIN = "replies_try_again"
SEND_ANYWAY = "replies_send_anyway"
LEAVE_OUT = "replies_leave_out"
CORRECT = "replies_correct"

NAMED = 10
"""So many tickets of one kind of failure are named; the count says the rest."""

CHANGED_LISTED = 40
"""So many tickets that changed are listed, for each has a reason of its own that a person decides by."""

FAILED = {
    RefusalKind.CLOSED: "closed meanwhile",
    RefusalKind.MERGED: "merged into another ticket",
    RefusalKind.GONE: "deleted or not found",
    RefusalKind.REFUSED: "refused",
}

_DIFFERENCES = {
    DifferenceKind.WROTE: "the customer wrote again",
    DifferenceKind.ANSWERED: "somebody wrote to the customer",
    DifferenceKind.UNCONFIRMED: "no longer confirmed",
}
_STATUS = {"new": "new again", "open": "open again", "hold": "on hold", "pending": "waits for the customer"}


LISTED_MAX = 6
NOT_CORRECTED: Mapping[int, bool] = MappingProxyType({})


def card(reply_round: Round, *, alike: int = 0, corrected: Mapping[int, bool] = NOT_CORRECTED) -> Content:
    """Counts, what failed and why, and the next step; `alike` tickets look the same and nobody confirmed them.

    `corrected` are tickets that corrections of it ask for, and whether their customers have been told.
    """
    mark, first = _mark(reply_round), f"*{_summary(reply_round)}*"
    summary = f"{mark} {headline(reply_round)}" if _told_of(reply_round) else f"{mark} {first}"
    blocks = [section(f"{mark} {first}"), *_details(reply_round), *([context(unconfirmed(alike))] if alike else [])]
    blocks += [section(_corrected(corrected))] if corrected else []
    wrong = [ticket_id for ticket_id in reply_round.told if ticket_id not in corrected]
    correct = [button("Correct What They Were Told…", CORRECT, str(reply_round.id))] if wrong else []
    buttons = [*_buttons(reply_round), *correct]
    last = [*([actions(*buttons)] if buttons else []), context(_small(reply_round))]
    return Content(summary, fitted(blocks, last=last))


def report(reply_round: Round) -> Content:
    """To whoever approved it, where something failed."""
    whom = f"{person(reply_round.approved_by)} " if reply_round.approved_by else ""
    mark = f"{whom}{_mark(reply_round)}"
    blocks = [section(f"{mark} {_done(reply_round)}"), *_details(reply_round)]
    return Content(f"{mark} {outcome(reply_round)}", fitted(blocks))


def _corrected(corrected: Mapping[int, bool]) -> str:
    """ "7 of 9 tickets have been told what is right"."""
    told, count = sum(corrected.values()), plural(len(corrected), "ticket")
    if not told:
        return f":pencil2: The correction for {count} has a card of its own below."
    some = f"{told} of {count}" if told < len(corrected) else count
    return f":pencil2: Corrected: {some} {'has' if len(corrected) == 1 else 'have'} been told what is right."


def unconfirmed(alike: int) -> str:
    """ "12 more tickets look the same and aren't confirmed: they get no answer"."""
    if alike == 1:
        return "1 more ticket looks the same and isn't confirmed: it gets no answer."
    return f"{alike} more tickets look the same and aren't confirmed: they get no answer."


def news(reply_round: Round) -> str:
    """What the customers are told, in a few words."""
    version = reply_round.values.get("version", "")
    if reply_round.purpose == "released":
        return f"{foreign(version, 60)} is out" if version else "the fix is out"
    if reply_round.purpose in ("planned", "noted"):
        return f"it is {reply_round.purpose}"
    if reply_round.purpose == CORRECTED:
        return "what we wrote was wrong"
    return f"“{foreign(reply_round.purpose, 60)}”"


def outcome(reply_round: Round) -> str:
    """ "29 of 31 tickets answered and solved, 1 closed meanwhile, 1 refused"."""
    parts = [_done(reply_round)]
    parts += [f"{len(reply_round.changed)} changed since the approval"] if reply_round.changed else []
    return ", ".join(parts + [f"{count} {FAILED[kind]}" for kind, count in sorted(reply_round.failed.items())])


def headline(reply_round: Round) -> str:
    """How far it is, in one line: "2 tickets wait for the answer: v8.2.1 is out", and at its end the outcome."""
    return outcome(reply_round) if _told_of(reply_round) else _summary(reply_round)


def waiting(rounds: Sequence[Round], links: Mapping[int, str]) -> list[str]:
    """What customers are not told yet, as `/t2 status` lists it; `links` are the addresses of the cards by round."""
    lines = [
        f":envelope: {headline(each)}, since {at(each.opened_at)}"
        + (f". {link(links[each.id], 'Open it')}" if links.get(each.id) else "")
        for each in rounds[:LISTED_MAX]
    ]
    more = len(rounds) - LISTED_MAX
    return [*lines, *([f"… and {plural(more, 'more round')}"] if more > 0 else [])]


def _told_of(reply_round: Round) -> bool:
    return bool(reply_round.over and reply_round.chosen)


def _done(reply_round: Round) -> str:
    """ "29 of 31 tickets answered and solved"."""
    sent, tickets = len(reply_round.having(ReplyState.SENT)), plural(len(reply_round.chosen), "ticket")
    return f"{sent} of {tickets} {_verb(reply_round)}"


def _verb(reply_round: Round) -> str:
    answered = "told what is right" if reply_round.purpose == CORRECTED else "answered"
    then = {Then.SOLVED: " and solved", Then.OPENED: " and opened again"}.get(reply_round.then, "")
    return answered + then


def _left_to_do(reply_round: Round) -> bool:
    return bool(reply_round.failed or reply_round.changed or reply_round.problem_state is ProblemState.LEFT_OPEN)


def _mark(reply_round: Round) -> str:
    if reply_round.state is RoundState.ENDED:
        return ":warning:" if _left_to_do(reply_round) or reply_round.note else ":white_check_mark:"
    return {RoundState.RUNNING: ":outbox_tray:", RoundState.STOPPED: ":no_entry:"}.get(reply_round.state, ":envelope:")


def _summary(reply_round: Round) -> str:
    count = plural(len(reply_round.having(ReplyState.LISTED)), "ticket")
    if reply_round.state is RoundState.READING:
        return f"Reading {plural(len(reply_round.replies), 'ticket')} to draft the answer…"
    if reply_round.state is RoundState.READY:
        waits = "waits" if count == "1 ticket" else "wait"
        if reply_round.purpose == CORRECTED:
            return f"{count} {waits} to be told what is right"
        return f"{count} {waits} for the answer: {news(reply_round)}"
    if reply_round.state is RoundState.PUT_OFF:
        return f"Put off: {count} not told that {news(reply_round)}"
    if reply_round.state is RoundState.RUNNING:
        return f"{len(reply_round.having(ReplyState.SENT))} of {plural(len(reply_round.chosen), 'ticket')} answered…"
    if reply_round.state is RoundState.STOPPED:
        by = f" by {person(reply_round.stopped_by)}" if reply_round.stopped_by else ""
        return f"Stopped{by}: {_done(reply_round)}"
    return _done(reply_round) if reply_round.chosen else f"No one is left to be told that {news(reply_round)}"


def _details(reply_round: Round) -> list[Block]:
    lines = _about(reply_round)
    if reply_round.failing_since and reply_round.state is not RoundState.ENDED:
        since, why = clock_time(reply_round.failing_since), foreign(reply_round.failure, 200)
        lines.append(f":hourglass: Zendesk unreachable since {since}, retrying ({why}). Nothing is lost.")
    if reply_round.note and reply_round.note != WAS_CORRECTED:
        lines.append(f":warning: {foreign(reply_round.note.rstrip('. '), 200)}. This answer isn't true now.")
    lines += changed_lines(reply_round)
    lines += [_failures(reply_round, kind) for kind in RefusalKind if reply_round.failed[kind]]
    unsure = reply_round.having(ReplyState.UNSURE)
    if unsure:
        lines.append(
            f"Zendesk didn't answer for {plural(len(unsure), 'ticket')}, which are looked at before anything is sent "
            f"again: {_named(unsure)}"
        )
    lines += _problem(reply_round)
    return sections(lines)


def _about(reply_round: Round) -> list[str]:
    """What the customers are told, and of which issue, as support knows it; customers read neither."""
    decided = reply_round.state in (RoundState.RUNNING, RoundState.STOPPED, RoundState.ENDED)
    title = foreign(reply_round.values.get("title", ""), 150)
    parts = [title, news(reply_round) if decided or reply_round.state is RoundState.READING else ""]
    line = ": ".join(part for part in parts if part)
    return [line] if line else []


def _failures(reply_round: Round, kind: RefusalKind) -> str:
    replies = [reply for reply in reply_round.having(ReplyState.FAILED) if (reply.kind or RefusalKind.REFUSED) is kind]
    return f"{len(replies)} {FAILED[kind]}: {_named(replies, why=kind is RefusalKind.REFUSED)}"


def changed_lines(reply_round: Round) -> list[str]:
    """Each ticket that was left out, with what others did to it."""
    if not reply_round.changed:
        return []
    count = len(reply_round.changed)
    is_are = "It isn't" if count == 1 else "They aren't"
    lines = [f"*{plural(count, 'ticket')} changed since the approval. {is_are} answered:*"]
    lines += [f"• {_number(reply)} {changes(reply.differences)}" for reply in reply_round.changed[:CHANGED_LISTED]]
    return lines + ([f"… and {count - CHANGED_LISTED} more"] if count > CHANGED_LISTED else [])


def _number(reply: Reply) -> str:
    number = f"#{reply.ticket_id}"
    return link(reply.url, number) if reply.url else number


def _named(replies: Sequence[Reply], *, why: bool = False) -> str:
    def named(reply: Reply) -> str:
        label = _number(reply)
        return f"{label} ({foreign(reply.reason, 120)})" if why and reply.reason else label

    return few_named(replies, NAMED, name=named)


def _problem(reply_round: Round) -> list[str]:
    if reply_round.problem_state is ProblemState.SOLVED:
        return [f"The problem ticket #{reply_round.problem_id} is solved."]
    if reply_round.problem_state is ProblemState.LEFT_OPEN:
        return [f"The problem ticket #{reply_round.problem_id} stays open: {foreign(reply_round.problem_note, 300)}."]
    return []


def _buttons(reply_round: Round) -> list[Block]:
    value = str(reply_round.id)
    review = button("Review and Send", REVIEW, value, style="primary")
    if reply_round.state is RoundState.READY:
        return [review, button("Not Now", NOT_NOW, value)]
    if reply_round.state is RoundState.PUT_OFF:
        return [button("Review and Send", REVIEW, value), *_let_go(reply_round)]
    if reply_round.state is RoundState.RUNNING:
        return [button("Stop", STOP, value, style="danger")]
    if reply_round.state is RoundState.STOPPED:
        return [button("Go On", GO_ON, value, confirm=_untrue(reply_round))]
    return _left(reply_round) if reply_round.state is RoundState.ENDED else []


def _untrue(reply_round: Round) -> Block | None:
    """What is not true any more goes to nobody by one press."""
    if not reply_round.note:
        return None
    count = len(reply_round.having(*OPEN_REPLIES))
    text = f"{reply_round.note.rstrip('. ')}. Each of them gets the answer as it was approved."
    return confirm(f"Answer {plural(count, 'more ticket')}?", text, f"Send {count}")


def _left(reply_round: Round) -> list[Block]:
    """What can be done about those that were not answered; what was refused is tried once more before it is let go."""
    buttons, value = [], f"{reply_round.id} {reply_round.run}"
    if reply_round.changed:
        buttons.append(button("Send Anyway", SEND_ANYWAY, value, confirm=_ask_first(reply_round)))
    if reply_round.again_possible:
        buttons.append(button("Try Again", TRY_AGAIN, str(reply_round.id)))
    if reply_round.changed or (reply_round.again_possible and reply_round.run > 1):
        buttons.append(button(f"Leave {len(reply_round.undecided)} Out", LEAVE_OUT, value))
    return buttons


def _let_go(reply_round: Round) -> list[Block]:
    """Nobody is told, so that nobody waits; it can't be taken back, so it asks with the number."""
    count = len(reply_round.having(ReplyState.LISTED))
    if not count:
        return []
    text = f"They won't be told that {news(reply_round)}. This can't be taken back."
    sure = confirm(f"Leave {plural(count, 'ticket')} without this answer?", text, f"Leave {count} Out")
    return [button(f"Leave {count} Out", LEAVE_OUT, f"{reply_round.id} {reply_round.run}", confirm=sure)]


def _ask_first(reply_round: Round) -> Block:
    count = len(reply_round.changed)
    numbers = few_named([f"#{reply.ticket_id}" for reply in reply_round.changed], NAMED)
    then = {Then.SOLVED: " and is solved", Then.OPENED: " and is open again"}.get(reply_round.then, "")
    text = f"{numbers} changed since the approval. Each gets the approved answer{then}."
    text = f"{reply_round.note.rstrip('. ')}. {text}" if reply_round.note else text
    return confirm(f"Answer {plural(count, 'changed ticket')}?", text, f"Send {count}")


def list_value(value: str) -> tuple[int, int]:
    """The round of a button, and the run whose list it was shown with."""
    number, _, run = value.partition(" ")
    return int(number), int(run)


def _small(reply_round: Round) -> str:
    about = dict.fromkeys(reply.about for reply in reply_round.replies if reply.about)
    parts = [foreign(issue, 60) for issue in list(about)[:5]]
    if reply_round.approved_by and reply_round.approved_at:
        parts.append(f"approved by {person(reply_round.approved_by)} at {clock_time(reply_round.approved_at)}")
    elif reply_round.texts:
        parts.append(", ".join(foreign(language_name(text.language)) for text in reply_round.texts[:10]))
    parts += [f"ended at {clock_time(reply_round.ended_at)}"] if reply_round.ended_at else []
    return " · ".join(parts) or "No one is answered before Tier 2 approves it."


def changes(differences: Sequence[Difference]) -> str:
    """ "the customer wrote again, tagged vip"; that a ticket opens by what its customer writes is one of them."""
    wrote = any(difference.kind is DifferenceKind.WROTE for difference in differences)
    listed = [
        difference
        for difference in differences
        if not (wrote and difference.kind is DifferenceKind.STATUS and difference.now == "open")
    ]
    return ", ".join(map(_difference, listed)) or "changed"


def _status_words(difference: Difference, now: str) -> str:
    if difference.now in _STATUS:
        return _STATUS[difference.now]
    by = {Doer.CUSTOMER: "by the customer", Doer.SOMEBODY: "by somebody else"}
    return f"{now} {by.get(difference.by, 'by now')}"


def _difference(difference: Difference) -> str:
    if difference.kind in _DIFFERENCES:
        return _DIFFERENCES[difference.kind]
    now = foreign(difference.now, 100)
    match difference.kind:
        case DifferenceKind.STATUS:
            return _status_words(difference, now)
        case DifferenceKind.ASSIGNEE:
            return "assigned to somebody else" if now else "assigned to nobody"
        case DifferenceKind.REQUESTER:
            return "it has another customer now" if now else "its customer was deleted"
        case DifferenceKind.GROUP:
            return "given to another group" if now else "taken from its group"
        case DifferenceKind.PROBLEM:
            return f"linked to problem #{now}" if now else "no longer linked to its problem"
        case DifferenceKind.TAGGED:
            return f"tagged {now}"
        case _:
            return f"tag {now} removed"
