"""What an endpoint is given and what it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from multidict import CIMultiDictProxy, MultiMapping

Json = dict[str, Any]


class Refused(Exception):
    """An answer that is an error, with its body as the system that is stood in for words it."""

    def __init__(self, status: int, body: Any, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `base` is the URL under which the stand-in was reached, without a slash at its end."""

    method: str
    base: str
    path: str
    query: MultiMapping[str]
    params: Mapping[str, str]
    headers: CIMultiDictProxy[str]
    text: str
    content_type: str

    @property
    def url(self) -> str:
        return self.base + self.path


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is JSON; None is no body at all."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method and path pattern, the permission that it needs, and the rate limit that it counts for."""

    method: str
    pattern: str
    handler: Handler
    needs: str = ""
    bucket: str = ""
