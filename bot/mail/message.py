"""A mail as the bytes that go to the server."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bot.mail.model import NAME_MAX, SUBJECT_MAX, Mail, one_line

_SEVEN_BIT = SMTP.clone(cte_type="7bit", max_line_length=76)
"""Every server takes it, and none has to change it on the way."""


def message_bytes(mail: Mail, *, sender: str, sender_name: str, at: datetime) -> bytes:
    """RFC 5322 with CRLF. Pure Python's encoders are slow: for a long text a matter for a thread."""
    message, domain = EmailMessage(policy=_SEVEN_BIT), domain_of(sender)
    message["From"] = Address(one_line(sender_name, NAME_MAX), addr_spec=sender)
    message["To"] = [Address(addr_spec=address) for address in mail.to]
    message["Subject"] = one_line(mail.subject, SUBJECT_MAX)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{mail.message_id}@{domain}>"
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=mail.reply_to)
    if mail.answers:
        message["In-Reply-To"] = message["References"] = f"<{mail.answers}@{domain}>"
    if mail.automatic:
        message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(mail.text), charset="utf-8")
    for attachment in mail.attachments:
        maintype, _, subtype = attachment.type.partition("/")
        message.add_attachment(
            attachment.content,
            maintype=maintype,
            subtype=subtype,
            filename=one_line(attachment.name, NAME_MAX).replace("/", "-").replace("\\", "-") or "file",
            params={"charset": "utf-8"} if maintype == "text" else None,
        )
    return message.as_bytes()


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]


def _text(text: str) -> str:
    """Without halves of characters, which no encoding has, and without NUL, which mail must not have."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
