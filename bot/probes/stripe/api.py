"""Stripe's API as far as a test payment needs it (docs.stripe.com/api), and its errors told apart."""

import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp

from bot.errors import SecondLineError
from bot.loose_json import mapping, objects, parsed

TEST_KEYS = ("sk_test_", "rk_test_")
_BODY_LIMIT = 1024 * 1024
_CANCELLABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action", "processing")


class PaymentTrouble(SecondLineError):
    """A step did not succeed. `cause` is one word for machines; `uncertain`: the request may have had its effect."""

    def __init__(self, cause: str, words: str, *, uncertain: bool = False) -> None:
        super().__init__(words)
        self.cause = cause
        self.uncertain = uncertain


@dataclass(frozen=True, slots=True)
class PaymentPlan:
    """What a test payment is made of; `amount` in the currency's smallest unit."""

    email_domain: str = "example.com"
    payment_method: str = "pm_card_visa"
    amount: int = 100
    currency: str = "usd"


class Payments(Protocol):
    """A payment provider in test mode. Every call may raise PaymentTrouble; `key` makes a repeat the same request."""

    async def create_customer(self, email: str, *, key: str) -> str: ...

    async def pay(self, customer: str, plan: PaymentPlan, *, key: str) -> str: ...

    async def status_of(self, payment: str) -> str: ...

    async def cancel_unfinished(self, customer: str) -> None: ...

    async def delete_customer(self, customer: str) -> None: ...


def stripe_opened(*, url: str, key: str, tls: ssl.SSLContext) -> Callable[[], AbstractAsyncContextManager[Payments]]:
    """What opens connections to Stripe for one run and closes them after it; the caller keeps the time."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Payments]:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as session:
            yield StripePayments(session=session, url=url, key=key, tls=tls)

    return opened


class StripePayments:
    """Stripe behind `session`, whose life is the caller's."""

    def __init__(self, *, session: aiohttp.ClientSession, url: str, key: str, tls: ssl.SSLContext) -> None:
        self._session = session
        self._url = url
        self._key = key
        self._tls = tls

    async def create_customer(self, email: str, *, key: str) -> str:
        body = {"email": email, "description": "Second Line test payment"}
        return _id(await self._call("POST", "/v1/customers", body, key=key), "cus_")

    async def pay(self, customer: str, plan: PaymentPlan, *, key: str) -> str:
        body = {
            "amount": str(plan.amount),
            "currency": plan.currency,
            "customer": customer,
            "payment_method": plan.payment_method,
            "payment_method_types[]": "card",
            "confirm": "true",
            "description": "Second Line test payment",
        }
        return _id(await self._call("POST", "/v1/payment_intents", body, key=key), "pi_")

    async def status_of(self, payment: str) -> str:
        intent = await self._call("GET", f"/v1/payment_intents/{payment}")
        return str(intent.get("status", ""))

    async def cancel_unfinished(self, customer: str) -> None:
        """Looked up by the customer: a payment whose answer was lost or refused is found too."""
        intents = await self._call("GET", f"/v1/payment_intents?customer={customer}")
        for intent in objects(intents.get("data")):
            if intent.get("status") in _CANCELLABLE:
                await self._call("POST", f"/v1/payment_intents/{_id(intent, 'pi_')}/cancel", {})

    async def delete_customer(self, customer: str) -> None:
        await self._call("DELETE", f"/v1/customers/{customer}")

    async def _call(
        self, method: str, path: str, body: Mapping[str, str] | None = None, *, key: str = ""
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._key}"} | ({"Idempotency-Key": key} if key else {})
        try:
            async with self._session.request(
                method, self._url + path, data=body, headers=headers, ssl=self._tls, allow_redirects=False
            ) as answer:
                return read_answer(answer.status, await _whole(answer.content), answer.headers)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise unreachable(error) from error


async def _whole(content: aiohttp.StreamReader) -> bytes:
    """A body as far as the limit; a longer one can't be read as JSON then."""
    body = b""
    while len(body) < _BODY_LIMIT and (part := await content.read(_BODY_LIMIT - len(body))):
        body += part
    return body


def read_answer(status: int, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """The object in an answer. Raises PaymentTrouble for errors, for what is no object, and for one of live mode."""
    try:
        content = parsed(body)
    except ValueError:
        content = None
    request = str(headers.get("Request-Id", ""))[:60]
    where = f" (request {request})" if request.isascii() and request.isprintable() and request else ""
    if status >= 300 or not isinstance(content, dict):
        raise _refusal(status, mapping(content), where)
    if content.get("livemode") is True:
        raise PaymentTrouble("live", "Stripe answers in live mode: nothing more is asked with this key")
    return content


def unreachable(error: Exception) -> PaymentTrouble:
    """A request without an answer; whether it was received is known only where no connection came about."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return PaymentTrouble("unreachable", "Stripe can't be reached: its name can't be looked up")
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return PaymentTrouble("unreachable", "Stripe can't be reached: TLS fails")
    if isinstance(error, aiohttp.ClientConnectorError):
        refused = isinstance(error.os_error, ConnectionRefusedError)
        why = "connection refused" if refused else "no connection"
        return PaymentTrouble("unreachable", f"Stripe can't be reached: {why}")
    if isinstance(error, TimeoutError):
        return PaymentTrouble("timeout", "Stripe does not answer in time", uncertain=True)
    return PaymentTrouble("unreachable", "the connection to Stripe broke before the answer", uncertain=True)


def _refusal(status: int, content: Mapping[str, Any], where: str) -> PaymentTrouble:
    error = mapping(content.get("error"))
    kind, code, decline = (_word(error, name) for name in ("type", "code", "decline_code"))
    message = _word(error, "message", 300)
    if status == 401:
        return PaymentTrouble("wrong key", f"Stripe does not know the key in STRIPE_TEST_KEY{where}")
    if status == 403:
        return PaymentTrouble("wrong key", f"the key in STRIPE_TEST_KEY may not do this: {message or status}{where}")
    if status == 429:
        return PaymentTrouble("rate limit", f"Stripe's rate limit: too many requests{where}")
    if kind == "card_error":
        why = f"{decline or code or 'no reason given'}{f': {message}' if message else ''}"
        return PaymentTrouble("declined", f"the card is declined: {why}{where}")
    if 400 <= status < 500:
        why = message or code or kind or "no reason given"
        return PaymentTrouble("refused", f"Stripe refuses the request ({status}): {why}{where}")
    if status < 400:
        return PaymentTrouble(
            "unreadable", f"an answer that can't be read, with status {status}{where}", uncertain=True
        )
    words = f"Stripe answers with an error of its own: {status} {kind or code}".rstrip()
    return PaymentTrouble("api error", f"{words}{where}", uncertain=True)


def _word(error: Mapping[str, Any], name: str, most: int = 60) -> str:
    value = error.get(name)
    return " ".join(value.split())[:most] if isinstance(value, str) else ""


def _id(content: Mapping[str, Any], prefix: str) -> str:
    """An id as it may stand in a path."""
    value = content.get("id")
    good = isinstance(value, str) and value.startswith(prefix) and value.isascii()
    if not good or not str(value).replace("_", "").isalnum() or len(str(value)) > 100:
        raise PaymentTrouble("unreadable", "an answer without an id", uncertain=True)
    return str(value)
