"""A mail, and what became of it as data: words are made of it where it is shown."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

SUBJECT_MAX = 200
NAME_MAX = 80
REASON_MAX = 200

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-][A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{0,63}@[A-Za-z0-9.-]{1,253}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,99}")
_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,80}")


class Delivery(StrEnum):
    """How far a mail came."""

    ACCEPTED = "accepted"
    """The server took it for at least one mailbox; whether somebody reads it, nobody knows."""
    MAILBOX_REFUSED = "mailbox_refused"
    """The server takes nothing for any of these mailboxes."""
    REFUSED = "refused"
    """The server takes nothing from us: login, sender, encryption, or the mail itself."""
    TEMPORARY = "temporary"
    """The server said "later"."""
    UNREACHABLE = "unreachable"
    """No connection, or it ended before the mail was sent."""
    NOT_CONFIGURED = "not_configured"
    UNKNOWN = "unknown"
    """The connection ended after the mail was sent and before the answer: it may have arrived."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file; `type` is such as "text/plain", which is UTF-8."""

    name: str
    content: bytes
    type: str = "text/plain"

    def __post_init__(self) -> None:
        if not _TYPE.fullmatch(self.type):
            raise ValueError(f"no media type: {self.type!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail in plain text. Subject, text and file names may be hostile: they are made harmless where it is sent."""

    to: tuple[str, ...]
    subject: str
    text: str
    message_id: str
    """The left half of its Message-ID, the same at each try; the mailer adds the sender's domain."""
    attachments: tuple[Attachment, ...] = ()
    reply_to: str = ""
    answers: str = ""
    """The `message_id` of the mail that this one follows."""
    automatic: bool = False
    """Nobody wrote it: answering machines are asked to be silent (RFC 3834)."""

    def __post_init__(self) -> None:
        for value in (self.message_id, *([self.answers] if self.answers else [])):
            if not _ID.fullmatch(value):
                raise ValueError(f"no message id: {value!r}")


@dataclass(frozen=True, slots=True)
class RefusedMailbox:
    """One mailbox that the server did not take."""

    address: str
    code: int
    reason: str
    """The server's own words, one line."""

    @property
    def temporary(self) -> bool:
        return 400 <= self.code < 500


@dataclass(frozen=True, slots=True)
class MailOutcome:
    """What became of a mail. `reason` is one line, in the server's words where `code` is not 0."""

    delivery: Delivery
    reason: str = ""
    code: int = 0
    refused: tuple[RefusedMailbox, ...] = ()
    """Mailboxes that were not taken; the others were, where it was accepted."""

    @property
    def accepted(self) -> bool:
        return self.delivery is Delivery.ACCEPTED

    @property
    def retry(self) -> bool:
        """Whether the same mail can succeed later, and certainly was not sent yet."""
        return self.delivery in (Delivery.TEMPORARY, Delivery.UNREACHABLE)


def is_address(text: str) -> bool:
    """Whether `text` is one mail address in ASCII, without a name."""
    return bool(_ADDRESS.fullmatch(text)) and ".." not in text and ".@" not in text


def one_line(text: str, longest: int) -> str:
    """Text for a header: no line ends, no control or direction characters, no halves of characters."""
    whole = text[: 4 * longest].encode("utf-8", "replace").decode("utf-8")
    visible = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in whole)
    line = " ".join("".join(char for char in visible if unicodedata.category(char) not in ("Cf", "Co", "Cn")).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
