"""`POST` and `GET /rest/api/3/search/jql`, over an index that lags; the old search is gone."""

from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.sandbox.jira import jql
from bot.sandbox.jira.access import Access
from bot.sandbox.jira.body import read_object
from bot.sandbox.jira.errors import invalid_payload, refused
from bot.sandbox.jira.paging import MAX_DEFAULT, MAX_IDS, MAX_WITH_FIELDS, Paging
from bot.sandbox.jira.records import Issue, User, Version
from bot.sandbox.jira.site import Change, JiraSite
from bot.sandbox.jira.wire import API, issue_json
from bot.sandbox.rest.answers import Answer, Call, Endpoint, Json

_KEYS = {"jql", "fields", "nextPageToken", "maxResults", "expand", "properties", "fieldsByKeys", "reconcileIssues"}
_GONE = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


class SearchApi:
    """Queries, answered in pages (see `Paging`)."""

    def __init__(self, *, site: JiraSite, access: Access, paging: Paging, clock: Clock, lag_s: float) -> None:
        self._site = site
        self._paging = paging
        self._access = access
        self._clock = clock
        self._lag = timedelta(seconds=lag_s)
        self._appeared: dict[str, datetime] = {}

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("POST", f"{API}/search/jql", self.search, "read"),
            Endpoint("GET", f"{API}/search/jql", self.search_by_query, "read"),
            Endpoint("GET", f"{API}/search", _gone, "read"),
            Endpoint("POST", f"{API}/search", _gone, "read"),
        ]

    def told(self, event: str, concerned: Issue | Version, actor: User, changes: list[Change]) -> None:
        if event == "jira:issue_created" and isinstance(concerned, Issue):
            self._appeared[concerned.id] = self._clock()

    def search(self, call: Call) -> Answer:
        return self._search(call, read_object(call, _KEYS))

    def search_by_query(self, call: Call) -> Answer:
        asked: Json = dict(call.query)
        if set(asked) - _KEYS - {"failFast"}:
            raise invalid_payload()
        if "fields" in asked:
            asked["fields"] = asked["fields"].split(",")
        if "maxResults" in asked:
            asked["maxResults"] = int(asked["maxResults"]) if asked["maxResults"].isdigit() else -1
        return self._search(call, asked)

    def _search(self, call: Call, asked: Json) -> Answer:
        text, fields = asked.get("jql") or "", asked.get("fields") or []
        if not isinstance(text, str) or not isinstance(fields, list):
            raise invalid_payload()
        most = self._most(asked, fields)
        ids, onward = self._paging.page(text, asked.get("nextPageToken"), most, lambda: self._ids(call, text, asked))
        # An issue that was deleted since the first page is left out.
        issues = [issue for issue in map(self._site.find, ids) if issue is not None]
        zone = self._access.user(call).zone
        return Answer({"issues": [issue_json(one, fields, base=call.base, zone=zone) for one in issues], **onward})

    def _most(self, asked: Json, fields: list[Any]) -> int:
        most = asked.get("maxResults", MAX_DEFAULT)
        if not isinstance(most, int) or most < 0:
            raise invalid_payload()
        only_ids = all(name in ("id", "key") for name in fields)
        return min(most or MAX_DEFAULT, MAX_IDS if only_ids else MAX_WITH_FIELDS)

    def _ids(self, call: Call, text: str, asked: Json) -> list[str]:
        now, at_once = self._clock(), {str(one) for one in asked.get("reconcileIssues") or []}
        known = [one for one in self._site if one.id in at_once or self._indexed(one, now)]
        user = self._access.user(call)
        return [issue.id for issue in jql.find(jql.parse(text), self._site, known, now=now, user=user)]

    def _indexed(self, issue: Issue, now: datetime) -> bool:
        appeared = self._appeared.get(issue.id)
        return appeared is None or now - appeared >= self._lag


def _gone(call: Call) -> Answer:
    raise refused(410, _GONE)
