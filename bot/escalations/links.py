"""The signed link of a step: whoever has it may acknowledge one escalation, once asked, for a while. Pure.

It is short, as a text message has little room. What is signed is the step, whose row says to which escalation it
belongs and whom it told; and the minute at which the link ends.
"""

import hashlib
import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.errors import SecondLineError

PATH = "/ack/"
"""Where the links are served, below the public address."""
VALID = timedelta(hours=48)
"""A weekend's call is answered in it; an old mail in a forwarded thread is not."""
PURPOSE = b"second line: acknowledge an escalation, 1"
"""Part of the key: nothing that is signed for another purpose is one of these links."""
MAC_BYTES = 16
"""128 bits, which nobody guesses over HTTP."""
_SAID = struct.Struct(">II")
"""The step, and the minute at which its link ends."""
TOKEN_MAX = 64
_MINUTE_S = 60


class LinkRefused(SecondLineError):
    """A link that is not one of ours, or not any more: `expired` says which."""

    def __init__(self, *, expired: bool) -> None:
        super().__init__("This link has expired." if expired else "This link is not complete.")
        self.expired = expired


@dataclass(frozen=True, slots=True)
class LinkClaim:
    """What a link says."""

    step_id: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LinkedEscalation:
    """What the page behind a link shows. `via` is what people call the way by which its reader was told."""

    name: str
    title: str
    request: str
    priority: str
    escalated_at: datetime
    via: str
    acknowledged_at: datetime | None = None
    needed: bool = True
    """Whether an answer is of use: not where it was taken back, or the investigation is closed."""


class SignedLinks:
    """Makes links and reads them. `public_url` has no slash at its end."""

    def __init__(self, *, secret: str, public_url: str, clock: Clock) -> None:
        self._key = hmac.new(secret.encode(), PURPOSE, hashlib.sha256).digest()
        self._public_url = public_url
        self._clock = clock

    def acknowledge_url(self, step_id: int) -> str:
        """The same for an hour or so: what is told again is told in the same words."""
        ends = (self._clock() + VALID).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return f"{self._public_url}{PATH}{self.token(LinkClaim(step_id, ends))}"

    def token(self, claim: LinkClaim) -> str:
        said = _SAID.pack(claim.step_id, int(claim.expires_at.timestamp()) // _MINUTE_S)
        return _text(said + self._mac(said))

    def read(self, token: str) -> LinkClaim:
        """Raises LinkRefused. Nothing of it is looked at before its signature is."""
        raw = _raw(token)
        said, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        if len(said) != _SAID.size or not hmac.compare_digest(self._mac(said), mac):
            raise LinkRefused(expired=False)
        step_id, minute = _SAID.unpack(said)
        claim = LinkClaim(step_id, datetime.fromtimestamp(minute * _MINUTE_S, UTC))
        if claim.expires_at <= self._clock():
            raise LinkRefused(expired=True)
        return claim

    def _mac(self, said: bytes) -> bytes:
        return hmac.new(self._key, said, hashlib.sha256).digest()[:MAC_BYTES]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(token: str) -> bytes:
    """Its bytes where it is written as we write it, else none: base64 has more than one way to write most bytes."""
    if not token.isascii() or len(token) > TOKEN_MAX:
        return b""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return b""
    return raw if _text(raw) == token else b""
