"""Which issues went out with which of GitHub's releases."""

from collections.abc import Mapping, Sequence

from bot.known_issues.github.api import GitHubApi
from bot.known_issues.github.milestones import issues_in, milestones
from bot.known_issues.github.wire import Lens, Published, is_pull, issue_from
from bot.known_issues.model import IssueState, TrackerIssue, version_name
from bot.known_issues.transport import Refused

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
    numbers = {version_name(each.title): each.number for each in await milestones(api, path) if each.title}
    for place, each in enumerate(published):
        number = numbers.get(version_name(each.tag))
        issues = await issues_in(api, path, number, lens, state="closed") if number else []
        issues = [issue for issue in issues if issue.state is IssueState.DONE]
        if place < NOTED_RELEASES:
            issues += await _named(api, path, each, lens)
        found[each.uid] = tuple(dict.fromkeys(issue.uid for issue in issues))
    return found


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
