"""Reading and writing tickets in the Zendesk sandbox."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.zendesk.covered import COVERED
from bot.sandbox.zendesk.seed import TIER1_AGENT, Seed, SeedTicket
from bot.sandbox.zendesk.server import ZendeskSandbox
from tests.fake_clock import FakeClock
from tests.sandbox.zendesk.desk_client import DeskClient, desk_client

SEED = Seed(
    tickets=(
        SeedTicket("A problem", "many report it", minutes_ago=50, type="problem", tags=("vpn",)),
        SeedTicket("One of many", "for me too", minutes_ago=40),
        SeedTicket("Another", "and me", minutes_ago=30),
        SeedTicket("Long gone", "old", minutes_ago=20, status="closed", assignee_id=4_000_002),
    ),
    job_delay_s=0.0,
)
PROBLEM, FIRST, SECOND, CLOSED = 48_201, 48_202, 48_203, 48_204


@pytest.fixture
async def desk() -> AsyncIterator[DeskClient]:
    async with desk_client(SEED) as client:
        yield client


async def _update(desk: DeskClient, ticket_id: int, **fields: Any) -> Any:
    return (await desk.put(f"/tickets/{ticket_id}.json", {"ticket": fields})).body


def test_the_list_of_what_is_covered_is_true() -> None:
    """covered.py names exactly the endpoints that exist."""
    sandbox = ZendeskSandbox(clock=FakeClock(), seed=Seed())

    assert sorted(COVERED) == sorted(sandbox.covered())


async def test_a_ticket_has_zendesks_keys(desk: DeskClient) -> None:
    """Times have whole seconds and a Z; the url is the API's address on the host that was asked."""
    ticket = (await desk.get(f"/tickets/{PROBLEM}")).body["ticket"]

    assert ticket["created_at"] == "2026-11-20T08:22:00Z" and ticket["tags"] == ["vpn"]
    assert ticket["url"].startswith("http://127.0.0.1:") and ticket["url"].endswith(
        "/zendesk/api/v2/tickets/48201.json"
    )
    assert {"raw_subject", "via", "generated_timestamp", "custom_fields", "is_public", "brand_id"} <= set(ticket)


@pytest.mark.parametrize(
    ("path", "error"),
    [("/tickets/1", "RecordNotFound"), ("/views", "InvalidEndpoint"), ("/tickets/48201/merge.json", "InvalidEndpoint")],
)
async def test_what_is_not_there(desk: DeskClient, path: str, error: str) -> None:
    """A missing record and a missing endpoint have different errors."""
    answer = await desk.get(path)

    assert (answer.status, answer.body) == (404, {"error": error, "description": "Not found"})


async def test_more_than_a_hundred_ids_are_too_many(desk: DeskClient) -> None:
    """show_many takes 100 ids at most."""
    answer = await desk.get(f"/tickets/show_many.json?ids={','.join(map(str, range(1, 102)))}")

    assert (answer.status, answer.body["error"]) == (400, "TooManyValues")


async def test_create_with_an_external_id_and_find_it(desk: DeskClient) -> None:
    """A ticket that was created can be looked up by the external id before a retry."""
    body = {"ticket": {"subject": "New", "comment": {"body": "text"}, "external_id": "inv-1/3", "tags": ["A b", "c"]}}
    created = await desk.ask("POST", "/api/v2/tickets.json", body)
    by_id = (await desk.get("/tickets.json?external_id=inv-1/3")).body

    assert created.status == 201 and created.headers["location"].endswith(f"{created.body['ticket']['id']}.json")
    assert [ticket["id"] for ticket in by_id["tickets"]] == [created.body["ticket"]["id"]]
    assert by_id["tickets"][0]["tags"] == ["a", "b", "c"]


async def test_public_follows_the_last_comment_when_absent(desk: DeskClient) -> None:
    """Who leaves `public` out gets what the comment before had."""
    await _update(desk, FIRST, comment={"body": "internal", "public": False})
    await _update(desk, FIRST, comment={"body": "and this?"})
    comments = (await desk.get(f"/tickets/{FIRST}/comments.json?sort=-created_at&page[size]=2")).body["comments"]

    assert [(comment["body"], comment["public"]) for comment in comments] == [("and this?", False), ("internal", False)]


async def test_comments_by_pages(desk: DeskClient) -> None:
    """Ascending by default, by cursor from the first to the last."""
    for number in range(4):
        await _update(desk, FIRST, comment={"body": f"note {number}", "public": False})
    first = (await desk.get(f"/tickets/{FIRST}/comments?page[size]=3")).body
    second = (
        await desk.get(f"/tickets/{FIRST}/comments?page[size]=3&page[after]={first['meta']['after_cursor']}")
    ).body

    assert first["meta"]["has_more"] and not second["meta"]["has_more"]
    bodies = [comment["body"] for comment in first["comments"] + second["comments"]]
    assert bodies == ["for me too", "note 0", "note 1", "note 2", "note 3"]


async def test_tags_add_set_remove_and_replace(desk: DeskClient) -> None:
    """PUT adds, POST sets, DELETE removes, and `tags` in an update replaces."""
    path = f"/api/v2/tickets/{PROBLEM}/tags.json"
    added = await desk.ask("PUT", path, {"tags": ["inv-1"]})
    removed = await desk.ask("DELETE", path, {"tags": ["vpn", "never"]})
    put = await desk.ask("POST", path, {"tags": ["x"]})
    replaced = await _update(desk, PROBLEM, tags=["y"])
    mixed = await _update(desk, PROBLEM, additional_tags=["z"], remove_tags=["y"])

    assert [added.body["tags"], removed.body["tags"], put.body["tags"]] == [["vpn", "inv-1"], ["inv-1"], ["x"]]
    assert [replaced["ticket"]["tags"], mixed["ticket"]["tags"]] == [["y"], ["z"]]


async def test_safe_tags_refuse_a_stale_stamp(desk: DeskClient) -> None:
    """With safe_update and the stamp from before another change: 409; with the fresh one: done."""
    path = f"/api/v2/tickets/{PROBLEM}/tags.json"
    before = (await desk.get(f"/tickets/{PROBLEM}")).body["ticket"]["updated_at"]
    desk.clock.advance(seconds=2)
    after = (await _update(desk, PROBLEM, priority="high"))["ticket"]["updated_at"]
    stale = await desk.ask("PUT", path, {"tags": ["a"], "safe_update": "true", "updated_stamp": before})
    fresh = await desk.ask("PUT", path, {"tags": ["a"], "safe_update": "true", "updated_stamp": after})

    assert (stale.status, stale.body["error"]) == (409, "UpdateConflict")
    assert fresh.body["tags"] == ["vpn", "a"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": "done"}, "Status: done is not valid"),
        ({"priority": "p0"}, "Priority: p0 is not valid"),
        ({"comment": {"body": "  "}}, "Comment: cannot be blank"),
        ({"subject": "x" * 256}, "Subject: is too long"),
        ({"type": "incident", "problem_id": 48_203}, "Problem: is not a problem ticket"),
    ],
)
async def test_wrong_values_are_422(desk: DeskClient, fields: dict[str, Any], said: str) -> None:
    """Validation errors name the field, and nothing is changed."""
    answer = await desk.put(f"/tickets/{FIRST}", {"ticket": fields})

    assert (answer.status, answer.body["error"]) == (422, "RecordInvalid")
    assert said in str(answer.body["details"])
    assert (await desk.get(f"/tickets/{FIRST}")).body["ticket"]["status"] == "new"


async def test_closed_is_final(desk: DeskClient) -> None:
    """A closed ticket takes no update and no tag."""
    update = await desk.put(f"/tickets/{CLOSED}", {"ticket": {"status": "open"}})
    tags = await desk.put(f"/tickets/{CLOSED}/tags", {"tags": ["x"]})

    assert (update.status, tags.status) == (422, 422)
    assert "closed prevents ticket update" in str(update.body)


async def test_solving_a_problem_solves_its_incidents(desk: DeskClient) -> None:
    """And the solving comment, even an internal one, is copied onto those not yet solved."""
    for ticket_id in (FIRST, SECOND):
        await _update(desk, ticket_id, type="incident", problem_id=PROBLEM)
    await _update(desk, SECOND, status="solved")
    await _update(desk, PROBLEM, status="solved", comment={"body": "fixed by restart", "public": False})
    incidents = (await desk.get(f"/tickets/{PROBLEM}/incidents.json")).body["tickets"]
    related = (await desk.get(f"/tickets/{PROBLEM}/related.json")).body
    counts = [(await desk.get(f"/tickets/{one}/comments.json")).body["count"] for one in (FIRST, SECOND)]

    assert [ticket["status"] for ticket in incidents] == ["solved", "solved"]
    assert related["incidents"] == 2
    assert counts == [2, 1]


async def test_update_many_tells_of_each_row(desk: DeskClient) -> None:
    """The job is queued first; its rows say which failed and why."""
    body = {"ticket": {"additional_tags": ["inv-1"]}}
    job = (await desk.put(f"/tickets/update_many.json?ids={FIRST},{CLOSED},77", body)).body["job_status"]
    done: list[Any] = []

    async def poll() -> None:
        while not done:
            status = (await desk.get(f"/job_statuses/{job['id']}.json")).body["job_status"]
            done.extend([status] if status["status"] == "completed" else [])

    await asyncio.wait_for(poll(), 5)

    assert (job["status"], job["total"], job["results"]) == ("queued", 3, None)
    assert [row["success"] for row in done[0]["results"]] == [True, False, False]
    assert "closed" in done[0]["results"][1]["errors"] and done[0]["results"][2]["error"] == "RecordNotFound"


async def test_etag_and_304(desk: DeskClient) -> None:
    """A read carries a weak ETag, and a conditional one of the same state has no body."""
    first = await desk.get(f"/tickets/{FIRST}")
    second = await desk.get(f"/tickets/{FIRST}", **{"If-None-Match": first.headers["etag"]})

    assert first.headers["etag"].startswith('W/"')
    assert (second.status, second.body) == (304, "")


async def test_macros_change_nothing(desk: DeskClient) -> None:
    """apply shows what the macro would do."""
    ticket_row = (await desk.get(f"/tickets/{FIRST}/macros/902/apply.json")).body["result"]["ticket"]

    assert ticket_row["status"] == "solved"
    assert (await desk.get(f"/tickets/{FIRST}")).body["ticket"]["status"] == "new"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [("{", "application/json", 400), ("[]", "application/json", 400), ('{"ticket": {}}', "text/plain", 415)],
)
async def test_bodies_that_are_no_json_object(desk: DeskClient, body: str, content_type: str, status: int) -> None:
    """What can't be read is refused with its own status."""
    headers = {"Authorization": desk.authorization, "Content-Type": content_type}
    answer = await desk.http.put(f"/zendesk/api/v2/tickets/{FIRST}", data=body, headers=headers)

    assert answer.status == status


async def test_faults_happen_as_often_as_they_are_told(desk: DeskClient) -> None:
    """A status with Retry-After, then everything is well again."""
    fault = {"match": "/api/v2/tickets", "method": "GET", "times": 1, "status": 503, "retry_after": 5}
    await desk.ask("POST", "/control/fault", fault)
    failed, fine = await desk.get(f"/tickets/{FIRST}"), await desk.get(f"/tickets/{FIRST}")

    assert (failed.status, failed.headers["retry-after"], fine.status) == (503, "5", 200)


@pytest.mark.parametrize(("fault", "tags"), [("lose_answer", ["inv-1"]), ("cut", [])])
async def test_lost_answers_and_cut_connections(desk: DeskClient, fault: str, tags: list[str]) -> None:
    """Both end without an answer; only lose_answer has done the work."""
    await desk.ask("POST", "/control/fault", {"match": "/tags", fault: True})
    with pytest.raises(aiohttp.ClientConnectionError):
        # Not a method that the client repeats by itself.
        await desk.ask("POST", f"/api/v2/tickets/{FIRST}/tags", {"tags": ["inv-1"]})

    assert (await desk.get(f"/tickets/{FIRST}/tags")).body["tags"] == tags


async def test_a_wrong_fault_is_refused(desk: DeskClient) -> None:
    """A misspelt key is not ignored."""
    answer = await desk.ask("POST", "/control/fault", {"match": "/tags", "time": 2})

    assert answer.status == 400 and "times" in answer.body["error"]


async def test_the_log_shows_what_was_asked(desk: DeskClient) -> None:
    """Method, path, query, body and status; the token endpoint's secret is not in it."""
    await desk.grant()
    await desk.put(f"/tickets/{FIRST}/tags?x=1", {"tags": ["a"]})
    requests = (await desk.ask("GET", "/control/log")).body["requests"]

    assert requests[0]["path"] == "/zendesk/oauth/tokens" and requests[0]["json"] is None
    assert requests[1] == {
        "method": "PUT",
        "path": f"/zendesk/api/v2/tickets/{FIRST}/tags",
        "query": {"x": "1"},
        "json": {"tags": ["a"]},
        "status": 200,
    }


async def test_a_customer_writes_in(desk: DeskClient) -> None:
    """The control makes a ticket with its own time, and shows it with its comments."""
    body = {"subject": "US East", "description": "drops", "minutes_ago": 5, "tags": ["vpn"], "name": "Mina"}
    made = await desk.ask("POST", "/control/ticket", body)
    ticket_row = (await desk.ask("GET", f"/control/tickets/{made.body['id']}")).body

    assert made.status == 201
    assert ticket_row["ticket"]["created_at"] == "2026-11-20T09:07:00Z"
    assert [comment["body"] for comment in ticket_row["comments"]] == ["drops"]


async def test_the_agents_page_escapes_everything(desk: DeskClient) -> None:
    """The page of a hostile ticket shows its text and runs nothing."""
    text = "<script>alert(1)</script> \u202e <!channel>"
    made = await desk.ask("POST", "/control/ticket", {"subject": text, "description": text, "name": "<b>Bo</b>"})
    page = await desk.ask("GET", f"/agent/tickets/{made.body['id']}")

    assert page.status == 200 and "text/html" in page.headers["content-type"]
    assert "<script" not in page.body and "<b>" not in page.body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.body


async def test_a_comment_keeps_what_its_client_noted(desk: DeskClient) -> None:
    """Custom metadata of an update are shown with its comment and its audit, and with no other."""
    noted = {"custom": {"secondline": "r7"}}
    body = await _update(desk, FIRST, comment={"body": "one", "public": True}, metadata=noted)
    await _update(desk, FIRST, comment={"body": "two", "public": True})
    comments = (await desk.get(f"/tickets/{FIRST}/comments")).body["comments"]

    assert [comment["metadata"]["custom"] for comment in comments] == [{}, noted["custom"], {}]
    assert body["audit"]["metadata"]["custom"] == noted["custom"]
    assert (await desk.put(f"/tickets/{FIRST}", {"ticket": {"metadata": {"custom": "r7"}}})).status == 400


async def test_macros_by_pages_and_active_ones_only(desk: DeskClient) -> None:
    """The same cursor as everywhere; a placeholder is filled in for the ticket's own customer."""
    first = (await desk.get("/macros.json?active=true&page[size]=3")).body
    rest = (await desk.get(f"/macros.json?active=true&page[size]=3&page[after]={first['meta']['after_cursor']}")).body
    ticket_row = (await desk.get(f"/tickets/{FIRST}/macros/902/apply.json")).body["result"]["ticket"]["comment"]

    assert [len(first["macros"]), len(rest["macros"])] == [3, 3] and not rest["meta"]["has_more"]
    assert (ticket_row["body"], ticket_row["public"]) == ("Hello Customer, this works again.", True)
    assert (await desk.get("/macros.json?active=maybe")).status == 400


async def test_placeholders_in_comments_are_filled_in_with_an_agents_rights(desk: DeskClient) -> None:
    """Which is why text from outside must not hold any: this one shows the customer an internal note."""
    await _update(desk, FIRST, comment={"body": "our own mistake", "public": False})
    await _update(desk, FIRST, comment={"body": "Fixed: {{ticket.comments}}{{ticket.unknown}}", "public": True})
    last = (await desk.get(f"/tickets/{FIRST}/comments")).body["comments"][-1]

    assert last["body"] == "Fixed: for me too\nour own mistake"


async def test_what_others_do_meanwhile(desk: DeskClient) -> None:
    """The control closes, merges and deletes tickets, and writes as an agent."""
    await desk.ask("POST", f"/control/tickets/{FIRST}", {"comment": {"body": "hi", "public": True}, "status": "solved"})
    await desk.ask("POST", f"/control/tickets/{FIRST}", {"closed": True})
    await desk.ask("POST", f"/control/tickets/{SECOND}", {"merged_into": PROBLEM})
    await desk.ask("POST", f"/control/tickets/{PROBLEM}", {"deleted": True})
    first, second = [(await desk.get(f"/tickets/{number}")).body["ticket"] for number in (FIRST, SECOND)]

    assert (first["status"], first["assignee_id"]) == ("closed", 4_000_002)
    assert (second["status"], second["tags"]) == ("closed", ["closed_by_merge"])
    assert (await desk.get(f"/tickets/{PROBLEM}")).status == 404
    assert await desk.search("problem") == []


async def test_a_status_after_the_work_was_done(desk: DeskClient) -> None:
    """As a proxy in front of Zendesk may answer: 502, and the comment is there."""
    await desk.ask("POST", "/control/fault", {"match": "/tickets/", "method": "PUT", "status": 502, "acts": True})
    answer = await desk.put(f"/tickets/{FIRST}", {"ticket": {"comment": {"body": "hi", "public": True}}})

    assert answer.status == 502
    assert len((await desk.get(f"/tickets/{FIRST}/comments")).body["comments"]) == 2


async def test_groups_and_who_may_have_a_ticket(desk: DeskClient) -> None:
    """A ticket is in a group that exists, and its assignee is one of its members (zenpy issue 628)."""
    groups = (await desk.get("/groups.json")).body["groups"]
    assert [group["name"] for group in groups] == ["Tier 1", "T2 Tech", "T2 CS"]
    assert (await desk.get("/groups.json?page[size]=2")).body["meta"]["has_more"] is True

    moved = await _update(desk, FIRST, group_id=groups[1]["id"])
    assert moved["ticket"]["group_id"] == groups[1]["id"]
    pat = TIER1_AGENT.id
    refused = await _update(desk, FIRST, assignee_id=pat, status="open")
    assert refused["details"]["assignee"][1] == {"description": "Assignee: is not a member of the group"}
    assert (await _update(desk, FIRST, assignee_id=pat, group_id=groups[0]["id"]))["ticket"]["assignee_id"] == pat
    kept = await _update(desk, FIRST, group_id=groups[1]["id"])
    assert "assignee" in kept["details"], "it has to be taken off together with the move"
    assert "group" in (await _update(desk, FIRST, group_id=77))["details"]
    assert "assignee" in (await _update(desk, FIRST, assignee_id=5_000_001))["details"]
    ticket = (await desk.get(f"/tickets/{FIRST}.json")).body["ticket"]
    assert (ticket["group_id"], ticket["assignee_id"]) == (groups[0]["id"], pat)
