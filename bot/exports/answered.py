"""Rounds of replies of a story: which customers were answered when, who waits, and what failed. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.exports.addresses import web_address
from bot.exports.model import AnsweredTicket, RoundOfReplies
from bot.exports.words import plain
from bot.replies.cards import FAILED, changes, headline, news
from bot.replies.model import OPEN_REPLIES, Reply, ReplyState, Round, RoundState
from bot.tickets.answering import RefusalKind

TICKETS_MAX = 500
"""So many of a round are listed; the counts are of all."""


def round_of_replies(
    whole: Round, investigation_id: int, names: Mapping[str, str], *, listed: bool = True
) -> RoundOfReplies:
    """`listed` is with each ticket."""
    own = tuple(reply for reply in whole.replies if reply.investigation_id == investigation_id)
    of_own = replace(whole, replies=own)
    return RoundOfReplies(
        at=whole.approved_at or whole.opened_at,
        news=plain(news(of_own), names),
        words=plain(headline(of_own), names),
        counts=tuple(_counts(of_own)),
        approved_by=names.get(whole.approved_by, "somebody") if whole.approved_by else "",
        trouble=_trouble(of_own),
        tickets=tuple(_ticket(reply, of_own) for reply in own[:TICKETS_MAX]) if listed else (),
    )


def _counts(of_own: Round) -> Iterator[tuple[str, int]]:
    failed = of_own.having(ReplyState.FAILED)
    counted = (
        ("answered", len(of_own.having(ReplyState.SENT))),
        ("on their way", len(of_own.having(*OPEN_REPLIES))),
        ("wait for approval", len(of_own.having(ReplyState.LISTED))),
        ("changed since the approval", len(of_own.changed)),
        ("failed", len(failed)),
        ("left out", len(of_own.having(ReplyState.LEFT_OUT))),
    )
    return ((words, count) for words, count in counted if count)


def _ticket(reply: Reply, of_own: Round) -> AnsweredTicket:
    sent = reply.state is ReplyState.SENT
    return AnsweredTicket(
        number=reply.ticket_id,
        became=_became(reply, of_own),
        at=reply.sent_at if sent else None,
        url=web_address(reply.url),
        failed=reply.state is ReplyState.FAILED,
    )


def _became(reply: Reply, of_own: Round) -> str:
    match reply.state:
        case ReplyState.SENT:
            return "answered"
        case ReplyState.LISTED:
            return "being read" if of_own.state is RoundState.READING else "waits for approval"
        case ReplyState.LEFT_OUT:
            return "left out"
        case ReplyState.CHANGED:
            return f"not answered, {plain(changes(reply.differences), {})}"
        case ReplyState.FAILED:
            kind = reply.kind or RefusalKind.REFUSED
            return f"{FAILED[kind]}, {reply.reason}" if reply.reason and reply.again_possible else FAILED[kind]
        case ReplyState.UNSURE:
            return "not known whether it arrived, looked at again"
    return "on its way" if of_own.state is RoundState.RUNNING else "stopped"


def _trouble(of_own: Round) -> str:
    if of_own.failing_since and of_own.state is not RoundState.ENDED:
        return f"Zendesk does not answer ({of_own.failure}). It is tried again by itself."
    return f"{of_own.note.rstrip('. ')}. This answer isn't true now." if of_own.note else ""
