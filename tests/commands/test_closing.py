"""Closing: everything is checked first, alerts and Tier 3 are named, and nothing is closed without a word."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.handoffs.model import HandoffDraft, Lane
from bot.investigations.forms import REASON, ROOT_CAUSE, TIER3
from bot.investigations.model import State
from bot.investigations.rechecks import RecheckSettings
from bot.known_issues.model import IssueState, Priority
from bot.messages.model import Place
from bot.replies.model import RoundOpening, WaitingTicket
from bot.slack.answers import SlackError
from bot.slack.request import Clarification, Request
from bot.status.model import Level, SourceReading
from commands import closing, replies
from tests.commands.test_mention import Thread
from tests.eventually import eventually
from tests.fake_desk import FakeDesk
from tests.fake_status import FakeSource, alert, alerts, component, page
from tests.fake_tracker import issue
from tests.slack_limits import texts
from tests.world import US_EAST, World


class Day:
    """INV-1 is about U.S. East, whose address loses `lost` of 10 packets."""

    def __init__(self, thread: Thread) -> None:
        self.thread, self.world, self.slack = thread, thread.world, thread.slack
        self.slack.answers["views.open"] = {"view": {"id": "V1"}}

    def loses(self, lost: int) -> None:
        for probe in self.world.probe_kinds.values():
            probe.lost["U.S. East"] = lost

    def forms(self) -> list[str]:
        """What the form said on top, from its opening on."""
        views = [*self.slack.called("views.open"), *self.slack.called("views.update")]
        return ["\n".join(texts(call["view"]["blocks"])).split("Root cause")[0] for call in views]

    def sent(self, **values: Any) -> Request:
        return Request(user="UKIM", private_metadata="1", values={ROOT_CAUSE: "transit", **values})

    async def handed_off(self, state: IssueState = IssueState.OPEN) -> None:
        """It is with Tier 3 as an issue that is known already."""
        self.world.known.intake.applied("app", [issue(9, "Login fails", state=state)], cursor="1")
        draft = HandoffDraft("app", "Login fails", "x", "", Priority.P2, Lane.HOTFIX, issue_id=1)
        await self.world.handoffs.hand_off(1, draft, by="UKIM")


@pytest.fixture
async def day() -> Day:
    world = World(watched=[alerts(FakeSource()), page(FakeSource())])
    day = Day(Thread(world))
    day.loses(5)
    await world.opened(US_EAST)
    await world.probed()
    return day


def pressed(value: str = "1", user: str = "UKIM") -> Request:
    return Request(user=user, channel="C1", value=value, trigger_id="T1")


async def told(world: World, *readings: SourceReading) -> None:
    """What Alertmanager and the status page say now."""
    for watched, reading in zip(world.watched, readings, strict=False):
        assert isinstance(watched.source, FakeSource)
        watched.source.reading = reading
    await world.status.turn()


async def test_resolve_runs_what_failed_again_and_says_that_it_still_fails(day: Day) -> None:
    """The form is open at once, and gets the words of the verdict with the alerts of now."""
    now = day.world.clock()
    await told(day.world, SourceReading(alerts=(alert("Loss", now), alert("Loss", now, number=2))))
    await closing.resolve_button(pressed(), day.thread.services)
    await day.world.probed()

    first, last = day.forms()
    assert "Running the check…" in first and "2 alerts firing" in first
    assert ":red_circle: Still failing: 50 % loss to 10.1.2.3, 2 alerts firing." in last
    assert day.world.investigations.get(1).state is State.OPEN
    assert closing.resolve_check(day.sent(), day.thread.services) == {}


async def test_resolve_says_that_all_pass_now(day: Day) -> None:
    """Green is only for what was measured, with alerts that were read."""
    await told(day.world, SourceReading())
    day.loses(0)
    await closing.resolve_button(pressed(), day.thread.services)
    await day.world.probed()

    assert ":large_green_circle: The check passes now, and no alert is firing." in day.forms()[-1]


async def test_status_page_that_is_red_is_still_trouble(day: Day) -> None:
    """Also where every probe passes."""
    await told(day.world, SourceReading(), SourceReading(components=(component("US East", Level.PARTIAL_OUTAGE),)))
    day.loses(0)
    await closing.resolve_button(pressed(), day.thread.services)
    await day.world.probed()

    assert "Still: partial outage on the status page. The check passes now." in day.forms()[-1]


async def test_nothing_failed_and_nothing_fires(day: Day) -> None:
    """It is checked all the same: what never failed may do so now."""
    day.world.database.run("DELETE FROM probe_runs")
    await told(day.world, SourceReading())
    await closing.resolve_button(pressed(), day.thread.services)

    assert "Running the check…" in day.forms()[0]
    assert len(day.world.database.rows("SELECT 1 FROM probe_batches WHERE again = 1")) == 1


async def test_results_that_are_late_are_said_to_be_late(day: Day) -> None:
    """Sending stays possible; the result comes into the form when it is there."""
    day.world.rechecks._settings = RecheckSettings(patience_s=0.0)
    await closing.resolve_button(pressed(), day.thread.services)
    await eventually(lambda: len(day.forms()) == 2)
    await day.world.probed()

    assert "Still waiting for the check." in day.forms()[1]
    assert "Still failing: 50 % loss" in day.forms()[2]


async def test_form_that_was_closed_meanwhile_is_left_alone(day: Day) -> None:
    day.world.rechecks._settings = RecheckSettings(patience_s=0.0)
    day.slack.fail("views.update", SlackError("not_found", method="views.update"))
    await closing.resolve_button(pressed(), day.thread.services)
    await day.world.probed()

    assert len(day.slack.called("views.update")) == 1


async def test_form_that_was_sent_meanwhile_is_told_no_more(day: Day) -> None:
    """Slack would refuse it, and nobody looks."""
    await closing.resolve_button(pressed(), day.thread.services)
    sent = Request(user="UKIM", private_metadata="1", view_id="V1", values={ROOT_CAUSE: "transit"})
    await closing.resolved(sent, day.thread.services)
    await day.world.probed()

    assert day.slack.called("views.update") == []
    assert day.world.investigations.get(1).state is State.RESOLVED


async def test_pressing_twice_measures_once(day: Day) -> None:
    """Two people who look at the same form wait for the same probes."""
    await closing.resolve_button(pressed(), day.thread.services)
    day.slack.answers["views.open"] = {"view": {"id": "V2"}}
    await closing.resolve_button(pressed(), day.thread.services)
    await day.world.probed()

    assert len(day.world.database.rows("SELECT 1 FROM probe_batches WHERE again = 1")) == 1
    assert sum("Still failing" in form for form in day.forms()) == 2


async def test_review_runs_what_failed_for_its_investigations(day: Day) -> None:
    """Customers are told that it works again: whoever sends that sees whether it does."""
    desk = FakeDesk()
    desk.put(1, 2)
    world = World(desk=desk, reply_texts={"released": {"en": "It is fixed."}})
    seen = Day(Thread(world))
    seen.loses(5)
    await world.opened(US_EAST)
    await world.probed()
    with world.database.transaction():
        world.replies.open(
            "k",
            RoundOpening(
                purpose="released",
                tickets=[WaitingTicket(1, 1), WaitingTicket(2, 1)],
                values={},
                place=Place("C1"),
                for_user="UKIM",
            ),
        )
    await world.reply_runner.step(desk)
    await replies.review_button(pressed(), seen.thread.services)
    await world.probed()

    assert "Running the check…" in seen.forms()[0]
    assert "Still failing: 50 % loss to 10.1.2.3" in seen.forms()[-1]


@pytest.mark.parametrize("purpose", ["planned", "noted"])
async def test_what_is_to_come_is_not_measured_again(purpose: str) -> None:
    """Nobody is told that it works."""
    desk = FakeDesk()
    desk.put(1)
    world = World(desk=desk, reply_texts={purpose: {"en": "It is planned."}})
    day = Day(Thread(world))
    day.loses(5)
    await world.opened(US_EAST)
    await world.probed()
    place = Place("C1")
    with world.database.transaction():
        world.replies.open(
            "k", RoundOpening(purpose=purpose, tickets=[WaitingTicket(1, 1)], values={}, place=place, for_user="UKIM")
        )
    await world.reply_runner.step(desk)
    await replies.review_button(pressed(), day.thread.services)

    assert not world.database.rows("SELECT 1 FROM probe_batches WHERE again = 1")


async def test_tier_3_is_asked_about_before_it_is_closed(day: Day) -> None:
    """By a box that names the issue; the form can't be sent without it."""
    await day.handed_off()
    await closing.resolve_button(pressed(), day.thread.services)
    await closing.dismiss_button(pressed(), day.thread.services)

    assert all("Tier 3 still has app#9 “Login fails”: open" in form for form in day.forms()[:2])
    assert closing.resolve_check(day.sent(**{TIER3: []}), day.thread.services).keys() == {TIER3}
    assert closing.resolve_check(day.sent(**{TIER3: [TIER3]}), day.thread.services) == {}
    assert closing.dismiss_check(day.sent(**{REASON: "x", TIER3: []}), day.thread.services).keys() == {TIER3}


async def test_handoff_made_while_the_form_was_open(day: Day) -> None:
    """Its form has no box: what was written stays, with the reason."""
    await closing.resolve_button(pressed(), day.thread.services)
    await day.handed_off(IssueState.IN_PROGRESS)
    wrong = closing.resolve_check(day.sent(), day.thread.services)

    assert "Tier 3 still has app#9 “Login fails”: in progress" in wrong[ROOT_CAUSE]


async def test_tier_3_that_is_done_asks_nothing(day: Day) -> None:
    await day.handed_off(IssueState.DONE)

    assert closing.resolve_check(day.sent(), day.thread.services) == {}


@pytest.mark.parametrize("word", [closing.resolve_words, closing.dismiss_words])
async def test_words_ask_where_tier_3_has_it(day: Day, word: Callable[..., Any]) -> None:
    """Words open no form: the button does, with what was typed."""
    services = day.thread.services
    await day.handed_off()
    request = Request(user="UKIM", channel="C1", trigger_id="T")
    with pytest.raises(Clarification) as asked:
        await word(request, services, "INV-1 a bad link")
    (button,) = [element for block in asked.value.content.blocks for element in block.get("elements", [])]

    assert services.investigations.get(1).state is State.HANDED_OFF
    assert "INV-1 stays open" in asked.value.content.text and "app#9" in asked.value.content.text
    assert button["value"] == "1 a bad link"


async def test_words_ask_where_it_still_fails(day: Day) -> None:
    """By what was measured last; the button runs it again."""
    services = day.thread.services
    with pytest.raises(Clarification) as asked:
        await closing.resolve_words(Request(user="UKIM", channel="C1"), services, "INV-1 a bad link")
    await closing.resolve_button(pressed("1 a bad link"), services)
    (opened,) = day.slack.called("views.open")

    assert "When it was last measured: 50 % loss to 10.1.2.3." in asked.value.content.text
    assert "a bad link" in str(opened["view"])


async def test_words_close_at_once_where_nothing_speaks_against_it(day: Day) -> None:
    day.loses(0)
    day.world.clock.advance(60)
    day.world.probes.request("ping", "us-east", place=Place("C1"), by="UKIM", investigation_id=1)
    day.world.probes.request("mtr", "us-east", place=Place("C1"), by="UKIM", investigation_id=1)
    await day.world.probed()
    await closing.resolve_words(Request(user="UKIM", channel="C1"), day.thread.services, "INV-1 a bad link")

    assert day.world.investigations.get(1).state is State.RESOLVED
