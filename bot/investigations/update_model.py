"""What those who wait are told: updates for management and Tier 1, and what customers heard so far. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Audience(StrEnum):
    """Whom an update is for."""

    BOTH = "both"
    MANAGEMENT = "management"
    TIER1 = "tier1"

    @property
    def has_management(self) -> bool:
        return self is not Audience.TIER1

    @property
    def has_tier1(self) -> bool:
        return self is not Audience.MANAGEMENT


class Via(StrEnum):
    """How customers were told; `tier1` is what Tier 1 was asked to say."""

    ROUND = "round"
    HAND = "hand"
    PHONE = "phone"
    CHAT = "chat"
    STATUS_PAGE = "status_page"
    TIER1 = "tier1"


class Purpose(StrEnum):
    """What somebody writes something for: an audience of an update, a note, or how customers were told."""

    BOTH = "both"
    MANAGEMENT = "management"
    TIER1 = "tier1"
    NOTE = "note"
    PHONE = "phone"
    CHAT = "chat"
    HAND = "hand"
    STATUS_PAGE = "status_page"

    @property
    def audience(self) -> Audience | None:
        """Whom it updates, None where it is no update."""
        return Audience(self.value) if self.value in set(Audience) else None

    @property
    def via(self) -> Via | None:
        """How customers were told, None where they were not."""
        told = (Purpose.PHONE, Purpose.CHAT, Purpose.HAND, Purpose.STATUS_PAGE)
        return Via(self.value) if self in told else None


@dataclass(frozen=True, slots=True)
class News:
    """What somebody writes at once: words for a purpose, and what Tier 1 should say (None where that stays)."""

    text: str
    purpose: Purpose
    tier1_text: str | None = None


VIA_WORDS = {
    Via.ROUND: "by replies",
    Via.HAND: "by hand",
    Via.PHONE: "by phone",
    Via.CHAT: "by chat",
    Via.STATUS_PAGE: "on the status page",
    Via.TIER1: "through Tier 1",
}


NOTHING_NOW = "nothing for now"
"""What the timeline says where Tier 1's text was taken back."""


def on_the_timeline(via: Via, text: str) -> str:
    """How the timeline tells what customers were told, or what Tier 1 should say."""
    if via is Via.TIER1:
        return text or NOTHING_NOW
    return f"{VIA_WORDS[via]}: {text}"


@dataclass(frozen=True, slots=True)
class Update:
    """News of an investigation; the newest one for somebody replaces what they saw before."""

    id: int
    investigation_id: int
    at: datetime
    author: str
    audience: Audience
    text: str
    corrected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that customers were told. `customers` is how many got it, 0 where nobody counted.

    `author` is None for the bot itself, `source` what it came from, where that enters it by itself ("round/7"). Without
    words it takes back what Tier 1 was to say.
    """

    id: int
    investigation_id: int
    at: datetime
    author: str | None
    via: Via
    text: str
    customers: int = 0
    source: str = ""
    corrected_at: datetime | None = None
    taken_back_at: datetime | None = None
    """Of what Tier 1 was asked to say: when they were asked to say it no more."""
    corrects: str = ""
    """The source of what it puts right."""
    put_right_at: datetime | None = None
    put_right: int = 0
    """How many of those customers were told since what is right instead."""

    @property
    def wrong(self) -> bool:
        """Whether all who heard it know by now that it was wrong."""
        return self.put_right_at is not None and self.put_right >= self.customers


@dataclass(frozen=True, slots=True)
class Words:
    """All that was told of an investigation and not withdrawn, oldest first."""

    updates: tuple[Update, ...] = ()
    entries: tuple[Said, ...] = ()

    @property
    def said(self) -> tuple[Said, ...]:
        """What customers were told so far."""
        told, taken_back = list[Said](), None
        for entry in reversed(self.entries):
            if entry.text.strip():
                told.append(replace(entry, taken_back_at=taken_back) if entry.via is Via.TIER1 else entry)
            if entry.via is Via.TIER1:
                taken_back = None if entry.text.strip() else entry.at
        told = [_put_right(entry, self.entries) for entry in told]
        return tuple(sorted(told, key=lambda entry: (entry.at, entry.id)))

    @property
    def last_update_at(self) -> datetime | None:
        return self.updates[-1].at if self.updates else None

    @property
    def last_said_at(self) -> datetime | None:
        return max((entry.at for entry in self.said), default=None)

    @property
    def for_management(self) -> Update | None:
        """The newest update that management sees."""
        return _newest(update for update in self.updates if update.audience.has_management)

    @property
    def for_tier1(self) -> Update | None:
        """The newest update that Tier 1 sees."""
        return _newest(update for update in self.updates if update.audience.has_tier1)

    @property
    def tier1_text(self) -> Said | None:
        """What Tier 1 should say now, None where there is nothing or it was taken back."""
        newest = next((entry for entry in reversed(self.entries) if entry.via is Via.TIER1), None)
        return newest if newest and newest.text.strip() else None


NOTHING_TOLD = Words()


def _put_right(entry: Said, entries: Iterable[Said]) -> Said:
    """With who was told since that it was wrong."""
    since = [each for each in entries if entry.source and each.corrects == entry.source]
    if not since:
        return entry
    return replace(entry, put_right_at=max(each.at for each in since), put_right=sum(each.customers for each in since))


def has_words(text: str) -> bool:
    """Whether anybody could see it: marks that turn the direction, and the like, are nothing to read."""
    return any(char.isprintable() and not char.isspace() for char in text)


def _newest(updates: Iterable[Update]) -> Update | None:
    return max(updates, key=lambda update: update.id, default=None)
