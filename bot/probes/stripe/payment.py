"""The payment probe: a test payment by a new customer, step by step, with nothing left behind."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TypeVar

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.icmp.loss import ms
from bot.probes.model import About, Fault, Numbers, ProbeKind, ProbeReading, ProbeResult, Progress, Shape, Subject
from bot.probes.results import Run
from bot.probes.stripe.api import TEST_KEYS, PaymentPlan, Payments, PaymentTrouble

PAYMENT = ProbeKind(
    "payment",
    columns=("Step", "Result", "Time"),
    needs="test_payment is off",
    applies=lambda subject: subject.test_payment,
    shape=Shape.STEPS,
    noun="steps",
    rules_out="the test payment",
)
STEP_S = 5.0
ALL_STEPS_S = 8.0
"""With the removal after them it stays within a playbook's 12 s."""
REMOVAL_S = 3.0
SLOW_S = 3.0

T = TypeVar("T")
Opened = Callable[[], AbstractAsyncContextManager[Payments]]


@dataclass(slots=True)
class _Attempt:
    """What one run made, and how far it came. `customer` is "" until its id is known."""

    name: str
    email: str
    steps: list[ProbeReading] = field(default_factory=list)
    removal: ProbeReading | None = None
    customer: str = ""
    customer_uncertain: bool = False
    trouble: PaymentTrouble | None = None


class PaymentProbe:
    """Test mode only: without a test key nothing is sent. `opened` connects to the provider."""

    kind = PAYMENT

    def __init__(self, *, opened: Opened, key: str, plan: PaymentPlan, clock: Clock) -> None:
        self._opened = opened
        self._key = key
        self._plan = plan
        self._clock = clock

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.test_payment or not subject.trusted:
            raise BadInput(
                f"{subject.label} gets no test payments. Its entry in secondline.toml needs test_payment = true."
            )
        run = Run(self.kind, subject.label, self._clock)
        barred = _barred(self._key)
        if barred:
            return run.could_not(*barred, set_up=False)
        name = secrets.token_hex(8)
        attempt = _Attempt(name, f"probe+{name}@{self._plan.email_domain}")
        async with self._opened() as payments:
            try:
                await self._pay(payments, attempt, lambda: progress(self._result(run, attempt)))
            finally:
                # Also after a cancellation, which must not cut the removal short.
                await asyncio.shield(asyncio.ensure_future(self._remove(payments, attempt)))
        return self._result(run, attempt)

    async def _pay(self, payments: Payments, attempt: _Attempt, tell: Callable[[], None]) -> None:
        try:
            async with asyncio.timeout(ALL_STEPS_S):
                await self._steps(payments, attempt, tell)
        except PaymentTrouble as trouble:
            attempt.trouble = trouble
        except TimeoutError:
            attempt.trouble = PaymentTrouble("timeout", f"not finished after {ALL_STEPS_S:g} s", uncertain=True)
            attempt.steps.append(_row("payment", attempt.trouble.sentence, ALL_STEPS_S * 1000, "timeout"))
        tell()

    async def _steps(self, payments: Payments, attempt: _Attempt, tell: Callable[[], None]) -> None:
        # Uncertain until answered: a cancellation in between must not forget the customer.
        attempt.customer_uncertain = True
        try:
            created = payments.create_customer(attempt.email, key=f"{attempt.name}-customer")
            attempt.customer = await _timed(attempt, "customer", created)
        except PaymentTrouble as trouble:
            attempt.customer_uncertain = trouble.uncertain
            raise
        tell()
        paying = payments.pay(attempt.customer, self._plan, key=f"{attempt.name}-payment")
        payment = await _timed(attempt, "payment", paying)
        tell()
        status = await _timed(attempt, "read back", payments.status_of(payment))
        if status != "succeeded":
            words = f"the payment is {status or 'without a status'}, not succeeded"
            attempt.steps[-1] = _row("read back", words, _took_ms(attempt.steps[-1]), "status")
            raise PaymentTrouble("status", words)

    async def _remove(self, payments: Payments, attempt: _Attempt) -> None:
        """Takes away what was made; what could not be is named, so that somebody can do it by hand."""
        if not attempt.customer and not attempt.customer_uncertain:
            return
        loop = asyncio.get_running_loop()
        started, words = loop.time(), ""
        try:
            async with asyncio.timeout(REMOVAL_S):
                if not attempt.customer:
                    # The same key: Stripe answers with the customer of the first request, or makes it now.
                    attempt.customer = await payments.create_customer(attempt.email, key=f"{attempt.name}-customer")
                await payments.cancel_unfinished(attempt.customer)
                await payments.delete_customer(attempt.customer)
        except (PaymentTrouble, TimeoutError) as error:
            why = error.sentence if isinstance(error, PaymentTrouble) else f"not done within {REMOVAL_S:g} s"
            words = f"the test customer {attempt.customer or attempt.email} may be left behind: {why}"
        took_ms = (loop.time() - started) * 1000
        attempt.removal = _row("removal", words, took_ms, "left behind" if words else "")

    def _result(self, run: Run, attempt: _Attempt) -> ProbeResult:
        slow = [step for step in attempt.steps if _took_ms(step) > SLOW_S * 1000]
        return run.result(
            run.kind.verdict(
                about=About(attempt.email),
                wrong="fails" if attempt.trouble else "slow" if slow else "",
                numbers=Numbers(took_ms=sum(map(_took_ms, attempt.steps))),
                faults=_faults(attempt.trouble, slow),
                remarks=(attempt.removal.reason,) if attempt.removal and not attempt.removal.ok else (),
            ),
            [*attempt.steps, *([attempt.removal] if attempt.removal else [])],
        )


def _faults(trouble: PaymentTrouble | None, slow: Sequence[ProbeReading]) -> tuple[Fault, ...]:
    """The step that failed, or the first that was slow."""
    if trouble:
        return (Fault(About("The test payment"), trouble.sentence, cause=trouble.cause),)
    return tuple(Fault(About(reading.name), "slow", reading.numbers, "slow") for reading in slow[:1])


def _took_ms(reading: ProbeReading) -> float:
    return reading.numbers.took_ms or 0.0


def _barred(key: str) -> tuple[str, str] | None:
    """Why no payment may be made, and how to mend it; None for a key of test mode."""
    if not key:
        return (
            "No test payment: STRIPE_TEST_KEY is not set",
            "Set it to a key of Stripe's test mode (sk_test_… or rk_test_…).",
        )
    if not key.startswith(TEST_KEYS):
        words = "No test payment: STRIPE_TEST_KEY holds no key of test mode"
        return words, "A live key would move real money. Set it to sk_test_… or rk_test_… ."
    return None


async def _timed(attempt: _Attempt, step: str, call: Awaitable[T]) -> T:
    """One step and its row. Raises PaymentTrouble."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    try:
        async with asyncio.timeout(STEP_S) as limit:
            answer = await call
    except PaymentTrouble as trouble:
        attempt.steps.append(_row(step, trouble.sentence, (loop.time() - started) * 1000, trouble.cause))
        raise
    except TimeoutError as error:
        if not limit.expired():
            raise
        late = PaymentTrouble("timeout", f"no answer to {step} within {STEP_S:g} s", uncertain=True)
        attempt.steps.append(_row(step, late.sentence, STEP_S * 1000, late.cause))
        raise late from error
    attempt.steps.append(_row(step, "", (loop.time() - started) * 1000))
    return answer


def _row(step: str, reason: str, time_ms: float, cause: str = "") -> ProbeReading:
    return ProbeReading(
        step, not reason, (step, cause or "ok", ms(time_ms)), reason, Numbers(took_ms=round(time_ms, 2)), cause
    )
