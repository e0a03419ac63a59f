"""Serves endpoints as an application to be mounted under any prefix, with faults, a log and control endpoints."""

import inspect
import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Fault, Faults, fault_from
from bot.sandbox.rest.answers import Answer, Call, Endpoint, Json, Refused
from bot.sandbox.rest.deliveries import Deliveries

LOG_MAX = 5_000
Act = Callable[..., Any]


class RestServer:
    """`work` admits a call and answers it; `unknown` is the answer to paths that nothing has.

    `pages` are HTML for people, by path pattern, which need no credentials.
    Every act of `acts` is `POST /control/<its name>` with its keyword arguments as a JSON object. Control needs no
    credentials, is never in the log, and no fault concerns it.
    """

    def __init__(
        self,
        *,
        endpoints: Sequence[Endpoint],
        work: Callable[[Call, Endpoint], Answer],
        unknown: Callable[[Call], Refused],
        faults: Faults,
        acts: Iterable[Act] = (),
        pages: Mapping[str, Callable[[Call], str]] | None = None,
        deliveries: Deliveries | None = None,
    ) -> None:
        self.log: deque[Json] = deque(maxlen=LOG_MAX)
        self._endpoints = endpoints
        self._work = work
        self._unknown = unknown
        self._faults = faults
        self._pages = dict(pages or {})
        self._acts = {act.__name__: act for act in acts}
        faults.acts = self._acts
        self._deliveries = deliveries

    def routes(self) -> web.Application:
        app = web.Application(middlewares=[self._logged])
        for endpoint in self._endpoints:
            app.router.add_route(endpoint.method, endpoint.pattern, self._handler(app, endpoint))
        for pattern, page in self._pages.items():
            app.router.add_get(pattern, self._page(app, page))
        app.router.add_get("/control", self._control_help)
        app.router.add_post("/control/fault", self._add_fault)
        app.router.add_post("/control/clear", self._clear)
        app.router.add_get("/control/log", self._show_log)
        app.router.add_post(r"/control/{act:\w+}", self._act)
        # Names the prefix under which the application is mounted; nothing else does.
        app.router.add_get("/", self._nothing(app), name="root")
        app.router.add_route("*", "/{rest:.*}", self._nothing(app))
        if self._deliveries is not None:
            app.cleanup_ctx.append(self._deliveries.running)
        return app

    def fail_next(self, times: int = 1, *, match: str = "", method: str = "", **how: Any) -> None:
        """Let the next requests fail; `how` are the other fields of Fault (status, json, delay_s, cut, act, …)."""
        self._faults.add(Fault(match=match, times=times, method=method, **how))

    @web.middleware
    async def _logged(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if _is_control(request):
            response: web.StreamResponse = await handler(request)
            return response
        entry: Json = {
            "method": request.method,
            "path": request.path,
            "query": list(request.query.items()),
            "status": 0,
        }
        entry["json"] = _read(await request.text())
        self.log.append(entry)
        response = await self._faults.through(request, handler)
        entry["status"] = response.status
        return response

    def _handler(self, app: web.Application, endpoint: Endpoint) -> Any:
        async def handle(request: web.Request) -> web.Response:
            try:
                answer = self._work(await _call(app, request), endpoint)
            except Refused as refused:
                return _written(Answer(refused.body, refused.status, refused.headers))
            return _written(answer)

        return handle

    def _page(self, app: web.Application, page: Callable[[Call], str]) -> Any:
        async def handle(request: web.Request) -> web.Response:
            try:
                return web.Response(text=page(await _call(app, request)), content_type="text/html")
            except Refused as refused:
                return web.Response(text="There is nothing here.", status=refused.status)

        return handle

    def _nothing(self, app: web.Application) -> Any:
        async def handle(request: web.Request) -> web.Response:
            refused = self._unknown(await _call(app, request))
            return _written(Answer(refused.body, refused.status, refused.headers))

        return handle

    async def _control_help(self, request: web.Request) -> web.Response:
        acts = {name: str(inspect.signature(act)) for name, act in self._acts.items()}
        return web.json_response({"acts": acts, "fault": list(Fault.__dataclass_fields__)})

    async def _add_fault(self, request: web.Request) -> web.Response:
        try:
            self._faults.add(fault_from(await request.json()))
        except (ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"ok": True})

    async def _clear(self, request: web.Request) -> web.Response:
        """Forget all faults and the log."""
        self._faults.clear()
        self.log.clear()
        return web.json_response({"ok": True})

    async def _show_log(self, request: web.Request) -> web.Response:
        return web.json_response({"requests": list(self.log)})

    async def _act(self, request: web.Request) -> web.Response:
        act = self._acts.get(request.match_info["act"])
        if act is None:
            return web.json_response({"error": f"no such act; there are {', '.join(self._acts)}"}, status=404)
        body = _read(await request.text()) or {}
        try:
            inspect.signature(act).bind(**body)
            result = act(**body)
        except Refused as refused:
            return web.json_response({"error": refused.body}, status=400)
        except (TypeError, ValueError) as error:
            allowed = f"{act.__name__}{inspect.signature(act)}"
            return web.json_response({"error": f"{error}; it is {allowed}"}, status=400)
        return web.json_response({"ok": True, "result": result})


def _is_control(request: web.Request) -> bool:
    return request.match_info.route.resource is not None and "/control" in request.match_info.route.resource.canonical


async def _call(app: web.Application, request: web.Request) -> Call:
    prefix = str(app.router["root"].url_for()).rstrip("/")
    return Call(
        method=request.method,
        base=f"{request.scheme}://{request.host}{prefix}",
        path=request.rel_url.raw_path.removeprefix(prefix),
        query=request.query,
        params=request.match_info,
        headers=request.headers,
        text=await request.text(),
        content_type=request.content_type,
    )


def _written(answer: Answer) -> web.Response:
    if answer.body is None:
        return web.Response(status=answer.status, headers=answer.headers)
    text = json.dumps(answer.body)
    return web.Response(text=text, status=answer.status, headers=answer.headers, content_type="application/json")


def _read(text: str) -> Any:
    try:
        return json.loads(text or "null")
    except ValueError:
        return None
