"""The page probe: the first page of a target as a browser shows it, with its picture."""

import asyncio
import http as http_words
import re
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.model import ALT_MAX, Picture, ProbeResult, Progress, Reading, Subject
from bot.probes.page.chromium import INSTALL, OFF, Chromium, chromium, lesser_account, program_at
from bot.probes.page.devtools import BrowserFailed
from bot.probes.page.look import Look, Looker
from bot.probes.page.proxy import BYTES_MAX, Traffic, proxying
from bot.probes.policy import NoAddress, Policy, Refused
from bot.probes.run import Run
from bot.probes.typed import Place, read_url

COLUMNS = ("URL", "Status", "Title", "Loaded", "Not reached")
_SANDBOX = (
    "Chromium's sandbox can't be used here. Install chromium-sandbox, or allow user namespaces to the bot's account."
)
_SHOT_SHARE = 0.25
"""What part of the time is kept for taking the picture of a page that does not finish."""
_NAMED_AT_MOST = 3
_PNG_MAX = 1_000_000
_NET_ERRORS = {
    "ERR_ABORTED": "it is no page but a file, or empty",
    "ERR_CERT_AUTHORITY_INVALID": "TLS: unknown CA",
    "ERR_CERT_COMMON_NAME_INVALID": "TLS: wrong name in the certificate",
    "ERR_CERT_DATE_INVALID": "TLS: the certificate has expired, or is not valid yet",
    "ERR_CERT_REVOKED": "TLS: the certificate is revoked",
    "ERR_EMPTY_RESPONSE": "the server closed the connection without an answer",
    "ERR_INVALID_HTTP_RESPONSE": "the answer is not HTTP",
    "ERR_TOO_MANY_REDIRECTS": "more redirects than a browser follows",
    "ERR_UNKNOWN_URL_SCHEME": "it leads to something that is no http or https URL",
    "ERR_UNSAFE_REDIRECT": "it leads to something that is no http or https URL",
}


@dataclass(frozen=True, slots=True)
class _Viewed:
    """A look at a page, and what went through the proxy meanwhile."""

    place: Place
    look: Look
    traffic: Traffic
    late: bool = False


class PageProbe:
    """Starts a browser for each picture, and one at a time: it takes a core and 200 MB.

    `program` is the setting probes.chromium: a path, "" to look for it, "off".
    """

    kind = "page"
    summary = "picture of the page in a browser"

    def __init__(
        self,
        *,
        policy: Policy,
        clock: Clock,
        program: str = "",
        deadline_s: float = 8.0,
        bytes_max: int = BYTES_MAX,
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._program = program
        self._deadline_s = deadline_s
        self._bytes_max = bytes_max
        self._one_at_a_time = asyncio.Lock()

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.urls:
            raise BadInput(f"{subject.label} has no URL to look at.")
        run, place = Run(self.kind, subject.label, COLUMNS, self._clock), read_url(subject.urls[0])
        program = program_at(self._program)
        if not program:
            off = "Pictures of pages are switched off" if self._program == OFF else "Chromium is not installed here"
            return run.could_not(off, INSTALL)
        try:
            await self._policy.addresses_of(place.host)
        except Refused as refusal:
            return run.refused(refusal)
        except NoAddress as error:
            reading = _unreached(place, f"DNS: {error.reason}")
            return run.result(ok=False, verdict=f"{reading.name}: {reading.reason}", readings=[reading])
        async with self._one_at_a_time:
            try:
                return _result(run, await self._viewed(program, place))
            except (BrowserFailed, OSError) as error:
                return run.could_not(_could_not(error), _SANDBOX if isinstance(error, _NoSandbox) else "")

    async def _viewed(self, program: str, place: Place) -> _Viewed:
        """Raises BrowserFailed or OSError where the browser itself does not work."""
        try:
            return await self._view(program, place, sandboxed=True)
        except _NoSandbox:
            # Without user namespaces and without the setuid helper (as in most containers) Chromium starts with
            # --no-sandbox only. That is done where this process is root and the browser is nobody: then the account is
            # what keeps a hostile page from the bot. Under the bot's own account the page could read its secrets.
            if not lesser_account():
                raise
            return await self._view(program, place, sandboxed=False)

    async def _view(self, program: str, place: Place, *, sandboxed: bool) -> _Viewed:
        look, loop = Look(), asyncio.get_running_loop()
        ends_s = loop.time() + self._deadline_s
        async with (
            proxying(self._policy, bytes_max=self._bytes_max) as traffic,
            chromium(program, sandboxed=sandboxed) as browser,
        ):
            try:
                async with asyncio.timeout_at(ends_s):
                    looker = Looker(browser.reader, browser.writer, proxy_port=traffic.port)
                    await looker.look(place.url, until_s=ends_s - self._deadline_s * _SHOT_SHARE, seen=look)
            except TimeoutError:
                return _Viewed(place, look, traffic, late=True)
            except BrowserFailed as error:
                raise await _why(browser, error) from error
        look.png = await asyncio.to_thread(_smaller, look.png)
        return _Viewed(place, look, traffic)


class _NoSandbox(BrowserFailed):
    """Neither user namespaces nor the setuid helper can be used."""


async def _why(browser: Chromium, error: BrowserFailed) -> BrowserFailed:
    said = await browser.complaint()
    if browser.sandboxed and re.search(r"No usable sandbox|SUID sandbox helper|setuid_sandbox_host", said):
        return _NoSandbox("Chromium's sandbox can't be used here")
    return error


def _could_not(error: Exception) -> str:
    reason = error.sentence if isinstance(error, BrowserFailed) else getattr(error, "strerror", "") or str(error)
    return f"Chromium did not work: {reason}"


def _result(run: Run, viewed: _Viewed) -> ProbeResult:
    reading = _reading(viewed)
    shown = f'shows "{reading.data["title"]}"' if reading.data["title"] else "shows a page without a title"
    well = f"{reading.name} {shown} ({reading.data['status']}) after {viewed.look.loaded_s or 0:.1f} s"
    verdict = f"{reading.name}: {reading.reason}" if not reading.ok else "; ".join(filter(None, [well, reading.reason]))
    picture = Picture(viewed.look.png, _alt(run, reading, verdict)) if viewed.look.png else None
    return run.result(ok=reading.ok, verdict=verdict, readings=[reading], picture=picture)


def _reading(viewed: _Viewed) -> Reading:
    look, traffic = viewed.look, viewed.traffic
    url = viewed.place.url
    reached = look.urls[-1] if look.urls else url
    reason = _trouble(viewed, reached)
    not_reached = _not_reached(traffic)
    remarks = [f"redirected to {_cut(reached)}"] if len(look.urls) > 1 and not reason else []
    remarks += [f"not reached: {not_reached}"] if not_reached and not reason else []
    loaded = "-" if look.loaded_s is None else f"{look.loaded_s:.1f} s"
    cells = (_cut(url), str(look.status or "-"), _cut(look.title) or "-", loaded, not_reached or "-")
    data = {
        "url": url,
        "final_url": reached,
        "status": look.status,
        "title": look.title,
        "loaded_s": look.loaded_s and round(look.loaded_s, 2),
        "error": look.error,
        "received_bytes": traffic.received_bytes,
        "refused": traffic.refused,
        "failed": traffic.failed,
    }
    return Reading(url, not reason, cells, reason or "; ".join(remarks), data)


def _trouble(viewed: _Viewed, reached: str) -> str:
    """Why this is no good page; "" where it is."""
    look, traffic = viewed.look, viewed.traffic
    via = f" (at {_cut(reached)})" if len(look.urls) > 1 else ""
    host = _host(reached)
    if not look.status and host in traffic.refused:
        leads = "redirects" if len(look.urls) > 1 else "leads"
        return f"{leads} to {host}: {traffic.refused[host]}"
    if not look.status and host in traffic.failed:
        return f"{traffic.failed[host]}{via}"
    if look.error:
        code = look.error.removeprefix("net::")
        return f"{_NET_ERRORS.get(code) or code.removeprefix('ERR_').replace('_', ' ').lower()}{via}"
    if traffic.cut:
        return f"the page takes more than {traffic.received_bytes // 1_000_000} MB{via}"
    if not look.status:
        return f"no answer in time{via}"
    if look.status >= 400:
        return f"status {_status_words(look.status)}{via}"
    if look.loaded_s is None or viewed.late:
        return f"still loading when its picture was due{via}" if look.png else f"nothing to show in time{via}"
    return ""


def _not_reached(traffic: Traffic) -> str:
    """Hosts of parts of the page, with the reason."""
    found = [f"{host} ({why})" for host, why in (traffic.refused | traffic.failed).items()]
    more = len(found) - _NAMED_AT_MOST
    return "; ".join(found[:_NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def _unreached(place: Place, reason: str) -> Reading:
    return Reading(place.url, False, (_cut(place.url), *["-"] * (len(COLUMNS) - 1)), reason, {"url": place.url})


def _alt(run: Run, reading: Reading, verdict: str) -> str:
    text = f"The page {reading.data['final_url']} in a browser as wide as a phone. {verdict}"
    return text if len(text) <= ALT_MAX else text[: ALT_MAX - 1] + "…"


def _smaller(png: bytes) -> bytes:
    """A picture that a phone loads quickly: photographs lose some of their colours."""
    if len(png) <= _PNG_MAX:
        return png
    found = BytesIO()
    with Image.open(BytesIO(png)) as image:
        image.convert("RGB").quantize(256).save(found, "PNG", optimize=True)
    return found.getvalue()


def _host(url: str) -> str:
    try:
        return read_url(url).host
    except BadInput:
        return ""


def _status_words(status: int) -> str:
    try:
        return f"{status} {http_words.HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _cut(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
