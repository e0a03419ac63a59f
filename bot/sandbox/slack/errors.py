"""Refusals, as the Web API words them."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """One `{"ok": false}` answer. `code` is Slack's word; `messages` become response_metadata.messages."""

    def __init__(self, code: str, *, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.extra = extra

    def body(self) -> Json:
        body: Json = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": [f"[ERROR] {each}" for each in self.messages]}
        return body


class RateLimited(ApiError):
    """HTTP 429; `retry_after_s` whole seconds for the Retry-After header."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("ratelimited")
        self.retry_after_s = retry_after_s


def refuse_arguments(*messages: str) -> ApiError:
    return ApiError("invalid_arguments", messages=messages)
