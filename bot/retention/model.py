"""Kinds of content, how long each is kept, and what a shorter time would take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

NOTICE = timedelta(days=1)
"""So long what a shorter time would take is shown before anything goes."""


class KeptKind(StrEnum):
    """What has a time of its own."""

    TICKETS = "tickets"
    TEXTS = "texts"
    LOGS = "logs"
    MESSAGES = "messages"
    PROBES = "probes"
    STREAM = "stream"
    EXPORTS = "exports"
    MAIL = "mail"
    AUDIT = "audit"


KEYS: Mapping[KeptKind, str] = {
    KeptKind.TICKETS: "retention.tickets_days",
    KeptKind.TEXTS: "retention.texts_days",
    KeptKind.LOGS: "logs.keep_days",
    KeptKind.MESSAGES: "database.content_days",
    KeptKind.PROBES: "database.details_days",
    KeptKind.STREAM: "tickets.forget_days",
    KeptKind.EXPORTS: "retention.exports_days",
    KeptKind.MAIL: "retention.mail_days",
    KeptKind.AUDIT: "retention.audit_days",
}
"""The key of the file that says how long."""
NOUNS: Mapping[KeptKind, tuple[str, str]] = {
    KeptKind.TICKETS: ("ticket of a closed investigation", "tickets of closed investigations"),
    KeptKind.TEXTS: ("note of a closed investigation", "notes of closed investigations"),
    KeptKind.LOGS: ("log that was read", "logs that were read"),
    KeptKind.MESSAGES: ("message that Slack has", "messages that Slack has"),
    KeptKind.PROBES: ("measurement", "measurements"),
    KeptKind.STREAM: ("ticket of the stream", "tickets of the stream"),
    KeptKind.EXPORTS: ("story in a tracker", "stories in trackers"),
    KeptKind.MAIL: ("letter to a vendor", "letters to vendors"),
    KeptKind.AUDIT: ("entry of the audit", "entries of the audit"),
}


@dataclass(frozen=True, slots=True)
class KeptTime:
    """For how many days a kind is kept now, None for ever; from when on it is `wanted` days, where that is shorter."""

    days: int | None = None
    wanted: int | None = None
    wanted_from: datetime | None = None


def settled(stored: KeptTime | None, configured: int, now: datetime, *, known: bool) -> KeptTime:
    """The time of a kind by what was kept last and what the file says now; 0 there is for ever.

    A longer time holds at once, a shorter one after a day in which people see what it would take. Of a kind that had no
    time of its own before, what is `known` to have gone by the same time all along goes on so.
    """
    wanted = configured or None
    if stored is None:
        stored = KeptTime(wanted if known else None)
    if not _shorter(wanted, stored.days):
        return KeptTime(wanted)
    if stored.wanted != wanted or stored.wanted_from is None:
        return KeptTime(stored.days, wanted, now + NOTICE)
    return KeptTime(wanted) if now >= stored.wanted_from else stored


def _shorter(days: int | None, than: int | None) -> bool:
    return days is not None and (than is None or days < than)


@dataclass(frozen=True, slots=True)
class Standing:
    """A kind with its time, how many rows are too old for it now, and how many will be for a shorter one."""

    kind: KeptKind
    time: KeptTime
    now: int = 0
    then: int = 0
