"""A customer is forgotten: asked for by who may, shown first, and then gone everywhere."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from bot.app.pages import build_stories
from bot.errors import BadInput
from bot.forgetting.model import ForgetOrder, OrderState, Scope
from bot.forgetting.places import HELD
from bot.forgetting.service import MayNotForget
from bot.investigations.model import EventKind, Investigation
from bot.messages.store import SentContent
from bot.slack.given_back import given_back
from bot.slack.request import Request
from bot.tickets.model import Requester
from bot.views import views
from tests.commands.test_mention import Thread
from tests.fake_desk import ticket, unreachable
from tests.in_process import InProcessBot
from tests.stalls import STALL_S, Stalls
from tests.world import US_EAST, World

MARIA = Requester(901, "Maria Santos", "maria.santos@mail.test")
SUBJECT = "VPN drops whenever the tablet of my daughter joins"
LENA = "ULENA"


@pytest.fixture
def world() -> World:
    made = World()
    assert made.desk
    made.desk.people[MARIA.id] = MARIA
    for number, subject in ((48213, SUBJECT), (48214, "Login fails")):
        made.desk.hidden.append(replace(ticket(number, made.clock(), subject), requester_id=MARIA.id))
    made.desk.hidden.append(replace(ticket(48215, made.clock(), "Login fails"), requester_id=7))
    return made


async def with_tickets(world: World) -> Investigation:
    """Three tickets in one investigation, two of them hers, and a note that names her."""
    investigation = await world.opened()
    world.tickets.keep(investigation.id, [48213, 48214, 48215], by="UKIM")
    await world.desk_settled()
    world.evidence.note(investigation.id, f"{MARIA.name} ({MARIA.email}) reset it, see #48213", by="UKIM")
    return investigation


async def run(world: World) -> None:
    while await world.rooms.forgetting.runner.step():
        pass


async def asked(world: World, typed: str) -> ForgetOrder:
    order = await world.rooms.forgetting.service.ask(typed, by=LENA)
    await run(world)
    return world.rooms.forgetting.service.get(order.id)


def dump(world: World) -> str:
    return "\n".join(world.database.tables.conn.iterdump())


@pytest.mark.parametrize("typed", ["48213", "#48213", "maria.santos@mail.test", "customer 901", "Maria Santos"])
async def test_she_is_forgotten(world: World, typed: str) -> None:
    """By whatever names her. What is of others stays."""
    investigation = await with_tickets(world)
    order = await asked(world, typed)
    assert order.state is OrderState.ASKED and order.of_customer.kinds["ticket"] >= 2

    await world.rooms.forgetting.service.confirm(order.id, Scope.CUSTOMER, by=LENA)
    await run(world)

    order = world.rooms.forgetting.service.get(order.id)
    assert order.state is OrderState.DONE and order.done.places >= 3
    assert not order.typed and order.sought.customer is None
    left = dump(world)
    for word in (MARIA.name, MARIA.email, SUBJECT, "#48213"):
        assert word not in left
    collected = world.tickets.of(investigation.id)
    assert collected and [each.ticket_id for each in collected.tickets] == [48215]
    event = world.evidence.overview(investigation.id).events[-1]
    assert (event.kind, event.actor, event.text) == (EventKind.FORGOTTEN, LENA, "")


async def test_what_was_given_back_in_direct_messages_is_found(world: World) -> None:
    """The words of a form that was too late stay there; the others that it has are left."""
    await with_tickets(world)
    bot = InProcessBot(world)
    words = f"{MARIA.name} & her daughter: *both* lost the VPN"
    await bot.services.conversation.answer(Request(user="UKIM"), given_back("INV-1 is closed.", [words]))
    ((ts, shown),) = bot.slack.channels["UKIM"].items()
    before = str(shown["blocks"])
    order = await asked(world, MARIA.email)
    await world.rooms.forgetting.service.confirm(order.id, Scope.CUSTOMER, by=LENA)
    await run(world)
    await bot.send()
    now = bot.slack.channels["UKIM"][ts]

    assert words in before
    assert now["text"] == "INV-1 is closed.\nWhat you wrote:\n[removed] &amp; her daughter: *both* lost the VPN"
    assert not now["blocks"] and MARIA.name not in dump(world)


async def test_only_the_ticket(world: World) -> None:
    """Whoever names a ticket may leave the rest of its requester."""
    await with_tickets(world)
    order = await asked(world, "48213")
    assert order.of_ticket.places < order.of_customer.places
    await world.rooms.forgetting.service.confirm(order.id, Scope.TICKET, by=LENA)
    await run(world)
    numbers = world.database.column("SELECT ticket_id FROM ticket_links ORDER BY 1")
    assert numbers == [48214, 48215]
    assert SUBJECT not in dump(world)


async def test_it_does_not_come_back(world: World) -> None:
    """The search that finds it again, and whoever names it, change nothing."""
    investigation = await with_tickets(world)
    order = await asked(world, MARIA.email)
    await world.rooms.forgetting.service.confirm(order.id, Scope.CUSTOMER, by=LENA)
    await run(world)
    assert world.desk
    world.desk.found = [each for each in world.desk.hidden if each.requester_id == MARIA.id]
    world.tickets.keep(investigation.id, [48213], by="UKIM")
    world.clock.advance(600)
    await world.desk_settled()
    assert world.database.column("SELECT ticket_id FROM ticket_links") == [48215]
    collected = world.tickets.of(investigation.id)
    assert collected and collected.total == 1


async def test_who_may(world: World) -> None:
    """Management where no leads are named."""
    with pytest.raises(MayNotForget):
        await world.rooms.forgetting.service.ask("48213", by="UKIM")
    with pytest.raises(BadInput):
        await world.rooms.forgetting.service.ask("  ", by=LENA)


async def test_the_desk_is_away(world: World) -> None:
    """What is known goes at once, the rest when the desk is back."""
    await with_tickets(world)
    assert world.desk
    world.desk.down = unreachable()
    order = await asked(world, MARIA.email)
    assert order.state is OrderState.ASKED and order.trouble
    await world.rooms.forgetting.service.confirm(order.id, Scope.CUSTOMER, by=LENA)
    await run(world)
    order = world.rooms.forgetting.service.get(order.id)
    assert order.state is OrderState.WAITING and MARIA.email not in "\n".join(
        world.database.column("SELECT text FROM events")
    )
    assert world.database.value("SELECT count(*) FROM ticket_links") == 3

    world.desk.down = None
    world.clock.advance(600)
    await run(world)
    assert world.rooms.forgetting.service.get(order.id).state is OrderState.DONE
    assert world.database.column("SELECT ticket_id FROM ticket_links") == [48215]


async def test_it_is_kept(world: World) -> None:
    """Nothing goes, and nothing of what was looked for is kept."""
    await with_tickets(world)
    order = await asked(world, MARIA.email)
    await world.rooms.forgetting.service.keep(order.id, by=LENA)
    order = world.rooms.forgetting.service.get(order.id)
    assert order.state is OrderState.KEPT and not order.typed
    assert world.database.value("SELECT count(*) FROM ticket_links") == 3
    with pytest.raises(BadInput, match="decided before"):
        await world.rooms.forgetting.service.confirm(order.id, Scope.CUSTOMER, by=LENA)


def test_what_shows_a_row_is_a_view(world: World) -> None:
    """By the names under which messages are owed."""
    known = views(Thread(world).services, 5)
    assert {view for held in HELD for view, _ in held.shown} <= known.keys()


async def test_nobody_waits_while_it_looks(world: World) -> None:
    """Pictures of messages, and thousands of lines: each step is short."""
    investigation = await with_tickets(world)
    for number in range(60):
        content = {"png": "aGVsbG8" * 30_000, "alt": "loss"}
        row = {"key": f"run/{number}", "kind": "file", "view": "", "record_id": 1, "channel": "C1"}
        world.database.insert("messages", row | {"due_at": "2026", "created_at": "2026", "content": content})
    for _ in range(600):
        world.evidence.note(investigation.id, "the quick brown fox jumps over the lazy dog " * 40, by="UKIM")
    with Stalls() as stalls:
        order = await asked(world, MARIA.email)
        await world.rooms.forgetting.service.confirm(order.id, Scope.CUSTOMER, by=LENA)
        await run(world)
    assert stalls.busiest_s < STALL_S, stalls.busiest_during


async def test_open_rounds_drop_the_ticket(world: World) -> None:
    """One with others goes on without it, one without any is over; neither is sent to her."""
    await with_tickets(world)
    row = dict.fromkeys(("purpose", "stamp", "then_status", "channel", "for_user", "own_texts", "problem_state"), "x")
    row |= {'"values"': "{}", "opened_at": "2026-11-20", "next_at": "2026-11-20"}
    for number, tickets in ((1, (48213, 48215)), (2, (48214,))):
        world.database.insert("reply_rounds", row | {"id": number, "key": f"r/{number}", "state": "ready"})
        for place, ticket_id in enumerate(tickets):
            reply = {"round_id": number, "ticket_id": ticket_id, "place": place, "state": "listed"}
            world.database.insert("replies", reply | {"next_at": world.clock()})
    order = await asked(world, MARIA.email)
    await world.rooms.forgetting.service.confirm(order.id, Scope.CUSTOMER, by=LENA)
    await run(world)
    assert world.database.column("SELECT ticket_id FROM replies") == [48215]
    assert world.database.column("SELECT state FROM reply_rounds ORDER BY id") == ["ready", "ended"]


async def test_stories_whose_text_is_kept_no_longer_are_deleted_in_slack(world: World) -> None:
    """Nobody can tell any more whom they name; those of other investigations stay, and reports of measurements."""
    investigation = await with_tickets(world)
    other = await world.opened(US_EAST)
    stories = build_stories(world.rooms, zone=UTC, workspace_url="")
    for number in (investigation.id, other.id):
        assert await stories.share(number, by="UKIM")
    with world.database.transaction():
        world.records.owed.file("probes/1/files", name="a", title="a", text="10.1.2.3", place=investigation.thread)
    files = "kind = 'file'"
    world.database.run(f"UPDATE messages SET state = 'sent', file_id = 'F' || id, ts = '1.' || id WHERE {files}")
    SentContent(database=world.database).empty(world.clock() + timedelta(days=8))
    order = await asked(world, MARIA.email)
    await world.rooms.forgetting.service.confirm(order.id, Scope.CUSTOMER, by=LENA)
    await run(world)

    (story,) = world.database.column("SELECT file_id FROM messages WHERE key LIKE ?", f"export/{investigation.id}/%")
    assert world.owed_keys("removal/%") == [f"removal/{story}"]
