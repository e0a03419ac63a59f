"""The Alertmanager sandbox and a real Alertmanager are asked the same."""

import contextlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import system_clock
from bot.sandbox.alertmanager.server import AlertmanagerSandbox
from tests.eventually import eventually_asked
from tests.sandbox.rest_client import PREFIX, rest_client
from tests.status.real_alertmanager import running_alertmanager

INHIBITION = """
inhibit_rules:
  - {source_matchers: ['severity="critical"'], target_matchers: ['severity="warning"'], equal: [region]}
"""
"""The sandbox's own rule."""
_NOTED_S = 20.0
YEAR = datetime.now(UTC).year
LOSS = {"alertname": "PacketLoss", "region": "us-east", "severity": "warning"}
DOWN = {"alertname": "Down", "region": "us-east", "severity": "critical"}
FAR = {"alertname": "PacketLoss", "region": "eu-central", "severity": "warning"}


def silence(**changed: Any) -> dict[str, Any]:
    matcher = {"name": "region", "value": "eu-central", "isRegex": False}
    times = {"startsAt": f"{YEAR - 1}-01-01T00:00:00Z", "endsAt": f"{YEAR + 1}-01-01T00:00:00Z"}
    return {"matchers": [matcher], **times, "createdBy": "kim", "comment": "on it", **changed}


EXCHANGES: list[tuple[str, str, Any]] = [
    ("GET", "/api/v2/alerts", None),
    ("POST", "/api/v2/alerts", [{"labels": LOSS, "annotations": {"summary": "x"}}, {"labels": FAR}]),
    ("GET", "/api/v2/alerts", None),
    ("POST", "/api/v2/alerts", [{"labels": DOWN, "generatorURL": "http://prometheus.example/"}]),
    ("GET", "/api/v2/alerts", None),
    ("GET", "/api/v2/alerts?inhibited=false", None),
    ("GET", "/api/v2/alerts?inhibited=maybe", None),
    ("GET", "/api/v2/alerts?active=false", None),
    ("GET", "/api/v2/alerts?receiver=nope", None),
    ("GET", "/api/v2/alerts?receiver=o.s", None),
    ("GET", '/api/v2/alerts?filter=region="us-east"&filter=severity="critical"', None),
    ("GET", '/api/v2/alerts?filter=region=~"us.*"', None),
    ("GET", '/api/v2/alerts?filter=region=~"us"', None),
    ("GET", '/api/v2/alerts?filter=region!="us-east"', None),
    ("GET", "/api/v2/alerts?filter=region!~us.%2B", None),
    ("GET", '/api/v2/alerts?filter=gateway=""', None),
    ("GET", "/api/v2/alerts?filter=foo", None),
    ("GET", '/api/v2/alerts?filter=region="us-east', None),
    ("GET", "/api/v2/alerts?filter=region=~(", None),
    ("GET", "/api/v2/alerts?receiver=(", None),
    ("POST", "/api/v2/alerts", [{"labels": {}}]),
    ("POST", "/api/v2/alerts", [{"annotations": {}}]),
    ("POST", "/api/v2/silences", silence()),
    ("GET", "/api/v2/silences", None),
    ("GET", "/api/v2/silences?filter=region=us-east", None),
    ("GET", "/api/v2/alerts?silenced=false", None),
    ("GET", '/api/v2/alerts?filter=region="eu-central"', None),
    ("POST", "/api/v2/silences", silence(matchers=[{"name": "region", "value": "", "isRegex": False}])),
    ("POST", "/api/v2/silences", silence(endsAt=f"{YEAR - 1}-02-01T00:00:00Z")),
    ("POST", "/api/v2/silences", silence(startsAt=f"{YEAR + 2}-01-01T00:00:00Z")),
    ("POST", "/api/v2/silences", silence(createdBy=None)),
    ("POST", "/api/v2/silences", silence(id="no-such-silence")),
    ("GET", "/api/v2/silence/nope", None),
    ("GET", "/api/v2/silence/11111111-1111-1111-1111-111111111111", None),
    ("DELETE", "/api/v2/silence/11111111-1111-1111-1111-111111111111", None),
    ("DELETE", "/api/v2/silence/{silence}", None),
    ("DELETE", "/api/v2/silence/{silence}", None),
    ("GET", "/api/v2/silence/{silence}", None),
    ("GET", "/api/v2/alerts?silenced=false", None),
    ("GET", "/api/v2/receivers", None),
    ("GET", "/api/v2/nope", None),
    (
        "POST",
        "/api/v2/alerts",
        [{"labels": DOWN, "endsAt": f"{YEAR - 1}-01-01T00:00:00Z", "startsAt": f"{YEAR - 1}-01-01T00:00:00Z"}],
    ),
    ("GET", "/api/v2/alerts", None),
]


Answer = tuple[str, int, Any]


class Talk:
    """All exchanges in order, with what must differ made the same."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url
        self._made = ""

    async def said(self, method: str, path: str, body: Any) -> Answer:
        address = self._url + path.replace("{silence}", self._made)
        async with self._http.request(method, address, json=body) as answer:
            text = await answer.text()
        if body and "silenceID" in text:
            self._made = json.loads(text)["silenceID"]
        return f"{method} {path}", answer.status, _comparable(text)

    async def said_in_the_end(self, method: str, path: str, wanted: Answer) -> Answer:
        """What is asked again until it is as wanted, for a moment: the real one takes note of alerts beside answering,
        and says a little later which of them inhibit others."""
        told: list[Answer] = []

        async def is_as_wanted() -> bool:
            told.append(await self.said(method, path, None))
            return told[-1] == wanted

        with contextlib.suppress(TimeoutError):
            await eventually_asked(is_as_wanted, within_s=_NOTED_S)
        return told[-1]


def _comparable(text: str) -> Any:
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text.strip())
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", text)
    # Go and Python word what is wrong with a regular expression each in their own way.
    text = re.sub(r"(error parsing regexp: ).*", r'\1…"', text)
    return json.loads(text) if text else None


async def test_it_answers_as_the_real_one_does(tmp_path: Path) -> None:
    """Alerts, filters, inhibition, silences and mistakes: the same status and the same body."""
    sandbox = AlertmanagerSandbox(clock=system_clock)
    async with (
        running_alertmanager(tmp_path, rules=INHIBITION) as real,
        rest_client(sandbox.routes(), {}) as client,
        aiohttp.ClientSession() as http,
    ):
        own, others = Talk(http, str(client.http.make_url(PREFIX))), Talk(http, real.url)
        for method, path, body in EXCHANGES:
            told = await own.said(method, path, body)
            if method == "GET":
                assert told == await others.said_in_the_end(method, path, told)
            else:
                assert told == await others.said(method, path, body)
