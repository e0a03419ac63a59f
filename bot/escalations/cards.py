"""The post to management, its details, and the question that it can lead to."""

from datetime import datetime

from bot.escalations import ladder_cards
from bot.escalations.model import TICKETS_LINKED, Escalation, EscalationPost, EscalationQuestion
from bot.investigations.model import Investigation
from bot.investigations.onset import Onset
from bot.investigations.update_cards import update_blocks
from bot.messages.model import Block, Content
from bot.names import few_named
from bot.probes.batch import ProbeRun
from bot.probes.wording import long
from bot.slack.blocks import actions, button, confirm, context, fitted, section, sections, written
from bot.slack.text import at, at_or_near, clock_time, cut, foreign, link, paragraph, person, pieces, plural

ACKNOWLEDGE = "escalation_acknowledge"
NEED_MORE = "escalation_need_more"
TAKE_BACK = "escalation_take_back"
DETAILS = "escalation_details"

_SURE = confirm("Take it back?", "Management is told no more, and needs to do nothing.", "Take It Back")
TEXT_MAX = 3900
"""Of what notifications show; the blocks have all of it."""


def post(posted: EscalationPost) -> Content:
    """In the thread and in the channel; edited when management answers. What they are asked to do comes first."""
    escalation, draft = posted.escalation, posted.escalation.draft
    nobody = [] if escalation.notifies else [section(f":warning: *{foreign(escalation.mention_note, 300)}*")]
    blocks: list[Block] = [
        *written(draft.needed, before=_called(escalation)),
        *nobody,
        *sections([*_said("Impact", draft.affected), *_since(posted), *_said("What is wrong", draft.wrong)]),
        *update_blocks(posted.update),
        section("\n".join(_evidence(posted)), accessory=button("Details", DETAILS, str(escalation.id))),
    ]
    first = f"{_called(escalation)}{paragraph(draft.needed)}\n{paragraph(draft.wrong)}"
    return Content(cut(first, 1500), fitted(blocks, last=[*_answer(posted), context(_small(posted))]))


def details(posted: EscalationPost) -> Content:
    """To whoever asks for them: what was tried, what other probes found, the tickets with their subjects."""
    tried, name = posted.escalation.draft.tried, posted.investigation.name
    blocks = [
        *(written(tried, before="*What was tried*\n") if tried.strip() else []),
        *sections(_headed("Probes", [_run(posted, run) for run in posted.runs if run.name not in tried])),
        *sections(_headed(plural(len(posted.tickets), "ticket"), _subjects(posted))),
    ]
    none = [section(f"Nobody has added evidence to {name} yet.")]
    return Content(f"The evidence of {name}", fitted(blocks or none))


def question(investigation: Investigation, question: EscalationQuestion, escalated_by: str) -> Content:
    """What management wants to know, in the thread: to the owner, and to whoever escalated it."""
    people = dict.fromkeys(user for user in (investigation.owner, escalated_by) if user and user != question.asked_by)
    whom = f"{' and '.join(map(person, people))}, " if people else ""
    first = f":question: {whom}{person(question.asked_by)} asks about {investigation.name}:"
    words = "\n".join(f">{piece}" for piece in pieces(question.question, newline="\n>"))
    return Content(cut(f"{first}\n{words}", TEXT_MAX), (section(first), *written(question.question, quoted=True)))


def since(onset: Onset, now: datetime) -> str:
    """ "09:02, the first alert", in the reader's own zone."""
    return f"{at_or_near(onset.at, now)}, {onset.words}"


def _said(name: str, text: str) -> list[str]:
    """What a person typed, whole."""
    label = f"*{name}:* "
    parts = pieces(text, 3000 - len(label))
    return [f"{'' if place else label}{part}" for place, part in enumerate(parts)]


def _since(posted: EscalationPost) -> list[str]:
    """A person's words count before what the record says."""
    escalation = posted.escalation
    if escalation.draft.since.strip() or not escalation.onset:
        return _said("Since", escalation.draft.since)
    return [f"*Since:* {since(escalation.onset, escalation.escalated_at)}"]


def _evidence(posted: EscalationPost) -> list[str]:
    """Tickets and reports as links; what they say is a button away."""
    lines = []
    if posted.tickets:
        numbers = [link(ticket.url, f"#{ticket.ticket_id}") for ticket in posted.tickets]
        lines.append(f"*{plural(len(numbers), 'ticket')}:* {few_named(numbers, TICKETS_LINKED)}")
    reports = [_report(posted, run) for run in posted.runs if run.result]
    file = f" ({link(posted.file, 'the file')})" if posted.file else ""
    lines += [f"*Reports:* {', '.join(reports)}{file}"] if reports else []
    return lines or ["*Evidence:* none yet"]


def _report(posted: EscalationPost, run: ProbeRun) -> str:
    """Its name; of earlier versions each report is a file of its own, and linked."""
    address = posted.links.get(run.id, "")
    return link(address, run.name) if address else foreign(run.name)


def _headed(name: str, lines: list[str]) -> list[str]:
    return [f"*{name}*", *lines] if lines else []


def _subjects(posted: EscalationPost) -> list[str]:
    first = posted.tickets[:TICKETS_LINKED]
    named = [link(ticket.url, cut(f"#{ticket.ticket_id} {ticket.subject}", 70)) for ticket in first]
    more = len(posted.tickets) - TICKETS_LINKED
    return [*named, *([f"and {more} more"] if more > 0 else [])]


def _run(posted: EscalationPost, run: ProbeRun) -> str:
    if not run.result:
        return f"{foreign(run.name)}: no result"
    return f"{_report(posted, run)}, {at(run.result.started_at)}: {foreign(long(run.result.verdict), 300)}"


def _answer(posted: EscalationPost) -> list[Block]:
    """Buttons while an answer is awaited; then who gave it, or why none is needed."""
    escalation = posted.escalation
    ladder = [context("\n".join(lines)) for lines in ladder_cards.lines(posted.run) if lines]
    if answered := ladder_cards.answer(posted):
        return [section(answered), *ladder]
    value = str(escalation.id)
    questions = [
        f":question: {person(question.asked_by)} asked {clock_time(question.asked_at)}"
        for question in escalation.questions
    ]
    return [
        *([context(*questions[-10:])] if questions else []),
        *ladder,
        actions(
            button("Acknowledge", ACKNOWLEDGE, value, style="primary"),
            button("Need More", NEED_MORE, value),
            button("Take It Back", TAKE_BACK, value, confirm=_SURE),
        ),
    ]


def _called(escalation: Escalation) -> str:
    """Whom the post calls: a ladder may begin elsewhere."""
    return f"{escalation.mention} " if escalation.mention and not escalation.taken_back_by else ""


def _small(posted: EscalationPost) -> str:
    escalation = posted.escalation
    note = f" · {foreign(escalation.mention_note, 300)}" if escalation.mention_note and escalation.notifies else ""
    urgent = f" · {escalation.priority}" if escalation.priority else ""
    by = f"by {person(escalation.escalated_by)} {at(escalation.escalated_at)}"
    return f"{posted.investigation.name}{urgent} · {by}{note}"
