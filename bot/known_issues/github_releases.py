"""Which issues went out with which of GitHub's releases."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from bot.known_issues.github_api import GitHubApi, Refused
from bot.known_issues.github_wire import Lens, Published, is_pull, issue_from, issues_from, rows_of
from bot.known_issues.model import IssueState, TrackerIssue, version_name
from bot.known_issues.wire import line, mapping

PAGE = 100
NOTED_RELEASES = 10
"""The newest releases whose notes are followed; an older one is found by its milestone."""
NAMES_MAX = 40


async def issues_of(
    api: GitHubApi, path: str, published: Sequence[Published], lens: Lens
) -> Mapping[str, tuple[str, ...]]:
    """By release the uids of the fixed issues in its milestone, and of those that its notes name.

    Everything here is asked for with its ETag: what has not changed costs nothing.
    """
    found: dict[str, tuple[str, ...]] = {}
    milestones = await _milestones(api, path)
    for place, each in enumerate(published):
        wanted = milestones.get(version_name(each.tag) or None)
        issues = await _in_milestone(api, path, wanted, lens) if wanted else []
        if place < NOTED_RELEASES:
            issues += await _named(api, path, each, lens)
        found[each.uid] = tuple(dict.fromkeys(issue.uid for issue in issues))
    return found


async def _milestones(api: GitHubApi, path: str) -> Mapping[str | None, int]:
    """The newest milestones' numbers by the form of their title in which versions are compared."""
    query = urlencode({"state": "all", "sort": "due_on", "direction": "desc", "per_page": PAGE})
    rows = [mapping(row) for row in rows_of((await api.page(f"{path}/milestones?{query}"))[0])]
    numbered = ((version_name(line(row.get("title"))), row.get("number")) for row in rows)
    return {title: number for title, number in numbered if title and isinstance(number, int)}


async def _in_milestone(api: GitHubApi, path: str, number: int, lens: Lens) -> list[TrackerIssue]:
    found: list[TrackerIssue] = []
    query = urlencode({"milestone": number, "state": "closed", "per_page": PAGE})
    while query:
        answer, query = await api.page(f"{path}/issues?{query}")
        found += issues_from(answer, lens)
    return [issue for issue in found if issue.state is IssueState.DONE]


async def _named(api: GitHubApi, path: str, release: Published, lens: Lens) -> list[TrackerIssue]:
    """Those that were closed when the release came out: notes name open issues too."""
    found = []
    for number in sorted(release.names)[:NAMES_MAX]:
        try:
            row, _ = await api.page(f"{path}/issues/{number}")
        except Refused as refused:
            if not refused.gone:
                raise
            continue
        if is_pull(row):
            continue
        issue = issue_from(row, lens)
        if issue.state is IssueState.DONE and issue.closed_at and issue.closed_at <= release.published_at:
            found.append(issue)
    return found
