"""Chromium as a process that is fenced in: no network but our proxy, no secrets, nothing kept, no end but ours."""

import asyncio
import os
import pwd
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.ended_processes import ended
from bot.probes.page.devtools import MESSAGE_MAX

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OFF = "off"
INSTALL = "Install it (Debian: apt install chromium), or name its path as probes.chromium in secondline.toml."
_SAID_KEPT = 4000
_END_S = 1.0
_NOBODY = "nobody"

# The shell puts the pipes where Chromium looks for them: commands at 3, answers at 4.
_WITH_PIPES = 'exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>/dev/null'
_FEATURES_OFF = (
    "AsyncDns",
    "AutofillServerCommunication",
    "CertificateTransparencyComponentUpdater",
    "DialMediaRouteProvider",
    "DnsOverHttps",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "InterestFeedContentSuggestions",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "Translate",
)
_ALWAYS = (
    "--headless",
    "--remote-debugging-pipe",
    # The page gets its own proxy (see Looker). For the browser's own errands there is one that does not exist, so what
    # the switches below leave of updates and metrics ends here. Nothing, loopback included, goes around either of them:
    # no QUIC, no WebRTC, and no name is looked up.
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    f"--disable-features={','.join(_FEATURES_OFF)}",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-search-engine-choice-screen",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--no-service-autorun",
    "--password-store=basic",
    "--use-mock-keychain",
    # What a page may use up of this machine. /dev/shm is tiny in containers.
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--hide-scrollbars",
    "--js-flags=--max-old-space-size=256",
    "--mute-audio",
    "--renderer-process-limit=2",
)


@dataclass(slots=True)
class Chromium:
    """A running browser; `sandboxed` is whether its own sandbox is around the page."""

    process: asyncio.subprocess.Process
    sandboxed: bool
    complaints: asyncio.Future[str]

    @property
    def reader(self) -> asyncio.StreamReader:
        assert self.process.stdout
        return self.process.stdout

    @property
    def writer(self) -> asyncio.StreamWriter:
        assert self.process.stdin
        return self.process.stdin

    async def complaint(self) -> str:
        """What it said at its end; "" while it runs."""
        try:
            async with asyncio.timeout(_END_S):
                return await asyncio.shield(self.complaints)
        except TimeoutError:
            return ""


def program_at(setting: str) -> str:
    """The path of Chromium for the setting probes.chromium; "" where there is none, or it is switched off."""
    if setting == OFF:
        return ""
    if setting:
        return shutil.which(setting) or ""
    return next((path for name in NAMES if (path := shutil.which(name))), "")


@asynccontextmanager
async def chromium(program: str, *, sandboxed: bool, trust: Sequence[str] = ()) -> AsyncIterator[Chromium]:
    """A browser for the time of the block, with a profile of its own; it and all its processes end with it.

    `trust` are hashes of keys whose certificates are good, see `--ignore-certificate-errors-spki-list`. Raises OSError.
    """
    account = lesser_account()
    with tempfile.TemporaryDirectory(prefix="secondline-page-", ignore_cleanup_errors=True) as profile:
        if account:
            os.chown(profile, *account)
        process = await asyncio.create_subprocess_exec(
            *("/bin/sh", "-c", _WITH_PIPES, program),
            *_arguments(profile, sandboxed, trust),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=MESSAGE_MAX,
            cwd=profile,
            # Not the bot's own environment: that has its tokens.
            env={"PATH": os.defpath, "HOME": profile, "TMPDIR": profile, "LANG": "C.UTF-8"},
            start_new_session=True,
            user=account[0] if account else None,
            group=account[1] if account else None,
            extra_groups=[] if account else None,
        )
        complaints = asyncio.ensure_future(_said(process))
        try:
            yield Chromium(process, sandboxed, complaints)
        finally:
            await ended(process)  # all of it: a browser is many processes
            complaints.cancel()
            await asyncio.gather(complaints, return_exceptions=True)


def lesser_account() -> tuple[int, int] | None:
    """User and group to run the browser as, where this process is root; None to stay who it is.

    Chromium refuses its sandbox to root, and a page's scripts as root would be far too much anyway.
    """
    if os.geteuid():
        return None
    try:
        account = pwd.getpwnam(_NOBODY)
    except KeyError:
        return 65534, 65534
    return account.pw_uid, account.pw_gid


def _arguments(profile: str, sandboxed: bool, trust: Sequence[str]) -> list[str]:
    own = [f"--user-data-dir={profile}"]
    if not sandboxed:
        own.append("--no-sandbox")
    if trust:
        own.append(f"--ignore-certificate-errors-spki-list={','.join(trust)}")
    return [*_ALWAYS, *own, "about:blank"]


async def _said(process: asyncio.subprocess.Process) -> str:
    """Returns the end of what it says on stderr, which must be read or the browser would wait."""
    said = b""
    assert process.stderr
    while part := await process.stderr.read(_SAID_KEPT):
        said = (said + part)[-_SAID_KEPT:]
    return said.decode(errors="replace")
