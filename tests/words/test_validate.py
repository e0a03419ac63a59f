"""The run that asks a real workspace, against a server that answers as Slack's method does."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from tests.loopback import as_json, served
from tests.words.validate import CannotValidate, payloads, refused, validator


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
            return as_json({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "0"})
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


async def run(service: Validator) -> list[str]:
    async with served(service.app()) as origin:
        return [line async for line in refused(validator("xoxb-1", f"{origin}/api/"))]


async def test_every_message_is_asked_about_and_what_is_refused_is_named() -> None:
    """By room, message and place in it."""
    service = Validator()
    lines = await run(service)

    assert len(service.asked) == len(list(payloads())) > 100
    assert {key for form in service.asked for key in form} == {"blocks", "view"}
    assert "help, Six verbs: /0/type no headers here" in lines


async def test_where_slack_asks_to_wait_it_goes_on_afterwards() -> None:
    """With the same message."""
    service = Validator(busy=2)
    await run(service)

    assert not service.busy and len(service.asked) == len(list(payloads()))


async def test_a_token_that_is_refused_ends_it() -> None:
    """Nothing was validated, and that is said."""
    with pytest.raises(CannotValidate, match="invalid_auth"):
        await run(Validator(error="invalid_auth"))
