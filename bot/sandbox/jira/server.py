"""The Jira sandbox: its endpoints below any prefix, and what a test or a person can do to it."""

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.faults import Faults
from bot.sandbox.jira.access import Access
from bot.sandbox.jira.acts import Acts
from bot.sandbox.jira.errors import refused, told
from bot.sandbox.jira.hooks import ATTEMPTS_MAX, Hooks
from bot.sandbox.jira.issues_api import IssuesApi
from bot.sandbox.jira.pages import browse
from bot.sandbox.jira.paging import Paging
from bot.sandbox.jira.projects_api import ProjectsApi
from bot.sandbox.jira.search_api import SearchApi
from bot.sandbox.jira.seed import Seed
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.rest.answers import Answer, Call, Endpoint
from bot.sandbox.rest.deliveries import Deliveries
from bot.sandbox.rest.server import RestServer


class JiraSandbox(Acts):
    """One Jira Cloud site. `routes()` gives a sub-application; see `Acts` for what can be done to it."""

    def __init__(self, *, clock: Clock, seed: Seed | None = None) -> None:
        seed = seed or Seed()
        site = JiraSite(clock=clock, seed=seed)
        access = Access(clock=clock, seed=seed)
        hooks = Hooks(site=site, clock=clock, deliveries=Deliveries(attempts_max=ATTEMPTS_MAX))
        paging = Paging()
        super().__init__(site=site, access=access, hooks=hooks, paging=paging)
        search = SearchApi(site=site, access=access, paging=paging, clock=clock, lag_s=seed.search_lag_s)
        site.listeners += [search.told, hooks.tell]
        self.rest = RestServer(
            endpoints=[
                *IssuesApi(site=site, access=access).endpoints(),
                *search.endpoints(),
                *ProjectsApi(site=site, access=access).endpoints(),
            ],
            work=self._work,
            unknown=lambda call: refused(404, "The requested resource was not found."),
            faults=Faults(told),
            acts=self.acts(),
            pages={"/browse/{key}": browse(site)},
            deliveries=hooks.deliveries,
        )
        self.fail_next = self.rest.fail_next
        self.log = self.rest.log

    def routes(self) -> web.Application:
        return self.rest.routes()

    def _work(self, call: Call, endpoint: Endpoint) -> Answer:
        self.hooks.base = call.base
        user = self.access.user(call)
        self.access.allow(user, writes=call.method != "GET" and endpoint.needs != "read")
        return endpoint.handler(call)
