"""Who the bot is to Zendesk: each kind of credentials, renewal, and what is refused."""

import asyncio
import base64
import threading

import pytest

from bot.tickets.desk import DeskError
from bot.tickets.zendesk.login import ApiToken, ClientCredentials, Credentials, OAuthToken
from tests.tickets.zendesk.conftest import HandClock, Open
from tests.tickets.zendesk.desk_server import Answer, DeskServer, Reply, Seen

ME = "/api/v2/users/me.json"
TOKENS = "/oauth/tokens"
CLIENT = ClientCredentials("second-line", "s3cret")
AGENT = Reply({"user": {"id": 3, "name": "Support Bot", "role": "agent"}})
REFUSED = Reply({"error": "invalid_token"}, status=401)


def granted(token: str, **fields: object) -> Reply:
    return Reply({"access_token": token, "token_type": "bearer", "scope": "read", **fields})


def only(*tokens: str) -> Answer:
    """Answers whose bearer has one of `tokens`, refuses the others."""
    allowed = {f"Bearer {token}" for token in tokens}
    return lambda seen: AGENT if seen.headers.get("authorization") in allowed else REFUSED


def sent(server: DeskServer) -> list[str]:
    return [request.headers["authorization"] for request in server.seen("GET", ME)]


@pytest.mark.parametrize(
    ("credentials", "header"),
    [
        (OAuthToken("abc"), "Bearer abc"),
        (ApiToken("bot@acme.example", "abc"), "Basic " + base64.b64encode(b"bot@acme.example/token:abc").decode()),
    ],
)
async def test_fixed_credentials_are_sent_as_they_are(
    server: DeskServer, open_desk: Open, credentials: Credentials, header: str
) -> None:
    """A bearer token, or Basic with Zendesk's "/token" behind the address."""
    server.on("GET", ME, AGENT)

    await open_desk(credentials=credentials).check()

    assert sent(server) == [header]


async def test_client_credentials_ask_for_a_token_first(server: DeskServer, open_desk: Open) -> None:
    """The grant goes to /oauth/tokens without a login, asks for the longest lifetime, and is used again."""
    server.on("POST", TOKENS, granted("one", expires_in=1_800))
    server.on("GET", ME, only("one"))
    desk = open_desk(credentials=CLIENT)

    await desk.check()
    await desk.check()

    (grant,) = server.seen("POST", TOKENS)
    assert "authorization" not in grant.headers
    assert grant.body == {
        "grant_type": "client_credentials",
        "client_id": "second-line",
        "client_secret": "s3cret",
        "scope": CLIENT.scope,
        "expires_in": 172_800,
    }
    assert sent(server) == ["Bearer one"] * 2


async def test_a_token_is_renewed_before_it_ends(server: DeskServer, open_desk: Open, clock: HandClock) -> None:
    """The lifetime that came back counts, not the one asked for, with a margin for requests under way."""
    server.on("POST", TOKENS, granted("one", expires_in=1_800), granted("two", expires_in=1_800))
    server.on("GET", ME, AGENT)
    desk = open_desk(credentials=CLIENT)

    await desk.check()
    clock.forward(1_739)
    await desk.check()
    clock.forward(1)
    await desk.check()

    assert sent(server) == ["Bearer one", "Bearer one", "Bearer two"]


async def test_a_token_that_ends_early_is_renewed_once(server: DeskServer, open_desk: Open) -> None:
    """401 gets a new token and the same request again; nobody notices."""
    server.on("POST", TOKENS, granted("one"), granted("two"))
    server.on("GET", ME, AGENT, only("two"))
    desk = open_desk(credentials=CLIENT)

    await desk.check()

    assert await desk.check() == "Zendesk as Support Bot (agent)"
    assert sent(server) == ["Bearer one", "Bearer one", "Bearer two"]


async def test_a_new_token_that_is_refused_too_is_an_error(server: DeskServer, open_desk: Open) -> None:
    """One renewal for one request, then a person has to look."""
    server.on("POST", TOKENS, granted("one"))
    server.on("GET", ME, REFUSED)

    with pytest.raises(
        DeskError, match=r"login refused .401.: check ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET"
    ) as caught:
        await open_desk(credentials=CLIENT).check()

    assert not caught.value.retry
    assert (len(server.seen("POST", TOKENS)), len(sent(server))) == (2, 2)


async def test_many_threads_share_one_renewal(server: DeskServer, open_desk: Open) -> None:
    """Four threads are refused at the same moment and one of them asks for a new token."""
    together = threading.Barrier(4)

    def refuse_at_once(request: Seen) -> Reply:
        if request.headers["authorization"] == "Bearer one":
            together.wait(10)
            return REFUSED
        return AGENT

    server.on("POST", TOKENS, granted("one"), granted("two"))
    server.on("GET", ME, refuse_at_once)
    desk = open_desk(credentials=CLIENT, threads=4)

    await asyncio.gather(*(desk.check() for _ in range(4)))

    assert len(server.seen("POST", TOKENS)) == 2
    assert sorted(sent(server)) == ["Bearer one"] * 4 + ["Bearer two"] * 4


@pytest.mark.parametrize(
    ("credentials", "settings"),
    [
        (OAuthToken("abc"), "ZENDESK_OAUTH_TOKEN"),
        (ApiToken("bot@acme.example", "abc"), "ZENDESK_EMAIL and ZENDESK_TOKEN"),
    ],
)
async def test_a_refused_login_names_what_to_check(
    server: DeskServer, open_desk: Open, credentials: Credentials, settings: str
) -> None:
    """401 on credentials that nobody can renew is final, and asked once."""
    server.on("GET", ME, Reply({"error": "Couldn't authenticate you"}, status=401))

    with pytest.raises(DeskError, match=f"login refused .401.: check {settings}") as caught:
        await open_desk(credentials=credentials).check()

    assert not caught.value.retry
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("answer", "reason", "retry"),
    [
        (
            Reply({"error": "invalid_client", "error_description": "No such client"}, status=401),
            "No such client",
            False,
        ),
        (Reply({"error": "invalid_grant"}, status=400), "check ZENDESK_CLIENT_ID", False),
        (Reply({}, status=429, headers={"Retry-After": "7"}), "rate limit", True),
        (Reply({}, status=500), "server error 500", True),
        (Reply({"token_type": "bearer"}), "no access token", False),
        (Reply(["x"]), "no access token", False),
        (Reply(b"<html>", content_type="text/html"), "no access token", False),
        (granted("one", expires_in="soon"), "expires_in", False),
        (Reply(status=302, headers={"Location": "https://evil.example/"}), "redirected to evil.example", False),
        (Reply(drop=True), "connection was lost", True),
    ],
)
async def test_a_token_that_is_not_granted_says_why(
    server: DeskServer, open_desk: Open, answer: Reply, reason: str, retry: bool
) -> None:
    """The reason names the settings, never the secret, and no request goes out without a login."""
    server.on("POST", TOKENS, answer)

    with pytest.raises(DeskError, match=reason) as caught:
        await open_desk(credentials=CLIENT).check()

    assert caught.value.retry is retry
    assert "s3cret" not in str(caught.value)
    assert sent(server) == []


async def test_a_token_that_cannot_be_a_header_is_refused(server: DeskServer, open_desk: Open) -> None:
    """A line break from a file with secrets would otherwise end in an error about headers."""
    with pytest.raises(DeskError, match="can't be sent: check ZENDESK_OAUTH_TOKEN"):
        await open_desk(credentials=OAuthToken("abc\n")).check()

    assert server.requests == []


@pytest.mark.parametrize("credentials", [CLIENT, OAuthToken("s3cret"), ApiToken("bot@acme.example", "s3cret")])
def test_secrets_do_not_show(credentials: Credentials) -> None:
    """Credentials may end up in a log line or a traceback."""
    assert "s3cret" not in f"{credentials!r} {credentials}"
