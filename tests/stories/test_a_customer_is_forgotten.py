"""A customer wants to be forgotten: a manager sees first what there is of her, and then there is nothing, anywhere."""

import json
from collections.abc import Iterator

import pytest

from bot.sandbox.zendesk.seed import Seed, SeedTicket
from tests.stories.chat import Seen
from tests.stories.counting import messages
from tests.stories.killing import Killer, Point, insist, started_again
from tests.stories.steps import opened, timeline
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

NAME, EMAIL = "Maria Quintanilla", "maria.quintanilla@example.com"
SUBJECT = "US East packet loss whenever my daughter joins the call"
HERS, OTHERS = 48_201, 48_202
SEED = Seed(
    tickets=(
        SeedTicket(SUBJECT, "since this morning", 30.0, name=NAME, email=EMAIL),
        SeedTicket("US East packet loss", "games lag", 20.0, email="b@example.com"),
    )
)
STRINGS = (NAME, EMAIL, SUBJECT, f"#{HERS}", f"tickets/{HERS}")


def shown_by_the_bot(there: Town) -> str:
    """All that messages and files of the bot have now."""
    return "\n".join(_shown(there))


def _shown(there: Town) -> Iterator[str]:
    for message in messages(there):
        yield message.text
        yield json.dumps(message.blocks, ensure_ascii=False)
        for file in message.files:
            yield (file.content or b"").decode("utf-8", "replace")


def stored(there: Town) -> bytes:
    """The bytes of everything that the bot has on disk."""
    kept = (
        there.folder / "secondline.db",
        there.folder / "secondline.db-wal",
        there.folder / "secondline.db.forgotten",
    )
    return b"\n".join(each.read_bytes() for each in kept if each.exists())


def left(there: Town) -> list[str]:
    """What of her still stands anywhere."""
    shown, bytes_there = shown_by_the_bot(there), stored(there)
    return [each for each in STRINGS if each in shown or each.encode() in bytes_there]


async def with_her(there: Town) -> Seen:
    """Her ticket belongs to an investigation, a note and the escalation name her."""
    kim = there.kim
    card = await opened(there)
    tickets = await kim.sees(card, "packet loss whenever")
    await kim.ticks(tickets, "whenever my daughter")
    await kim.presses(tickets, "Related")
    await there.until(lambda: there.tagged("inv-1") == [HERS], "her ticket is confirmed")
    await kim.types(card, f"@secondline note {NAME} ({EMAIL}) says the same, see #{HERS}")
    await kim.presses(card, "Escalate")
    form = await kim.form("Escalate INV-1")
    kim.fills(form, needed=f"Call {NAME} back: <{EMAIL}>")
    assert await kim.submits(form) == {}
    await there.lena.sees("#t2-tech", f"Call {NAME} back")
    return card


async def test_nothing_of_her_is_left(town: OpenTown) -> None:
    """Neither in messages nor in the file; the others stay, and the timeline says that something was removed."""
    async with town(seed=SEED) as there:
        lena = there.lena
        card = await with_her(there)
        await there.kim.types("#t2-tech", f"/t2 forget {EMAIL}")
        await there.kim.sees("#t2-tech", "Only management can have a customer forgotten")

        await lena.types("#t2-tech", f"/t2 forget {EMAIL}")
        asked = await lena.sees("@secondline", "something of this customer")
        assert "1 ticket in 1 investigation" in asked.text and NAME not in asked.text
        assert NAME in shown_by_the_bot(there)
        await lena.presses(asked, "Forget the Customer")
        done = await lena.sees_change(asked, lambda now: "Forgotten at" in now.text)
        assert done.text.splitlines()[0].startswith(":white_check_mark: Forgotten at")

        await there.until(lambda: not left(there), f"still there: {left(there)}")
        assert "US East packet loss" in shown_by_the_bot(there)
        assert "removed something about a customer" in await timeline(there, card)
        assert there.ticket(HERS).subject == SUBJECT, "Zendesk keeps its own"


POINTS = [
    Point("acked", "ask"),
    Point("before", "GET /api/v2/search"),
    Point("after", "GET /api/v2/search", nth=2),
    Point("acked", "confirm"),
    Point("after", "chat.update", "forgetting it"),
    Point("before", "chat.update", "[removed]"),
    Point("after", "chat.update", "[removed]"),
    Point("before", "chat.update", "Forgotten"),
    Point("after", "chat.update", "Forgotten"),
]


async def test_killed_on_the_way(town: OpenTown) -> None:
    """The order goes on where it was, however often the bot dies."""
    async with town(seed=SEED) as there:
        lena = there.lena
        await with_her(there)
        killer = there.watch = Killer(there, list(POINTS))

        def asked() -> Seen | None:
            listed = [each for each in lena.screen("@secondline") if "something of this customer" in each.text]
            return listed[-1] if listed else None

        def done() -> bool:
            return any("Forgotten at" in each.text for each in lena.screen("@secondline"))

        async with started_again(there):
            await insist(there, "ask", lambda: lena.types("#t2-tech", f"/t2 forget {EMAIL}"), asked, patience_s=20)
            message = asked()
            assert message
            await insist(there, "confirm", lambda: lena.presses(message, "Forget the Customer"), done, patience_s=30)
            await there.until(lambda: not left(there), f"still there: {left(there)}")
        assert not [str(each) for each in killer.left if each.call not in ("chat.update",)]
