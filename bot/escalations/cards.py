"""The post to management, and the question that it can lead to."""

from bot.escalations.model import TICKETS_LINKED, TICKETS_NAMED, EscalationPost, EscalationQuestion
from bot.investigations.model import STATE_WORDS, Investigation
from bot.messages.model import Block, Content
from bot.probes.batch import ProbeRun
from bot.probes.model import ProbeResult
from bot.probes.wording import long
from bot.slack.blocks import actions, button, context, fitted, header, section, sections, written
from bot.slack.text import at, clock_time, cut, foreign, link, paragraph, person, pieces, plural

ACKNOWLEDGE = "escalation_acknowledge"
NEED_MORE = "escalation_need_more"

TEXT_MAX = 3900
"""Of what notifications show; the blocks have all of it."""


def post(posted: EscalationPost) -> Content:
    """In the thread and in the channel; edited when management answers. What people typed stands in it whole."""
    escalation, draft = posted.escalation, posted.escalation.draft
    blocks: list[Block] = [
        header(f"Escalation: {posted.title}"),
        *([] if escalation.notifies else [section(f":warning: *{foreign(escalation.mention_note, 300)}*")]),
        *written(draft.wrong, before=f"{escalation.mention} "),
        *_parts(posted),
    ]
    first = f"{escalation.mention} {paragraph(draft.wrong)}"
    return Content(cut(first, 1500), fitted(blocks, last=[*_answer(posted), context(_small(posted))]))


def question(investigation: Investigation, question: EscalationQuestion, escalated_by: str) -> Content:
    """What management wants to know, in the thread: to the owner, and to whoever escalated it."""
    people = dict.fromkeys(user for user in (investigation.owner, escalated_by) if user and user != question.asked_by)
    whom = f"{' and '.join(map(person, people))}, " if people else ""
    first = f":question: {whom}{person(question.asked_by)} needs more about {investigation.name}:"
    words = "\n".join(f">{piece}" for piece in pieces(question.question, newline="\n>"))
    return Content(cut(f"{first}\n{words}", TEXT_MAX), (section(first), *written(question.question, quoted=True)))


def _parts(posted: EscalationPost) -> list[Block]:
    draft = posted.escalation.draft
    named = (
        ("Since", draft.since),
        ("Who is affected", draft.affected),
        ("What was tried", draft.tried),
        ("What is needed", draft.needed),
    )
    parts = [block for name, text in named for block in written(text, before=f"*{name}*\n")]
    return parts + _tickets(posted) + _runs(posted)


def _tickets(posted: EscalationPost) -> list[Block]:
    """The first few with their subjects, the others as linked numbers."""
    if not posted.tickets:
        return []
    named, others = posted.tickets[:TICKETS_NAMED], posted.tickets[TICKETS_NAMED:]
    lines = [link(ticket.url, cut(f"#{ticket.ticket_id} {ticket.subject}", 70)) for ticket in named]
    blocks = [section(f"*{plural(len(posted.tickets), 'ticket')} linked*\n" + "\n".join(lines))]
    if others:
        numbers = [link(ticket.url, f"#{ticket.ticket_id}") for ticket in others[:TICKETS_LINKED]]
        more = f" and {len(others) - TICKETS_LINKED} more" if len(others) > TICKETS_LINKED else ""
        blocks.append(section(" ".join(numbers) + more))
    return blocks


def _runs(posted: EscalationPost) -> list[Block]:
    lines = [f"{_run(run, run.result)}{_report(posted, run)}" for run in posted.runs if run.result]
    return sections(["*Probes*", *lines]) if lines else []


def _run(run: ProbeRun, result: ProbeResult) -> str:
    where = f" from {foreign(result.place.name)}" if result.place else ""
    verdict = foreign(long(result.verdict), 300)
    return f"`{run.kind}` {foreign(run.label)}{where}, {at(result.started_at)}: {verdict}"


def _report(posted: EscalationPost, run: ProbeRun) -> str:
    """Where its report is: a link to the file that stands in the thread; one that comes with the post needs none."""
    address = posted.links.get(run.id, "")
    return f" ({link(address, 'report')})" if address else ""


def _answer(posted: EscalationPost) -> list[Block]:
    """Buttons while an answer is awaited; then who gave it, or why none is needed."""
    escalation, investigation = posted.escalation, posted.investigation
    if escalation.acknowledged_by and escalation.acknowledged_at:
        when = clock_time(escalation.acknowledged_at)
        return [section(f":white_check_mark: *Acknowledged by {person(escalation.acknowledged_by)} at {when}*")]
    if escalation.withdrawn_at or not investigation.live:
        why = "escalated again" if escalation.withdrawn_at else STATE_WORDS[investigation.state]
        return [section(f":white_check_mark: No answer is needed any more: {investigation.name} was {why}.")]
    value = str(escalation.id)
    questions = [
        f":question: {person(question.asked_by)} asked at {clock_time(question.asked_at)}"
        for question in escalation.questions
    ]
    return [
        *([context(*questions[-10:])] if questions else []),
        actions(button("Acknowledge", ACKNOWLEDGE, value, style="primary"), button("Need more", NEED_MORE, value)),
    ]


def _small(posted: EscalationPost) -> str:
    escalation = posted.escalation
    note = f" · {foreign(escalation.mention_note, 300)}" if escalation.mention_note and escalation.notifies else ""
    return f"{posted.investigation.name} · by {person(escalation.escalated_by)} {at(escalation.escalated_at)}{note}"
