"""Escalations of a story: what was asked, each step of the ladder and what became of it, and who answered. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.escalations.ladder_cards import became, called, stands
from bot.escalations.ladder_model import LadderRun, StepState
from bot.escalations.model import EscalationPost
from bot.exports.model import EscalatedOnce, LadderStepLine
from bot.exports.times import Happened
from bot.exports.words import plain


def people_of(posted: EscalationPost) -> frozenset[str]:
    """Ids of those whose names are in it."""
    escalation = posted.escalation
    asked = [question.asked_by for question in escalation.questions]
    own = (escalation.escalated_by, escalation.acknowledged_by, escalation.taken_back_by)
    return frozenset(user for user in (*own, *asked) if user)


def escalated_once(posted: EscalationPost, names: Mapping[str, str]) -> EscalatedOnce:
    """`names` are those of people, by id."""
    escalation, draft, run = posted.escalation, posted.escalation.draft, posted.run
    parts = (
        ("Request", draft.needed),
        ("Impact", draft.affected),
        ("Since", draft.since),
        ("What is wrong", draft.wrong),
        ("What was tried", draft.tried),
    )
    answer, answered_at = _answer(posted, names)
    return EscalatedOnce(
        at=escalation.escalated_at,
        by=_name(escalation.escalated_by, names),
        priority=escalation.priority,
        parts=tuple((name, text.strip()) for name, text in parts if text.strip()),
        steps=tuple(_steps(run, names)) if run else (),
        answer=answer or "Nobody has answered yet",
        answered_at=answered_at,
        waits=not answer,
        asked=tuple(
            Happened(each.asked_at, f"{_name(each.asked_by, names)} asked: {each.question}")
            for each in escalation.questions
        ),
        stands=plain(stands(run), names) if run and not answer else "",
    )


def _steps(run: LadderRun, names: Mapping[str, str]) -> Iterator[LadderStepLine]:
    """Those that were told, then those that are due, each in their order."""
    later = run.planned if run.configured else ()
    for step in (*run.begun, *later):
        planned = step.state is StepState.PLANNED
        yield LadderStepLine(
            at=step.next_at if planned else step.told_at,
            whom=plain(called(step.rung), names),
            became=plain(became(step), names),
            planned=planned,
            failed=step.state is StepState.FAILED,
        )


def _answer(posted: EscalationPost, names: Mapping[str, str]) -> tuple[str, datetime | None]:
    """Who answered and when, or why no answer is needed; "" while one is awaited."""
    escalation, investigation = posted.escalation, posted.investigation
    if escalation.acknowledged_by:
        return f"Acknowledged by {_name(escalation.acknowledged_by, names)}", escalation.acknowledged_at
    if escalation.acknowledged_at:
        return f"Acknowledged through {escalation.acknowledged_via}", escalation.acknowledged_at
    if escalation.taken_back_by:
        return f"Taken back by {_name(escalation.taken_back_by, names)}", escalation.withdrawn_at
    if posted.needless:
        return f"Not answered: it was {posted.needless}", escalation.withdrawn_at or investigation.closed_at
    return "", None


def _name(user: str, names: Mapping[str, str]) -> str:
    return names.get(user, "somebody")
