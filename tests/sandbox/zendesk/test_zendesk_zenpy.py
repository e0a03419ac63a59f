"""The sandbox as the real zenpy client sees it."""

from collections.abc import Iterator

import pytest
from zenpy.lib.api_objects import Comment, Ticket
from zenpy.lib.exception import APIException, RecordNotFoundException, SearchResponseLimitExceeded

from bot.sandbox.zendesk.seed import Limits, Seed, SeedTicket
from tests.sandbox.zendesk.desk_on_loopback import Running, running

TICKETS = tuple(
    SeedTicket(f"US East packet loss {number}", "It drops every minute", minutes_ago=200 - number, tags=("vpn",))
    for number in range(150)
)


@pytest.fixture
def desk() -> Iterator[Running]:
    with running(Seed(tickets=TICKETS)) as started:
        yield started


def test_search_pages_through_all_rows(desk: Running) -> None:
    """zenpy follows next_page on the sandbox's own host and sees the true count."""
    result = desk.zenpy().search('"US East"', type="ticket", status_less_than="solved")

    assert result.count == 150
    assert len({ticket.id for ticket in result}) == 150


def test_search_count(desk: Running) -> None:
    """search.count gives the number alone."""
    assert desk.zenpy().search.count("packet", type="ticket") == 150


def test_show_one_and_many(desk: Running) -> None:
    """Tickets are read by id; unknown ids are left out of show_many and are 404 alone."""
    client = desk.zenpy()

    assert client.tickets(id=48_201).subject == "US East packet loss 0"
    assert [ticket.id for ticket in client.tickets(ids=[48_201, 48_203, 99])] == [48_201, 48_203]
    with pytest.raises(RecordNotFoundException):
        client.tickets(id=99)


def test_tags_are_added_and_removed(desk: Running) -> None:
    """add_tags keeps what is there; delete_tags takes only what is named."""
    client = desk.zenpy()

    assert list(client.tickets.add_tags(48_201, ["inv-12"])) == ["vpn", "inv-12"]
    assert list(client.tickets.delete_tags(48_201, ["inv-12", "never"])) == ["vpn"]


def test_update_with_comment_and_status(desk: Running) -> None:
    """A minimal PUT changes only what it names and answers with an audit."""
    client = desk.zenpy()
    change = Ticket(id=48_202)
    change.comment = Comment(body="Looking into it", public=False)
    change.status = "open"

    audit = client.tickets.update(change)

    assert audit.ticket.status == "open"
    assert [(one.body, one.public) for one in client.tickets.comments(48_202)][-1] == ("Looking into it", False)


def test_stale_safe_update_is_409(desk: Running) -> None:
    """A stamp from before somebody else's change is refused."""
    client = desk.zenpy()
    mine, theirs = client.tickets(id=48_201), Ticket(id=48_201)
    desk.clock.advance(seconds=5)
    theirs.priority = "high"
    client.tickets.update(theirs)
    mine.status, mine.safe_update, mine.updated_stamp = "pending", "true", mine.updated_at

    with pytest.raises(APIException) as refused:
        client.tickets.update(mine)

    assert refused.value.response.status_code == 409
    assert refused.value.response.json()["error"] == "UpdateConflict"


def test_incidents_of_a_problem(desk: Running) -> None:
    """Linked incidents are listed under their problem."""
    client = desk.zenpy()
    problem, incident = Ticket(id=48_201), Ticket(id=48_202)
    problem.type = "problem"
    client.tickets.update(problem)
    incident.type, incident.problem_id = "incident", 48_201
    client.tickets.update(incident)

    assert [ticket.id for ticket in client.tickets.incidents(48_201)] == [48_202]


def test_bulk_update_is_a_job(desk: Running) -> None:
    """update([...]) is queued and tells of each row."""
    client = desk.zenpy()
    changes = [Ticket(id=48_201), Ticket(id=99)]
    for change in changes:
        change.priority = "low"

    job = client.tickets.update(changes)

    assert job.status == "queued" and job.total == 2


def test_incremental_leaves_out_the_last_minute(desk: Running) -> None:
    """Tickets changed in the last minute come with a later poll from the same cursor."""
    desk.control("ticket", {"subject": "fresh", "description": "just now"})
    client = desk.zenpy()
    first = client.tickets.incremental(start_time=1)
    listed = list(first)
    desk.clock.advance(seconds=61)

    later = list(client.tickets.incremental(cursor=first.after_cursor))

    assert len(listed) == 150
    assert [ticket.subject for ticket in later] == ["fresh"]


def test_export_by_cursor(desk: Running) -> None:
    """search_export walks all rows in the order of creation."""
    rows = list(desk.zenpy().search_export("packet", type="ticket"))

    assert [row.id for row in rows] == sorted(row.id for row in rows)
    assert len(rows) == 150


def test_the_thousandth_row_is_the_last() -> None:
    """Beyond 1,000 rows the answer is the 422 that zenpy knows, though count is true."""
    many = tuple(SeedTicket(f"slow {number}", "slow", minutes_ago=number) for number in range(1_001))
    limits = Limits(search_index=(1_000, 60))
    with running(Seed(tickets=many, limits=limits)) as desk:
        answer = desk.api("GET", "/search.json", params={"query": "type:ticket slow", "page": "11"})
        tenth = desk.api("GET", "/search", params={"query": "type:ticket slow", "page": "10"}).json()

    assert answer.status_code == 422
    assert answer.json() == {
        "error": "invalid",
        "description": "Invalid search: Requested response size was greater than Search Response Limits",
    }
    assert tenth["count"] == 1_001 and tenth["next_page"].endswith("page=11")
    assert issubclass(SearchResponseLimitExceeded, APIException)


def test_me_and_users(desk: Running) -> None:
    """The credentials act as the service user."""
    client = desk.zenpy()

    assert client.users.me().name == "Second Line"
    assert [user.id for user in client.users(ids=[4_000_002])] == [4_000_002]
