"""The sandbox's own endpoints: let it misbehave, see what was asked, let a customer write in."""

from collections import deque
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Faults, fault_from
from bot.sandbox.zendesk.access import Access
from bot.sandbox.zendesk.answers import Json
from bot.sandbox.zendesk.desk import Desk
from bot.sandbox.zendesk.incremental import IncrementalApi
from bot.sandbox.zendesk.seed import AGENTS, SeedTicket
from bot.sandbox.zendesk.wire import comment_json, ticket_json


class Control:
    """Endpoints below /control; they are no part of Zendesk and need no credentials."""

    def __init__(self, *, desk: Desk, access: Access, export: IncrementalApi, faults: Faults, log: deque[Json]) -> None:
        self._desk = desk
        self._access = access
        self._export = export
        self._faults = faults
        self._log = log

    def mount(self, router: web.UrlDispatcher) -> None:
        router.add_post("/control/fault", self.fault)
        router.add_post("/control/clear", self.clear)
        router.add_post("/control/revoke", self.revoke)
        router.add_post("/control/export", self.export)
        router.add_get("/control/log", self.log)
        router.add_post("/control/ticket", self.write_in)
        router.add_get(r"/control/tickets/{id:\d+}", self.ticket)
        router.add_post(r"/control/tickets/{id:\d+}", self.act)

    async def fault(self, request: web.Request) -> web.Response:
        try:
            self._faults.add(fault_from(await request.json()))
        except (ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"ok": True})

    async def clear(self, request: web.Request) -> web.Response:
        """Forget all faults and the log."""
        self._faults.clear()
        self._log.clear()
        return web.json_response({"ok": True})

    async def revoke(self, request: web.Request) -> web.Response:
        """Make every token that was granted invalid."""
        self._access.revoke_all()
        return web.json_response({"ok": True})

    async def export(self, request: web.Request) -> web.Response:
        """How the incremental export misbehaves from now on.

        {"repeats": 3} gives the last rows of a page again on the next one, {"cursors_die": true} refuses every cursor
        that was given out so far, {"admin": false} takes the bot's user the right to export.
        """
        body = await request.json()
        self._export.repeats = int(body.get("repeats", self._export.repeats))
        if body.get("cursors_die"):
            self._export.let_cursors_die()
        if "admin" in body:
            self._desk.set_role(self._access.acting_user_id, "admin" if body["admin"] else "agent")
        return web.json_response({"ok": True})

    async def log(self, request: web.Request) -> web.Response:
        return web.json_response({"requests": list(self._log)})

    async def write_in(self, request: web.Request) -> web.Response:
        """A customer's ticket, from the fields of SeedTicket."""
        body: dict[str, Any] = await request.json()
        try:
            written = SeedTicket(**{**body, "tags": tuple(body.get("tags", ()))})
        except TypeError:
            allowed = ", ".join(SeedTicket.__dataclass_fields__)
            reason = f"a ticket needs subject and description, and allows only: {allowed}"
            return web.json_response({"error": reason}, status=400)
        return web.json_response({"id": self._desk.write_in(written).id}, status=201)

    async def act(self, request: web.Request) -> web.Response:
        """What others do with a ticket meanwhile.

        {"deleted": true}, {"scrubbed": true}, {"restated": true}, {"closed": true}, {"merged_into": 48202},
        {"customer_says": "it works now"}, {"customer_solves": true}, or the fields of an agent's update.
        """
        ticket_id, body = int(request.match_info["id"]), await request.json()
        if body.get("deleted"):
            self._desk.delete(ticket_id)
        elif body.get("scrubbed"):
            self._desk.scrub(ticket_id)
        elif body.get("restated"):
            self._desk.restate(ticket_id)
        elif body.get("closed") or "merged_into" in body:
            self._desk.close(ticket_id, merged_into=body.get("merged_into"))
        elif body.get("customer_solves"):
            self._desk.customer_solves(ticket_id)
        elif "customer_says" in body:
            self._desk.customer_says(ticket_id, str(body["customer_says"]))
        else:
            self._desk.update(ticket_id, body, actor_id=AGENTS[1].id)
        return web.json_response({"ok": True})

    async def ticket(self, request: web.Request) -> web.Response:
        """One ticket with all its comments, as the desk has it now."""
        ticket = self._desk.ticket(int(request.match_info["id"]))
        written = ticket_json(ticket, base="", has_incidents=bool(self._desk.incidents(ticket.id)))
        comments = [comment_json(comment) for comment in ticket.comments]
        return web.json_response({"ticket": written, "comments": comments})
