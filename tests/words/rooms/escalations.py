"""What management reads, and the forms that lead there."""

from collections.abc import Mapping
from dataclasses import replace

from bot.escalations import cards, forms
from bot.escalations.model import (
    Escalation,
    EscalationDraft,
    EscalationPost,
    EscalationQuestion,
    PreparedForm,
    drafted,
    meter,
)
from bot.investigations.model import State
from bot.investigations.onset import Onset, OnsetSource
from bot.investigations.overview import Overview
from bot.investigations.update_model import Audience, Update
from tests.words.plain import Message
from tests.words.records import OPEN, PLAYBOOK, RESOLVED, TICKETS, at, bare, overview

DRAFT = EscalationDraft(
    wrong="U.S. East loses about half of its packets.",
    since="",
    affected="31 customers, most of them in New York",
    tried="Reconnecting doesn't help.\nping U.S. East: 10.1.2.3 loses 4 of 10",
    needed="Call the transit provider and have the router taken out.",
)
ESCALATED = Escalation(5, 4, DRAFT, "<!subteam^SLTM>", "", "UKIM", at(10), Onset(at(-12), OnsetSource.ALERT))
QUESTION = EscalationQuestion("ULENA", at(12), "How many business customers?")
UPDATE = Update(1, 4, at(30), "UKIM", Audience.BOTH, "The provider is on it. Next news at 11.")
LIVE = replace(OPEN, state=State.ESCALATED)


def messages() -> Mapping[str, Message]:
    nobody = replace(ESCALATED, mention="@ltm", mention_note="Nobody was notified: @ltm has no members.")
    people = replace(ESCALATED, mention="<@ULENA>", mention_note="@ltm has no members; these people stand for it.")
    acknowledged = replace(ESCALATED, acknowledged_by="ULENA", acknowledged_at=at(16))
    return {
        "Post": _post(ESCALATED),
        "Post, somebody knows since when": _post(replace(ESCALATED, draft=replace(DRAFT, since="since dawn"))),
        "Post, nobody was reached": _post(nobody),
        "Post, some people stand for the group": _post(people),
        "Post, management asked": _post(replace(ESCALATED, questions=(QUESTION,))),
        "Post, acknowledged": _post(acknowledged),
        "Post, with an update": cards.post(replace(_posted(acknowledged), update=UPDATE)),
        "Post, escalated again": _post(replace(ESCALATED, withdrawn_at=at(40))),
        "Post, resolved without an answer": cards.post(EscalationPost(ESCALATED, replace(OPEN, **RESOLVED), (), ())),
        "Details": cards.details(_posted(ESCALATED)),
        "Details, there are none": cards.details(
            EscalationPost(replace(ESCALATED, draft=replace(DRAFT, tried="")), LIVE, (), ())
        ),
        "Question": cards.question(OPEN, QUESTION, "UJO"),
        "Form: escalate, filled from the record": _form(overview()),
        "Form: escalate, nothing is known": _form(bare()),
        "Form: escalate, as it was left": _left(overview()),
        "Form: need more": forms.need_more_form(ESCALATED),
    }


def _post(escalation: Escalation) -> Message:
    return cards.post(_posted(escalation))


def _posted(escalation: Escalation) -> EscalationPost:
    links = {1: "https://acme.slack.test/files/F1"}
    return EscalationPost(escalation, LIVE, TICKETS[:7], PLAYBOOK.runs[:3], links)


def _form(known: Overview) -> Message:
    draft = drafted(known)
    return forms.escalate_form(PreparedForm(known, draft), meter(known, draft), at(10))


def _left(known: Overview) -> Message:
    return forms.escalate_form(PreparedForm(known, DRAFT, at(8)), meter(known, DRAFT), at(10))
