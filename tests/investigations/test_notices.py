"""Who waits is told by a message of its own, once; who only watches sees an edit."""

from dataclasses import replace

import pytest

from bot.errors import BadInput
from bot.investigations import cards
from bot.investigations.model import PEOPLE_CALLED, Event, EventKind, Investigation, SourceMessage, State, in_the_thread
from bot.investigations.overview import Overview
from bot.messages.model import Content, Place
from tests.fake_tracker import issue
from tests.hostile import NOW
from tests.slack_limits import broken_by_message, texts
from tests.world import APP, US_EAST, World, contents

SOURCE = SourceMessage("CTIER1", "100.1", author="UTOM", text="logins fail", permalink="https://slack.test/p1")


@pytest.fixture
async def world() -> World:
    """Opened by Tom of Tier 1, owned by Kim, joined by Ana."""
    world = World()
    await world.opened(by="UTOM", source=SOURCE)
    await world.investigations.claim(1, by="UKIM")
    await world.investigations.join(1, by="UANA")
    return world


def told(world: World) -> list[str]:
    """The messages in the thread, in order, as they are read."""
    keys = world.owed_keys("told/%")
    assert all(world.place(key) == Place("C1", thread_key="investigation/1") for key in keys)
    return [_shown(world, int(key.split("/")[1])) for key in keys]


def _shown(world: World, number: int) -> str:
    event = world.evidence.event(number)
    content = cards.notice(event, world.evidence.overview(1)) if event else None
    assert content
    return content.text


def outcome(world: World, *, to_asker: bool = True) -> list[str]:
    """What whoever asked reads in their own thread."""
    texts_shown = []
    for key in world.owed_keys("outcome/%"):
        event = world.evidence.event(int(key.split("/")[1]))
        content = cards.outcome(event, world.evidence.overview(1), to_asker=to_asker) if event else None
        assert content and broken_by_message(content) == []
        texts_shown.append(all_of(content))
    return texts_shown


def all_of(content: Content) -> str:
    return "\n".join(texts(list(content.blocks))) or content.text


async def test_those_in_the_thread_are_told_of_the_resolution(world: World) -> None:
    """Each by name, once, in one message; not whoever resolved it."""
    world.evidence.note(1, "only 2.4", by="UANA")
    await world.investigations.resolve(1, root_cause="a bad link", workaround="use Miami", by="UKIM")

    assert told(world) == [
        ":white_check_mark: <@UTOM>, <@UANA>: <@UKIM> resolved INV-1 The app. The card has the workaround."
    ]


async def test_dismissal_reopening_and_giving_up_are_told(world: World) -> None:
    """Whoever was told that it is over is told that it is not; whoever could take it, that nobody has it."""
    await world.investigations.dismiss(1, reason="one router", by="UKIM")
    await world.investigations.reopen(1, by="UJO")
    await world.investigations.release(1, by="UKIM")

    assert told(world) == [
        ":heavy_minus_sign: <@UTOM>, <@UANA>: <@UKIM> dismissed INV-1 The app: not a trend.",
        ":mag: <@UTOM>, <@UKIM>, <@UANA>: <@UJO> reopened INV-1 The app.",
        ":raising_hand: <@UTOM>, <@UANA>, <@UJO>: <@UKIM> released INV-1 The app. No one has picked it up.",
    ]


async def test_alone_nobody_is_told() -> None:
    """Kim opened it, kept it and closed it: there is nobody who waits."""
    world = World()
    await world.opened()
    await world.investigations.resolve(1, root_cause="a bad link", workaround="", by="UKIM")

    assert world.owed_keys("told/%") == []


async def test_whoever_asked_gets_the_workaround_as_a_message(world: World) -> None:
    """In their own thread, by name: an edit of the first answer notifies nobody."""
    await world.investigations.resolve(1, root_cause="a bad link", workaround="use Miami\n& wait", by="UKIM")

    (key,) = world.owed_keys("outcome/%")
    assert world.place(key) == Place("CTIER1", thread_ts="100.1")
    assert outcome(world) == [
        ":white_check_mark: <@UTOM>, The app is resolved (INV-1 in <#C1>).\nWorkaround: use Miami\n&amp; wait"
    ]


async def test_whoever_asked_hears_of_no_trend_and_of_a_reopening(world: World) -> None:
    """With the reason; what was told before stays true by another message."""
    await world.investigations.dismiss(1, reason="one customer's router", by="UKIM")
    await world.investigations.reopen(1, by="UKIM")
    await world.investigations.resolve(1, root_cause="a bad link", workaround="", by="UKIM")

    assert outcome(world) == [
        ":heavy_minus_sign: <@UTOM>, Tier 2 found no trend at The app (INV-1 in <#C1>).\none customer's router",
        ":mag: <@UTOM>, The app isn't over. Tier 2 is looking at it again (INV-1 in <#C1>).",
        ":white_check_mark: <@UTOM>, The app is resolved (INV-1 in <#C1>).",
    ]


async def test_everybody_who_asked_is_answered_in_each_thread_once(world: World) -> None:
    """Two messages of one thread have one answer; who else asked is told without a name that is not theirs."""
    for ts, thread in (("200.1", ""), ("100.2", "100.1")):
        source = replace(SOURCE, ts=ts, thread_ts=thread, author="UANA")
        await world.investigations.open(APP, symptom="", by="UJO", channel="C1", source=source)
    await world.investigations.resolve(1, root_cause="a bad link", workaround="use Miami", by="UKIM")

    keys = world.owed_keys("outcome/%")
    views = [world.database.value("SELECT view FROM messages WHERE key = ?", key) for key in keys]
    assert [world.place(key).thread_ts for key in keys] == ["100.1", "200.1"]
    assert views == ["investigation_outcome", "investigation_outcome_elsewhere"]
    assert "<@UTOM>" not in outcome(world, to_asker=False)[0]


async def test_closing_and_its_messages_are_one_transaction(world: World) -> None:
    """No resolution that nobody hears of, and no word of one that was not."""
    before = contents(world)
    world.database.run(
        """CREATE TRIGGER full BEFORE INSERT ON messages WHEN NEW.key LIKE 'outcome/%'
           BEGIN SELECT RAISE(ABORT, 'x'); END"""
    )
    with pytest.raises(Exception, match="x"):
        await world.investigations.resolve(1, root_cause="a bad link", workaround="", by="UKIM")

    assert contents(world) == before


async def test_release_of_the_fix_is_told_also_after_the_end(world: World) -> None:
    """Once for a release, in each investigation that is about it; what it isn't about hears nothing."""
    tracker = world.tracker
    world.known.intake.applied("app", tracker.put(issue(31, "Calls stutter", symptom="login fails")), cursor="1")
    await world.knowledge.use(1, 1, by="UKIM")
    await world.opened(US_EAST)
    await world.investigations.resolve(1, root_cause="a bug", workaround="", by="UKIM")
    world.clock.advance(60)
    released = issue(31, "Calls stutter", symptom="login fails", fix_version="8.4.1", released=True)
    for _ in range(2):
        world.known.intake.applied("app", tracker.put(replace(released, updated_at=world.clock())), cursor="2")
    texts_shown = told(world)

    assert texts_shown[1:] == [":package: <@UTOM>, <@UKIM>, <@UANA>: app#31 Calls stutter is released in 8.4.1."]
    assert "issue" not in world.kinds(2)


async def test_notes_that_are_too_long_are_refused(world: World) -> None:
    """Whatever a person writes for the record is whole, or not on it."""
    long = "x" * 2901
    before = contents(world)
    with pytest.raises(BadInput, match=r"at most 2,900 characters, and this is 2,901"):
        world.evidence.note(1, long, by="UKIM")
    with pytest.raises(BadInput, match="A root cause"):
        await world.investigations.resolve(1, root_cause=long, workaround="", by="UKIM")
    with pytest.raises(BadInput, match="A workaround"):
        await world.investigations.resolve(1, root_cause="x", workaround="&" * 600, by="UKIM")
    with pytest.raises(BadInput, match="A reason"):
        await world.investigations.dismiss(1, reason=long, by="UKIM")
    with pytest.raises(BadInput, match="A note"):
        await world.handovers.ask(1, to="UJO", note=long, by="UKIM")
    with pytest.raises(BadInput, match="What people see"):
        await world.investigations.open(US_EAST, symptom=long, by="UKIM", channel="C1")

    assert contents(world) == before


def test_people_of_the_thread_are_those_up_to_then() -> None:
    """Triage decides elsewhere; whoever comes later is not called by an edit."""
    events = [
        Event(NOW, EventKind.OPENED, "UTOM", id=1),
        Event(NOW, EventKind.HANDED_OVER, "UKIM", about="UJO", id=2),
        Event(NOW, EventKind.TRIAGED, "URAJ", about="UKIM", id=3),
        Event(NOW, EventKind.TICKETS, None, id=4),
        Event(NOW, EventKind.RESOLVED, "UJO", id=5),
        Event(NOW, EventKind.NOTE, "UANA", id=6),
    ]

    assert in_the_thread(events, events[4]) == ("UTOM", "UKIM")


def test_flood_of_names_is_none() -> None:
    """A message calls a few; nobody is called by the fiftieth name."""
    investigation = Investigation(1, "app", "", State.RESOLVED, "UKIM", NOW, "C1", closed_by="UKIM")
    events = (
        *(Event(NOW, EventKind.JOINED, f"U{n}", id=n) for n in range(60)),
        Event(NOW, EventKind.RESOLVED, "UKIM", id=99),
    )
    content = cards.notice(events[-1], Overview(investigation, APP, events, None, ()))

    assert content and content.text.count("<@U") == PEOPLE_CALLED + 1
