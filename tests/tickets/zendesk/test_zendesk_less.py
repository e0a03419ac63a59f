"""The desk port on servers that speak a part of Zendesk's API only."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.tickets.desk import DeskError
from bot.tickets.model import TicketQuery
from bot.tickets.zendesk.desk import ZendeskDesk
from tests.tickets.zendesk.desk_server import Answer, DeskServer, Reply, Seen, ticket_row

US_EAST = TicketQuery(("us east",), datetime(2026, 3, 2, tzinfo=UTC))
SEARCH, COUNT = "/api/v2/search.json", "/api/v2/search/count.json"
SHOW_MANY = "/api/v2/tickets/show_many.json"
NOT_THERE = Reply({"error": "InvalidEndpoint", "description": "Not found"}, status=404)


def pages_without_total(rows: int) -> Answer:
    """A search whose answers hold nothing but results."""

    def page(request: Seen) -> Reply:
        size, number = int(request.query["per_page"]), int(request.query["page"])
        listed = range(rows, 0, -1)[(number - 1) * size : number * size]
        return Reply({"results": [ticket_row(one) for one in listed]})

    return page


@pytest.mark.parametrize("rows", [0, 40, 250])
async def test_total_is_what_can_be_read(server: DeskServer, desk: ZendeskDesk, rows: int) -> None:
    """Without `count` and `next_page` the pages are read to their end."""
    server.on("GET", SEARCH, pages_without_total(rows))
    result = await desk.search(US_EAST, limit=100)

    assert result.total == rows
    assert [ticket.id for ticket in result.tickets] == list(range(rows, 0, -1))[:100]


async def test_count_by_the_search_itself(server: DeskServer, desk: ZendeskDesk) -> None:
    """Where search/count is missing."""
    server.on("GET", COUNT, NOT_THERE)
    server.on("GET", SEARCH, Reply({"results": [ticket_row(1)], "count": 321, "next_page": None}))

    assert await desk.count(US_EAST) == 321


async def test_tickets_one_by_one(server: DeskServer, desk: ZendeskDesk) -> None:
    """Where show_many is missing; what does not exist is left out as ever, and a status is a word in lower case."""
    server.on("GET", SHOW_MANY, NOT_THERE)
    server.on("GET", "/api/v2/tickets/5.json", Reply({"ticket": ticket_row(5, status="OPEN")}))
    server.on("GET", "/api/v2/tickets/6.json", NOT_THERE)
    (found,) = await desk.tickets([5, 6])

    assert (found.id, found.status, found.unsolved) == (5, "open", True)


@pytest.mark.parametrize(("present", "tags"), [(True, ["vpn", "inv-12"]), (False, ["vpn"])])
async def test_tag_by_the_ticket_itself(server: DeskServer, desk: ZendeskDesk, present: bool, tags: list[str]) -> None:
    """Where the tags have no endpoint; the guard against a lost race is the same."""
    row = ticket_row(5, tags=["vpn"] if present else ["vpn", "inv-12"])
    server.on("GET", SHOW_MANY, Reply({"tickets": [row]}))
    for method in ("PUT", "DELETE"):
        server.on(method, "/api/v2/tickets/5/tags.json", NOT_THERE)
    server.on("PUT", "/api/v2/tickets/5.json", Reply({"ticket": row}))
    await (desk.add_tag if present else desk.remove_tag)(5, "inv-12")

    (request,) = server.seen("PUT", "/api/v2/tickets/5.json")
    assert request.body == {"ticket": {"tags": tags, "updated_stamp": row["updated_at"], "safe_update": "true"}}


async def test_check_by_a_search(server: DeskServer, desk: ZendeskDesk) -> None:
    """Where nobody says who the login is, an answered search is proof enough; a refused login is none."""
    server.on("GET", "/api/v2/users/me.json", NOT_THERE)
    server.on("GET", COUNT, Reply({"count": 3}), Reply({"error": "no"}, status=401))

    assert "does not say who" in await desk.check()
    with pytest.raises(DeskError, match="login refused"):
        await desk.check()


@pytest.mark.parametrize(
    "following", [lambda after: "again", lambda after: "odd" if after == "even" else "even"], ids=["same", "in turn"]
)
async def test_cursors_that_lead_in_a_circle_end(
    server: DeskServer, desk: ZendeskDesk, following: Callable[[str], str]
) -> None:
    """A worker's thread would read them for ever."""

    def page(rows: str) -> Callable[[Seen], Reply]:
        def answer(request: Seen) -> Reply:
            meta = {"has_more": True, "after_cursor": following(request.query.get("page[after]", ""))}
            return Reply({rows: [{"id": 1, "status": "open"}], "meta": meta})

        return answer

    server.on("GET", "/api/v2/macros.json", page("macros"))
    server.on("GET", "/api/v2/tickets/7/incidents.json", page("tickets"))
    server.on("GET", "/api/v2/tickets/show_many.json", Reply({"tickets": [ticket_row(7)]}))
    for ask in (desk.macros(), desk.solve_problem(7)):
        with pytest.raises(DeskError, match="leads in a circle"):
            await ask

    assert len(server.requests) < 10
