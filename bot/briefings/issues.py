"""What of known issues belongs into a briefing: those that matter today, and what changed since the last one. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.briefings.model import WORKAROUND_MAX, Impact, Issue, News, Stage, excerpt
from bot.known_issues.model import Change, ChangeKind, IssueState, KnownIssue, Priority
from bot.known_issues.twins import once

_PROGRESS = (ChangeKind.IN_PROGRESS, ChangeKind.DONE, ChangeKind.DECLINED, ChangeKind.RELEASED, ChangeKind.REOPENED)
_PRESENCE = (ChangeKind.GONE, ChangeKind.BACK)
_ORDER = (
    ChangeKind.REGRESSED,
    ChangeKind.RELEASED,
    ChangeKind.DONE,
    ChangeKind.NEW,
    ChangeKind.ETA,
    ChangeKind.WORKAROUND,
    ChangeKind.PRIORITY,
    ChangeKind.REOPENED,
    ChangeKind.IN_PROGRESS,
    ChangeKind.FIX_VERSION,
    ChangeKind.ASSIGNED,
    ChangeKind.DECLINED,
    ChangeKind.MOVED,
    ChangeKind.TITLE,
    ChangeKind.SYMPTOM,
    ChangeKind.GONE,
    ChangeKind.BACK,
)
"""What support wants to hear first."""
_STAGES = {
    IssueState.OPEN: Stage.OPEN,
    IssueState.IN_PROGRESS: Stage.IN_PROGRESS,
    IssueState.DONE: Stage.FIXED,
    IssueState.DECLINED: Stage.DECLINED,
}
_NO_IMPACT = Impact(0)


def net(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Several changes as one per issue and matter, from what was first to what is last.

    What came back to where it was is no change. A new issue is new and nothing else, unless it is closed already. The
    order in which the changes are given does not matter: their times and ids do.
    """
    threads: dict[tuple[int, str], list[Change]] = {}
    for change in sorted(changes, key=lambda change: (change.at, change.id)):
        threads.setdefault((change.issue_id, _matter(change.kind)), []).append(change)
    joined = [joint for thread in threads.values() if (joint := _net(thread))]
    new = {change.issue_id for change in joined if change.kind is ChangeKind.NEW}
    gone = {change.issue_id for change in joined if change.kind is ChangeKind.GONE}
    kept = [change for change in joined if change.issue_id not in new or _told_of_new(change, gone)]
    return tuple(sorted(kept, key=lambda change: (_ORDER.index(change.kind), change.issue_id)))


def that_matter(
    candidates: Iterable[KnownIssue], impacts: Mapping[int, Impact], changed: Iterable[int]
) -> tuple[Issue, ...]:
    """Issues that support meets today: linked to a live investigation, growing, urgent, or changed. Worst first."""
    issues, news = {}, frozenset(changed)
    for known in candidates:
        impact = impacts.get(known.id, _NO_IMPACT)
        urgent = known.reading.priority in (Priority.P0, Priority.P1)
        over = known.issue.closed or known.gone_at
        if impact.investigations or (not over and (impact.more > 0 or urgent or known.id in news)):
            issues[known.id] = issue_as_told(known, impact)
    return tuple(sorted(issues.values(), key=_worst_first))


def marked(
    candidates: Iterable[KnownIssue], impacts: Mapping[int, Impact], told_already: Iterable[Issue]
) -> tuple[tuple[Issue, ...], tuple[Issue, ...]]:
    """The pending issues, and those that QA found and customers can meet; each issue is in one list only."""
    told_ids = {issue.id for issue in told_already}
    rest = [known for known in candidates if known.id not in told_ids and not known.issue.closed and not known.gone_at]
    pending = [known for known in rest if known.reading.pending]
    by_qa = [
        known
        for known in rest
        if known.reading.found_by_qa and known.reading.customer_facing is not False and not known.reading.pending
    ]
    first, second = (
        sorted((issue_as_told(known, impacts.get(known.id, _NO_IMPACT)) for known in some), key=_worst_first)
        for some in (pending, by_qa)
    )
    return tuple(first), tuple(second)


def news_of(changes: Sequence[Change], issues: Mapping[int, KnownIssue]) -> tuple[News, ...]:
    """Changes with the titles and addresses of their issues; of what support need not know nothing is told."""
    news = tuple(
        News(
            change.issue_id,
            excerpt(known.issue.title),
            known.issue.url,
            change.kind,
            excerpt(change.before),
            excerpt(change.after),
        )
        for change in changes
        if (known := issues.get(change.issue_id)) and (known.reading.known or known.reading.pending)
    )
    return told_once(news, issues)


def told_once(news: Sequence[News], issues: Mapping[int, KnownIssue]) -> tuple[News, ...]:
    """Drops news of a bug that the same bug in another tracker tells too; the issue that stands for both keeps them."""
    kinds = {(item.issue_id, item.kind) for item in news}
    first = {known.id for known in once(issues.values())}

    def told_by_twin(item: News) -> bool:
        return any((twin.id, item.kind) in kinds and twin.id in first for twin in issues[item.issue_id].also)

    return tuple(item for item in news if item.issue_id in first or not told_by_twin(item))


def issue_as_told(known: KnownIssue, impact: Impact = _NO_IMPACT) -> Issue:
    """What a briefing keeps of a known issue."""
    reading = known.reading
    return Issue(
        id=known.id,
        title=excerpt(known.issue.title),
        url=known.issue.url,
        stage=_stage(known),
        symptom=excerpt(reading.symptom),
        workaround=excerpt(reading.workaround, WORKAROUND_MAX),
        eta=reading.eta,
        priority=reading.priority,
        customer_facing=reading.customer_facing,
        tickets=impact.tickets,
        more=impact.more,
        investigations=tuple(sorted(impact.investigations)),
        also=tuple((twin.key, twin.url) for twin in known.also[:2]),
    )


def _stage(known: KnownIssue) -> Stage:
    if known.gone_at:
        return Stage.GONE
    return Stage.RELEASED if known.issue.released else _STAGES[known.issue.state]


def _worst_first(issue: Issue) -> tuple[str, int, int]:
    return issue.priority or "P9", -issue.tickets, issue.id


def _matter(kind: ChangeKind) -> str:
    """Changes of one matter follow each other: the latest of them says how things are."""
    return "progress" if kind in _PROGRESS else "presence" if kind in _PRESENCE else kind.value


def _net(thread: list[Change]) -> Change | None:
    first, last = thread[0], thread[-1]
    if first.kind in _PRESENCE:
        return last if len(thread) % 2 else None
    if first.kind is ChangeKind.NEW:
        return first
    if first.kind in _PROGRESS:
        was_closed, is_open = first.kind is ChangeKind.REOPENED, last.kind is ChangeKind.REOPENED
        same = (is_open and not was_closed) or (was_closed and last.kind in (ChangeKind.DONE, ChangeKind.DECLINED))
        return None if same else replace(last, before=first.before)
    if first.before == last.after:
        return None
    return replace(last, before=first.before)


def _told_of_new(change: Change, gone: set[int]) -> bool:
    """Whether a change of a new issue is told: that it is new and how it ended, and nothing where it is gone again."""
    if change.issue_id in gone:
        return False
    return change.kind in (ChangeKind.NEW, ChangeKind.DONE, ChangeKind.RELEASED, ChangeKind.DECLINED)
