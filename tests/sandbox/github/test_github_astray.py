"""What can be wrong with the GitHub sandbox's answers, and what happens while somebody reads it."""

import base64

import pytest

from bot.sandbox.github.paging import ASTRAY
from bot.sandbox.github.records import User
from bot.sandbox.github.seed import PEOPLE, TOKEN, Seed, SeedRepository
from bot.sandbox.github.server import GithubSandbox
from tests.fake_clock import FakeClock
from tests.sandbox.github.conftest import SEED, Hub
from tests.sandbox.rest_client import rest_client

ISSUES = "/repos/harbor-vpn/app/issues"
ALL = f"{ISSUES}?state=all&sort=updated&direction=asc"


async def test_any_answer_to_a_path(hub: Hub) -> None:
    """With any JSON, bytes and headers; other paths are as ever."""
    await hub.client.post(
        "/control/fault", {"match": "/issues/1", "status": 200, "json": [1], "headers": {"X-Odd": "y"}}
    )
    raw = base64.b64encode(b"\xff{").decode()
    await hub.client.post(
        "/control/fault",
        {
            "match": "/issues/2",
            "status": 502,
            "base64": raw,
            "headers": {"Content-Type": "text/plain; charset=latin-1"},
        },
    )
    odd, broken = await hub.client.get(f"{ISSUES}/1"), await hub.client.get(f"{ISSUES}/2")

    assert (odd.status, odd.body, odd.headers["x-odd"]) == (200, [1], "y")
    assert (broken.status, broken.body) == (502, "ÿ{")
    assert (await hub.client.get(f"{ISSUES}/3")).body["number"] == 3
    assert (await hub.client.get(f"{ISSUES}/1")).body["number"] == 1


async def test_a_fault_lets_the_first_ones_pass(hub: Hub) -> None:
    """So that the second page of a list fails, or the third."""
    hub.sandbox.fail_next(match="/issues", skip=1, status=500)

    assert [(await hub.client.get(ISSUES)).status for _ in range(3)] == [200, 500, 200]


async def test_something_happens_between_two_pages(hub: Hub) -> None:
    """An issue that changes moves to the last page, and by number another one is skipped, as on the real one."""
    meanwhile = {"number": 4, "body": "Me too"}
    await hub.client.post("/control/fault", {"match": "/issues", "skip": 1, "act": "comment", "arguments": meanwhile})
    first = await hub.client.get(f"{ALL}&per_page=2")
    second = await hub.client.get(f"{ALL}&per_page=2&page=2")

    assert [row["number"] for row in first.body + second.body] == [4, 1, 2, 4]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"act": "sneeze"}, "no such act; there are set_webhook"),
        ({"act": "comment", "arguments": {"numer": 4}}, "missing a required argument: 'number'"),
        ({"base64": "?"}, "base64"),
        ({"sneeze": 1}, "allows only: match"),
    ],
)
async def test_a_fault_that_could_not_happen_is_refused(hub: Hub, fault: dict[str, object], says: str) -> None:
    """At once, and not when it is due."""
    answer = await hub.client.post("/control/fault", {"match": "", **fault})

    assert answer.status == 400 and says in answer.body["error"]


async def test_pages_can_be_short(hub: Hub) -> None:
    """Whatever is asked for."""
    await hub.client.post("/control/shorten_pages", {"rows": 3})
    short = await hub.client.get(f"{ALL}&per_page=100")
    await hub.client.post("/control/shorten_pages", {})
    whole = await hub.client.get(f"{ALL}&per_page=100")

    assert (len(short.body), 'rel="next"' in short.headers["link"]) == (3, True)
    assert len(whole.body) == 4 and "link" not in whole.headers


@pytest.mark.parametrize(
    ("how", "following"),
    [
        ("the same page", "{there}?state=all&per_page=2&page=3"),
        ("the same page in another order", "{there}?page=3&per_page=2&state=all"),
        ("two pages in turn", "{there}?state=all&per_page=2&page=0"),
        ("a page before", "{there}?state=all&per_page=2&page=4"),
        ("no page", "{there}"),
        ("another host", "https://evil.test/"),
        ("no address", "https://[/?page=2"),
        ("pages without an end", "{there}?state=all&per_page=2&page=4"),
    ],
)
async def test_lists_can_lead_astray(hub: Hub, how: str, following: str) -> None:
    """Every page is the first, and leads on to a wrong one."""
    there = (await hub.client.get(f"{ISSUES}?per_page=1&state=all")).headers["link"].partition("?")[0].lstrip("<")
    await hub.client.post("/control/lead_astray", {"how": how})
    page = await hub.client.get(f"{ISSUES}?state=all&per_page=2&page=3")
    await hub.client.post("/control/lead_astray", {})
    mended = await hub.client.get(f"{ISSUES}?state=all&per_page=2&page=2")

    assert page.headers["link"] == f'<{following.format(there=there)}>; rel="next"'
    assert len(page.body) == 2
    assert 'rel="next"' not in mended.headers["link"]


async def test_there_is_no_other_way_astray(hub: Hub) -> None:
    """The answer names those that there are."""
    answer = await hub.client.post("/control/lead_astray", {"how": "into the woods"})

    assert answer.status == 400 and all(how in answer.body["error"] for how in ASTRAY)


async def test_behind_a_proxy_it_calls_itself_by_its_own_address() -> None:
    """In pages, links and redirects."""
    seed = Seed(repositories=SEED.repositories, address="https://github.test")
    sandbox = GithubSandbox(clock=FakeClock(), seed=seed)
    async with rest_client(sandbox.routes(), {"Authorization": f"Bearer {TOKEN}"}) as client:
        listed = await client.get(f"{ISSUES}?per_page=1")
        sandbox.rename_repository("client")
        moved = await client.get(ISSUES)

    assert listed.body[0]["html_url"].startswith("https://github.test/harbor-vpn/app/")
    assert listed.headers["link"].startswith("<https://github.test/repositories/")
    assert (moved.status, moved.headers["location"].partition("/repositories")[0]) == (301, "https://github.test")


async def test_who_does_not_belong_to_the_repository_is_assigned_to_nothing() -> None:
    """Without a word, and nobody is offered them."""
    outside = User(9_100, "passer-by", association="NONE")
    seed = Seed(repositories=(SeedRepository("harbor-vpn/app"),), people=(*PEOPLE, outside))
    sandbox = GithubSandbox(clock=FakeClock(), seed=seed)
    sandbox.open_issue("Slow")
    async with rest_client(sandbox.routes(), {"Authorization": f"Bearer {TOKEN}"}) as client:
        changed = await client.ask("PATCH", f"{ISSUES}/1", {"assignees": ["mira-dev", "passer-by"]})
        unknown = await client.ask("PATCH", f"{ISSUES}/1", {"assignees": ["nobody"]})
        offered = await client.get("/repos/harbor-vpn/app/assignees")

    assert [person["login"] for person in changed.body["assignees"]] == ["mira-dev"]
    assert unknown.status == 422
    assert "passer-by" not in [person["login"] for person in offered.body]


async def test_an_issue_may_have_a_type(hub: Hub) -> None:
    """Issues that have none say so."""
    hub.sandbox.edit_issue(1, type="Bug")

    assert (await hub.client.get(f"{ISSUES}/1")).body["type"]["name"] == "Bug"
    assert (await hub.client.get(f"{ISSUES}/2")).body["type"] is None
