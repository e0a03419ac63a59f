"""JQL and paging of the Jira sandbox."""

import pytest

from tests.sandbox.jira.conftest import Hub


@pytest.mark.parametrize(
    ("jql", "expected"),
    [
        ("project = VPN ORDER BY updated ASC", ["VPN-1", "VPN-3", "VPN-2"]),
        ("project = VPN", ["VPN-3", "VPN-2", "VPN-1"]),
        ('project = VPN AND updated >= "2026-11-18 10:12" ORDER BY updated', ["VPN-3", "VPN-2"]),
        ('project = VPN AND updated >= "2026-11-18 10:13" ORDER BY updated', ["VPN-2"]),
        ("updated >= -25h", ["VPN-2"]),
        ("key in (VPN-1, vpn-3) ORDER BY key", ["VPN-1", "VPN-3"]),
        ("labels = gw", ["VPN-1"]),
        ("labels is EMPTY AND statusCategory != Done", ["VPN-3"]),
        ('fixVersion = "8.4.1"', ["VPN-1"]),
        ("fixVersion in unreleasedVersions(VPN)", ["VPN-1"]),
        ("status = Done", ["VPN-2"]),
        ("project in (VPN) and summary ~ packets", ["VPN-1"]),
        ("creator = currentUser()", []),
    ],
)
async def test_jql(hub: Hub, jql: str, expected: list[str]) -> None:
    """Times are read in the zone of the user that asks, to the minute."""
    assert await hub.keys(jql) == expected


@pytest.mark.parametrize(
    ("jql", "says"),
    [
        ("", "Unbounded JQL queries are not allowed here"),
        ("ORDER BY updated", "Unbounded JQL queries are not allowed here"),
        ("project = NOPE", "The value 'nope' does not exist for the field 'project'"),
        ("sprint = 3", "Field 'sprint' does not exist"),
        ("key in (VPN-1, VPN-99)", "An issue with key 'VPN-99' does not exist"),
        ('updated >= "2026-11-18 10:12:00"', "Date value '2026-11-18 10:12:00' for field 'updated' is invalid"),
        ("project = VPN updated > -1d", "Expecting operator 'AND'"),
        ("project VPN", "Expecting operator"),
        ("project =", "Expecting either a value"),
        ("project = VPN ORDER BY colour", "Not able to sort using field 'colour'"),
        ("labels > gw", "The operator '>' is not supported"),
        ('summary ~ "open', "reserved JQL character"),
    ],
)
async def test_jql_that_is_wrong_is_400(hub: Hub, jql: str, says: str) -> None:
    """In Jira's shape, with the reason."""
    answer = await hub.search(jql)

    assert answer.status == 400 and set(answer.body) == {"errorMessages", "errors"}
    assert says in answer.body["errorMessages"][0]


async def test_pages_go_on_by_token_to_the_last(hub: Hub) -> None:
    """There is no total; a token belongs to its query; an issue that changes meanwhile is not skipped."""
    jql = "project = VPN ORDER BY updated ASC"
    first = await hub.search(jql, maxResults=2)
    hub.sandbox.edit_issue("VPN-1", summary="Loss")
    second = await hub.search(jql, maxResults=2, nextPageToken=first.body["nextPageToken"], fields=["summary"])
    other = await hub.search("project = VPN", nextPageToken=first.body["nextPageToken"])

    assert [set(row) for row in first.body["issues"]] == [{"id"}, {"id"}] and first.body["isLast"] is False
    assert [row["key"] for row in second.body["issues"]] == ["VPN-2"] and second.body["isLast"] is True
    assert "nextPageToken" not in second.body and "total" not in first.body
    assert other.status == 400


async def test_unknown_keys_and_the_old_search_are_refused(hub: Hub) -> None:
    """startAt is a thing of the old search, which is gone."""
    assert (await hub.search("project = VPN", startAt=1)).status == 400
    assert (await hub.client.get("/rest/api/3/search?jql=project=VPN")).status == 410


async def test_a_new_issue_is_found_after_a_moment(hub: Hub) -> None:
    """The index lags; reconcileIssues brings an id in at once."""
    key = hub.sandbox.open_issue("New")
    id_ = int((await hub.client.get(f"/rest/api/3/issue/{key}")).body["id"])
    reconciled = await hub.search("project = VPN", reconcileIssues=[id_])

    assert key not in await hub.keys("project = VPN")
    assert str(id_) in [row["id"] for row in reconciled.body["issues"]]
    hub.clock.advance(seconds=5)
    assert key in await hub.keys("project = VPN")


async def test_fields_are_those_that_were_asked_for(hub: Hub) -> None:
    """*navigable is all but the comments; a minus takes one away; times are in the user's zone."""
    row = (await hub.search("key = VPN-1", fields=["*navigable", "-reporter"])).body["issues"][0]

    assert "comment" not in row["fields"] and "reporter" not in row["fields"]
    assert row["fields"]["updated"] == "2026-11-17T10:12:00.000+0100"
    assert row["fields"]["fixVersions"][0]["releaseDate"] == "2026-11-23"
    assert row["fields"]["status"]["statusCategory"]["key"] == "new"
