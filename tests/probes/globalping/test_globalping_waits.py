"""Globalping lets us wait, or breaks on the way: asked again where that is safe and worth the time."""

import pytest

from bot.probes.globalping.quota import retry_after_s
from bot.probes.places import PlaceRun
from bot.probes.wording import long
from bot.sandbox.globalping.server import Fault
from tests.probes.globalping.globalping_on_loopback import Loopback, on_loopback
from tests.probes.globalping.test_globalping_failures import error, measured, refusing

SLOW_DOWN = Fault("POST", retry_after_s=1)


def verdicts(seen: list[PlaceRun]) -> list[str]:
    return [result.waiting or long(result.verdict) for run in seen for result in run.results]


async def asked(there: Loopback) -> tuple[PlaceRun, list[PlaceRun]]:
    seen: list[PlaceRun] = []
    return await there.measure("mtr", progress=seen.append), seen


async def test_creation_is_asked_again_when_globalping_said_when() -> None:
    """A 429 created nothing, so one measurement comes of it; meanwhile it says that it waits."""
    async with on_loopback() as there:
        there.sandbox.faults = [SLOW_DOWN]
        run, seen = await asked(there)

    assert run.id and run.results[0].measured and len(there.sandbox.requests) == 1
    assert verdicts(seen)[0] == "waiting 1 s… Globalping asks to slow down"
    assert seen[0].id == "" and seen[0].results[0].ok


async def test_longer_than_its_patience_is_said_and_not_waited_for() -> None:
    """Nobody looks at a card for a minute."""
    async with on_loopback() as there:
        there.sandbox.faults = [Fault("POST", retry_after_s=60)]
        run, seen = await asked(there)

    assert not run.results[0].measured and "asks to slow down" in long(run.results[0].verdict)
    assert seen == [] and there.sandbox.requests == []


async def test_used_up_tests_that_come_back_at_once_are_waited_for() -> None:
    """The hour is over in a second."""
    async with on_loopback() as there:
        there.sandbox.faults = [Fault("POST", kind="rate_limit_exceeded", retry_after_s=1)]
        run, seen = await asked(there)

    assert run.results[0].measured and "used up" in verdicts(seen)[0]


@pytest.mark.parametrize("status", [500, 502, 503, 0])
async def test_creation_that_broke_is_not_asked_again(status: int) -> None:
    """It may have been created, and would cost its tests twice."""
    async with on_loopback() as there:
        there.sandbox.faults = [Fault("POST", status=status, kind="api_error")]
        run, _ = await asked(there)

    assert not run.results[0].measured and there.sandbox.requests == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault("GET", retry_after_s=1),
        Fault("GET", kind="rate_limit_exceeded", retry_after_s=1),
        Fault("GET"),
        Fault("GET", status=500, kind="api_error"),
        Fault("GET", status=503, kind="api_error"),
        Fault("GET", status=0),
    ],
)
async def test_a_look_is_repeated(fault: Fault) -> None:
    """429, a server's fault, a broken connection: the measurement goes on, and is seen at the end."""
    async with on_loopback() as there:
        there.sandbox.faults = [fault, fault]
        run, seen = await asked(there)

    assert there.sandbox.faults == [] and "4 of 10 packets" in long(run.results[0].verdict)
    assert any("waiting" in verdict for verdict in verdicts(seen))


async def test_a_look_that_would_come_too_late_is_not_waited_for() -> None:
    """The reason is the result."""
    async with on_loopback() as there:
        there.sandbox.faults = [Fault("GET", retry_after_s=600)]
        run, _ = await asked(there)

    assert not run.results[0].ok and "asks to slow down" in long(run.results[0].verdict)


async def test_reset_stands_in_for_retry_after() -> None:
    """And what says neither is told at once."""
    soon = await measured(refusing(429, error("rate_limit_exceeded"), X_RateLimit_Reset="600"))

    assert not soon.measured and "used up" in long(soon.verdict)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": "3"}, 3.0),
        ({"retry-after": "3", "X-RateLimit-Reset": "9"}, 3.0),
        ({"X-RateLimit-Reset": "9"}, 9.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"Retry-After": "-1"}, None),
    ],
)
def test_seconds_to_wait(headers: dict[str, str], expected: float | None) -> None:
    """Whole seconds only, as its specification has them."""
    assert retry_after_s(headers) == expected
