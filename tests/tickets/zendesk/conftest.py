"""A desk server and the adapter on it, for the tests of this folder."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from bot.tickets.zendesk.desk import ZendeskDesk
from bot.tickets.zendesk.login import Login, OAuthToken
from bot.tickets.zendesk.session import Address, ZendeskTransport, open_session
from tests.tickets.zendesk.desk_server import DeskServer

Open = Callable[..., ZendeskDesk]


class HandClock:
    """A clock that moves by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def server() -> Iterator[DeskServer]:
    with DeskServer() as server:
        yield server


@pytest.fixture
async def open_desk(server: DeskServer, clock: HandClock) -> AsyncIterator[Open]:
    """Opens desks on the server, by default with an OAuth token; they are closed at the end."""
    opened: list[ZendeskDesk] = []

    def open_one(**changes: Any) -> ZendeskDesk:
        settings: dict[str, Any] = {"url": server.url, "credentials": OAuthToken("t0ken"), "clock": clock} | changes
        opened.append(ZendeskDesk(**settings))
        return opened[-1]

    yield open_one
    server.release()
    for desk in opened:
        await desk.close()


@pytest.fixture
def desk(open_desk: Open) -> ZendeskDesk:
    return open_desk()


@pytest.fixture
def session(server: DeskServer, clock: HandClock) -> Iterator[requests.Session]:
    """One session to the server, as a worker thread has it."""
    login = Login("Bearer t0ken", settings="ZENDESK_OAUTH_TOKEN")
    with open_session(ZendeskTransport(address=Address.parse(server.url), login=login, clock=clock)) as session:
        yield session
