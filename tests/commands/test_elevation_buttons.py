"""The buttons under elevated tickets, and what `/t2 status` says of elevation."""

from dataclasses import replace

import pytest

from bot.elevations.service import ElevationService
from bot.errors import NotFound
from bot.investigations.evidence import TicketsKept
from bot.messages.model import Content
from bot.slack.request import Answer, Request
from bot.views import views
from commands import elevations, t2
from tests.commands.test_mention import Thread
from tests.elevations.desk_day import SETTINGS, DeskDay
from tests.fake_desk import unreachable
from tests.slack_limits import texts


class Elevated(Thread):
    """Two tickets about U.S. East came, and elevations/1 says so."""

    def __init__(self, day: DeskDay) -> None:
        self.day = day
        super().__init__(day.world)

    @property
    def elevations(self) -> ElevationService:
        return self.services.elevations

    def card(self) -> str:
        content = views(self.services, 5)["elevations"](1)
        assert content
        return shown(content)


def shown(answer: Answer) -> str:
    assert isinstance(answer, Content)
    return "\n".join(texts(list(answer.blocks)))


@pytest.fixture
async def there() -> Elevated:
    day = DeskDay()
    day.ticket(101)
    day.ticket(102, "Packet loss on US East")
    await day.works(1)
    return Elevated(day)


def pressed(value: str, user: str = "UKIM") -> Request:
    return Request(user=user, channel="CTECH", value=value)


async def test_investigate_opens_one_in_the_teams_channel(there: Elevated) -> None:
    """A second press, of whoever, shows who has it and links nothing twice."""
    assert await elevations.investigate_button(pressed("1:us-east"), there.services) is None
    [investigation] = there.world.investigations.live()
    assert (investigation.owner, investigation.channel) == ("UKIM", "CTECH")
    assert "2 in INV-1" in there.card()
    answer = await elevations.investigate_button(pressed("1:us-east", "UJO"), there.services)
    assert "UKIM" in shown(answer)
    collected = there.world.tickets.of(1)
    assert collected and len(collected.suggested) == 2 and collected.confirmed == ()


async def test_investigate_while_zendesk_is_away(there: Elevated) -> None:
    """The investigation is there, the tickets come when Zendesk answers, and the person is told."""
    there.day.desk.down = unreachable()
    with pytest.raises(TicketsKept, match="2 tickets are saved"):
        await elevations.investigate_button(pressed("1:us-east"), there.services)
    there.day.desk.down = None
    there.world.clock.advance(20)
    await there.world.desk_settled()
    collected = there.world.tickets.of(1)
    assert collected and {each.ticket_id for each in collected.suggested} == {101, 102}


async def test_buttons_of_what_is_gone(there: Elevated) -> None:
    with pytest.raises(NotFound):
        await elevations.show_button(pressed("77"), there.services)
    with pytest.raises(NotFound, match="no longer configured"):
        await elevations.investigate_button(pressed("1:atlantis"), there.services)


async def test_show_lists_them(there: Elevated) -> None:
    listed = shown(await elevations.show_button(pressed("1", "UTOM"), there.services))
    assert "*U.S. East*" in listed and "#102 Packet loss on US East" in listed


async def test_status_says_how_it_goes(there: Elevated) -> None:
    assert "Elevation after 15 min without a reply: 2 tickets in the last 24 h" in shown(
        await t2.status(there.services)
    )
    off = Elevated(DeskDay(replace(SETTINGS, from_groups=())))
    assert "Elevation" not in shown(await t2.status(off.services))
