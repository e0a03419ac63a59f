"""Whatever Globalping answers, or whether it answers: a result with a reason."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import system_clock
from bot.probes.address import Networks
from bot.probes.batch import read_result, stored_result
from bot.probes.globalping.quota import Quota
from bot.probes.globalping.results import KINDS, found_by
from bot.probes.globalping.wire import (
    GlobalpingQuestion,
    dns_questions,
    http_questions,
    icmp_questions,
    read_created,
    read_measurement,
)
from bot.probes.model import ProbePlace, ProbeResult
from bot.probes.results import Run
from bot.probes.wording import long
from tests.probes.globalping.globalping_on_loopback import EAST, US_EAST, answering, as_json, globalping

Json = dict[str, Any]
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]
PROBE = {"city": "Berlin", "country": "DE", "asn": 3320}
CREATED = {"id": "abc", "probesCount": 1}


def measurement(result: Json, status: str = "finished") -> Json:
    return {"id": "abc", "type": "mtr", "status": status, "results": [{"probe": PROBE, "result": result}]}


def telling(*answers: web.Response | Json) -> Answering:
    """The first answer to the request for a measurement, then one after the other, the last one again and again."""
    left = list(answers)

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/limits"):
            return as_json({}, 404)
        if request.method == "POST":
            return as_json(CREATED, 202)
        found = left.pop(0) if len(left) > 1 else left[0]
        return as_json(found) if isinstance(found, dict) else copied(found)

    return answer


def refusing(status: int, body: Any, **headers: str) -> Answering:
    async def answer(request: web.Request) -> web.StreamResponse:
        return as_json(body, status, **headers)

    return answer


def copied(response: web.Response) -> web.Response:
    """A response can be sent once."""
    return web.Response(body=response.body, status=response.status, headers=response.headers)


async def measured(answer: Answering, kind: str = "mtr") -> ProbeResult:
    async with answering(answer) as adapter:
        run = await adapter.measure(kind, US_EAST, place="Berlin", limit=1, reuse="", progress=lambda _run: None)
    (found,) = run.results
    return found


def error(kind: str, message: str = "", **params: str) -> Json:
    return {"error": {"type": kind, "message": message, "params": params}}


@pytest.mark.parametrize(
    ("status", "body", "words", "remedy"),
    [
        (401, error("unauthorized"), "refused GLOBALPING_TOKEN (401)", "GLOBALPING_TOKEN"),
        (422, error("no_probes_found"), "no probe there now", "larger place"),
        (429, error("rate_limit_exceeded"), "tests an hour used up", "GLOBALPING_TOKEN"),
        (429, error("too_many_requests"), "asks to slow down", ""),
        (400, error("validation_error", "Parameter validation failed.", target="bad"), "(400): Parameter", ""),
        (500, error("api_error", "Oops"), "a fault of its own (500): Oops", ""),
        (502, "<html>Bad gateway</html>", "a fault of its own (502)", ""),
        (202, {"id": 7}, "can't be read", ""),
        (202, [], "can't be read", ""),
        (301, "moved", "did not accept this (301)", ""),
    ],
)
async def test_refusals_are_results_with_a_reason(status: int, body: Any, words: str, remedy: str) -> None:
    """It could not run, and where something helps, that is said."""
    found = await measured(refusing(status, body))

    assert not found.ok and not found.measured and words in long(found.verdict)
    assert remedy in found.remedy
    assert found.place == ProbePlace("Berlin")


async def test_used_up_says_when_there_are_tests_again() -> None:
    """From the headers of the refusal."""
    headers = {"X_RateLimit_Limit": "250", "X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "600"}
    found = await measured(refusing(429, error("rate_limit_exceeded"), **headers))

    assert "Globalping: 250 tests an hour used up, again at " in long(found.verdict)


async def test_nobody_listens() -> None:
    """A sentence about the connection."""
    async with aiohttp.ClientSession() as session:
        from_nowhere = globalping(session, "http://127.0.0.1:1", Quota(clock=system_clock, zone=UTC))
        run = await from_nowhere.measure("ping", US_EAST, place="Berlin", limit=1, reuse="", progress=lambda _run: None)

    assert "Globalping can't be reached" in long(run.results[0].verdict)


async def test_a_fault_on_the_way_is_asked_again() -> None:
    """A 502 while the measurement runs costs nothing but time."""
    done = measurement({"status": "finished", "stats": {"total": 3, "rcv": 3}, "timings": [{"rtt": 4.2}] * 3})
    found = await measured(telling(web.Response(status=502, text="<html>"), done), "ping")

    assert found.ok and long(found.verdict) == f"{EAST} answers 3 of 3, median 4.2 ms"


async def test_measurement_that_is_gone() -> None:
    """404 is final."""
    found = await measured(telling(web.Response(status=404, text="{}")), "ping")

    assert not found.ok and "no longer knows the measurement" in long(found.verdict)


async def test_failed_test_says_its_last_words() -> None:
    """The tool's own last line."""
    failed = measurement({"status": "failed", "rawOutput": "mtr\nNo route to host\n\n"})

    assert long((await measured(telling(failed))).verdict) == f"{EAST}: No route to host"


async def test_probe_that_left_is_named() -> None:
    """It happens where probes are used again."""
    found = await measured(telling(measurement({"status": "offline", "rawOutput": ""})))

    assert not found.measured and "Berlin, DE (AS3320) is no longer there" in long(found.verdict)


async def test_etag_is_sent_and_not_modified_is_understood() -> None:
    """What has not changed is not sent again."""
    seen: list[str] = []
    done = measurement({"status": "finished", "stats": {"total": 1, "rcv": 1}, "timings": [{"rtt": 1}]})

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.method == "POST":
            return as_json(CREATED, 202)
        if request.path.endswith("/limits"):
            return as_json({})
        seen.append(request.headers.get("If-None-Match", ""))
        if len(seen) == 2:
            return web.Response(status=304)
        running = measurement({"status": "in-progress", "rawOutput": "PING"}, "in-progress")
        return as_json(done if len(seen) == 3 else running, ETag='W/"1"')

    found = await measured(answer, "ping")

    assert found.ok
    assert seen[0] == "" and len(seen) == 3 and all(seen[1:])


async def test_no_headers_or_names_of_ours_are_sent() -> None:
    """Only what is measured, who asks in general, and the token."""
    requests: list[tuple[str, dict[str, str]]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        requests.append((await request.text(), dict(request.headers)))
        return as_json(error("no_probes_found"), 422)

    async with answering(answer, token="secret") as adapter:
        await adapter.measure("ping", US_EAST, place="Berlin", limit=1, reuse="", progress=lambda _run: None)

    body, headers = requests[-1]
    assert headers["User-Agent"].startswith("SecondLine/") and headers["Accept-Encoding"] == "gzip, deflate"
    assert headers["Authorization"] == "Bearer secret"
    assert "U.S. East" not in body and EAST in body


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    "status rawOutput hops timings stats answers headers tls resolvedAddress resolver statusCode statusCodeName".split()
)
NUMBERS = st.sampled_from([None, 0, -1, 3, 1e308, "x"]) | st.floats()
STATS = st.fixed_dictionaries({}, optional=dict.fromkeys(("total", "rcv", "avg", "min", "drop"), NUMBERS))
TIMINGS = st.lists(st.fixed_dictionaries({"rtt": NUMBERS}) | JSON, max_size=5)
HOSTS = st.sampled_from([EAST, "192.0.2.1", "*", None, "<@U1>", "::1"])
HOP = st.fixed_dictionaries(
    {}, optional={"resolvedAddress": HOSTS, "resolvedHostname": HOSTS, "stats": STATS, "timings": TIMINGS}
)
RESULT = st.fixed_dictionaries(
    {"status": st.sampled_from(["finished", "failed", "in-progress", "offline"]) | JSON},
    optional={
        "rawOutput": st.text(max_size=40),
        "hops": st.lists(HOP | JSON, max_size=6) | JSON,
        "stats": STATS | JSON,
        "timings": TIMINGS | st.dictionaries(st.sampled_from(["total", "dns", "tcp", "firstByte"]), NUMBERS) | JSON,
        "answers": st.lists(st.fixed_dictionaries({"type": st.just("A"), "value": HOSTS, "ttl": NUMBERS}) | JSON),
        "headers": JSON,
        "tls": JSON,
        "statusCode": NUMBERS,
        "statusCodeName": st.sampled_from(["NOERROR", "SERVFAIL", 7]),
    },
)
QUESTIONS = {
    "ping": icmp_questions("ping", [EAST, "192.0.2.1"]),
    "mtr": icmp_questions("mtr", [EAST]),
    "traceroute": icmp_questions("traceroute", [EAST]),
    "dns": dns_questions(["www.example.com"]),
    "http": http_questions(["https://www.example.com/a?b=1"]),
}


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(QUESTIONS)), st.lists(RESULT | st.dictionaries(FIELDS, JSON) | JSON, min_size=4, max_size=4)
)
def test_any_json_is_a_result(kind: str, answers: list[Any]) -> None:
    """Nothing crashes, every row has its columns, and the record can be stored and read."""
    found = asyncio.run(_found(kind, QUESTIONS[kind], answers))

    assert all(len(reading.cells) == len(found.columns) for reading in found.readings)
    assert long(found.verdict) and "\n" not in long(found.verdict)
    assert read_result(stored_result(found)) == found


@given(JSON)
def test_any_answer_is_read_or_refused(answer: Any) -> None:
    """Also one that is no object at all."""
    for wrapped in (answer, {"id": answer, "probesCount": answer}, {"status": answer, "results": answer}):
        read_created(wrapped)
        read_measurement(json.loads(json.dumps(wrapped)))


async def _found(kind: str, questions: list[GlobalpingQuestion], answers: list[Any]) -> ProbeResult:
    entries = [{"probe": PROBE, "result": each} for each in answers]
    read = read_measurement({"status": "finished", "results": entries})
    assert read
    run = Run(KINDS[kind], "U.S. East", system_clock)
    return found_by(run, list(zip(questions, read.answers, strict=False)), slow_s=2.0, networks=Networks())
