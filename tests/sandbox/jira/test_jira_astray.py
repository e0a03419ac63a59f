"""What can be wrong with the Jira sandbox's answers, and what happens while somebody reads it."""

from typing import Any

import pytest

from bot.sandbox.jira.paging import ASTRAY, LAST_WITH_TOKEN
from tests.sandbox.jira.conftest import Hub

BY_CHANGE = "project = VPN ORDER BY updated ASC"
ISSUE = "/rest/api/3/issue/VPN-1"


async def pages(hub: Hub) -> list[list[str]]:
    """The keys of each page of all issues, the longest unchanged first."""
    token: dict[str, str] = {}
    read = []
    while True:
        body = (await hub.search(BY_CHANGE, fields=["summary"], **token)).body
        read.append([row["key"] for row in body["issues"]])
        if body["isLast"]:
            return read
        token = {"nextPageToken": body["nextPageToken"]}


@pytest.mark.parametrize(
    ("by_place", "expected"),
    [(False, [["VPN-1", "VPN-3"], ["VPN-2"]]), (True, [["VPN-1", "VPN-3"], ["VPN-1"]])],
)
async def test_an_issue_changes_between_two_short_pages(hub: Hub, by_place: bool, expected: list[list[str]]) -> None:
    """Where pages go by place, VPN-2 is skipped."""
    await hub.client.post("/control/shorten_pages", {"rows": 2, "by_place": by_place})
    meanwhile = {"key": "VPN-1", "body": "Me too"}
    await hub.client.post(
        "/control/fault", {"match": "/search/jql", "skip": 1, "act": "comment", "arguments": meanwhile}
    )

    assert await pages(hub) == expected


@pytest.mark.parametrize(
    ("how", "token", "following"),
    [
        ("the same token", "again", "again"),
        ("two tokens in turn", "even", "odd"),
        ("two tokens in turn", "odd", "even"),
        ("tokens without an end", "x", "xx"),
    ],
)
async def test_pages_can_lead_astray(hub: Hub, how: str, token: str, following: str) -> None:
    """Every page is the first, and has a wrong token for the next."""
    await hub.client.post("/control/lead_astray", {"how": how})
    page = (await hub.search(BY_CHANGE, nextPageToken=token)).body

    assert (len(page["issues"]), page["nextPageToken"]) == (3, following)
    assert "isLast" not in page


async def test_the_last_page_can_have_a_token(hub: Hub) -> None:
    """Until it is mended."""
    hub.sandbox.lead_astray(LAST_WITH_TOKEN)
    odd = (await hub.search(BY_CHANGE)).body
    hub.sandbox.lead_astray("")
    mended = (await hub.search(BY_CHANGE)).body

    assert (odd["isLast"], "nextPageToken" in odd) == (True, True)
    assert (mended["isLast"], "nextPageToken" in mended) == (True, False)


async def test_there_is_no_other_way_astray(hub: Hub) -> None:
    """The answer names those that there are."""
    answer = await hub.client.post("/control/lead_astray", {"how": "into the woods"})

    assert answer.status == 400 and all(how in answer.body["error"] for how in (*ASTRAY, LAST_WITH_TOKEN))


async def fields(hub: Hub) -> dict[str, Any]:
    read: dict[str, Any] = (await hub.client.get(ISSUE)).body["fields"]
    return read


async def test_an_issue_is_closed_without_a_fix(hub: Hub) -> None:
    """Its resolution says why."""
    await hub.client.post("/control/close_issue", {"key": "VPN-1", "resolution": "Won't Do"})
    closed = await fields(hub)
    hub.sandbox.reopen_issue("VPN-1")

    assert (closed["status"]["name"], closed["resolution"]["name"]) == ("Done", "Won't Do")
    assert (await fields(hub))["resolution"] is None
    assert (await hub.client.post("/control/close_issue", {"key": "VPN-1", "resolution": "Bored"})).status == 400


async def test_developers_fill_in_fields_and_components(hub: Hub) -> None:
    """Texts become documents; a document stays as it is; what there is not is refused."""
    panel = {"type": "doc", "version": 1, "content": [{"type": "panel", "attrs": {"panelType": "note"}, "content": []}]}
    hub.sandbox.add_component("iOS")
    hub.sandbox.set_components("VPN-1", ["iOS", "Android"])
    hub.sandbox.set_field("VPN-1", "Workaround", "Use **UDP**")
    hub.sandbox.set_field("VPN-1", "Symptoms", panel)
    hub.sandbox.edit_issue("VPN-1", description=panel)
    now = await fields(hub)
    unknown = await hub.client.post("/control/set_field", {"key": "VPN-1", "name": "Mood", "value": "low"})
    nowhere = await hub.client.post("/control/set_components", {"key": "VPN-1", "names": ["Toaster"]})

    assert [component["name"] for component in now["components"]] == ["iOS", "Android"]
    assert now["customfield_10052"]["content"][0]["content"][1]["marks"] == [{"type": "strong"}]
    assert (now["customfield_10051"], now["description"]) == (panel, panel)
    assert (unknown.status, nowhere.status) == (400, 400)


async def test_a_version_may_say_what_it_fixes(hub: Hub) -> None:
    """In its description, which is what Jira has for release notes."""
    hub.sandbox.add_version("8.6.0", "2026-12-24", "Fixes loss")
    versions = (await hub.client.get("/rest/api/3/project/VPN/versions")).body

    assert (versions[-1]["name"], versions[-1]["description"]) == ("8.6.0", "Fixes loss")
