"""A help desk in memory that loses answers and processes where a test says so."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.tickets.answering import (
    Customer,
    HangOutcome,
    Macro,
    MacroEffect,
    PublicComment,
    RefusalKind,
    Snapshot,
    differences,
    said_since,
    snapshot,
    unanswerable,
)
from bot.tickets.desk import ChangedSince, DeskError, ExportRefused, OutcomeUnknown, TicketRefused
from bot.tickets.model import Requester, SearchResult, Ticket, TicketQuery
from bot.tickets.waiting import (
    ELEVATED_TAG,
    DeskGroup,
    Elevated,
    ElevationOrder,
    ElevationResult,
    GroupTickets,
    TicketComment,
    TicketWait,
    Wait,
    against,
    wait_of,
)
from tests.fake_clock import FakeClock


class Killed(BaseException):
    """The process ended here."""


def unreachable() -> DeskError:
    return DeskError("Zendesk", "it does not answer", retry=True)


def lost() -> OutcomeUnknown:
    return OutcomeUnknown("Zendesk", "timed out after 10 s", retry=True)


def limited(seconds: float) -> DeskError:
    return DeskError("Zendesk", "rate limit reached (429)", retry=True, retry_after_s=seconds)


def ticket(number: int, created_at: datetime, subject: str = "US East is slow", status: str = "open") -> Ticket:
    return Ticket(number, subject, status, created_at, created_at, f"https://desk.test/agent/tickets/{number}")


TIER1, T2_TECH, T2_CS = DeskGroup(1, "Tier 1"), DeskGroup(2, "T2 Tech"), DeskGroup(3, "T2 CS")


@dataclass
class FakeDesk:
    """Implements the port `HelpDesk`.

    `found` is what a search finds, newest first; `hidden` tickets exist though no search knows them yet. Each error
    in `failures` ends one call, `down` ends all of them, those in `lost_answers` come after a tag was written. `total`
    is the desk's own count where it is not the number of tickets.

    `comments` are (text, public) by ticket. The next of `before` is raised before a call acts, the next of `after`
    after one that writes has acted, unless it is None. `refused` tickets are declined with the reason.
    """

    found: list[Ticket] = field(default_factory=list)
    hidden: list[Ticket] = field(default_factory=list)
    total: int | None = None
    down: DeskError | None = None
    failures: deque[DeskError] = field(default_factory=deque)
    lost_answers: deque[DeskError] = field(default_factory=deque)
    tags: dict[int, set[str]] = field(default_factory=dict)
    queries: list[TicketQuery] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)
    locales: dict[int, str] = field(default_factory=dict)
    emails: dict[int, str] = field(default_factory=dict)
    no_export: str = ""
    """Why this login may not export tickets."""
    known_macros: dict[int, tuple[str, MacroEffect]] = field(default_factory=dict)
    comments: dict[int, list[tuple[str, bool]]] = field(default_factory=dict)
    stamps: dict[int, set[str]] = field(default_factory=dict)
    incidents: dict[int, int] = field(default_factory=dict)
    problems: dict[str, int] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    careless: list[int] = field(default_factory=list)
    """Tickets that were to be answered a second time by somebody who did not think that they might be answered."""
    said: dict[int, list[PublicComment]] = field(default_factory=dict)
    """Public comments after the customer's first, the newest first."""
    known_groups: list[DeskGroup] = field(default_factory=lambda: [TIER1, T2_TECH, T2_CS])
    before: deque[BaseException | None] = field(default_factory=deque)
    after: deque[BaseException | None] = field(default_factory=deque)
    people: dict[int, Requester] = field(default_factory=dict)
    """Customers, by number."""

    def put(self, *numbers: int, status: str = "open", locale: str = "en-US", subject: str = "No connection") -> None:
        for number in numbers:
            self.hidden.append(ticket(number, self.clock(), subject, status))
            self.locales[number] = locale

    def set(self, ticket_id: int, **changes: object) -> None:
        for place in reversed(range(len(self.hidden))):  # the newest are what tests change
            if self.hidden[place].id == ticket_id:
                self.hidden[place] = replace(self.hidden[place], **changes)  # type: ignore[arg-type]
                break

    def writes(self, ticket_id: int, *, by_customer: bool = True) -> None:
        """The customer or somebody else writes a public comment."""
        written = self.said.setdefault(ticket_id, [])
        written.insert(0, PublicComment(len(written) + 1, by_customer, self.clock()))
        self.set(ticket_id, updated_at=self.clock())

    def remove(self, ticket_id: int) -> None:
        self.hidden = [ticket for ticket in self.hidden if ticket.id != ticket_id]

    def status(self, ticket_id: int) -> str:
        ticket = self._find(ticket_id)
        return ticket.status if ticket else "gone"

    def public(self, ticket_id: int) -> list[str]:
        return [text for text, public in self.comments.get(ticket_id, []) if public]

    async def search(self, query: TicketQuery, *, limit: int) -> SearchResult:
        self._answer("search")
        self.queries.append(query)
        matching = [ticket for ticket in self.found if all(word in ticket.subject.lower() for word in query.also)]
        return SearchResult(tuple(matching[:limit]), len(matching) if self.total is None else self.total)

    async def count(self, query: TicketQuery) -> int:
        self._answer("count")
        return sum(ticket.created_at >= query.created_after for ticket in self.found)

    async def tickets(self, ids: list[int]) -> list[Ticket]:
        self._answer("tickets")
        return [ticket for ticket in [*self.found, *self.hidden] if ticket.id in ids]

    async def add_tag(self, ticket_id: int, tag: str) -> None:
        self._answer("add_tag")
        self.tags.setdefault(ticket_id, set()).add(tag)
        if self.lost_answers:
            raise self.lost_answers.popleft()

    async def remove_tag(self, ticket_id: int, tag: str) -> None:
        self._answer("remove_tag")
        self.tags.setdefault(ticket_id, set()).discard(tag)

    async def requesters(self, said: str) -> list[Requester]:
        self._answer("requesters")
        known = self.people.values()
        return [each for each in known if said.lower() in (str(each.id), each.email.lower(), each.name.lower())]

    async def tickets_of(self, requester_id: int) -> list[Ticket]:
        self._answer("tickets_of")
        return [ticket for ticket in [*self.found, *self.hidden] if ticket.requester_id == requester_id]

    async def check(self) -> str:
        self._answer("check")
        return "ok, acting as bot@acme.test"

    async def close(self) -> None:
        self.calls.append("close")

    async def customers(self, ticket_ids: Sequence[int]) -> list[Customer]:
        self._strike(self.before)
        tickets = await self.tickets(list(ticket_ids))
        return [Customer(ticket, self.locales.get(ticket.id, ""), self._newest(ticket.id)) for ticket in tickets]

    async def macros(self) -> list[Macro]:
        self._answer("macros")
        return [Macro(number, title) for number, (title, _) in self.known_macros.items()]

    async def macro_effect(self, macro_id: int, ticket_id: int) -> MacroEffect:
        self._answer("macro_effect")
        if macro_id not in self.known_macros:
            raise TicketRefused("Zendesk", f"the macro {macro_id} does not exist", kind=RefusalKind.REFUSED)
        effect = self.known_macros[macro_id][1]
        return replace(effect, text=effect.text.replace("{{ticket.id}}", str(ticket_id)))

    async def answer(
        self,
        ticket_id: int,
        text: str,
        *,
        status: str,
        stamp: str,
        snapshot: Snapshot | None = None,
        again: bool = False,
    ) -> None:
        self._answer("answer")
        self._strike(self.before)
        if stamp in self.stamps.get(ticket_id, ()):
            self.careless += [] if again else [ticket_id]
        else:
            self._refuse(ticket_id)
            self._refuse_changed(ticket_id, snapshot)
            self.writes(ticket_id, by_customer=False)
            self.comments.setdefault(ticket_id, []).append((text, True))
            self.stamps.setdefault(ticket_id, set()).add(stamp)
            if status:
                self.set(ticket_id, status=status)
        self._strike(self.after)

    async def agent_email(self, agent_id: int) -> str:
        self._answer("agent_email")
        return self.emails.get(agent_id, "")

    async def check_export(self) -> None:
        self._answer("check_export")
        if self.no_export:
            raise ExportRefused("Zendesk", self.no_export, retry=False)

    async def groups(self) -> list[DeskGroup]:
        self._answer("groups")
        return list(self.known_groups)

    async def in_groups(self, groups: Sequence[DeskGroup], *, created_before: datetime, limit: int) -> GroupTickets:
        self._answer("in_groups")
        ids = {group.id for group in groups}
        matching = [
            ticket
            for ticket in self.hidden
            if ticket.group_id in ids
            and ticket.created_at < created_before
            and ticket.status in ("new", "open")
            and ELEVATED_TAG not in ticket.tags
        ]
        newest = sorted(matching, key=lambda ticket: (ticket.created_at, ticket.id), reverse=True)
        return GroupTickets(tuple(newest[:limit]), newest[limit - 1].created_at if len(newest) > limit else None)

    async def wait(self, ticket_id: int) -> TicketWait | None:
        self._answer("wait")
        self._strike(self.before)
        ticket = self._find(ticket_id)
        return TicketWait(ticket, self._wait(ticket)) if ticket else None

    async def elevate(self, ticket_id: int, order: ElevationOrder, *, again: bool = False) -> ElevationResult:
        self._answer("elevate")
        self._strike(self.before)
        ticket = self._find(ticket_id)
        if ticket and ELEVATED_TAG in ticket.tags:
            self.careless += [] if again else [ticket_id]
            ours = order.stamp in self.stamps.get(ticket_id, ())
            result = ElevationResult(Elevated.ALREADY, ticket, ours=ours)
        else:
            result = self._elevate(ticket, order)
        self._strike(self.after)
        return result

    def _elevate(self, ticket: Ticket | None, order: ElevationOrder) -> ElevationResult:
        why = against(ticket, order)
        if why or not ticket:
            return ElevationResult(why or Elevated.GONE, ticket)
        if ticket.id in self.refused:
            raise TicketRefused("Zendesk", self.refused[ticket.id], kind=RefusalKind.REFUSED)
        wait = self._wait(ticket)
        if wait != order.wait:
            return ElevationResult(Elevated.CHANGED, ticket, wait)
        self.comments.setdefault(ticket.id, []).append((order.note, False))
        self.stamps.setdefault(ticket.id, set()).add(order.stamp)
        tags = (*ticket.tags, ELEVATED_TAG)
        self.set(ticket.id, group_id=order.group_id, assignee_id=None, tags=tags, updated_at=self.clock())
        return ElevationResult(Elevated.DONE, self._find(ticket.id), wait, ours=True)

    def _wait(self, ticket: Ticket) -> Wait | None:
        """Every ticket begins with what its customer wrote."""
        said = [TicketComment(not each.by_customer, True, each.at) for each in self.said.get(ticket.id, [])]
        return wait_of(ticket, [*said, TicketComment(False, True, ticket.created_at)], whole=True)

    async def answered(self, ticket_id: int, *, stamp: str) -> bool:
        self._answer("answered")
        self._strike(self.before)
        return stamp in self.stamps.get(ticket_id, ())

    async def open_problem(self, key: str, *, subject: str, note: str) -> Ticket:
        self._answer("open_problem")
        self._strike(self.before)
        if key not in self.problems:
            number = 900_001 + len(self.problems)
            self.put(number, subject=subject)
            self.comments[number] = [(note, False)]
            self.problems[key] = number
        self._strike(self.after)
        return next(ticket for ticket in self.hidden if ticket.id == self.problems[key])

    async def hang(self, problem_id: int, ticket_ids: Sequence[int]) -> list[HangOutcome]:
        self._answer("hang")
        self._strike(self.before)
        over = {"closed": RefusalKind.CLOSED, "gone": RefusalKind.GONE}.get(self.status(problem_id))
        if over:
            raise TicketRefused("Zendesk", f"the problem ticket {problem_id} is {over}", kind=over)
        done = [self._hang(problem_id, number) for number in ticket_ids]
        waiting = [hung.ticket_id for hung in done if hung.done and self.status(hung.ticket_id) != "solved"]
        if waiting and self.status(problem_id) == "solved":
            self.set(problem_id, status="open")
        self._strike(self.after)
        return done

    async def solve_problem(self, problem_id: int) -> list[int]:
        self._answer("solve_problem")
        self._strike(self.before)
        hanging = [number for number, problem in self.incidents.items() if problem == problem_id]
        unsolved = [number for number in hanging if self.status(number) not in ("solved", "closed", "gone")]
        if not unsolved:
            self.set(problem_id, status="solved")
        self._strike(self.after)
        return unsolved

    def _answer(self, call: str) -> None:
        self.calls.append(call)
        if self.down:
            raise self.down
        if self.failures:
            raise self.failures.popleft()

    def _hang(self, problem_id: int, number: int) -> HangOutcome:
        hangs_on = self.incidents.get(number)
        if hangs_on and hangs_on != problem_id:
            return HangOutcome(number, hangs_on, f"it hangs on the problem #{hangs_on} already")
        if not self._find(number):
            return HangOutcome(number, None, "it does not exist any more")
        if self.status(number) == "closed":
            return HangOutcome(number, None, "it is closed, which nobody can change any more")
        self.incidents[number] = problem_id
        return HangOutcome(number, problem_id)

    def _refuse(self, ticket_id: int) -> None:
        why = unanswerable(self._find(ticket_id))
        if why:
            raise TicketRefused("Zendesk", why.value, kind=why)
        if ticket_id in self.refused:
            raise TicketRefused("Zendesk", self.refused[ticket_id], kind=RefusalKind.REFUSED)

    def _refuse_changed(self, ticket_id: int, before: Snapshot | None) -> None:
        now = self._find(ticket_id)
        if now and before:
            changes = differences(before, now, said_since(before, self.said.get(ticket_id, [])))
            if changes:
                raise ChangedSince("Zendesk", differences=changes, now=snapshot(now, self._newest(ticket_id)))

    def _newest(self, ticket_id: int) -> int:
        return next((comment.id for comment in self.said.get(ticket_id, [])), 0)

    def _find(self, ticket_id: int) -> Ticket | None:
        return next((ticket for ticket in self.hidden if ticket.id == ticket_id), None)

    def _strike(self, faults: deque[BaseException | None]) -> None:
        fault = faults.popleft() if faults else None
        if fault:
            raise fault
