"""What an endpoint is given, what it gives back, and Zendesk's error bodies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """An answer that is an error, in Zendesk's shape: `{"error": …, "description": …, "details": …}`."""

    def __init__(self, status: int, error: str, description: str = "", *, details: Json | None = None) -> None:
        super().__init__(f"{status} {error}: {description}")
        self.status = status
        self.body: Json = {"error": error}
        if description:
            self.body["description"] = description
        if details:
            self.body["details"] = details
        self.headers: dict[str, str] = {}


def not_found() -> ApiError:
    return ApiError(404, "RecordNotFound", "Not found")


def invalid_record(field_name: str, description: str, error: str = "InvalidValue") -> ApiError:
    """422 with one validation error, e.g. ("status", "Status: foo is not valid")."""
    details = {field_name: [{"description": description, "error": error}]}
    return ApiError(422, "RecordInvalid", "Record validation errors", details=details)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who a request acts as; `user_id` is None for a visitor without credentials, `scopes` None for no bounds."""

    user_id: int | None
    scopes: tuple[str, ...] | None = None
    token_id: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the endpoints see it.

    `base` is the URL under which this Zendesk was reached, without a slash at the end; `path` starts with
    /api/v2 and keeps a `.json` that was sent.
    """

    base: str
    path: str
    query: Mapping[str, str]
    params: Mapping[str, str]
    body: Json
    actor: Actor

    @property
    def url(self) -> str:
        return self.base + self.path

    def record(self, key: str) -> Json:
        """The object under `key` in the body; an absent or misshapen one is Zendesk's 400."""
        record = self.body.get(key)
        if not isinstance(record, dict):
            raise ApiError(400, "InvalidValue", f"{key}: is missing or no object")
        return record

    def id(self, name: str = "id") -> int:
        return int(self.params[name])

    def ids(self) -> list[int]:
        """The `ids=1,2` of a request for many; more than 100 is Zendesk's 400 TooManyValues."""
        listed = [part.strip() for part in self.query.get("ids", "").split(",") if part.strip()]
        if not listed or not all(part.isdigit() for part in listed):
            raise ApiError(400, "InvalidValue", "ids: must be a comma separated list of integers")
        if len(listed) > 100:
            raise ApiError(400, "TooManyValues", "ids: Too many values. Maximum is 100")
        return list(dict.fromkeys(int(part) for part in listed))


@dataclass(frozen=True, slots=True)
class Answer:
    body: Json | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method and path below /api/v2 (without `.json`), the OAuth scope it needs, and its own rate limit."""

    method: str
    pattern: str
    handler: Handler
    scope: str = ""
    bucket: str = ""
