"""All pages as one application: who comes in, what headers say, and what a mistake looks like."""

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from yarl import URL

from bot.clock import Clock
from bot.errors import YOUR_ADMIN, BadInput, NotAllowed, NotFound, OutsideError, SecondLineError, with_admin
from bot.exports.words import plain
from bot.logins.model import BegunElsewhere, Role, Session, SessionKind, Visitor, new_secret, same
from bot.logins.service import LoginService
from bot.slack_marks import straight
from bot.tasks import SOMEBODY_WAITS_S, Slices, caught
from bot.web.pages.event import LiveEvent, page_event
from bot.web.pages.filters import filters
from bot.web.pages.live import Live
from bot.web.pages.made import MadePage
from bot.web.pages.page import FileAnswer, GoTo, Page, PageRequest, PageRoute, Shown

FOLDER = Path(__file__).parent.parent
STATIC = FOLDER / "static"
MAIN_BEGINS, MAIN_ENDS = "<main", "</main>"
SESSION_COOKIE, LOGIN_COOKIE = "secondline", "secondline_login"
LOGIN_LASTS_S = 600
LOGINS_AT_ONCE = 20
"""Tabs of one browser that wait for Slack, each with a cookie of its own: more would not fit into a request's head."""
PIECES = 50
"""Of a template: together a fraction of a millisecond."""
JSON_SUFFIX = ".json"
SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Nothing is loaded from elsewhere, runs that is not a file of ours, or stands in anybody's frame."""
_STATUS = {NotFound: HTTPStatus.NOT_FOUND, NotAllowed: HTTPStatus.FORBIDDEN, BadInput: HTTPStatus.BAD_REQUEST}
_CONTENT_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """Serves `routes` to whoever `logins` lets in. `public_url`, without a slash at its end, is the address outside."""

    def __init__(
        self,
        *,
        routes: Sequence[PageRoute],
        logins: LoginService,
        live: Live,
        public_url: str,
        zone: tzinfo,
        clock: Clock,
        home: str = "/board",
        admin: str = YOUR_ADMIN,
    ) -> None:
        """Times stand in `zone` where no script writes them in the reader's own; `admin` is whom people ask about the
        bot itself.
        """
        self._routes = routes
        self._logins = logins
        self._live = live
        self._public = urlsplit(public_url)
        self._clock = clock
        self._home = home
        self._admin = admin
        self._gap = new_secret()
        self._files = {
            path.name: _StaticFile(path) for path in sorted(STATIC.iterdir()) if path.suffix in _CONTENT_TYPES
        }
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_straight,
            trim_blocks=True,
            auto_reload=False,
        )
        self._templates.filters.update(filters(zone, clock))
        self._templates.globals.update(url=self.url, static=self._static_url, sign_in=_sign_in)

    async def run(self) -> None:
        """Keep open pages true, without end. What the very first reader would wait for is made before anybody asks."""
        await asyncio.to_thread(self._compile)
        for route in self._routes:
            if Role.SCREEN in route.same_for:
                with contextlib.suppress(SecondLineError):
                    await self._live.made.of(route, PageRequest(_nobody(self._clock()), {}, {}))
        await self._live.run()

    def _compile(self) -> None:
        for name in self._templates.list_templates():
            self._templates.get_template(name)

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._answered])
        add = app.router.add_route
        add("GET", "/", self._index)
        add("GET", "/login", self._login)
        add("GET", "/login/back", self._back)
        add("POST", "/logout", self._logout)
        add("GET", "/screen/{secret}", self._screen)
        add("GET", "/static/{name}", self._static)
        add("GET", "/live", self._stream)
        for route in self._routes:
            # The longer one first: "{number}" would take the suffix for a part of the number.
            for path in (f"{route.path}{JSON_SUFFIX}", route.path) if route.method == "GET" else (route.path,):
                add(route.method, path, partial(self._page, route))
        return app

    def url(self, path: str) -> str:
        """A path as a browser asks for it, behind a proxy's base path."""
        return f"{self._public.path}{path}"

    @property
    def _secure(self) -> bool:
        return self._public.scheme == "https"

    def _cookie(self, name: str) -> str:
        """Browsers take a cookie of this prefix from this very host alone, over TLS (RFC 6265bis section 4.1.3)."""
        return f"__Host-{name}" if self._secure and not self._public.path else name

    # ---- who comes in

    async def _visitor(self, request: web.Request) -> Visitor | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            visitor = await self._logins.visitor(token.strip())
            return visitor if visitor and visitor.session.kind is SessionKind.TOKEN else None
        visitor = await self._logins.visitor(request.cookies.get(self._cookie(SESSION_COOKIE), ""))
        return visitor if visitor and visitor.session.kind is not SessionKind.TOKEN else None

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return self._go(self._home)

    async def _login(self, request: web.Request) -> web.StreamResponse:
        begun = await self._logins.begin()
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": begun.url})
        under_way = [name for name in request.cookies if name.startswith(self._cookie(LOGIN_COOKIE))]
        for name in under_way if len(under_way) >= LOGINS_AT_ONCE else ():
            self._forget(response, name)
        back = _path_here(request.query.get("back", ""))
        name = self._cookie(_login_cookie(begun.state))
        self._keep(response, name, f"{begun.secret}.{quote(back, safe='')}", max_age_s=LOGIN_LASTS_S)
        return response

    async def _back(self, request: web.Request) -> web.StreamResponse:
        """Slack sends the browser here, with a code, or with its reason why not."""
        cookie = self._cookie(_login_cookie(request.query.get("state", "")))
        secret, _, back = request.cookies.get(cookie, "").partition(".")
        if error := request.query.get("error"):
            words = (
                "You did not let Slack say who you are." if error == "access_denied" else "Slack did not sign you in."
            )
            raise NotAllowed(f"{words} Begin again.")
        query = request.query
        to = _path_here(unquote(back)) or self._home
        try:
            session = await self._logins.finish(secret=secret, state=query.get("state", ""), code=query.get("code", ""))
        except BegunElsewhere:
            # Loaded again, the browser's back button, a second tab: whoever is signed in has nothing to begin again.
            if not await self._visitor(request):
                raise
            return self._go(to)
        response = self._go(to)
        self._keep(response, self._cookie(SESSION_COOKIE), session)
        self._forget(response, cookie)
        return response

    async def _logout(self, request: web.Request) -> web.StreamResponse:
        visitor = await self._visitor(request)
        if visitor:
            await self._sent(request, visitor)
            self._logins.end(visitor.session)
        response = self._rendered(Page("signed_out.html", "Signed out", None), None)
        self._forget(response, self._cookie(SESSION_COOKIE))
        return response

    async def _screen(self, request: web.Request) -> web.StreamResponse:
        """The address of a screen's link is its key: it becomes a cookie, and stands in no address bar any more."""
        secret = request.match_info["secret"]
        visitor = await self._logins.visitor(secret)
        if not visitor or visitor.session.kind is not SessionKind.SCREEN:
            raise NotFound("This link does not work any more. Somebody of Tier 2 makes another with `/t2 board link`.")
        response = self._go("/board")
        self._keep(response, self._cookie(SESSION_COOKIE), secret, max_age_s=400 * 86_400)
        return response

    def _keep(self, response: web.Response, cookie: str, value: str, *, max_age_s: int | None = None) -> None:
        path, secure = self._public.path or "/", self._secure
        response.set_cookie(cookie, value, max_age=max_age_s, path=path, secure=secure, httponly=True, samesite="Lax")

    def _forget(self, response: web.Response, cookie: str) -> None:
        response.del_cookie(cookie, path=self._public.path or "/", secure=self._secure)

    # ---- pages

    async def _page(self, route: PageRoute, request: web.Request) -> web.StreamResponse:
        visitor = await self._visitor(request)
        as_json = request.path.endswith(JSON_SUFFIX)
        if not visitor:
            return self._stranger(request, as_json)
        if not visitor.is_any_of(route.roles):
            raise NotAllowed("This page is not open to you. What you may see is in the menu.")
        form = await self._sent(request, visitor) if route.method == "POST" else {}
        asked = PageRequest(visitor, request.match_info, request.query, form)
        if route.live or route.usable_s:
            return await self._response(await self._live.made.of(route, asked, usable=not as_json), visitor, as_json)
        return await self._response(await route.show(asked), visitor, as_json)

    def _stranger(self, request: web.Request, as_json: bool) -> web.Response:
        asks = {"WWW-Authenticate": "Bearer"}
        if as_json or "Authorization" in request.headers:
            text = "Sign in, or send a personal token: Authorization: Bearer …"
            return web.json_response({"error": text}, status=401, headers=asks)
        if request.method == "POST":
            sentence = "You were signed out meanwhile, so nothing was sent. Sign in, and fill in the form again."
            answer = self._failed(request, HTTPStatus.UNAUTHORIZED, sentence)
            answer.headers.update(asks)
            return answer
        return self._go(_sign_in(request.path_qs))

    async def _sent(self, request: web.Request, visitor: Visitor) -> Mapping[str, str]:
        """What a form sent. Raises NotAllowed where it was not one of our own pages that sent it."""
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        elsewhere = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
        if elsewhere or not visitor.csrf or not same(form.get("csrf", ""), visitor.csrf):
            raise NotAllowed("This form was not sent from a page of yours, or you have signed in anew. Open it again.")
        return form

    async def _response(self, shown: MadePage | Shown, visitor: Visitor, as_json: bool) -> web.Response:
        if isinstance(shown, GoTo):
            return self._go(shown.path)
        if isinstance(shown, FileAnswer):
            kept = "inline" if shown.inline else "attachment"
            headers = {"Content-Disposition": f"{kept}; filename*=UTF-8''{quote(shown.name)}"}
            charset = "utf-8" if shown.content_type.startswith("text/") else None
            kind = shown.content_type
            answer = web.Response(body=shown.body, content_type=kind, charset=charset, headers=headers)
            if kind.endswith("+xml"):  # a tenth as long; other pictures are compressed as they are
                answer.enable_compression()
            return answer
        if as_json:
            return web.Response(body=shown.json, content_type="application/json")
        if isinstance(shown, MadePage):
            text = visitor.csrf.encode().join(await self._text(shown, visitor))
            return web.Response(body=text, content_type="text/html", charset="utf-8")
        return self._rendered(shown, visitor)

    async def _text(self, made: MadePage, visitor: Visitor) -> tuple[bytes, ...]:
        """What all of these roles read, in parts between which the key of each one's own forms stands."""
        kind = (visitor.roles, bool(visitor.csrf))
        if kind in made.texts:
            return made.texts[kind]
        async with made.writing:
            if kind not in made.texts:
                anybody = replace(visitor, session=replace(visitor.session, name=""), csrf=visitor.csrf and self._gap)
                text = await self._written(made.page, anybody, made.digest if made.route.live else "")
                made.texts[kind] = tuple(text.encode("utf-8", "replace").split(self._gap.encode()))
        return made.texts[kind]

    async def _written(self, page: Page, visitor: Visitor, digest: str) -> str:
        """A page may have a thousand lines, and others have something to do meanwhile."""
        template = self._templates.get_template(page.template)
        pieces, texts, slices = (
            template.generate(self._shown(page, visitor, digest)),
            list[str](),
            Slices(SOMEBODY_WAITS_S),
        )
        while some := list(islice(pieces, PIECES)):
            texts += some
            await slices.pause()
        return "".join(texts)

    def _rendered(
        self, page: Page, visitor: Visitor | None, *, status: int = HTTPStatus.OK, back: str = ""
    ) -> web.Response:
        """`back` is where a sign-in from this page leads, or the form that was not taken."""
        text = self._templates.get_template(page.template).render(self._shown(page, visitor, back=back))
        return web.Response(text=text, content_type="text/html", status=status)

    def _shown(self, page: Page, visitor: Visitor | None, digest: str = "", back: str = "") -> dict[str, Any]:
        """What a template knows. A page that is live has a digest."""
        return {
            "page": page.data,
            "title": page.title,
            "titled": _titled(page.title),
            "digest": digest,
            "visitor": visitor,
            "menu": [route for route in self._routes if route.menu and visitor and visitor.is_any_of(route.roles)],
            "now": self._clock(),
            "back": back,
        }

    def _go(self, path: str) -> web.Response:
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": self.url(path)})

    # ---- what stays open

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Shows what the page at `path` shows, as soon as it is something else than `digest` says."""
        visitor = await self._visitor(request)
        path = _path_here(request.query.get("path", ""))
        if not visitor:
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        match = await request.app.router.resolve(request.clone(rel_url=path or "/"))
        handler = match.handler
        route = handler.args[0] if isinstance(handler, partial) else None
        if not isinstance(route, PageRoute) or not route.live or not visitor.is_any_of(route.roles):
            return web.Response(status=HTTPStatus.NO_CONTENT)
        secret = request.cookies.get(self._cookie(SESSION_COOKIE), "")
        asked = PageRequest(visitor, dict(match), dict(URL(path).query))
        still = partial(self._still, secret, route.roles)
        return await self._live.stream(request, route, asked, still=still, content=self._event)

    async def _still(self, secret: str, roles: frozenset[Role]) -> Visitor | None:
        """Who has a page open, as long as they may see it."""
        visitor = await self._logins.visitor(secret)
        return visitor if visitor and visitor.is_any_of(roles) else None

    async def _event(self, made: MadePage, visitor: Visitor) -> LiveEvent:
        """What all of these roles are sent; where a form of each one's own stands in it, that there is something."""
        kind = (visitor.roles, bool(visitor.csrf))
        if kind not in made.events:
            text = self._gap.encode().join(await self._text(made, visitor)).decode()
            main = text[text.index(MAIN_BEGINS) : text.rindex(MAIN_ENDS) + len(MAIN_ENDS)]
            main = "" if self._gap in main else main
            made.events[kind] = page_event(made.digest, title=_titled(made.page.title), main=main)
        return made.events[kind]

    # ---- files, headers, mistakes

    async def _static(self, request: web.Request) -> web.StreamResponse:
        file = self._files.get(request.match_info["name"])
        if not file:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        lasting = request.query.get("v") == file.version
        cache = "public, max-age=31536000, immutable" if lasting else "no-cache"
        return web.Response(
            body=file.body, content_type=file.content_type, charset="utf-8", headers={"Cache-Control": cache}
        )

    def _static_url(self, name: str) -> str:
        return self.url(f"/static/{name}?v={self._files[name].version}")

    @web.middleware
    async def _answered(self, request: web.Request, handler: Answer) -> web.StreamResponse:
        # Not the path itself: that of a screen's link is its key.
        resource = request.match_info.route.resource
        response = await caught(self._tried(request, handler), name=resource.canonical if resource else "a page")
        if response is None:
            sentence = "Something went wrong inside Second Line. Try again, or tell your admin: the log says more."
            response = await self._refused(request, HTTPStatus.INTERNAL_SERVER_ERROR, sentence)
        if not response.prepared:
            for name, value in SAFE.items():
                response.headers.setdefault(name, value)
            response.headers.setdefault("Cache-Control", "no-store")
            if self._secure:
                response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response

    async def _tried(self, request: web.Request, handler: Answer) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as error:
            sentence = "There is no such page." if error.status == HTTPStatus.NOT_FOUND else error.reason
            return await self._refused(request, error.status, sentence)
        except SecondLineError as error:
            return await self._refused(request, _status(error), error.sentence)

    async def _refused(self, request: web.Request, status: int, sentence: str) -> web.Response:
        """Says so to a person with the menu that they have. Who it is may be what could not be found out."""
        return self._failed(request, status, sentence, await caught(self._known(request), name="a refused page"))

    async def _known(self, request: web.Request) -> Visitor | None:
        with contextlib.suppress(SecondLineError):
            return await self._visitor(request)
        return None

    def _failed(self, request: web.Request, status: int, sentence: str, visitor: Visitor | None = None) -> web.Response:
        sentence = with_admin(sentence, self._admin)
        if request.path.endswith(JSON_SUFFIX):
            return web.json_response({"error": sentence}, status=status)
        back = self._came_from(request) if request.method == "POST" else ""
        page = Page("failed.html", "That did not work", plain(sentence, {}))
        return self._rendered(page, visitor, status=status, back=back)

    def _came_from(self, request: web.Request) -> str:
        """The page of ours on which a form stood."""
        origin, base = f"{self._public.scheme}://{self._public.netloc}", self._public.path
        page = request.headers.get("Referer", "")
        return _path_here(page.removeprefix(origin + base)) if page.startswith(f"{origin}{base}/") else ""


def _nobody(now: datetime) -> Visitor:
    """A screen that nobody looks at."""
    return Visitor(Session(0, SessionKind.SCREEN, "", "", now, now), frozenset((Role.SCREEN,)))


class _StaticFile:
    """A file of ours, whose address changes with what is in it."""

    def __init__(self, path: Path) -> None:
        self.body = path.read_bytes()
        self.version = hashlib.sha256(self.body).hexdigest()[:12]
        self.content_type = _CONTENT_TYPES[path.suffix]


def _status(error: SecondLineError) -> int:
    if isinstance(error, OutsideError):
        return HTTPStatus.BAD_GATEWAY
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)


def _titled(title: str) -> str:
    """What a browser calls the page."""
    return f"{title} · Second Line"


def _straight(printed: object) -> object:
    """What a template prints: text from outside must not rearrange the line it stands in."""
    if not isinstance(printed, str) or printed.isascii():
        return printed
    return Markup(straight(printed)) if isinstance(printed, Markup) else straight(printed)


def _login_cookie(state: str) -> str:
    """Of one sign-in, so that tabs that begin theirs together do not end each other's."""
    return f"{LOGIN_COOKIE}_{state[:8]}"


def _sign_in(back: str) -> str:
    """The path of a sign-in that leads to `back`."""
    return f"/login?back={quote(back, safe='')}" if back else "/login"


def _path_here(path: str) -> str:
    """A path of this site, "" for anything that may lead elsewhere ("//evil.example", "/\\evil.example")."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isascii() and path.isprintable()
    return path if plain and len(path) < 2_000 else ""
