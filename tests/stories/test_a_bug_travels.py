"""A bug on its way: from tickets to Tier 3, into the tracker, to the release, and back to every customer."""

import socket

import pytest

from bot.sandbox.github import seed as github
from bot.sandbox.zendesk.seed import Seed, SeedTicket
from tests.stories.chat import Seen
from tests.stories.steps import opened
from tests.stories.town import OpenTown, Town

pytestmark = [pytest.mark.story, pytest.mark.timeout(150)]

THIRTY_ONE = Seed(
    tickets=tuple(
        SeedTicket(subject=f"US East: calls stutter since the change, case {n}", description="", minutes_ago=10.0 + n)
        for n in range(31)
    )
)


async def test_a_bug_goes_to_tier_3_and_its_fix_to_31_customers(town: OpenTown) -> None:
    """Everybody who wrote is answered once, after a person approved; the problem ticket tells nobody anything."""
    port = _free_port()
    settings = {"[workspace]\n": f"[web]\nport = {port}\n\n[workspace]\n"}
    async with town(seed=THIRTY_ONE, outside=True, settings=settings) as there:
        outside = there.outside
        assert outside
        outside.github.set_webhook(f"http://127.0.0.1:{port}/hooks/github", github.WEBHOOK_SECRET)

        card = await opened(there, "us-east calls stutter")
        await confirmed_all(there, card)
        handoff = await handed_off(there, card)
        made = await there.kim.sees_change(handoff, lambda now: "app#" in now.text and "31 tickets hang" in now.text)
        number = issue_number(made)
        problem = next(each for each in there.zendesk.desk if each.type == "problem")
        assert "Waits for triage" in made.text

        asked = await there.raj.sees("@secondline", "From support")
        await there.raj.presses(asked, "Accept lane and priority")
        await there.kim.sees_change(handoff, lambda now: "accepted by <@U0RAJ>" in now.text)

        outside.github.assign(number, "oskar-dev")
        outside.github.set_milestone(number, "8.4.1")
        outside.github.move_milestone("8.4.1", "2027-01-20")
        await there.kim.sees_change(
            handoff, lambda now: "assigned to oskar-dev" in now.text and "20 Jan 2027" in now.text, within_s=20
        )

        outside.github.close_issue(number)
        outside.github.publish_release("v8.4.1", body=f"Fixes #{number}: calls no longer stutter")
        await there.kim.sees("#t2-tech", "v8.4.1", within_s=30)
        waiting = await there.kim.sees(card, "31 tickets wait for the answer", within_s=30)
        waiting = await there.kim.sees_change(waiting, lambda now: "Review and send" in now.buttons, within_s=20)
        await there.kim.presses(waiting, "Review and send")
        form = await there.kim.form("Answer 31 tickets")
        assert await there.kim.submits(form) == {}
        await there.until(lambda: all_solved(there), "31 solved tickets", within_s=90)

        for each in customers(there):
            told = [comment for comment in each.comments if comment.public and comment.author_id != each.requester_id]
            assert len(told) == 1, each.subject
            assert "8.4.1" in told[0].body
        await there.until(lambda: there.ticket(problem.id).status == "solved", "the problem ticket to be solved")


async def confirmed_all(there: Town, card: Seen) -> None:
    """Kim says that all of them belong to it."""
    tickets = await there.kim.sees(card, "31 matching tickets", within_s=30)
    await there.kim.presses(tickets, next(label for label in tickets.buttons if label.startswith("Confirm all")))
    await there.kim.sees_change(tickets, lambda now: "31 confirmed" in now.text)


async def handed_off(there: Town, card: Seen) -> Seen:
    """Kim hands it to Tier 3 by the form, as a new issue; the message about that."""
    await there.kim.presses(card, "Hand to Tier 3")
    form = await there.kim.form("INV-1 to Tier 3")
    there.kim.fills(
        form, issue="new:app", title="Calls stutter on US East", reproduction="Call somebody, wait a minute"
    )
    there.kim.fills(form, priority="P1", lane="hotfix")
    assert await there.kim.submits(form) == {}
    return await there.kim.sees(card, "handed this to Tier 3")


def issue_number(handoff: Seen) -> int:
    return int(handoff.text.split("app#")[1].split()[0])


def customers(there: Town) -> list:  # type: ignore[type-arg]
    return [each for each in there.zendesk.desk if "calls stutter" in each.subject]


def all_solved(there: Town) -> bool:
    return all(each.status == "solved" for each in customers(there))


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])
