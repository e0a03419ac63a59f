"""What was written is counted by record, so that nothing that was kept is shown after it changed."""

import pytest

from bot.database import Taken
from bot.investigations.overview import Overview
from bot.investigations.relation_model import Bond, ToRelate
from bot.investigations.store import HAPPENED_SINCE
from tests.world import APP, US_EAST, World


async def test_what_happens_to_one_investigation_is_of_that_one_alone() -> None:
    world = World()
    one, other = await world.opened(APP), await world.opened(US_EAST)
    touched = world.database.touched
    before = touched.record(one.id, APP.key), touched.record(other.id, US_EAST.key)

    world.evidence.note(one.id, "customers on 2.4 only", by="UKIM")

    assert touched.record(one.id, APP.key) != before[0]
    assert touched.record(other.id, US_EAST.key) == before[1]


async def test_every_table_that_is_shown_is_counted() -> None:
    """Each insert, update and delete; a probe's run is its investigation's, and a status is everybody's."""
    world = World()
    touched, opened = world.database.touched, await world.opened(APP)
    version = touched.record(opened.id, APP.key)
    for statement in (
        "UPDATE probe_runs SET state = state",
        "UPDATE ticket_watches SET page = 1",
        "INSERT INTO status_levels VALUES ('page', 'app', 'down', '2026-01-01')",
        "DELETE FROM status_levels",
    ):
        if world.database.run(statement):
            assert touched.record(opened.id, APP.key) != version, statement
            version = touched.record(opened.id, APP.key)


async def test_what_no_page_shows_makes_no_page_anew() -> None:
    world = World()
    await world.opened(APP)
    shown = world.database.touched.shown
    world.database.run("UPDATE messages SET wanted = wanted + 1")
    assert world.database.touched.shown == shown


async def test_a_record_that_is_kept_is_read_again_once_anything_of_it_is_written() -> None:
    """With each way in which it may change: its own rows, a ticket, what is known, another one of its target."""
    world = World()
    opened = await world.opened(APP)

    def overview() -> Overview:
        return world.evidence.overview(opened.id, details=False)

    first = overview()
    assert overview() is first
    world.evidence.note(opened.id, "customers on 2.4 only", by="UKIM")
    second = overview()
    assert second is not first and second.notes and not first.notes
    await world.investigations.resolve(opened.id, root_cause="a wrong route", workaround="", by="UKIM")
    again = await world.opened(APP)
    assert world.evidence.overview(again.id, details=False).earlier
    assert overview().investigation.closed_at


async def test_what_it_has_to_do_with_is_read_again_once_that_changes() -> None:
    """That it was related, by either name, and that the other one ended."""
    world = World()
    one, other = await world.opened(APP), await world.opened(US_EAST)

    def seen(number: int) -> list[bool]:
        return [each.over for each in world.evidence.overview(number, details=False).neighbours]

    assert seen(one.id) == seen(other.id) == []
    await world.relations.relate(ToRelate(one.id, other.id, Bond.CAUSE), by="UKIM")
    assert seen(one.id) == seen(other.id) == [False]
    await world.investigations.resolve(other.id, root_cause="a wrong route", workaround="", by="UKIM")
    assert seen(one.id) == [True]
    await world.relations.unrelate(other.id, one.id, by="UKIM")
    assert seen(one.id) == seen(other.id) == []


def test_what_happened_lately_is_not_looked_for_among_the_events_of_all_years() -> None:
    """Each board that is made asks for it: of a year's it took longer than all the rest together."""
    plan = World().database.rows(f"EXPLAIN QUERY PLAN {HAPPENED_SINCE}", "2026", "[]")
    assert "SCAN e" not in [step["detail"] for step in plan]


async def test_what_is_taken_back_is_not_kept() -> None:
    world = World()
    opened = await world.opened(APP)
    with pytest.raises(Taken), world.database.transaction():
        world.evidence.note(opened.id, "never was", by="UKIM")
        assert world.evidence.overview(opened.id, details=False).notes
        raise Taken("no")
    assert not world.evidence.overview(opened.id, details=False).notes


async def test_what_only_the_clock_changes_is_seen_soon() -> None:
    world = World()
    opened = await world.opened(APP)
    first = world.evidence.overview(opened.id, details=False)
    world.clock.advance(20)
    assert world.evidence.overview(opened.id, details=False) is not first
