"""A round against the sandbox's Zendesk over the wire, which acts and loses answers, closes tickets and limits."""

import random
from dataclasses import replace

import pytest

from bot.messages.model import Place
from bot.replies.drafting import Templates
from bot.replies.model import ProblemState, ReplyState, Round, RoundOpening, RoundState, Then, WaitingTicket
from bot.replies.runner import ReplyRunner
from bot.replies.store import ReplyStore
from bot.replies.subjects import RoundSubjects
from bot.replies.timelines import timeline_lines
from bot.sandbox.zendesk.seed import Seed, SeedTicket
from bot.tickets.pace import Pace
from bot.tickets.zendesk.desk import ZendeskDesk
from bot.tickets.zendesk.login import OAuthToken
from bot.tickets.zendesk.workers import Timeouts
from tests.fake_clock import FakeClock
from tests.replies.rounds import TEXTS, VALUES, until_due_s
from tests.sandbox.zendesk.desk_on_loopback import Running, running
from tests.world import APP, US_EAST, World

COUNT = 31
FIRST = 48_201
SEED = Seed(
    tickets=tuple(
        SeedTicket(f"No login {n}", "help", 100 - n, email=f"c{n}@example.com", locale=("en-US", "de", "fr")[n % 3])
        for n in range(COUNT)
    )
)
FAULTS = (
    {"lose_answer": True},
    {"cut": True},
    {"status": 503, "acts": True},
    {"status": 503},
    {"status": 409},
    {"status": 429, "retry_after": 20},
)


class Wire:
    """The runner and the adapter, both made anew whenever the process is killed; the database stays."""

    def __init__(self, zendesk: Running) -> None:
        self.zendesk = zendesk
        self.world = World(clock=FakeClock())
        self.done: list[Round] = []
        self.start()

    def start(self) -> None:
        world = self.world
        self.desk = ZendeskDesk(
            url=self.zendesk.url,
            credentials=OAuthToken(SEED.oauth_token),
            clock=self.zendesk.clock,
            timeouts=Timeouts(read_s=2),
        )
        self.runner = ReplyRunner(
            records=world.records,
            store=ReplyStore(database=world.database, clock=world.clock),
            desk=self.desk,
            templates=Templates(texts=TEXTS, macros={"released": {"fr": "Corrigé, veuillez réessayer"}}),
            subjects=RoundSubjects(investigations=world.investigations, catalog=world.catalog),
            pace=Pace(per_minute=60),
            wake=world.reply_runner._wake,
        )
        self.runner.ended.heard_by(self.done.append)
        self.runner.take_up()

    async def restart(self) -> None:
        await self.desk.close()
        self.start()

    def open(self, problem_id: int) -> None:
        with self.world.database.transaction():
            tickets = [WaitingTicket(FIRST + n, investigation_id=n % 2 + 1) for n in range(COUNT)]
            self.world.replies.open("k", RoundOpening("released", tickets, VALUES, Place("C1"), "UKIM", problem_id))

    async def work(self) -> None:
        """One thing that is due, and the time until the next; both clocks move together."""
        await self.runner.step(self.desk)
        seconds = until_due_s(self.runner, self.world.clock())
        self.world.clock.advance(seconds)
        self.zendesk.clock.advance(seconds=seconds)

    @property
    def round(self) -> Round:
        return self.world.replies.get(1)


@pytest.mark.parametrize("seed", [1, 2])
async def test_thirty_one_tickets_are_answered_once_whatever_gets_lost(seed: int) -> None:
    """Lost answers, errors after the deed, conflicts, limits and restarts; one public comment per customer."""
    dice = random.Random(seed)
    with running(SEED) as zendesk:
        wire = Wire(zendesk)
        problem = await wire.desk.open_problem("KI-31", subject="Logins fail", note="INTERNAL: our own mistake")
        await wire.desk.hang(problem.id, range(FIRST, FIRST + COUNT))
        zendesk.clock.advance(minutes=2)
        await wire.world.opened(US_EAST)
        await wire.world.opened(APP)
        wire.open(problem.id)
        await wire.work()
        wire.world.people.tier2["UKIM"] = "tech"
        chosen = [reply.ticket_id for reply in wire.round.having(ReplyState.LISTED)]
        await wire.world.replies.approve(1, ticket_ids=chosen, texts={}, then=Then.SOLVED, by="UKIM")
        zendesk.control(f"tickets/{FIRST}", {"closed": True})
        while wire.round.state is not RoundState.ENDED:
            if dice.random() < 0.4:
                zendesk.control("fault", {"match": "/tickets/", "method": "PUT"} | dice.choice(FAULTS))
            await wire.work()
            if dice.random() < 0.1:
                await wire.restart()
        await wire.desk.close()
        tickets = {number: zendesk.control(f"tickets/{number}") for number in range(FIRST, FIRST + COUNT)}
        ticket_row = zendesk.control(f"tickets/{problem.id}")

    answers = {number: [c["body"] for c in each["comments"][1:]] for number, each in tickets.items()}
    assert answers.pop(FIRST) == []
    assert {len(said) for said in answers.values()} == {1}
    assert {said[0] for said in answers.values()} == {
        "It works again with v2.4.1.",
        "Mit v2.4.1 geht es wieder.",
        "Bonjour Customer, c'est réparé.",
    }
    assert {each["ticket"]["status"] for number, each in tickets.items() if number != FIRST} == {"solved"}
    assert ticket_row["ticket"]["status"] == "solved" and len(ticket_row["comments"]) == 1
    assert wire.round.problem_state is ProblemState.SOLVED and len(wire.done) == 1


def test_each_investigation_hears_of_its_own_tickets() -> None:
    """How many of how many, and which; tickets of no investigation are nobody's line."""
    world = World()
    with world.database.transaction():
        tickets = [WaitingTicket(1, 5), WaitingTicket(2, 5), WaitingTicket(3, 6), WaitingTicket(4)]
        number = world.replies.open("k", RoundOpening("released", tickets, {}, Place("C1"), ""))
    reply_round = world.replies.get(number)
    states = (ReplyState.SENT, ReplyState.FAILED, ReplyState.LEFT_OUT, ReplyState.SENT)
    replies = tuple(replace(each, state=state) for each, state in zip(reply_round.replies, states, strict=True))

    assert timeline_lines(replace(reply_round, replies=replies)) == {5: "answered (released) 1 of 2: #1"}
