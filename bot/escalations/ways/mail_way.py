"""A mail to people, or to what makes a call or a ticket of it. All of a step's addresses are in one.

A server that takes it says no more than that: whether it arrives is told by another mail, which nobody reads. So what
was taken is not sure. The Message-ID is the same on every try, and mail programs show what comes twice once.
"""

import asyncio
import hashlib
from collections.abc import Sequence

from bot.escalations.telling import Failure, FailureKind, Telling, TellingOutcome
from bot.escalations.ways.outcomes import DETAIL_MAX
from bot.escalations.ways.texts import subject, text
from bot.mail.mailer import Mailer
from bot.mail.model import Delivery, Mail, MailOutcome

DEADLINE_S = 50.0
_KINDS = {
    Delivery.MAILBOX_REFUSED: FailureKind.MAILBOX_REFUSED,
    Delivery.REFUSED: FailureKind.REFUSED,
    Delivery.TEMPORARY: FailureKind.UNREACHABLE,
    Delivery.UNREACHABLE: FailureKind.UNREACHABLE,
    Delivery.NOT_CONFIGURED: FailureKind.NOT_CONFIGURED,
    Delivery.UNKNOWN: FailureKind.UNKNOWN,
}


class MailWay:
    """By the mail server of the bot."""

    def __init__(self, *, mailer: Mailer, deadline_s: float = DEADLINE_S) -> None:
        self._mailer = mailer
        self._deadline_s = deadline_s

    async def tell(self, recipients: Sequence[str], telling: Telling) -> TellingOutcome:
        mail = Mail(
            to=tuple(recipients),
            subject=subject(telling),
            text=text(telling),
            message_id=message_id(telling),
            automatic=True,
        )
        try:
            async with asyncio.timeout(self._deadline_s):
                outcome = await self._mailer.send(mail)
        except TimeoutError:
            failure = Failure(FailureKind.UNKNOWN, f"the mail server did not answer within {self._deadline_s:g} s")
            return TellingOutcome(failure=failure, sure=False)
        return _outcome(mail.to, outcome)


def message_id(telling: Telling) -> str:
    """Of the key, and of what it is about: a new database counts from 1 again, and that is another mail."""
    about = hashlib.sha256(f"{telling.name}\n{telling.request}".encode("utf-8", "replace")).hexdigest()
    key = "".join(char if char.isascii() and char.isalnum() else "-" for char in telling.key)[:60]
    return f"escalation-{key}-{about[:12]}"


def _outcome(to: tuple[str, ...], outcome: MailOutcome) -> TellingOutcome:
    if not outcome.accepted:
        said = f"{outcome.code} {outcome.reason}" if outcome.code else outcome.reason
        kind = _KINDS[outcome.delivery]
        return TellingOutcome(failure=Failure(kind, said[:DETAIL_MAX]), sure=kind is not FailureKind.UNKNOWN)
    refused = {refusal.address: refusal for refusal in outcome.refused}
    reached = tuple(address for address in to if address not in refused)
    if not refused:
        return TellingOutcome(reached, sure=False)
    said = "; ".join(f"{refusal.address}: {refusal.code} {refusal.reason}" for refusal in refused.values())
    return TellingOutcome(reached, Failure(FailureKind.MAILBOX_REFUSED, said[:DETAIL_MAX]), sure=False)
