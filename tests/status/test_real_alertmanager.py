"""The adapter and the bot's announcements against a real Alertmanager."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.clock import system_clock
from bot.status.alertmanager import Alertmanager
from bot.status.cards import announcement
from bot.status.matching import Concern, parse_matcher
from bot.status.model import Level, SourceKind
from bot.status.source import SilenceOrder, SourceError, Watched
from tests.fake_clock import FakeClock
from tests.slack_limits import texts
from tests.status.real_alertmanager import RealAlertmanager, running_alertmanager
from tests.world import World


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[RealAlertmanager]:
    async with running_alertmanager(tmp_path) as manager:
        yield manager


def adapter(real: RealAlertmanager, session: aiohttp.ClientSession, *filters: str) -> Alertmanager:
    return Alertmanager(
        session=session,
        url=f"{real.url}/",
        title="Alertmanager",
        clock=system_clock,
        filters=tuple(map(parse_matcher, filters)),
    )


def now() -> datetime:
    return datetime.now(UTC)


async def fire(real: RealAlertmanager, name: str, *, until: timedelta = timedelta(hours=1), **labels: str) -> None:
    """Since ten minutes ago; `until` counts from now, and a time in the past ends it."""
    labels = {"region": "us-east", "instance": 'gw-"1"\\', **labels}
    await real.fire(name, since=now() - timedelta(minutes=10), until=now() + until, **labels)


async def test_alerts_fire_are_seen_and_end(real: RealAlertmanager, session: aiohttp.ClientSession) -> None:
    """Those that the filter wants, with their labels as they are."""
    manager = adapter(real, session, "region=us-east", 'instance=~"gw-.*"')
    await fire(real, "HighPacketLoss")
    await fire(real, "Elsewhere", region="us-west")
    (found,) = (await manager.read()).alerts

    assert (found.name, found.silenced, dict(found.labels)["instance"]) == ("HighPacketLoss", False, 'gw-"1"\\')
    assert found.summary == 'HighPacketLoss on gw-"1"\\'
    assert now() - found.began_at > timedelta(minutes=9)
    assert (await manager.check())[0].startswith("ok, Alertmanager 0.")

    await fire(real, "HighPacketLoss", until=timedelta(minutes=-1))
    assert (await manager.read()).alerts == ()


async def test_a_silence_is_of_one_alert_and_made_once(real: RealAlertmanager, session: aiohttp.ClientSession) -> None:
    """The same order again finds what it made; lifting ends it; lifting again is no error."""
    manager = adapter(real, session)
    await fire(real, "HighPacketLoss")
    await fire(real, "HighPacketLoss", instance="gw-2")
    one = next(each for each in (await manager.read()).alerts if dict(each.labels)["instance"] != "gw-2")
    order = SilenceOrder("[secondline 1 x]", one.labels, now(), now() + timedelta(hours=1), "UKIM (Slack)", "loss")
    made = [await manager.silence(order), await manager.silence(order)]

    assert made[0] == made[1]
    assert len(await real.silences()) == 1
    assert {each.fingerprint for each in (await manager.read()).alerts if each.silenced} == {one.fingerprint}

    await manager.lift(order.mark)
    await manager.lift(order.mark)
    assert not any(each.silenced for each in (await manager.read()).alerts)
    assert await manager.silence(order) != made[0]


async def test_what_alertmanager_refuses_is_said(real: RealAlertmanager, session: aiohttp.ClientSession) -> None:
    """In its own words: a silence that ends before it begins."""
    order = SilenceOrder("[m]", (("a", "b"),), now(), now() - timedelta(hours=1), "UKIM", "why")
    with pytest.raises(SourceError) as caught:
        await adapter(real, session).silence(order)

    assert "(400" in caught.value.reason
    assert not caught.value.retry


async def test_an_alert_is_announced_silenced_from_slack_and_over(
    real: RealAlertmanager, session: aiohttp.ClientSession
) -> None:
    """All of it: two alerts, one message; silenced here and there; lifted; the end."""
    manager, clock = adapter(real, session), FakeClock()
    clock.now = now()
    concern = {"us-east": Concern(matchers=(parse_matcher("region=us-east"),))}
    world = World(
        clock=clock,
        watched=[Watched("ops", "Alertmanager", SourceKind.ALERTS, manager, concern, 30, True, 120, manager)],
    )

    async def turn() -> str:
        clock.advance(40)
        await world.status.turn()
        content = announcement(world.status.announcements.announced(1), "U.S. East", None)
        return "\n".join(texts(list(content.blocks)))

    await fire(real, "HighPacketLoss")
    await fire(real, "TunnelHandshakeSlow")
    assert "2 alerts since" in await turn()
    status = world.status.of("us-east")
    assert status
    assert status.level is Level.DEGRADED

    silence = await world.status.announcements.silence(1, hours=1, by="UKIM")
    assert "In Alertmanager too" in await turn()
    assert "Expect tickets" not in await turn()
    assert sorted(str(each["createdBy"]) for each in await real.silences()) == ["UKIM (Slack, by Second Line)"] * 2

    await world.status.announcements.lift(silence.id, by="UJO")
    await turn()
    assert "Expect tickets" in await turn()

    await fire(real, "HighPacketLoss", until=timedelta(minutes=-1))
    await fire(real, "TunnelHandshakeSlow", until=timedelta(minutes=-1))
    assert "over since" in await turn()
    assert world.owed_keys("status_announcement/%") == ["status_announcement/1"]
