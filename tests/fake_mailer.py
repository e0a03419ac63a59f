"""A mailer without a server."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.mail.model import Delivery, Mail, MailOutcome

ACCEPTED = MailOutcome(Delivery.ACCEPTED)


@dataclass
class FakeMailer:
    """Implements Mailer; `outcomes` are those of the next mails, then all are accepted."""

    outcomes: list[MailOutcome] = field(default_factory=list)
    sent: list[Mail] = field(default_factory=list)
    """All that was tried, in order."""
    checked: list[tuple[str, ...]] = field(default_factory=list)
    configured: bool = True
    gate: asyncio.Event | None = None
    """Holds each mail until it is set."""

    async def send(self, mail: Mail) -> MailOutcome:
        if not self.configured:
            return MailOutcome(Delivery.NOT_CONFIGURED)
        self.sent.append(mail)
        if self.gate:
            await self.gate.wait()
        return self.outcomes.pop(0) if self.outcomes else ACCEPTED

    async def check(self, to: Sequence[str] = ()) -> MailOutcome:
        if not self.configured:
            return MailOutcome(Delivery.NOT_CONFIGURED)
        self.checked.append(tuple(to))
        return self.outcomes.pop(0) if self.outcomes else ACCEPTED
