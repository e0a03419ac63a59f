"""The Statuspage sandbox."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.sandbox.statuspage.seeds import GROUPS
from bot.sandbox.statuspage.server import StatuspageSandbox
from tests.sandbox.rest_client import RestClient, rest_client

NOW = datetime(2026, 11, 20, 9, 12, 30, 500_000, tzinfo=UTC)


@dataclass
class Hub:
    sandbox: StatuspageSandbox
    client: RestClient

    async def summary(self) -> dict[str, list[dict[str, object]]]:
        return dict((await self.client.get("/api/v2/summary.json")).body)

    async def status(self) -> tuple[str, str]:
        status = (await self.client.get("/api/v2/status.json")).body["status"]
        return status["indicator"], status["description"]


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    sandbox = StatuspageSandbox(clock=lambda: NOW, groups=GROUPS)
    async with rest_client(sandbox.routes(), {}) as client:
        yield Hub(sandbox, client)


async def test_all_is_well(hub: Hub) -> None:
    """Groups name their components, and nothing is open."""
    summary = await hub.summary()
    group = next(one for one in summary["components"] if one["group"])
    members = [one["id"] for one in summary["components"] if one["group_id"] == group["id"]]

    assert (group["components"], group["status"]) == (members, "operational")
    assert (summary["incidents"], summary["scheduled_maintenances"]) == ([], [])
    assert await hub.status() == ("none", "All Systems Operational")


@pytest.mark.parametrize(
    ("status", "indicator"),
    [
        ("degraded_performance", "minor"),
        ("partial_outage", "major"),
        ("major_outage", "critical"),
        ("under_maintenance", "maintenance"),
        ("on_fire", "none"),
    ],
)
async def test_a_component_changes(hub: Hub, status: str, indicator: str) -> None:
    """The page's indicator follows; a word of a lookalike is passed on as it is."""
    hub.sandbox.set_component("US East", status, minutes_ago=22)
    found = next(one for one in (await hub.summary())["components"] if one["name"] == "US East")

    assert (found["status"], found["updated_at"]) == (status, "2026-11-20T08:50:30.500Z")
    assert (await hub.status())[0] == indicator


async def test_an_incident_lives_until_it_is_resolved(hub: Hub) -> None:
    """Updates are newest first; a resolved one leaves the summary."""
    opened = hub.sandbox.open_incident("Loss", impact="major", components=["US East"], minutes_ago=5)
    hub.sandbox.update_incident(opened, "identified", "Transit provider")
    incident = (await hub.summary())["incidents"][0]
    updates = incident["incident_updates"]
    assert isinstance(updates, list)
    assert [one["status"] for one in updates] == ["identified", "investigating"]
    assert (incident["status"], incident["impact"], await hub.status()) == (
        "identified",
        "major",
        ("major", "Partial System Outage"),
    )

    page = await hub.client.get(f"/incidents/{opened}")
    assert page.status == 200 and "Transit provider" in page.body
    hub.sandbox.resolve_incident(opened)
    assert (await hub.summary())["incidents"] == []


async def test_a_maintenance_is_announced_and_ends(hub: Hub) -> None:
    """With its window; it stays while it runs."""
    planned = hub.sandbox.schedule_maintenance("Kernel", 60, 30, ["EU Central"])
    listed = (await hub.summary())["scheduled_maintenances"][0]
    hub.sandbox.move_maintenance(planned, "in_progress")
    running = (await hub.summary())["scheduled_maintenances"]
    hub.sandbox.move_maintenance(planned, "completed")

    assert (listed["scheduled_for"], listed["scheduled_until"]) == (
        "2026-11-20T10:12:30.500Z",
        "2026-11-20T10:42:30.500Z",
    )
    assert [one["status"] for one in running] == ["in_progress"]
    assert (await hub.summary())["scheduled_maintenances"] == []


async def test_what_is_unchanged_is_304(hub: Hub) -> None:
    """By ETag."""
    first = await hub.client.get("/api/v2/summary.json")
    same = await hub.client.get("/api/v2/summary.json", **{"If-None-Match": first.headers["etag"]})

    assert (same.status, same.body) == (304, None)


async def test_it_may_answer_a_page_instead_of_json(hub: Hub) -> None:
    """As a host does that shows its own error page with 200."""
    hub.sandbox.fail_next(status=200, text="<h1>Moved</h1>")
    answer = await hub.client.get("/api/v2/summary.json")

    assert (answer.status, answer.body) == (200, "<h1>Moved</h1>")


async def test_a_word_that_is_none_is_refused_by_control(hub: Hub) -> None:
    """And says which there are."""
    answer = await hub.client.post("/control/set_component", {"name": "Mars", "status": "operational"})

    assert answer.status == 400 and "there are VPN locations, US East" in answer.body["error"]
