"""A real Alertmanager on loopback, as long as a block lasts."""

import asyncio
import json
import socket
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import aiohttp

from bot.sandbox.free_port import free_port
from tests.eventually import eventually
from tests.needs import needs_alertmanager

_CONFIGURATION = "route: {receiver: ops}\nreceivers: [{name: ops}]\n"
_START_S = 20.0


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
    program, port = needs_alertmanager(), free_port()
    (folder / "alertmanager.yml").write_text(_CONFIGURATION + rules)
    process = await asyncio.create_subprocess_exec(
        program,
        f"--config.file={folder}/alertmanager.yml",
        f"--storage.path={folder}/storage",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    try:
        async with aiohttp.ClientSession() as session:
            manager = RealAlertmanager(f"http://127.0.0.1:{port}", session)
            await eventually(lambda: process.returncode is not None or _listens(port), within_s=_START_S)
            assert process.returncode is None, "Alertmanager ended at once"
            async with asyncio.timeout(_START_S):
                while not await manager.ready():
                    pass
            yield manager
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _listens(port: int) -> bool:
    """Asked so seldom that the program is not kept from starting."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
