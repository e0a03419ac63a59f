"""Announcements: once per target, gathered, true to the end, with silence; and what the cards hear of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import BadInput
from bot.people import NotTier2
from bot.status.announcements import AlreadySilenced, TroubleOver
from bot.status.cards import announcement
from bot.status.model import Incident, Level, SourceReading
from bot.status.source import Watched
from tests.eventually import eventually
from tests.fake_status import FakeSource, alert, alerts, away, component, page
from tests.hostile import NOW
from tests.slack_limits import texts
from tests.world import US_EAST, World

AT_0850 = NOW - timedelta(minutes=22)
LOSS = alert("HighPacketLoss", AT_0850)
SLOW = alert("TunnelHandshakeSlow", AT_0850 + timedelta(minutes=2), number=2)
INCIDENT = Incident("i1", "Packet loss", "investigating", Level.DEGRADED, AT_0850, components=("us east",))
WELL = component("US East", Level.OPERATIONAL)


class Watch:
    """A world with one Alertmanager, and a page where it is wanted."""

    def __init__(self, *more: Watched, write: bool = False) -> None:
        self.source = FakeSource(SourceReading())
        self.world = World(watched=(alerts(self.source, write=write), *more))
        self.changed: list[str] = []
        self.world.status.changed.heard_by(self.changed.append)

    async def turn(self, *firing: object, after_s: float = 31) -> None:
        """One round, with these alerts at the source."""
        self.source.reading = SourceReading(alerts=firing)  # type: ignore[arg-type]
        await self.again(after_s=after_s)

    async def again(self, after_s: float = 31) -> None:
        self.world.clock.advance(after_s)
        await self.world.status.turn()

    def cards(self) -> list[str]:
        return self.world.owed_keys("status_announcement/%")

    def text(self, number: int = 1) -> str:
        """The announcement as people read it."""
        content = announcement(self.world.status.announcements.announced(number), "U.S. East", None)
        return "\n".join(texts(list(content.blocks)))

    def over(self, number: int = 1) -> bool:
        return self.world.status.announcements.announced(number).announcement.over_at is not None


async def test_trouble_is_announced_once_in_the_team_s_channel() -> None:
    """However often it is read."""
    watch = Watch()
    for _ in range(3):
        await watch.turn(LOSS, SLOW)

    assert watch.cards() == ["status_announcement/1"]
    assert watch.world.place("status_announcement/1").channel == "CTECH"
    assert "2 alerts since <!date" in watch.text()
    assert "(HighPacketLoss, TunnelHandshakeSlow). Expect tickets. No one has picked this up." in watch.text()
    assert watch.world.wanted("status_announcement/1") == 1


async def test_an_alert_must_fire_for_a_while() -> None:
    """What is over within two minutes is nobody's trouble."""
    watch = Watch()
    young = alert("HighPacketLoss", NOW)
    await watch.turn(young, after_s=100)
    assert watch.cards() == []

    await watch.again(after_s=20)
    assert watch.cards() == ["status_announcement/1"]


async def test_alerts_of_other_targets_are_theirs() -> None:
    """Each target has its own message, and what is about none has none."""
    watch = Watch()
    await watch.turn(LOSS, alert("Slow", AT_0850, region="us-west"), alert("Slow", AT_0850, region="mars"))

    assert watch.cards() == ["status_announcement/1", "status_announcement/2"]
    assert watch.world.status.sources()[0].strays == 1


async def test_a_later_alert_joins_the_message() -> None:
    """It is gathered, not posted again."""
    watch = Watch()
    await watch.turn(LOSS)
    await watch.turn(LOSS, SLOW)

    assert watch.cards() == ["status_announcement/1"]
    assert watch.world.wanted("status_announcement/1") > 1
    assert "2 alerts" in watch.text()


async def test_the_end_says_how_long_it_lasted() -> None:
    """From the first alert's own start; there is nothing left to press."""
    watch = Watch()
    await watch.turn(LOSS, SLOW)
    await watch.turn(after_s=28 * 60)

    assert "over since" in watch.text()
    assert "lasted 50 min (HighPacketLoss, TunnelHandshakeSlow)" in watch.text()
    assert "Silence" not in watch.text()


async def test_what_comes_back_soon_is_the_same_message() -> None:
    """Flapping makes no second one."""
    watch = Watch()
    await watch.turn(LOSS)
    await watch.turn()
    await watch.turn(replace(LOSS, began_at=NOW), after_s=600)

    assert watch.cards() == ["status_announcement/1"]
    assert not watch.over()
    assert "It ended and came back once." in watch.text()


async def test_what_comes_back_later_is_a_new_message() -> None:
    """After a quiet time the old one is history."""
    watch = Watch()
    await watch.turn(LOSS)
    await watch.turn()
    await watch.turn(after_s=901)
    await watch.turn(replace(LOSS, began_at=watch.world.clock()), after_s=130)
    await watch.again(after_s=130)

    assert watch.cards() == ["status_announcement/1", "status_announcement/2"]
    assert watch.over(1)
    assert not watch.over(2)


async def test_a_restart_announces_nothing_again() -> None:
    """The row decides, not memory; and the last reading is there at once."""
    watch = Watch()
    await watch.turn(LOSS)
    again = World(clock=watch.world.clock, database=watch.world.database, watched=(alerts(watch.source),))
    status = again.status.of("us-east")
    await again.status.turn()

    assert status
    assert status.level is Level.DEGRADED
    assert again.owed_keys("status_announcement/%") == ["status_announcement/1"]


async def test_silence_keeps_quiet_until_it_ends() -> None:
    """It says who wanted it; new trouble of the target is not announced meanwhile, but afterwards."""
    watch = Watch()
    await watch.turn(LOSS)
    await watch.world.status.announcements.silence(1, hours=1, by="UKIM")
    assert "Silenced by <@UKIM> until" in watch.text()
    assert "Expect tickets" not in watch.text()

    await watch.turn()
    await watch.turn(after_s=901)
    await watch.turn(SLOW, after_s=900)
    assert watch.cards() == ["status_announcement/1"]

    await watch.again(after_s=3600)
    assert watch.cards() == ["status_announcement/1", "status_announcement/2"]


async def test_a_silence_that_ends_is_seen_on_the_message() -> None:
    """It asks again."""
    watch = Watch()
    await watch.turn(LOSS)
    await watch.world.status.announcements.silence(1, hours=1, by="UKIM")
    before = watch.world.wanted("status_announcement/1")
    await watch.again(after_s=3601)

    assert watch.world.wanted("status_announcement/1") > before
    assert "Expect tickets" in watch.text()


async def test_presses_that_come_too_late_change_nothing() -> None:
    """Over, silenced for longer already, or pressed by somebody who may not."""
    watch = Watch()
    await watch.turn(LOSS)
    with pytest.raises(NotTier2):
        await watch.world.status.announcements.silence(1, hours=1, by="UTOM")
    made = await watch.world.status.announcements.silence(1, hours=4, by="UKIM")
    with pytest.raises(AlreadySilenced):
        await watch.world.status.announcements.silence(1, hours=1, by="UJO")
    await watch.world.status.announcements.lift(made.id, by="UJO")
    with pytest.raises(BadInput, match="ended already"):
        await watch.world.status.announcements.lift(made.id, by="UJO")
    await watch.turn()
    with pytest.raises(TroubleOver):
        await watch.world.status.announcements.silence(1, hours=1, by="UKIM")
    with pytest.raises(TroubleOver):
        watch.world.status.announcements.going(1)


async def test_alertmanager_is_silenced_for_exactly_these_alerts() -> None:
    """One silence per alert with all its labels, and lifted with the bot's own."""
    watch = Watch(write=True)
    await watch.turn(LOSS, SLOW)
    made = await watch.world.status.announcements.silence(1, hours=1, by="UKIM")
    await watch.again()
    orders = list(watch.source.silences.values())

    assert [order.labels for order in orders] == [LOSS.labels, SLOW.labels]
    assert {order.until for order in orders} == {made.until}
    assert "In Alertmanager too: <https://slack.test/#/silences/s-0|HighPacketLoss>" in watch.text()

    await watch.world.status.announcements.lift(made.id, by="UJO")
    await watch.again()
    assert watch.source.silences == {}
    assert "Expect tickets" in watch.text()


async def test_without_permission_alertmanager_is_left_alone() -> None:
    """`write = false` is the default."""
    watch = Watch()
    await watch.turn(LOSS)
    await watch.world.status.announcements.silence(1, hours=1, by="UKIM")
    await watch.again()

    assert watch.source.silences == {}


async def test_a_silence_whose_answer_was_lost_is_made_once() -> None:
    """It is asked for again with the same mark, and the message says what is wrong until then."""
    watch = Watch(write=True)
    await watch.turn(LOSS)
    watch.source.lost_answers.append(away("no answer"))
    await watch.world.status.announcements.silence(1, hours=1, by="UKIM")
    await watch.again(after_s=1)
    assert "Alertmanager hasn't taken it yet: no answer" in watch.text()

    await watch.again(after_s=31)
    assert len(watch.source.silences) == 1
    assert "In Alertmanager too" in watch.text()


async def test_an_alert_that_is_silenced_at_its_source_is_not_over() -> None:
    """Alertmanager only stops telling."""
    watch = Watch()
    await watch.turn(LOSS)
    await watch.turn(replace(LOSS, silenced=True))

    assert not watch.over()
    assert "silenced in Alertmanager" in watch.text()


async def test_what_was_silenced_at_its_source_is_not_announced() -> None:
    """Somebody knows already."""
    watch = Watch()
    await watch.turn(replace(LOSS, silenced=True))

    assert watch.cards() == []


async def test_a_source_that_is_away_ends_no_trouble() -> None:
    """The message says how old it is, and goes on when the source is back."""
    watch = Watch()
    await watch.turn(LOSS)
    watch.source.down = away()
    await watch.again()

    assert not watch.over()
    assert "Alertmanager unreachable since" in watch.text()
    assert "us-east" in watch.changed


async def test_what_was_well_is_unknown_once_nobody_can_confirm_it() -> None:
    """Not at the first missed reading."""
    watch = Watch()
    await watch.turn()
    watch.source.down = away()
    levels = []
    for _ in range(4):
        await watch.again(after_s=61)
        status = watch.world.status.of("us-east")
        levels.append(status.level if status else None)

    assert levels == [Level.OPERATIONAL, Level.UNKNOWN, Level.UNKNOWN, Level.UNKNOWN]


async def test_a_source_in_trouble_is_asked_less_and_less() -> None:
    """And not before it allows."""
    watch = Watch()
    watch.source.down = away()
    for _ in range(16):
        await watch.again(after_s=30)
    assert watch.source.reads == 5

    watch.source.down = away("asks to slow down", retry_after_s=1200)
    await watch.again(after_s=600)
    reads = watch.source.reads
    await watch.again(after_s=1100)
    assert watch.source.reads == reads
    await watch.again(after_s=110)
    assert watch.source.reads == reads + 1


async def test_an_incident_of_the_page_is_announced_where_no_alert_is() -> None:
    """One message for a target, whatever tells of its trouble first."""
    source = FakeSource(SourceReading(components=(WELL,), incidents=(INCIDENT,)))
    watch = Watch(page(source))
    await watch.turn()
    assert watch.cards() == ["status_announcement/1"]
    assert "“Packet loss” (investigating) since" in watch.text()

    await watch.turn(LOSS)
    assert watch.cards() == ["status_announcement/1"]
    assert "HighPacketLoss" in watch.text()


@pytest.mark.parametrize(
    "reading",
    [
        SourceReading(components=(component("US East", Level.MAINTENANCE),)),
        SourceReading(components=(WELL,), incidents=(replace(INCIDENT, planned=True),)),
        SourceReading(components=(WELL,), incidents=(replace(INCIDENT, level=Level.OPERATIONAL),)),
        SourceReading(components=(WELL,), incidents=(replace(INCIDENT, components=("eu",)),)),
    ],
)
async def test_what_is_planned_or_harmless_is_not_announced(reading: SourceReading) -> None:
    """Nor what is about other components."""
    watch = Watch(page(FakeSource(reading)))
    await watch.turn()

    assert watch.cards() == []


async def test_a_source_without_announcements_is_only_shown() -> None:
    """`announce = false`."""
    watch = Watch(page(FakeSource(SourceReading(components=(WELL,), incidents=(INCIDENT,))), announce=False))
    await watch.turn()
    status = watch.world.status.of("us-east")

    assert watch.cards() == []
    assert status
    assert status.level is Level.DEGRADED


async def test_the_investigation_s_card_hears_of_changes_only() -> None:
    """Not of every reading; figures in an alert's summary are no change."""
    watch = Watch()
    await watch.turn()
    await watch.world.opened(US_EAST)
    before = watch.world.wanted("investigation/1")
    await watch.turn()
    assert watch.world.wanted("investigation/1") == before

    await watch.turn(LOSS)
    await watch.turn(replace(LOSS, summary="54 % of the packets are lost"))
    assert watch.world.wanted("investigation/1") == before + 1
    status = watch.world.evidence.overview(1).status
    assert status
    assert status.level is Level.DEGRADED


async def test_the_message_says_who_looks_into_it() -> None:
    """From the moment an investigation opens until it closes, and it no longer asks."""
    watch = Watch()
    await watch.turn(LOSS)
    before = watch.world.wanted("status_announcement/1")
    await watch.world.opened(US_EAST)
    opened = watch.world.wanted("status_announcement/1")
    await watch.world.investigations.resolve(1, root_cause="transit", workaround="", by="UKIM")

    assert before < opened < watch.world.wanted("status_announcement/1")


async def test_since_lasts_as_long_as_the_trouble() -> None:
    """Worse is no new beginning, and a page that touches its times all day does not move it."""
    source = FakeSource(SourceReading(components=(component("US East", Level.DEGRADED, changed_at=AT_0850),)))
    watch = Watch(page(source))
    await watch.turn()
    source.reading = SourceReading(components=(component("US East", Level.MAJOR_OUTAGE, changed_at=NOW),))
    await watch.turn(after_s=61)
    status = watch.world.status.of("us-east")

    assert status
    assert [report.since for report in status.reports if report.title == "status page"] == [AT_0850]


async def test_the_loop_reads_at_once_and_hears_of_presses() -> None:
    """A silence reaches Alertmanager without waiting for the next reading."""
    watch = Watch(write=True)
    watch.source.reading = SourceReading(alerts=(LOSS,))

    watch.world.tasks.forever(watch.world.status.run, name="status")
    await eventually(watch.cards)
    await watch.world.status.announcements.silence(1, hours=1, by="UKIM")
    await eventually(lambda: watch.source.silences)
    await watch.world.tasks.drain(deadline_s=0)

    assert watch.source.reads == 1


DOWN_EVERYWHERE = replace(INCIDENT, id="i9", title="Login problems", components=())


async def test_an_incident_about_all_of_a_page_is_announced_for_the_page() -> None:
    """Once, not for each target; targets stay as their components are."""
    source = FakeSource(SourceReading(components=(WELL,), incidents=(DOWN_EVERYWHERE,)))
    watch = Watch(page(source))
    await watch.turn()
    told = watch.world.status.announcements.announced(1)
    target, whole = watch.world.status.of("us-east"), watch.world.status.all()[-1]

    assert watch.cards() == ["status_announcement/1"]
    assert watch.world.status.page_called(told.announcement.target) == "status page"
    assert watch.world.place("status_announcement/1").channel == "CTECH"
    assert "“Login problems” (investigating) since" in watch.text()
    assert (whole.page, whole.level) == ("status page", Level.DEGRADED)
    assert target
    assert target.level is Level.OPERATIONAL
    assert [each.title for report in target.reports for each in report.page_wide] == ["Login problems"]
    assert "us-east" in watch.changed

    source.reading = SourceReading(components=(WELL,))
    await watch.turn(after_s=61)
    assert watch.over()
    assert not any(status.page for status in watch.world.status.all())


@pytest.mark.parametrize(
    "incident",
    [
        replace(DOWN_EVERYWHERE, planned=True, stage="scheduled"),
        replace(DOWN_EVERYWHERE, level=Level.OPERATIONAL),
        replace(DOWN_EVERYWHERE, stage="resolved"),
    ],
)
async def test_what_is_planned_for_a_page_is_not_announced(incident: Incident) -> None:
    """Nor what its keepers call harmless or resolved."""
    watch = Watch(page(FakeSource(SourceReading(components=(WELL,), incidents=(incident,)))))
    await watch.turn()

    assert watch.cards() == []
