"""The API of the browser page and of tests that play people: `/client/…`."""

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.sandbox.slack.acts import Acts
from bot.sandbox.slack.errors import ApiError, Json, refuse_arguments
from bot.sandbox.slack.live import Live
from bot.sandbox.slack.origin import base_url
from bot.sandbox.slack.screen import Screen
from bot.sandbox.slack.site import Site

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def body_of(request: web.Request) -> Json:
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        raise refuse_arguments("the body must be JSON") from None
    if not isinstance(body, dict):
        raise refuse_arguments("the body must be an object")
    return body


def answering(handler: Handler) -> Handler:
    """Refusals as JSON with status 200, as in the Web API."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ApiError as error:
            return web.json_response(error.body())
        except KeyError as error:
            return web.json_response(refuse_arguments(f"missing required field: {error.args[0]}").body())

    return answer


class ClientApi:
    """Translates requests into acts and screens. `as` is the person, trusted: this is a sandbox."""

    def __init__(self, *, site: Site, acts: Acts, screen: Screen, live: Live) -> None:
        self._site = site
        self._acts = acts
        self._screen = screen
        self._live = live

    def routes(self) -> list[web.RouteDef]:
        reads = {"state": self._state, "messages": self._messages, "live": self._live.accept}
        reads |= {"view": self._view, "home": self._home}
        writes = {"say": self._say, "edit": self._edit, "delete": self._delete, "react": self._react, "pin": self._pin}
        writes |= {"press": self._press, "shortcut": self._shortcut, "view": self._use_view, "upload": self._upload}
        return [web.get(f"/client/{name}", self._ready(handler)) for name, handler in reads.items()] + [
            web.post(f"/client/{name}", self._ready(handler)) for name, handler in writes.items()
        ]

    def _ready(self, handler: Handler) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            self._site.base_url = self._site.base_url or base_url(request)
            return await handler(request)

        return answering(handle)

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response(self._screen.state(request.query.get("as", "")))

    async def _messages(self, request: web.Request) -> web.Response:
        query = request.query
        shown = self._screen.messages(query["as"], query["channel"], query.get("thread_ts", ""))
        return web.json_response({"ok": True, "messages": shown})

    async def _view(self, request: web.Request) -> web.Response:
        window = request.query.get("window", "")
        return web.json_response({"ok": True, "view": self._screen.top_view(request.query["as"], window)})

    async def _home(self, request: web.Request) -> web.Response:
        """With `peek` the Home is read without being opened: the app hears nothing."""
        user = self._site.workspace.person(request.query["as"]).id
        view = self._site.views.home(user) if "peek" in request.query else self._acts.open_home(user)
        return web.json_response({"ok": True, "view": self._site.views.render(view) if view else None})

    async def _say(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        answer = await self._acts.say(
            body["as"],
            body["channel"],
            str(body["text"]),
            thread_ts=body.get("thread_ts") or "",
            broadcast=bool(body.get("broadcast")),
            files=[str(each) for each in body.get("files") or []],
            window_id=_window(body),
        )
        return _ok(answer)

    async def _upload(self, request: web.Request) -> web.Response:
        """The bytes of one file; `name` is its name."""
        query = request.query
        file = self._acts.upload(query["as"], query["name"], await request.read())
        return _ok({"file": {"id": file.id, "name": file.name, "size": file.size}})

    async def _edit(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        self._acts.edit(body["as"], body["channel"], body["ts"], body["text"])
        return _ok()

    async def _delete(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        self._acts.delete(body["as"], body["channel"], body["ts"])
        return _ok()

    async def _react(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        self._acts.react(body["as"], body["channel"], body["ts"], body["name"], remove=bool(body.get("remove")))
        return _ok()

    async def _pin(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        self._acts.pin(body["as"], body["channel"], body["ts"], remove=bool(body.get("remove")))
        return _ok()

    async def _press(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        values = (body.get("state") or {}).get("values") or {}
        await self._acts.press(
            body["as"], body["channel"], body["message_ts"], body["action"], values, window_id=_window(body)
        )
        return _ok()

    async def _shortcut(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        place = (body.get("channel") or "", body.get("message_ts") or "")
        await self._acts.shortcut(body["as"], body["callback_id"], *place, window_id=_window(body))
        return _ok()

    async def _use_view(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        values = (body.get("state") or {}).get("values") or {}
        more = {"everything": bool(body.get("all")), "window_id": _window(body)}
        answer = await self._acts.use_view(
            body["as"], body["view_id"], body["type"], values, body.get("action"), **more
        )
        return _ok(answer)


def _window(body: Json) -> str:
    return str(body.get("window") or "")


def _ok(answer: Json | None = None) -> web.Response:
    return web.json_response({"ok": True, **(answer or {})})
