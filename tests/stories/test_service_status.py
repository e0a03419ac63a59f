"""Service status: a real Alertmanager and a status page, from the first alert to the end of the trouble."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.status.real_alertmanager import RealAlertmanager, running_alertmanager
from tests.status.test_statuspage import PATH, SUMMARY
from tests.stories.town import OpenTown
from tests.tickets.zendesk.desk_server import DeskServer, Reply

pytestmark = pytest.mark.story

TABLES = """[status.pages.public]
url = "{page}"
refresh_s = 1
announce = false
components = {{ us-east = ["US East"], us-west = ["US West"] }}

[status.alertmanagers.ops]
url = "{alerts}"
refresh_s = 1
announce_after_s = 0
write = true
targets = {{ us-east = ['region="us-east"'] }}

[escalation]"""


async def fire(alerts: RealAlertmanager, name: str, *, hours: float = 1) -> None:
    """Since a quarter of an hour ago; less than 0 hours end it."""
    now = datetime.now(UTC)
    since, until = now - timedelta(minutes=15), now + timedelta(hours=hours)
    await alerts.fire(name, since=since, until=until, region="us-east")


async def test_trouble_is_announced_silenced_looked_into_and_over(town: OpenTown, tmp_path: Path) -> None:
    """One message, edited all the way; the investigation's card says what page and alerts say."""
    async with running_alertmanager(tmp_path) as alerts:
        with DeskServer() as page:
            page.on("GET", PATH, Reply(SUMMARY))
            await fire(alerts, "HighPacketLoss")
            tables = TABLES.format(page=page.url, alerts=alerts.url)
            async with town(settings={"[escalation]": tables}) as there:
                kim, jo = there.kim, there.jo
                told = await kim.sees("#t2-tech", "HighPacketLoss")
                assert "Expect tickets. No one has picked this up." in told.text
                await fire(alerts, "TunnelHandshakeSlow")
                told = await kim.sees_change(told, lambda now: "2 alerts since" in now.text)

                await kim.presses(told, "Silence 1 Hour")
                told = await jo.sees_change(told, lambda now: "In Alertmanager too" in now.text)
                assert "Silenced by" in told.text
                assert len(await alerts.silences()) == 2
                await jo.presses(told, "End Silence")
                told = await kim.sees_change(told, lambda now: "Expect tickets" in now.text)

                await kim.presses(told, "Investigate")
                card = await jo.sees("#t2-tech", "owns INV-")
                assert "Status page says degraded since" in card.text
                assert "(“Packet loss in US East”); 2 alerts since" in card.text
                told = await kim.sees_change(told, lambda now: "owns INV-1" in now.text)
                assert "Investigate" not in told.buttons

                await kim.types("#t2-tech", "/t2 status")
                status = await kim.sees("#t2-tech", "Service status")
                assert "U.S. West: status page unknown (“flaky”)" in status.text

                for name in ("HighPacketLoss", "TunnelHandshakeSlow"):
                    await fire(alerts, name, hours=-0.01)
                told = await kim.sees_change(told, lambda now: "over since" in now.text)
                assert told.buttons == []
                card = await kim.sees_change(card, lambda now: "no alerts" in now.text)
                assert sum("HighPacketLoss" in each for each in there.bot_wrote("#t2-tech")) == 1


LOUD = {"state": "active", "silencedBy": [], "inhibitedBy": [], "mutedBy": []}


def firing(name: str, status: Mapping[str, object]) -> dict[str, object]:
    labels = {"alertname": name, "region": "us-east"}
    return {"labels": labels, "fingerprint": name, "startsAt": "2026-01-01T00:00:00Z", "status": status}


async def test_what_is_open_for_a_whole_page_is_told_once_and_muted_alerts_are_silent(town: OpenTown) -> None:
    """For the page, in the channel of its first target's team; at night an interval mutes the alert."""
    incident = SUMMARY["incidents"][0] | {"name": "Login problems", "components": [], "incident_updates": []}
    well = [each | {"status": "operational"} for each in SUMMARY["components"]]
    with DeskServer() as page:
        page.on("GET", PATH, Reply(SUMMARY | {"components": well, "incidents": [incident]}))
        page.on("GET", "/api/v2/alerts", Reply([firing("NightlyBackup", LOUD)]))
        muted = {"labels": {}, "alerts": [firing("NightlyBackup", LOUD | {"mutedBy": ["night"]})]}
        page.on("GET", "/api/v2/alerts/groups", Reply([muted]))
        tables = TABLES.format(page=page.url, alerts=page.url).replace("announce = false\n", "")
        async with town(settings={"[escalation]": tables}) as there:
            kim = there.kim
            told = await kim.sees("#t2-tech", "*Status page*: “Login problems” (investigating)")
            await kim.types("#t2-tech", "/t2 status")
            status = await kim.sees("#t2-tech", "Service status")
            assert "1 alert, silenced" in status.text
            assert status.text.count("Login problems") == 1
            await kim.types("#t2-tech", "/investigate us-east cannot log in")
            card = await kim.sees("#t2-tech", "owns INV-")
            assert "also has “Login problems”" in card.text

            page.on("GET", PATH, Reply(SUMMARY | {"components": well, "incidents": []}))
            await kim.sees_change(told, lambda now: "over since" in now.text)
            await kim.sees_change(card, lambda now: "Login problems" not in now.text)
            assert not any("NightlyBackup" in each for each in there.bot_wrote("#t2-tech"))
            assert sum("Login problems" in each and "Status page" in each for each in there.bot_wrote("#t2-tech")) == 1
