"""As much of Jira Cloud's API as the adapter uses, kept in lists; its search shows nothing that is newer than `lag`."""

import base64
import contextlib
import re
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web

from bot.known_issues.jira.api import JiraApi
from bot.known_issues.jira.tracker import JiraTracker
from bot.known_issues.model import Priority
from tests.fake_clock import FakeClock
from tests.loopback import as_json, served

Row = dict[str, Any]
Fault = Callable[[web.Request], web.StreamResponse | None]
PROJECT, EMAIL, TOKEN, ME = "VPN", "bot@harbor.test", "jira-secret", "acc-bot"
LOGIN = "Basic " + base64.b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
STATUS = {"To Do": "new", "In Progress": "indeterminate", "Done": "done"}


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


@dataclass
class SmallJira:
    """`hidden` are keys that the search does not show yet. `lose` counts writes whose answers get lost."""

    clock: FakeClock
    zone: str = "Europe/Berlin"
    issues: list[Row] = field(default_factory=list)
    comments: dict[str, list[Row]] = field(default_factory=dict)
    versions: list[Row] = field(default_factory=list)
    old_keys: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    hide_new: bool = False
    faults: deque[Fault] = field(default_factory=deque)
    lose: int = 0
    per_page: int = 100
    asked: list[tuple[str, Any]] = field(default_factory=list)
    before_page: Callable[[], None] = lambda: None
    leads_to: Callable[[str], str] | None = None
    """The token of the next page in place of the right one, by this page's."""

    def issue(self, number: int, *, at: datetime | None = None, status: str = "To Do", **fields: Any) -> Row:
        moment = iso(at or self.clock())
        row = {
            "id": str(10_000 + number),
            "key": f"{PROJECT}-{number}",
            "fields": {
                "summary": f"Issue {number}",
                "description": None,
                "status": {"name": status, "statusCategory": {"key": STATUS[status]}},
                "labels": [],
                "fixVersions": [],
                "created": moment,
                "updated": moment,
                "creator": {"accountId": "acc-kim"},
                **fields,
            },
        }
        self.issues.append(row)
        return row

    def app(self) -> web.Application:
        app, at = web.Application(middlewares=[self._first]), "/rest/api/3"
        app.router.add_get(f"{at}/myself", self._myself)
        app.router.add_get(f"{at}/field", self._fields)
        app.router.add_get(f"{at}/project/{PROJECT}", self._project)
        app.router.add_get(f"{at}/project/{PROJECT}/version", self._versions)
        app.router.add_get(f"{at}/project/{PROJECT}/versions", self._all_versions)
        app.router.add_post(f"{at}/search/jql", self._search)
        app.router.add_post(f"{at}/issue", self._create)
        app.router.add_get(f"{at}/issue/{{wanted}}", self._one)
        app.router.add_put(f"{at}/issue/{{wanted}}/assignee", self._assign)
        app.router.add_get(f"{at}/user/assignable/search", self._assignable)
        app.router.add_get(f"{at}/issue/{{wanted}}/comment", self._comments)
        app.router.add_post(f"{at}/issue/{{wanted}}/comment", self._comment)
        return app

    @web.middleware
    async def _first(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked.append((request.path, await request.json() if request.can_read_body else None))
        response = await self._answer(request, handler)
        if self.lose and request.method == "POST" and response.status == 201:
            self.lose -= 1
            assert request.transport
            request.transport.close()
        return response

    async def _answer(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self.faults and (fault := self.faults.popleft()(request)):
            return fault
        if request.headers.get("Authorization") != LOGIN:
            return as_json({}, 401)
        response: web.StreamResponse = await handler(request)
        return response

    async def _search(self, request: web.Request) -> web.Response:
        self.before_page()
        sent = await request.json()
        jql = sent["jql"]
        if f'project = "{PROJECT}"' not in jql:
            return as_json({"errorMessages": ["Unbounded JQL queries are not allowed here."]}, 400)
        rows = [row for row in self.issues if row["key"] not in self.hidden]
        if since := re.search(r'updated >= "([^"]+)"', jql):
            local = datetime.strptime(since[1], "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(self.zone))
            rows = [row for row in rows if datetime.fromisoformat(row["fields"]["updated"]) >= local]
        if "creator = currentUser()" in jql:
            rows = [row for row in rows if row["fields"]["creator"]["accountId"] == ME]
        if version := re.search(r"fixVersion (?:= |in \(?)([^) ]+)", jql):
            out = {each["id"] for each in self.versions if not each["released"]}
            wanted = out if "unreleased" in jql else set(version[1].split(", "))
            rows = [row for row in rows if wanted & {each["id"] for each in row["fields"]["fixVersions"]}]
        order = (lambda row: int(row["id"])) if "BY key" in jql else (lambda row: row["fields"]["updated"])
        rows.sort(key=order, reverse="DESC" in jql)
        first = 0 if self.leads_to else int(sent.get("nextPageToken", 0))
        if self.leads_to:
            return as_json({"issues": rows, "nextPageToken": self.leads_to(str(sent.get("nextPageToken", "")))})
        answer: Row = {"issues": rows[first : first + self.per_page]}
        if first + self.per_page < len(rows):
            answer["nextPageToken"] = str(first + self.per_page)
        return as_json(answer)

    async def _create(self, request: web.Request) -> web.Response:
        fields = (await request.json())["fields"]
        number = max((int(row["key"].partition("-")[2]) for row in self.issues), default=0) + 1
        row = self.issue(number, **(fields | {"creator": {"accountId": ME}}))
        if self.hide_new:
            self.hidden.add(row["key"])
        return as_json({"id": row["id"], "key": row["key"]}, 201)

    def _find(self, wanted: str) -> Row | None:
        wanted = self.old_keys.get(wanted, wanted)
        return next((row for row in self.issues if wanted in (row["id"], row["key"])), None)

    async def _one(self, request: web.Request) -> web.Response:
        found = self._find(request.match_info["wanted"])
        return as_json(found) if found else as_json({"errorMessages": ["Issue does not exist"]}, 404)

    async def _assignable(self, request: web.Request) -> web.Response:
        assert request.query["project"] == PROJECT
        return as_json([{"accountId": "a1", "displayName": "Lena"}, {"accountId": "a2"}])

    async def _assign(self, request: web.Request) -> web.Response:
        found = self._find(request.match_info["wanted"])
        if not found:
            return as_json({"errorMessages": ["Issue does not exist"]}, 404)
        account = (await request.json())["accountId"]
        found["fields"]["assignee"] = {"accountId": account, "displayName": {"a1": "Lena"}.get(account, account)}
        return web.Response(status=204)

    async def _comments(self, request: web.Request) -> web.Response:
        if not self._find(request.match_info["wanted"]):
            return as_json({}, 404)
        return as_json({"comments": self.comments.get(request.match_info["wanted"], [])})

    async def _comment(self, request: web.Request) -> web.Response:
        said = self.comments.setdefault(request.match_info["wanted"], [])
        row = {"id": str(len(said) + 1), "body": (await request.json())["body"], "author": {"accountId": ME}}
        said.append(row)
        return as_json(row, 201)

    async def _versions(self, _: web.Request) -> web.Response:
        return as_json({"values": self.versions})

    async def _all_versions(self, _: web.Request) -> web.Response:
        return as_json(self.versions)

    async def _myself(self, _: web.Request) -> web.Response:
        return as_json({"accountId": ME, "displayName": "Second Line", "timeZone": self.zone})

    async def _fields(self, _: web.Request) -> web.Response:
        return as_json([{"id": "customfield_10031", "name": "Workaround"}, {"id": "summary", "name": "Summary"}])

    async def _project(self, _: web.Request) -> web.Response:
        return as_json({"key": PROJECT, "name": "VPN client"})


@contextlib.asynccontextmanager
async def small_jira() -> AsyncIterator[tuple[JiraTracker, SmallJira]]:
    clock = FakeClock()
    jira = SmallJira(clock)
    async with served(jira.app()) as url, aiohttp.ClientSession() as session:
        tracker = JiraTracker(
            name="vpn",
            project=PROJECT,
            api=JiraApi(session=session, url=url, email=EMAIL, token=TOKEN, clock=clock, timeout_s=5.0),
            custom_fields=("workaround", "No such field"),
            priority_names={Priority.P1: "High"},
        )
        yield tracker, jira
