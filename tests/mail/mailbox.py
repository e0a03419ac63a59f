"""A mail server on port 0 of loopback that takes mail, or says what a test wants it to say."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

TAKEN = "250 taken"


@dataclass
class Mailbox:
    """Implements a handler of aiosmtpd."""

    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    refusing: dict[str, str] = field(default_factory=dict)
    """Answers to RCPT by address."""
    answers: list[str] = field(default_factory=list)
    """What it says to the next mails instead of "taken"; such a mail is not kept."""
    keeps_and_hangs_up: bool = False
    """It takes the mail, and the answer never arrives."""
    logins: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    before_answer: Callable[[], None] = lambda: None
    """Called when a mail is kept, before the server says so."""
    interrupts: Callable[[str], bool] = lambda _: False
    """Told of each command, of "DATA" before a mail is kept and of "kept" after; true ends the connection."""
    port: int = 0

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        self._tell(server, "MAIL")
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, _: Any) -> str:
        self.commands.append(f"RCPT {address}")
        self._tell(server, "RCPT")
        if address in self.refusing:
            return self.refusing[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self._tell(server, "DATA"):
            return TAKEN
        if self.answers:
            return self.answers.pop(0)
        content = cast(bytes, envelope.original_content)
        self.raw.append(content)
        self.mails.append(message_from_bytes(content, policy=default))
        self.envelopes.append((str(envelope.mail_from), tuple(map(str, envelope.rcpt_tos))))
        self.before_answer()
        if not self._tell(server, "kept") and self.keeps_and_hangs_up:
            cast(asyncio.Transport, server.transport).abort()
        return TAKEN

    def _tell(self, server: SMTP, what: str) -> bool:
        ended = self.interrupts(what)
        if ended:
            cast(asyncio.Transport, server.transport).abort()
        return ended

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        known = self.logins.get(data.login.decode())
        return AuthResult(success=known is not None and known == data.password.decode(), handled=False)


@contextlib.asynccontextmanager
async def mail_server(
    box: Mailbox | None = None, *, starttls: ssl.SSLContext | None = None, implicit: ssl.SSLContext | None = None
) -> AsyncIterator[Mailbox]:
    """Serves `box`, with its port set; with logins in it a login is needed."""
    box = box or Mailbox()

    def session() -> SMTP:
        return SMTP(
            box,
            hostname="mail.test",
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=bool(box.logins),
            authenticator=box.authenticate,
        )

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0, ssl=implicit)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()


@contextlib.asynccontextmanager
async def scripted(*lines: bytes) -> AsyncIterator[int]:
    """A server that sends the next line for whatever comes, and nothing more after the last; yields its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for line in lines:
            writer.write(line)
            await writer.drain()
            if not await reader.readline():
                break
        await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
