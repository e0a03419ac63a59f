"""What stories share: towns whose bots start by a fork."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.stories.forked_bots import Cradle, nested, opened
from tests.stories.town import OpenTown, open_town

_NEST = "nest"
_SHARED = pytest.StashKey[Path]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Called by pytest-xdist for each worker, in the process that hands out the tests: one nest is enough for all."""
    config = node.config
    if _SHARED not in config.stash:
        stack = contextlib.ExitStack()
        config.stash[_SHARED] = stack.enter_context(nested())
        config.add_cleanup(stack.close)
    node.workerinput[_NEST] = str(config.stash[_SHARED])


@pytest.fixture(scope="session")
def nest(request: pytest.FixtureRequest) -> Iterator[Path]:
    """One for all stories."""
    if shared := getattr(request.config, "workerinput", {}).get(_NEST):
        yield Path(shared)
        return
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
