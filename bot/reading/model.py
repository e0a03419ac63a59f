"""What a ticket says, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TicketText:
    """What is read of a ticket. `fields` are values of custom fields, by what the configuration says they mean."""

    subject: str
    description: str = ""
    """The customer's first message, as it came: with quoted history, signatures, anything."""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """A key (of a target, a symptom class, a platform) with the words of the ticket that say so."""

    key: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a ticket says. Silence is "", None or ()."""

    affected: tuple[Said, ...] = ()
    """Targets that have trouble, by key."""
    elsewhere: tuple[Said, ...] = ()
    """Targets that are only mentioned: they work, the customer lives there or switched away from there."""
    symptom: Said | None = None
    """The class of what is wrong, a key of the configured ones ("connect", "slow", "payment", …)."""
    matters: tuple[Said, ...] = ()
    """What exactly, where a class has several things: "declined", "charged"; "question" where nothing is wrong."""
    wish: Said | None = None
    """What somebody wants done, beside what is wrong or without anything being wrong: "refund", "cancel", "invoice"."""
    platform: Said | None = None
    """"ios", "android", "windows", "macos", "linux", "router", "tv", …"""
    versions: tuple[str, ...] = ()
    """Of apps and systems, normalized: "app 8.4.1", "ios 26.2", "windows 11"."""
    codes: tuple[str, ...] = ()
    """Error codes, normalized: "809", "err_connection_reset"."""
    language: str = ""
    """ISO 639-1."""
    terms: tuple[str, ...] = ()
    """Words and pairs of words of the complaint, normalized, each once: counted although nobody configured them."""
