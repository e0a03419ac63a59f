"""Credentials, scopes and limits of the Zendesk sandbox."""

import base64
from collections.abc import AsyncIterator

import pytest

from bot.sandbox.zendesk.seed import Limits, Seed, SeedTicket
from tests.sandbox.zendesk.desk_client import DeskClient, desk_client

TICKET = SeedTicket("US East down", "It does not connect", minutes_ago=60)


@pytest.fixture
async def desk() -> AsyncIterator[DeskClient]:
    async with desk_client(Seed(tickets=(TICKET,))) as client:
        yield client


async def test_a_granted_token_works_until_it_expires(desk: DeskClient) -> None:
    """client_credentials give a bearer token for so many seconds of the clock, and no refresh token."""
    granted = await desk.grant(expires_in=300)
    desk.authorization = f"Bearer {granted.body['access_token']}"
    before = await desk.get("/users/me.json")
    desk.clock.advance(seconds=300)
    after = await desk.get("/users/me.json")

    assert set(granted.body) == {"access_token", "token_type", "scope", "expires_in"}
    assert (before.status, before.body["user"]["name"]) == (200, "Second Line")
    assert (after.status, after.body["error"]) == (401, "invalid_token")


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"expires_in": 299}, 400, "invalid_request"),
        ({"expires_in": 172_801}, 400, "invalid_request"),
    ],
)
async def test_grants_that_are_refused(desk: DeskClient, changed: dict[str, object], status: int, error: str) -> None:
    """Wrong credentials, grants, scopes and times have OAuth's own errors."""
    answer = await desk.grant(**changed)

    assert (answer.status, answer.body["error"]) == (status, error)


async def test_a_grant_may_be_asked_for_by_form(desk: DeskClient) -> None:
    """OAuth's own encoding is understood beside JSON."""
    form = {
        "grant_type": "client_credentials",
        "client_id": "secondline",
        "client_secret": "sandbox-secret",
        "scope": "read",
    }
    answer = await desk.http.post("/zendesk/oauth/tokens", data=form)

    assert (await answer.json())["expires_in"] == 1_800


async def test_a_missing_scope_is_403(desk: DeskClient) -> None:
    """A token that may read only can't write, and is told what it lacks."""
    granted = await desk.grant(scope="tickets:read")
    desk.authorization = f"Bearer {granted.body['access_token']}"
    answer = await desk.put("/tickets/48201/tags", {"tags": ["inv-1"]})

    assert answer.status == 403
    assert answer.body["description"] == "You are missing the following required scopes: write, tickets:write"


async def test_the_current_token_is_described(desk: DeskClient) -> None:
    """tokens/current names the scopes and when it expires, and hides most of the token."""
    granted = await desk.grant(scope="read")
    desk.authorization = f"Bearer {granted.body['access_token']}"
    token = (await desk.get("/oauth/tokens/current.json")).body["token"]

    assert token["scopes"] == ["read"] and token["expires_at"] == "2026-11-20T09:17:00Z"
    assert token["token"] == granted.body["access_token"][:10]


@pytest.mark.parametrize(("token", "status"), [("sandbox-api-token", 200), ("wrong", 401)])
async def test_the_legacy_api_token(desk: DeskClient, token: str, status: int) -> None:
    """Basic with email/token and the API token still works."""
    value = base64.b64encode(f"secondline@harbor.example/token:{token}".encode()).decode()
    answer = await desk.get("/tickets/48201", Authorization=f"Basic {value}")

    assert answer.status == status
    assert status == 200 or answer.body == {"error": "Couldn't authenticate you"}


async def test_without_credentials(desk: DeskClient) -> None:
    """Nobody is 401 everywhere but at users/me, where Zendesk answers 200 and an anonymous user."""
    desk.authorization = ""
    me, ticket = await desk.get("/users/me.json"), await desk.get("/tickets/48201.json")

    assert (me.status, me.body["user"]["id"]) == (200, None)
    assert ticket.status == 401


async def test_revoked_tokens_are_invalid(desk: DeskClient) -> None:
    """An admin can revoke what was granted while it is in use."""
    granted = await desk.grant()
    await desk.ask("POST", "/control/revoke", {})
    desk.authorization = f"Bearer {granted.body['access_token']}"

    assert (await desk.get("/users/me.json")).status == 401


async def test_limits_end_with_429_and_begin_again() -> None:
    """The request over the limit is told when to come back, and then it is let through."""
    async with desk_client(Seed(tickets=(TICKET,), limits=Limits(search_index=(2, 60)))) as desk:
        first = await desk.get("/search.json?query=east")
        await desk.get("/search.json?query=east")
        desk.clock.advance(seconds=20)
        refused = await desk.get("/search.json?query=east")
        desk.clock.advance(seconds=40)
        again = await desk.get("/search.json?query=east")

    assert first.headers["zendesk-ratelimit-search-index"] == "total=2; remaining=1; resets=60"
    assert (refused.status, refused.headers["retry-after"]) == (429, "40")
    assert refused.body["error"] == "APIRateLimitExceeded"
    assert again.status == 200


async def test_one_ticket_takes_thirty_updates_in_ten_minutes(desk: DeskClient) -> None:
    """The limit per ticket and user is its own, beside that of the account."""
    statuses = [(await desk.put("/tickets/48201/tags", {"tags": [f"t{number}"]})).status for number in range(31)]
    desk.clock.advance(minutes=10)

    assert statuses == [200] * 30 + [429]
    assert (await desk.put("/tickets/48201/tags", {"tags": ["late"]})).status == 200
