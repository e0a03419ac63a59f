"""The adapter to status pages: what it reads, what it survives, what it says when it can't."""

from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.status.model import Level
from bot.status.source import SourceError
from bot.status.statuspage import Statuspage, read_summary
from bot.status.store import READINGS
from tests.fake_clock import FakeClock
from tests.tickets.zendesk.desk_server import DeskServer, Reply

PATH = "/api/v2/summary.json"
SUMMARY: dict[str, Any] = {
    "page": {"id": "p1", "name": "Acme", "url": "https://status.example.com", "time_zone": "Etc/UTC"},
    "status": {"indicator": "minor", "description": "Partial degradation"},
    "components": [
        {"id": "g1", "name": "Gateways", "status": "degraded_performance", "group": True, "group_id": None},
        {
            "id": "c1",
            "name": "US East",
            "status": "degraded_performance",
            "group": False,
            "group_id": "g1",
            "updated_at": "2026-11-20T08:50:00.000Z",
        },
        {"id": "c2", "name": "US West", "status": "flaky", "group": False, "group_id": "g1"},
    ],
    "incidents": [
        {
            "id": "i1",
            "name": "Packet loss in US East",
            "status": "investigating",
            "impact": "major",
            "shortlink": "https://stspg.io/i1",
            "created_at": "2026-11-20T03:50:00.000-05:00",
            "components": [{"id": "c1", "name": "US East"}],
            "incident_updates": [
                {"body": "We look into it.", "status": "investigating", "display_at": "2026-11-20T08:51:00Z"},
                {"body": "A transit provider.", "status": "investigating", "display_at": "2026-11-20T09:01:00Z"},
            ],
        }
    ],
    "scheduled_maintenances": [
        {
            "id": "m1",
            "name": "New routers",
            "status": "scheduled",
            "impact": "maintenance",
            "scheduled_for": "2026-11-21T02:00:00Z",
            "scheduled_until": "2026-11-21T03:00:00Z",
            "components": [{"id": "c2", "name": "US West"}],
        }
    ],
}

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)
ODD = JSON | st.sampled_from(["\ud800", "2026-13-01", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "x" * 9000])


def odd_object(*keys: str) -> st.SearchStrategy[dict[str, object]]:
    """An object with some of these keys, whatever is in them."""
    return st.fixed_dictionaries({}, optional={key: ODD for key in keys})


summaries = st.fixed_dictionaries(
    {},
    optional={
        "components": ODD | st.lists(odd_object("id", "name", "status", "group", "group_id", "updated_at"), max_size=4),
        "incidents": ODD
        | st.lists(
            odd_object("id", "name", "status", "impact", "created_at", "components", "incident_updates", "shortlink"),
            max_size=3,
        ),
        "scheduled_maintenances": ODD | st.lists(odd_object("id", "scheduled_for", "scheduled_until"), max_size=3),
    },
)


@pytest.fixture
def page(server: DeskServer, session: aiohttp.ClientSession) -> Statuspage:
    return Statuspage(session=session, url=server.url, title="status page", clock=FakeClock())


def test_a_summary_is_read() -> None:
    """Components with their groups, the incident with its newest words, maintenance with its times."""
    reading = read_summary(SUMMARY)
    east, west = reading.components
    incident, planned = reading.incidents

    assert (east.name, east.level, east.group) == ("US East", Level.DEGRADED, "Gateways")
    assert east.changed_at == datetime(2026, 11, 20, 8, 50, tzinfo=UTC)
    assert (incident.stage, incident.update, incident.components) == (
        "investigating",
        "A transit provider.",
        ("c1", "US East"),
    )
    assert incident.began_at == datetime(2026, 11, 20, 8, 50, tzinfo=UTC)
    assert (planned.planned, planned.level, planned.title) == (True, Level.MAINTENANCE, "New routers")
    assert west.name == "US West"


@pytest.mark.parametrize("word", ["flaky", "", "OPERATIONAL!", "up", None, 1])
def test_an_unknown_word_is_unknown_not_green(word: object) -> None:
    """Pages that speak like Statuspage have words of their own."""
    (component,) = read_summary({"components": [{"id": "c1", "name": "X", "status": word}]}).components

    assert component.level is Level.UNKNOWN


@given(ODD | summaries)
def test_no_shape_breaks_the_reading(payload: object) -> None:
    """Whatever is read can be stored."""
    reading = read_summary(payload)

    assert READINGS.read(READINGS.write(reading)) == reading


async def test_an_unchanged_page_costs_no_body(server: DeskServer, page: Statuspage) -> None:
    """The ETag of the last answer is sent, and 304 is the same reading."""
    server.on("GET", PATH, Reply(SUMMARY, headers={"ETag": 'W/"1"'}), Reply(b"", status=304))
    first, second = await page.read(), await page.read()

    assert first == second == read_summary(SUMMARY)
    assert server.seen("GET", PATH)[1].headers["if-none-match"] == 'W/"1"'


async def test_check_says_what_the_page_is(server: DeskServer, page: Statuspage) -> None:
    """With what is unknown there."""
    server.on("GET", PATH, Reply(SUMMARY))

    assert (await page.check())[0] == "ok, Acme: 2 components, 1 in trouble, 1 with an unknown state"


@pytest.mark.parametrize(
    ("reply", "reason", "retry"),
    [
        (Reply({"error": "x"}, status=404), "has nothing at this address (404: x)", False),
        (Reply(b"<html>", status=503, content_type="text/html"), "answered with an error (503)", True),
        (Reply(b'{"message": "bad \\ud800"}', status=500), "answered with an error (500: bad ?)", True),
        (Reply({}, status=401), "wants a login (401)", False),
        (Reply(b"<html>login</html>", content_type="text/html"), "no summary.json", False),
        (Reply({"pages": []}), "no summary.json", False),
        (Reply(drop=True), "unreachable", True),
        (Reply(SUMMARY, cut=True), "", True),
    ],
)
async def test_what_went_wrong_is_said(
    server: DeskServer, page: Statuspage, reply: Reply, reason: str, retry: bool
) -> None:
    """With whether trying again helps."""
    server.on("GET", PATH, reply)
    with pytest.raises(SourceError) as caught:
        await page.read()

    assert reason in caught.value.reason
    assert caught.value.retry is retry


async def test_a_page_that_wants_rest_gets_it(server: DeskServer, page: Statuspage) -> None:
    """429 with Retry-After."""
    server.on("GET", PATH, Reply({}, status=429, headers={"Retry-After": "90"}))
    with pytest.raises(SourceError) as caught:
        await page.read()

    assert (caught.value.retry, caught.value.retry_after_s) == (True, 90.0)
