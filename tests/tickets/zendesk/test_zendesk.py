"""The desk port on Zendesk: searches, reads and tags, as requests and as answers."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tickets.desk import DeskError
from bot.tickets.model import Ticket, TicketQuery
from bot.tickets.zendesk.desk import ZendeskDesk
from bot.tickets.zendesk.wire import ticket_from
from tests.tickets.zendesk.conftest import Open
from tests.tickets.zendesk.desk_server import Answer, DeskServer, Reply, Seen, search_page, ticket_row

SINCE = datetime(2026, 3, 2, tzinfo=UTC)
ONE = TicketQuery(("us east",), SINCE)
TWO = TicketQuery(("us east", "vpn"), SINCE)
SEARCH, COUNT = "/api/v2/search.json", "/api/v2/search/count.json"
SHOW_MANY = "/api/v2/tickets/show_many.json"


def show(*rows: dict[str, object]) -> Reply:
    return Reply({"tickets": list(rows), "count": len(rows), "next_page": None})


def ids(tickets: tuple[Ticket, ...] | list[Ticket]) -> list[int]:
    return [ticket.id for ticket in tickets]


def search_of(numbers: dict[str, list[int]]) -> tuple[Answer, Answer]:
    """Answers for search and count, from the ticket numbers that hold each phrase; phrases are joined by AND."""

    def matching(request: Seen) -> list[int]:
        sets = [set(found) for phrase, found in numbers.items() if f'"{phrase}"' in request.query["query"]]
        return sorted(set.intersection(*sets), reverse=True) if sets else []

    def page(request: Seen) -> Reply:
        size, number = int(request.query["per_page"]), int(request.query["page"])
        found = matching(request)
        if size * number > 1_000:
            return Reply({"error": "invalid", "description": "Search Response Limits"}, status=422)
        rows = [ticket_row(one) for one in found[(number - 1) * size : number * size]]
        more = "https://elsewhere.example/next" if number * size < len(found) else None
        return search_page(rows, count=len(found), next_page=more)

    return page, lambda request: Reply({"count": len(matching(request))})


def serve_search(server: DeskServer, **numbers: list[int]) -> None:
    page, count = search_of({phrase.replace("_", " "): found for phrase, found in numbers.items()})
    server.on("GET", SEARCH, page)
    server.on("GET", COUNT, count)


async def test_search_gives_the_newest_and_the_true_total(server: DeskServer, desk: ZendeskDesk) -> None:
    """One request, newest first, no more than asked for, and the desk's own count."""
    serve_search(server, us_east=list(range(1, 41)))

    result = await desk.search(ONE, limit=3)

    assert (ids(result.tickets), result.total) == ([40, 39, 38], 40)
    (request,) = server.requests
    assert request.query == {
        "query": 'type:ticket -tags:secondline-problem created>2026-03-02T00:00:00Z "us east"',
        "sort_by": "created_at",
        "sort_order": "desc",
        "per_page": "3",
        "page": "1",
    }


async def test_ticket_fields_are_translated(server: DeskServer, open_desk: Open) -> None:
    """Zendesk's words pass as they are, times are aware, and the URL is the agent's page."""
    row = ticket_row(
        5, priority="urgent", status="waiting on vendor", tags=["vip"], created_at="2026-03-02T10:00:00+02:00"
    )
    server.on("GET", SEARCH, search_page([row]))
    desk = open_desk(agent_url="https://acme.zendesk.com/")

    result = await desk.search(ONE, limit=10)

    assert result.tickets == (
        Ticket(
            id=5,
            subject="Can't connect 5",
            status="waiting on vendor",
            created_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
            updated_at=datetime(2026, 3, 2, 0, 5, tzinfo=UTC),
            url="https://acme.zendesk.com/agent/tickets/5",
            priority="urgent",
            tags=("vip",),
            requester_id=7,
        ),
    )


async def test_search_reads_pages_until_the_limit(server: DeskServer, desk: ZendeskDesk) -> None:
    """Pages are asked for by number, whatever host the answer's next_page names."""
    serve_search(server, us_east=list(range(1, 301)))

    result = await desk.search(ONE, limit=250)

    assert (len(result.tickets), result.total, result.tickets[-1].id) == (250, 300, 51)
    assert [request.query["page"] for request in server.requests] == ["1", "2", "3"]


async def test_search_stops_before_zendesk_refuses_and_still_knows_the_total(
    server: DeskServer, desk: ZendeskDesk
) -> None:
    """Zendesk refuses pages past 1,000 rows; what is cut shows in the total."""
    serve_search(server, us_east=list(range(1, 1_235)))

    result = await desk.search(ONE, limit=5_000)

    assert (len(result.tickets), result.total) == (1_000, 1_234)
    assert len(server.requests) == 10


async def test_rows_that_move_to_the_next_page_are_counted_once(server: DeskServer, desk: ZendeskDesk) -> None:
    """A ticket that arrives between two pages pushes the last row of the first onto the second."""
    first = [ticket_row(number) for number in range(200, 100, -1)]
    second = [ticket_row(number) for number in range(101, 1, -1)]
    server.on("GET", SEARCH, search_page(first, count=300, next_page="x"), search_page(second, count=301))

    result = await desk.search(ONE, limit=150)

    assert ids(result.tickets) == list(range(200, 50, -1))


async def test_several_phrases_are_searched_apart_and_merged(server: DeskServer, desk: ZendeskDesk) -> None:
    """Any of the phrases counts; a ticket with both comes once; a whole reading gives the exact total."""
    serve_search(server, us_east=[1, 3, 5], vpn=[5, 4, 3])

    result = await desk.search(TWO, limit=2)

    assert (ids(result.tickets), result.total) == ([5, 4], 4)
    assert len(server.requests) == 2


async def test_total_of_several_phrases_beyond_a_page_is_the_union(server: DeskServer, desk: ZendeskDesk) -> None:
    """What was not read is counted: both phrases together are taken off once."""
    serve_search(server, us_east=list(range(1, 301)), vpn=list(range(201, 451)))

    result = await desk.search(TWO, limit=20)

    assert (ids(result.tickets), result.total) == (list(range(450, 430, -1)), 450)
    assert await desk.count(TWO) == 450


async def test_count_of_one_phrase_is_one_request(server: DeskServer, desk: ZendeskDesk) -> None:
    """Counting reads no tickets."""
    serve_search(server, us_east=list(range(1, 1_235)))

    assert await desk.count(ONE) == 1_234
    assert [request.path for request in server.requests] == [COUNT]
    assert (
        server.requests[0].query["query"]
        == 'type:ticket -tags:secondline-problem created>2026-03-02T00:00:00Z "us east"'
    )


async def test_a_query_without_words_finds_nothing_and_asks_nothing(server: DeskServer, desk: ZendeskDesk) -> None:
    """No phrase left after cleaning must not become a search for every ticket."""
    result = await desk.search(TicketQuery(('"', ""), SINCE), limit=10)

    assert (result.tickets, result.total) == ((), 0)
    assert await desk.count(TicketQuery((), SINCE)) == 0
    assert server.requests == []


async def test_other_kinds_of_results_are_left_out(server: DeskServer, desk: ZendeskDesk) -> None:
    """A server that answers users too does not break the search."""
    rows = [{"result_type": "user", "id": 9, "name": "Ann"}, {"result_type": "ticket", **ticket_row(5)}]
    server.on("GET", SEARCH, Reply({"results": rows, "count": 1, "next_page": None}))

    assert ids((await desk.search(ONE, limit=10)).tickets) == [5]


async def test_tickets_come_in_the_order_asked_for(server: DeskServer, desk: ZendeskDesk) -> None:
    """By id, in chunks of a hundred, each once; those that don't exist are left out."""

    def known(seen: Seen) -> Reply:
        return show(*(ticket_row(number) for number in sorted(map(int, seen.query["ids"].split(","))) if number != 7))

    server.on("GET", SHOW_MANY, known)

    tickets = await desk.tickets([9, 7, 250, *range(10, 240), 9, 0, -3])

    assert ids(tickets) == [9, 250, *range(10, 240)]
    assert sorted(len(request.query["ids"].split(",")) for request in server.requests) == [33, 100, 100]


async def test_no_ids_ask_nothing(server: DeskServer, desk: ZendeskDesk) -> None:
    """An empty list needs no request, and an empty answer is no error."""
    server.on("GET", SHOW_MANY, show())

    assert await desk.tickets([]) == []
    assert server.requests == []
    assert await desk.tickets([5]) == []


async def test_a_second_read_is_not_answered_from_a_cache(server: DeskServer, open_desk: Open) -> None:
    """zenpy's cache would give the ticket of the first read, for 30 s."""
    desk = open_desk(threads=1)
    server.on("GET", SHOW_MANY, show(ticket_row(5)), show(ticket_row(5, status="solved")))

    first, second = await desk.tickets([5]), await desk.tickets([5])

    assert (first[0].status, second[0].status) == ("open", "solved")


async def test_check_names_who_the_bot_is(server: DeskServer, desk: ZendeskDesk) -> None:
    """One line for people."""
    server.on("GET", "/api/v2/users/me.json", Reply({"user": {"id": 3, "name": "Support Bot", "role": "agent"}}))

    assert await desk.check() == "Zendesk as Support Bot (agent)"


@pytest.mark.parametrize(
    ("user", "reason"),
    [
        (
            {"id": None, "name": "Anonymous user", "role": "end-user"},
            "login refused .anonymous.: check ZENDESK_OAUTH_TOKEN",
        ),
        ({"id": 3, "name": "Ann", "role": "end-user"}, "Ann is an end user there"),
    ],
)
async def test_check_refuses_who_cannot_do_the_job(
    server: DeskServer, desk: ZendeskDesk, user: dict[str, object], reason: str
) -> None:
    """Zendesk answers 200 to nobody in particular, and end users see no desk."""
    server.on("GET", "/api/v2/users/me.json", Reply({"user": user}))

    with pytest.raises(DeskError, match=reason) as caught:
        await desk.check()

    assert not caught.value.retry


@pytest.mark.parametrize("body", [{}, {"results": None, "count": 1}, {"results": {}, "count": 0}])
async def test_an_answer_of_another_shape_is_a_desk_error(
    server: DeskServer, desk: ZendeskDesk, body: dict[str, object]
) -> None:
    """JSON of some other server is no KeyError."""
    server.on("GET", SEARCH, Reply(body))

    with pytest.raises(DeskError, match="unexpected answer"):
        await desk.search(ONE, limit=5)


@pytest.mark.parametrize(
    "body",
    [
        {"hello": 1},
        {"tickets": 3},
        {"tickets": [1]},
        {"tickets": [{"id": 5}]},
        {"tickets": {}},
        {"ticket": None},
        {"users": [None]},
    ],
)
async def test_zenpy_on_another_shape_is_a_desk_error(
    server: DeskServer, desk: ZendeskDesk, body: dict[str, object]
) -> None:
    """zenpy takes the shape of answers for granted; the caller still gets one kind of error."""
    server.on("GET", SHOW_MANY, Reply(body))
    server.on("GET", COUNT, Reply(body))
    server.on("GET", "/api/v2/users/me.json", Reply(body))

    for call in (desk.tickets([5]), desk.count(ONE), desk.check()):
        with pytest.raises(DeskError):
            await call


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
)


@given(field=st.sampled_from(sorted(ticket_row(5))), value=JSON)
def test_a_ticket_with_any_field_is_read_or_refused(field: str, value: object) -> None:
    """Whatever stands in a field, there is a Ticket of the right types or a DeskError."""
    try:
        ticket = ticket_from(ticket_row(5) | {field: value}, agent_url="https://acme.zendesk.com")
    except DeskError:
        return
    assert isinstance(ticket.id, int)
    assert ticket.created_at.tzinfo and ticket.updated_at.tzinfo
    assert all(isinstance(text, str) for text in (ticket.subject, ticket.status, ticket.priority, *ticket.tags))


@pytest.mark.parametrize("odd", ["x", True, [1], {"id": 1}, -1.5])
def test_an_odd_assignee_group_or_problem_is_none(odd: object) -> None:
    """No search fails for what none needs."""
    odd_row = ticket_row(5) | dict.fromkeys(("assignee_id", "group_id", "problem_id"), odd)
    ticket = ticket_from(odd_row, agent_url="https://acme.zendesk.com")

    assert (ticket.assignee_id, ticket.group_id, ticket.problem_id) == (None, None, None)
