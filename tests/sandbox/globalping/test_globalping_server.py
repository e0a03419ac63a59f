"""The sandbox's Globalping is as strict as the real one."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.globalping.probes import chosen
from bot.sandbox.globalping.server import TOKEN, GlobalpingSandbox
from tests.fake_clock import FakeClock
from tests.loopback import served
from tests.probes.globalping.globalping_on_loopback import EAST, RECORDS

Json = dict[str, Any]
PING = {"type": "ping", "target": EAST, "locations": [{"magic": "Berlin"}]}


class Client:
    """Asks the sandbox, whose clock stands still."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.clock = FakeClock()
        self.sandbox = GlobalpingSandbox(clock=self.clock, records=RECORDS)
        self._session = session
        self._url = url

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self._session.request(method, f"{self._url}{path}", json=body, headers=named) as response:
            return response.status, response.headers, await response.json(content_type=None)

    async def created(self, **changes: Any) -> str:
        status, _, answer = await self.ask("POST", "/v1/measurements", PING | changes)
        assert status == 202, answer
        return str(answer["id"])

    async def look(self, number: str, **headers: str) -> tuple[int, Any, Any]:
        return await self.ask("GET", f"/v1/measurements/{number}", **headers)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        found = Client(session, "")
        async with served(found.sandbox.routes()) as url:
            found._url = url
            yield found


async def test_measurement_begins_runs_and_ends(client: Client) -> None:
    """In progress without results of its own, or with them where asked; then finished."""
    quiet, live = await client.created(), await client.created(inProgressUpdates=True)
    client.clock.advance(1.0)
    (_, _, first), (_, _, second) = await client.look(quiet), await client.look(live)
    client.clock.advance(2.0)
    _, _, last = await client.look(live)

    assert first["status"] == second["status"] == "in-progress" and last["status"] == "finished"
    assert "stats" not in first["results"][0]["result"]
    assert second["results"][0]["result"]["stats"]["total"] == 2
    assert last["results"][0]["result"]["stats"]["total"] == 3
    assert last["results"][0]["probe"]["city"] == "Berlin"


async def test_etag_answers_not_modified(client: Client) -> None:
    """As long as nothing has changed."""
    number = await client.created()
    _, headers, _ = await client.look(number)
    status, _, answer = await client.look(number, If_None_Match=headers["ETag"])
    client.clock.advance(10)

    assert (status, answer) == (304, None)
    assert (await client.look(number, If_None_Match=headers["ETag"]))[0] == 200


async def test_third_look_within_a_second_is_too_much(client: Client) -> None:
    """For one measurement; another one is not touched."""
    one, other = await client.created(), await client.created()
    statuses = [(await client.look(one))[0] for _ in range(3)]

    assert statuses == [200, 200, 429]
    assert (await client.look(other))[0] == 200
    client.clock.advance(1)
    assert (await client.look(one))[0] == 200


async def test_quota_counts_probes_and_starts_again(client: Client) -> None:
    """250 an hour, told in headers and by /v1/limits, which costs none."""
    status, headers, _ = await client.ask("POST", "/v1/measurements", PING | {"locations": [], "limit": 5})
    assert (status, headers["X-RateLimit-Remaining"], headers["X-RateLimit-Consumed"]) == (202, "245", "5")
    client.sandbox.used = 249
    status, headers, answer = await client.ask("POST", "/v1/measurements", PING | {"locations": [], "limit": 2})
    _, _, limits = await client.ask("GET", "/v1/limits")

    assert (status, answer["error"]["type"], headers["X-RateLimit-Reset"]) == (429, "rate_limit_exceeded", "3600")
    assert limits["rateLimit"]["measurements"]["create"]["remaining"] == 1
    client.clock.advance(3600)
    assert await client.created()


async def test_token_is_checked(client: Client) -> None:
    """The right one has 500 an hour, a wrong one is refused everywhere."""
    _, _, limits = await client.ask("GET", "/v1/limits", Authorization=f"Bearer {TOKEN}")
    status, _, _ = await client.ask("GET", "/v1/limits", Authorization="Bearer x")

    assert limits["rateLimit"]["measurements"]["create"]["limit"] == 500
    assert status == 401


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"type": "smtp"}, "type"),
        ({"target": "10.0.0.1"}, "target"),
        ({"target": "127.0.0.53"}, "target"),
        ({"target": "no spaces"}, "target"),
        ({"target": None}, "target"),
        ({"measurementOptions": {"packets": 17}}, "packets"),
        ({"measurementOptions": {"query": {}}}, "query"),
        ({"measurementOptions": []}, "measurementOptions"),
        ({"locations": [{"town": "Berlin"}]}, "locations[0].town"),
        ({"locations": [{"magic": "Berlin", "limit": 1}], "limit": 2}, "limit"),
        ({"locations": 7}, "locations"),
        ({"limit": 51}, "limit"),
        ({"timeout": 60}, "timeout"),
        ({"headers": {}}, "headers"),
    ],
)
async def test_bad_requests_name_the_parameter(client: Client, change: Json, named: str) -> None:
    """Nothing is measured and nothing counted."""
    status, _, answer = await client.ask("POST", "/v1/measurements", PING | change)

    assert status == 400 and answer["error"]["type"] == "validation_error"
    assert named in answer["error"]["params"]
    assert client.sandbox.used == 0


@pytest.mark.parametrize("locations", ["gone", [{"magic": "Atlantis"}], [{"country": "FR"}]])
async def test_no_probes_found(client: Client, locations: Any) -> None:
    """Also for the id of a measurement that is not there."""
    status, _, answer = await client.ask("POST", "/v1/measurements", PING | {"locations": locations})

    assert (status, answer["error"]["type"]) == (422, "no_probes_found")


async def test_probes_are_used_again_in_the_same_order(client: Client) -> None:
    """By the id of the measurement."""
    first = await client.created(locations=[], limit=4)
    again = await client.created(locations=first)
    (_, _, one), (_, _, two) = await client.look(first), await client.look(again)

    assert [each["probe"] for each in one["results"]] == [each["probe"] for each in two["results"]]


@pytest.mark.parametrize(
    ("magic", "cities"),
    [
        ("berlin", ["Berlin", "Berlin"]),
        ("Germany", ["Berlin", "Berlin"]),
        ("New York", ["New York", "New York"]),
        ("US-NY", ["New York", "New York"]),
        ("Europe", ["Berlin", "Berlin"]),
        ("AS1221", ["Brisbane"]),
        ("Sao Paulo", ["São Paulo"]),
        ("brisbane+eyeball-network", ["Brisbane"]),
        ("Berlin+Australia", []),
    ],
)
def test_magic_is_fuzzy(magic: str, cities: list[str]) -> None:
    """City, country, state, continent, network, tag; + means and."""
    assert [probe.city for probe in chosen([{"magic": magic}], 10)] == cities


async def test_unknown_measurement(client: Client) -> None:
    """404 with a body."""
    status, _, answer = await client.look("nothing")

    assert (status, answer["error"]["type"]) == (404, "not_found")


async def test_a_gateway_that_loses_packets_does_so_for_everybody(client: Client) -> None:
    """It is added while the sandbox runs."""
    client.sandbox.landscape.add_losing("us-east", "198.51.100.30")
    number = await client.created(target="198.51.100.30", locations=[], limit=8, measurementOptions={"packets": 10})
    client.clock.advance(10)
    _, _, answer = await client.look(number)

    assert {each["result"]["stats"]["drop"] for each in answer["results"]} == {4}
