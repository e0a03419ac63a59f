"""What two investigations have to do with each other, while both stay their own."""

import pytest

from bot.errors import BadInput, NotFound
from bot.investigations.cards import timeline
from bot.investigations.merge_model import CannotMerge
from bot.investigations.relation_cards import cause_ended
from bot.investigations.relation_model import Bond, CannotRelate, ToRelate, bond_words
from bot.messages.model import Content
from bot.people import NotTier2
from tests.world import APP, US_EAST, US_WEST, World


async def three() -> World:
    """INV-1 is about the app (Jo's), INV-2 about U.S. East and INV-3 about U.S. West (Kim's)."""
    there = World()
    await there.opened(APP, by="UJO")
    await there.opened(US_EAST, by="UKIM")
    await there.opened(US_WEST, by="UKIM")
    return there


async def caused(there: World, effect: int, cause: int, how: str = "") -> bool:
    return await there.relations.relate(ToRelate(effect, cause, Bond.CAUSE, how), by="UKIM")


def seen(there: World, number: int) -> list[str]:
    return [bond_words(each) for each in there.evidence.overview(number).neighbours]


def told(there: World, number: int) -> str:
    return str(timeline(there.evidence.overview(number)).blocks)


async def test_both_show_it_and_both_stay() -> None:
    there = await three()
    assert await caused(there, 1, 2) and not await caused(there, 1, 2), "delivered twice"
    await there.relations.relate(ToRelate(2, 3, Bond.RELATED, "same transit"), by="UJO")

    assert seen(there, 1) == ["Caused by INV-2 U.S. East"]
    assert seen(there, 2) == ["Caused INV-1 The app", "Related to INV-3 U.S. West: same transit"]
    assert seen(there, 3) == ["Related to INV-2 U.S. East: same transit"]
    for number in (1, 2):
        assert "<@UKIM> says INV-1 The app was caused by INV-2 U.S. East" in told(there, number)
    assert len(there.investigations.live()) == 3


async def test_what_is_said_anew_replaces_what_was_said() -> None:
    """Related is the same in both directions; the cause is not."""
    there = await three()
    await there.relations.relate(ToRelate(1, 2, Bond.RELATED), by="UKIM")
    assert not await there.relations.relate(ToRelate(2, 1, Bond.RELATED), by="UKIM")
    await there.relations.relate(ToRelate(2, 1, Bond.EFFECT), by="UKIM")

    assert seen(there, 1) == ["Caused by INV-2 U.S. East"] and seen(there, 2) == ["Caused INV-1 The app"]
    with pytest.raises(CannotRelate, match="INV-1 was caused by INV-2, so"):
        await caused(there, 2, 1)


async def test_it_is_taken_back_visibly() -> None:
    there = await three()
    await caused(there, 1, 2)
    await there.relations.unrelate(2, 1, by="UJO")

    assert not seen(there, 1) and not seen(there, 2)
    assert "<@UJO> took back that INV-1 The app was caused by INV-2 U.S. East" in told(there, 2)
    with pytest.raises(CannotRelate, match="Nobody said that INV-1 and INV-2"):
        await there.relations.take_back(1, by="UKIM")
    with pytest.raises(NotTier2):
        await there.relations.relate(ToRelate(1, 2, Bond.CAUSE), by="UTOM")
    with pytest.raises(NotFound):
        await caused(there, 1, 9)
    with pytest.raises(CannotRelate, match="this investigation itself"):
        await caused(there, 1, 1)
    with pytest.raises(BadInput, match="at most 60"):
        await caused(there, 1, 2, "x" * 61)


async def test_nothing_causes_itself() -> None:
    """Also over others, and also where a merge would make it so."""
    there = await three()
    await caused(there, 1, 2)
    await caused(there, 2, 3)
    with pytest.raises(CannotRelate, match="INV-1 was caused by INV-2, and that by INV-3, so"):
        await caused(there, 3, 1)
    with pytest.raises(CannotMerge, match="would have caused itself"):
        await there.merges.merge(3, 1, by="UKIM")
    await there.merges.merge(2, 1, by="UKIM")

    assert seen(there, 1) == ["Caused by INV-3 U.S. West"], (
        "what was said of the two is nothing as long as they are one"
    )
    await there.merges.undo(2, by="UKIM")
    assert seen(there, 1) == ["Caused by INV-2 U.S. East"] and len(seen(there, 2)) == 2


async def test_it_follows_to_where_a_merged_one_goes_on() -> None:
    there = await three()
    await caused(there, 1, 2)
    await there.merges.merge(2, 3, by="UKIM")
    assert seen(there, 1) == ["Caused by INV-3 U.S. West"] and seen(there, 3) == ["Caused INV-1 The app"]
    assert told(there, 3).count("was caused by") == 1
    await there.relations.relate(ToRelate(1, 2, Bond.RELATED, "same release"), by="UKIM")
    assert seen(there, 1) == ["Related to INV-3 U.S. West: same release"]
    await there.merges.undo(2, by="UKIM")

    assert seen(there, 1) == ["Related to INV-3 U.S. West: same release"], "what came since stays"


def asked(there: World) -> list[str]:
    return there.owed_keys("cause_ended/%")


def shown(there: World, relation_id: int) -> Content:
    relation = there.relations.get(relation_id)
    effect, cause = there.relations.both(relation)
    title = there.catalog.named(cause.target).title
    return cause_ended(there.evidence.overview(effect.id), cause, title, stands=not relation.undone_at)


def ask(there: World, relation_id: int = 1) -> str:
    return shown(there, relation_id).text


async def test_when_the_cause_is_resolved_those_it_caused_are_asked_once() -> None:
    """In their threads, with the button; what it caused in turn waits for that."""
    there = await three()
    await caused(there, 1, 2)
    await caused(there, 3, 1)
    await there.investigations.resolve(2, root_cause="a cut fibre", workaround="", by="UKIM")
    assert len(asked(there)) == 1
    assert ask(there) == (
        ":white_check_mark: <@UJO>: INV-2 U.S. East, which caused this, is resolved. Check INV-1, and resolve it too?"
    )
    blocks = shown(there, 1).blocks
    assert blocks[-1]["elements"][0]["value"] == "1" and "a cut fibre" in str(blocks)
    assert seen(there, 1)[0] == "Caused by INV-2 U.S. East, resolved"
    await there.investigations.reopen(2, by="UKIM")
    assert "which caused this, was reopened" in ask(there)
    there.clock.advance(60)
    await there.investigations.resolve(2, root_cause="it was the fibre", workaround="", by="UKIM")
    await there.investigations.resolve(1, root_cause="the same", workaround="", by="UJO")

    assert len(asked(there)) == 3 and len(shown(there, 1).blocks) == 1


async def test_a_cause_that_is_no_trend_is_asked_about_and_one_that_was_taken_back_is_not() -> None:
    there = await three()
    await caused(there, 1, 2)
    await caused(there, 1, 3)
    await there.investigations.dismiss(2, reason="one router", by="UKIM")
    assert "What else caused this?" in ask(there)
    await there.relations.unrelate(1, 2, by="UKIM")
    await there.relations.unrelate(1, 3, by="UKIM")
    await there.investigations.resolve(3, root_cause="x", workaround="", by="UKIM")

    assert len(asked(there)) == 1 and "didn't cause this" in ask(there)


async def test_a_cause_that_goes_on_elsewhere_is_resolved_there() -> None:
    there = await three()
    await caused(there, 1, 2)
    await there.merges.merge(2, 3, by="UKIM")
    await there.investigations.resolve(3, root_cause="a link", workaround="", by="UKIM")

    assert len(asked(there)) == 1 and "INV-3 U.S. West, which caused this, is resolved" in ask(there)
