"""GitHub's milestones, and what is in those that moved."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from bot.known_issues.github.api import GitHubApi
from bot.known_issues.github.wire import Lens, issues_from, rows_of
from bot.known_issues.model import TrackerIssue
from bot.loose_json import instant, line, mapping

PAGE = 100


@dataclass(frozen=True, slots=True)
class Milestone:
    number: int
    title: str
    due: str
    updated_at: datetime | None


async def milestones(api: GitHubApi, path: str) -> list[Milestone]:
    """The hundred whose dates are latest; unchanged, they cost nothing."""
    query = urlencode({"state": "all", "sort": "due_on", "direction": "desc", "per_page": PAGE})
    found = [mapping(row) for row in rows_of((await api.page(f"{path}/milestones?{query}"))[0])]
    return [
        Milestone(row["number"], line(row.get("title")), line(row.get("due_on")), instant(row.get("updated_at")))
        for row in found
        if isinstance(row.get("number"), int)
    ]


async def issues_in(api: GitHubApi, path: str, number: int, lens: Lens, *, state: str) -> list[TrackerIssue]:
    found: list[TrackerIssue] = []
    query = urlencode({"milestone": number, "state": state, "per_page": PAGE})
    async for rows in api.pages(f"{path}/issues", query):
        found += await asyncio.to_thread(issues_from, rows, lens)
    return found


class MovedMilestones:
    """Notices other dates and names: for GitHub that is no change of the issues in a milestone, for support it is.

    What moved while nobody looked is found by the time of the milestone's own last change.
    """

    def __init__(self, api: GitHubApi) -> None:
        self._api = api
        self._seen: dict[int, tuple[str, str]] | None = None

    async def issues(self, path: str, lens: Lens, *, since: datetime | None) -> list[TrackerIssue]:
        """The issues of milestones that are not as they were; none at the very first, where all issues are new."""
        now = await milestones(self._api, path)
        moved = [each for each in now if self._moved(each, since)]
        found = [issue for each in moved for issue in await issues_in(self._api, path, each.number, lens, state="all")]
        self._seen = {each.number: (each.title, each.due) for each in now}
        return found

    def _moved(self, each: Milestone, since: datetime | None) -> bool:
        if self._seen is not None:
            return each.number in self._seen and self._seen[each.number] != (each.title, each.due)
        return bool(since and each.updated_at and each.updated_at >= since)
