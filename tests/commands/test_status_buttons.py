"""The buttons of an announcement, and what `/t2 status` says of services."""

from datetime import timedelta

import pytest

from bot.messages.model import Content
from bot.slack.request import Answer, Request
from bot.status.announcements import TroubleOver
from bot.status.cards import LIFT
from bot.status.model import Incident, Level, SourceReading
from bot.views import views
from commands import status, t2
from tests.commands.index import handler_of
from tests.commands.test_mention import Thread
from tests.fake_status import FakeSource, alert, alerts, component, page
from tests.hostile import NOW
from tests.slack_limits import texts
from tests.world import World

LOSS = alert("HighPacketLoss", NOW - timedelta(minutes=22))


class Announced(Thread):
    """U.S. East has trouble, and status_announcement/1 says so."""

    def __init__(self) -> None:
        self.alerts = FakeSource(SourceReading(alerts=(LOSS,)))
        self.page = FakeSource(SourceReading(components=(component("US East", Level.UNKNOWN, word="flaky"),)))
        super().__init__(World(watched=(page(self.page), alerts(self.alerts))))

    async def turn(self) -> None:
        self.world.clock.advance(61)
        await self.world.status.turn()

    def card(self) -> str:
        content = views(self.services, 5)["status_announcement"](1)
        assert content
        return shown(content)


def shown(answer: Answer) -> str:
    assert isinstance(answer, Content)
    return "\n".join(texts(list(answer.blocks)))


@pytest.fixture
async def there() -> Announced:
    announced = Announced()
    await announced.turn()
    return announced


def pressed(user: str = "UKIM", value: str = "1") -> Request:
    return Request(user=user, channel="CTECH", value=value)


async def test_investigate_opens_one_with_the_alerts_as_symptom(there: Announced) -> None:
    """In the channel of the target's team, which is told elsewhere; the announcement then says who has it."""
    elsewhere = await status.investigate_button(pressed(), there.services)
    assert elsewhere == "INV-1 is open in <#C1>."
    (investigation,) = there.world.investigations.live()

    assert (investigation.target, investigation.symptom, investigation.channel) == (
        "us-east",
        "HighPacketLoss",
        "C1",
    )
    assert "<@UKIM> owns INV-1." in there.card()


async def test_the_second_who_presses_sees_who_has_it(there: Announced) -> None:
    """As with `/investigate`."""
    await status.investigate_button(pressed(), there.services)
    answer = await status.investigate_button(pressed("UJO"), there.services)

    assert "<@UKIM> has U.S. East" in shown(answer)


async def test_what_is_over_is_not_looked_into(there: Announced) -> None:
    """A button may be pressed on a message that was loaded an hour ago."""
    there.alerts.reading = SourceReading()
    await there.turn()

    with pytest.raises(TroubleOver):
        await status.investigate_button(pressed(), there.services)
    assert there.world.investigations.live() == []


async def test_silence_and_its_end_are_on_the_card(there: Announced) -> None:
    """With who, so that somebody can be asked."""
    await status.silence_long(pressed(), there.services)
    assert "Silenced by <@UKIM>" in there.card()

    await handler_of(LIFT)(pressed("UJO"), there.services)
    assert "Expect tickets" in there.card()

    await status.silence_short(pressed("UJO"), there.services)
    assert "Silenced by <@UJO>" in there.card()


async def test_t2_status_tells_of_every_target(there: Announced) -> None:
    """Unknown is said with the page's own word."""
    text = shown(await t2.status(there.services))

    assert "U.S. East: status page unknown (“flaky”)" in text
    assert "1 alert since" in text
    assert "U.S. West: no alerts" in text


async def test_of_a_whole_page_a_form_asks_for_the_target() -> None:
    """What is open is filled in as the symptom, and `/t2 status` tells it once."""
    there = Announced()
    there.alerts.reading = SourceReading()
    wide = Incident("i9", "Login problems", "investigating", Level.DEGRADED, NOW)
    there.page.reading = SourceReading(components=(component("US East", Level.OPERATIONAL),), incidents=(wide,))
    await there.turn()
    answer, listed = there.card(), shown(await t2.status(there.services))
    assert (
        await status.investigate_button(
            Request(user="UKIM", channel="CTECH", value="1", trigger_id="t1"), there.services
        )
        is None
    )

    assert "*Status page*: “Login problems” (investigating) since" in answer
    assert listed.count("Login problems") == 1
    assert not there.world.investigations.live()
    (call,) = there.slack.called("views.open")
    assert "Login problems" in str(call["view"])
