"""Issues of the GitHub sandbox: listing, reading, writing, moving."""

from typing import Any

import pytest

from tests.sandbox.github.conftest import Hub

APP = "/repos/harbor-vpn/app"


def numbers(rows: list[dict[str, Any]]) -> list[int]:
    return [row["number"] for row in rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [4, 2, 1]),
        ("?state=all", [4, 3, 2, 1]),
        ("?state=all&sort=updated&direction=asc", [4, 1, 3, 2]),
        ("?state=all&since=2026-11-18T09:12:00Z", [3, 2]),
        ("?labels=bug,p1", [1]),
        ("?milestone=1", [1]),
        ("?milestone=none", [4, 2]),
    ],
)
async def test_issues_are_listed(hub: Hub, query: str, expected: list[int]) -> None:
    """Open ones, newest first, unless it is asked for otherwise; `since` includes its own second."""
    answer = await hub.client.get(f"{APP}/issues{query}")

    assert (answer.status, numbers(answer.body)) == (200, expected)


async def test_a_pull_request_is_a_row_too(hub: Hub) -> None:
    """Only the key pull_request tells it from an issue."""
    rows = (await hub.client.get(f"{APP}/issues")).body

    assert [("pull_request" in row) for row in rows] == [True, False, False]


async def test_pages_name_the_next_one_by_the_repository_s_id(hub: Hub) -> None:
    """The Link header leads through all pages, and the last one has no next."""
    first = await hub.client.get(f"{APP}/issues?state=all&per_page=3")
    link = first.headers["link"].split(">")[0].removeprefix("<")
    second = await hub.client.get("/repositories/" + link.partition("/repositories/")[2])

    assert 'rel="next"' in first.headers["link"] and "/below/repositories/550001/issues?" in link
    assert (numbers(second.body), 'rel="next"' in second.headers["link"]) == ([1], False)


async def test_what_is_unchanged_is_304_and_costs_nothing(hub: Hub) -> None:
    """The ETag of an answer spares the body and the quota, until something changes."""
    first = await hub.client.get(f"{APP}/issues")
    same = await hub.client.get(f"{APP}/issues", **{"If-None-Match": first.headers["etag"]})
    hub.sandbox.comment(2, "Seen again")
    changed = await hub.client.get(f"{APP}/issues", **{"If-None-Match": first.headers["etag"]})

    assert first.headers["etag"].startswith('W/"')
    assert (first.headers["x-ratelimit-remaining"], same.headers["x-ratelimit-remaining"]) == ("4999", "4999")
    assert (same.status, same.body, changed.status) == (304, None, 200)


async def test_an_issue_is_made_with_labels_and_milestone(hub: Hub) -> None:
    """201 with its address; a label that is not there yet is made."""
    answer = await hub.client.post(
        f"{APP}/issues", {"title": "New", "body": "b", "labels": ["Bug", "new"], "milestone": 1}
    )
    read = await hub.client.get(f"{APP}/issues/5")

    assert (answer.status, answer.headers["location"]) == (201, answer.body["url"])
    assert [label["name"] for label in read.body["labels"]] == ["bug", "new"]
    assert (read.body["milestone"]["title"], read.body["user"]["login"]) == ("8.4.1", "secondline-bot")
    assert read.body["milestone"]["due_on"] == "2026-11-23T08:00:00Z"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, '"title" wasn\'t supplied'),
        ({"title": " "}, "Validation Failed"),
        ({"title": "t" * 257}, "Validation Failed"),
        ({"title": "t", "body": "b" * 65_537}, "Validation Failed"),
        ({"title": "t", "milestone": 9}, "Validation Failed"),
        ({"title": "t", "assignees": ["nobody"]}, "Validation Failed"),
        ({"title": "t", "lables": []}, '"lables" is not a permitted key'),
        ({"title": "t", "labels": "bug"}, "not of the right type"),
    ],
)
async def test_an_issue_that_is_wrong_is_422(hub: Hub, body: dict[str, Any], says: str) -> None:
    """With GitHub's shape, and nothing is made."""
    answer = await hub.client.post(f"{APP}/issues", body)

    assert answer.status == 422 and says in answer.body["message"]
    assert (await hub.client.get(f"{APP}/issues/5")).status == 404


async def test_an_issue_is_changed_and_commented(hub: Hub) -> None:
    """Both stamp it; the timeline tells of its new title."""
    hub.clock.advance(minutes=1)
    changed = await hub.client.ask("PATCH", f"{APP}/issues/2", {"title": "Crash at start", "state": "closed"})
    comment = await hub.client.post(f"{APP}/issues/2/comments", {"body": "Done"})
    listed = await hub.client.get(f"{APP}/issues/2/comments")
    timeline = await hub.client.get(f"{APP}/issues/2/timeline")

    assert (changed.body["state"], changed.body["state_reason"]) == ("closed", "completed")
    assert changed.body["updated_at"] == "2026-11-20T09:13:00Z"
    assert (comment.status, listed.body) == (201, [comment.body])
    assert timeline.body[0]["rename"] == {"from": "Crash on start", "to": "Crash at start"}


async def test_a_transferred_issue_is_followed(hub: Hub) -> None:
    """301 for reads and 307 for writes lead to it under its new number; labels that are there too go along."""
    assert hub.sandbox.transfer(1, "harbor-vpn/infrastructure") == 1
    read = await hub.client.get(f"{APP}/issues/1")
    write = await hub.client.post(f"{APP}/issues/1/comments", {"body": "x"})
    there = await hub.client.get("/repositories/550002/issues/1")

    assert (read.status, write.status) == (301, 307)
    assert read.headers["location"].endswith("/below/repositories/550002/issues/1")
    assert [label["name"] for label in there.body["labels"]] == ["bug"]
    assert there.body["milestone"] is None
    assert numbers((await hub.client.get(f"{APP}/issues")).body) == [4, 2]


async def test_what_is_gone_says_so(hub: Hub) -> None:
    """410 for a deleted issue, 404 for one that never was."""
    hub.sandbox.delete_issue(2)

    assert (await hub.client.get(f"{APP}/issues/2")).status == 410
    assert (await hub.client.get(f"{APP}/issues/99")).status == 404


async def test_a_renamed_repository_leads_on_by_its_id(hub: Hub) -> None:
    """The former name is a 301 with path and query; the new one works."""
    hub.sandbox.rename_repository("client")
    answer = await hub.client.get(f"{APP}/issues?state=all")

    assert (answer.status, answer.headers["location"].partition("/below")[2]) == (
        301,
        "/repositories/550001/issues?state=all",
    )
    assert (await hub.client.get("/repos/harbor-vpn/client/issues/1")).status == 200


async def test_a_milestone_that_moves_updates_no_issue(hub: Hub) -> None:
    """As on the real one: the issue's time stays, and only what is embedded in it is new."""
    before = (await hub.client.get(f"{APP}/issues/1")).body
    hub.clock.advance(hours=1)
    hub.sandbox.move_milestone("8.4.1", "2026-12-24")
    after = (await hub.client.get(f"{APP}/issues/1")).body

    assert after["updated_at"] == before["updated_at"]
    assert after["milestone"]["due_on"] == "2026-12-24T08:00:00Z"
    assert after["milestone"]["updated_at"] > before["milestone"]["updated_at"]


async def test_search_needs_a_kind_and_lags(hub: Hub) -> None:
    """A new issue is found by its words after the lag; without is:issue it is GitHub's 422."""
    number = hub.sandbox.open_issue("Tunnel drops", "marker inv-12 here")
    query = '/search/issues?q=repo:harbor-vpn/app+is:issue+"inv-12"+in:body'
    at_once = await hub.client.get(query)
    hub.clock.advance(seconds=30)
    later = await hub.client.get(query)

    assert (at_once.body["total_count"], numbers(later.body["items"])) == (0, [number])
    assert (await hub.client.get("/search/issues?q=inv-12")).status == 422
    assert later.headers["x-ratelimit-resource"] == "search"
