"""What went wrong between the bot and Zendesk, as a DeskError with a few words for people."""

from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from bot.http_json import retry_after_s
from bot.tickets.answering import RefusalKind
from bot.tickets.desk import DeskError, OutcomeUnknown, TicketChanged, TicketRefused

SYSTEM = "Zendesk"
MAX_SAID_CHARS = 160


def desk_error(reason: str, *, retry: bool, retry_after_s: float | None = None) -> DeskError:
    return DeskError(SYSTEM, reason, retry=retry, retry_after_s=retry_after_s)


class NotThere(DeskError):
    """404: neither the record nor, on a server that has less than Zendesk, perhaps the endpoint exists."""


class Declined(DeskError):
    """Another 4xx about what was asked for (400, 403, 413, 422): the login is good, and nothing was done."""


class Forbidden(Declined):
    """403: this login may not do it; another one may."""


def outcome_unknown(reason: str, *, retry: bool = True, retry_after_s: float | None = None) -> OutcomeUnknown:
    return OutcomeUnknown(SYSTEM, reason, retry=retry, retry_after_s=retry_after_s)


def ticket_refused(reason: str, kind: RefusalKind) -> TicketRefused:
    return TicketRefused(SYSTEM, reason, kind=kind)


def ticket_changed(reason: str) -> TicketChanged:
    return TicketChanged(SYSTEM, reason, retry=True)


def refusal(response: requests.Response, *, login_settings: str, now: datetime) -> DeskError | None:
    """The error that a response is; None for a status of 2xx. `login_settings` names what to check on 401."""
    status = response.status_code
    if 200 <= status < 300:
        return None
    if status == HTTPStatus.CONFLICT:
        return ticket_changed("somebody else changed the ticket at the same moment (409)")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return desk_error("rate limit reached (429)", retry=True, retry_after_s=retry_after_s(response.headers, now))
    if status >= 500 or status == HTTPStatus.REQUEST_TIMEOUT:
        return outcome_unknown(f"server error {status}", retry_after_s=retry_after_s(response.headers, now))
    return _kind(status)(SYSTEM, _final_reason(response, login_settings), retry=False)


def _kind(status: int) -> type[DeskError]:
    if status == HTTPStatus.NOT_FOUND:
        return NotThere
    if status == HTTPStatus.FORBIDDEN:
        return Forbidden
    return DeskError if status < 400 or status == HTTPStatus.UNAUTHORIZED else Declined


def _final_reason(response: requests.Response, login_settings: str) -> str:
    status = response.status_code
    if 300 <= status < 400:
        host = urlsplit(response.headers.get("location", "")).hostname or "another address"
        return f"redirected to {host} ({status}): check ZENDESK_URL"
    if status == HTTPStatus.UNAUTHORIZED:
        return f"login refused (401): check {login_settings}"
    said = said_by(response)
    if status == HTTPStatus.FORBIDDEN:
        return f"not allowed (403): check the role and scopes of the bot's Zendesk user{said}"
    if status == HTTPStatus.NOT_FOUND:
        return f"not found (404): check ZENDESK_URL{said}"
    return f"refused ({status}){said}"


def said_by(response: requests.Response) -> str:
    """The server's own words about an error as ": words", "" where there are none."""
    words = list(_words_in(json_of(response)))
    line = " ".join(" ".join(dict.fromkeys(words)).split())
    return f": {line[:MAX_SAID_CHARS]}" if line else ""


def json_of(response: requests.Response) -> Any:
    """The JSON of a response; None for anything else (also for JSON that is nested too deeply)."""
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


def _words_in(body: object) -> Iterator[str]:
    """Zendesk's error bodies: error (a word or {title, message}), description, details {field: [{description}]}."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, list):
        for part in body[:3]:
            yield from _words_in(part)
    elif isinstance(body, dict):
        for key in ("title", "error", "message", "description", "error_description"):
            yield from _words_in(body.get(key))
        details = body.get("details")
        for part in list(details.values())[:3] if isinstance(details, dict) else []:
            yield from _words_in(part)


def connection_error(error: requests.RequestException, *, connect_s: float, read_s: float) -> DeskError:
    """A failure below HTTP: no name, no connection, no answer in time, a broken answer."""
    causes = list(_causes(error))
    if any(isinstance(cause, requests.exceptions.SSLError | urllib3.exceptions.SSLError) for cause in causes):
        return outcome_unknown("the server's TLS certificate is not trusted: check ZENDESK_URL", retry=False)
    if any(isinstance(cause, urllib3.exceptions.NameResolutionError) for cause in causes):
        return desk_error("unreachable: its name is not found in DNS", retry=True)
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return desk_error("unreachable: connection refused", retry=True)
    if any(isinstance(cause, requests.ConnectTimeout) for cause in causes):
        return desk_error(f"unreachable: no connection within {connect_s:g} s", retry=True)
    if any(isinstance(cause, requests.ReadTimeout | urllib3.exceptions.ReadTimeoutError) for cause in causes):
        return outcome_unknown(f"timed out after {read_s:g} s")
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return outcome_unknown("unreachable: the connection was lost")
    return outcome_unknown(f"can't be asked ({type(error).__name__}): check ZENDESK_URL", retry=False)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and what it stands for: requests and urllib3 wrap the first cause up to four times."""
    waiting, ids = [error], set[int]()
    while waiting:
        cause = waiting.pop()
        if id(cause) in ids:
            continue
        ids.add(id(cause))
        yield cause
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        waiting.extend(part for part in inner if isinstance(part, BaseException))
