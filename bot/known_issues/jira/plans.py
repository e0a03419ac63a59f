"""What moves in a Jira project without a change of its issues: versions, and the names of components."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from urllib.parse import quote

from bot.known_issues.jira.api import JiraApi
from bot.known_issues.jira.wire import quoted, versions_from
from bot.loose_json import digits, items, line, mapping

Rows = AsyncIterator[Mapping[str, Any]]


class MovedPlans:
    """Remembers how they were at the last look. `find` gives the issues of a query."""

    def __init__(self, *, api: JiraApi, project: str, find: Callable[[str], Rows]) -> None:
        self._api = api
        self._project = project
        self._find = find
        self._versions: Mapping[str, object] | None = None
        self._components: Mapping[str, str] | None = None

    async def rows(self, *, first: bool) -> Rows:
        """The issues of what moved; `first` is where all issues are new."""
        for clause in (await self._in_versions(first=first), await self._in_components()):
            if clause:
                jql = f"project = {quoted(self._project)} AND {clause} ORDER BY key"
                async for row in self._find(jql):
                    yield row

    async def _in_versions(self, *, first: bool) -> str:
        """Returns the issues whose fix version has another date or name, or is out.

        What moved while nobody looked is among the versions that are not out; those that came out meanwhile come
        as releases.
        """
        now = versions_from(await self._api.get(f"project/{quote(self._project, safe='')}/versions"))
        before, self._versions = self._versions, now
        if before is None:
            return f"fixVersion in unreleasedVersions({quoted(self._project)})" if now and not first else ""
        moved = [uid for uid, plan in now.items() if uid in before and before[uid] != plan]
        return f"fixVersion in ({', '.join(moved)})" if moved else ""

    async def _in_components(self) -> str:
        """Returns the issues with a renamed component."""
        project = mapping(await self._api.get(f"project/{quote(self._project, safe='')}"))
        rows = map(mapping, items(project.get("components")))
        now = {digits(row.get("id")): line(row.get("name")) for row in rows if digits(row.get("id"))}
        before, self._components = self._components, now
        renamed = [name for uid, name in now.items() if before and before.get(uid, name) != name and name]
        return f"component in ({', '.join(map(quoted, renamed))})" if renamed else ""
