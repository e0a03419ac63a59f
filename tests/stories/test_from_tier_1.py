"""Customers whom Tier 1 did not answer in time come to Tier 2: each once, whatever happens meanwhile."""

import json
from functools import partial

import pytest

from bot.sandbox.faults import Fault
from bot.sandbox.zendesk.seed import T2_CS, T2_TECH, TIER1, TIER1_AGENT, Seed, SeedReply, SeedTicket
from tests.stories.counting import keys
from tests.stories.killing import Killer, Point, started_again
from tests.stories.town import Call, OpenTown, Town, Watch

pytestmark = pytest.mark.story

ON = """[elevation]
from_groups = ["Tier 1"]
per_minute = 30
dry_run_days = 0

[elevation.groups]
t2-tech = "T2 Tech"
t2-cs = "T2 CS"

[escalation]"""
LIVE = {"[escalation]": ON}
DRY = {
    "[escalation]": ON.replace("dry_run_days = 0", "dry_run_days = 7"),
    "[workspace]": '[workspace.working_hours]\nstart = "00:00"\nend = "23:59"\n'
    'days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n\n[workspace]',
}

SPEED, LOSS, CARD, SMALL_TALK, ANSWERED, NEW = range(48_201, 48_207)
ANSWER = SeedReply("We are on it.", 12.0, author_id=TIER1_AGENT.id)
MORNING = Seed(
    tickets=(
        SeedTicket("US East is slow", "since this morning", 40.0, email="a@example.com"),
        SeedTicket("Packet loss on US East", "games lag", 30.0, email="b@example.com", status="open"),
        SeedTicket("My card is declined", "payment does not go through", 25.0, email="c@example.com"),
        SeedTicket("Hello", "is anybody there?", 22.0, email="d@example.com"),
        SeedTicket("US East again", "?", 21.0, email="e@example.com", status="open", replies=(ANSWER,)),
        SeedTicket("US East as well", "?", 3.0, email="f@example.com"),
    )
)


def groups(there: Town) -> dict[int, int]:
    return {number: there.ticket(number).group_id for number in range(SPEED, NEW + 1)}


def notes(there: Town, number: int) -> list[str]:
    return [each.body for each in there.ticket(number).comments if not each.public]


MOVED = {SPEED: T2_TECH.id, LOSS: T2_TECH.id, CARD: T2_CS.id, SMALL_TALK: T2_TECH.id}
STAYED = {ANSWERED: TIER1.id, NEW: TIER1.id}


def all_moved(there: Town) -> bool:
    return groups(there) == MOVED | STAYED


async def test_four_tickets_come_and_are_taken(town: OpenTown) -> None:
    """One message for each team; the investigation has the tickets on its list, and the message says who has which."""
    async with town(seed=MORNING, settings=LIVE) as there:
        kim = there.kim
        message = await kim.sees("#t2-tech", "*3 tickets elevated*, 2 about U.S. East")
        await there.ana.sees("#t2-cs", "*1 ticket elevated*, about Payments")
        assert all_moved(there)
        for number in MOVED:
            assert len(notes(there, number)) == 1 and there.ticket(number).assignee_id is None
        assert "from Tier 1 to T2 Tech. It is about U.S. East." in notes(there, SPEED)[0]

        await kim.presses(message, "Investigate")
        card = await kim.sees("#t2-tech", "owns INV-1")
        await kim.sees(card, "Packet loss on US East")
        message = await kim.sees_change(message, lambda now: "2 in INV-1" in now.text)
        assert "Investigate" not in message.buttons
        assert there.tagged("inv-1") == []

        there.zendesk.desk.update(SMALL_TALK, {"assignee_id": 4_000_003}, actor_id=4_000_003)
        await kim.sees_change(message, lambda now: "all taken" in now.text and "1 assigned" in now.text)
        await kim.presses(message, "Show")
        listed = await kim.sees("#t2-tech", "no reply since")
        assert listed.only_for_me and "in INV-1" in listed.text and "Hello" in listed.text
        assert keys(there)["elevations/1"] == keys(there)["elevations/2"] == 1


class RepliesFirst(Watch):
    """Pat of Tier 1 answers at the very moment in which the bot moves the ticket, after it has looked."""

    def __init__(self, there: Town) -> None:
        self._there = there
        self.outrun: list[int] = []

    def before(self, call: Call) -> bool:
        number = moving(call)
        if number and not self.outrun:
            self.outrun.append(number)
            answer = {"comment": {"body": "Hello, I have your ticket.", "public": True}}
            self._there.zendesk.desk.update(number, answer, actor_id=TIER1_AGENT.id)
        return False


def moving(call: Call) -> int | None:
    is_move = call.name.startswith("PUT /api/v2/tickets/") and "group_id" in call.body
    return int(call.name.rsplit("/", 1)[1]) if is_move else None


async def test_whoever_tier_1_answers_at_that_moment_stays_with_tier_1(town: OpenTown) -> None:
    """Zendesk refuses the move (409), and nobody asks for it again."""
    async with town(seed=MORNING, settings=LIVE, start=False) as there:
        meanwhile = there.watch = RepliesFirst(there)
        await there.bot_starts()
        message = await there.kim.sees("#t2-tech", "*2 tickets elevated*")
        [number] = meanwhile.outrun
        assert there.ticket(number).group_id == TIER1.id and notes(there, number) == []
        assert sum(moving(call) == number for call in there.calls) == 1
        assert "409" not in message.text


async def test_a_zendesk_that_is_asked_too_often_is_left_in_peace(town: OpenTown) -> None:
    """429 at the search and at a move, and an answer that is lost: everything comes, once."""
    async with town(seed=MORNING, settings=LIVE, start=False) as there:
        there.zendesk.faults.add(Fault("search", status=429, retry_after=1))
        there.zendesk.faults.add(Fault("tickets/", method="PUT", status=429, retry_after=1, skip=1))
        there.zendesk.faults.add(Fault("tickets/", method="PUT", lose_answer=True, skip=1))
        await there.bot_starts()
        await there.until(lambda: all_moved(there), "the moves")
        await there.kim.sees("#t2-tech", "*3 tickets elevated*")
        assert all(len(notes(there, number)) == 1 for number in MOVED)
        assert keys(there)["elevations/1"] == 1
        assert len(there.calls) < 200


POINTS = [
    Point("before", "PUT /api/v2/tickets/48201"),
    Point("after", "PUT /api/v2/tickets/48202"),
    Point("after", "PUT /api/v2/tickets/48203"),
    Point("after", "GET /api/v2/search"),
    Point("before", "chat.postMessage", '"elevations/1"'),
    Point("after", "chat.postMessage", '"elevations/2"'),
]


async def test_killed_between_the_move_and_its_record(town: OpenTown) -> None:
    """The mark in the ticket tells what was done: no second note, and nothing is forgotten in the message."""
    async with town(seed=MORNING, settings=LIVE, start=False) as there:
        killer = there.watch = Killer(there, POINTS)
        await there.bot.start()
        async with started_again(there):
            await there.kim.sees("#t2-tech", "*3 tickets elevated*, 2 about U.S. East")
            await there.ana.sees("#t2-cs", "*1 ticket elevated*")
            await there.until(lambda: not killer.left, "all of them")
            await there.until(partial(all_moved, there), "the moves")
            await there.moment()
        assert {number: len(notes(there, number)) for number in MOVED} == dict.fromkeys(MOVED, 1)
        assert [keys(there)[f"elevations/{number}"] for number in (1, 2)] == [1, 1]


async def test_a_dry_run_says_what_it_would_do_and_changes_nothing(town: OpenTown) -> None:
    """Once; and `/t2 status` and `/t2 check` say how it is."""
    async with town(seed=MORNING, settings=DRY) as there:
        message = await there.kim.sees("#t2-tech", "*Dry run: 3 tickets would be elevated*, 2 about U.S. East")
        await there.ana.sees("#t2-cs", "*Dry run: 1 ticket would be elevated*")
        assert "Nothing was changed in Zendesk" in message.text and message.buttons == ["Show"]
        assert groups(there) == dict.fromkeys(range(SPEED, NEW + 1), TIER1.id)
        assert not [call for call in there.calls if call.name.startswith("PUT /api/v2")]
        assert json.dumps([notes(there, number) for number in MOVED]) == "[[], [], [], []]"

        await there.kim.types("#t2-tech", "/t2 status")
        await there.kim.sees("#t2-tech", "4 tickets would have gone, dry run until")
        await there.kim.types("#t2-tech", "/t2 check")
        await there.kim.sees("#t2-tech", "Elevation")
