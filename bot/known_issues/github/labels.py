"""GitHub's labels, and what has those that were renamed."""

from urllib.parse import urlencode

from bot.known_issues.github.api import GitHubApi
from bot.known_issues.github.wire import Lens, issues_from
from bot.known_issues.model import TrackerIssue
from bot.known_issues.transport import Refused
from bot.loose_json import digits, line, mapping

PAGE, PAGES = 100, 10
"""A repository with more labels than that has no list of them that could be compared."""


class RenamedLabels:
    """Notices other names: for GitHub that is no change of the issues that have a label, for support it is."""

    def __init__(self, api: GitHubApi) -> None:
        self._api = api
        self._seen: dict[str, str] = {}
        self.names: tuple[str, ...] | None = None
        """All there are, as of the last look; None where that is not known."""

    async def issues(self, path: str, lens: Lens) -> list[TrackerIssue]:
        """The issues with labels that are not called what they were; unchanged, a list of a hundred costs nothing."""
        now = await self._labels(path)
        if now is None:
            self.names = None
            return []
        self.names = tuple(now.values())
        renamed = [name for number, name in now.items() if self._seen.get(number, name) != name]
        found = [issue for name in renamed for issue in await self._with(path, name, lens)]
        self._seen = now
        return found

    async def _labels(self, path: str) -> dict[str, str] | None:
        """Names by id; None where they can't be listed, or not all of them."""
        found: dict[str, str] = {}
        rows = 0
        try:
            async for page in self._api.pages(f"{path}/labels", f"per_page={PAGE}", most=PAGES):
                rows += len(page)
                found |= {digits(mapping(row).get("id")): line(mapping(row).get("name")) for row in page}
        except Refused as refused:
            if refused.status == 403 or refused.gone:
                return None
            raise
        found.pop("", None)
        return found if rows < PAGE * PAGES else None

    async def _with(self, path: str, name: str, lens: Lens) -> list[TrackerIssue]:
        query = urlencode({"labels": name, "state": "all", "per_page": PAGE})
        return [issue async for rows in self._api.pages(f"{path}/issues", query) for issue in issues_from(rows, lens)]
