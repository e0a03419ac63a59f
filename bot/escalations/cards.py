"""The post to management, and the question that it can lead to."""

from bot.escalations.model import TICKETS_LINKED, TICKETS_NAMED, Posted, Question
from bot.investigations.model import STATE_WORDS, Investigation
from bot.messages.model import Block, Content
from bot.probes.wording import long
from bot.slack.blocks import actions, button, context, fitted, header, section
from bot.slack.text import at, clock_time, cut, foreign, link, paragraph, person, plural

ACKNOWLEDGE = "escalation_acknowledge"
NEED_MORE = "escalation_need_more"


def post(posted: Posted) -> Content:
    """In the thread and in the channel; edited when management answers."""
    found, draft = posted.escalation, posted.escalation.draft
    first = f"{found.mention} {paragraph(draft.wrong, 1000)}"
    blocks: list[Block] = [
        header(f"Escalation: {posted.title}"),
        section(cut(first, 2900)),
        *_parts(posted),
    ]
    return Content(cut(first, 1500), fitted(blocks, last=[*_answer(posted), context(_small(posted))]))


def question(found: Investigation, asked: Question) -> Content:
    """What management wants to know, to the owner, in the thread."""
    whom = f"{person(found.owner)} " if found.owner else ""
    words = paragraph(asked.question, 2500).replace("\n", "\n>")
    return Content(f":question: {whom}{person(asked.asked_by)} needs more about {found.name}:\n>{words}")


def _parts(posted: Posted) -> list[Block]:
    draft = posted.escalation.draft
    named = (
        ("Since", draft.since),
        ("Who is affected", draft.affected),
        ("What was tried", draft.tried),
        ("What is needed", draft.needed),
    )
    parts = [section(f"*{name}*\n{paragraph(text, 1500)}") for name, text in named if text.strip()]
    return parts + _tickets(posted) + _runs(posted)


def _tickets(posted: Posted) -> list[Block]:
    """The first few with their subjects, the others as linked numbers."""
    if not posted.tickets:
        return []
    named, others = posted.tickets[:TICKETS_NAMED], posted.tickets[TICKETS_NAMED:]
    lines = [link(ticket.url, cut(f"#{ticket.ticket_id} {ticket.subject}", 70)) for ticket in named]
    blocks = [section(f"*{plural(len(posted.tickets), 'ticket')}*\n" + "\n".join(lines))]
    if others:
        numbers = [link(ticket.url, f"#{ticket.ticket_id}") for ticket in others[:TICKETS_LINKED]]
        more = f" and {len(others) - TICKETS_LINKED} more" if len(others) > TICKETS_LINKED else ""
        blocks.append(section(" ".join(numbers) + more))
    return blocks


def _runs(posted: Posted) -> list[Block]:
    lines = [
        f"`{run.kind}` {foreign(run.label)} from {foreign(run.result.vantage)}, {at(run.result.started_at)}: "
        f"{foreign(long(run.result.verdict), 300)}"
        for run in posted.runs
        if run.result
    ]
    return [section("*Probes* (reports attached in the thread)\n" + "\n".join(lines))] if lines else []


def _answer(posted: Posted) -> list[Block]:
    """Buttons while an answer is awaited; who gave it, or why none is needed any more."""
    found, about = posted.escalation, posted.investigation
    if found.acknowledged_by and found.acknowledged_at:
        when = clock_time(found.acknowledged_at)
        return [section(f":white_check_mark: *Acknowledged by {person(found.acknowledged_by)} at {when}*")]
    if found.withdrawn_at or not about.live:
        why = "escalated again" if found.withdrawn_at else STATE_WORDS[about.state]
        return [section(f":white_check_mark: No answer is needed any more: {about.name} was {why}.")]
    value = str(found.id)
    asked = [f":question: {person(each.asked_by)} asked at {clock_time(each.asked_at)}" for each in found.questions]
    return [
        *([context(*asked[-10:])] if asked else []),
        actions(button("Acknowledge", ACKNOWLEDGE, value, style="primary"), button("Need more", NEED_MORE, value)),
    ]


def _small(posted: Posted) -> str:
    found = posted.escalation
    note = f" · {foreign(found.mention_note, 300)}" if found.mention_note else ""
    return f"{posted.investigation.name} · by {person(found.escalated_by)} {at(found.escalated_at)}{note}"
