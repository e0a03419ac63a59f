"""The port to a mail server, and what stands there where none is configured."""

from collections.abc import Sequence
from typing import Protocol

from bot.mail.model import Delivery, Mail, MailOutcome


class Mailer(Protocol):
    """Sends mail. Never raises for what a server does: failure is an outcome."""

    @property
    def configured(self) -> bool:
        """Whether there is a server at all."""
        ...

    async def send(self, mail: Mail) -> MailOutcome:
        """One try, in bounded time. Whoever tries again does it with the same message id."""
        ...

    async def check(self, to: Sequence[str] = ()) -> MailOutcome:
        """Connects, logs in and asks whether the mailboxes are taken; sends nothing."""
        ...


class NoMail:
    """No server is configured."""

    configured = False

    async def send(self, mail: Mail) -> MailOutcome:
        return MailOutcome(Delivery.NOT_CONFIGURED)

    async def check(self, to: Sequence[str] = ()) -> MailOutcome:
        return MailOutcome(Delivery.NOT_CONFIGURED)
