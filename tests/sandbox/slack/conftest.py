"""The sandbox Slack for the tests beside it."""

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.slack.harbor import Harbor, harbor


@pytest.fixture
async def slack() -> AsyncIterator[Harbor]:
    async with harbor() as running:
        yield running
