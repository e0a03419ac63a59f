"""A real Alertmanager with the sandbox's inhibition rule, as long as a block lasts."""

import asyncio
import socket
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.needs import needs_alertmanager

_CONFIGURATION = """
route: {receiver: ops}
receivers: [{name: ops}]
inhibit_rules:
  - {source_matchers: ['severity="critical"'], target_matchers: ['severity="warning"'], equal: [region]}
"""
_START_S = 20.0


@asynccontextmanager
async def real_alertmanager(folder: Path) -> AsyncIterator[str]:
    """Its address. The empty flag keeps it from listening for a cluster on every address."""
    program, port = needs_alertmanager(), _free_port()
    (folder / "alertmanager.yml").write_text(_CONFIGURATION)
    process = await asyncio.create_subprocess_exec(
        program,
        f"--config.file={folder}/alertmanager.yml",
        f"--storage.path={folder}/storage",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(_START_S), aiohttp.ClientSession() as http:
            while not await _ready(http, url):
                assert process.returncode is None, "Alertmanager ended at once"
        yield url
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _ready(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(f"{url}/-/ready") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
