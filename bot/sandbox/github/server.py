"""The GitHub sandbox: its endpoints below any prefix, and what a test or a person can do to it."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.faults import Faults
from bot.sandbox.github.access import Access
from bot.sandbox.github.acts import Acts
from bot.sandbox.github.errors import not_found, told
from bot.sandbox.github.forge import Forge
from bot.sandbox.github.hooks import Hooks
from bot.sandbox.github.issues_api import IssuesApi
from bot.sandbox.github.pages import Pages
from bot.sandbox.github.paging import Paging
from bot.sandbox.github.places_api import FREE, PlacesApi
from bot.sandbox.github.search_api import SearchApi
from bot.sandbox.github.seed import Seed
from bot.sandbox.rest.answers import Answer, Call, Endpoint, Refused
from bot.sandbox.rest.deliveries import Deliveries
from bot.sandbox.rest.server import RestServer


class GithubSandbox(Acts):
    """One GitHub. `routes()` gives a sub-application; see `Acts` for what can be done to it."""

    def __init__(self, *, clock: Clock, seed: Seed | None = None) -> None:
        seed = seed or Seed()
        self._clock = clock
        forge = Forge(clock=clock, seed=seed)
        self._hooks = Hooks(deliveries=Deliveries())
        paging, self._address = Paging(), seed.address
        super().__init__(forge=forge, access=Access(clock=clock, seed=seed), hooks=self._hooks, paging=paging)
        search = SearchApi(forge=forge, paging=paging, clock=clock, lag_s=seed.search_lag_s)
        forge.listeners += [search.told, self._hooks.tell]
        self.rest = RestServer(
            endpoints=[
                *IssuesApi(forge=forge, access=self.access, paging=paging).endpoints(),
                *PlacesApi(forge=forge, access=self.access, paging=paging).endpoints(),
                *search.endpoints(),
            ],
            work=self._work,
            unknown=lambda call: not_found(),
            faults=Faults(told),
            acts=self.acts(),
            pages=Pages(forge=forge).by_pattern,
            deliveries=self._hooks.deliveries,
        )
        self.fail_next = self.rest.fail_next
        self.log = self.rest.log

    def routes(self) -> web.Application:
        return self.rest.routes()

    def _work(self, call: Call, endpoint: Endpoint) -> Answer:
        """Token, limits, permission, then the work; a 304 costs nothing."""
        call = replace(call, base=self._address or call.base)
        self._hooks.base = call.base
        token, bucket = self.access.token(call), endpoint.bucket or "core"
        if bucket == FREE:
            return endpoint.handler(call)
        writes = call.method != "GET"
        self.access.check(token, bucket, writes=writes)
        if endpoint.needs:
            self.access.require(token, endpoint.needs)
        try:
            answer = endpoint.handler(call)
        except Refused as refused:
            self.access.spend(token, bucket, writes=writes)
            refused.headers |= self.access.headers(token, bucket)
            raise
        tag = f'W/"{hashlib.sha256(json.dumps(answer.body).encode()).hexdigest()}"'
        fresh = call.method == "GET" and tag in call.headers.get("If-None-Match", "").split(", ")
        if not fresh:
            self.access.spend(token, bucket, writes=writes)
        headers = {**self.access.headers(token, bucket), **answer.headers, "X-GitHub-Media-Type": "github.v3"}
        if call.method == "GET":
            headers |= {"ETag": tag, "Cache-Control": "private, max-age=60, s-maxage=60"}
        headers["Date"] = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return Answer(None, 304, headers) if fresh else Answer(answer.body, answer.status, headers)
