"""Investigations of the sizes that real ones have, by the hundreds."""

import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from bot.app.jobs import Emptying, EmptyingStep
from bot.database import Database
from bot.known_issues.links import IssueLinks
from bot.messages.model import Place
from bot.messages.store import SentContent
from bot.probes.batch import BatchRequest, PlannedRun
from bot.probes.icmp.path_verdict import MTR
from bot.probes.model import About, Fault, Numbers, ProbeReading, ProbeResult, Subject
from bot.probes.store import ProbeStore, empty_details
from bot.tickets.collection import LinkState
from bot.tickets.model import SearchResult, Ticket
from bot.tickets.store import SuggestedTickets, TicketStore
from tests.fake_clock import FakeClock
from tests.world import US_EAST, World

RUNS, TICKETS, PICTURES = 18, 35, 5
PICTURE_BYTES = 24_000
CONTENT, DETAILS = timedelta(days=7), timedelta(days=30)


async def _at_once() -> None:
    """Nobody else is there to have a turn."""


class Year:
    """One investigation after the other is opened, measured, told of and resolved."""

    def __init__(
        self, database: Database, clock: FakeClock, *, pause: Callable[[], Awaitable[None]] = _at_once
    ) -> None:
        self.world = World(database=database, clock=clock)
        self.clock = clock
        self._chance = random.Random(9)
        links = IssueLinks(database=database, clock=clock)
        self.emptying = Emptying(
            steps=(
                EmptyingStep(CONTENT, SentContent(database=database).empty),
                EmptyingStep(DETAILS, partial(empty_details, database, self.world.store.live_or_closed_since)),
                EmptyingStep(DETAILS, SuggestedTickets(database=database, waiting=links.investigations).empty),
            ),
            clock=clock,
            pause=pause,
        )

    async def investigation(self, *, resolved: bool = True) -> int:
        """What a playbook, one more probe, the tickets and an hour of words leave behind; its number."""
        number = (await self.world.opened(US_EAST, symptom="packet loss since this morning")).id
        place = Place("C1", thread_key=f"investigation/{number}")
        self._measured(number, place)
        self._tickets(number)
        for count in range(PICTURES):
            png, name = self._chance.randbytes(PICTURE_BYTES), f"run-{number}-{count}.png"
            self.world.owed.picture(f"run/{number}-{count}", name=name, title=name, png=png, alt="loss", place=place)
        for count in range(3):
            self.world.owed.text(f"said/{number}-{count}", text="It works again for some customers. " * 3, place=place)
        self.clock.advance(3600)
        if resolved:
            cause = {"root_cause": "a line card at the transit provider", "workaround": "choose U.S. West"}
            await self.world.investigations.resolve(number, by="UKIM", **cause)
        self.all_sent()
        return number

    def all_sent(self) -> None:
        """As if the outbox had sent everything."""
        database = self.world.database
        with database.transaction():
            for row in database.rows("SELECT id, key, channel FROM messages WHERE state = 'owed'"):
                ts = f"{row['id']}.000100"
                database.run("UPDATE messages SET state = 'sent', sent = wanted, ts = ? WHERE id = ?", ts, row["id"])
                database.run("INSERT OR IGNORE INTO message_places VALUES (?, ?, ?)", row["channel"], ts, row["key"])

    def _measured(self, number: int, place: Place) -> None:
        store = ProbeStore(database=self.world.database, clock=self.clock)
        subject = Subject("U.S. East", addresses=("10.1.2.3", "10.1.2.4"), ports=("443",), trusted=True)
        batch = store.request(BatchRequest("mtr U.S. East", place, "UKIM", number, "us-east"))
        for _ in range(RUNS):
            store.run_done(store.add_run(batch, PlannedRun("target", "mtr", subject)), result(self.clock()))
        self.world.database.run("UPDATE probe_batches SET state = 'done' WHERE investigation_id = ?", number)

    def _tickets(self, number: int) -> None:
        store = TicketStore(database=self.world.database, clock=self.clock)
        (watch,) = [each for each in store.due(self.clock()) if each.investigation_id == number]
        found = tuple(_ticket(number * 100 + count, self.clock()) for count in range(TICKETS))
        many = SearchResult(found, len(found))
        store.collected(watch, many, last_hour=9, saying=many.tickets, by_number=(), streamed=(), next_at=self.clock())
        store.decide(number, [each.id for each in found[:9]], LinkState.CONFIRMED, "UKIM")
        store.decide(number, [found[9].id], LinkState.REJECTED, "UKIM")
        self.world.database.run("UPDATE ticket_links SET tagged = tag_wanted WHERE investigation_id = ?", number)


def multiply(database: Database, times: int) -> None:
    """The first investigation with its messages and what it taught, again and again in the year before."""
    with database.transaction():
        database.run(
            "CREATE TEMP TABLE numbers AS WITH RECURSIVE n (n) AS "
            f"(SELECT 100 UNION ALL SELECT n + 1 FROM n LIMIT {times}) SELECT n FROM n"
        )
        database.run(
            """INSERT INTO investigations (id, target, symptom, state, opened_by, opened_at, closed_at, channel)
               SELECT n, 'us-east', 'packet loss', 'resolved', 'UKIM', i.opened_at,
                   strftime('%Y-%m-%dT%H:%M:%f000+00:00', i.closed_at, '-' || (n * 50) || ' minutes'), 'C1'
               FROM numbers, investigations i WHERE i.id = 1"""
        )
        database.run(
            """INSERT INTO known_documents (kind, record_id, targets, at, live, title, symptom, workaround, aliases)
               SELECT kind, n, targets, at, live, title || ' ' || n, symptom, workaround, aliases
               FROM numbers, known_documents WHERE record_id = 1"""
        )
        database.run(
            """INSERT INTO messages (key, kind, view, record_id, channel, thread_key, state, due_at, ts, created_at)
               SELECT m.key || '/' || n, kind, view, n, channel, thread_key, 'sent', due_at, n || m.ts, created_at
               FROM numbers, messages m WHERE m.ts IS NOT NULL AND m.id <= 12"""
        )


def result(at: datetime) -> ProbeResult:
    """An MTR of ten hops that loses packets."""
    numbers = Numbers(sent=10, lost=4, best_ms=8.1, median_ms=9.2, worst_ms=31.0, average_ms=11.7, deviation_ms=4.2)
    cells = ("10", "ae-1.r21.us-east.example.net", "40 %", "8.1", "9.2", "31.0", "4.2")
    readings = tuple(
        ProbeReading(f"198.51.100.{hop}", hop < 4, cells, "4 of 10 lost", numbers, "loss") for hop in range(10)
    )
    about = About("10.1.2.3", "10.1.2.3", hops=(3, 4))
    faults = (Fault(about, "4 of 10 lost", numbers, "loss"),)
    verdict = MTR.verdict(about, "loses packets", numbers=numbers, faults=faults)
    report = "\n".join(f"{hop:>3} 198.51.100.{hop} ae-1.r21.us-east.example.net 40.0% 10 8.1 9.2" for hop in range(10))
    return ProbeResult("mtr", "U.S. East", verdict, at, 10.2, ("hop", "loss"), readings, report, "mtr.txt")


def _ticket(number: int, at: datetime) -> Ticket:
    url = f"https://harbor.zendesk.com/agent/tickets/{number}"
    subject = f"Connection drops every few minutes since this morning ({number})"
    return Ticket(id=number, subject=subject, status="open", url=url, created_at=at, updated_at=at)
