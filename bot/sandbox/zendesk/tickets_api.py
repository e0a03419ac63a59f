"""The ticket endpoints: read, write, tags, comments, problems and their incidents."""

from collections.abc import Sequence

from bot.sandbox.zendesk import paging
from bot.sandbox.zendesk.answers import Answer, Call, Endpoint, Json
from bot.sandbox.zendesk.desk import Desk
from bot.sandbox.zendesk.tickets import Comment, Ticket
from bot.sandbox.zendesk.wire import comment_json, ticket_json, user_json

READ, WRITE = "tickets:read", "tickets:write"
_GUARDS = ("safe_update", "updated_stamp")


class TicketsApi:
    """Everything below /tickets that concerns one ticket or a list of them."""

    def __init__(self, *, desk: Desk) -> None:
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        one = r"/tickets/{id:\d+}"
        return [
            Endpoint("GET", "/tickets", self.list, READ, "tickets_index"),
            Endpoint("POST", "/tickets", self.create, WRITE),
            Endpoint("GET", "/tickets/count", self.count, READ),
            Endpoint("GET", "/tickets/show_many", self.show_many, READ),
            Endpoint("GET", one, self.show, READ),
            Endpoint("PUT", one, self.update, WRITE, "tickets_update"),
            Endpoint("GET", one + "/tags", self.tags, READ),
            Endpoint("PUT", one + "/tags", self.add_tags, WRITE, "tickets_update"),
            Endpoint("POST", one + "/tags", self.set_tags, WRITE, "tickets_update"),
            Endpoint("DELETE", one + "/tags", self.remove_tags, WRITE, "tickets_update"),
            Endpoint("GET", one + "/comments", self.comments, READ),
            Endpoint("GET", one + "/comments/count", self.comment_count, READ),
            Endpoint("GET", one + "/audits", self.audits, READ),
            Endpoint("GET", one + "/incidents", self.incidents, READ),
            Endpoint("GET", one + "/related", self.related, READ),
            Endpoint("GET", "/problems", self.problems, READ),
        ]

    def _written(self, call: Call, ticket: Ticket) -> Json:
        return ticket_json(ticket, base=call.base, has_incidents=bool(self._desk.incidents(ticket.id)))

    def _listed(self, call: Call, tickets: Sequence[Ticket]) -> Json:
        if paging.wants_cursor(call):
            return paging.by_cursor(
                call, tickets, "tickets", lambda one: self._written(call, one), mark=lambda one: one.id, most=100
            )
        rows_max = paging.OFFSET_ROWS_MAX
        return paging.by_offset(call, tickets, "tickets", lambda one: self._written(call, one), rows_max=rows_max)

    def list(self, call: Call) -> Answer:
        asked = call.query.get("external_id")
        tickets = [one for one in self._desk if asked is None or one.external_id == asked]
        tickets.sort(key=lambda one: one.id, reverse=call.query.get("sort_order", "asc") == "desc")
        return Answer(self._listed(call, tickets))

    def count(self, call: Call) -> Answer:
        return Answer({"count": {"value": sum(1 for _ in self._desk), "refreshed_at": None}})

    def show(self, call: Call) -> Answer:
        ticket = self._desk.ticket(call.id())
        body: Json = {"ticket": self._written(call, ticket)}
        if "users" in call.query.get("include", "").split(","):
            ids = dict.fromkeys((ticket.requester_id, ticket.submitter_id, ticket.assignee_id))
            users = [self._desk.user(one) for one in ids if one is not None]
            body["users"] = [user_json(user, base=call.base) for user in users]
        return Answer(body)

    def show_many(self, call: Call) -> Answer:
        tickets = self._desk.tickets(call.ids())
        rows = [self._written(call, ticket) for ticket in tickets]
        return Answer({"tickets": rows, "next_page": None, "previous_page": None, "count": len(rows)})

    def create(self, call: Call) -> Answer:
        ticket = self._desk.create(call.record("ticket"), actor_id=call.actor.user_id or 0)
        written = self._written(call, ticket)
        return Answer({"ticket": written}, 201, {"Location": written["url"]})

    def update(self, call: Call) -> Answer:
        ticket, audit = self._desk.update(call.id(), call.record("ticket"), actor_id=call.actor.user_id or 0)
        return Answer({"ticket": self._written(call, ticket), "audit": audit})

    def tags(self, call: Call) -> Answer:
        return Answer({"tags": list(self._desk.ticket(call.id()).tags)})

    def add_tags(self, call: Call) -> Answer:
        return self._change_tags(call, "additional_tags")

    def set_tags(self, call: Call) -> Answer:
        return self._change_tags(call, "tags", status=201)

    def remove_tags(self, call: Call) -> Answer:
        return self._change_tags(call, "remove_tags")

    def _change_tags(self, call: Call, how: str, status: int = 200) -> Answer:
        guards = {name: call.body[name] for name in _GUARDS if name in call.body}
        ticket = self._desk.change_tags(call.id(), {how: call.body.get("tags"), **guards})
        return Answer({"tags": list(ticket.tags)}, status)

    def comments(self, call: Call) -> Answer:
        comments = list(self._desk.ticket(call.id()).comments)
        newest_first = call.query.get("sort", "") == "-created_at" or call.query.get("sort_order", "") == "desc"
        if newest_first:
            comments.reverse()
        return Answer(self._comment_page(call, comments))

    def _comment_page(self, call: Call, comments: Sequence[Comment]) -> Json:
        if paging.wants_cursor(call):
            return paging.by_cursor(call, comments, "comments", comment_json, mark=lambda one: one.id, most=100)
        return paging.by_offset(call, comments, "comments", comment_json, rows_max=paging.OFFSET_ROWS_MAX)

    def comment_count(self, call: Call) -> Answer:
        return Answer({"count": {"value": len(self._desk.ticket(call.id()).comments), "refreshed_at": None}})

    def audits(self, call: Call) -> Answer:
        """What was changed by whom, the oldest first."""
        audits = self._desk.ticket(call.id()).audits
        if paging.wants_cursor(call):
            return Answer(paging.by_cursor(call, audits, "audits", dict, mark=lambda one: one["id"], most=100))
        return Answer(paging.by_offset(call, audits, "audits", dict, rows_max=paging.OFFSET_ROWS_MAX))

    def incidents(self, call: Call) -> Answer:
        self._desk.ticket(call.id())
        return Answer(self._listed(call, self._desk.incidents(call.id())))

    def related(self, call: Call) -> Answer:
        self._desk.ticket(call.id())
        incidents = len(self._desk.incidents(call.id()))
        related = {"incidents": incidents, "jira_issue_ids": [], "followup_source_ids": [], "from_archive": False}
        return Answer(related)

    def problems(self, call: Call) -> Answer:
        return Answer(self._listed(call, [one for one in self._desk if one.type == "problem"]))
