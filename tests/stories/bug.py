"""A bug that 31 customers write about, and the steps that people take with it."""

from bot.sandbox.github.server import GithubSandbox
from bot.sandbox.zendesk.seed import Seed, SeedTicket
from bot.sandbox.zendesk.tickets import Ticket
from tests.stories.chat import Seen
from tests.stories.town import Town

TITLE = "Calls stutter on US East"
VERSION = "8.4.1"
TOLD = "U.S. East works again. You don't need to update anything"
"""What customers read of it: a gateway is mended without them."""
THIRTY_ONE = Seed(
    tickets=tuple(
        SeedTicket(
            subject=f"US East: calls stutter since the change, case {n}",
            description="",
            minutes_ago=10.0 + n,
            email=f"customer{n}@example.com",
        )
        for n in range(31)
    )
)


async def confirms_all(there: Town, tickets: Seen) -> None:
    """Kim says that all of them belong to it."""
    now = there.kim.now(tickets)
    assert now
    label = next((label for label in now.buttons if label.startswith("Confirm All")), "")
    if label:
        await there.kim.presses(tickets, label)


async def hands_off(there: Town, card: Seen) -> None:
    """Kim fills in the form: a new issue, P1, hotfix."""
    form = await there.kim.form("INV-1 to Tier 3")
    there.kim.fills(form, issue="new:app", title=TITLE, reproduction="Call somebody, wait a minute")
    there.kim.fills(form, priority="P1", lane="hotfix")
    assert await there.kim.submits(form) == {}


def github(there: Town) -> GithubSandbox:
    assert there.outside, "this town has no trackers"
    return there.outside.github


def issue_number(handoff: Seen) -> int:
    return int(handoff.text.split("app#")[1].split()[0])


def customers(there: Town) -> list[Ticket]:
    return [each for each in there.zendesk.desk if "calls stutter" in each.subject]


def problems(there: Town) -> list[Ticket]:
    return [each for each in there.zendesk.desk if each.type == "problem"]


def all_solved(there: Town) -> bool:
    return all(each.status == "solved" for each in customers(there))


def answered_once(there: Town) -> None:
    """Each customer has one answer that says what they can do, and nothing that was meant for agents."""
    for each in customers(there):
        told = [comment for comment in each.comments if comment.public and comment.author_id != each.requester_id]
        assert len(told) == 1, f"{each.subject}: {[comment.body for comment in told]}"
        assert TOLD in told[0].body
        assert "INV-1" not in told[0].body


def web(port: int) -> dict[str, str]:
    """The bot listens for webhooks."""
    return {"[workspace]\n": f"[web]\nport = {port}\n\n[workspace]\n"}
