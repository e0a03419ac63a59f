"""A thousand alerts at once, as in a large outage, don't stop the loop."""

from typing import Any

from bot.status.alertmanager import read_alerts
from bot.status.matching import Concern, parse_matcher
from bot.status.model import SourceKind, SourceReading
from bot.status.source import Watched
from bot.targets.model import Catalog, Target
from tests.fake_status import FakeSource
from tests.hostile import NOW
from tests.stalls import STALL_S, Stalls
from tests.world import World

ALERTS, TARGETS = 1_000, 30


def row(number: int) -> dict[str, Any]:
    labels = {f"label{each}": "value" * 10 for each in range(20)}
    return {
        "fingerprint": f"f{number}",
        "labels": labels | {"alertname": "Loss", "region": f"r{number % TARGETS}"},
        "annotations": {"summary": "s" * 1_500},
        "status": {"state": "active"},
        "startsAt": "2026-11-20T09:00:00Z",
    }


async def test_a_thousand_alerts_for_thirty_targets() -> None:
    """Read, matched with every target, stored and compared with what was shown."""
    reading = SourceReading(alerts=read_alerts([row(number) for number in range(ALERTS)], now=NOW))
    concerns = {
        f"t{number}": Concern(matchers=tuple(map(parse_matcher, (f"region=~r{number}", "alertname=~Loss|Slow"))))
        for number in range(TARGETS)
    }
    watched = Watched("ops", "Alertmanager", SourceKind.ALERTS, FakeSource(reading), concerns, refresh_s=60.0)
    catalog = Catalog(tuple(Target(key, key, "gateway", team="tech") for key in concerns))
    world = World(catalog=catalog, watched=[watched])
    changed: list[str] = []
    world.status.changed.heard_by(changed.append)
    with Stalls() as stalls:
        await world.status.turn()
    status = world.status.of("t1")

    assert len(changed) >= TARGETS
    assert status and len(status.reports[0].alerts) in (ALERTS // TARGETS, ALERTS // TARGETS + 1)
    assert stalls.busiest_s <= STALL_S
