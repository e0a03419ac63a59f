"""One Web API call, read and typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.content import flag, structure
from bot.sandbox.slack.errors import ApiError, refuse_arguments
from bot.sandbox.slack.model import Token

LARGEST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Call:
    """`args` without the token; `base_url` is where the sandbox was reached, without a trailing slash."""

    method: str
    args: Mapping[str, Any]
    token: Token
    base_url: str

    def text(self, name: str) -> str:
        value = self.args.get(name)
        return "" if value is None else str(value)

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise refuse_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        return flag(self.args[name]) if name in self.args else default

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """JSON as a string or as itself; None where it is missing."""
        return structure(self.args.get(name), error)

    def limit(self, default: int, most: int = LARGEST_PAGE) -> int:
        raw = self.text("limit") or str(default)
        if not raw.isdigit() or not 1 <= int(raw) <= most:
            raise ApiError("invalid_limit")
        return int(raw)

    def needs(self, scope: str) -> None:
        """For methods whose scope depends on the channel; raises missing_scope."""
        if scope not in self.token.scopes:
            raise missing_scope(scope, self.token)


def missing_scope(scope: str, token: Token) -> ApiError:
    return ApiError("missing_scope", needed=scope, provided=",".join(sorted(token.scopes)))
