"""No room left for the database: people are told, the bot lives on, and goes on when there is room."""

import resource
import sys
from datetime import timedelta

import pytest

from tests.eventually import eventually
from tests.needs import missing
from tests.stories.chat import WITHIN_S
from tests.stories.counting import keys
from tests.stories.management import GROUP, asked, dm, escalates, ladder, told
from tests.stories.steps import opened, playbook_done, settled
from tests.stories.town import OpenTown, Town

pytestmark = pytest.mark.story

FIRST_PAGE_BYTES = 4096


def _room(there: Town, *, full: bool) -> None:
    """Let no file of the bot grow beyond its first page, or let it grow again."""
    _, hard = resource.prlimit(there.bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(there.bot.pid, resource.RLIMIT_FSIZE, (FIRST_PAGE_BYTES if full else hard, hard))


async def test_a_full_disk(town: OpenTown) -> None:
    """Kim is told that nothing was saved; what was owed comes once when there is room again."""
    if not sys.platform.startswith("linux"):
        missing("limits of another process can be set on Linux only")
    async with town(start=False) as there:
        await there.bot_starts()
        kim = there.kim
        card = await opened(there)
        await playbook_done(there, card)
        await settled(there)

        _room(there, full=True)
        await kim.types("#t2-tech", "/investigate us-west nothing works")
        await kim.sees("#t2-tech", "could not save this")
        note = await kim.types(card, "@secondline note the disk is full")
        assert note
        await kim.sees(card, "could not save this")
        await kim.types("#t2-tech", "/t2 status")
        await kim.sees("#t2-tech", "1 investigation open")
        assert there.bot.running

        _room(there, full=False)
        await kim.types("#t2-tech", "/investigate us-west nothing works")
        await kim.sees("#t2-tech", "owns INV-2")
        await settled(there)
        assert keys(there) == {key: 1 for key in keys(there)}


async def test_a_disk_that_fills_while_it_sends(town: OpenTown) -> None:
    """What was being sent when the room ended is finished later, once."""
    async with town(start=False) as there:
        await there.bot_starts()
        kim = there.kim
        card = await opened(there)
        _room(there, full=True)
        for _ in range(3):
            await there.moment()
        assert there.bot.running
        calls = len(there.calls)
        await there.moment()
        assert len(there.calls) - calls < 30, "the bot does not try again and again without a pause"

        _room(there, full=False)
        await kim.sees_reply(card, "32 matching tickets")
        playbook = await kim.sees(card, "*Playbook for")
        await kim.sees_change(playbook, lambda now: "trouble" in now.text or "interrupted" in now.text)
        await settled(there)
        assert keys(there) == {"investigation/1": 1, "tickets/1": 1, "probes/1": 1}


async def test_a_step_of_a_ladder_is_due_on_a_full_disk(town: OpenTown) -> None:
    """Nobody is told what could not be written down; when there is room, Lena is asked, once."""
    if not sys.platform.startswith("linux"):
        missing("limits of another process can be set on Linux only")
    async with town(settings=ladder(GROUP, dm("lena", "raj"))) as there:
        await escalates(there)
        await settled(there)
        _room(there, full=True)
        there.clock.let_pass(timedelta(minutes=10))
        await eventually(lambda: "ladder 1: Second Line could not save this" in there.bot.output, within_s=WITHIN_S)
        assert told(there) == [] and there.bot.running

        _room(there, full=False)
        await asked(there.lena)
        await settled(there)
        assert told(there) == ["U0LENA"]
