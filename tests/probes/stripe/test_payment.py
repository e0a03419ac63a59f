"""The payment probe against a Stripe on loopback, and Stripe's answers told apart."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import system_clock
from bot.errors import BadInput
from bot.probes.model import ProbeResult, Subject
from bot.probes.stripe.api import PaymentPlan, PaymentTrouble, read_answer, stripe_opened
from bot.probes.stripe.payment import PaymentProbe
from bot.probes.web.tls import verifying
from bot.probes.wording import long
from bot.sandbox.stripe.server import TEST_KEY, StripeSandbox
from tests.eventually import eventually
from tests.probes.listeners import closed_port, listening, resetting

PAYMENTS = Subject("Payments", test_payment=True, trusted=True)


@pytest.fixture
async def stripe() -> AsyncIterator[tuple[StripeSandbox, str]]:
    sandbox = StripeSandbox()
    async with TestServer(sandbox.routes()) as server:
        yield sandbox, str(server.make_url("")).rstrip("/")


Stripe = tuple[StripeSandbox, str]


def probe(url: str, *, key: str = TEST_KEY, plan: PaymentPlan | None = None) -> PaymentProbe:
    opened = stripe_opened(url=url, key=key, tls=verifying())
    return PaymentProbe(opened=opened, key=key, plan=plan or PaymentPlan(), clock=system_clock)


async def paid(url: str, *, key: str = TEST_KEY, plan: PaymentPlan | None = None) -> ProbeResult:
    return await probe(url, key=key, plan=plan).run(PAYMENTS, progress=lambda _result: None)


async def test_a_payment_succeeds_step_by_step_and_leaves_nothing(stripe: Stripe) -> None:
    """Each step has its time; the customer is gone."""
    result = await paid(stripe[1])

    assert result.ok, long(result.verdict)
    assert [(reading.name, reading.ok) for reading in result.readings] == [
        ("customer", True),
        ("payment", True),
        ("read back", True),
        ("removal", True),
    ]
    assert long(result.verdict).startswith("A test payment succeeds in ")
    assert stripe[0].customers == {}
    assert result.verdict.about.name.startswith("probe+") and result.verdict.about.name.endswith("@example.com")


async def test_progress_is_told_after_each_step(stripe: Stripe) -> None:
    """The card fills while it runs."""
    seen: list[int] = []
    await probe(stripe[1]).run(PAYMENTS, progress=lambda result: seen.append(len(result.readings)))

    assert seen == [1, 2, 3]


@pytest.mark.parametrize(
    ("mode", "cause", "words"),
    [
        ("declined", "declined", "the card is declined: generic_decline: Your card was declined. (request req_"),
        ("api_error", "api error", "Stripe answers with an error of its own: 500 api_error (request req_"),
        ("401", "wrong key", "Stripe does not know the key in STRIPE_TEST_KEY"),
        ("429", "rate limit", "Stripe's rate limit: too many requests"),
    ],
)
async def test_failures_are_told_apart(stripe: Stripe, mode: str, cause: str, words: str) -> None:
    """A decline, an error of Stripe's, a wrong key and a rate limit; what was made is removed."""
    stripe[0].mode = mode
    result = await paid(stripe[1])

    assert not result.ok and result.measured
    assert result.verdict.faults[0].cause == cause
    assert long(result.verdict).startswith(f"The test payment fails: {words}")
    assert stripe[0].customers == {}
    assert all(intent["status"] == "canceled" for intent in stripe[0].intents.values())


async def test_a_decline_of_the_card_names_its_code(stripe: Stripe) -> None:
    """The test card decides."""
    result = await paid(stripe[1], plan=PaymentPlan(payment_method="pm_card_visa_chargeDeclinedInsufficientFunds"))

    assert "insufficient_funds" in long(result.verdict)
    assert [intent["status"] for intent in stripe[0].intents.values()] == ["canceled"]


async def test_a_payment_that_waits_for_its_customer_is_no_success(stripe: Stripe) -> None:
    """Read back it is not succeeded, and it is cancelled."""
    result = await paid(stripe[1], plan=PaymentPlan(payment_method="pm_card_authenticationRequired"))

    assert long(result.verdict) == "The test payment fails: the payment is requires_action, not succeeded"
    assert [intent["status"] for intent in stripe[0].intents.values()] == ["canceled"]


async def test_a_request_that_stripe_refuses_is_named(stripe: Stripe) -> None:
    """The reason is Stripe's own."""
    result = await paid(stripe[1], plan=PaymentPlan(amount=1))

    assert result.verdict.faults[0].cause == "refused"
    assert "Amount must convert to at least 50 cents" in long(result.verdict)


async def test_nobody_there_is_unreachable() -> None:
    """No customer was made, so none is looked for."""
    result = await paid(f"http://127.0.0.1:{closed_port()}")

    assert long(result.verdict) == "The test payment fails: Stripe can't be reached: connection refused"
    assert [reading.name for reading in result.readings] == ["customer"]


async def test_what_may_be_left_behind_is_named() -> None:
    """The connection broke: nobody knows whether the customer was made."""
    async with listening(resetting) as port:
        result = await paid(f"http://127.0.0.1:{port}")

    assert result.verdict.faults[0].cause == "unreachable"
    assert "the test customer probe+" in long(result.verdict) and "may be left behind" in long(result.verdict)


async def test_a_cancelled_run_removes_what_it_made(stripe: Stripe) -> None:
    """Also where the answer to the payment has not come."""
    stripe[0].mode = "slow"
    task = asyncio.create_task(paid(stripe[1]))
    await eventually(lambda: stripe[0].customers)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert task.cancelled()
    assert stripe[0].customers == {}


@pytest.mark.parametrize("key", ["", "sk_live_1", "pk_test_1", "rk_live_1"])
async def test_without_a_test_key_nothing_is_sent(stripe: Stripe, key: str) -> None:
    """A live key would move real money."""
    result = await paid(stripe[1], key=key)

    assert not result.measured
    assert "STRIPE_TEST_KEY" in long(result.verdict) and "sk_test_" in result.remedy
    assert key == "" or key not in repr(result)


async def test_only_targets_that_ask_for_it_get_payments(stripe: Stripe) -> None:
    """Neither another target nor a typed host."""
    for subject in (Subject("x", trusted=True), Subject("x", test_payment=True)):
        with pytest.raises(BadInput, match="test_payment = true"):
            await probe(stripe[1]).run(subject, progress=lambda _result: None)


async def test_an_answer_in_live_mode_ends_it() -> None:
    """Whatever the key looks like."""

    async def live(_request: web.Request) -> web.Response:
        return web.json_response({"id": "cus_1", "livemode": True})

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", live)
    async with TestServer(app) as server:
        result = await paid(str(server.make_url("")).rstrip("/"))

    assert result.verdict.faults[0].cause == "live"
    assert [reading.name for reading in result.readings] == ["customer"]


async def test_a_repeat_makes_no_second_customer(stripe: Stripe) -> None:
    """The sandbox keeps Stripe's rule of Idempotency-Key: same parameters, same answer."""
    async with aiohttp.ClientSession() as http:
        headers = {"Authorization": f"Bearer {TEST_KEY}", "Idempotency-Key": "one"}
        url = f"{stripe[1]}/v1/customers"
        answers = [await http.post(url, data={"email": mail}, headers=headers) for mail in ("a@b.c", "a@b.c", "x@b.c")]
        ids = [(await answer.json()).get("id") for answer in answers]

    assert ids[0] == ids[1] and answers[2].status == 400
    assert len(stripe[0].customers) == 1


@given(st.integers(200, 599), st.binary(max_size=200), st.text(max_size=20))
def test_any_answer_is_an_object_or_trouble(status: int, body: bytes, request: str) -> None:
    """No crash, and no answer that was none."""
    try:
        assert isinstance(read_answer(status, body, {"Request-Id": request}), dict)
    except PaymentTrouble as trouble:
        assert trouble.cause and "\n" not in trouble.sentence


errors = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["type", "code", "decline_code", "message", "id"]), inner)
    ),
)


@given(st.integers(300, 599), errors)
def test_any_error_has_words(status: int, error: object) -> None:
    """Whatever stands where Stripe's errors stand."""
    with pytest.raises(PaymentTrouble) as caught:
        read_answer(status, json.dumps({"error": error}).encode(), {})

    assert caught.value.sentence
