"""A browser of somebody who looks at the bot's pages, without its window."""

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urljoin

import aiohttp

from bot.sandbox.free_port import free_port
from bot.sandbox.slack.seeds import CLIENT_ID, CLIENT_SECRET
from tests.eventually import eventually
from tests.stories.chat import WITHIN_S
from tests.stories.management import LINK_SECRET
from tests.stories.town import Town


@dataclass
class Browser:
    """One person's browser; cookies are kept, redirects followed by hand as far as a test wants."""

    session: aiohttp.ClientSession
    home: str
    texts: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.session.get(urljoin(self.home, path), headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    async def signs_in(self, user: str, *, back: str = "") -> tuple[int, str]:
        """By the page of Slack on which one chooses whom to act as."""
        async with self.session.get(f"{self.home}/login", params={"back": back} if back else {}) as page:
            assert page.status == 200, await page.text()
            hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', await page.text()))
            url = str(page.url).split("?")[0]
        hidden = {name: value.replace("&amp;", "&") for name, value in hidden.items()} | {"user": user}
        async with self.session.post(url, data=hidden) as arrived:
            return arrived.status, await arrived.text()


@asynccontextmanager
async def browser(there: Town, port: int) -> AsyncIterator[Browser]:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield Browser(session, f"http://127.0.0.1:{port}")


async def with_pages(there: Town, more: str = "") -> int:
    """Starts the bot with its pages; gives their port."""
    port = free_port()
    there.bot.environment |= {
        "SECONDLINE_LINK_SECRET": LINK_SECRET,
        "SLACK_LOGIN_CLIENT_ID": CLIENT_ID,
        "SLACK_LOGIN_CLIENT_SECRET": CLIENT_SECRET,
    }
    with (there.folder / "secondline.toml").open("a") as settings:
        settings.write(f'\n[web]\nport = {port}\npublic_url = "http://127.0.0.1:{port}"\ntier1 = ["tier1"]\n{more}')
    await there.bot_starts()
    await eventually(lambda: _listens(port), within_s=WITHIN_S)  # it comes after the connection to Slack
    return port


class Network:
    """What lies between a browser and the pages: it can be lost, with all that is open over it."""

    def __init__(self, to: int) -> None:
        self._to = to
        self.port = free_port()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def come_back(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)

    async def lose(self) -> None:
        if self._server:
            self._server.close()
        for writer in self._open:
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far = await asyncio.open_connection("127.0.0.1", self._to)
        self._open |= {writer, far}
        with contextlib.suppress(OSError):
            await asyncio.gather(_carry(reader, far), _carry(far_reader, writer))
        self._open -= {writer, far}


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def network_to(port: int) -> AsyncIterator[Network]:
    network = Network(port)
    await network.come_back()
    yield network
    await network.lose()


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
