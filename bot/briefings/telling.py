"""A known issue as a briefing tells it. Pure."""

from collections.abc import Iterable

from bot.briefings.model import WORKAROUND_MAX, Issue, Stage, excerpt
from bot.known_issues.model import IssueState, KnownIssue


def told(found: KnownIssue, *, tickets: int = 0, more: int = 0, investigations: Iterable[int] = ()) -> Issue:
    """An issue as a briefing tells it."""
    reading = found.reading
    return Issue(
        id=found.id,
        title=excerpt(found.issue.title),
        url=found.issue.url,
        stage=stage_of(found),
        symptom=excerpt(reading.symptom),
        workaround=excerpt(reading.workaround, WORKAROUND_MAX),
        eta=reading.eta,
        priority=reading.priority,
        customer_facing=reading.customer_facing,
        tickets=tickets,
        more=more,
        investigations=tuple(sorted(investigations)),
        also=tuple((twin.key, twin.url) for twin in found.also[:2]),
    )


def stage_of(found: KnownIssue) -> Stage:
    if found.gone_at:
        return Stage.GONE
    if found.issue.released:
        return Stage.RELEASED
    stages = {
        IssueState.OPEN: Stage.OPEN,
        IssueState.IN_PROGRESS: Stage.IN_PROGRESS,
        IssueState.DONE: Stage.FIXED,
        IssueState.DECLINED: Stage.DECLINED,
    }
    return stages[found.issue.state]
