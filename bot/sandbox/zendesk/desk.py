"""The desk's records and what may be done with them, without HTTP."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.clock import Clock
from bot.sandbox.zendesk import changes, placeholders
from bot.sandbox.zendesk.answers import Json, invalid_record, not_found
from bot.sandbox.zendesk.index import SearchIndex
from bot.sandbox.zendesk.seed import Seed, SeedReply, SeedTicket, aged
from bot.sandbox.zendesk.tickets import Comment, Group, Ticket, User

DELETED = "deleted"
"""The status of a row of the incremental export alone."""
SCRUBBED = "SCRUBBED"
"""What stands for every text of a ticket that was deleted for good."""


class Desk:
    """All tickets and users; every change stamps the ticket and offers it to the search index."""

    def __init__(self, *, clock: Clock, seed: Seed) -> None:
        self._clock = clock
        self._events = itertools.count(7_000_001)
        self._ticket_ids = itertools.count(seed.first_ticket_id)
        self._user_ids = itertools.count(5_000_001)
        self._tickets: dict[int, Ticket] = {}
        self._deleted: dict[int, Ticket] = {}
        self._users: dict[int, User] = {user.id: user for user in seed.agents}
        self._by_email = {user.email: user for user in seed.agents}
        self._groups = {group.id: group for group in seed.groups}
        self._default_group = seed.groups[0].id if seed.groups else None
        self.index = SearchIndex(clock=clock, lag_s=seed.index_lag_s)
        for written in sorted(seed.tickets, key=lambda ticket: -ticket.minutes_ago):
            self._put(self._made(written))

    def __iter__(self) -> Iterator[Ticket]:
        return iter(self._tickets.values())

    def ticket(self, ticket_id: int) -> Ticket:
        ticket = self._tickets.get(ticket_id)
        if ticket is None:
            raise not_found()
        return ticket

    def tickets(self, ids: list[int]) -> list[Ticket]:
        return [self._tickets[one] for one in ids if one in self._tickets]

    def user(self, user_id: int) -> User:
        user = self._users.get(user_id)
        if user is None:
            raise not_found()
        return user

    def users(self) -> list[User]:
        return list(self._users.values())

    def groups(self) -> list[Group]:
        return list(self._groups.values())

    def requester(self, name: str, email: str, locale: str = "en-US") -> User:
        """Returns the user with this address; makes one first where there is none."""
        if email not in self._by_email:
            user = User(next(self._user_ids), name or email.partition("@")[0], email, locale=locale)
            self._users[user.id] = self._by_email[email] = user
        return self._by_email[email]

    def set_role(self, user_id: int, role: str) -> None:
        """As an owner does: "admin" or "agent"."""
        changed = replace(self.user(user_id), role=role)
        self._users[user_id] = self._by_email[changed.email] = changed

    def exported(self) -> Iterator[Ticket]:
        """What the incremental export knows: deleted tickets too, with status "deleted"."""
        return itertools.chain(self._tickets.values(), self._deleted.values())

    def problems_with_incidents(self) -> set[int]:
        """The ids of problems that have any."""
        return {one.problem_id for one in self if one.type == "incident" and one.problem_id is not None}

    def incidents(self, problem_id: int) -> list[Ticket]:
        return [ticket for ticket in self if ticket.type == "incident" and ticket.problem_id == problem_id]

    def write_in(self, written: SeedTicket) -> Ticket:
        """A customer's ticket, `minutes_ago` before now; one from the past is in the index already.

        However old it says that it is, the desk has it from now on: so does the incremental export.
        """
        ticket = self._made(written)
        ticket.generated_at = self._clock()
        return self._put(ticket)

    def wrote_meanwhile(self, written: SeedTicket) -> Ticket:
        """The same for a moment that the clock has jumped over: everybody who asks finds it as of then."""
        return self._put(self._made(written))

    def _put(self, ticket: Ticket) -> Ticket:
        if ticket.status == DELETED:
            self._deleted[ticket.id] = ticket
        else:
            self._tickets[ticket.id] = ticket
            self.index.put(ticket)
        return ticket

    def _made(self, written: SeedTicket) -> Ticket:
        created = aged(self._clock(), written.minutes_ago)
        changed_minutes_ago = [written.updated_minutes_ago, *(reply.minutes_ago for reply in written.replies)]
        updated = aged(self._clock(), min(written.minutes_ago, *changed_minutes_ago))
        who = self.requester(written.name, written.email, written.locale)
        ticket = Ticket(
            id=next(self._ticket_ids),
            subject=written.subject,
            description=written.description,
            requester_id=who.id,
            submitter_id=who.id,
            created_at=created,
            updated_at=updated,
            generated_at=max(updated, aged(self._clock(), written.restated_minutes_ago)),
            status=DELETED if written.deleted else written.status,
            priority=written.priority,
            type=written.type,
            assignee_id=written.assignee_id,
            group_id=written.group_id,
            channel=written.channel,
            tags=list(written.tags),
        )
        ticket.comments = [self._written_comment(ticket, SeedReply(written.description, written.minutes_ago, False))]
        ticket.comments += [self._written_comment(ticket, reply) for reply in written.replies]
        return ticket

    def _written_comment(self, ticket: Ticket, reply: SeedReply) -> Comment:
        author_id = ticket.assignee_id if reply.by_agent and ticket.assignee_id else ticket.requester_id
        author_id = reply.author_id or author_id
        return Comment(
            id=next(self._events),
            author_id=author_id,
            body=reply.body,
            public=reply.public,
            created_at=aged(self._clock(), reply.minutes_ago),
            audit_id=next(self._events),
        )

    def create(self, fields: Json, *, actor_id: int) -> Ticket:
        sent = fields.get("comment", fields.get("description"))
        if sent is None:
            raise invalid_record("base", "Description: cannot be blank", "BlankValue")
        changes.check({**fields, "comment": sent})
        now = self._clock()
        ticket = Ticket(
            id=next(self._ticket_ids),
            subject=str(fields.get("subject") or changes.comment_text(sent)[:150]),
            description=changes.comment_text(sent),
            requester_id=self._requester_of(fields, actor_id),
            submitter_id=actor_id,
            created_at=now,
            updated_at=now,
            generated_at=now,
            group_id=self._default_group,
            channel="api",
        )
        changes.apply(ticket, {key: value for key, value in fields.items() if key != "requester_id"})
        self._link(ticket)
        changes.check_assignment(ticket, self._users, self._groups)
        author = ticket.requester_id if "author_id" not in fields else int(fields["author_id"])
        changes.new_comment(ticket, sent, author_id=author, at=now, next_id=lambda: next(self._events))
        self._tickets[ticket.id] = ticket
        self.index.put(ticket)
        return ticket

    def _requester_of(self, fields: Json, actor_id: int) -> int:
        asked: dict[str, Any] = fields.get("requester") or {}
        if asked.get("email"):
            return self.requester(str(asked.get("name") or ""), str(asked["email"])).id
        return self.user(int(fields.get("requester_id") or actor_id)).id

    def update(self, ticket_id: int, fields: Json, *, actor_id: int) -> tuple[Ticket, Json]:
        """Apply an update; gives the ticket and the audit. Solving a problem solves its incidents."""
        ticket = self.ticket(ticket_id)
        if ticket.status == "closed":
            raise invalid_record("status", "Status: closed prevents ticket update", "ClosedTicket")
        changes.check(fields)
        changes.check_stamp(ticket, fields)
        if {"group_id", "assignee_id"} & set(fields):
            wanted = replace(ticket)
            changes.apply(wanted, fields)
            changes.check_assignment(wanted, self._users, self._groups)
        was_finished = ticket.finished
        changes.apply(ticket, fields)
        self._link(ticket)
        comment = self._comment(ticket, fields.get("comment"), actor_id, changes.custom_metadata(fields))
        self._assign_solver(ticket, actor_id)
        self._stamp(ticket)
        if ticket.type == "problem" and ticket.finished and not was_finished:
            self._solve_incidents(ticket, comment, actor_id)
        audit = self._audit(ticket, fields, comment, actor_id)
        ticket.audits.append(audit)
        return ticket, audit

    def customer_says(self, ticket_id: int, text: str) -> Ticket:
        """The customer writes once more, which opens a ticket again that waits for them or is solved."""
        ticket = self.ticket(ticket_id)
        if ticket.status == "closed":
            raise invalid_record("status", "Status: closed prevents ticket update", "ClosedTicket")
        opens = {"status": "open"} if ticket.status in ("pending", "solved") else {}
        ticket.status = opens.get("status", ticket.status)
        comment = self._comment(ticket, {"body": text, "public": True}, ticket.requester_id)
        self._stamp(ticket)
        ticket.audits.append(self._audit(ticket, opens, comment, ticket.requester_id))
        return ticket

    def customer_solves(self, ticket_id: int) -> Ticket:
        """The customer marks it as solved on the help centre's page, without a word."""
        return self.update(ticket_id, {"status": "solved"}, actor_id=self.ticket(ticket_id).requester_id)[0]

    def close(self, ticket_id: int, *, merged_into: int | None = None) -> Ticket:
        """Zendesk closes solved tickets by itself after some days, and those that an agent merges at once."""
        ticket = self.ticket(ticket_id)
        ticket.status = "closed"
        if merged_into is not None:
            kept = self.ticket(merged_into)
            note = f"Request #{ticket_id} was closed and merged into this request."
            self._comment(kept, {"body": note, "public": True}, ticket.assignee_id or ticket.submitter_id)
            self._stamp(kept)
            ticket.tags = list(dict.fromkeys([*ticket.tags, "closed_by_merge"]))
            note = f"This request was closed and merged into request #{merged_into}."
            self._comment(ticket, {"body": note, "public": False}, ticket.assignee_id or ticket.submitter_id)
        self._stamp(ticket)
        return ticket

    def delete(self, ticket_id: int) -> None:
        """As an agent deletes a ticket, or says that it is spam: it is gone for everybody who asks for it.

        The incremental export alone gives it once more.
        """
        ticket = self.ticket(ticket_id)
        self.index.drop(ticket)
        del self._tickets[ticket_id]
        ticket.status = DELETED
        ticket.updated_at = ticket.generated_at = self._clock()
        self._deleted[ticket_id] = ticket

    def scrub(self, ticket_id: int) -> None:
        """A deleted ticket is deleted for good: its texts go, and the export says so."""
        ticket = self._deleted.get(ticket_id)
        if ticket is None:
            raise not_found()
        ticket.subject = ticket.description = SCRUBBED
        ticket.comments, ticket.tags = [], []
        ticket.generated_at = self._clock()

    def restate(self, ticket_id: int) -> None:
        """The system changes something that is no update: the export gives the ticket again, as it was."""
        self.ticket(ticket_id).generated_at = self._clock()

    def change_tags(self, ticket_id: int, fields: Json) -> Ticket:
        """Tags alone; `fields` hold one of tags, additional_tags, remove_tags, and perhaps a safe_update."""
        ticket = self.ticket(ticket_id)
        if ticket.status == "closed":
            raise invalid_record("status", "Status: closed prevents ticket update", "ClosedTicket")
        changes.check(fields)
        changes.check_stamp(ticket, fields)
        before = list(ticket.tags)
        changes.apply_tags(ticket, fields)
        if ticket.tags != before:
            self._stamp(ticket)
        return ticket

    def _link(self, ticket: Ticket) -> None:
        if ticket.problem_id is None:
            return
        problem = self._tickets.get(ticket.problem_id)
        if problem is None or problem.type != "problem":
            ticket.problem_id = None
            raise invalid_record("problem_id", "Problem: is not a problem ticket")
        if ticket.type != "incident":
            ticket.problem_id = None

    def _comment(self, ticket: Ticket, sent: Any, actor_id: int, custom: Json | None = None) -> Comment | None:
        if sent is None:
            return None
        return changes.new_comment(
            ticket,
            sent,
            author_id=actor_id,
            at=self._clock(),
            next_id=lambda: next(self._events),
            custom=custom,
            write=lambda text: self.filled(text, ticket),
        )

    def filled(self, text: str, ticket: Ticket) -> str:
        """A text with Zendesk's placeholders replaced by what they stand for in this ticket."""
        return placeholders.filled(text, ticket, self.user(ticket.requester_id))

    def _assign_solver(self, ticket: Ticket, actor_id: int) -> None:
        if ticket.finished and ticket.assignee_id is None:
            ticket.assignee_id = actor_id

    def _stamp(self, ticket: Ticket) -> None:
        ticket.updated_at = ticket.generated_at = self._clock()
        self.index.put(ticket)

    def _solve_incidents(self, problem: Ticket, comment: Comment | None, actor_id: int) -> None:
        """Zendesk copies the solving comment, private or not, onto the incidents that it solves."""
        for incident in self.incidents(problem.id):
            if incident.finished:
                continue
            incident.status = "solved"
            if comment is not None:
                self._comment(incident, {"body": comment.body, "public": comment.public}, actor_id)
            self._assign_solver(incident, actor_id)
            self._stamp(incident)

    def _audit(self, ticket: Ticket, fields: Json, comment: Comment | None, actor_id: int) -> Json:
        silent = ("comment", "safe_update", "updated_stamp", "id", "metadata")
        changed = [name for name in fields if name not in silent]
        events: list[Json] = [
            {"id": next(self._events), "type": "Change", "field_name": name, "value": fields[name]} for name in changed
        ]
        if comment is not None:
            events.append({"id": comment.id, "type": "Comment", "body": comment.body, "public": comment.public})
        return {
            "id": next(self._events),
            "ticket_id": ticket.id,
            "author_id": actor_id,
            "created_at": ticket.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "events": events,
            "metadata": {"system": {}, "custom": changes.custom_metadata(fields)},
        }
