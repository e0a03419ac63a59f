"""The stream is read minute by minute, and whatever happens in between nothing is counted twice and nothing lost."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database import Database
from bot.messages.store import MessageStore
from bot.records import Records
from bot.tickets.stream import LeftRow, StreamRow
from bot.tickets.stream_model import ReadTicket, StreamGap, StreamPart, StreamSettings, StreamWay
from bot.tickets.stream_service import StreamService
from bot.tickets.stream_store import StreamStore
from tests.database import memory_database
from tests.fake_clock import FakeClock
from tests.fake_desk import Killed, limited, unreachable
from tests.fake_people import FakePeople
from tests.stalls import STALL_S, Stalls
from tests.tickets.fake_stream import FakeStream
from tests.tickets.stream_rows import BEGAN, left, row

HOUR = timedelta(hours=1)
DAY_MIN = 1440.0


class Reading:
    """A service on its database; `restart` is what a kill and a new start leave."""

    def __init__(self, *, history_days: int = 2, version: str = "1") -> None:
        self.clock = FakeClock(BEGAN)
        self.database: Database = memory_database()
        self.stream = FakeStream(self.clock)
        self.settings = StreamSettings(history_days=history_days, version=version)
        self.heard: list[StreamPart] = []
        self.restart()

    def records(self) -> Records:
        owed = MessageStore(database=self.database, clock=self.clock, wake=lambda: None)
        return Records(database=self.database, owed=owed, people=FakePeople(), clock=self.clock)

    def restart(self, *, version: str = "1") -> None:
        self.settings = replace(self.settings, version=version)
        self.store = StreamStore(database=self.database)
        self.service = StreamService(
            records=self.records(), store=self.store, stream=self.stream, settings=self.settings
        )
        self.service.read.heard_by(self.heard.append)

    async def turns(self, minutes: float = 0.0) -> None:
        """What the loop does in so many minutes, and all that is due now."""
        end = self.clock.now + timedelta(minutes=minutes)
        while True:
            due_at = await self.service.turn()
            if not due_at or due_at > end:
                break
            self.clock.now = max(self.clock.now, due_at)
        self.clock.now = end

    @property
    def stored(self) -> dict[int, str]:
        ids = self.database.column("SELECT id FROM stream_tickets")
        return {ticket.id: ticket.status for ticket in self.store.tickets(ids)}

    @property
    def told(self) -> list[int]:
        return [ticket.id for part in self.heard for ticket in part.tickets]


@pytest.fixture
def reading() -> Reading:
    return Reading()


async def test_reads_the_history_and_then_each_minute_what_is_new(reading: Reading) -> None:
    reading.stream.tells(row(1, minute=-3 * DAY_MIN), row(2, minute=-DAY_MIN), row(3, minute=-5), row(4, minute=-0.5))

    await reading.turns()
    assert reading.stored == {2: "new", 3: "new"}
    assert reading.heard[-1].complete_until == BEGAN - timedelta(minutes=1)

    await reading.turns(minutes=1)
    assert reading.stored == {2: "new", 3: "new", 4: "new"}
    assert reading.told == [2, 3, 4]

    await reading.turns(minutes=10)
    assert len(reading.stream.asked) == 12
    assert {place.way for place in reading.stream.asked} == {StreamWay.EXPORT}


async def test_a_minute_without_tickets_is_told_too(reading: Reading) -> None:
    await reading.turns(minutes=3)

    assert [part.complete_until for part in reading.heard] == [
        BEGAN + timedelta(minutes=minute) for minute in range(-1, 3)
    ]
    assert reading.service.gaps(since=BEGAN - HOUR) == []


async def test_what_comes_again_unchanged_is_not_told(reading: Reading) -> None:
    """A desk tells the same row again, and tells of changes of its own that nobody sees."""
    reading.stream.tells(row(1, minute=-5))
    await reading.turns(minutes=1)
    reading.stream.tells(row(1, minute=-5, changed=1.0, status="open"))
    await reading.turns(minutes=2)

    assert [(part.tickets[0].id, part.tickets[0].status) for part in reading.heard if part.tickets] == [
        (1, "new"),
        (1, "open"),
    ]


async def test_what_is_deleted_leaves(reading: Reading) -> None:
    reading.stream.tells(row(1, minute=-5), row(2, minute=-5))
    await reading.turns(minutes=1)
    reading.stream.tells(left(1, changed=0.5), left(99, changed=0.5))
    await reading.turns(minutes=2)

    assert reading.stored == {2: "new"}
    assert [part.left for part in reading.heard if part.left] == [(1,)]


async def test_the_history_is_paced_and_its_progress_is_known(reading: Reading) -> None:
    reading.stream.tells(*(row(number, minute=number - 2 * DAY_MIN) for number in range(1, 2 * int(DAY_MIN) - 1)))
    reading.stream.page_rows = 200

    await reading.turns()
    standing = reading.service.standing()
    assert (len(reading.stream.asked), standing.days, standing.of_days, standing.filled) == (6, 0, 2, False)
    assert reading.service.state().complete_until is None
    assert all(part.complete_until is None for part in reading.heard)

    await reading.turns(minutes=1)
    standing = reading.service.standing()
    assert len(reading.stream.asked) == 12
    assert standing.days == 1
    assert standing.left
    assert round(standing.left.total_seconds()) == 12

    await reading.turns(minutes=1)
    standing = reading.service.standing()
    assert (standing.filled, standing.left) == (True, None)
    assert len(reading.stored) == 2 * DAY_MIN - 2


async def test_people_come_first(reading: Reading) -> None:
    reading.stream.spare_in_s = 20.0
    await reading.turns()
    assert reading.stream.asked == []

    reading.stream.spare_in_s = 0.0
    await reading.turns(minutes=0.4)
    assert len(reading.stream.asked) == 1


async def test_killed_in_the_middle_of_a_page_it_is_read_again(reading: Reading) -> None:
    """Two of three parts were stored and told; what was told is not told again."""
    reading.stream.tells(*(row(number, minute=number - 200) for number in range(1, 101)))

    def strike(part: StreamPart) -> None:
        if len(reading.told) > 80:
            raise Killed

    reading.service.read.heard_by(strike)
    with pytest.raises(Killed):
        await reading.turns()
    stored = len(reading.stored)
    assert 0 < stored < 100
    reading.heard = reading.heard[:-1]  # its transaction was rolled back

    reading.restart()
    await reading.turns()

    assert len(reading.stored) == 100
    assert sorted(reading.told) == list(range(1, 101))


async def test_killed_in_the_middle_of_the_history_it_goes_on_where_it_was(reading: Reading) -> None:
    reading.stream.tells(*(row(number, minute=number - DAY_MIN) for number in range(1, 1001)))
    reading.stream.page_rows = 100
    await reading.turns()
    assert len(reading.stored) == 600

    reading.restart()
    await reading.turns(minutes=1)

    assert len(reading.stored) == len(reading.told) == 1000
    assert [place.cursor for place in reading.stream.asked].count("") == 1


async def test_a_cursor_that_died_counts_nothing_twice(reading: Reading) -> None:
    reading.stream.tells(*(row(number, minute=number - 60) for number in range(1, 50)))
    await reading.turns()
    reading.stream.dead = {reading.service.state().cursor}
    reading.stream.tells(row(77, minute=0.1))

    await reading.turns(minutes=2)

    assert sorted(reading.told) == [*range(1, 50), 77]
    assert [place.since for place in reading.stream.asked if not place.cursor][1] == BEGAN - timedelta(minutes=1 + 10)
    assert reading.service.state().failing_since is None


async def test_an_hour_without_the_desk_is_known_as_a_gap(reading: Reading) -> None:
    await reading.turns(minutes=1)
    reading.stream.failures.extend(unreachable() for _ in range(40))
    await reading.turns(minutes=60)
    state = reading.service.state()
    assert state.failing_since == BEGAN + timedelta(minutes=2)
    assert state.reason == "it does not answer"
    reading.stream.failures.clear()
    reading.stream.tells(row(1, minute=30), row(2, minute=61))

    await reading.turns(minutes=5)

    (gap,) = reading.service.gaps(since=BEGAN)
    assert gap.desk
    assert gap.since == BEGAN
    assert BEGAN + HOUR < gap.until < BEGAN + HOUR + timedelta(minutes=6)
    assert reading.service.state().failing_since is None
    assert reading.told == [1, 2]


async def test_an_hour_without_the_bot_is_known_as_a_gap(reading: Reading) -> None:
    await reading.turns(minutes=1)
    reading.clock.advance(hours=1)
    reading.stream.tells(*(row(number, minute=number) for number in range(1, 50)))
    reading.stream.page_rows = 20
    reading.restart()

    await reading.turns()

    gaps = reading.service.gaps(since=BEGAN)
    assert gaps == [StreamGap(BEGAN, BEGAN + HOUR, desk=False)]
    until = [part.complete_until for part in reading.heard if part.tickets]
    assert until == [BEGAN, BEGAN, BEGAN + HOUR]


async def test_away_for_longer_than_the_history_it_begins_anew(reading: Reading) -> None:
    await reading.turns(minutes=1)
    reading.clock.advance(days=5)
    reading.stream.tells(row(1, minute=DAY_MIN), row(2, minute=4 * DAY_MIN))
    reading.restart()

    await reading.turns()

    assert reading.stored == {2: "new"}
    assert reading.service.state().begins_at == BEGAN + timedelta(days=3, minutes=1)


async def test_limited_it_waits_as_long_as_it_is_asked_to(reading: Reading) -> None:
    reading.stream.failures.append(limited(400.0))
    await reading.turns(minutes=6)
    assert len(reading.stream.asked) == 1

    await reading.turns(minutes=1)
    assert len(reading.stream.asked) == 2
    assert reading.service.state().failing_since is None


async def test_a_clock_that_is_set_back_stops_nothing(reading: Reading) -> None:
    await reading.turns(minutes=1)
    asked = len(reading.stream.asked)
    reading.clock.advance(hours=-1)

    await reading.turns(minutes=2)

    assert len(reading.stream.asked) >= asked + 2
    assert reading.service.state().complete_until == BEGAN


async def test_where_the_login_may_not_export_it_searches_and_tries_again(reading: Reading) -> None:
    reading.stream.refuses = True
    reading.stream.tells(row(1, minute=-10), row(2, minute=-3))

    await reading.turns()
    assert reading.stored == {1: "new"}
    assert reading.service.standing().way is StreamWay.SEARCH
    await reading.turns(minutes=61)
    ways = [place.way for place in reading.stream.asked]
    assert ways.count(StreamWay.EXPORT) == 2
    assert reading.stored == {1: "new", 2: "new"}

    reading.stream.refuses = False
    await reading.turns(minutes=61)
    assert reading.service.standing().way is StreamWay.EXPORT
    assert reading.told == [1, 2]
    assert reading.service.gaps(since=BEGAN - HOUR) == []


async def test_searching_it_looks_for_what_was_deleted(reading: Reading) -> None:
    reading.stream.refuses = True
    reading.stream.tells(row(1, minute=-10), row(2, minute=-10), row(3, minute=-1.5 * DAY_MIN))
    await reading.turns(minutes=1)
    reading.stream.gone = {2, 3}

    await reading.turns(minutes=16)

    assert reading.stored == {1: "new", 3: "new"}
    assert reading.heard[-1].left == (2,) or (2,) in [part.left for part in reading.heard]
    assert sorted(reading.stream.looked_up) == [1, 1, 2, 2]


async def test_with_other_targets_the_history_is_read_again(reading: Reading) -> None:
    """No text is kept that could be read again. The hashes stay the same."""
    reading.stream.tells(row(1, minute=-600, target="us-east"), row(2, minute=-5))
    await reading.turns(minutes=1)
    before = reading.store.tickets([1])[0]
    reading.stream.rows = [row(1, minute=-600, target="us-west"), row(2, minute=-5)]

    reading.restart(version="2")
    await reading.turns(minutes=1)

    after = reading.store.tickets([1])[0]
    assert (before.affected, after.affected) == (("us-east",), ("us-west",))
    assert before.customer == after.customer
    assert reading.told == [1, 2, 1]

    reading.restart(version="2")
    await reading.turns(minutes=3)
    assert reading.told == [1, 2, 1]


async def test_what_rooms_above_ask(reading: Reading) -> None:
    words = ("error 809",)
    reading.stream.tells(*(row(number, minute=number - 2000, terms=words) for number in range(1, 1001)))
    await reading.turns()
    service, term = reading.service, reading.service.term("error 809")
    ids: list[int] = []
    async for part in service.history(BEGAN - timedelta(days=2), BEGAN):
        ids += [ticket.id for ticket in part]

    assert service.enabled
    assert ids == list(range(1, 1001))
    assert service.words([term, 5]) == {term: "error 809"}
    assert [ticket.id for ticket in service.tickets([3, 4, 5000])] == [4, 3]
    newest = service.newest(since=BEGAN - timedelta(days=2), until=BEGAN, term=term, target="us-east", limit=3)
    assert [ticket.id for ticket in newest] == [1000, 999, 998]


async def test_without_a_desk_nothing_is_read() -> None:
    reading = Reading()
    service = StreamService(records=reading.records(), store=reading.store, stream=None, settings=reading.settings)

    assert await service.turn() is None
    assert not service.enabled
    assert not service.standing().enabled


@st.composite
def minutes(draw: st.DrawFn) -> tuple[list[list[StreamRow | LeftRow]], list[bool]]:
    """What changed in each of a few minutes, and in which of them the desk or the bot was away."""
    told = []
    for at in range(draw(st.integers(1, 5))):
        numbers = draw(st.lists(st.integers(1, 6), max_size=4, unique=True))
        part: list[StreamRow | LeftRow] = []
        for number in numbers:
            gone = draw(st.booleans()) and at > 2
            status = draw(st.sampled_from(["new", "open"]))
            part.append(left(number, at) if gone else row(number, minute=-number, changed=at, status=status))
        told.append(part)
    return told, draw(st.lists(st.booleans(), min_size=len(told), max_size=len(told)))


@given(minutes())
async def test_whatever_is_away_meanwhile_the_tables_are_the_same(
    course: tuple[list[list[StreamRow | LeftRow]], list[bool]],
) -> None:
    """As those of a desk that is read once at the end."""
    told, away = course
    live, late = Reading(), Reading()
    for part, gone in zip(told, away, strict=True):
        for each in (live, late):
            each.stream.tells(*part)
        if gone:
            live.stream.failures.append(unreachable())
            live.restart()
        await live.turns(minutes=1)
        late.clock.now = live.clock.now
    for each in (live, late):
        await each.turns(minutes=10)

    assert tickets(live) == tickets(late)
    last: dict[int, ReadTicket | None] = {}
    for heard in live.heard:
        last |= {ticket.id: ticket for ticket in heard.tickets} | dict.fromkeys(heard.left)
    assert sorted(number for number, ticket in last.items() if ticket) == sorted(live.stored)


def tickets(reading: Reading) -> Sequence[tuple[object, ...]]:
    """Without the hashes, whose keys differ."""
    listed = reading.store.created(since=BEGAN - timedelta(days=3), until=reading.clock.now)
    return [(each.id, each.created_at, each.updated_at, each.status, each.affected) for each in listed]


async def test_a_whole_page_of_long_complaints_holds_up_nobody(reading: Reading) -> None:
    """A thousand tickets of forty words each, as the history has them."""
    words = [tuple(f"word {(number * 7 + at) % 3000}" for at in range(40)) for number in range(1000)]
    rows = [row(number + 1, minute=number - 1400, terms=words[number]) for number in range(1000)]
    reading.stream.tells(*rows)

    with Stalls() as stalls:
        await reading.turns()

    assert len(reading.stored) == 1000
    assert stalls.busiest_s < STALL_S / 2
