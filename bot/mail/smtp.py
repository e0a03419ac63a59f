"""The mailer that speaks SMTP, by aiosmtplib."""

import asyncio
import contextlib
import os
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPTimeoutError,
)

from bot.clock import Clock
from bot.mail.message import domain_of, message_bytes
from bot.mail.model import REASON_MAX, Delivery, Mail, MailOutcome, RefusedMailbox, is_address, one_line

ANSWER_S = 15.0
"""For the connection and each answer before the mail itself."""
TAKEN_S = 60.0
"""For the answer to the mail: filters work before it, and who leaves too early does not know what became of it."""
LEAVE_S = 2.0
_NO_MAILBOX = "that is no mail address"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """How a mail server is reached, and who we are there."""

    host: str
    port: int
    tls: Literal["starttls", "implicit", "none"]
    sender: str
    sender_name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""


class SmtpMailer:
    """Each mail has a connection of its own: a few a day are sent, and none waits for another."""

    configured = True

    def __init__(
        self, *, server: SmtpServer, clock: Clock, answer_s: float = ANSWER_S, taken_s: float = TAKEN_S
    ) -> None:
        self._server = server
        self._clock = clock
        self._answer_s = answer_s
        self._taken_s = taken_s
        self._context = None if server.tls == "none" else ssl.create_default_context(cafile=server.ca_file or None)

    async def send(self, mail: Mail) -> MailOutcome:
        able = [address for address in mail.to if is_address(address)]
        unable = tuple(RefusedMailbox(address, 553, _NO_MAILBOX) for address in mail.to if not is_address(address))
        if not able:
            return MailOutcome(Delivery.MAILBOX_REFUSED, _NO_MAILBOX, refused=unable)
        server, written = self._server, replace(mail, to=tuple(able))
        content = await asyncio.to_thread(
            message_bytes, written, sender=server.sender, sender_name=server.sender_name, at=self._clock()
        )
        outcome = await self._with_envelope(able, content)
        return replace(outcome, refused=(*unable, *outcome.refused))

    async def check(self, to: Sequence[str] = ()) -> MailOutcome:
        return await self._with_envelope(to, None)

    async def _with_envelope(self, to: Sequence[str], content: bytes | None) -> MailOutcome:
        """Without `content` nothing is sent: the envelope is taken back."""
        try:
            async with self._connected() as client:
                refused = await self._login(client) or await self._envelope(client, to, content)
                if isinstance(refused, MailOutcome):
                    return refused
                if content is None:
                    await client.rset()
                    return MailOutcome(Delivery.ACCEPTED, refused=refused)
                return await self._data(client, content, refused)
        except (SMTPException, OSError, ValueError) as error:
            return self._failure(error)

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[SMTP]:
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls == "implicit",
            start_tls=False,  # done below, where a server without it is an outcome
            tls_context=self._context,
            local_hostname=domain_of(server.sender),
            timeout=self._answer_s,
        )
        try:
            await client.connect()
            yield client
            with contextlib.suppress(SMTPException, OSError):  # what it answers to goodbye changes nothing
                await client.quit(timeout=LEAVE_S)
        finally:
            client.close()

    async def _login(self, client: SMTP) -> MailOutcome | None:
        await client.ehlo()
        if self._server.tls == "starttls":
            if not client.supports_extension("starttls"):
                return MailOutcome(Delivery.REFUSED, "it offers no encryption (STARTTLS)")
            await client.starttls()
            await client.ehlo()
        if self._server.user:
            if not client.supported_auth_methods:
                return MailOutcome(Delivery.REFUSED, "it offers no login that the bot knows")
            await client.login(self._server.user, self._server.password)
        return None

    async def _envelope(
        self, client: SMTP, to: Sequence[str], content: bytes | None
    ) -> MailOutcome | tuple[RefusedMailbox, ...]:
        """Sender and mailboxes; those that were refused, or an outcome where all were."""
        size = [f"SIZE={len(content)}"] if content and client.supports_extension("size") else []
        await client.mail(self._server.sender, options=size)
        refused = []
        for address in to:
            try:
                await client.rcpt(address)
            except SMTPRecipientRefused as error:
                refused.append(RefusedMailbox(address, error.code, _words(error.message)))
        if not to or len(refused) < len(to):
            return tuple(refused)
        later = next((refusal for refusal in refused if refusal.temporary), None)
        first, delivery = later or refused[0], Delivery.TEMPORARY if later else Delivery.MAILBOX_REFUSED
        return MailOutcome(delivery, first.reason, first.code, tuple(refused))

    async def _data(self, client: SMTP, content: bytes, refused: tuple[RefusedMailbox, ...]) -> MailOutcome:
        try:
            await client.data(content, timeout=self._taken_s)
        except SMTPDataError as error:
            return _by_code(error, otherwise=Delivery.UNKNOWN)
        except (SMTPException, OSError):
            return MailOutcome(Delivery.UNKNOWN, "the connection ended before the answer", refused=refused)
        return MailOutcome(Delivery.ACCEPTED, refused=refused)

    def _failure(self, error: Exception) -> MailOutcome:
        """Whatever ended it before the mail itself was sent."""
        cause = error if isinstance(error, OSError) and not error.__cause__ else error.__cause__
        if isinstance(cause, ssl.SSLCertVerificationError):
            return MailOutcome(Delivery.UNREACHABLE, f"its certificate is not trusted: {_words(cause.verify_message)}")
        if isinstance(error, SMTPResponseException):
            return _by_code(error, otherwise=Delivery.UNREACHABLE)
        if isinstance(error, SMTPTimeoutError):
            return MailOutcome(Delivery.UNREACHABLE, f"no answer within {self._answer_s:g} s")
        return MailOutcome(Delivery.UNREACHABLE, _why(cause))


def _by_code(error: SMTPResponseException, *, otherwise: Delivery) -> MailOutcome:
    """RFC 5321 §4.2.1: 4 says later, 5 says no; anything else is no answer that can be used."""
    if 400 <= error.code < 500:
        return MailOutcome(Delivery.TEMPORARY, _words(error.message), error.code)
    if 500 <= error.code < 600:
        return MailOutcome(Delivery.REFUSED, _words(error.message), error.code)
    return MailOutcome(otherwise, "its answer is broken")


def _why(cause: BaseException | None) -> str:
    """The system's name of an error; the library's words have addresses in them."""
    if isinstance(cause, socket.gaierror):
        return "its name is not known"
    known = isinstance(cause, OSError) and not isinstance(cause, ssl.SSLError) and cause.errno
    return os.strerror(known).lower() if known else "the connection broke"


def _words(text: str) -> str:
    return one_line(text, REASON_MAX)
