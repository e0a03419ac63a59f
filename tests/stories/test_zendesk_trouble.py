"""Zendesk down while an investigation is opened: the card says since when, the rest works, and it catches up."""

import asyncio
from dataclasses import replace

import pytest

from bot.sandbox.faults import Fault
from tests.stories.counting import keys
from tests.stories.steps import escalated, opened, playbook_done, settled
from tests.stories.town import BRISK, OpenTown

pytestmark = pytest.mark.story

TROUBLE = {
    "an error of theirs": Fault("/api/v2/search", times=1000, status=503),
    "a rate limit": Fault("/api/v2/search", times=1000, status=429, retry_after=1),
    "a login that is refused": Fault("/", times=1000, status=401),
    "connections that are cut": Fault("/", times=1000, cut=True),
    "no answer": Fault("/api/v2/search", times=1000, delay_s=600),
}


async def test_zendesk_down_while_opening(town: OpenTown) -> None:
    """However it is down, all at the same time in towns of their own."""
    failed = await asyncio.gather(
        *(_down_and_back(town, name, fault) for name, fault in TROUBLE.items()), return_exceptions=True
    )
    problems = [each for each in failed if isinstance(each, Exception)]
    if problems:
        raise ExceptionGroup("what went wrong", problems)


async def _down_and_back(town: OpenTown, name: str, fault: Fault) -> None:
    async with town(pace=replace(BRISK, refresh_s=5)) as there:
        kim = there.kim
        there.zendesk.faults.add(fault)
        card = await opened(there)
        await playbook_done(there, card)
        note = await kim.types(card, "@secondline note Zendesk is down too")
        assert note
        await kim.sees_change(note, lambda now: "white_check_mark" in now.reactions)
        asked = await kim.types(card, "@secondline tickets 48201")
        assert asked
        wholly = fault.match == "/"
        await kim.sees(card, "Zendesk can't be asked now" if wholly else "1 related")
        await escalated(there, card)
        await kim.sees_change(card, lambda now: "Zendesk unreachable since" in now.text)

        there.zendesk.faults.clear()
        await kim.sees_change(card, lambda now: "31 tickets in the last hour" in now.text and "unreach" not in now.text)
        tickets = await kim.sees(card, "32 matching tickets, 1 added by hand")
        assert "unreachable" not in tickets.text, name
        await kim.ticks(tickets, "Packet loss on U.S. East")
        await kim.presses(tickets, "Related")
        await there.until(lambda: len(there.tagged("inv-1")) == 2, "the tag")
        await settled(there)
        assert set(keys(there).values()) == {1}, name


async def test_a_token_that_is_withdrawn_is_renewed(town: OpenTown) -> None:
    """Zendesk forgets the access token: nobody notices."""
    async with town() as there:
        kim = there.kim
        card = await opened(there)
        tickets = await kim.sees_reply(card, "32 matching tickets")
        there.zendesk.access.revoke_all()
        await kim.ticks(tickets, "Packet loss on U.S. East")
        await kim.presses(tickets, "Related")
        await there.until(lambda: there.tagged("inv-1"), "the tag")

        assert "unreachable" not in "".join(each.text for each in kim.screen(card))
