"""Customers hear only what is true: what others do to tickets between the approval and each single answer."""

import signal
from functools import partial

import pytest

from bot.sandbox.free_port import free_port
from bot.sandbox.github import seed as github_seed
from bot.sandbox.zendesk.seed import AGENTS, Seed, SeedTicket
from tests.stories.bug import (
    TOLD,
    VERSION,
    confirms_all,
    customers,
    github,
    hands_off,
    issue_number,
    problems,
    web,
)
from tests.stories.chat import Seen
from tests.stories.killing import insist, started_again
from tests.stories.steps import opened, presses_if_offered
from tests.stories.town import Call, OpenTown, Town, Watch

pytestmark = pytest.mark.story

COUNT = 9
NINE = Seed(
    tickets=tuple(
        SeedTicket(f"US East: calls stutter, case {n}", "", 10.0 + n, email=f"c{n}@example.com", status="open")
        for n in range(COUNT)
    )
)
SOON = {'pending_labels = ["pending"]\nrefresh_s = 60': 'pending_labels = ["pending"]\nrefresh_s = 2'}


class Meanwhile(Watch):
    """What people do while the bot answers: the moment is each answer's own request, after the bot has looked.

    One of the answers is done and its own answer lost, with the bot.
    """

    def __init__(self, there: Town) -> None:
        self._there = there
        self.answers: list[int] = []
        self.killed = False

    def before(self, call: Call) -> bool:
        number = _answered(call)
        if number is None:
            return False
        desk = self._there.zendesk.desk
        self.answers.append(number)
        if len(self.answers) == 1:
            left = [each.id for each in customers(self._there) if each.id != number]
            self.wrote, self.solved, self.given, self.deleted, self.merged = number, *left[:4]
            desk.customer_says(number, "It works again, thank you")
            desk.customer_solves(self.solved)
            desk.update(self.given, {"assignee_id": AGENTS[1].id}, actor_id=AGENTS[1].id)
            desk.delete(self.deleted)
            self.kept = left[4]
            desk.close(self.merged, merged_into=self.kept)
        return False

    def after(self, call: Call) -> bool:
        if _answered(call) is None or self.killed or len(self.answers) < 3:
            return False
        self.killed = True
        self._there.bot.signal(signal.SIGKILL)
        return True


def _answered(call: Call) -> int | None:
    is_answer = call.name.startswith("PUT /api/v2/tickets/") and '"public": true' in call.body
    return int(call.name.rsplit("/", 1)[1]) if is_answer else None


async def test_what_changed_since_the_approval_is_left_out_and_sent_anyway_once(town: OpenTown) -> None:
    """Written to in the moment of the answer, solved, reassigned, deleted, merged; killed in the middle; late ones."""
    port = free_port()
    async with town(seed=NINE, outside=True, settings=SOON | web(port)) as there:
        github(there).set_webhook(f"http://127.0.0.1:{port}/hooks/github", github_seed.WEBHOOK_SECRET)
        card, waiting = await _released(there)
        await _status_says(there, f"9 customers haven't been told that {VERSION} is out")
        watch = there.watch = Meanwhile(there)
        async with started_again(there):
            begun = partial(_begun, there, waiting)
            await insist(there, "approve", partial(_approves, there, waiting), begun)
            over = await there.kim.sees_change(waiting, lambda now: "Send Anyway" in now.buttons)
        assert watch.killed
        for number, words in (
            (watch.wrote, "the customer wrote again"),
            (watch.solved, "solved by the customer"),
            (watch.given, "assigned to somebody else"),
        ):
            assert f"#{number}" in over.text and words in over.text
        assert "4 tickets changed since the approval" in over.text and f"#{watch.kept}" in over.text
        assert "1 deleted or not found: " in over.text and f"#{watch.deleted}" in over.text
        assert "1 merged into another ticket: " in over.text and f"#{watch.merged}" in over.text
        assert not any(_told(there, number) for number in (watch.wrote, watch.solved, watch.given, watch.merged))
        await _status_says(there, "4 customers haven't been told")

        await there.kim.presses(waiting, "Send Anyway")
        await there.kim.sees_change(waiting, lambda now: "7 of 9 tickets answered" in now.text)
        assert "been told" not in await _status(there)
        _nobody_twice(there, without=watch.merged)
        await there.until(lambda: problems(there)[0].status == "solved", "the problem ticket to be solved")
        told = [each.id for each in customers(there) if each.id != watch.merged and _told(there, each.id)]
        await _late(there, card)
        await _put_right(there, card, waiting, told=told)


async def _late(there: Town, card: Seen) -> None:
    """Somebody else writes in, and is confirmed: the problem is open again, and one more answer is offered."""
    written = there.zendesk.desk.write_in(
        SeedTicket("US East: calls stutter here too", "", 0, email="late@example.com")
    )
    await there.kim.types(card, f"@secondline tickets {written.id}")
    offered = await there.kim.sees(card, "1 ticket waits for the answer")
    await there.until(lambda: problems(there)[0].status == "open", "the problem ticket to be open again")
    await _status_says(there, "1 customer hasn't been told")
    await there.kim.sees_change(offered, lambda now: "Review and Send" in now.buttons)
    await there.kim.presses(offered, "Review and Send")
    assert await there.kim.submits(await there.kim.form("Answer 1 ticket")) == {}
    await there.until(lambda: _told(there, written.id), "the late answer")
    await there.until(lambda: problems(there)[0].status == "solved", "the problem ticket to be solved")


async def _put_right(there: Town, card: Seen, waiting: Seen, *, told: list[int]) -> None:
    """It does not work after all: everybody who was told so is told what is right, and waits again."""
    kim, right = there.kim, "We were wrong: U.S. East still has trouble. We'll write again."
    assert len(told) == 7
    before = {number: len(there.ticket(number).comments) for number in told}
    await kim.presses(waiting, "Correct What They Were Told…")
    correction = await kim.sees(card, "7 tickets wait to be told what is right")
    await kim.sees_change(correction, lambda now: "Review and Send" in now.buttons)
    await kim.presses(correction, "Review and Send")
    form = await kim.form("Correct 7 tickets")
    assert "text-en" in await kim.submits(form)
    kim.fills(form, **{"text-en": right, "then": "opened"})
    assert await kim.submits(form) == {}
    await kim.sees_change(correction, lambda now: "7 of 7 tickets told what is right and opened again" in now.text)
    await kim.sees_change(waiting, lambda now: "Corrected: 7 tickets have been told" in now.text)
    for number, count in before.items():
        ticket = there.ticket(number)
        assert ticket.status == "open" and len(ticket.comments) == count + 1
        assert sum(right in comment.body for comment in ticket.comments) == 1
    await there.until(lambda: problems(there)[0].status == "open", "the problem ticket to be open again")


async def _released(there: Town) -> tuple[Seen, Seen]:
    """INV-1 with nine tickets that went to Tier 3 and are fixed; its card and the round that waits for a review."""
    kim = there.kim
    card = await opened(there, "us-east calls stutter")
    tickets = await kim.sees(card, f"{COUNT} matching tickets")
    await confirms_all(there, tickets)
    await kim.sees_change(tickets, lambda now: f"{COUNT} related" in now.text)
    await kim.presses(card, "Send to Tier 3")
    await hands_off(there, card)
    handoff = await kim.sees(card, "sent this to Tier 3")
    made = await kim.sees_change(handoff, lambda now: "app#" in now.text and f"{COUNT} tickets are linked" in now.text)
    number = issue_number(made)
    github(there).set_milestone(number, VERSION)
    github(there).close_issue(number)
    github(there).publish_release(f"v{VERSION}", body=f"Fixes #{number}")
    waiting = await kim.sees(card, f"{COUNT} tickets wait for the answer")
    await kim.sees_change(waiting, lambda now: "Review and Send" in now.buttons)
    return card, waiting


async def _approves(there: Town, waiting: Seen) -> None:
    await presses_if_offered(there.kim, waiting, "Review and Send")
    await there.kim.submits(await there.kim.form(f"Answer {COUNT} tickets"))


def _begun(there: Town, waiting: Seen) -> bool:
    now = there.kim.now(waiting)
    return now is not None and "Review and Send" not in now.buttons


async def _status_says(there: Town, words: str) -> None:
    """Asked until it does: what is counted there may be known a moment after what was waited for."""
    for _ in range(90):
        status = await _status(there)
        if words in status:
            return
        await there.moment()
    raise AssertionError(f"the status does not say {words!r} but:\n{status}")


async def _status(there: Town) -> str:
    known = {each.ts for each in there.ana.screen("#t2-cs")}
    await there.ana.types("#t2-cs", "/t2 status")
    return str(
        await there.until(
            lambda: "\n".join(each.text for each in there.ana.screen("#t2-cs") if each.ts not in known), "the status"
        )
    )


def _told(there: Town, number: int) -> bool:
    return any(TOLD in comment.body for comment in there.ticket(number).comments)


def _nobody_twice(there: Town, *, without: int) -> None:
    for each in customers(there):
        if each.id != without:
            assert sum(TOLD in comment.body for comment in each.comments) == 1, each.subject
