"""Stripe's API for customers and payment intents, as strict as the real one about keys, parameters and repeats.

Shapes of objects and errors: docs.stripe.com/api (customers, payment_intents, errors, idempotent_requests).
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

TEST_KEY = "sk_test_sandbox"
MODES = ("ok", "declined", "api_error", "slow", "401", "429")
SLOW_S = 3.5
"""Longer than what the bot calls slow (3 s), shorter than its patience (5 s)."""
_DECLINES = {
    "pm_card_visa_chargeDeclined": "generic_decline",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "insufficient_funds",
}
_CUSTOMER = {"email", "description", "name"}
_INTENT = {
    "amount",
    "currency",
    "customer",
    "payment_method",
    "payment_method_types[]",
    "confirm",
    "description",
    "capture_method",
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Json = dict[str, Any]


class StripeSandbox:
    """`mode` decides what comes of payments: ok, declined, api_error, slow, or 401 and 429 for everything."""

    def __init__(self) -> None:
        self.mode = "ok"
        self.customers: dict[str, Json] = {}
        self.intents: dict[str, Json] = {}
        self._answered: dict[str, tuple[Json, int, Json]] = {}

    def routes(self) -> web.Application:
        """The API under /v1; `GET` and `POST /control {"mode"}` beside it."""
        app = web.Application()
        api = web.Application(middlewares=[self._checked])
        api.router.add_post("/customers", self._create_customer)
        api.router.add_delete("/customers/{id}", self._delete_customer)
        api.router.add_post("/payment_intents", self._create_intent)
        api.router.add_get("/payment_intents", self._list_intents)
        api.router.add_get("/payment_intents/{id}", self._read_intent)
        api.router.add_post("/payment_intents/{id}/cancel", self._cancel_intent)
        app.add_subapp("/v1", api)
        app.router.add_get("/control", self._show)
        app.router.add_post("/control", self._set_mode)
        return app

    @web.middleware
    async def _checked(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.mode == "401" or key != TEST_KEY:
            return _error(401, "invalid_request_error", f"Invalid API Key provided: {key[:8]}****")
        if self.mode == "429":
            return _error(429, "invalid_request_error", "Too many requests", code="rate_limit")
        form = request.content_type == "application/x-www-form-urlencoded"
        if request.method == "POST" and request.can_read_body and not form:
            return _error(400, "invalid_request_error", "Invalid request: the body must be form-encoded")
        return await self._once(request, handler)

    async def _once(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """A repeat with the same Idempotency-Key gets the first answer; with other parameters it is an error."""
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST" or not key:
            return await handler(request)
        asked = {"path": request.path, **await request.post()}
        if key in self._answered:
            before, status, body = self._answered[key]
            if before != asked:
                return _error(
                    400, "idempotency_error", "Keys for idempotent requests can only be used with the same parameters"
                )
            return web.json_response(body, status=status, headers={"Idempotent-Replayed": "true"})
        response = await handler(request)
        if isinstance(response, web.Response) and response.status < 500:
            self._answered[key] = (asked, response.status, _body(response))
        return response

    async def _create_customer(self, request: web.Request) -> web.Response:
        form = await request.post()
        if unknown := set(form) - _CUSTOMER:
            return _unknown(unknown)
        created: Json = {"id": _new("cus"), "object": "customer", "livemode": False, "email": form.get("email")}
        self.customers[created["id"]] = created
        return web.json_response(created)

    async def _delete_customer(self, request: web.Request) -> web.Response:
        found = request.match_info["id"]
        if self.customers.pop(found, None) is None:
            return _missing("customer", found)
        return web.json_response({"id": found, "object": "customer", "deleted": True})

    async def _create_intent(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        wrong = self._wrong(form)
        if wrong is not None:
            return wrong
        if self.mode == "api_error":
            return _error(500, "api_error", "An unknown error occurred")
        if self.mode == "slow":
            await asyncio.sleep(SLOW_S)
        intent: Json = {
            "id": _new("pi"),
            "object": "payment_intent",
            "livemode": False,
            "amount": int(form["amount"]),
            "currency": form["currency"],
            "customer": form.get("customer"),
            "status": "requires_confirmation",
        }
        self.intents[intent["id"]] = intent
        return self._confirmed(intent, form) if form.get("confirm") == "true" else web.json_response(intent)

    def _wrong(self, form: Mapping[str, str]) -> web.Response | None:
        if unknown := set(form) - _INTENT:
            return _unknown(unknown)
        for name in ("amount", "currency"):
            if not form.get(name):
                message = f"Missing required param: {name}."
                return _error(400, "invalid_request_error", message, code="parameter_missing", param=name)
        if not form["amount"].isdigit() or int(form["amount"]) < 50:
            message = "Amount must convert to at least 50 cents."
            return _error(400, "invalid_request_error", message, code="amount_too_small", param="amount")
        if form.get("customer", "") not in {"", *self.customers}:
            return _missing("customer", form["customer"])
        if not form.get("payment_method", "pm_card_").startswith("pm_card_"):
            return _missing("PaymentMethod", form["payment_method"])
        return None

    def _confirmed(self, intent: Json, form: Mapping[str, str]) -> web.Response:
        method = form.get("payment_method", "")
        decline = "generic_decline" if self.mode == "declined" else _DECLINES.get(method, "")
        if decline:
            intent["status"] = "requires_payment_method"
            message = "Your card was declined."
            return _error(402, "card_error", message, code="card_declined", decline_code=decline, payment_intent=intent)
        intent["status"] = "requires_action" if "authentication" in method.lower() else "succeeded"
        return web.json_response(intent)

    async def _list_intents(self, request: web.Request) -> web.Response:
        customer = request.query.get("customer", "")
        found = [intent for intent in self.intents.values() if not customer or intent["customer"] == customer]
        return web.json_response({"object": "list", "data": found[::-1], "has_more": False})

    async def _read_intent(self, request: web.Request) -> web.Response:
        found = self.intents.get(request.match_info["id"])
        return web.json_response(found) if found else _missing("payment_intent", request.match_info["id"])

    async def _cancel_intent(self, request: web.Request) -> web.Response:
        found = self.intents.get(request.match_info["id"])
        if found is None:
            return _missing("payment_intent", request.match_info["id"])
        if found["status"] in ("succeeded", "canceled"):
            message = f"You cannot cancel this PaymentIntent because it has a status of {found['status']}."
            return _error(400, "invalid_request_error", message, code="payment_intent_unexpected_state")
        found["status"] = "canceled"
        return web.json_response(found)

    async def _show(self, request: web.Request) -> web.Response:
        left = {"customers": len(self.customers), "modes": MODES, "mode": self.mode}
        return web.json_response(left | {"intents": [each["status"] for each in self.intents.values()]})

    async def _set_mode(self, request: web.Request) -> web.Response:
        mode = (await request.json()).get("mode")
        if mode not in MODES:
            return web.json_response({"error": f"mode is one of {', '.join(MODES)}"}, status=400)
        self.mode = mode
        return web.json_response({"ok": True})


def _new(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def _error(status: int, kind: str, message: str, **more: Any) -> web.Response:
    error = {"type": kind, "message": message, **more}
    return web.json_response({"error": error}, status=status, headers={"Request-Id": f"req_{secrets.token_hex(7)}"})


def _unknown(names: set[str]) -> web.Response:
    name = min(names)
    return _error(
        400, "invalid_request_error", f"Received unknown parameter: {name}", code="parameter_unknown", param=name
    )


def _missing(kind: str, found: str) -> web.Response:
    return _error(404, "invalid_request_error", f"No such {kind}: '{found}'", code="resource_missing", param="id")


def _body(response: web.Response) -> Json:
    found: Json = json.loads(response.text or "{}")
    return found
