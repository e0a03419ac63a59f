"""The desk port on Zendesk: zenpy and REST calls in worker threads, translated at this border."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import requests

from bot.clock import Clock
from bot.tickets.answering import Customer, HangOutcome, Macro, MacroEffect, Snapshot
from bot.tickets.desk import DeskError
from bot.tickets.model import Requester, SearchResult, Ticket, TicketQuery
from bot.tickets.places import NOWHERE, PlaceFinder
from bot.tickets.stream import Read
from bot.tickets.waiting import DeskGroup, ElevationOrder, ElevationResult, GroupTickets, TicketWait
from bot.tickets.zendesk.answers import read_answered, read_newest_comment, write_answer
from bot.tickets.zendesk.elevating import (
    read_agent_email,
    read_group_tickets,
    read_groups,
    read_wait,
    write_elevation,
)
from bot.tickets.zendesk.errors import NotThere, desk_error
from bot.tickets.zendesk.login import ClientCredentials, ClientLogin, Credentials, Login, fixed_login
from bot.tickets.zendesk.macros import read_locales, read_macro_effect, read_macros
from bot.tickets.zendesk.problems import check_problem, ensure_problem, hang_one, reopen_if_needed, solve_when_done
from bot.tickets.zendesk.query import phrases_of, search_text
from bot.tickets.zendesk.requesters import read_requesters, tickets_text
from bot.tickets.zendesk.search import MAX_SEARCH_ROWS, PAGE_ROWS, Overlap, Slice, read_count, read_newest, union_size
from bot.tickets.zendesk.session import Address, ZendeskTransport, open_session
from bot.tickets.zendesk.spare import SpareRequests
from bot.tickets.zendesk.stream import STREAM_TIMEOUTS, ZendeskStream, probe_export
from bot.tickets.zendesk.updates import write_tag
from bot.tickets.zendesk.wire import ticket_from, tickets_from
from bot.tickets.zendesk.workers import Timeouts, Worker, Workers

RECENT = timedelta(minutes=2)
"""How far Zendesk's clock and ours may be apart."""
IDS_PER_REQUEST = 100
"""The most that show_many takes."""


TIMEOUTS = Timeouts()


class ZendeskDesk:
    """A Zendesk account, or any server that speaks its API, as the desk port."""

    def __init__(
        self,
        *,
        url: str,
        credentials: Credentials,
        clock: Clock,
        agent_url: str = "",
        places: PlaceFinder = NOWHERE,
        ca_file: str = "",
        threads: int = 3,
        timeouts: Timeouts = TIMEOUTS,
    ) -> None:
        """`agent_url` is where people open tickets, by default `url`; `places` reads where a ticket's customer is.

        Nothing is sent yet. Raises ValueError for an invalid `url`.
        """
        address = Address.parse(url)
        self._clock = clock
        self._spare = SpareRequests()
        self._read = partial(ticket_from, agent_url=agent_url.rstrip("/") or str(address), places=places)
        self._login = _login(credentials, address=address, clock=clock, timeout_s=timeouts.of_request, ca_file=ca_file)

        def session() -> requests.Session:
            transport = ZendeskTransport(address=address, login=self._login, clock=clock, spare=self._spare)
            return open_session(transport, ca_file=ca_file)

        self._open_session = session
        self._workers = Workers(session, threads=threads, timeouts=timeouts)

    def stream(self, *, read: Read, meanings: Mapping[str, str], timeouts: Timeouts = STREAM_TIMEOUTS) -> ZendeskStream:
        """Every ticket of the same account, to be closed before this desk.

        `meanings` are those of custom fields, by their number.
        """
        return ZendeskStream(
            open_session=self._open_session,
            spare=self._spare,
            clock=self._clock,
            read=read,
            meanings=meanings,
            timeouts=timeouts,
        )

    async def search(self, query: TicketQuery, *, limit: int) -> SearchResult:
        phrases = phrases_of(query)
        # One phrase needs no more than `limit`; of several a whole page shows where they overlap for the same price.
        rows = limit if len(phrases) == 1 else max(limit, PAGE_ROWS)
        reads = [self._newest(search_text(query, [phrase]), rows) for phrase in phrases]
        slices = await asyncio.gather(*reads)
        by_id = {ticket.id: ticket for part in slices for ticket in part.tickets}
        if all(part.whole for part in slices):
            total = len(by_id)
        else:
            total = max(len(by_id), await self._union(query, phrases, [part.count for part in slices]))
        newest = sorted(by_id.values(), key=lambda ticket: (ticket.created_at, ticket.id), reverse=True)
        return SearchResult(tuple(newest[: max(limit, 0)]), total)

    async def count(self, query: TicketQuery) -> int:
        phrases = phrases_of(query)
        counts = await asyncio.gather(*(self._count(search_text(query, [phrase])) for phrase in phrases))
        return await self._union(query, phrases, counts)

    async def tickets(self, ids: list[int]) -> list[Ticket]:
        numbers = [number for number in dict.fromkeys(ids) if number > 0]
        chunks = [numbers[start : start + IDS_PER_REQUEST] for start in range(0, len(numbers), IDS_PER_REQUEST)]
        reads = (self._workers.run(Worker.ticket_rows, ids=chunk) for chunk in chunks)
        rows = [row for part in await asyncio.gather(*reads) for row in part]
        by_id = {ticket.id: ticket for ticket in tickets_from(rows, self._read)}
        return [by_id[number] for number in numbers if number in by_id]

    async def add_tag(self, ticket_id: int, tag: str) -> None:
        await self._workers.run(write_tag, ticket_id=ticket_id, tag=tag, present=True)

    async def remove_tag(self, ticket_id: int, tag: str) -> None:
        await self._workers.run(write_tag, ticket_id=ticket_id, tag=tag, present=False)

    async def open_problem(self, key: str, *, subject: str, note: str) -> Ticket:
        return await self._workers.run(ensure_problem, key=key, subject=subject, note=note, read=self._read)

    async def hang(self, problem_id: int, ticket_ids: Sequence[int]) -> list[HangOutcome]:
        await self._workers.run(check_problem, problem_id=problem_id)
        done: list[HangOutcome] = []
        for ticket_id in dict.fromkeys(ticket_ids):
            # Once the desk does not answer any more, the rest is not tried.
            stopped = done[-1] if done and done[-1].retry else None
            done.append(replace(stopped, ticket_id=ticket_id) if stopped else await self._hang(problem_id, ticket_id))
        if any(hung.done for hung in done):
            await self._workers.run(reopen_if_needed, problem_id=problem_id)
        return done

    async def solve_problem(self, problem_id: int) -> list[int]:
        return await self._workers.run(solve_when_done, problem_id=problem_id)

    async def customers(self, ticket_ids: Sequence[int]) -> list[Customer]:
        tickets = await self.tickets(list(ticket_ids))
        customers = await self._workers.run(read_locales, tickets=tickets)
        recent = self._clock() - RECENT
        # One after the other: many at once would leave no thread to anybody else.
        return [await self._with_comment(customer, recent) for customer in customers]

    async def macros(self) -> list[Macro]:
        return await self._workers.run(read_macros)

    async def macro_effect(self, macro_id: int, ticket_id: int) -> MacroEffect:
        return await self._workers.run(read_macro_effect, macro_id=macro_id, ticket_id=ticket_id)

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
        await self._workers.run(
            write_answer, ticket_id=ticket_id, text=text, status=status, stamp=stamp, snapshot=snapshot, again=again
        )

    async def answered(self, ticket_id: int, *, stamp: str) -> bool:
        return await self._workers.run(read_answered, ticket_id=ticket_id, stamp=stamp)

    async def groups(self) -> list[DeskGroup]:
        return await self._workers.run(read_groups)

    async def in_groups(self, groups: Sequence[DeskGroup], *, created_before: datetime, limit: int) -> GroupTickets:
        return await self._workers.run(
            read_group_tickets, groups=groups, created_before=created_before, limit=limit, read=self._read
        )

    async def wait(self, ticket_id: int) -> TicketWait | None:
        return await self._workers.run(read_wait, ticket_id=ticket_id, read=self._read)

    async def elevate(self, ticket_id: int, order: ElevationOrder, *, again: bool = False) -> ElevationResult:
        return await self._workers.run(write_elevation, ticket_id=ticket_id, order=order, read=self._read, again=again)

    async def agent_email(self, agent_id: int) -> str:
        return await self._workers.run(read_agent_email, agent_id=agent_id)

    async def requesters(self, said: str) -> list[Requester]:
        return await self._workers.run(read_requesters, said=said)

    async def tickets_of(self, requester_id: int) -> list[Ticket]:
        return list((await self._newest(tickets_text(requester_id), MAX_SEARCH_ROWS)).tickets)

    async def check(self) -> str:
        try:
            user = await self._workers.run(lambda worker: worker.zenpy(lambda zenpy: zenpy.users.me().to_dict()))
        except NotThere:
            await self._count("type:ticket")
            return "Zendesk answers searches, and does not say who the login is"
        # Without a valid login Zendesk may answer 200 with an "Anonymous user" whose id is null.
        if user.get("id") is None:
            raise desk_error(f"login refused (anonymous): check {self._login.settings}", retry=False)
        name, role = str(user.get("name") or "a user without a name"), str(user.get("role") or "unknown role")
        if role == "end-user":
            raise desk_error(f"{name} is an end user there: the bot needs an agent", retry=False)
        return f"Zendesk as {name} ({role})"

    async def check_export(self) -> None:
        await self._workers.run(probe_export, asked_at=self._clock())

    async def close(self) -> None:
        await self._workers.close()
        self._login.close()

    async def _hang(self, problem_id: int, ticket_id: int) -> HangOutcome:
        try:
            return await self._workers.run(hang_one, problem_id=problem_id, ticket_id=ticket_id)
        except DeskError as error:
            return HangOutcome(ticket_id, None, error.reason, retry=error.retry, retry_after_s=error.retry_after_s)

    async def _with_comment(self, customer: Customer, recent: datetime) -> Customer:
        """Zendesk's times are whole seconds: what was written a moment ago and what comes now may have the same."""
        if customer.ticket.updated_at < recent:
            return customer
        newest = await self._workers.run(read_newest_comment, ticket=customer.ticket)
        return replace(customer, comment_id=newest)

    async def _newest(self, text: str, limit: int) -> Slice:
        return await self._workers.run(read_newest, text=text, limit=limit, read=self._read)

    async def _count(self, text: str) -> int:
        return await self._workers.run(read_count, text=text)

    async def _union(self, query: TicketQuery, phrases: tuple[str, ...], counts: list[int]) -> int:
        async def count_overlap(overlap: Overlap) -> int:
            return await self._count(search_text(query, [phrases[index] for index in sorted(overlap)]))

        return await union_size(counts, count_overlap)


def _login(
    credentials: Credentials, *, address: Address, clock: Clock, timeout_s: tuple[float, float], ca_file: str
) -> Login:
    if not isinstance(credentials, ClientCredentials):
        return fixed_login(credentials)
    session = open_session(requests.adapters.HTTPAdapter(), ca_file=ca_file)
    token_url = f"{address}/oauth/tokens"
    return ClientLogin(credentials, token_url=token_url, session=session, timeout_s=timeout_s, clock=clock)
