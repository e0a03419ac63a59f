"""Each kind goes after its days; what a shorter time takes is shown for a day before."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.app.pages import build_stories
from bot.escalations import cards as escalation_cards
from bot.exports.model import document
from bot.handoffs import cards as handoff_cards
from bot.handoffs.model import HandoffDraft, Lane
from bot.known_issues.model import Priority
from bot.messages.model import Place
from bot.replies.model import RoundOpening, WaitingTicket
from bot.retention.cards import status_lines
from bot.retention.model import KEYS, NOTICE, NOUNS, KeptKind, KeptTime, settled
from bot.retention.service import RetentionService
from bot.retention.store import RetentionStore
from bot.retention_program import checked, table
from tests.escalations.climbing import Climb
from tests.slack_limits import broken_by_message
from tests.test_questions import asked
from tests.world import World

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
TOLD_IN = ("events", "escalations", "escalation_questions", "handoffs", "handoff_errands", "reply_texts")
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


async def test_what_was_written_to_others_goes_with_the_notes() -> None:
    """To management, to development, to customers; its messages and its story can be shown without."""
    climb = await Climb().begun()
    world, secret = climb.world, "Mr. Hill of Harbor"
    await world.escalations.ask(1, secret, by="ULENA")
    draft = HandoffDraft("app", "Calls stutter", secret, secret, Priority.P1, Lane.HOTFIX)
    await world.handoffs.hand_off(1, draft, by="UKIM")
    await world.triage.decide(1, Priority.P2, Lane.PLANNING, reason=secret, by="UKIM")
    world.database.run("UPDATE escalations SET needed = ?", secret)
    world.database.run("UPDATE handoff_errands SET detail = ?, done_at = '2026-11-20'", secret)
    with world.database.transaction():
        opening = RoundOpening("released", [WaitingTicket(7, 1)], {}, Place("C1"), "UKIM")
        world.replies.open("released/1/", opening)
    world.database.run("UPDATE reply_rounds SET state = 'ended'")
    row = {"round_id": 1, "language": "en", "text": secret, "macro": "", "place": 0}
    world.database.insert("reply_texts", row)
    await world.investigations.resolve(1, by="UKIM", root_cause="a line card", workaround="U.S. West")
    store, before = RetentionStore(database=world.database), world.clock() + timedelta(seconds=1)
    assert store.too_old(KeptKind.TEXTS, before) >= 3
    assert store.empty_texts(before) == 1

    told = [name for name in TOLD_IN for row in world.database.rows(f"SELECT * FROM {name}") if secret in str(row)]
    assert told == []
    assert store.too_old(KeptKind.TEXTS, before) == 0
    overview = world.handoffs.overview(1)
    shown = [escalation_cards.post(world.escalations.posted(1)), handoff_cards.card(overview)]
    assert [broken_by_message(content) for content in (*shown, handoff_cards.triage(overview))] == [[], [], []]
    story = await build_stories(world.rooms, zone=UTC, workspace_url="").story(
        world.evidence.overview(1), full=True, management=True
    )
    assert "Calls stutter" in document(story, UTC) and secret not in document(story, UTC)


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


async def test_the_check_has_it_in_a_line() -> None:
    """The days of what people ask for, and what a shorter time takes soon."""
    world = World()
    await closed(world)
    service(world, tickets=0, texts=0).kept(KeptKind.TICKETS)
    world.clock.advance(3 * 86_400)
    short = service(world, tickets=2, logs=30, messages=1)
    short.kept(KeptKind.TICKETS)
    part = checked(short.standing(), world.clock())

    assert (part.name, part.ok) == ("Retention", True)
    assert part.line == (
        "ok, tickets for ever, texts for ever, logs 30 days, messages 1 day; "
        "1 ticket of a closed investigation goes in 24 h"
    )


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
