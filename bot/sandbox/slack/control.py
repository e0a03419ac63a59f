"""The API by which tests make this Slack misbehave or change: `/control/…`."""

from dataclasses import asdict

from aiohttp import web

from bot.sandbox.slack.client import answering, body_of
from bot.sandbox.slack.errors import Json, refuse_arguments
from bot.sandbox.slack.faults import fault_from
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.webapi import WebApi

REASONS = ("refresh_requested", "warning", "too_many_websockets", "link_disabled", "cut")


class Control:
    """Faults, disconnects, and changes that an administrator of the workspace would make.

    POST bodies: fault (the fields of Fault), disconnect {reason}, channel {id, archived?, bot_member?, name?},
    scopes {remove: [...]}, usergroup {id, users: [...]}, and without a body: revoke, verify, clear. GET log answers
    {calls: [{method, at, args, answer_ok, error, fault}]}, oldest first.
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

    def group(self, group_id: str, users: list[str]) -> None:
        """Change the members of a user group."""
        self._site.workspace.set_group_users(group_id, users)

    def clear(self) -> None:
        """No faults any more, an empty log."""
        self._site.faults.clear()
        self._api.log.clear()

    def log(self) -> list[Json]:
        return [asdict(each) for each in self._api.log]

    def routes(self) -> list[web.RouteDef]:
        writes = {"fault": self._fault, "disconnect": self._disconnect, "channel": self._channel}
        writes |= {
            "scopes": self._scopes,
            "usergroup": self._usergroup,
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
        self.group(body["id"], body["users"])
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
