"""The adapter against the sandbox's Zendesk: who waits in which group, and moving them once."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from bot.sandbox.zendesk.seed import T2_CS, T2_TECH, TIER1, TIER1_AGENT, Seed, SeedReply, SeedTicket
from bot.sandbox.zendesk.tickets import Group
from bot.tickets.desk import DeskError, OutcomeUnknown, TicketChanged, TicketRefused
from bot.tickets.waiting import ELEVATED_TAG, DeskGroup, Elevated, ElevationOrder
from bot.tickets.zendesk.desk import ZendeskDesk
from bot.tickets.zendesk.login import OAuthToken
from tests.sandbox.zendesk.desk_on_loopback import Running, running

TIER12 = Group(360_009, "Tier 12", TIER1.members)
PAT = TIER1_AGENT.id
ANSWER, NOTE = SeedReply("Hello", 20, author_id=PAT), SeedReply("looking", 10, public=False, author_id=PAT)
SEED = Seed(
    groups=(TIER1, T2_TECH, T2_CS, TIER12),
    tickets=(
        SeedTicket("No login", "help", 60, email="a@example.com", assignee_id=PAT, status="open"),
        SeedTicket("Answered", "help", 50, email="b@example.com", status="open", replies=(ANSWER,)),
        SeedTicket("Noted", "help", 45, email="c@example.com", status="open", replies=(NOTE,)),
        SeedTicket("Of others", "help", 40, email="d@example.com", group_id=TIER12.id),
        SeedTicket("Pending", "help", 35, email="e@example.com", status="pending"),
        SeedTicket("Marked", "help", 30, email="f@example.com", tags=(ELEVATED_TAG,)),
    ),
)
FIRST, ANSWERED, NOTED, OTHERS, PENDING, MARKED = range(48_201, 48_207)


@pytest.fixture
def zendesk() -> Iterator[Running]:
    with running(SEED) as sandbox:
        yield sandbox


@pytest.fixture
async def desk(zendesk: Running) -> AsyncIterator[ZendeskDesk]:
    desk = ZendeskDesk(url=zendesk.url, credentials=OAuthToken(SEED.oauth_token), clock=zendesk.clock)
    yield desk
    await desk.close()


async def order_for(desk: ZendeskDesk, number: int, group_id: int = T2_TECH.id) -> ElevationOrder:
    found = await desk.wait(number)
    assert found and found.wait
    return ElevationOrder(found.wait, frozenset({TIER1.id}), group_id, "No one has replied.", f"elevation/{number}")


def notes(zendesk: Running, number: int) -> int:
    comments = zendesk.control(f"tickets/{number}")["comments"]
    return sum(comment["body"] == "No one has replied." and not comment["public"] for comment in comments)


async def test_groups_and_their_tickets(zendesk: Running, desk: ZendeskDesk) -> None:
    """A group's name is the beginning of another's; what is marked, pending or too new is not found."""
    groups = await desk.groups()
    assert [group.name for group in groups] == ["Tier 1", "T2 Tech", "T2 CS", "Tier 12"]
    before = zendesk.clock() - timedelta(minutes=5)
    found = await desk.in_groups(groups[:1], created_before=before, limit=100)
    assert [ticket.id for ticket in found.tickets] == [NOTED, ANSWERED, FIRST] and found.more_before is None
    both = await desk.in_groups([groups[0], groups[3]], created_before=before, limit=100)
    assert [ticket.id for ticket in both.tickets] == [OTHERS, NOTED, ANSWERED, FIRST]
    few = await desk.in_groups(groups[:1], created_before=before, limit=2)
    assert few.more_before and few.more_before < before
    assert (
        await desk.in_groups(groups[:1], created_before=zendesk.clock() - timedelta(hours=2), limit=9)
    ).tickets == ()


async def test_a_group_whose_name_is_grammar(desk: ZendeskDesk) -> None:
    evil = DeskGroup(TIER1.id, 'x" status<closed group:"T2')
    found = await desk.in_groups([evil], created_before=desk._clock(), limit=100)
    assert found.tickets == ()


async def test_since_when_they_wait(desk: ZendeskDesk) -> None:
    waits = {number: await desk.wait(number) for number in (FIRST, ANSWERED, NOTED, PENDING)}
    assert {number: bool(found and found.wait) for number, found in waits.items()} == {
        FIRST: True,
        ANSWERED: False,
        NOTED: True,
        PENDING: False,
    }
    noted = waits[NOTED]
    assert noted and noted.wait and noted.wait.touched_at
    assert await desk.wait(77) is None


async def test_a_move_is_one_request_and_is_done_once(zendesk: Running, desk: ZendeskDesk) -> None:
    """Group, note and mark; the assignee, who may be of no other group, is taken off."""
    order = await order_for(desk, FIRST)
    result = await desk.elevate(FIRST, order)
    moved = zendesk.control(f"tickets/{FIRST}")["ticket"]
    assert result.kind is Elevated.DONE and result.ours
    assert (moved["group_id"], moved["assignee_id"], moved["status"]) == (T2_TECH.id, None, "open")
    assert moved["tags"] == [ELEVATED_TAG] and notes(zendesk, FIRST) == 1
    again = await desk.elevate(FIRST, order, again=True)
    assert again.kind is Elevated.ALREADY and again.ours and notes(zendesk, FIRST) == 1


async def test_a_lost_answer(zendesk: Running, desk: ZendeskDesk) -> None:
    """Its mark is found again, in the comment where somebody has taken the tag off."""
    order = await order_for(desk, FIRST)
    zendesk.control("fault", {"match": f"tickets/{FIRST}", "method": "PUT", "lose_answer": True})
    with pytest.raises(OutcomeUnknown):
        await desk.elevate(FIRST, order)
    zendesk.control(f"tickets/{FIRST}", {"remove_tags": [ELEVATED_TAG], "group_id": TIER1.id})
    result = await desk.elevate(FIRST, order, again=True)
    assert result.kind is Elevated.ALREADY and result.ours and notes(zendesk, FIRST) == 1


async def test_somebody_elses_mark(zendesk: Running, desk: ZendeskDesk) -> None:
    """Whoever sets the tag by hand keeps the ticket where it is."""
    order = await order_for(desk, FIRST)
    zendesk.control(f"tickets/{FIRST}", {"additional_tags": [ELEVATED_TAG]})
    result = await desk.elevate(FIRST, order)
    assert result.kind is Elevated.ALREADY and not result.ours and notes(zendesk, FIRST) == 0


MEANWHILE = [
    ({"comment": {"body": "Hello!", "public": True}}, Elevated.CHANGED),
    ({"comment": {"body": "mine", "public": False}}, Elevated.CHANGED),
    ({"assignee_id": 4_000_003}, Elevated.CHANGED),
    ({"status": "pending"}, Elevated.OVER),
    ({"status": "solved"}, Elevated.OVER),
    ({"closed": True}, Elevated.OVER),
    ({"merged_into": ANSWERED}, Elevated.OVER),
    ({"deleted": True}, Elevated.GONE),
    ({"group_id": TIER12.id}, Elevated.ELSEWHERE),
]


@pytest.mark.parametrize(("change", "kind"), MEANWHILE)
async def test_what_others_did_before_the_look(
    zendesk: Running, desk: ZendeskDesk, change: dict[str, object], kind: Elevated
) -> None:
    order = await order_for(desk, FIRST)
    zendesk.clock.advance(minutes=1)
    zendesk.control(f"tickets/{FIRST}", change)
    result = await desk.elevate(FIRST, order)
    assert result.kind is kind
    assert kind is Elevated.GONE or notes(zendesk, FIRST) == 0


async def test_what_others_do_after_the_look(zendesk: Running, desk: ZendeskDesk) -> None:
    """Between reading and writing Zendesk refuses, and it is not tried again by itself."""
    order = await order_for(desk, FIRST)
    zendesk.control("fault", {"match": f"tickets/{FIRST}", "method": "PUT", "status": 409})
    with pytest.raises(TicketChanged):
        await desk.elevate(FIRST, order)
    assert notes(zendesk, FIRST) == 0


async def test_what_the_desk_refuses(zendesk: Running, desk: ZendeskDesk) -> None:
    """A group that was deleted meanwhile; a bot that may not do it."""
    order = await order_for(desk, FIRST, group_id=99)
    with pytest.raises(TicketRefused, match="Group: is invalid"):
        await desk.elevate(FIRST, order)
    zendesk.control("fault", {"match": f"tickets/{FIRST}", "method": "PUT", "status": 403})
    with pytest.raises(TicketRefused, match="403"):
        await desk.elevate(FIRST, await order_for(desk, FIRST))
    zendesk.control("fault", {"match": f"tickets/{FIRST}", "method": "PUT", "status": 429, "retry_after": 7})
    with pytest.raises(DeskError) as limited:
        await desk.elevate(FIRST, await order_for(desk, FIRST))
    assert limited.value.retry_after_s == 7 and notes(zendesk, FIRST) == 0


async def test_a_customer_who_is_answered_by_another_customer_still_waits(zendesk: Running, desk: ZendeskDesk) -> None:
    """Whoever is in copy is no agent."""
    other = zendesk.sandbox.desk.requester("Bo", "bo@example.com")
    zendesk.clock.advance(minutes=1)
    comment = {"body": "me too", "public": True, "author_id": other.id}
    zendesk.control(f"tickets/{FIRST}", {"comment": comment})
    found = await desk.wait(FIRST)
    assert found and found.wait and found.wait.since < zendesk.clock() - timedelta(minutes=30)
