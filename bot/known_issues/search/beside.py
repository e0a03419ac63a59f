"""Searches away from the bot's own work, in a program beside it, and remembers the last answers; and has it read issues
before anybody asks about them."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict

from bot.beside import Beside, ProgramGone
from bot.known_issues.search.index import Index
from bot.known_issues.search.program import ANSWERS, Answer, Asked, Reading
from bot.known_issues.search.query import Found
from bot.tasks import turned

PROGRAM = "bot.known_issues.search.program"
FOUND_IN = ("known_issues", "known_twins", "investigations")
"""What is found is made of these tables; documents come and go with them."""
REMEMBERED = 200
"""Answers: many type the same beginnings on the same morning."""
AHEAD_EVERY_S = 0.02
"""A pause between two steps of reading ahead, in which searches come first."""
QUIET_S = 1.0
"""So long nobody has asked when it reads ahead: whoever types asks again within a moment."""
AHEAD_AGAIN_S = 60.0
"""When all are read: new ones may come, and what searches read is stored."""


class SearchBeside:
    """`version` is another one where something of what is found was written."""

    def __init__(
        self, *, program: Beside, index: Index, version: Callable[[], object], again_s: float = AHEAD_AGAIN_S
    ) -> None:
        self._program = program
        self._index = index
        self._version = version
        self._again_s = again_s
        self._answers: OrderedDict[Asked, tuple[object, Found]] = OrderedDict()
        self._read: dict[int, Reading] = {}
        self._asked_s = 0.0

    @property
    def answers(self) -> bool:
        """Whether the program answers at once; while it starts, the bot is faster."""
        return self._program.answers

    async def find(self, words: str, *, limit: int, target: str = "", context: tuple[str, ...] = ()) -> Found:
        """As KnownIssueService.search. Raises ProgramGone."""
        self._asked_s = time.monotonic()
        asked, version = Asked(" ".join(words.split()).casefold(), limit, target, context), self._version()
        if (kept := self._answers.get(asked)) and kept[0] == version:
            self._answers.move_to_end(asked)
            return kept[1]
        answer = await self._answer(asked)
        self._answers[asked] = (version, answer.found)
        if len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
        return answer.found

    async def run(self) -> None:
        """Without end."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._program.run())
            both.create_task(self._reading_ahead())

    async def close(self) -> None:
        self._keep()
        await self._program.close()

    async def read_ahead(self) -> bool:
        """One step of it; what was read is stored. False where all is read. Raises ProgramGone."""
        answer = await self._answer(Asked(ahead=True))
        self._keep()
        return not answer.all_read

    async def _reading_ahead(self) -> None:
        while True:
            pause_s = QUIET_S
            if time.monotonic() - self._asked_s >= QUIET_S:
                try:
                    pause_s = AHEAD_EVERY_S if await self.read_ahead() else self._again_s
                except ProgramGone:
                    pause_s = self._again_s
            turned()
            await asyncio.sleep(pause_s)

    async def _answer(self, asked: Asked) -> Answer:
        try:
            answer = ANSWERS.read((await self._program.ask(asdict(asked))).decode())
        except ValueError as error:
            raise ProgramGone from error
        self._read |= answer.read
        return answer

    def _keep(self) -> None:
        """Not while somebody waits for an answer: a write waits for the disk."""
        if self._read:
            self._index.keep_read(self._read)
            self._read = {}
