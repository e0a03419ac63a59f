"""The adapter to Alertmanager: what it reads, what it survives, what it asks for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.alertmanager.server import AlertmanagerSandbox
from bot.status.alertmanager import Alertmanager, read_alerts
from bot.status.matching import parse_matcher
from bot.status.model import SourceReading
from bot.status.source import SilenceOrder, SourceError
from bot.status.store import READINGS
from tests.fake_clock import FakeClock
from tests.hostile import NOW
from tests.sandbox.rest_client import PREFIX, rest_client
from tests.status.test_statuspage import ODD, odd_object
from tests.tickets.zendesk.desk_server import DeskServer, Reply

LOSS: dict[str, Any] = {
    "labels": {"alertname": "HighPacketLoss", "region": "us-east"},
    "annotations": {"summary": "53 % of the packets are lost"},
    "startsAt": "2026-11-20T08:50:00.000Z",
    "endsAt": "2026-11-20T09:20:00.000Z",
    "updatedAt": "2026-11-20T09:11:00.000Z",
    "fingerprint": "f1",
    "generatorURL": "http://prometheus.example/graph?g0.expr=loss",
    "receivers": [{"name": "none"}],
    "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
}
ORDER = SilenceOrder(
    "[secondline 1 f1 x]", (("alertname", "Loss"), ("region", "us-east")), NOW, NOW + timedelta(hours=1), "UKIM", "why"
)
alerts = st.lists(
    odd_object("labels", "annotations", "startsAt", "fingerprint", "generatorURL", "status")
    | st.fixed_dictionaries({"labels": st.dictionaries(st.text(max_size=5), ODD, max_size=3), "startsAt": ODD}),
    max_size=4,
)


@pytest.fixture
def manager(server: DeskServer, session: aiohttp.ClientSession) -> Alertmanager:
    filters = (parse_matcher("severity=page"),)
    return Alertmanager(
        session=session, url=server.url, title="Alertmanager", clock=FakeClock(), token="t1", filters=filters
    )


def test_alerts_are_read_oldest_first() -> None:
    """With what a silence must match, and whether there is one."""
    silenced = LOSS | {"fingerprint": "f0", "startsAt": "2026-11-20T09:00:00+01:00", "status": {"silencedBy": ["s1"]}}
    older, newer = read_alerts([LOSS, silenced, "nonsense", {"labels": {}}], now=NOW)

    assert (older.fingerprint, older.silenced, older.began_at) == ("f0", True, datetime(2026, 11, 20, 8, tzinfo=UTC))
    assert newer.labels == (("alertname", "HighPacketLoss"), ("region", "us-east"))
    assert (newer.name, newer.summary, newer.silenced) == ("HighPacketLoss", "53 % of the packets are lost", False)


@given(ODD | alerts)
def test_no_shape_breaks_the_reading(payload: object) -> None:
    """Whatever is read can be stored."""
    reading = SourceReading(alerts=read_alerts(payload, now=NOW))

    assert READINGS.read(READINGS.write(reading)) == reading


async def test_reading_asks_for_silenced_alerts_too(server: DeskServer, manager: Alertmanager) -> None:
    """An alert that is silenced is not over; the filter and the token go along."""
    server.on("GET", "/api/v2/alerts", Reply([LOSS]))
    reading = await manager.read()
    (seen,) = server.requests

    assert [alert.name for alert in reading.alerts] == ["HighPacketLoss"]
    assert seen.query["silenced"] == seen.query["active"] == "true"
    assert seen.query["filter"] == 'severity="page"'
    assert seen.headers["authorization"] == "Bearer t1"


async def test_a_silence_is_made_once_though_its_answer_was_lost(server: DeskServer, manager: Alertmanager) -> None:
    """The second try finds it by its mark."""
    made = {"id": "s1", "comment": f"why {ORDER.mark}", "status": {"state": "active"}}
    other = {"id": "s0", "comment": f"why {ORDER.mark}", "status": {"state": "expired"}}
    server.on("GET", "/api/v2/silences", Reply([other]), Reply([other, made]))
    server.on("POST", "/api/v2/silences", Reply(drop=True))
    with pytest.raises(SourceError):
        await manager.silence(ORDER)

    assert await manager.silence(ORDER) == "s1"
    (posted,) = server.seen("POST", "/api/v2/silences")
    assert {each["name"]: each["value"] for each in posted.body["matchers"]} == dict(ORDER.labels)
    assert not any(each["isRegex"] for each in posted.body["matchers"])
    assert (posted.body["createdBy"], posted.body["endsAt"]) == ("UKIM", "2026-11-20T10:12:00+00:00")


async def test_a_login_page_in_front_is_named(server: DeskServer, manager: Alertmanager) -> None:
    """A proxy that redirects to a login is not followed with the token."""
    server.on("GET", "/api/v2/alerts", Reply(b"", status=302, headers={"Location": "/login"}))
    with pytest.raises(SourceError) as caught:
        await manager.read()

    assert "login page" in caught.value.reason
    assert not server.seen("GET", "/login")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply("bad matcher", status=400), "answered with an error (400: bad matcher)"),
        (Reply({}, status=401), "refused the token (401)"),
        (Reply({"alerts": []}), "no list of alerts"),
        (Reply(b"[" * 100_000), "no list of alerts"),
    ],
)
async def test_what_went_wrong_is_said(server: DeskServer, manager: Alertmanager, reply: Reply, reason: str) -> None:
    """In words for people."""
    server.on("GET", "/api/v2/alerts", reply)
    with pytest.raises(SourceError) as caught:
        await manager.read()

    assert reason in caught.value.reason


MUTED = {"state": "active", "silencedBy": [], "inhibitedBy": [], "mutedBy": ["night"]}
UNMUTED = MUTED | {"mutedBy": []}


@pytest.mark.parametrize(
    ("groups", "silenced"),
    [
        ([[UNMUTED]], False),
        ([[MUTED]], True),
        ([[MUTED], [MUTED]], True),
        ([[MUTED], [UNMUTED]], False),
        ([], False),
    ],
)
async def test_what_a_time_interval_mutes_is_silent(
    manager: Alertmanager, server: DeskServer, groups: list[list[dict[str, Any]]], silenced: bool
) -> None:
    """Only the list of groups tells; an alert that takes two routes must be muted on both."""
    server.on("GET", "/api/v2/alerts", Reply([LOSS | {"status": UNMUTED}]))
    listed = [{"labels": {}, "alerts": [LOSS | {"status": each} for each in group]} for group in groups]
    server.on("GET", "/api/v2/alerts/groups", Reply(listed))
    (found,) = (await manager.read()).alerts

    assert found.silenced is silenced


async def test_muted_in_the_list_itself_is_silent_too(manager: Alertmanager, server: DeskServer) -> None:
    """Also where what stands in front of it has no list of groups."""
    server.on("GET", "/api/v2/alerts", Reply([LOSS | {"status": MUTED}]))
    server.on("GET", "/api/v2/alerts/groups", Reply({}, status=404))
    (found,) = (await manager.read()).alerts

    assert found.silenced


def test_inhibited_alerts_are_left_out_whoever_sends_them() -> None:
    """Not everything that speaks like Alertmanager heeds `inhibited=false`."""
    inhibited = LOSS | {"status": {"state": "suppressed", "silencedBy": [], "inhibitedBy": ["f2"]}}

    assert read_alerts([inhibited], now=NOW) == ()


async def test_a_modern_alertmanager_over_the_wire(session: aiohttp.ClientSession) -> None:
    """Label names with dots in the filter, and a time interval that begins and ends."""
    sandbox = AlertmanagerSandbox(clock=FakeClock(), modern=True)
    sandbox.fire({"alertname": "Loss", "service.name": "vpn"})
    async with rest_client(sandbox.routes(), {}) as client:
        url = str(client.http.make_url(PREFIX))
        filters = (parse_matcher('service.name="vpn"'),)
        manager = Alertmanager(session=session, url=url, title="Alertmanager", clock=FakeClock(), filters=filters)

        async def silent() -> list[bool]:
            return [each.silenced for each in (await manager.read()).alerts]

        assert await silent() == [False]
        sandbox.mute("night", {"service.name": "vpn"})
        assert await silent() == [True]
        sandbox.unmute("night")
        assert await silent() == [False]
