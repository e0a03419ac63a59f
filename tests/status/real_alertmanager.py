"""A real Alertmanager on loopback, as long as a block lasts."""

import asyncio
import json
import re
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import aiohttp

from tests.eventually import eventually_asked
from tests.needs import needs_alertmanager

_CONFIGURATION = "route: {receiver: ops}\nreceivers: [{name: ops}]\n"
_START_S = 60.0
_LISTENS = re.compile(rb'msg="Listening on" address="?127\.0\.0\.1:(\d+)')


class RealAlertmanager:
    """Alerts are posted to it as Prometheus does."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session

    async def fire(self, name: str, *, since: datetime, until: datetime, **labels: str) -> None:
        """An alert that fires until then, unless it is posted again."""
        alert = {
            "labels": {"alertname": name, **labels},
            "annotations": {"summary": f"{name} on {labels.get('instance', 'all')}"},
            "startsAt": since.isoformat(),
            "endsAt": until.isoformat(),
            "generatorURL": "http://prometheus.example/graph",
        }
        async with self._session.post(f"{self.url}/api/v2/alerts", json=[alert]) as response:
            assert response.status == 200, await response.text()

    async def silences(self) -> list[dict[str, object]]:
        async with self._session.get(f"{self.url}/api/v2/silences") as response:
            found: list[dict[str, object]] = json.loads(await response.text())
            return found

    async def ready(self) -> bool:
        try:
            async with self._session.get(f"{self.url}/-/ready") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False


@asynccontextmanager
async def running_alertmanager(folder: Path, *, rules: str = "") -> AsyncIterator[RealAlertmanager]:
    """`rules` are more of its configuration. The empty flag keeps it from listening for a cluster on every address."""
    program = needs_alertmanager()
    (folder / "alertmanager.yml").write_text(_CONFIGURATION + rules)
    process = await asyncio.create_subprocess_exec(
        program,
        f"--config.file={folder}/alertmanager.yml",
        f"--storage.path={folder}/storage",
        "--web.listen-address=127.0.0.1:0",
        "--cluster.listen-address=",
        stdout=DEVNULL,
        stderr=PIPE,
    )
    try:
        async with aiohttp.ClientSession() as session:
            async with asyncio.timeout(_START_S):
                port, saying = await _listens_at(process)
            reading = asyncio.create_task(_read_on(saying))
            manager = RealAlertmanager(f"http://127.0.0.1:{port}", session)
            await eventually_asked(manager.ready, within_s=_START_S)
            yield manager
            reading.cancel()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _listens_at(process: Process) -> tuple[int, asyncio.StreamReader]:
    """The port that it has chosen, and what it goes on to say: one that was free a moment ago may be another's."""
    assert process.stderr
    said = b""
    async for line in process.stderr:
        if found := _LISTENS.search(line):
            return int(found[1]), process.stderr
        said += line
    raise AssertionError(f"Alertmanager ended at once: {said.decode()}")


async def _read_on(saying: asyncio.StreamReader) -> None:
    """Whoever is not read stands still in the end."""
    while await saying.read(65_536):
        pass
