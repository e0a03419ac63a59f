"""A server whose answers a test writes down, and a session to ask it."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.tickets.zendesk.desk_server import DeskServer


@pytest.fixture
def server() -> Iterator[DeskServer]:
    with DeskServer() as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session
