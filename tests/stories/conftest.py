"""What stories share: towns whose bots start by a fork."""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.stories.forked_bots import Cradle, nested, opened
from tests.stories.town import OpenTown, open_town


@pytest.fixture(scope="session")
def nest() -> Iterator[Path]:
    """One for all stories."""
    with nested() as path:
        yield path


@pytest.fixture
async def cradle(nest: Path) -> AsyncIterator[Cradle]:
    async with opened(nest) as found:
        yield found


@pytest.fixture
def town(cradle: Cradle) -> OpenTown:
    """`async with town() as there:` is a town with the bot connected."""
    return partial(open_town, launch=cradle.launch)
