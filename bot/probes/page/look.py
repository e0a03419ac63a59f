"""One look at one page: going there, waiting until it is drawn, and taking its picture."""

import asyncio
import base64
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bot.probes.page.devtools import BrowserFailed, Devtools, devtools

WIDTH, HEIGHT, SCALE = 412, 732, 2
"""A phone's, in CSS pixels, drawn at twice the size: text that can be read where the picture will be looked at."""
_QUIET_S = 1.5
"""How long, after the page has loaded, its scripts may go on asking for things before the picture is taken."""
SHOT_SHARE = 0.25
"""What part of the time is kept for taking the picture of a page that does not finish."""
_SUBSCRIPTIONS = ("Page.enable", "Network.enable")


@dataclass(slots=True)
class PageLook:
    """What was seen; filled as it comes, so that a deadline leaves what there was.

    `urls` are those of the page, redirects included. `error` is Chromium's word ("net::ERR_FAILED"), "" for none.
    """

    urls: list[str] = field(default_factory=list)
    status: int = 0
    title: str = ""
    loaded_s: float | None = None
    error: str = ""
    png: bytes = b""


class Looker:
    """Looks at a page by way of a browser's pipes; all that the page asks for goes through the proxy."""

    def __init__(self, reader: StreamReader, writer: StreamWriter, *, proxy_port: int) -> None:
        self._pipes = reader, writer
        self._proxy_port = proxy_port
        self._look = PageLook()
        self._frame = ""
        self._loader = ""
        self._loaded = asyncio.Event()
        self._quiet = asyncio.Event()
        self._tools: Devtools | None = None

    async def look(self, url: str, *, within_s: float, start_s: float, look: PageLook) -> None:
        """Fills `look`; a page that does not finish is taken as it is.

        The time of the page begins once the browser is there: a machine that starts it slowly says nothing of a page.
        Raises BrowserFailed, also where the browser is not there within `start_s`, and TimeoutError after `within_s`.
        """
        self._look = look
        async with devtools(*self._pipes, on_event=self._happened) as tools:
            self._tools = tools
            try:
                async with asyncio.timeout(start_s):
                    await self._open_page(tools)
            except TimeoutError:
                raise BrowserFailed(f"it did not start within {start_s:g} s") from None
            async with asyncio.timeout(within_s):
                await self._go(tools, url, within_s * (1 - SHOT_SHARE))
                # The page of an error is Chromium's own, and says less than the reason in words.
                if look.status and not look.error:
                    await self._identify(tools)
                    shot = await tools.call("Page.captureScreenshot", format="png")
                    look.png = base64.b64decode(shot.get("data", ""))

    async def _open_page(self, tools: Devtools) -> None:
        await tools.call("Browser.setDownloadBehavior", behavior="deny")
        proxy = {"proxyServer": f"http://127.0.0.1:{self._proxy_port}", "proxyBypassList": "<-loopback>"}
        context = (await tools.call("Target.createBrowserContext", **proxy))["browserContextId"]
        target = (await tools.call("Target.createTarget", url="about:blank", browserContextId=context))["targetId"]
        tools.session = (await tools.call("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        for method in _SUBSCRIPTIONS:
            await tools.call(method)
        await tools.call("Page.setLifecycleEventsEnabled", enabled=True)
        await tools.call(
            "Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=SCALE, mobile=False
        )

    async def _go(self, tools: Devtools, url: str, within_s: float) -> None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(within_s):
                self._frame = (await tools.call("Page.getFrameTree"))["frameTree"]["frame"]["id"]
                began = await tools.call("Page.navigate", url=url)
                self._look.error = str(began.get("errorText", ""))
                while not self._look.error:
                    await self._loaded.wait()
                    self._look.loaded_s = self._look.loaded_s or loop.time() - started
                    if await self._settled():
                        return
        except TimeoutError:
            return  # what is there is shown; `loaded_s` tells whether it is all

    async def _settled(self) -> bool:
        """Whether the page is as it will be; False where it has gone on to another one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_QUIET_S):
                await self._quiet.wait()
        return self._loaded.is_set()

    async def _identify(self, tools: Devtools) -> None:
        """URL and title as the browser itself knows them, without asking the page's scripts."""
        history = await tools.call("Page.getNavigationHistory")
        entry = history["entries"][history["currentIndex"]]
        self._look.title = " ".join(str(entry.get("title", "")).split())
        reached = str(entry["url"]).partition("#")[0]
        if reached not in self._look.urls:
            self._look.urls.append(reached)

    def _happened(self, event: str, about: dict[str, Any]) -> None:
        if event == "Page.javascriptDialogOpening" and self._tools:
            # A dialog holds up everything until it is answered.
            self._tools.tell("Page.handleJavaScriptDialog", accept=False)
        elif event == "Network.loadingFailed" and self._loader and about.get("requestId") == self._loader:
            self._look.error = str(about.get("errorText", ""))
            self._loaded.set()
        elif self._frame and about.get("frameId") == self._frame:
            self._in_page(event, about)

    def _in_page(self, event: str, about: dict[str, Any]) -> None:
        """Tells whether it is the page itself and no frame in it. Each of its documents has a loader of its own."""
        if event == "Page.lifecycleEvent" and about.get("loaderId") == self._loader:
            if about["name"] == "load":
                self._loaded.set()
            elif about["name"] == "networkAlmostIdle":
                self._quiet.set()
        elif event == "Network.requestWillBeSent" and about.get("type") == "Document":
            self._loader = str(about["loaderId"])
            self._look.urls.append(str(about["request"]["url"]))
            self._look.status = 0
            self._loaded.clear()
            self._quiet.clear()
        elif event == "Network.responseReceived" and about.get("type") == "Document":
            self._look.status = int(about["response"]["status"])
