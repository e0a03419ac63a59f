"""The API by which tests make this Slack misbehave or change: `/control/…`."""

from dataclasses import asdict

from aiohttp import web

from bot.sandbox.slack.client import answering, body_of
from bot.sandbox.slack.errors import Json, refuse_arguments
from bot.sandbox.slack.faults import fault_from
from bot.sandbox.slack.messages import Draft
from bot.sandbox.slack.model import Person
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.text import linked, stored
from bot.sandbox.slack.webapi import WebApi

REASONS = ("refresh_requested", "warning", "too_many_websockets", "link_disabled", "cut")


class Control:
    """Faults, disconnects, and changes that an administrator of the workspace would make.

    POST bodies: fault (the fields of Fault), disconnect {reason}, channel {id, archived?, bot_member?, name?},
    scopes {remove: [...]}, usergroup {id, users?: [...], disabled?, deleted?}, person {id, deleted?, guest?, and
    for somebody new name, team_id?}, status {id, text?, emoji?, until?}, app {channel, text, bot_id?, user?,
    thread_ts?}, which another app says, limit {method or channel, seconds}, which answers 429 to the method, or to
    posts in the channel, for so long, blocks {unknown: [...]}, the kinds that this workspace refuses as an old one
    would, and without a body: revoke, verify, clear. GET log answers {calls: [{method, at, args, answer_ok, error,
    fault}]}, oldest first.
    """

    def __init__(self, *, site: Site, api: WebApi) -> None:
        self._site = site
        self._api = api

    def fault(self, body: Json) -> None:
        self._site.faults.add(fault_from(body))

    async def disconnect(self, reason: str) -> None:
        if reason not in REASONS:
            raise refuse_arguments(f"reason is one of {', '.join(REASONS)}")
        await self._site.socket.disconnect(reason)

    def channel(
        self, channel_id: str, *, archived: bool | None = None, bot_member: bool | None = None, name: str = ""
    ) -> None:
        channel = self._site.workspace.channel(channel_id)
        if name:
            self._site.workspace.rename(channel, name)
        if archived is not None:
            self._site.workspace.set_archived(channel, archived)
        if bot_member is not None:
            self._site.workspace.set_member(channel, self._site.workspace.bot_user, bot_member)

    def remove_scopes(self, scopes: list[str]) -> None:
        for token in self._site.workspace.tokens.values():
            token.scopes -= set(scopes)

    def group(
        self, group_id: str, users: list[str] | None = None, *, disabled: bool | None = None, deleted: bool = False
    ) -> None:
        """Change the members of a user group, disable it, bring it back, or delete it."""
        workspace = self._site.workspace
        if users is not None:
            workspace.set_group_users(group_id, users)
        if disabled is not None:
            workspace.set_group_disabled(group_id, disabled)
        if deleted:
            workspace.delete_group(group_id)

    def person(
        self, user_id: str, *, deleted: bool | None = None, guest: str | None = None, name: str = "", team_id: str = ""
    ) -> None:
        """Somebody leaves, comes back or becomes a guest; or, with a `name`, is new."""
        workspace = self._site.workspace
        if name:
            workspace.join_person(Person(user_id, name, name.title(), guest=guest or "", team_id=team_id))
        else:
            workspace.change_person(user_id, deleted=deleted, guest=guest)

    def status(self, user_id: str, *, text: str = "", emoji: str = "", until: int = 0) -> None:
        """What somebody sets as their status; without one, none."""
        self._site.workspace.set_status(user_id, text, emoji, until=until)

    def app_says(
        self, channel_id: str, text: str, *, bot_id: str = "B0OTHER", user: str = "", thread_ts: str = ""
    ) -> str:
        """Another app or a workflow writes, in somebody's name or in nobody's; the message's ts."""
        workspace = self._site.workspace
        written = linked(stored(text), workspace.reference)
        draft = Draft(user, written, thread_ts=thread_ts, bot_id=bot_id)
        return self._site.messages.post(workspace.channel(channel_id), draft).ts

    def limit(self, seconds: float, *, method: str = "", channel: str = "") -> None:
        """A method, or chat.postMessage in one channel, is over its limit for so long."""
        if bool(method) == bool(channel):
            raise refuse_arguments("a limit is of a method or of a channel")
        named = self._site.workspace.channel(channel).id if channel else method
        self._site.rates.close(named, seconds)

    def unknown_blocks(self, kinds: list[str]) -> None:
        """The workspace takes these kinds of blocks not, or no longer only those of before."""
        self._site.workspace.unknown_blocks = frozenset(kinds)

    def clear(self) -> None:
        """No faults and limits of ours any more, an empty log."""
        self._site.faults.clear()
        self._site.rates.open_all()
        self._api.log.clear()

    def log(self) -> list[Json]:
        return [asdict(each) for each in self._api.log]

    def routes(self) -> list[web.RouteDef]:
        writes = {"fault": self._fault, "disconnect": self._disconnect, "channel": self._channel}
        writes |= {
            "scopes": self._scopes,
            "usergroup": self._usergroup,
            "person": self._person,
            "status": self._status,
            "app": self._app,
            "limit": self._limit,
            "blocks": self._blocks,
            "revoke": self._revoke,
            "verify": self._verify,
            "clear": self._clear,
        }
        posts = [web.post(f"/control/{name}", answering(handler)) for name, handler in writes.items()]
        return [*posts, web.get("/control/log", answering(self._log))]

    async def _fault(self, request: web.Request) -> web.Response:
        self.fault(await body_of(request))
        return _done()

    async def _disconnect(self, request: web.Request) -> web.Response:
        await self.disconnect((await body_of(request)).get("reason", "refresh_requested"))
        return _done()

    async def _channel(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        name = str(body.get("name") or "")
        self.channel(body["id"], archived=body.get("archived"), bot_member=body.get("bot_member"), name=name)
        return _done()

    async def _scopes(self, request: web.Request) -> web.Response:
        self.remove_scopes((await body_of(request)).get("remove", []))
        return _done()

    async def _usergroup(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        deleted = bool(body.get("deleted"))
        self.group(body["id"], body.get("users"), disabled=body.get("disabled"), deleted=deleted)
        return _done()

    async def _person(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        new = {"name": str(body.get("name") or ""), "team_id": str(body.get("team_id") or "")}
        self.person(body["id"], deleted=body.get("deleted"), guest=body.get("guest"), **new)
        return _done()

    async def _status(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        said = {name: str(body.get(name) or "") for name in ("text", "emoji")}
        self.status(body["id"], until=int(body.get("until") or 0), **said)
        return _done()

    async def _app(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        more = {name: str(body[name]) for name in ("bot_id", "user", "thread_ts") if body.get(name)}
        return web.json_response({"ok": True, "ts": self.app_says(body["channel"], str(body["text"]), **more)})

    async def _limit(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        named = {name: str(body.get(name) or "") for name in ("method", "channel")}
        self.limit(float(body["seconds"]), **named)
        return _done()

    async def _blocks(self, request: web.Request) -> web.Response:
        self.unknown_blocks(list(map(str, (await body_of(request)).get("unknown", []))))
        return _done()

    async def _revoke(self, request: web.Request) -> web.Response:
        self._site.workspace.revoke_bot_tokens()
        return _done()

    async def _verify(self, request: web.Request) -> web.Response:
        """What Slack does when a request URL is entered; false without one."""
        http = self._site.http
        return web.json_response({"ok": True, "verified": http is not None and await http.verify()})

    async def _clear(self, request: web.Request) -> web.Response:
        self.clear()
        return _done()

    async def _log(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "calls": self.log()})


def _done() -> web.Response:
    return web.json_response({"ok": True})
