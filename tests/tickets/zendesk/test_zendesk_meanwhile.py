"""The adapter against the sandbox's Zendesk: an answer is written only to the ticket that was approved."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.sandbox.zendesk.seed import Seed, SeedReply, SeedTicket
from bot.tickets.answering import Difference, DifferenceKind, Doer, RefusalKind, Snapshot, snapshot
from bot.tickets.desk import ChangedSince, TicketRefused
from bot.tickets.zendesk.desk import ZendeskDesk
from bot.tickets.zendesk.login import OAuthToken
from tests.sandbox.zendesk.desk_on_loopback import Running, running

SEED = Seed(
    tickets=(
        SeedTicket("No login", "help", 60, name="Mina", email="mina@example.com", status="open", assignee_id=4_000_002),
        SeedTicket("No login either", "help", 50, name="Uwe", email="uwe@example.com", status="pending"),
        SeedTicket("Long ago", "old", 40, name="Bo", email="bo@example.com", replies=(SeedReply("and?", 30, False),)),
    )
)
FIRST, SECOND, THIRD = 48_201, 48_202, 48_203
STAMP, TEXT = "secondline-0a1b2c", "It works again."


@pytest.fixture
def zendesk() -> Iterator[Running]:
    with running(SEED) as sandbox:
        yield sandbox


@pytest.fixture
async def desk(zendesk: Running) -> AsyncIterator[ZendeskDesk]:
    desk = ZendeskDesk(url=zendesk.url, credentials=OAuthToken(SEED.oauth_token), clock=zendesk.clock)
    yield desk
    await desk.close()


async def snapshot_of(desk: ZendeskDesk, ticket_id: int) -> Snapshot:
    (customers,) = await desk.customers([ticket_id])
    return snapshot(customers.ticket, customers.comment_id)


async def answer(desk: ZendeskDesk, ticket_id: int, before: Snapshot, *, again: bool = False) -> None:
    await desk.answer(ticket_id, TEXT, status="solved", stamp=STAMP, snapshot=before, again=again)


def answered(zendesk: Running, ticket_id: int) -> bool:
    return TEXT in [comment["body"] for comment in zendesk.control(f"tickets/{ticket_id}")["comments"]]


MEANWHILE = [
    ({"customer_says": "It works, thank you"}, [Difference(DifferenceKind.WROTE)]),
    ({"comment": {"body": "We are on it", "public": True}}, [Difference(DifferenceKind.ANSWERED)]),
    ({"status": "solved"}, [Difference(DifferenceKind.STATUS, "solved", Doer.SOMEBODY)]),
    ({"status": "pending"}, [Difference(DifferenceKind.STATUS, "pending", Doer.SOMEBODY)]),
    ({"customer_solves": True}, [Difference(DifferenceKind.STATUS, "solved", Doer.CUSTOMER)]),
    ({"assignee_id": 4_000_001}, [Difference(DifferenceKind.ASSIGNEE, "4000001")]),
    ({"assignee_id": None}, [Difference(DifferenceKind.ASSIGNEE)]),
    ({"group_id": 360_002}, [Difference(DifferenceKind.GROUP, "360002")]),
    ({"requester_id": 4_000_001}, [Difference(DifferenceKind.REQUESTER, "4000001")]),
    ({"additional_tags": ["vip"]}, [Difference(DifferenceKind.TAGGED, "vip")]),
]


@pytest.mark.parametrize(("change", "differences"), MEANWHILE)
@pytest.mark.parametrize("minutes", [0, 10])
async def test_what_others_did_since_keeps_the_answer_back(
    zendesk: Running, desk: ZendeskDesk, change: dict[str, object], differences: list[Difference], minutes: int
) -> None:
    """Whether it comes minutes later or in the second in which the ticket was read."""
    if not minutes:
        zendesk.control(f"tickets/{FIRST}", {"priority": "high"})
    before = await snapshot_of(desk, FIRST)
    zendesk.clock.advance(minutes=minutes)
    zendesk.control(f"tickets/{FIRST}", change)
    with pytest.raises(ChangedSince) as refused:
        await answer(desk, FIRST, before)

    assert list(refused.value.differences) == differences and not answered(zendesk, FIRST)
    await answer(desk, FIRST, refused.value.now)
    assert answered(zendesk, FIRST)


async def test_a_customer_who_writes_opens_a_ticket_that_waited(zendesk: Running, desk: ZendeskDesk) -> None:
    """Both are told."""
    before = await snapshot_of(desk, SECOND)
    zendesk.control(f"tickets/{SECOND}", {"customer_says": "And now?"})
    with pytest.raises(ChangedSince) as refused:
        await answer(desk, SECOND, before)

    assert refused.value.differences == (
        Difference(DifferenceKind.WROTE),
        Difference(DifferenceKind.STATUS, "open", Doer.CUSTOMER),
    )


@pytest.mark.parametrize(
    "change",
    [
        {"comment": {"body": "a note among us", "public": False}},
        {"priority": "urgent"},
        {"subject": "Re: No login"},
        {"additional_tags": ["inv-7", "secondline-other"]},
    ],
)
async def test_what_is_not_about_the_answer_does_not(
    zendesk: Running, desk: ZendeskDesk, change: dict[str, object]
) -> None:
    """What the customer is told stays true."""
    before = await snapshot_of(desk, THIRD)
    zendesk.clock.advance(minutes=10)
    zendesk.control(f"tickets/{THIRD}", change)
    await answer(desk, THIRD, before)

    assert answered(zendesk, THIRD)


async def test_a_problem_of_the_bots_own_is_no_change_and_another_is(zendesk: Running, desk: ZendeskDesk) -> None:
    """A handoff links its tickets while their answer waits; an agent who links them elsewhere knows better."""
    before, second = await snapshot_of(desk, FIRST), await snapshot_of(desk, SECOND)
    ours = await desk.open_problem("KI-31", subject="Logins fail", note="internal")
    await desk.hang(ours.id, [FIRST, SECOND])
    await answer(desk, FIRST, before)
    hung = await snapshot_of(desk, SECOND)
    theirs = zendesk.api("POST", "/tickets", json={"ticket": {"type": "problem", "subject": "DNS", "comment": "x"}})
    other = theirs.json()["ticket"]["id"]
    zendesk.control(f"tickets/{SECOND}", {"type": "incident", "problem_id": other})
    for known in (second, hung):
        with pytest.raises(ChangedSince) as refused:
            await answer(desk, SECOND, known)
        assert refused.value.differences == (Difference(DifferenceKind.PROBLEM, str(other)),)

    assert answered(zendesk, FIRST)


async def test_merged_closed_and_deleted_tickets_say_so(zendesk: Running, desk: ZendeskDesk) -> None:
    """Nobody can write to them; the one that another was merged into has a comment that nobody approved."""
    known = {number: await snapshot_of(desk, number) for number in (FIRST, SECOND, THIRD)}
    zendesk.control(f"tickets/{FIRST}", {"merged_into": SECOND})
    zendesk.control(f"tickets/{THIRD}", {"deleted": True})
    for number, kind in ((FIRST, RefusalKind.MERGED), (THIRD, RefusalKind.GONE)):
        with pytest.raises(TicketRefused) as refused:
            await answer(desk, number, known[number])
        assert refused.value.kind is kind
    with pytest.raises(ChangedSince) as changed:
        await answer(desk, SECOND, known[SECOND])
    assert changed.value.differences == (Difference(DifferenceKind.ANSWERED),)


async def test_an_answer_that_is_there_is_found_whatever_was_said_after_it(zendesk: Running, desk: ZendeskDesk) -> None:
    """A lost answer, then a thankful customer: done once, and no change."""
    before = await snapshot_of(desk, FIRST)
    await answer(desk, FIRST, before)
    zendesk.clock.advance(minutes=1)
    zendesk.control(f"tickets/{FIRST}", {"customer_says": "Thank you!"})
    await answer(desk, FIRST, before, again=True)

    bodies = [comment["body"] for comment in zendesk.control(f"tickets/{FIRST}")["comments"]]
    assert bodies.count(TEXT) == 1


async def test_a_ticket_that_goes_between_two_requests_is_gone(zendesk: Running, desk: ZendeskDesk) -> None:
    """No trouble of the desk's, of which everybody would be told."""
    before = await snapshot_of(desk, FIRST)
    zendesk.clock.advance(minutes=5)
    zendesk.control(f"tickets/{FIRST}", {"priority": "high"})
    zendesk.control("fault", {"match": f"/tickets/{FIRST}/comments", "status": 404})
    with pytest.raises(TicketRefused) as refused:
        await answer(desk, FIRST, before)

    assert refused.value.kind is RefusalKind.GONE


async def test_a_desk_that_does_not_say_who_did_it(zendesk: Running, desk: ZendeskDesk) -> None:
    """The reason is shorter, and the ticket is left out all the same."""
    before = await snapshot_of(desk, FIRST)
    zendesk.control(f"tickets/{FIRST}", {"status": "solved"})
    zendesk.control("fault", {"match": "/audits", "status": 404})
    with pytest.raises(ChangedSince) as refused:
        await answer(desk, FIRST, before)
    for n in range(100):
        zendesk.control(f"tickets/{FIRST}", {"subject": f"No login {n}"})
    with pytest.raises(ChangedSince) as long_story:
        await answer(desk, FIRST, before)

    assert refused.value.differences == long_story.value.differences == (Difference(DifferenceKind.STATUS, "solved"),)
