"""What can be done to the Alertmanager sandbox."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.sandbox.alertmanager.server import AlertmanagerSandbox
from tests.fake_clock import FakeClock
from tests.sandbox.rest_client import RestClient, rest_client

LOSS = {"alertname": "PacketLoss", "region": "us-east"}


@dataclass
class Hub:
    sandbox: AlertmanagerSandbox
    clock: FakeClock
    client: RestClient

    async def names(self, query: str = "") -> list[str]:
        return [row["labels"]["alertname"] for row in (await self.client.get(f"/api/v2/alerts{query}")).body]


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    clock = FakeClock()
    sandbox = AlertmanagerSandbox(clock=clock)
    async with rest_client(sandbox.routes(), {}) as client:
        yield Hub(sandbox, clock, client)


async def test_an_alert_fires_until_it_is_resolved(hub: Hub) -> None:
    """As if Prometheus sent it again and again; resolved ones leave the list."""
    hub.sandbox.fire(LOSS, {"summary": "Loss"}, minutes_ago=20)
    hub.clock.now += timedelta(hours=3)
    row = (await hub.client.get("/api/v2/alerts")).body[0]

    assert (row["startsAt"], row["endsAt"]) == ("2026-11-20T08:52:00.000Z", "2026-11-20T12:17:00.000Z")
    assert hub.sandbox.resolve({"region": "us-east"}) == 1
    assert await hub.names() == []


async def test_an_alert_that_was_posted_ends_by_itself(hub: Hub) -> None:
    """After five minutes, unless it is posted again."""
    await hub.client.post("/api/v2/alerts", [{"labels": LOSS}])
    hub.clock.now += timedelta(minutes=4, seconds=59)
    before = await hub.names()
    hub.clock.now += timedelta(seconds=1)

    assert (before, await hub.names()) == (["PacketLoss"], [])


async def test_a_silence_suppresses_while_it_lasts(hub: Hub) -> None:
    """The alert is still listed where silenced ones are asked for."""
    hub.sandbox.fire(LOSS)
    id_ = hub.sandbox.silence({"region": "us-east"}, minutes=10)
    row = (await hub.client.get("/api/v2/alerts")).body[0]
    hidden = await hub.names("?silenced=false")
    hub.clock.now += timedelta(minutes=10)

    assert (row["status"]["state"], row["status"]["silencedBy"], hidden) == ("suppressed", [id_], [])
    assert await hub.names("?silenced=false") == ["PacketLoss"]


async def test_a_silence_that_is_prolonged_keeps_its_id(hub: Hub) -> None:
    """One with other matchers is a new one, and the old one ends."""
    sent = {
        "matchers": [{"name": "region", "value": "us-east", "isRegex": False}],
        "startsAt": "2026-11-20T09:00:00Z",
        "endsAt": "2026-11-20T10:00:00Z",
        "createdBy": "kim",
        "comment": "on it",
    }
    first = (await hub.client.post("/api/v2/silences", sent)).body["silenceID"]
    longer = {**sent, "id": first, "startsAt": "2026-11-20T09:12:00Z", "endsAt": "2026-11-20T12:00:00Z"}
    same = (await hub.client.post("/api/v2/silences", longer)).body["silenceID"]
    other = {**longer, "matchers": [{"name": "region", "value": "us-west", "isRegex": False}]}
    second = (await hub.client.post("/api/v2/silences", other)).body["silenceID"]

    assert (same, second != first) == (first, True)
    assert (await hub.client.get(f"/api/v2/silence/{first}")).body["status"]["state"] == "expired"


async def test_control_fires_and_faults(hub: Hub) -> None:
    """By name; an alert without a name is refused."""
    fired = await hub.client.post("/control/fire", {"labels": LOSS})
    refused = await hub.client.post("/control/fire", {"labels": {"region": "us-east"}})
    hub.sandbox.fail_next(2, status=503)
    statuses = [(await hub.client.get("/api/v2/alerts")).status for _ in range(3)]

    assert (fired.status, refused.status, statuses) == (200, 400, [503, 503, 200])


async def test_a_modern_one_mutes_by_the_hour() -> None:
    """Its list of alerts does not tell, the list of groups does; label names may be any text."""
    sandbox = AlertmanagerSandbox(clock=FakeClock(), modern=True)
    sandbox.fire(LOSS | {"service.name": "vpn"})
    sandbox.fire({"alertname": "Down"})
    sandbox.mute("night", {"alertname": "PacketLoss"})
    async with rest_client(sandbox.routes(), {}) as client:
        alerts = (await client.get("/api/v2/alerts")).body
        named = (await client.get('/api/v2/alerts?filter="service.name"="vpn"')).body
        groups = (await client.get("/api/v2/alerts/groups")).body
        loud = (await client.get("/api/v2/alerts/groups?muted=false")).body

    assert [each["status"]["mutedBy"] for each in alerts] == [[], []]
    assert [each["labels"]["alertname"] for each in named] == ["PacketLoss"]
    assert [[each["status"]["mutedBy"] for each in group["alerts"]] for group in groups] == [[[]], [["night"]]]
    assert len(loud) == 1
