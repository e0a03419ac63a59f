"""Vendors, what is written to them and what they say, and who waits for whom."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import BadInput, NotFound
from bot.field_limits import TYPED_MAX, require_short
from bot.investigations.above import VendorTurn, WithVendor
from bot.investigations.model import Investigation
from bot.mail.model import is_address
from bot.names import names_listed
from bot.slack_marks import hyphened
from bot.working_hours import WorkingHours

SUBJECT_MAX, FIELD_MAX, REFERENCE_MAX = 150, 200, 60
FIELDS_MAX = 5
REPORTS_MAX = 6
"""So many reports a letter has."""
PATIENCE = timedelta(hours=4)
"""How long a letter is tried again by itself."""
DECIDE_WITHIN = timedelta(minutes=30)
"""After so long somebody is reminded of a letter that waits for a person."""
_LOOKS = 20
"""So many starts of a day are looked at for a time at which both are at work."""
REMINDERS_MAX = 5
"""So often in a row somebody is reminded of a vendor that says nothing."""


class Ask(StrEnum):
    """What a vendor asks for."""

    MTR = "mtr"
    BOTH_WAYS = "mtr both ways"
    PING = "ping"
    TIMES = "times"
    ADDRESSES = "addresses"
    TICKETS = "tickets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One vendor, as configured. Without `email` people send the text themselves, by `form` if there is one.

    `account` is who we are there, by what they call it; `fields` is what they want to know besides, each time.
    Without `hours` somebody is always there. `reference` is what their references look like, with an `example`.
    """

    key: str
    title: str
    what: str = ""
    email: str = ""
    form: str = ""
    asks_for: tuple[Ask, ...] = (Ask.MTR, Ask.TIMES, Ask.ADDRESSES)
    account: Mapping[str, str]
    fields: tuple[str, ...] = ()
    hours: WorkingHours | None = None
    reference: str = ""
    example: str = ""
    remind_after: timedelta = timedelta(hours=2)

    @property
    def by_mail(self) -> bool:
        return is_address(self.email)

    def reference_in(self, text: str) -> str:
        """A reference of theirs as somebody typed it. Raises NoReference."""
        line = " ".join(hyphened(text[: 2 * REFERENCE_MAX]).split()).strip(" .,;:#`*")
        if not line or len(line) > REFERENCE_MAX or (self.reference and not re.fullmatch(self.reference, line)):
            raise NoReference(self, line)
        return line

    def remind_at(self, since: datetime) -> datetime:
        """When to ask, where nothing was heard since then: after so much time, and only while they are at work."""
        if not self.hours:
            return since + self.remind_after
        return self.hours.next_start(self.hours.next_start(since) + self.remind_after)


@dataclass(frozen=True, slots=True)
class VendorSettings:
    """The vendors by key, in the order of the configuration; nobody is reminded outside of the team's `hours`."""

    vendors: Mapping[str, Vendor]
    hours: WorkingHours | None = None

    def named(self, text: str) -> Vendor:
        """By key, title, or the beginning of one. Raises NoVendor."""
        typed = " ".join(text.casefold().split()).strip(" .,:;!")
        names = {key: (key.casefold(), vendor.title.casefold()) for key, vendor in self.vendors.items()}
        exact = [key for key, known in names.items() if typed in known]
        begun = [key for key, known in names.items() if typed and any(name.startswith(typed) for name in known)]
        if len(keys := exact or begun) != 1:
            raise NoVendor(text, [self.vendors[key] for key in keys] or list(self.vendors.values()))
        return self.vendors[keys[0]]

    def remind_at(self, vendor: Vendor, since: datetime) -> datetime:
        """When to ask, where nothing was heard since then: while both are at work, or we alone where that never is."""
        at = vendor.remind_at(since)
        if not self.hours or not vendor.hours:
            return self.hours.next_start(at) if self.hours else at
        first = ours = self.hours.next_start(at)
        for _ in range(_LOOKS):
            both = vendor.hours.next_start(ours)
            ours = self.hours.next_start(both)
            if ours == both:
                return both
        return first

    def decide_at(self, since: datetime) -> datetime:
        """When to remind of a letter that waits for a person since then."""
        at = since + DECIDE_WITHIN
        return self.hours.next_start(at) if self.hours else at

    def get(self, key: str) -> Vendor:
        """Also one that is configured no more, which gets no mail."""
        return self.vendors.get(key) or Vendor(key=key, title=key, account={})


class NoReference(BadInput):
    """The text is no reference of the vendor's."""

    def __init__(self, vendor: Vendor, text: str) -> None:
        usual = f" are one line of up to {REFERENCE_MAX} characters"
        like = f" look like {vendor.example}" if vendor.example else usual
        was = f", and “{text[:40]}” doesn't" if text and vendor.example else ""
        super().__init__(f"References of {vendor.title}{like}{was}. Copy it from their answer.")


class NoVendor(NotFound):
    """No vendor, or several, have the name."""

    def __init__(self, text: str, vendors: Sequence[Vendor]) -> None:
        titles = names_listed(vendor.title for vendor in vendors)
        if not vendors:
            super().__init__("No vendor is set up. Your admin can add one to the configuration.")
        elif text.strip():
            super().__init__(f"No single vendor is called “{text.strip()[:40]}”. There are: {titles}.")
        else:
            super().__init__(f"Say which vendor: {titles}.")


class NotWithVendor(NotFound):
    """The investigation was not given to this vendor, or to any."""

    def __init__(self, name: str, title: str = "") -> None:
        super().__init__(f"{name} isn't with {title or 'a vendor'}. Begin with `handoff vendor`.")


class WrittenMeanwhile(BadInput):
    """Somebody wrote to the vendor while the form was open."""

    def __init__(self, title: str) -> None:
        super().__init__(f"Somebody wrote to {title} while you had this open. Close it and open it again.")


class LetterState(StrEnum):
    """How far a letter is.

    Of `sending` nobody knows the end after a crash: it is `unknown` then, as after a connection that broke before the
    answer, and never sent again by itself.
    """

    OWED = "owed"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    STUCK = "stuck"
    """It did not go out, and trying again by itself does not help."""
    BY_HAND = "by_hand"
    """A person has its text, and sends it."""
    DROPPED = "dropped"
    """The investigation ended before it was sent."""


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """What the form says; `runs` are those whose reports go along, `after` the last letter that its writer knew."""

    subject: str
    text: str
    runs: tuple[int, ...] = ()
    after: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to a vendor: a mail, or a text for their form. `decided_by` said what became of it."""

    id: int
    case_id: int
    subject: str
    text: str
    runs: tuple[int, ...]
    author: str
    at: datetime
    state: LetterState
    sent_at: datetime | None = None
    code: int = 0
    reason: str = ""
    """Why it did not go out at the last try, in the words of whoever refused it; `code` is SMTP's, 0 for none."""
    failing_since: datetime | None = None
    attempts: int = 0
    mailed: bool = True
    """Whether it is a mail; else a person sends its text."""
    decided_by: str = ""

    @property
    def message_id(self) -> str:
        """The same at each try; with the time, since another database counts from one again."""
        return f"vendor-{self.id}-{int(self.at.timestamp()):x}"


class NoteKind(StrEnum):
    REFERENCE = "reference"
    ANSWER = "answer"
    QUESTION = "question"
    """They wait for us."""


@dataclass(frozen=True, slots=True)
class VendorNote:
    """What a vendor said, as somebody noted it."""

    id: int
    case_id: int
    at: datetime
    author: str
    kind: NoteKind
    text: str


@dataclass(frozen=True, slots=True)
class VendorAsk:
    """A question to a person about a letter, or a reminder of a case where there is none."""

    id: int
    case_id: int
    at: datetime
    letter_id: int | None = None


@dataclass(frozen=True, slots=True)
class VendorCase:
    """One investigation with one vendor; there is one of each, which a later letter takes up again."""

    id: int
    investigation_id: int
    vendor: str
    opened_by: str
    opened_at: datetime
    reference: str = ""
    waits_since: datetime | None = None
    """Since when they owe an answer: the first letter that went out."""
    ours_since: datetime | None = None
    """Since when they wait for us."""
    heard_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    remind_at: datetime | None = None
    reminded: int = 0


@dataclass(frozen=True, slots=True)
class VendorOverview:
    """A case with all that its messages show."""

    case: VendorCase
    vendor: Vendor
    about: Investigation
    letters: tuple[Letter, ...]
    notes: tuple[VendorNote, ...] = ()

    @property
    def last(self) -> Letter:
        return self.letters[-1]

    @property
    def over(self) -> bool:
        return bool(self.case.ended_at) or not self.about.live

    @property
    def silent_since(self) -> datetime:
        """Since when nothing was heard."""
        case = self.case
        return max(filter(None, (case.waits_since, case.heard_at, self.last.sent_at)), default=case.opened_at)

    @property
    def standing(self) -> WithVendor | None:
        """Who waits for whom, for the investigation's card; None once it is over."""
        case, last = self.case, self.last
        if self.over:
            return None
        turns = {
            LetterState.UNKNOWN: VendorTurn.UNKNOWN,
            LetterState.STUCK: VendorTurn.STUCK,
            LetterState.BY_HAND: VendorTurn.BY_HAND,
        }
        turn = turns.get(last.state) or (VendorTurn.OURS if case.ours_since else None)
        on_its_way = last.state in (LetterState.OWED, LetterState.SENDING)
        turn = turn or (VendorTurn.SENDING if on_its_way else VendorTurn.WAITING)
        since = {VendorTurn.OURS: case.ours_since, VendorTurn.WAITING: case.waits_since}.get(turn) or last.at
        return WithVendor(self.vendor.title, turn, since, case.reference)


def require_parts_short(draft: LetterDraft) -> None:
    """Raises BadInput, TooLong."""
    if not draft.subject.strip():
        raise BadInput("A letter needs a subject: say in a few words what is wrong.")
    if not draft.text.strip():
        raise BadInput("A letter needs a text.")
    require_short(draft.subject, "A subject", SUBJECT_MAX)
    require_short(draft.text, "A letter", TYPED_MAX)
