"""The believable morning."""

import itertools

from bot.sandbox.zendesk.replay import keep_writing
from bot.sandbox.zendesk.seed import SeedTicket
from bot.sandbox.zendesk.seeds import coming, morning
from bot.sandbox.zendesk.server import ZendeskSandbox
from tests.fake_clock import FakeClock
from tests.sandbox.zendesk.desk_client import desk_client


def _rise(tickets: tuple[SeedTicket, ...]) -> list[float]:
    return sorted(ticket.minutes_ago for ticket in tickets[-31:])


def test_the_same_number_gives_the_same_morning() -> None:
    """A seed can be named in a test and is what it was."""
    assert morning(3) == morning(3) != morning(4)


def test_the_rise_grows() -> None:
    """31 tickets in the last 40 minutes, more than half of them in the last 15."""
    ages = _rise(morning().tickets)

    assert len(ages) == 31 and ages[-1] <= 40
    assert sum(age <= 12 for age in ages) > 15


def test_the_desk_is_believable() -> None:
    """Some 300 tickets, every state and several languages; nobody's real address."""
    tickets = morning().tickets

    assert 290 <= len(tickets) <= 330
    assert {ticket.status for ticket in tickets} == {"new", "open", "pending", "hold", "solved", "closed"}
    assert {ticket.locale for ticket in tickets} == {"en-US", "de", "es", "fr"}
    assert all(ticket.email.endswith(("@example.com", "@example.net")) for ticket in tickets)
    assert not any("{" in ticket.subject + ticket.description for ticket in tickets)
    assert all(ticket.minutes_ago <= 4 * 24 * 60 for ticket in tickets)


DEVICES = (
    "Pixel 9",
    "Galaxy S25",
    "Fairphone 5",
    "Xiaomi 14",
    "iPhone",
    "iPad",
    "MacBook",
    "ThinkPad",
    "Windows 11 PC",
)


def test_a_body_fits_its_subject() -> None:
    """Both are of one device, and an app's trouble is on a device that has this app."""
    for ticket in (each for number in range(20) for each in morning(number).tickets):
        named = {device for device in DEVICES if device in f"{ticket.subject} {ticket.description}"}
        assert len(named) <= 1, ticket
        assert "android" not in ticket.tags or not named & {"iPhone", "iPad", "MacBook"}, ticket
        assert "ios" not in ticket.tags or named <= {"iPhone", "iPad"}, ticket


def test_three_tickets_are_hostile() -> None:
    """Pings and markup, 5,000 characters, and marks that turn text around."""
    texts = [(ticket.subject, ticket.description) for ticket in morning().tickets]

    assert any("<!channel>" in subject and "```" in subject for subject, _ in texts)
    assert any(len(subject) == 255 and len(body) == 5_000 for subject, body in texts)
    assert any("\u202e" in subject for subject, _ in texts)


def test_the_morning_goes_on() -> None:
    """What comes is mostly U.S. East, denser and denser, and ends."""
    gaps, tickets = zip(*coming(rise_so_far=8, most=40), strict=True)

    assert list(gaps[:22]) == sorted(gaps[:22], reverse=True) and min(gaps) > 30
    assert len(tickets) == 40
    assert sum("connection" in ticket.tags for ticket in tickets) == 30


async def test_search_sees_the_rise() -> None:
    """The words that people search for find the tickets of the last hour."""
    async with desk_client(morning(index_lag_s=0)) as desk:
        numbers = set()
        for words in ("us east", "u.s. east", "new york", "virginia"):
            numbers |= set(await desk.search(f'type:ticket "{words}" created>1hour status<solved'))
        usual = await desk.search('type:ticket "us east" created<1hour')

    assert len(numbers) >= 20
    assert 3 <= len(usual) <= 25


async def test_customers_go_on_writing() -> None:
    """Each comes in as a new ticket of this moment."""
    clock = FakeClock()
    desk = ZendeskSandbox(clock=clock, seed=morning()).desk
    before = {ticket.id for ticket in desk}
    await keep_writing(desk, coming(most=8), speed=1e9)
    new = [ticket for ticket in desk if ticket.id not in before]

    assert len(new) == 8
    assert {ticket.created_at for ticket in new} == {clock()}


def test_seeding_is_quick_enough_for_every_test() -> None:
    """A desk is made of the seed as often as wanted, with ids in the order of time."""
    desk = ZendeskSandbox(clock=FakeClock(), seed=morning()).desk
    ids = [ticket.id for ticket in itertools.islice(desk, 400)]
    times = [ticket.created_at for ticket in desk]

    assert ids == sorted(ids) and times == sorted(times)
