"""Each kind goes after its days; what a shorter time takes is shown for a day before."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.retention.cards import status_lines
from bot.retention.model import KEYS, NOTICE, NOUNS, KeptKind, KeptTime, settled
from bot.retention.service import RetentionService
from bot.retention.store import RetentionStore
from bot.retention_program import table
from tests.test_questions import asked
from tests.world import World

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
EVER = dict.fromkeys(KeptKind, 0)


def service(world: World, **days: int) -> RetentionService:
    store = RetentionStore(database=world.database)
    return RetentionService(store=store, clock=world.clock, configured=EVER | {KeptKind(k): v for k, v in days.items()})


@pytest.mark.parametrize(
    ("stored", "configured", "known", "left"),
    [
        (None, 30, True, KeptTime(30)),
        (None, 365, False, KeptTime(None, 365, NOW + NOTICE)),
        (None, 0, False, KeptTime(None)),
        (KeptTime(30), 30, True, KeptTime(30)),
        (KeptTime(30), 60, True, KeptTime(60)),
        (KeptTime(30), 0, True, KeptTime(None)),
        (KeptTime(30), 7, True, KeptTime(30, 7, NOW + NOTICE)),
        (KeptTime(30, 7, NOW + timedelta(hours=1)), 7, True, KeptTime(30, 7, NOW + timedelta(hours=1))),
        (KeptTime(30, 7, NOW), 7, True, KeptTime(7)),
        (KeptTime(30, 7, NOW), 5, True, KeptTime(30, 5, NOW + NOTICE)),
        (KeptTime(30, 7, NOW), 30, True, KeptTime(30)),
    ],
)
def test_a_shorter_time_waits_a_day(stored: KeptTime | None, configured: int, known: bool, left: KeptTime) -> None:
    """A longer one does not, and whoever changes it again has another day."""
    assert settled(stored, configured, NOW, known=known) == left


async def closed(world: World) -> int:
    """An investigation with a confirmed ticket and a note, resolved."""
    assert world.desk
    investigation = await world.opened()
    world.desk.put(48213, subject="My tablet does not connect any more")
    world.tickets.keep(investigation.id, [48213], by="UKIM")
    await world.desk_settled()
    world.evidence.note(investigation.id, "the provider confirmed it", by="UKIM")
    await world.investigations.resolve(investigation.id, by="UKIM", root_cause="a line card", workaround="U.S. West")
    return investigation.id


async def test_tickets_and_notes_go_when_it_was_closed_long_ago() -> None:
    """How many there were, and what helped, stays."""
    world = World()
    number = await closed(world)
    store = RetentionStore(database=world.database)
    before = world.clock() + timedelta(seconds=1)
    assert (store.too_old(KeptKind.TICKETS, before), store.too_old(KeptKind.TEXTS, before)) == (1, 1)
    assert store.empty_tickets(world.clock() - timedelta(days=1)) == 0

    assert store.empty_tickets(before) == 1 and store.empty_tickets(before) == 0
    assert store.empty_texts(before) == 1 and store.empty_texts(before) == 0
    overview = world.evidence.overview(number)
    assert overview.collected and [ticket.subject for ticket in overview.collected.confirmed] == [""]
    assert "the provider confirmed it" not in [event.text for event in overview.events]
    assert overview.investigation.workaround == "U.S. West"
    assert (store.too_old(KeptKind.TICKETS, before), store.too_old(KeptKind.TEXTS, before)) == (0, 0)


async def test_what_waits_for_an_answer_keeps_its_subject() -> None:
    """Its investigation is over, its customers have not heard yet."""
    world = World()
    number = await closed(world)
    store = RetentionStore(database=world.database, waiting=lambda: [number])
    assert store.empty_tickets(world.clock() + timedelta(days=1)) == 0


async def test_what_will_go_is_said_first() -> None:
    """For a day, with the number of rows; then it goes."""
    world = World()
    await closed(world)
    assert service(world, tickets=0).kept(KeptKind.TICKETS) is None
    world.clock.advance(3 * 86_400)
    short = service(world, tickets=2)
    assert short.kept(KeptKind.TICKETS) is None
    (standing,) = short.shortened()
    assert (standing.kind, standing.now, standing.then) == (KeptKind.TICKETS, 0, 1)
    (line,) = status_lines([standing])
    assert line.startswith(":wastebasket: 1 ticket of a closed investigation goes tomorrow at")

    world.clock.advance(NOTICE.total_seconds())
    assert short.kept(KeptKind.TICKETS) == timedelta(days=2)
    assert not short.shortened()


def test_the_table_has_every_kind() -> None:
    """With its key, and it changes nothing."""
    world = World()
    shown = service(world, tickets=365, logs=30)
    lines = table(shown.standing(), world.clock())
    assert len(lines) == len(KeptKind) + 1 and all(key in "\n".join(lines) for key in KEYS.values())
    assert not world.database.rows("SELECT * FROM retention_times")
    assert NOUNS.keys() == KEYS.keys() == set(KeptKind)


def test_every_kind_can_be_counted_and_emptied() -> None:
    """Each statement is right, also where there is nothing."""
    world = World()
    store, before = RetentionStore(database=world.database), world.clock()
    assert [store.too_old(kind, before) for kind in KeptKind] == [0] * len(KeptKind)
    for empty in (store.empty_tickets, store.empty_texts, store.empty_exports, store.empty_mail, store.empty_audit):
        assert empty(before) == 0


def test_what_no_shorter_time_takes_is_not_counted() -> None:
    """`/t2 status` asks it each time: counting all kinds of a year takes longer than the rest of the answer."""
    world = World()
    unchanged = service(world, logs=30, messages=30)
    with asked(world.database) as statements:
        assert unchanged.shortened() == []

    assert not [sql for sql in statements if "count(" in sql]
