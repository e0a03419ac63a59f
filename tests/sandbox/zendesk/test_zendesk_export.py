"""The incremental export: what it gives, in which order, to whom, and how it misbehaves."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.sandbox.zendesk.seed import AGENTS, Seed, SeedTicket
from tests.sandbox.zendesk.desk_client import DeskClient, desk_client

EXPORT = "/incremental/tickets/cursor.json"
SEED = Seed(
    tickets=tuple(SeedTicket(f"number {number}", "help", minutes_ago=60.0 - number) for number in range(7)),
)
FIRST = Seed().first_ticket_id


@pytest.fixture
async def desk() -> AsyncIterator[DeskClient]:
    async with desk_client(SEED) as opened:
        yield opened


async def _page(desk: DeskClient, cursor: str = "", **more: object) -> Any:
    start: dict[str, object] = {"cursor": cursor} if cursor else {"start_time": 1}
    answered = await desk.get(f"{EXPORT}?{urlencode({**start, **more})}")
    assert answered.status == 200, answered.body
    return answered.body


def _ids(page: Any) -> list[int]:
    return [row["id"] - FIRST for row in page["tickets"]]


async def test_pages_follow_each_other_to_the_end(desk: DeskClient) -> None:
    """In the order of the system's last change; the last page says that it is."""
    pages = [await _page(desk, per_page=3)]
    while not pages[-1]["end_of_stream"]:
        pages.append(await _page(desk, pages[-1]["after_cursor"], per_page=3))

    assert [_ids(page) for page in pages] == [[0, 1, 2], [3, 4, 5], [6]]
    assert pages[0]["after_url"].endswith(f"cursor={pages[0]['after_cursor']}")
    assert _ids(await _page(desk, pages[-1]["after_cursor"])) == []


async def test_the_newest_minute_comes_later(desk: DeskClient) -> None:
    """However long ago the customer says to have written: the desk has it since now."""
    end = await _page(desk)
    desk.sandbox.desk.write_in(SeedTicket("late", "sent from a plane", minutes_ago=30))

    assert _ids(await _page(desk, end["after_cursor"])) == []
    desk.clock.advance(61)
    assert _ids(await _page(desk, end["after_cursor"])) == [7]


async def test_what_is_deleted_is_given_once_more(desk: DeskClient) -> None:
    """Then for good, without its texts; whoever wants none of it says so."""
    end = await _page(desk)
    desk.sandbox.desk.delete(FIRST + 2)
    desk.clock.advance(61)
    gone = await _page(desk, end["after_cursor"])
    desk.sandbox.desk.scrub(FIRST + 2)
    desk.clock.advance(61)
    scrubbed = await _page(desk, gone["after_cursor"])

    assert [(row["status"], row["subject"]) for row in gone["tickets"]] == [("deleted", "number 2")]
    assert [(row["status"], row["description"]) for row in scrubbed["tickets"]] == [("deleted", "SCRUBBED")]
    assert _ids(await _page(desk, exclude_deleted="true")) == [0, 1, 3, 4, 5, 6]
    assert (await desk.get(f"/tickets/{FIRST + 2}.json")).status == 404


async def test_what_the_system_touches_is_given_again(desk: DeskClient) -> None:
    """As it was: only the generated timestamp has moved."""
    first = await _page(desk)
    desk.sandbox.desk.restate(FIRST + 1)
    desk.clock.advance(61)
    again = await _page(desk, first["after_cursor"])

    before, after = first["tickets"][1], again["tickets"][0]
    assert after["generated_timestamp"] > before["generated_timestamp"]
    assert {**after, "generated_timestamp": 0} == {**before, "generated_timestamp": 0}


async def test_told_to_it_repeats_the_end_of_the_page_before(desk: DeskClient) -> None:
    await desk.ask("POST", "/control/export", {"repeats": 2})
    first = await _page(desk, per_page=3)
    second = await _page(desk, first["after_cursor"], per_page=4)

    assert (_ids(first), _ids(second)) == ([0, 1, 2], [1, 2, 3, 4])


async def test_a_cursor_can_die(desk: DeskClient) -> None:
    """Those that were given out before are refused; begun anew it goes on. A made-up one is refused too."""
    first = await _page(desk, per_page=3)
    await desk.ask("POST", "/control/export", {"cursors_die": True})
    dead = await desk.get(f"{EXPORT}?cursor={first['after_cursor']}")
    made_up = await desk.get(f"{EXPORT}?cursor=MTc2NDUwMA")
    desk.clock.advance(1)

    assert [(each.status, each.body["error"]) for each in (dead, made_up)] == [
        (400, "InvalidPaginationParameter"),
        (400, "InvalidPaginationParameter"),
    ]
    begun = await _page(desk, per_page=3)
    assert _ids(await _page(desk, begun["after_cursor"])) == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("start", "error"), [("", "StartTimeMissing"), ("soon", "StartTimeMissing"), ("now", "StartTimeTooRecent")]
)
async def test_it_begins_a_minute_ago_or_earlier(desk: DeskClient, start: str, error: str) -> None:
    begins = str(int(desk.clock().timestamp()) - 59) if start == "now" else start
    answered = await desk.get(f"{EXPORT}?start_time={begins}")

    assert (answered.status, answered.body["error"]) == (400, error)


async def test_only_admins_may_export() -> None:
    """An agent searches and may not export: the refusal is of another shape than the others."""
    async with desk_client(replace(SEED, acting_user_id=AGENTS[1].id)) as desk:
        refused = await desk.get(f"{EXPORT}?start_time=1")
        found = await desk.search("type:ticket number")

    assert refused.status == 403 and refused.body["error"]["title"] == "Forbidden"
    assert len(found) == 7


async def test_the_right_can_be_taken_and_given(desk: DeskClient) -> None:
    await desk.ask("POST", "/control/export", {"admin": False})
    refused = await desk.get(f"{EXPORT}?start_time=1")
    await desk.ask("POST", "/control/export", {"admin": True})

    assert refused.status == 403
    assert _ids(await _page(desk))


async def test_a_token_needs_the_scope(desk: DeskClient) -> None:
    token = (await desk.grant(scope="users:read")).body["access_token"]
    refused = await desk.get(f"{EXPORT}?start_time=1", Authorization=f"Bearer {token}")

    assert (refused.status, refused.body["error"]) == (403, "Forbidden")


async def test_ten_requests_a_minute_and_not_one_more(desk: DeskClient) -> None:
    """The refusal is of the export alone, says how long, and ends by itself."""
    for _ in range(10):
        await _page(desk)
    refused = await desk.get(f"{EXPORT}?start_time=1")

    assert (refused.status, refused.headers["retry-after"]) == (429, "60")
    assert refused.headers["zendesk-ratelimit-incremental-exports"] == "total=10; remaining=0; resets=60"
    assert (await desk.get("/search.json?query=type:ticket")).status == 200
    desk.clock.advance(60)
    assert _ids(await _page(desk))


async def test_people_come_beside_their_tickets(desk: DeskClient) -> None:
    page = await _page(desk, include="users")

    assert {each["id"] for each in page["users"]} == {row["requester_id"] for row in page["tickets"]}


async def test_away_it_answers_nobody_and_has_all_of_it_afterwards(desk: DeskClient) -> None:
    """What customers write meanwhile is there."""
    end = await _page(desk)
    desk.sandbox.away_until = desk.clock() + timedelta(hours=1)
    desk.clock.advance(minutes=30)
    desk.sandbox.desk.write_in(SeedTicket("meanwhile", "is anybody there?"))
    away = await desk.get(f"{EXPORT}?cursor={end['after_cursor']}")
    desk.clock.advance(minutes=30)

    assert away.status == 503
    assert _ids(await _page(desk, end["after_cursor"])) == [7]
