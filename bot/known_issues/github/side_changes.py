"""What changes issues for support and not for GitHub: other labels, moved milestones, releases."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from bot.known_issues.github.api import GitHubApi
from bot.known_issues.github.wire import GitHubLens, Published, is_pull, issue_from, issues_from, rows_of
from bot.known_issues.model import IssueState, TrackerIssue, version_name
from bot.known_issues.transport import TrackerRefused
from bot.loose_json import digits, instant, line, mapping

PAGE = 100
LABEL_PAGES = 10
"""A repository with more labels than that has no list of them that could be compared."""
NOTED_RELEASES = 10
"""The newest releases whose notes are followed; an older one is found by its milestone."""
NAMES_MAX = 40


class RenamedLabels:
    """Notices other names of labels."""

    def __init__(self, api: GitHubApi) -> None:
        self._api = api
        self._names_by_id: dict[str, str] = {}
        self.names: tuple[str, ...] | None = None
        """All there are, as of the last look; None where that is not known."""

    async def issues(self, path: str, lens: GitHubLens) -> list[TrackerIssue]:
        """The issues with labels that are not called what they were; unchanged, a list of a hundred costs nothing."""
        labels = await self._labels(path)
        if labels is None:
            self.names = None
            return []
        self.names = tuple(labels.values())
        renamed = [name for number, name in labels.items() if self._names_by_id.get(number, name) != name]
        issues = [issue for name in renamed for issue in await issues_with(self._api, path, lens, labels=name)]
        self._names_by_id = labels
        return issues

    async def _labels(self, path: str) -> dict[str, str] | None:
        """Names by id; None where they can't be listed, or not all of them."""
        labels: dict[str, str] = {}
        count = 0
        try:
            async for rows in self._api.pages(f"{path}/labels", f"per_page={PAGE}", most=LABEL_PAGES):
                count += len(rows)
                labels |= {digits(mapping(row).get("id")): line(mapping(row).get("name")) for row in rows}
        except TrackerRefused as refused:
            if refused.status == 403 or refused.gone:
                return None
            raise
        labels.pop("", None)
        return labels if count < PAGE * LABEL_PAGES else None


@dataclass(frozen=True, slots=True)
class GitHubMilestone:
    number: int
    title: str
    due: str
    updated_at: datetime | None


class MovedMilestones:
    """Notices other dates and names of milestones.

    What moved while nobody looked is found by the time of the milestone's own last change.
    """

    def __init__(self, api: GitHubApi) -> None:
        self._api = api
        self._before: dict[int, tuple[str, str]] | None = None

    async def issues(self, path: str, lens: GitHubLens, *, since: datetime | None) -> list[TrackerIssue]:
        """The issues of milestones that are not as they were; none at the very first, where all issues are new."""
        listed = await milestones(self._api, path)
        moved = [milestone.number for milestone in listed if self._moved(milestone, since)]
        issues = [issue for number in moved for issue in await issues_with(self._api, path, lens, milestone=number)]
        self._before = {milestone.number: (milestone.title, milestone.due) for milestone in listed}
        return issues

    def _moved(self, milestone: GitHubMilestone, since: datetime | None) -> bool:
        if self._before is not None:
            now = (milestone.title, milestone.due)
            return self._before.get(milestone.number, now) != now
        return bool(since and milestone.updated_at and milestone.updated_at >= since)


async def milestones(api: GitHubApi, path: str) -> list[GitHubMilestone]:
    """The hundred whose dates are latest; unchanged, they cost nothing."""
    query = urlencode({"state": "all", "sort": "due_on", "direction": "desc", "per_page": PAGE})
    rows = [mapping(row) for row in rows_of((await api.page(f"{path}/milestones?{query}"))[0])]
    return [
        GitHubMilestone(row["number"], line(row.get("title")), line(row.get("due_on")), instant(row.get("updated_at")))
        for row in rows
        if isinstance(row.get("number"), int)
    ]


async def issues_with(api: GitHubApi, path: str, lens: GitHubLens, **filters: str | int) -> list[TrackerIssue]:
    """All issues that GitHub's filters leave, open or not unless `state` says so."""
    issues: list[TrackerIssue] = []
    async for rows in api.pages(f"{path}/issues", urlencode({"state": "all", **filters, "per_page": PAGE})):
        issues += await asyncio.to_thread(issues_from, rows, lens)
    return issues


async def released_issues(
    api: GitHubApi, path: str, published: Sequence[Published], lens: GitHubLens
) -> Mapping[str, tuple[str, ...]]:
    """Returns by release the uids of the fixed issues in its milestone, and of those that its notes name.

    Everything here is asked for with its ETag: what has not changed costs nothing.
    """
    uids: dict[str, tuple[str, ...]] = {}
    numbers = {
        version_name(milestone.title): milestone.number for milestone in await milestones(api, path) if milestone.title
    }
    for place, each in enumerate(published):
        number = numbers.get(version_name(each.tag))
        issues = await issues_with(api, path, lens, milestone=number, state="closed") if number else []
        issues = [issue for issue in issues if issue.state is IssueState.DONE]
        if place < NOTED_RELEASES:
            issues += await _named(api, path, each, lens)
        uids[each.release.uid] = tuple(dict.fromkeys(issue.uid for issue in issues))
    return uids


async def _named(api: GitHubApi, path: str, published: Published, lens: GitHubLens) -> list[TrackerIssue]:
    """Returns the named issues that were closed when the release came out: notes name open issues too."""
    issues = []
    for number in sorted(published.names)[:NAMES_MAX]:
        try:
            row, _ = await api.page(f"{path}/issues/{number}")
        except TrackerRefused as refused:
            if not refused.gone:
                raise
            continue
        if is_pull(row):
            continue
        issue = issue_from(row, lens)
        if issue.state is IssueState.DONE and issue.closed_at and issue.closed_at <= published.release.published_at:
            issues.append(issue)
    return issues
