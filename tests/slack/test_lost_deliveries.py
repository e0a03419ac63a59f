"""What people did and the bot was down for is told to them, once, and to nobody else."""

from dataclasses import dataclass, field

import pytest

from bot.database import Database
from bot.messages.store import MessageStore
from bot.slack.deliveries import Deliveries, Delivery, delivery_key
from bot.slack.lost_deliveries import tell_lost
from tests.database import memory_database
from tests.fake_clock import FakeClock
from tests.slack import payloads
from tests.slack.payloads import Json


@dataclass
class Outage:
    """Deliveries that were acknowledged before the bot went down."""

    database: Database = field(default_factory=memory_database)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.deliveries = Deliveries(database=self.database, clock=self.clock)
        self.owed = MessageStore(database=self.database, clock=self.clock, wake=lambda: None)

    def arrives(self, kind: str, body: Json) -> None:
        assert self.deliveries.arrived([Delivery(delivery_key(body), kind, body)]) == [True]

    def told(self, *, after_min: int = 11) -> dict[str, str]:
        """By person."""
        self.clock.advance(minutes=after_min)
        tell_lost(self.database, self.deliveries, self.owed)
        return {message.place.channel: message.content for message in self.owed.due(self.clock())}


@pytest.fixture
def outage() -> Outage:
    return Outage()


PRESSED = payloads.press()
PRESSED = PRESSED | {"actions": [PRESSED["actions"][0] | {"text": {"type": "plain_text", "text": "Claim"}}]}


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("command /probe", payloads.command("/probe", "mtr us-east"), "“/probe mtr us-east” in <#C1>"),
        ("button investigation_claim", PRESSED, "the button “Claim” in <#C1>"),
        ("button x", payloads.press("x"), "a button in <#C1>"),
        ("shortcut investigate_message", payloads.message_shortcut(), "a shortcut on the message “logins fail”"),
        ("event app_mention", payloads.mention("<@UBOT> handover <@UJO|jo> now"), "“handover now” in <#C1>"),
        ("form f", payloads.submission("f", {}), "the form “"),
        (
            "event message",
            payloads.event("message", user="UKIM", channel="D1", channel_type="im", text="probe us-east"),
            "“probe us-east”, <!date",
        ),
    ],
)
async def test_the_person_is_told_what_it_was(outage: Outage, kind: str, body: Json, words: str) -> None:
    """In words that they know it by, with place and time."""
    outage.arrives(kind, body)
    messages_told = outage.told()

    assert list(messages_told) == ["UKIM"]
    assert "not done, because Second Line was down" in messages_told["UKIM"] and words in messages_told["UKIM"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("event message", payloads.event("message", user="UKIM", channel="C1", text="lots of tickets")),
        ("event reaction_added", payloads.event("reaction_added", user="UKIM", item={"channel": "C1", "ts": "1.2"})),
        ("event app_home_opened", payloads.event("app_home_opened", user="UKIM", channel="D1")),
        ("event app_mention", payloads.event("app_mention", bot_id="B1", user="UAPP", channel="C1", text="x")),
        ("event team_join", payloads.event("team_join", user={"id": "UNEW"})),
    ],
)
async def test_whoever_waits_for_nothing_is_not_told(outage: Outage, kind: str, body: Json) -> None:
    """What was written in a channel, marks, apps."""
    outage.arrives(kind, body)

    assert outage.told() == {}
    assert outage.deliveries.lost() == []


async def test_everybody_is_told_once_of_all_of_theirs(outage: Outage) -> None:
    """However often the bot starts; hostile words stay inert, and a flood stays short."""
    for number in range(30):
        outage.arrives("command /probe", payloads.command("/probe", f"mtr <!channel> {number}", f"t.{number}"))
    outage.arrives("command /probe", payloads.command("/probe", "ping x", "t.jo") | {"user_id": "UJO"})
    first, again = outage.told(), outage.told()

    assert first == again and set(first) == {"UKIM", "UJO"}
    assert "and 20 more" in first["UKIM"] and "<!channel>" not in first["UKIM"]


async def test_what_can_still_be_done_is_not_lost(outage: Outage) -> None:
    """Within ten minutes it is done instead; what was done is not told."""
    outage.arrives("command /probe", payloads.command("/probe", "mtr us-east"))
    assert outage.told(after_min=9) == {}
    assert len(outage.deliveries.unfinished()) == 1
    outage.deliveries.done(outage.deliveries.unfinished()[0].key)

    assert outage.told() == {}
