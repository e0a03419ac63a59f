"""As much of GitHub's API as the adapter uses, kept in lists; a test changes them between and during requests."""

import contextlib
import hashlib
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web

from bot.known_issues.github.api import GitHubApi
from bot.known_issues.github.tracker import GitHubTracker
from bot.known_issues.model import Priority
from tests.fake_clock import FakeClock
from tests.loopback import as_json, served

OWNER, REPO, TOKEN = "harbor-vpn", "app", "github_pat_secret"
Row = dict[str, Any]
Fault = Callable[[web.Request], web.StreamResponse | None]


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class SmallGitHub:
    """`faults` are used up one a request: a response instead of the real one, or None after which all is well.

    `lose` counts the writes that are done and whose answers get lost. `before_page` is called before each list.
    """

    clock: FakeClock
    prefix: str = ""
    issues: list[Row] = field(default_factory=list)
    comments: dict[int, list[Row]] = field(default_factory=dict)
    releases: list[Row] = field(default_factory=list)
    milestones: list[Row] = field(default_factory=list)
    moved: dict[int, str] = field(default_factory=dict)
    renamed_to: str = ""
    faults: deque[Fault] = field(default_factory=deque)
    lose: int = 0
    per_page: int = 100
    asked: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    before_page: Callable[[], None] = lambda: None
    leads_to: Callable[[int, str], str] | None = None
    """What stands as the next page's address in place of the right one, by this page's number and address."""
    host: str = "https://github.test"

    def issue(self, number: int, title: str = "", *, at: datetime | None = None, **more: Any) -> Row:
        moment = iso(at or self.clock())
        row = {
            "id": 1000 + number,
            "node_id": f"I_{number}",
            "number": number,
            "title": title or f"Issue {number}",
            "body": None,
            "state": "open",
            "state_reason": None,
            "html_url": f"{self.host}/{OWNER}/{REPO}/issues/{number}",
            "created_at": moment,
            "updated_at": moment,
            "closed_at": None,
            "labels": [],
            "assignees": [],
            "milestone": None,
            "user": {"login": "kim"},
            **more,
        }
        self.issues.append(row)
        return row

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._first])
        at = f"{self.prefix}/repos/{OWNER}/{{repo}}"
        app.router.add_get(f"{self.prefix}/user", self._user)
        app.router.add_get(at, self._repository)
        app.router.add_get(f"{at}/issues", self._list)
        app.router.add_post(f"{at}/issues", self._create)
        app.router.add_get(f"{at}/issues/{{number}}", self._one)
        app.router.add_patch(f"{at}/issues/{{number}}", self._change)
        app.router.add_get(f"{at}/assignees", self._assignees)
        app.router.add_get(f"{at}/issues/{{number}}/comments", self._comments)
        app.router.add_post(f"{at}/issues/{{number}}/comments", self._comment)
        app.router.add_get(f"{at}/releases", self._releases)
        app.router.add_get(f"{at}/milestones", self._milestones)
        app.router.add_get(f"{self.prefix}/repositories/77{{rest:.*}}", self._by_id)
        return app

    @web.middleware
    async def _first(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path_qs}")
        response = await self._answer(request, handler)
        self.statuses.append(response.status)
        if self.lose and request.method == "POST" and response.status == 201:
            self.lose -= 1
            assert request.transport
            request.transport.close()
        return response

    async def _answer(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self.faults and (fault := self.faults.popleft()(request)):
            return fault
        if request.headers.get("Authorization") != f"token {TOKEN}":
            return as_json({"message": "Bad credentials"}, 401)
        if self.renamed_to and request.match_info.get("repo") == REPO:
            rest = request.path_qs.split(f"/{REPO}", 1)[1]
            return as_json({"message": "Moved Permanently"}, 301, {"Location": self._api(f"/repositories/77{rest}")})
        response: web.StreamResponse = await handler(request)
        return response

    def _api(self, path: str) -> str:
        """GitHub names its own host in what it answers, whatever proxy stands before it."""
        return f"https://api.github.test{self.prefix}{path}"

    def _listed(self, request: web.Request, rows: list[Row]) -> web.Response:
        page, size = int(request.query.get("page", 1)), min(int(request.query.get("per_page", 30)), self.per_page)
        part = rows[(page - 1) * size : page * size]
        etag = f'W/"{hashlib.sha256(json.dumps(part).encode()).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        headers = {"ETag": etag}
        if self.leads_to:
            here = self._api(request.path_qs.removeprefix(self.prefix))
            return as_json(rows, headers=headers | {"Link": f'<{self.leads_to(page, here)}>; rel="next"'})
        if page * size < len(rows):
            query = {**request.query, "page": page + 1}
            link = (
                self._api(request.path.removeprefix(self.prefix)) + "?" + "&".join(f"{k}={v}" for k, v in query.items())
            )
            headers["Link"] = f'<{link}>; rel="next", <{link}>; rel="last"'
        return as_json(part, headers=headers)

    async def _list(self, request: web.Request) -> web.Response:
        self.before_page()
        query = request.query
        rows = [row for row in self.issues if row["updated_at"] >= query.get("since", "")]
        if query.get("state") == "closed":
            rows = [row for row in rows if row["state"] == "closed"]
        if "creator" in query:
            rows = [row for row in rows if row["user"]["login"] == query["creator"]]
        if "milestone" in query:
            rows = [row for row in rows if (row["milestone"] or {}).get("number") == int(query["milestone"])]
        rows.sort(key=lambda row: row["updated_at"], reverse=query.get("direction", "desc") == "desc")
        return self._listed(request, rows)

    async def _create(self, request: web.Request) -> web.Response:
        sent = await request.json()
        number = max((row["number"] for row in self.issues), default=0) + 1
        labels = [{"name": name} for name in sent.get("labels", [])]
        row = self.issue(number, sent["title"], body=sent["body"], labels=labels, user={"login": "secondline-bot"})
        return as_json(row, 201)

    async def _one(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        if number in self.moved:
            return as_json({"message": "Moved Permanently"}, 301, {"Location": self._api(self.moved[number])})
        found = [row for row in self.issues if row["number"] == number]
        if not found:
            return as_json({"message": "This issue was deleted"}, 410)
        etag = f'"{hashlib.sha256(json.dumps(found[0]).encode()).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return as_json(found[0], headers={"ETag": etag})

    async def _assignees(self, request: web.Request) -> web.Response:
        return self._listed(request, [{"login": login} for login in ("lena-dev", "max-dev")])

    async def _change(self, request: web.Request) -> web.Response:
        """Who may not be assigned is left out without a word."""
        found = next(row for row in self.issues if row["number"] == int(request.match_info["number"]))
        wanted = (await request.json())["assignees"]
        found["assignees"] = [{"login": login} for login in wanted if login in ("lena-dev", "max-dev")]
        return as_json(found)

    async def _comments(self, request: web.Request) -> web.Response:
        return self._listed(request, self.comments.get(int(request.match_info["number"]), []))

    async def _comment(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        said = self.comments.setdefault(number, [])
        url = f"{self.host}/{OWNER}/{REPO}/issues/{number}#issuecomment-{len(said) + 1}"
        row = {
            "id": len(said) + 1,
            "body": (await request.json())["body"],
            "html_url": url,
            "user": {"login": "secondline-bot"},
        }
        said.append(row)
        return as_json(row, 201)

    async def _releases(self, request: web.Request) -> web.Response:
        return self._listed(request, self.releases)

    async def _milestones(self, request: web.Request) -> web.Response:
        return self._listed(request, self.milestones)

    async def _by_id(self, request: web.Request) -> web.Response:
        if request.match_info["rest"].startswith("/issues/"):
            number = int(request.match_info["rest"].split("/")[2])
            return as_json(next(row for row in self.issues if row["number"] == number))
        if request.match_info["rest"] == "/releases":
            return await self._releases(request)
        if request.match_info["rest"] == "/milestones":
            return await self._milestones(request)
        return await self._list(request)

    async def _user(self, request: web.Request) -> web.Response:
        return as_json({"login": "secondline-bot"})

    async def _repository(self, request: web.Request) -> web.Response:
        headers = {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "4990", "X-RateLimit-Reset": "1795165200"}
        return as_json({"full_name": f"{OWNER}/{REPO}", "permissions": {"push": True}}, headers=headers)


@contextlib.asynccontextmanager
async def small_github(*, prefix: str = "", token: str = TOKEN) -> AsyncIterator[tuple[GitHubTracker, SmallGitHub]]:
    clock = FakeClock()
    github = SmallGitHub(clock, prefix=prefix)
    async with served(github.app()) as url, aiohttp.ClientSession() as session:
        tracker = GitHubTracker(
            name="app",
            repository=f"{OWNER}/{REPO}",
            api=GitHubApi(session=session, url=url + prefix, token=token, clock=clock, timeout_s=5.0),
            clock=clock,
            priority_labels={Priority.P1: "P1"},
        )
        yield tracker, github
