"""Globalping's HTTP API: three requests, and what went wrong with them in words."""

from http import HTTPStatus
from typing import Any

import aiohttp

from bot.errors import SecondLineError
from bot.http_json import AnswerTooLong, HttpJson, JsonAnswer, NoAnswer, NoAnswerInTime, Unreachable
from bot.probes.globalping.quota import Quota, retry_after_s
from bot.probes.globalping.wire import Created, Measurement, error_of, read_created, read_measurement

TOKEN_REMEDY = "Set GLOBALPING_TOKEN: with a token it is 500 an hour (dash.globalping.io)."
_BAD_TOKEN_REMEDY = "Make a new token at dash.globalping.io, or take GLOBALPING_TOKEN away to ask without one."
_PLACE_REMEDY = (
    "Name a larger place: a city, a country, a continent, or a network as AS1221; + means and: Berlin+Germany."
)
_UNREADABLE = "Globalping's answer can't be read"


class NotAnswered(SecondLineError):
    """Globalping gave no usable answer. `passing` where the same request may be answered a moment later.

    `retry_after_s` is set where Globalping did nothing and said when it would: any request may be sent again then.
    """

    def __init__(
        self, sentence: str, remedy: str = "", *, passing: bool = False, retry_after_s: float | None = None
    ) -> None:
        super().__init__(sentence)
        self.remedy = remedy
        self.passing = passing
        self.retry_after_s = retry_after_s


class GlobalpingApi:
    """`url` is the base without /v1; `token` may be ""."""

    def __init__(self, *, session: aiohttp.ClientSession, url: str, token: str, quota: Quota) -> None:
        headers = {"accept-encoding": "gzip, deflate"} | ({"authorization": f"Bearer {token}"} if token else {})
        self._http = HttpJson(session=session, system="Globalping", headers=headers)
        self._url = f"{url.rstrip('/')}/v1"
        self.has_token = bool(token)
        self.quota = quota

    async def create(self, body: dict[str, Any]) -> Created:
        """Asks for a measurement. Raises NotAnswered."""
        answer = await self._ask("POST", "/measurements", json=body)
        self.quota.read_headers(answer.headers)
        if answer.status != HTTPStatus.ACCEPTED:
            raise self._refused(answer)
        if (created := read_created(answer.json())) is None:
            raise NotAnswered(_UNREADABLE)
        return created

    async def look(self, number: str, etag: str) -> tuple[Measurement | None, str]:
        """The measurement and its ETag; None where it is still what `etag` stands for. Raises NotAnswered."""
        answer = await self._ask("GET", f"/measurements/{number}", headers={"if-none-match": etag} if etag else {})
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return None, etag
        if answer.status != HTTPStatus.OK:
            raise self._refused(answer)
        if (measurement := read_measurement(answer.json())) is None:
            raise NotAnswered(_UNREADABLE)
        return measurement, answer.headers.get("etag", "")

    async def read_quota(self) -> None:
        """Ask how many tests are left, which costs none; without an answer the next request tells."""
        try:
            answer = await self._ask("GET", "/limits")
        except NotAnswered:
            return
        if answer.status == HTTPStatus.OK:
            self.quota.read_limits(answer.json())

    async def _ask(self, method: str, path: str, **more: Any) -> JsonAnswer:
        try:
            return await self._http.ask(method, self._url + path, **more)
        except AnswerTooLong as error:
            raise NotAnswered(_UNREADABLE) from error
        except NoAnswerInTime as error:
            raise NotAnswered(f"Globalping did not answer within {error.timeout_s:g} s", passing=True) from error
        except NoAnswer as error:
            why = error.why if isinstance(error, Unreachable) else "a broken answer"
            raise NotAnswered(f"Globalping can't be reached: {why}", passing=True) from error

    def _refused(self, answer: JsonAnswer) -> NotAnswered:
        status, (kind, message) = answer.status, error_of(answer.json())
        wait_s = retry_after_s(answer.headers)
        said = f": {message}" if message else ""
        match status:
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
                sentence = f"Globalping refused GLOBALPING_TOKEN ({status}){said}"
                return NotAnswered(sentence, _BAD_TOKEN_REMEDY if self.has_token else TOKEN_REMEDY)
            case HTTPStatus.UNPROCESSABLE_ENTITY if kind == "no_probes_found":
                return NotAnswered("Globalping has no probe there now", _PLACE_REMEDY)
            case HTTPStatus.TOO_MANY_REQUESTS if kind == "rate_limit_exceeded":
                sentence, remedy = self.quota.used_up(), "" if self.has_token else TOKEN_REMEDY
                return NotAnswered(sentence, remedy, retry_after_s=wait_s)
            case HTTPStatus.TOO_MANY_REQUESTS:
                return NotAnswered("Globalping asks to slow down", passing=True, retry_after_s=wait_s)
            case HTTPStatus.NOT_FOUND:
                return NotAnswered("Globalping no longer knows the measurement")
            case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return NotAnswered(f"Globalping has a fault of its own ({status}){said}", passing=True)
            case _:
                return NotAnswered(f"Globalping did not accept this ({status}){said}")
