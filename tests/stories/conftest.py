"""What stories share."""

from collections.abc import AsyncIterator

import pytest

from tests.stories.cradle import Cradle


@pytest.fixture
async def cradle() -> AsyncIterator[Cradle]:
    """Starts bots quickly, for stories that start many."""
    opened = Cradle()
    await opened.open()
    yield opened
    await opened.close()
