"""Tags of a Zendesk ticket: what is sent, what is not, and who wins a race."""

import pytest

from bot.tickets.desk import DeskError, TicketChanged
from bot.tickets.zendesk.desk import ZendeskDesk
from tests.tickets.zendesk.desk_server import DeskServer, Reply, ticket_row

SHOW_MANY, TAGS = "/api/v2/tickets/show_many.json", "/api/v2/tickets/5/tags.json"
STALE = Reply({"error": "UpdateConflict", "description": "stale"}, status=409)


def show(*rows: dict[str, object]) -> Reply:
    return Reply({"tickets": list(rows)})


async def test_add_tag_names_the_state_that_it_read(server: DeskServer, desk: ZendeskDesk) -> None:
    """The stamp goes back exactly as it came, so a change in between is refused by Zendesk."""
    server.on("GET", SHOW_MANY, show(ticket_row(5, updated_at="2026-03-02T09:00:00.123Z")))
    server.on("PUT", TAGS, Reply({"tags": ["inv-12"]}))

    await desk.add_tag(5, "inv-12")

    (request,) = server.seen("PUT", TAGS)
    assert request.body == {"tags": ["inv-12"], "updated_stamp": "2026-03-02T09:00:00.123Z", "safe_update": "true"}


async def test_a_lost_race_is_run_again_on_the_new_state(server: DeskServer, desk: ZendeskDesk) -> None:
    """After 409 the ticket is read again and its new stamp sent."""
    later = ticket_row(5, updated_at="2026-03-02T09:59:00Z", tags=["other"])
    server.on("GET", SHOW_MANY, show(ticket_row(5)), show(later))
    server.on("PUT", TAGS, STALE, Reply({"tags": ["other", "inv-12"]}))

    await desk.add_tag(5, "inv-12")

    assert [one.body["updated_stamp"] for one in server.seen("PUT", TAGS)] == [
        ticket_row(5)["updated_at"],
        later["updated_at"],
    ]


async def test_a_ticket_that_never_rests_is_ticket_changed(server: DeskServer, desk: ZendeskDesk) -> None:
    """A few tries, then the caller is told that trying later helps."""
    server.on("GET", SHOW_MANY, show(ticket_row(5)))
    server.on("PUT", TAGS, STALE)

    with pytest.raises(TicketChanged) as caught:
        await desk.add_tag(5, "inv-12")

    assert caught.value.retry
    assert len(server.seen("PUT", TAGS)) == 4


async def test_tags_that_are_right_already_are_not_written(server: DeskServer, desk: ZendeskDesk) -> None:
    """Adding what is there and removing what is not there are no errors and no requests; Zendesk lowers case."""
    server.on("GET", SHOW_MANY, show(ticket_row(5, tags=["inv-12"], status="closed")))

    await desk.add_tag(5, "INV-12")
    await desk.remove_tag(5, "inv-99")

    assert {request.method for request in server.requests} == {"GET"}


async def test_remove_tag_removes_only_that_one(server: DeskServer, desk: ZendeskDesk) -> None:
    """DELETE names the one tag and the state that was read."""
    server.on("GET", SHOW_MANY, show(ticket_row(5, tags=["inv-12", "vip"])))
    server.on("DELETE", TAGS, Reply(b"", status=204))

    await desk.remove_tag(5, "inv-12")

    (request,) = server.seen("DELETE", TAGS)
    assert request.body == {"tags": ["inv-12"], "updated_stamp": ticket_row(5)["updated_at"], "safe_update": "true"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (show(), "ticket 5 does not exist or was deleted"),
        (show(ticket_row(5, status="deleted")), "ticket 5 does not exist or was deleted"),
        (show(ticket_row(5, status="closed")), "ticket 5 is closed"),
    ],
)
async def test_a_ticket_that_cannot_be_tagged_says_why(
    server: DeskServer, desk: ZendeskDesk, answer: Reply, reason: str
) -> None:
    """Gone and closed tickets are final."""
    server.on("GET", SHOW_MANY, answer)

    with pytest.raises(DeskError, match=reason) as caught:
        await desk.add_tag(5, "inv-12")

    assert not caught.value.retry
    assert server.seen("PUT", TAGS) == []
