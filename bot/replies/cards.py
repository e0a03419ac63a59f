"""The card of a round of replies, and the report that calls somebody when something is left to do."""

from collections.abc import Sequence

from bot.messages.model import Block, Content
from bot.replies.model import ProblemState, Reply, ReplyState, Round, RoundState, Then
from bot.slack.blocks import actions, button, confirm, context, fitted, section, sections
from bot.slack.text import clock_time, foreign, link, person, plural
from bot.tickets.answering import Difference, DifferenceKind, Doer, RefusalKind

REVIEW = "replies_review"
NOT_NOW = "replies_not_now"
STOP = "replies_stop"
GO_ON = "replies_go_on"
TRY_AGAIN = "replies_try_again"
SEND_ANYWAY = "replies_send_anyway"
LEAVE_OUT = "replies_leave_out"

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


def card(found: Round, *, alike: int = 0) -> Content:
    """Counts, what failed and why, and the next step; `alike` tickets look the same and nobody confirmed them."""
    summary = f"{_mark(found)} *{_summary(found)}*"
    blocks = [section(summary), *_details(found), *([context(unconfirmed(alike))] if alike else [])]
    buttons = _buttons(found)
    last = [*([actions(*buttons)] if buttons else []), context(_small(found))]
    return Content(summary, fitted(blocks, last=last))


def report(found: Round) -> Content:
    """To whoever approved it, where something failed."""
    whom = f"{person(found.approved_by)} " if found.approved_by else ""
    summary = f"{whom}{_mark(found)} {outcome(found)}"
    return Content(summary, fitted([section(summary), *_details(found)]))


def unconfirmed(alike: int) -> str:
    """ "12 more tickets look the same and aren't confirmed: they get no answer"."""
    if alike == 1:
        return "1 more ticket looks the same and isn't confirmed: it gets no answer."
    return f"{alike} more tickets look the same and aren't confirmed: they get no answer."


def news(found: Round) -> str:
    """What the customers are told, in a few words."""
    version, title = found.values.get("version", ""), found.values.get("title", "")
    about = f" ({foreign(title, 100)})" if title else ""
    if found.purpose == "released":
        return (f"{foreign(version, 60)} is out" if version else "the fix is out") + about
    if found.purpose in ("planned", "noted"):
        return f"this is {found.purpose}{about}"
    return f"“{foreign(found.purpose, 60)}”{about}"


def outcome(found: Round) -> str:
    """ "29 of 31 tickets answered and solved, 1 closed meanwhile, 1 refused"."""
    done = len(found.having(ReplyState.SENT))
    verb = "answered and solved" if found.then is Then.SOLVED else "answered"
    parts = [f"{done} of {plural(len(found.chosen), 'ticket')} {verb}"]
    parts += [f"{len(found.changed)} changed since the approval"] if found.changed else []
    return ", ".join(parts + [f"{count} {FAILED[kind]}" for kind, count in sorted(found.failed.items())])


def _mark(found: Round) -> str:
    if found.state is RoundState.ENDED:
        return (
            ":warning:"
            if found.failed or found.changed or found.problem_state is ProblemState.LEFT_OPEN
            else ":white_check_mark:"
        )
    return {RoundState.RUNNING: ":outbox_tray:", RoundState.STOPPED: ":no_entry:"}.get(found.state, ":envelope:")


def _summary(found: Round) -> str:
    count = plural(len(found.having(ReplyState.LISTED)), "ticket")
    if found.state is RoundState.READING:
        return f"Reading {plural(len(found.replies), 'ticket')} to draft the answer that {news(found)}…"
    if found.state is RoundState.READY:
        return f"{count} {'waits' if count == '1 ticket' else 'wait'} for the answer that {news(found)}"
    if found.state is RoundState.PUT_OFF:
        return f"Put off: {count} would be told that {news(found)}"
    if found.state is RoundState.RUNNING:
        return f"{len(found.having(ReplyState.SENT))} of {plural(len(found.chosen), 'ticket')} answered…"
    if found.state is RoundState.STOPPED:
        by = f" by {person(found.stopped_by)}" if found.stopped_by else ""
        return f"Stopped{by}: {outcome(found)}"
    return outcome(found) if found.chosen else f"Nobody is left to be told that {news(found)}"


def _details(found: Round) -> list[Block]:
    lines = [f"{news(found)}"] if found.state in (RoundState.RUNNING, RoundState.STOPPED, RoundState.ENDED) else []
    if found.failing_since and found.state is not RoundState.ENDED:
        since, why = clock_time(found.failing_since), foreign(found.failure, 200)
        lines.append(f":hourglass: Zendesk unreachable since {since}, retrying ({why}). Nothing is lost.")
    lines += [f":warning: {foreign(found.note, 200)}. What this answer says is not true now."] if found.note else []
    lines += changed_lines(found)
    lines += [_failures(found, kind) for kind in RefusalKind if found.failed[kind]]
    unsure = found.having(ReplyState.UNSURE)
    if unsure:
        lines.append(
            f"{plural(len(unsure), 'ticket')} had no answer from Zendesk and will be looked at: {_named(unsure)}"
        )
    lines += _problem(found)
    return sections(lines)


def _failures(found: Round, kind: RefusalKind) -> str:
    replies = [reply for reply in found.having(ReplyState.FAILED) if (reply.kind or RefusalKind.REFUSED) is kind]
    return f"{len(replies)} {FAILED[kind]}: {_named(replies, why=kind is RefusalKind.REFUSED)}"


def changed_lines(found: Round) -> list[str]:
    """Each ticket that was left out, with what others did to it."""
    if not found.changed:
        return []
    count = len(found.changed)
    is_are = "It isn't" if count == 1 else "They aren't"
    lines = [f"*{plural(count, 'ticket')} changed since the approval. {is_are} answered:*"]
    lines += [f"• {_number(reply)} {changes(reply.differences)}" for reply in found.changed[:CHANGED_LISTED]]
    return lines + ([f"… and {count - CHANGED_LISTED} more"] if count > CHANGED_LISTED else [])


def _number(reply: Reply) -> str:
    number = f"#{reply.ticket_id}"
    return link(reply.url, number) if reply.url else number


def _named(replies: Sequence[Reply], *, why: bool = False) -> str:
    def named(reply: Reply) -> str:
        label = _number(reply)
        return f"{label} ({foreign(reply.reason, 120)})" if why and reply.reason else label

    more = f" and {len(replies) - NAMED} more" if len(replies) > NAMED else ""
    return ", ".join(map(named, replies[:NAMED])) + more


def _problem(found: Round) -> list[str]:
    if found.problem_state is ProblemState.SOLVED:
        return [f"The problem ticket #{found.problem_id} is solved."]
    if found.problem_state is ProblemState.LEFT_OPEN:
        return [f"The problem ticket #{found.problem_id} stays open: {foreign(found.problem_note, 300)}."]
    return []


def _buttons(found: Round) -> list[Block]:
    value = str(found.id)
    review = button("Review and send", REVIEW, value, style="primary")
    if found.state is RoundState.READY:
        return [review, button("Not now", NOT_NOW, value)]
    if found.state is RoundState.PUT_OFF:
        return [button("Review and send", REVIEW, value), *_let_go(found)]
    if found.state is RoundState.RUNNING:
        return [button("Stop", STOP, value, style="danger")]
    if found.state is RoundState.STOPPED:
        return [button("Go on", GO_ON, value)]
    return _left(found) if found.state is RoundState.ENDED else []


def _left(found: Round) -> list[Block]:
    """What can be done about those that were not answered; what was refused is tried once more before it is let go."""
    shown, listed = [], f"{found.id} {found.run}"
    if found.changed:
        shown.append(button("Send anyway", SEND_ANYWAY, listed, confirm=_ask_first(found)))
    if found.again_possible:
        shown.append(button("Try again", TRY_AGAIN, str(found.id)))
    if found.changed or (found.again_possible and found.run > 1):
        shown.append(button(f"Leave {len(found.undecided)} out", LEAVE_OUT, listed))
    return shown


def _let_go(found: Round) -> list[Block]:
    """Nobody is told, so that nobody waits; it can't be taken back, so it asks with the number."""
    count = len(found.having(ReplyState.LISTED))
    if not count:
        return []
    text = f"They won't be told that {news(found)}. This can't be taken back."
    sure = confirm(f"Leave {plural(count, 'ticket')} without this answer?", text, f"Leave {count} out")
    return [button(f"Leave {count} out", LEAVE_OUT, f"{found.id} {found.run}", confirm=sure)]


def _ask_first(found: Round) -> Block:
    count = len(found.changed)
    numbers = ", ".join(f"#{reply.ticket_id}" for reply in found.changed[:NAMED])
    more = f" and {count - NAMED} more" if count > NAMED else ""
    then = " and is solved" if found.then is Then.SOLVED else ""
    text = f"{numbers}{more} changed since the approval. Each gets the approved answer{then}."
    text = f"{found.note}. {text}" if found.note else text
    return confirm(f"Answer {plural(count, 'changed ticket')}?", text, f"Send {count}")


def list_value(value: str) -> tuple[int, int]:
    """The round of a button, and the run whose list it was shown with."""
    number, _, run = value.partition(" ")
    return int(number), int(run)


def _small(found: Round) -> str:
    about = dict.fromkeys(reply.about for reply in found.replies if reply.about)
    parts = [foreign(each, 60) for each in list(about)[:5]]
    if found.approved_by and found.approved_at:
        parts.append(f"approved by {person(found.approved_by)} at {clock_time(found.approved_at)}")
    elif found.texts:
        parts.append("in " + ", ".join(foreign(text.language) for text in found.texts[:10]))
    parts += [f"ended at {clock_time(found.ended_at)}"] if found.ended_at else []
    return " · ".join(parts) or "Nobody is answered before one of Tier 2 has approved it."


def changes(found: Sequence[Difference]) -> str:
    """ "the customer wrote again, tagged vip"; that a ticket opens by what its customer writes is one of them."""
    wrote = any(each.kind is DifferenceKind.WROTE for each in found)
    told = [each for each in found if not (wrote and each.kind is DifferenceKind.STATUS and each.now == "open")]
    return ", ".join(map(_difference, told)) or "changed"


def _status_words(found: Difference, now: str) -> str:
    if found.now in _STATUS:
        return _STATUS[found.now]
    by = {Doer.CUSTOMER: "by the customer", Doer.SOMEBODY: "by somebody else"}
    return f"{now} {by.get(found.by, 'by now')}"


def _difference(found: Difference) -> str:
    if found.kind in _DIFFERENCES:
        return _DIFFERENCES[found.kind]
    now = foreign(found.now, 100)
    match found.kind:
        case DifferenceKind.STATUS:
            return _status_words(found, now)
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
