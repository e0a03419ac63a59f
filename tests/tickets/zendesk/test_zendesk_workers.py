"""The threads that speak with Zendesk: apart from each other, bounded, cancellable, gone after close."""

import asyncio
import threading

import pytest
import requests

from bot.tickets.desk import DeskError
from bot.tickets.zendesk.workers import Timeouts, Worker
from tests.tickets.zendesk.conftest import Open
from tests.tickets.zendesk.desk_server import DeskServer, Reply, Seen, ticket_row

ME, SHOW_MANY = "/api/v2/users/me.json", "/api/v2/tickets/show_many.json"
AGENT = Reply({"user": {"id": 3, "name": "Support Bot", "role": "agent"}})
TICKET = Reply({"tickets": [ticket_row(5)]})


def test_zenpy_follows_links_of_the_server_itself(server: DeskServer, session: requests.Session) -> None:
    """next_page with the server's own host leads on; another host in it is refused."""
    following = Reply({"tickets": [ticket_row(6)], "next_page": "https://evil.example/api/v2/x"})
    page = {"tickets": [ticket_row(5)], "next_page": f"{server.url}/api/v2/more.json"}
    server.on("GET", SHOW_MANY, Reply(page))
    server.on("GET", "/api/v2/more.json", following)
    found: list[int] = []

    with pytest.raises(DeskError, match="evil"):
        found.extend(
            ticket.id for ticket in Worker(session, timeout_s=(3, 10)).zenpy(lambda zenpy: zenpy.tickets(ids=[5]))
        )

    assert len(server.requests) == 2


def test_incidents_are_not_the_problem_that_was_read_before(server: DeskServer, session: requests.Session) -> None:
    """zenpy's cache answers incidents(1) with ticket 1 itself once that was read; it is off here."""
    server.on("GET", "/api/v2/tickets/1.json", Reply({"ticket": ticket_row(1)}))
    server.on("GET", "/api/v2/tickets/1/incidents.json", Reply({"tickets": [ticket_row(2), ticket_row(3)]}))
    worker = Worker(session, timeout_s=(3, 10))

    problem = worker.zenpy(lambda zenpy: zenpy.tickets(id=1).id)
    incidents = worker.zenpy(lambda zenpy: [ticket.id for ticket in zenpy.tickets.incidents(1)])

    assert (problem, incidents) == (1, [2, 3])


async def test_a_rate_limit_blocks_no_thread(server: DeskServer, open_desk: Open) -> None:
    """zenpy would sleep Retry-After in the thread, for ever; here the only thread is free at once."""
    server.on("GET", ME, Reply({}, status=429, headers={"Retry-After": "3600"}), AGENT)
    desk = open_desk(threads=1)

    with pytest.raises(DeskError):
        await asyncio.wait_for(desk.check(), timeout=5)

    assert await asyncio.wait_for(desk.check(), timeout=5) == "Zendesk as Support Bot (agent)"


async def test_a_call_that_waits_for_a_thread_is_bounded_too(server: DeskServer, open_desk: Open) -> None:
    """When all threads are stuck the caller hears of it, and what waited is never sent."""
    server.on("GET", ME, Reply(hang=True))
    desk = open_desk(threads=1, timeouts=Timeouts(call_s=0.3))
    stuck = asyncio.create_task(desk.check())

    with pytest.raises(DeskError, match=r"timed out after 0\.3 s"):
        await desk.tickets([5])

    with pytest.raises(DeskError, match="timed out"):
        await stuck
    assert server.seen("GET", SHOW_MANY) == []


async def test_a_call_can_be_cancelled_while_its_thread_waits(server: DeskServer, open_desk: Open) -> None:
    """Cancelling returns at once; another thread serves the next call."""
    server.on("GET", ME, Reply(hang=True))
    server.on("GET", SHOW_MANY, TICKET)
    desk = open_desk(threads=2)
    call = asyncio.create_task(desk.check())
    assert await asyncio.to_thread(server.hanging.wait, 5)

    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    assert [ticket.id for ticket in await desk.tickets([5])] == [5]


async def test_calls_run_at_the_same_time(server: DeskServer, open_desk: Open) -> None:
    """Three threads have three requests under way at once, each on a session of its own."""
    together = threading.Barrier(3)

    def meet(request: Seen) -> Reply:
        together.wait(10)
        return AGENT

    server.on("GET", ME, meet)
    desk = open_desk(threads=3)

    assert await asyncio.gather(*(desk.check() for _ in range(3))) == ["Zendesk as Support Bot (agent)"] * 3


async def test_close_leaves_no_thread_and_refuses_calls(server: DeskServer, open_desk: Open) -> None:
    """After close nothing of the desk runs, and a late caller gets the usual kind of error."""
    server.on("GET", ME, AGENT)
    desk = open_desk(threads=3)
    await asyncio.gather(*(desk.check() for _ in range(6)))

    await desk.close()

    assert not [thread for thread in threading.enumerate() if thread.name.startswith("zendesk")]
    with pytest.raises(DeskError, match="closed"):
        await desk.check()
    await desk.close()


async def test_close_waits_for_the_request_under_way(server: DeskServer, open_desk: Open) -> None:
    """Threads must not outlive the desk: close returns when the last one has ended."""
    server.on("GET", ME, Reply(hang=True))
    desk = open_desk()
    call = asyncio.create_task(desk.check())
    assert await asyncio.to_thread(server.hanging.wait, 5)

    closing = asyncio.create_task(desk.close())
    done, _ = await asyncio.wait({closing}, timeout=0.2)
    assert not done
    server.release()
    await asyncio.wait_for(closing, timeout=10)

    assert not [thread for thread in threading.enumerate() if thread.name.startswith("zendesk")]
    with pytest.raises(DeskError, match="connection was lost"):
        await call
