"""The stream over the wire, from the sandbox's Zendesk into the tables."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database import Database
from bot.messages.store import MessageStore
from bot.reading.model import Reading, Said, TicketText
from bot.reading.reader import TicketReader
from bot.records import Records
from bot.sandbox.zendesk.seed import Limits, Seed, SeedTicket
from bot.tickets.desk import DeskError, ExportRefused
from bot.tickets.model import PROBLEM_TAG
from bot.tickets.stream import LeftRow, StreamPlace
from bot.tickets.stream_hash import StreamHash
from bot.tickets.stream_model import StreamPart, StreamSettings, StreamWay
from bot.tickets.stream_service import StreamService
from bot.tickets.stream_store import StreamStore
from bot.tickets.zendesk.desk import ZendeskDesk
from bot.tickets.zendesk.login import OAuthToken
from bot.tickets.zendesk.stream import TRIPS, RowReader
from tests.database import memory_database
from tests.eventually import eventually
from tests.fake_people import FakePeople
from tests.sandbox.zendesk.desk_on_loopback import Running, running
from tests.tickets.zendesk.desk_server import DeskServer, Reply
from tests.world import CATALOG

FIRST = Seed().first_ticket_id
DAY_MIN = 1440.0
MOMENTS = ("2026-03-02T09:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-02")
GOOD = {"id": 7, "created_at": MOMENTS[0], "updated_at": MOMENTS[0], "status": "open", "requester_id": 5}
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
PLATFORM_FIELD = 360_009


def tickets(number: int, *, every_min: float = 1.0) -> tuple[SeedTicket, ...]:
    """So many, the newest `every_min` minutes ago, of three customers in turn."""
    ages = [every_min * (number - at) for at in range(number)]
    return tuple(
        SeedTicket(f"US East {at}", "it drops", age, email=f"customer{at % 3}@example.com")
        for at, age in enumerate(ages)
    )


def read(text: TicketText) -> Reading:
    """A reader of words, which trips over one of them."""
    if "trip" in text.subject:
        raise LookupError(text.subject)
    target = (Said("us-east", ("US East",)),) if "US East" in text.subject else ()
    words = f"{text.subject} {text.description[-20:]} {' '.join(text.tags)}"
    return Reading(affected=target, language="en", versions=tuple(text.fields.values()), terms=tuple(words.split()))


class Streaming:
    """The service on the sandbox's Zendesk; the clock is the sandbox's."""

    def __init__(self, zendesk: Running, desk: ZendeskDesk) -> None:
        self.zendesk, self.clock = zendesk, zendesk.clock
        self.database: Database = memory_database()
        self.stream = desk.stream(read=read, meanings={str(PLATFORM_FIELD): "platform"})
        self.store = StreamStore(database=self.database)
        self.heard: list[StreamPart] = []
        self.restart()

    def restart(self) -> None:
        owed = MessageStore(database=self.database, clock=self.clock, wake=lambda: None)
        records = Records(database=self.database, owed=owed, people=FakePeople(), clock=self.clock)
        self.service = StreamService(
            records=records, store=self.store, stream=self.stream, settings=StreamSettings(history_days=28)
        )
        self.service.read.heard_by(self.heard.append)

    async def turns(self, minutes: float = 0.0) -> None:
        end = self.clock.now + timedelta(minutes=minutes)
        while (due_at := await self.service.turn()) and due_at <= end:
            self.clock.now = max(self.clock.now, due_at)
        self.clock.now = end

    @property
    def stored(self) -> dict[int, str]:
        """The status of each, by its place in the seed."""
        return {each.id - FIRST: each.status for each in reversed(self.store.tickets(range(FIRST, FIRST + 5000)))}

    def acts(self, place: int, **what: Any) -> None:
        self.zendesk.control(f"tickets/{FIRST + place}", what)

    def requests(self, path: str = "incremental") -> list[dict[str, Any]]:
        return [each for each in self.zendesk.control("log")["requests"] if path in each["path"]]


@pytest.fixture
def seed() -> Seed:
    return Seed(tickets=tickets(6))


@pytest.fixture
def zendesk(seed: Seed) -> Iterator[Running]:
    with running(seed) as sandbox:
        yield sandbox


@pytest.fixture
async def streaming(zendesk: Running) -> AsyncIterator[Streaming]:
    desk = ZendeskDesk(url=zendesk.url, credentials=OAuthToken(zendesk.sandbox_token), clock=zendesk.clock)
    opened = Streaming(zendesk, desk)
    yield opened
    await opened.stream.close()
    await desk.close()


async def test_each_ticket_is_read_as_it_comes(streaming: Streaming) -> None:
    await streaming.turns(minutes=2)

    ticket = streaming.store.tickets([FIRST])[0]
    assert list(streaming.stored) == [0, 1, 2, 3, 4, 5]
    assert ticket.affected == ("us-east",)
    assert ticket.created_at == streaming.clock.now - timedelta(minutes=8)
    assert len({each.customer for each in streaming.store.tickets(range(FIRST, FIRST + 6))}) == 3
    assert streaming.service.words([streaming.service.term("drops")]) != {}
    assert streaming.service.state().complete_until == streaming.clock.now - timedelta(minutes=1)


async def test_the_newest_minute_comes_a_minute_later(streaming: Streaming) -> None:
    await streaming.turns(minutes=1)
    streaming.zendesk.control("ticket", {"subject": "US East too", "description": "help"})
    await streaming.turns()
    assert 6 not in streaming.stored

    await streaming.turns(minutes=2)
    assert 6 in streaming.stored


async def test_what_comes_again_counts_once_and_is_read_anew(streaming: Streaming) -> None:
    """With a page that repeats rows, a row that the system touched, and one that an agent changed."""
    await streaming.turns(minutes=1)
    streaming.zendesk.control("export", {"repeats": 3})
    streaming.acts(0, restated=True)
    streaming.acts(1, status="open", tags=["city_berlin"], comment={"body": "Look into it", "public": True})
    streaming.acts(2, subject="US West after all", custom_fields=[{"id": PLATFORM_FIELD, "value": "ios 26.2"}])
    told = len(streaming.heard)

    await streaming.turns(minutes=3)

    assert streaming.stored == dict.fromkeys(range(6), "new") | {1: "open"}
    again = [each for part in streaming.heard[told:] for each in part.tickets]
    assert sorted({each.id - FIRST for each in again}) == [0, 1, 2]
    assert len(again) == 3
    changed = streaming.store.tickets([FIRST + 2])[0]
    assert (changed.affected, changed.versions) == ((), ("ios 26.2",))
    assert streaming.service.term("city_berlin") in streaming.store.tickets([FIRST + 1])[0].terms


async def test_deleted_merged_and_spam_leave_and_what_the_bot_made_never_comes(streaming: Streaming) -> None:
    await streaming.turns(minutes=1)
    streaming.acts(0, deleted=True)
    streaming.acts(1, merged_into=FIRST + 2)
    streaming.zendesk.control("ticket", {"subject": "US East: problem", "description": "x", "tags": [PROBLEM_TAG]})
    await streaming.turns(minutes=2)

    assert list(streaming.stored) == [2, 3, 4, 5]
    assert sorted(number for part in streaming.heard for number in part.left) == [FIRST, FIRST + 1]

    streaming.acts(0, scrubbed=True)
    await streaming.turns(minutes=2)
    assert list(streaming.stored) == [2, 3, 4, 5]


async def test_a_cursor_that_died(streaming: Streaming) -> None:
    await streaming.turns(minutes=1)
    streaming.zendesk.control("export", {"cursors_die": True})
    streaming.zendesk.control("ticket", {"subject": "US East too", "description": "help"})

    await streaming.turns(minutes=3)

    assert list(streaming.stored) == [0, 1, 2, 3, 4, 5, 6]
    assert len([each for part in streaming.heard for each in part.tickets]) == 7
    statuses = [each["status"] for each in streaming.requests()]
    assert statuses.count(400) == 1
    assert streaming.service.state().failing_since is None


@pytest.mark.parametrize("status", [410, 422])
async def test_a_cursor_that_died_otherwise(streaming: Streaming, status: int) -> None:
    await streaming.turns(minutes=1)
    streaming.zendesk.control("fault", {"match": "incremental", "status": status})

    await streaming.turns(minutes=1)

    assert [each["status"] for each in streaming.requests()][-2:] == [status, 200]
    assert "start_time" in streaming.requests()[-1]["query"]


async def test_limited_on_this_method_alone(streaming: Streaming) -> None:
    await streaming.turns(minutes=1)
    fault = {"match": "incremental", "status": 429, "retry_after": 150}
    streaming.zendesk.control("fault", fault)

    await streaming.turns(minutes=2)
    state = streaming.service.state()
    assert state.failing_since
    assert state.reason == "rate limit reached (429)"

    await streaming.turns(minutes=2)
    assert streaming.service.state().failing_since is None


class TestMany:
    """More than one page."""

    @pytest.fixture
    def seed(self) -> Seed:
        return Seed(tickets=tickets(2400, every_min=15.0), limits=Limits(incremental=(3, 60)))

    async def test_pages_follow_each_other_within_the_limits_of_the_account(self, streaming: Streaming) -> None:
        """Three a minute here: the fourth request waits as long as Zendesk says."""
        await streaming.turns()
        assert len(streaming.stored) == 2400
        assert [each["status"] for each in streaming.requests()] == [200, 200, 200]
        assert streaming.service.standing().filled

    async def test_people_come_first(self, streaming: Streaming) -> None:
        """What is left of a minute's requests is theirs."""
        headers = {"X-Rate-Limit": "700", "X-Rate-Limit-Remaining": "12", "RateLimit-Reset": "41"}
        streaming.zendesk.control(
            "fault", {"match": "incremental", "skip": 1, "status": 503, "times": 2} | {"headers": headers}
        )

        await streaming.turns(minutes=0.6)
        assert [each["status"] for each in streaming.requests()] == [200, 503, 503]
        assert streaming.stream.wait_s() > 0

        await streaming.turns(minutes=1)
        assert len(streaming.stored) == 2400

    async def test_killed_in_the_middle_it_goes_on(self, streaming: Streaming) -> None:
        streaming.zendesk.control("fault", {"match": "incremental", "skip": 1, "status": 500})
        await streaming.turns()
        assert len(streaming.stored) == 1000
        assert streaming.service.standing().days in (9, 10, 11, 12, 13, 14)
        streaming.restart()

        await streaming.turns(minutes=2)

        assert len(streaming.stored) == 2400
        ids = [each.id for part in streaming.heard for each in part.tickets]
        assert len(ids) == len(set(ids)) == 2400
        assert ["start_time" in each["query"] for each in streaming.requests()].count(True) == 1

    async def test_by_search_where_the_login_may_not_export(self, streaming: Streaming) -> None:
        streaming.zendesk.control("export", {"admin": False})

        await streaming.turns(minutes=2)

        assert len(streaming.stored) == 2400
        assert streaming.service.standing().way is StreamWay.SEARCH
        assert streaming.service.standing().filled
        assert [each["status"] for each in streaming.requests()] == [403]
        assert {each["status"] for each in streaming.requests("search")} == {200}

    async def test_a_search_is_as_far_as_its_cursor_whatever_the_system_has_touched_since(
        self, streaming: Streaming
    ) -> None:
        """An export that goes on from there would leave out the weeks in between."""
        streaming.acts(0, restated=True)
        streaming.zendesk.control("export", {"admin": False})

        await streaming.turns()

        state = streaming.service.state()
        assert not state.filled_at
        assert state.reached_at
        assert state.cursor == f"{state.reached_at:%Y-%m-%dT%H:%M:%SZ}"
        assert streaming.service.standing().days < 20

    async def test_who_stops_the_bot_does_not_wait_for_a_page(self, streaming: Streaming) -> None:
        page = asyncio.create_task(streaming.stream.page(StreamPlace(StreamWay.EXPORT, BEFORE)))
        await eventually(streaming.requests)

        await streaming.stream.close()

        with pytest.raises(DeskError, match="the connection was closed"):
            await page


async def test_by_search_each_minute(streaming: Streaming) -> None:
    """Some minutes late, and what was deleted is looked up by number."""
    streaming.zendesk.control("export", {"admin": False})
    await streaming.turns(minutes=1)
    assert 5 in streaming.stored
    assert streaming.service.state().complete_until == streaming.clock.now - timedelta(minutes=5)
    streaming.zendesk.control("ticket", {"subject": "US East too", "description": "help"})
    streaming.acts(0, deleted=True)
    streaming.acts(1, merged_into=FIRST + 2)
    streaming.acts(3, status="open")

    await streaming.turns(minutes=17)

    assert streaming.stored == {2: "new", 3: "open", 4: "new", 5: "new", 6: "new"}
    streaming.zendesk.control("export", {"admin": True})
    await streaming.turns(minutes=60)
    assert streaming.service.standing().way is StreamWay.EXPORT
    assert streaming.stored == {2: "new", 3: "open", 4: "new", 5: "new", 6: "new"}


class TestOdd:
    """Tickets that nobody thought of."""

    @pytest.fixture
    def seed(self) -> Seed:
        long, half = "US East " * 12_500, "US East \ud83d half an emoji"
        odd = (long, half, "", "trip", "US East\x00 null")
        minutes = count(len(odd) + 1, -1)
        return Seed(tickets=tuple(SeedTicket(subject[:255], subject or "x", next(minutes)) for subject in odd))

    async def test_each_is_one_ticket_and_the_one_that_trips_the_reader_is_left_out(
        self, streaming: Streaming, caplog: pytest.LogCaptureFixture
    ) -> None:
        await streaming.turns(minutes=2)

        assert list(streaming.stored) == [0, 1, 2, 4]
        assert f"ticket {FIRST + 3} is left out: the reader trips over it (LookupError)" in caplog.text
        assert "US East" not in caplog.text


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(b'{"tickets": [{}, {}, {}, {}, {}', cut=True), "unreachable: the connection was lost"),
        (Reply({"tickets": [GOOD]}), "unexpected answer without an 'after_cursor' that goes on"),
        (Reply({"tickets": None}), "unexpected answer without a list of tickets"),
        (Reply(b'{"tickets": [', content_type="application/json"), "unexpected answer without a JSON object"),
        (Reply(b"<html>", content_type="text/html"), "got a web page instead of data"),
        (Reply(drop=True), "unreachable: the connection was lost"),
        (Reply(b"\x1f\x8bno gzip", headers={"content-encoding": "gzip"}), "unreachable: the connection was lost"),
    ],
)
async def test_answers_that_are_none(desk: ZendeskDesk, server: DeskServer, reply: Reply, reason: str) -> None:
    server.on("GET", "/api/v2/incremental/tickets/cursor.json", reply)
    stream = desk.stream(read=read, meanings={})

    with pytest.raises(DeskError) as failed:
        await stream.page(StreamPlace(StreamWay.EXPORT, BEFORE))

    assert failed.value.reason.startswith(reason)
    await stream.close()


async def test_a_page_of_nothing_but_odd_rows_does_not_fill_the_log(
    desk: ZendeskDesk, server: DeskServer, caplog: pytest.LogCaptureFixture
) -> None:
    odd = {"tickets": [{"id": 1}, 2, None, "x"] * 100, "end_of_stream": True}
    server.on("GET", "/api/v2/incremental/tickets/cursor.json", Reply(odd))
    stream = desk.stream(read=read, meanings={})

    page = await stream.page(StreamPlace(StreamWay.EXPORT, BEFORE))

    assert (page.rows, page.unreadable) == ((), 400)
    assert len(caplog.records) == 4
    assert "400 of the 400 tickets of a page are left out" in caplog.text
    await stream.close()


async def test_an_answer_in_pieces_and_squeezed(desk: ZendeskDesk, server: DeskServer) -> None:
    body = {"tickets": [GOOD | {"id": number, "subject": "US East"} for number in range(1, 300)], "after_cursor": "x"}
    squeezed = gzip.compress(json.dumps(body | {"end_of_stream": True}).encode())
    server.on("GET", "/api/v2/incremental/tickets/cursor.json", Reply(squeezed, headers={"content-encoding": "gzip"}))
    stream = desk.stream(read=read, meanings={})

    page = await stream.page(StreamPlace(StreamWay.EXPORT, BEFORE))

    assert [row.id for row in page.rows] == list(range(1, 300))
    assert (page.cursor, page.complete_until is not None) == ("x", True)
    await stream.close()


async def test_zendesk_away_and_back(streaming: Streaming) -> None:
    await streaming.turns(minutes=1)
    streaming.zendesk.control("fault", {"match": "incremental", "status": 503, "times": 60})
    await streaming.turns(minutes=30)
    assert streaming.service.state().reason == "server error 503"
    streaming.zendesk.control("ticket", {"subject": "US East meanwhile", "description": "help"})
    streaming.zendesk.control("clear", {})

    await streaming.turns(minutes=6)

    assert 6 in streaming.stored
    (gap,) = streaming.service.gaps(since=streaming.clock.now - timedelta(hours=1))
    assert gap.desk


async def test_the_address_of_an_agent(streaming: Streaming, zendesk: Running) -> None:
    desk = ZendeskDesk(url=zendesk.url, credentials=OAuthToken(zendesk.sandbox_token), clock=zendesk.clock)

    assert await desk.agent_email(4_000_002) == "kim@harbor.example"
    assert await desk.agent_email(5_000_001) == ""
    assert await desk.agent_email(99) == ""
    await desk.close()


async def test_whether_it_may_export_is_asked_for_one_ticket(streaming: Streaming, zendesk: Running) -> None:
    desk = ZendeskDesk(url=zendesk.url, credentials=OAuthToken(zendesk.sandbox_token), clock=zendesk.clock)

    await desk.check_export()
    zendesk.control("export", {"admin": False})
    with pytest.raises(ExportRefused, match="not allowed"):
        await desk.check_export()
    assert {each["query"]["per_page"] for each in streaming.requests()} == {"1"}
    await desk.close()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(MOMENTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)
KEYS = (
    "id created_at updated_at generated_timestamp status subject raw_subject description tags requester_id assignee_id "
    "custom_fields fields"
).split()


@cache
def reader() -> TicketReader:
    return TicketReader(catalog=CATALOG)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES), st.text(max_size=300))
def test_any_row_is_a_ticket_or_is_left_out(odd: dict[str, Any], text: str) -> None:
    """And what is taken can be stored."""
    rows = RowReader(reader().read, {"7": "platform"})
    store = StreamStore(database=memory_database())
    store.begin(datetime(2026, 1, 1, tzinfo=UTC))
    try:
        row = rows.row({**GOOD, "subject": text, "description": text, **odd})
    except (DeskError, *TRIPS):
        return
    if isinstance(row, LeftRow):
        assert store.leave([row]) == ()
    else:
        ticket = StreamHash(store.key()).ticket(row)
        assert store.put([ticket]) == (ticket,)
        words = zip(ticket.terms, row.reading.terms, strict=True)
        store.used((term, ticket.customer, word, ticket.created_at) for term, word in words)
        assert store.tickets([ticket.id]) == [ticket]
