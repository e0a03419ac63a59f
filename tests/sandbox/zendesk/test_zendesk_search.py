"""Search in the Zendesk sandbox: grammar, order, pages, lag."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.zendesk.grammar import Term, parse
from bot.sandbox.zendesk.seed import Seed, SeedReply, SeedTicket
from tests.sandbox.zendesk.desk_client import DeskClient, desk_client

HOUR = 60.0
SEED = Seed(
    tickets=(
        SeedTicket(
            "old",
            "US East was slow",
            50 * HOUR,
            status="closed",
            assignee_id=4_000_002,
            name="Ida Berg",
            email="ida@example.com",
        ),
        SeedTicket("dotted", "U.S. East drops", 5 * HOUR, status="solved", assignee_id=4_000_003, priority="urgent"),
        SeedTicket("dashed", "us-east drops", 3 * HOUR, status="hold", tags=("vpn", "vip"), priority="low"),
        SeedTicket("refund", "charged twice", 2 * HOUR, status="pending", tags=("billing",), email="zoe@example.net"),
        SeedTicket(
            "new york",
            "packet loss",
            HOUR / 2,
            priority="high",
            tags=("vpn",),
            replies=(SeedReply("it is US East 2", 10, by_agent=False),),
        ),
    )
)


@pytest.fixture
async def desk() -> AsyncIterator[DeskClient]:
    async with desk_client(SEED) as client:
        yield client


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('type:ticket "us east"', ["old", "dashed", "new york"]),
        ('type:ticket "U.S. East"', ["dotted"]),
        ("type:ticket us-east", ["old", "dashed", "new york"]),
        ("type:ticket drop", ["dotted", "dashed"]),
        ('type:ticket "drop"', []),
        ("type:ticket dro*", ["dotted", "dashed"]),
        ("type:ticket us east packet", ["new york"]),
        ("type:ticket -drops -slow", ["refund", "new york"]),
        ("status<solved", ["dashed", "refund", "new york"]),
        ("status>=solved", ["old", "dotted"]),
        ("status:new status:hold", ["dashed", "new york"]),
        ('group:"tier 1" status<solved', ["dashed", "refund", "new york"]),
        ('group:"T2 Tech" group:Tier status<solved', ["dashed", "refund", "new york"]),
        ("group:360001 status<solved", ["dashed", "refund", "new york"]),
        ('group:"T2 Tech"', []),
        ("group:none", []),
        ("-status:closed east", ["dotted", "dashed", "new york"]),
        ("priority>normal", ["dotted", "new york"]),
        ("priority:none", ["old", "refund"]),
        ("tags:vpn", ["dashed", "new york"]),
        ("tags:vip tags:billing", ["dashed", "refund"]),
        ('tags:"vpn vip"', ["dashed"]),
        ("tags:none", ["old", "dotted"]),
        ("created>4hours", ["dashed", "refund", "new york"]),
        ("created<2days", ["old"]),
        ("created:2026-11-20", ["dotted", "dashed", "refund", "new york"]),
        ("created>2026-11-20T06:30:00Z created<2026-11-20T08:00:00Z", ["refund"]),
        ("subject:refund", ["refund"]),
        ('description:"charged twice"', ["refund"]),
        ('subject:dashed subject:"new york"', ["dashed", "new york"]),
        ("subject:dashed description:packet", []),
        ("requester:zoe@example.net", ["refund"]),
        ('requester:"ida berg"', ["old"]),
        ("assignee:none status<solved", ["dashed", "refund", "new york"]),
        ("assignee:kim", ["old"]),
        ("organization:none tags:billing", ["refund"]),
        ('type:ticket "organization:none"', []),
        ('type:ticket "status:closed"', []),
        ("48203", ["dashed"]),
        ("order_by:priority sort:asc tags:vpn", ["dashed", "new york"]),
    ],
)
async def test_the_grammar(desk: DeskClient, query: str, found: list[str]) -> None:
    """Every form of the grammar that a help desk bot uses."""
    assert await desk.search(query) == found


async def test_text_in_quotes_adds_no_filter() -> None:
    """What stands in quotes is only words, whatever it looks like."""
    assert parse('"x status:closed -tags:a"') == [Term("", ":", "x status:closed -tags:a", exact=True)]


@given(st.text(max_size=60))
def test_any_text_can_be_parsed(query: str) -> None:
    """The parser takes whatever people type, and quoted text is one term at most."""
    parse(query)
    quoted = query.replace('"', "")

    assert all(term.exact and not term.field for term in parse(f'"{quoted}"'))


@pytest.mark.parametrize("query", ["", "created>someday", "status<finished"])
async def test_queries_that_are_refused(desk: DeskClient, query: str) -> None:
    """Zendesk's 422 with the error "invalid"."""
    answer = await desk.get(f"/search.json?query={query}")

    assert (answer.status, answer.body["error"]) == (422, "invalid")


async def test_pages_name_their_neighbours(desk: DeskClient) -> None:
    """count is the whole, next and previous are addresses on the host that was asked."""
    page = (await desk.get("/search.json?query=type:ticket&per_page=2&page=2&sort_by=created_at")).body

    assert page["count"] == 5 and page["facets"] is None
    assert [row["subject"] for row in page["results"]] == ["dashed", "dotted"]
    assert page["next_page"].startswith(str(desk.http.make_url("/zendesk/api/v2/search.json?")))
    assert "page=3" in page["next_page"] and "page=1" in page["previous_page"]


async def test_users_are_found_beside_tickets(desk: DeskClient) -> None:
    """Without a type, free words find people too."""
    rows = (await desk.get("/search.json?query=ida")).body["results"]

    assert [(row["result_type"], row["name"]) for row in rows] == [("user", "Ida Berg")]


async def test_a_new_ticket_is_found_only_after_the_lag() -> None:
    """By id it is there at once; search, and tags in search, come later."""
    async with desk_client(Seed(index_lag_s=60)) as desk:
        made = await desk.ask("POST", "/control/ticket", {"subject": "fresh", "description": "us east"})
        by_id = (await desk.get(f"/tickets/{made.body['id']}")).status
        at_once = await desk.search("east")
        desk.clock.advance(seconds=60)
        later = await desk.search("east")
        await desk.put(f"/tickets/{made.body['id']}/tags", {"tags": ["inv-1"]})
        tagged = await desk.search("tags:inv-1")
        untagged = await desk.search("tags:none")

    assert (by_id, at_once, later) == (200, [], ["fresh"])
    assert (tagged, untagged) == ([], ["fresh"])


async def test_an_export_cursor_dies_after_an_hour(desk: DeskClient) -> None:
    """Within the hour the next page comes; after it the export must begin anew."""
    path = "/search/export.json?query=east&filter[type]=ticket&page[size]=2"
    first = (await desk.get(path)).body
    after = first["meta"]["after_cursor"]
    desk.clock.advance(minutes=59)
    second = await desk.get(f"{path}&page[after]={after}")
    desk.clock.advance(minutes=2)
    late = await desk.get(f"{path}&page[after]={after}")

    assert [row["subject"] for row in first["results"] + second.body["results"]] == [
        "old",
        "dotted",
        "dashed",
        "new york",
    ]
    assert "count" not in first and not second.body["meta"]["has_more"]
    assert (late.status, late.body["error"]) == (400, "InvalidPaginationParameter")


async def test_an_export_needs_its_type(desk: DeskClient) -> None:
    """filter[type] is not optional."""
    assert (await desk.get("/search/export.json?query=east")).status == 400


@pytest.mark.parametrize("query", ["page=x", "page=0", "per_page=-1"])
async def test_pages_that_are_no_numbers(desk: DeskClient, query: str) -> None:
    """A wrong page is refused and not taken for the first."""
    assert (await desk.get(f"/search.json?query=east&{query}")).status == 400
