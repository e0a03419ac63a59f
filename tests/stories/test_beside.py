"""A program that stays beside the bot: it answers in turn, is started again, and keeps nobody waiting."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.beside import Beside, ProgramGone
from bot.known_issues.search.beside import PROGRAM
from tests.eventually import eventually
from tests.stories.chat import WITHIN_S
from tests.stories.pages import browser, with_pages
from tests.stories.steps import known_answer
from tests.stories.town import OpenTown

pytestmark = pytest.mark.story

CURE = "cache"
MODULE = "tests.stories.beside_program"


@asynccontextmanager
async def beside(
    *, deadline_s: float = 90.0, again_s: float = 0.0, start_s: float = 90.0, module: str = MODULE
) -> AsyncIterator[Beside]:
    program = Beside(module=module, setup={"who": "kim"}, deadline_s=deadline_s, again_s=again_s, start_s=start_s)
    try:
        yield program
    finally:
        await program.close()


async def test_everybody_gets_the_answer_to_their_own_question() -> None:
    async with beside() as program:
        answered = [program.answers]
        answers = await asyncio.gather(*(program.ask({"number": number}) for number in range(20)))
        answered.append(program.answers)

    assert answered == [False, True], "until its first answer a question would wait for its start"
    read = [json.loads(answer) for answer in answers]
    assert [each["asked"]["number"] for each in read] == list(range(20)) and read[0]["setup"] == {"who": "kim"}


async def test_it_is_given_no_secret_of_the_bots() -> None:
    os.environ["SLACK_BOT_TOKEN"] = "xoxb-of-the-bot"
    try:
        async with beside() as program:
            told = json.loads(await program.ask({}))
    finally:
        del os.environ["SLACK_BOT_TOKEN"]
    assert "SLACK_BOT_TOKEN" not in told["environ"]


async def test_whoever_waits_for_a_program_that_ends_hears_so_and_the_next_one_starts_it_again() -> None:
    async with beside() as program:
        first = json.loads(await program.ask({}))
        with pytest.raises(ProgramGone):
            await program.ask({"end": True})
        assert not program.answers
        assert json.loads(await program.ask({}))["setup"] == first["setup"]


async def test_one_that_keeps_ending_is_left_alone_for_a_while() -> None:
    async with beside(again_s=1_000.0) as program:
        with pytest.raises(ProgramGone):
            await program.ask({"end": True})
        with pytest.raises(ProgramGone):
            await program.ask({})
        assert program.pid is None


async def test_one_that_hangs_is_ended_and_so_is_the_wait_for_it() -> None:
    async with beside(deadline_s=1.0, again_s=1_000.0, start_s=0.0) as program:
        with pytest.raises(ProgramGone):
            await program.ask({"hang": True})
        await eventually(lambda: program.pid is None, within_s=WITHIN_S)


async def test_one_that_still_starts_keeps_nobody_waiting_and_goes_on() -> None:
    """On a busy machine: ended each time it would never be there."""
    async with beside(deadline_s=0.2, again_s=1_000.0) as program:
        for _ in range(2):
            with pytest.raises(ProgramGone):
                await program.ask({"hang": True})
        assert program.pid and Path(f"/proc/{program.pid}").exists()


async def test_one_that_there_is_not_is_gone() -> None:
    async with beside(module="tests.no_such_program") as program:
        with pytest.raises(ProgramGone):
            await program.ask({})


async def test_it_ends_with_the_bot() -> None:
    """However that ended: its input ends then."""
    async with beside() as program:
        await program.ask({})
        pid, process = program.pid, program._process
        assert process and process.stdin
        process.stdin.close()
        await eventually(lambda: program.pid is None, within_s=WITHIN_S)
        assert not Path(f"/proc/{pid}").exists()


async def test_searches_are_answered_from_beside_and_without_it(town: OpenTown) -> None:
    """Kim types on the page and in Slack, the program answers; where it was killed the bot searches itself."""
    async with town(start=False, outside=True) as there:
        port = await with_pages(there)
        async with browser(there, port) as kim:
            await kim.signs_in("U0KIM")
            page = ""
            for _ in range(120):  # the trackers may not have been read yet
                if CURE in page:
                    break
                await there.moment()
                _, page = await kim.get("/known?q=andriod%20crash")
            assert CURE in page, page
            await eventually(lambda: _programs_of(there.bot.pid), within_s=WITHIN_S)
            await known_answer(there, "/known andriod crash", CURE)
            (pid,) = _programs_of(there.bot.pid)
            os.kill(pid, signal.SIGKILL)
            status, again = await kim.get("/known?q=andriod%20crashes")
            assert status == 200 and CURE in again
            await known_answer(there, "/known andriod crashes", CURE)


def _programs_of(bot: int) -> list[int]:
    """Those that search, of this test's own bot."""
    children = Path(f"/proc/{bot}/task/{bot}/children").read_text("ascii").split()
    return [int(pid) for pid in children if PROGRAM.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()]
