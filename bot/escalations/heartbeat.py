"""The heartbeat: a GET of one address while the ladders are walked; somebody outside calls people when it stops."""

import aiohttp

from bot.errors import OutsideError
from bot.http_json import HttpJson

TIMEOUT_S = 10.0
BODY_MAX = 64 * 1024


class Heartbeat:
    """`url` is a secret: whoever knows it can keep the switch quiet."""

    def __init__(self, *, session: aiohttp.ClientSession, url: str) -> None:
        self._http = HttpJson(session=session, system="The heartbeat", timeout_s=TIMEOUT_S, body_max=BODY_MAX)
        self._url = url

    async def __call__(self) -> None:
        """Raises OutsideError."""
        answer = await self._http.ask("GET", self._url)
        if answer.status >= 400:
            raise OutsideError("The heartbeat", f"it answered {answer.status}", retry=answer.status >= 500)
