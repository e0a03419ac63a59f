"""Issues, versions, access and webhooks of the Jira sandbox."""

import hashlib
import hmac
from typing import Any

import pytest

from bot.sandbox.jira.adf import document, plain
from bot.sandbox.jira.seed import EMAIL, PEOPLE, Limits, Seed
from bot.sandbox.jira.server import JiraSandbox
from tests.eventually import eventually
from tests.fake_clock import FakeClock
from tests.sandbox.jira.conftest import SEED, Hub, basic
from tests.sandbox.rest_client import rest_client

ISSUE = "/rest/api/3/issue"


def fields(**more: Any) -> dict[str, Any]:
    return {"fields": {"project": {"key": "VPN"}, "issuetype": {"name": "Bug"}, "summary": "New", **more}}


def test_a_document_has_the_marks_of_its_text() -> None:
    """And no signs of them: whoever reads it as plain text sees words alone."""
    [paragraph] = document("Choose *US West* or **US East 1**, see `here` and [there](https://t.test); 2 * 3 * 4")[
        "content"
    ]

    assert [(each["text"], [mark["type"] for mark in each.get("marks", [])]) for each in paragraph["content"]] == [
        ("Choose ", []),
        ("US West", ["em"]),
        (" or ", []),
        ("US East 1", ["strong"]),
        (", see ", []),
        ("here", ["code"]),
        (" and ", []),
        ("there", ["link"]),
        ("; 2 * 3 * 4", []),
    ]


async def test_an_issue_is_made_and_read(hub: Hub) -> None:
    """201 with id, key and self; a document comes back as it was sent."""
    text = document("## Symptoms\n\n- a **b** `c`\n\n```\nlog\n```")
    sent = fields(description=text, labels=["inv-12"], priority={"name": "High"}, fixVersions=[{"name": "8.4.1"}])
    made = await hub.client.post(ISSUE, sent)
    read = (await hub.client.get(f"{ISSUE}/{made.body['key']}")).body["fields"]

    assert (made.status, set(made.body)) == (201, {"id", "key", "self"})
    assert (read["description"], read["labels"]) == (text, ["inv-12"])
    assert (read["priority"]["name"], read["reporter"]["displayName"]) == ("High", "Second Line")


async def test_people_are_found_and_assigned(hub: Hub) -> None:
    """By their account; null is nobody, an unknown one is refused."""
    people = (await hub.client.get("/rest/api/3/user/assignable/search?project=VPN&maxResults=100")).body
    account = people[-1]["accountId"]

    async def assigned(to: str | None) -> tuple[int, Any]:
        status = (await hub.client.ask("PUT", f"{ISSUE}/VPN-1/assignee", {"accountId": to})).status
        return status, (await hub.client.get(f"{ISSUE}/VPN-1")).body["fields"]["assignee"]

    status, assignee = await assigned(account)
    assert (status, assignee["accountId"]) == (204, account)
    assert await assigned(None) == (204, None)
    assert (await assigned("nobody"))[0] == 400
    assert (await hub.client.get("/rest/api/3/user/assignable/search?project=NOPE")).status == 404


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"summary": ""}, "summary"),
        ({"summary": "a\nb"}, "summary"),
        ({"summary": "s" * 256}, "summary"),
        ({"project": {"key": "NOPE"}}, "project"),
        ({"issuetype": {"name": "Epic"}}, "issuetype"),
        ({"description": "plain text"}, "description"),
        ({"description": document("a" * 32_768)}, "description"),
        ({"labels": ["two words"]}, "labels"),
        ({"priority": {"name": "P0"}}, "priority"),
        ({"fixVersions": [{"name": "9"}]}, "fixVersions"),
        ({"duedate": "24.12.2026"}, "duedate"),
        ({"severity": "high"}, "severity"),
        ({"customfield_10053": {"value": "Maybe"}}, "customfield_10053"),
    ],
)
async def test_a_field_that_is_wrong_is_named(hub: Hub, changed: dict[str, Any], field: str) -> None:
    """400 with one line for the field, and nothing is made."""
    answer = await hub.client.post(ISSUE, fields(**changed))

    assert answer.status == 400 and list(answer.body["errors"]) == [field]
    assert (await hub.client.get(f"{ISSUE}/VPN-4")).status == 404


@pytest.mark.parametrize(
    "body",
    [
        "text",
        {"type": "doc", "content": []},
        {"type": "doc", "version": 1, "content": [{"type": "text", "text": "bare"}]},
        {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": ""}]}]},
        {"type": "doc", "version": 1, "content": [{"type": "bulletList", "content": []}]},
        {"type": "doc", "version": 1, "content": [{"type": "heading", "content": [{"type": "text", "text": "a"}]}]},
        {"type": "doc", "version": 1, "content": [{"type": "marquee"}]},
    ],
)
async def test_a_comment_that_is_no_document_is_refused(hub: Hub, body: Any) -> None:
    """Jira looks at every node."""
    answer = await hub.client.post(f"{ISSUE}/VPN-1/comment", {"body": body})

    assert (answer.status, answer.body["errors"]) == (400, {"comment": "Comment body is not valid!"})


async def test_comments_come_oldest_or_newest_first(hub: Hub) -> None:
    """And a page of them, with the total."""
    for text in ("one", "two"):
        assert (await hub.client.post(f"{ISSUE}/VPN-1/comment", {"body": document(text)})).status == 201
    oldest = (await hub.client.get(f"{ISSUE}/VPN-1/comment")).body
    newest = (await hub.client.get(f"{ISSUE}/VPN-1/comment?orderBy=-created&maxResults=1")).body

    assert [plain(one["body"]) for one in oldest["comments"]] == ["one", "two"]
    assert ([plain(one["body"]) for one in newest["comments"]], newest["total"]) == (["two"], 2)


async def test_properties_change_nothing_that_people_see(hub: Hub) -> None:
    """201 when new, 200 when changed; the issue's time stays."""
    before = (await hub.client.get(f"{ISSUE}/VPN-1")).body["fields"]["updated"]
    hub.clock.advance(minutes=1)
    place = f"{ISSUE}/VPN-1/properties/secondline"
    statuses = [(await hub.client.ask("PUT", place, {"inv": number})).status for number in (1, 2)]

    assert statuses == [201, 200]
    assert (await hub.client.get(place)).body == {"key": "secondline", "value": {"inv": 2}}
    assert (await hub.client.get(f"{ISSUE}/VPN-1")).body["fields"]["updated"] == before
    assert (await hub.client.ask("DELETE", place)).status == 204 and (await hub.client.get(place)).status == 404


async def test_a_transition_that_is_offered_works(hub: Hub) -> None:
    """204, and what is done is resolved; one that is not offered is 400."""
    offered = (await hub.client.get(f"{ISSUE}/VPN-1/transitions")).body["transitions"]
    done = next(one["id"] for one in offered if one["to"]["statusCategory"]["key"] == "done")
    answer = await hub.client.post(f"{ISSUE}/VPN-1/transitions", {"transition": {"id": done}})
    read = (await hub.client.get(f"{ISSUE}/VPN-1?fields=status,resolution")).body["fields"]

    assert (answer.status, read["status"]["name"], read["resolution"]["name"]) == (204, "Done", "Done")
    assert (await hub.client.post(f"{ISSUE}/VPN-1/transitions", {"transition": {"id": done}})).status == 400


async def test_a_moved_issue_answers_under_both_keys(hub: Hub) -> None:
    """With the same id and the new key; one that was deleted is 404."""
    assert hub.sandbox.move_issue("VPN-1", "OPS") == "OPS-1"
    hub.sandbox.delete_issue("VPN-2")
    old, new = await hub.client.get(f"{ISSUE}/VPN-1"), await hub.client.get(f"{ISSUE}/OPS-1")

    assert (old.body["key"], old.body["id"]) == ("OPS-1", new.body["id"])
    assert await hub.keys("key = VPN-1") == ["OPS-1"]
    assert (await hub.client.get(f"{ISSUE}/VPN-2")).status == 404


async def test_a_version_that_moves_or_is_released_updates_no_issue(hub: Hub) -> None:
    """As on the real one: only what is embedded is new."""
    before = (await hub.client.get(f"{ISSUE}/VPN-1")).body["fields"]
    hub.clock.advance(hours=1)
    hub.sandbox.move_version("8.4.1", "2026-12-24")
    hub.sandbox.release_version("8.4.1")
    after = (await hub.client.get(f"{ISSUE}/VPN-1")).body["fields"]
    released = (await hub.client.get("/rest/api/3/project/VPN/version?status=released&orderBy=-releaseDate")).body

    assert after["updated"] == before["updated"]
    assert (after["fixVersions"][0]["releaseDate"], after["fixVersions"][0]["released"]) == ("2026-12-24", True)
    assert [one["name"] for one in released["values"]] == ["8.4.1", "8.4.0"]


@pytest.mark.parametrize(
    "authorization", ["", "Bearer x", basic(EMAIL, "wrong"), basic("nobody@x.example", ""), "Basic !"]
)
async def test_without_a_token_there_is_nothing(hub: Hub, authorization: str) -> None:
    """401, and the header that says why."""
    answer = await hub.client.get("/rest/api/3/myself", Authorization=authorization)

    assert answer.status == 401 and answer.headers["x-seraph-loginreason"] in ("OUT", "AUTHENTICATED_FAILED")


async def test_a_burst_is_429_until_the_next_second() -> None:
    """With Retry-After; a user without permission may read and not write."""
    clock = FakeClock()
    seed = Seed(projects=SEED.projects, limits=Limits(reads=2), locked=frozenset({EMAIL}))
    token = seed.tokens[EMAIL]
    async with rest_client(
        JiraSandbox(clock=clock, seed=seed).routes(), {"Authorization": basic(EMAIL, token)}
    ) as client:
        statuses = [(await client.get(f"{ISSUE}/VPN-1")).status for _ in range(2)]
        refused = await client.get(f"{ISSUE}/VPN-1")
        clock.advance(seconds=1)
        written = await client.post(ISSUE, fields())

    assert (statuses, refused.status, refused.headers["retry-after"]) == ([200, 200], 429, "1")
    assert written.status == 403


async def test_webhooks_are_signed_and_tell_what_changed(hub: Hub) -> None:
    """Texts are wiki notation there, and a release tells of its version."""
    hub.sandbox.set_webhook(hub.client.hook_url, "secret")
    hub.sandbox.set_status("VPN-1", "In Progress")
    hub.sandbox.release_version("8.4.1")
    heard = hub.client.heard
    await eventually(lambda: len(heard) == 2)
    digest = hmac.new(b"secret", heard[0].raw, hashlib.sha256).hexdigest()

    assert heard[0].headers["X-Hub-Signature"] == f"sha256={digest}"
    assert heard[0].body["webhookEvent"] == "jira:issue_updated"
    assert heard[0].body["changelog"]["items"][0]["toString"] == "In Progress"
    assert heard[0].body["issue"]["fields"]["description"] == "h2. Symptoms\n\n* *Loss*"
    assert (heard[1].body["webhookEvent"], heard[1].body["version"]["released"]) == ("jira:version_released", True)


async def test_a_webhook_that_fails_comes_again(hub: Hub) -> None:
    """With the same identifier and body, and the number of the try."""
    hub.client.hook_status.extend([503, 500])
    hub.sandbox.set_webhook(hub.client.hook_url)
    hub.sandbox.assign("VPN-1", PEOPLE[1].name)
    await eventually(lambda: len(hub.client.heard) == 3)
    heard = hub.client.heard

    assert [one.headers["X-Atlassian-Webhook-Retry"] for one in heard] == ["0", "1", "2"]
    assert len({(one.headers["X-Atlassian-Webhook-Identifier"], one.raw) for one in heard}) == 1


async def test_faults_and_acts_by_control(hub: Hub) -> None:
    """Told to fail, it fails in Jira's shape; an act works by its name."""
    await hub.client.post("/control/fault", {"match": "/issue/", "status": 429, "retry_after": 3})
    refused = await hub.client.get(f"{ISSUE}/VPN-1")
    key = (await hub.client.post("/control/open_issue", {"summary": "Tunnel drops"})).body["result"]

    assert (refused.status, refused.headers["retry-after"]) == (429, "3")
    assert refused.body == {"errorMessages": ["Rate limit exceeded."], "errors": {}}
    assert (await hub.client.get(f"{ISSUE}/{key}")).body["fields"]["summary"] == "Tunnel drops"
