"""Opening, handing over and closing: what stands in the record, and what is owed."""

import asyncio

import pytest

from bot.errors import BadInput, NotFound
from bot.investigations.model import SourceMessage
from bot.investigations.service import AlreadyOwned
from bot.people import NotTier2
from tests.world import APP, US_EAST, World, contents

SOURCE = SourceMessage("CGENERAL", "100.1", author="UTOM", text="logins fail", permalink="https://slack.test/p1")


@pytest.fixture
async def world() -> World:
    return World()


async def test_two_openers_at_once_get_one(world: World) -> None:
    """Fifty people at the same moment: one investigation, and everybody is told the same number."""
    people = ["UKIM", "UJO", "UANA", "UTOM"] * 12
    work = (world.investigations.open(US_EAST, symptom="", by=by, channel="C1") for by in people)
    opened = await asyncio.gather(*work)

    assert sum(item.created for item in opened) == 1
    assert {item.investigation.id for item in opened} == {1}
    assert world.owed_keys("investigation/%") == ["investigation/1"]


async def test_opening_owes_card_tickets_and_playbook_at_once(world: World) -> None:
    """One transaction leaves the record, its first line, and everything that Slack will show."""
    investigation = await world.opened(US_EAST)

    assert sorted(world.owed_keys()) == ["investigation/1", "probes/1", "tickets/1"]
    assert world.place("tickets/1").thread_key == "investigation/1"
    assert world.kinds(investigation.id) == ["opened"]
    assert (investigation.owner, investigation.claimed_at) == ("UKIM", world.clock())


async def test_failure_while_opening_leaves_nothing(world: World) -> None:
    """A database that is full in the middle of opening has no half of an investigation in it."""
    before = contents(world)
    world.database.run("CREATE TRIGGER full BEFORE INSERT ON probe_batches BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(Exception, match="full"):
        await world.opened(US_EAST)

    assert contents(world) == before


async def test_tier_1_opener_owns_nothing(world: World) -> None:
    """Somebody of Tier 2 takes it from there."""
    investigation = await world.opened(by="UTOM")
    with pytest.raises(NotTier2):
        await world.investigations.claim(investigation.id, by="UTOM")
    claimed = await world.investigations.claim(investigation.id, by="UJO")

    assert (investigation.owner, investigation.opened_by, claimed.owner) == (None, "UTOM", "UJO")


async def test_source_message_is_answered_once(world: World) -> None:
    """Also when a second person uses the shortcut on the same message."""
    await world.opened(source=SOURCE)
    again = await world.investigations.open(APP, symptom="", by="UJO", channel="C1", source=SOURCE)

    assert not again.created
    assert world.owed_keys("answer/%") == ["answer/1/CGENERAL/100.1"]
    assert world.place("answer/1/CGENERAL/100.1").thread_ts == "100.1"


async def test_message_in_a_thread_is_answered_in_that_thread(world: World) -> None:
    """A reply's own ts is no thread."""
    await world.opened(source=SourceMessage("CGENERAL", "100.2", thread_ts="99.9"))

    assert world.place("answer/1/CGENERAL/100.2").thread_ts == "99.9"


async def test_every_message_that_led_to_it_is_kept_up_to_date(world: World) -> None:
    """The second reporter's answer changes with the investigation, not only the first one's."""
    investigation = await world.opened(source=SOURCE)
    second = SourceMessage("CGENERAL", "200.1", author="UTOM")
    await world.investigations.open(APP, symptom="", by="UJO", channel="C1", source=second)
    before = world.wanted("answer/1/CGENERAL/200.1")
    await world.investigations.resolve(investigation.id, root_cause="x", workaround="y", by="UKIM")

    assert world.wanted("answer/1/CGENERAL/200.1") == before + 1


async def test_reopening_while_another_is_live_is_refused(world: World) -> None:
    """The other one is named."""
    first = await world.opened()
    await world.investigations.dismiss(first.id, reason="one customer", by="UKIM")
    await world.opened()
    with pytest.raises(BadInput, match="INV-2 looks into the same target"):
        await world.investigations.reopen(first.id, by="UKIM")


async def test_resolving_needs_a_root_cause(world: World) -> None:
    """Spaces are none."""
    investigation = await world.opened()
    with pytest.raises(BadInput, match="root cause"):
        await world.investigations.resolve(investigation.id, root_cause=" \n", workaround="", by="UKIM")

    assert world.investigations.get(investigation.id).live


async def test_what_somebody_had_who_left_can_be_claimed(world: World) -> None:
    """Nobody can ask them to hand it over."""
    investigation = await world.opened(by="UJO")
    with pytest.raises(AlreadyOwned):
        await world.investigations.claim(investigation.id, by="UKIM")
    world.people.nobodies = frozenset({"UJO"})
    await world.investigations.claim(investigation.id, by="UKIM")

    assert world.investigations.get(investigation.id).owner == "UKIM"


async def test_unknown_number_is_not_found(world: World) -> None:
    """A sentence, and no empty record."""
    with pytest.raises(NotFound, match=r"no INV-7"):
        await world.investigations.claim(7, by="UKIM")


async def test_person_s_change_goes_out_at_once(world: World) -> None:
    """The card of a person's change is due now; a machine's waits to be gathered."""
    investigation = await world.opened()
    world.sent("investigation/1", "1.1")
    await world.investigations.claim(investigation.id, by="UKIM")
    assert "investigation/1" not in [message.key for message in world.owed.due(world.clock())]
    await world.investigations.release(investigation.id, by="UKIM")

    assert "investigation/1" in [message.key for message in world.owed.due(world.clock())]
