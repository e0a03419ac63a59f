"""The run that asks a real workspace, against a server that answers as Slack's method does."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from tests.loopback import as_json, served
from tests.words.validate import CannotValidate, payloads, refused


@dataclass
class Validator:
    """Refuses headers; answers 429 to the first `busy` calls, `error` to every one."""

    busy: int = 0
    error: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/api/blocks.validate", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.Response:
        if self.busy:
            self.busy -= 1
            return as_json({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "7"})
        if self.error:
            return as_json({"ok": False, "error": self.error})
        form = {name: json.loads(str(text)) for name, text in (await request.post()).items()}
        self.asked.append(form)
        (payload,) = form.values()
        blocks = payload if isinstance(payload, list) else payload["blocks"]
        wrong = [
            {"pointer": f"/{place}/type", "code": "failed_constraint", "message": "no headers here"}
            for place, block in enumerate(blocks)
            if block["type"] == "header"
        ]
        answer = {"ok": not wrong, "error": "invalid_blocks", "errors": wrong} if wrong else {"ok": True}
        return as_json(answer)


async def run(validator: Validator, waits: list[float] | None = None) -> list[str]:
    async def wait(seconds: float) -> None:
        assert waits is not None
        waits.append(seconds)

    async with served(validator.app()) as origin:
        client = AsyncWebClient("xoxb-1", base_url=f"{origin}/api/", retry_handlers=[])
        return [line async for line in refused(client, wait=wait)]


async def test_every_message_is_asked_about_and_what_is_refused_is_named() -> None:
    """By room, message and place in it."""
    validator = Validator()
    lines = await run(validator)

    assert len(validator.asked) == len(list(payloads())) > 100
    assert {key for form in validator.asked for key in form} == {"blocks", "view"}
    assert "help, Six verbs: /0/type no headers here" in lines


async def test_it_waits_as_long_as_slack_asks() -> None:
    """And goes on with the same message."""
    waits: list[float] = []
    validator = Validator(busy=2)
    await run(validator, waits)

    assert waits == [7.0, 7.0] and len(validator.asked) == len(list(payloads()))


async def test_a_token_that_is_refused_ends_it() -> None:
    """Nothing was validated, and that is said."""
    with pytest.raises(CannotValidate, match="invalid_auth"):
        await run(Validator(error="invalid_auth"))
