"""What came by mail, and what the server says to the next mails."""

from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum

from bot.clock import Clock

KEPT_MAX = 200


class Mood(StrEnum):
    """How the server takes mail."""

    TAKES = "takes"
    LATER = "later"
    """It asks to come back later, as servers do that greylist."""
    REFUSES = "refuses"
    """There are no such mailboxes."""


@dataclass(frozen=True, slots=True)
class Received:
    """One mail."""

    number: int
    at: datetime
    sender: str
    to: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=default)

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        return str(body.get_content()).replace("\r\n", "\n") if body else ""

    @property
    def files(self) -> list[tuple[str, str]]:
        """Names and texts of what is attached."""
        found = []
        for part in self.message.iter_attachments():
            content = part.get_content()
            shown = content if isinstance(content, str) else f"{len(content)} bytes"
            found.append((part.get_filename() or "file", shown))
        return found


@dataclass(slots=True)
class Box:
    """All mail of a run. `loses_answer` takes the next mail and breaks the connection before it says so."""

    clock: Clock
    mood: Mood = Mood.TAKES
    loses_answer: bool = False
    received: list[Received] = field(default_factory=list)

    def keep(self, sender: str, to: tuple[str, ...], content: bytes) -> None:
        number = self.received[-1].number + 1 if self.received else 1
        self.received = [*self.received, Received(number, self.clock(), sender, to, content)][-KEPT_MAX:]
