"""What stories share: towns whose bots start by a fork."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.stories import nest as nest_process
from tests.stories.cradle import Cradle
from tests.stories.town import OpenTown, open_town

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def nest() -> Iterator[Path]:
    """The socket of the process that forks; one for all stories, since importing the bot takes seconds."""
    with tempfile.TemporaryDirectory(prefix="secondline-nest-") as folder, socket.socket(socket.AF_UNIX) as listening:
        path = Path(folder) / "nest"
        listening.bind(str(path))
        listening.listen()
        number = listening.fileno()
        command = [sys.executable, str(nest_process.__file__), str(number)]
        with subprocess.Popen(
            command, pass_fds=[number], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
        ) as process:
            yield path
            process.kill()


@pytest.fixture
async def cradle(nest: Path) -> AsyncIterator[Cradle]:
    opened = Cradle(nest)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def town(cradle: Cradle) -> OpenTown:
    """`async with town() as there:` is a town with the bot connected."""
    return partial(open_town, launch=cradle.launch)
