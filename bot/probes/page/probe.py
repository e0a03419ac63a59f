"""The page probe: the first page of a target as a browser shows it, with its picture."""

import asyncio
import base64
import hashlib
import re
import ssl
from io import BytesIO

from attrs import define
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from PIL import Image

from bot.clock import Clock
from bot.errors import BadInput
from bot.pictures.model import Picture
from bot.probes.host_grammar import Destination, read_url
from bot.probes.model import ProbeResult, Progress, Subject
from bot.probes.page.chromium import INSTALL, OFF, Chromium, chromium, lesser_account, program_at
from bot.probes.page.devtools import BrowserFailed
from bot.probes.page.look import Looker, PageLook
from bot.probes.page.proxy import BYTES_MAX, proxying
from bot.probes.page.reading import PAGE, Viewed, alt_text, found_words, reading_of, unreached
from bot.probes.policy import NoAddress, ProbePolicy, ProbeRefused
from bot.probes.results import Run, verdict_of
from bot.probes.web.dial import PhaseFailed, Phases, connected
from bot.probes.wording import long

_NO_SANDBOX = re.compile(r"No usable sandbox|SUID sandbox helper|setuid_sandbox_host")

_SANDBOX = (
    "Chromium's sandbox can't be used here. Install chromium-sandbox, or allow user namespaces to the bot's account."
)
START_S = 30.0
"""For the browser: one or two on an idle machine."""
_TRUST_S = 5.0
_PNG_MAX = 1_000_000


@define(kw_only=True, eq=False, repr=False, slots=False)
class PageProbe:
    """Starts a browser for each picture, and one at a time: it takes a core and 200 MB.

    `program` is the setting probes.chromium: a path, "" to look for it, "off". With `tls` the page's own certificate is
    good where that context verifies it: Chromium knows the public authorities alone.
    """

    kind = PAGE

    _policy: ProbePolicy
    _clock: Clock
    _program: str = ""
    _tls: ssl.SSLContext | None = None
    _deadline_s: float = 8.0
    _start_s: float = START_S
    _bytes_max: int = BYTES_MAX

    def __attrs_post_init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.urls:
            raise BadInput(f"{subject.label} has no URL to look at.")
        run, place = Run(self.kind, subject.label, self._clock), read_url(subject.urls[0])
        program = program_at(self._program)
        if not program:
            off = "Pictures of pages are switched off" if self._program == OFF else "Chromium is not installed here"
            return run.could_not(off, INSTALL, set_up=False)
        try:
            addresses = await self._policy.addresses_of(place.host)
        except ProbeRefused as refusal:
            return run.refused(refusal)
        except NoAddress as error:
            return run.parts([unreached(place, f"DNS: {error.reason}")])
        async with self._one_at_a_time:
            try:
                trust = await self._trust(place, addresses[0])
                return _result(run, await self._viewed(program, place, trust))
            except (BrowserFailed, OSError) as error:
                return run.could_not(_could_not(error), _SANDBOX if isinstance(error, _NoSandbox) else "")

    async def _trust(self, place: Destination, address: str) -> tuple[str, ...]:
        """The hash of the key in the page's certificate, as Chromium takes it, where our own handshake verifies it."""
        if self._tls is None or not place.tls:
            return ()
        try:
            async with connected(
                address, place.port, phases=Phases(), timeout_s=_TRUST_S, tls=self._tls, name=place.host
            ) as connection:
                der = connection.tls.getpeercert(binary_form=True) if connection.tls else None
            return (_key_hash(der),) if der else ()
        except (PhaseFailed, ValueError):
            return ()

    async def _viewed(self, program: str, place: Destination, trust: tuple[str, ...]) -> Viewed:
        """Raises BrowserFailed or OSError where the browser itself does not work."""
        try:
            return await self._view(program, place, trust, sandboxed=True)
        except _NoSandbox:
            # Without user namespaces and without the setuid helper (as in most containers) Chromium starts with
            # --no-sandbox only. That is done where this process is root and the browser is nobody: then the account is
            # what keeps a hostile page from the bot. Under the bot's own account the page could read its secrets.
            if not lesser_account():
                raise
            return await self._view(program, place, trust, sandboxed=False)

    async def _view(self, program: str, place: Destination, trust: tuple[str, ...], *, sandboxed: bool) -> Viewed:
        look = PageLook()
        async with (
            proxying(self._policy, bytes_max=self._bytes_max) as traffic,
            chromium(program, sandboxed=sandboxed, trust=trust) as browser,
        ):
            try:
                looker = Looker(browser.reader, browser.writer, proxy_port=traffic.port)
                await looker.look(place.url, within_s=self._deadline_s, start_s=self._start_s, look=look)
            except TimeoutError:
                return Viewed(place, look, traffic, late=True)
            except BrowserFailed as error:
                raise await _why(browser, error) from error
        look.png = await asyncio.to_thread(_smaller, look.png)
        return Viewed(place, look, traffic)


class _NoSandbox(BrowserFailed):
    """Neither user namespaces nor the setuid helper can be used."""


async def _why(browser: Chromium, error: BrowserFailed) -> BrowserFailed:
    said = await browser.complaint()
    if browser.sandboxed and _NO_SANDBOX.search(said):
        return _NoSandbox("Chromium's sandbox can't be used here")
    return error


def _key_hash(der: bytes) -> str:
    key = x509.load_der_x509_certificate(der).public_key()
    plain = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(plain).digest()).decode()


def _could_not(error: Exception) -> str:
    reason = error.sentence if isinstance(error, BrowserFailed) else getattr(error, "strerror", "") or str(error)
    return f"Chromium did not work: {reason}"


def _result(run: Run, viewed: Viewed) -> ProbeResult:
    reading = reading_of(viewed)
    verdict = verdict_of(run.kind, run.label, [reading], found="" if not reading.ok else found_words(viewed.look))
    picture = Picture(viewed.look.png, alt_text(long(verdict))) if viewed.look.png else None
    return run.result(verdict, [reading], picture=picture)


def _smaller(png: bytes) -> bytes:
    """A picture that a phone loads quickly: photographs lose some of their colours."""
    if len(png) <= _PNG_MAX:
        return png
    buffer = BytesIO()
    with Image.open(BytesIO(png)) as image:
        image.convert("RGB").quantize(256).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
