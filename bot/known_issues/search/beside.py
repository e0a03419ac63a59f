"""Searches away from the bot's own work, in a program beside it, and remembers the last answers."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict

from bot.beside import Beside, ProgramGone
from bot.known_issues.search.index import Index
from bot.known_issues.search.program import ANSWERS, Asked
from bot.known_issues.search.query import Found

PROGRAM = "bot.known_issues.search.program"
FOUND_IN = ("known_issues", "known_twins", "investigations")
"""What is found is made of these tables; documents come and go with them."""
REMEMBERED = 200
"""Answers: many type the same beginnings on the same morning."""


class SearchBeside:
    """`version` is another one where something of what is found was written."""

    def __init__(self, *, program: Beside, index: Index, version: Callable[[], object]) -> None:
        self._program = program
        self._index = index
        self._version = version
        self._answers: OrderedDict[Asked, tuple[object, Found]] = OrderedDict()

    async def find(self, words: str, *, limit: int) -> Found:
        """The best hits among known issues and our own resolved investigations. Raises ProgramGone."""
        asked, version = Asked(" ".join(words.split()).casefold(), limit), self._version()
        if (kept := self._answers.get(asked)) and kept[0] == version:
            self._answers.move_to_end(asked)
            return kept[1]
        try:
            answer = ANSWERS.read((await self._program.ask(asdict(asked))).decode())
        except ValueError as error:
            raise ProgramGone from error
        if answer.read:
            self._index.keep_read(answer.read)
        self._answers[asked] = (version, answer.found)
        if len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
        return answer.found

    async def run(self) -> None:
        """Without end."""
        await self._program.run()

    async def close(self) -> None:
        await self._program.close()
